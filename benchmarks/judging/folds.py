"""Models of a multi-target file, by their errors on ten fixed folds."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from benchmarks.judging.cases import Case
from benchmarks.judging.peers import PEERS, regressors
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.targets import head_targets
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.training.trainer import Trained, train
from mtcore.spec import Experiment, apply_settings
from mtcore.trees.features import build_features

Array = NDArray[np.float64]
FOLDS = 10
_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class FoldsResult:
    """A multi-target file.

    Args:
        name: Of the file.
        errors: Mean relative error by model.
        best: The best peer.
        allowed: The error that the suggested model may have.
        spread: Standard error of the paired difference to the best peer.
        seconds: In training a fold, of the suggested model.
        failures: What was missed, in words.
    """

    name: str
    errors: dict[str, float]
    best: str
    allowed: float
    spread: float
    seconds: float
    failures: tuple[str, ...]


def run_folds(case: Case, name: str, folds: int) -> FoldsResult:
    """Return the errors of all models on the first of ten fixed folds."""
    table, experiment = case.table, case.experiment
    targets = head_targets(experiment, {h.name: None for h in experiment.heads}, table)
    truth = np.concatenate([targets[h.name] for h in experiment.heads], axis=1)
    errors: dict[str, list[float]] = {}
    seconds = []
    fixed = KFold(FOLDS, shuffle=True, random_state=0)
    for place, (known, test) in enumerate(fixed.split(truth)):
        if place == folds:
            break
        split = _part_of(known, test, place, experiment)
        base = np.square(truth[test] - truth[known].mean(axis=0)).sum(axis=0)
        answers, trained = _ours(experiment, case, split)
        answers |= _theirs(case, truth, known, test)
        seconds.append(trained.seconds["train"])
        for model, said in answers.items():
            lost = np.square(truth[test] - said).sum(axis=0)
            errors.setdefault(model, []).append(float(np.sqrt(lost / base).mean()))
        print(f"{name}: fold {place + 1} of {folds}", file=sys.stderr, flush=True)
    return _judged(name, errors, float(np.mean(seconds)))


def _part_of(
    known: NDArray[np.int64], test: NDArray[np.int64], place: int, asked: Experiment
) -> RowSplit:
    """Split a fold's known rows as the experiment would, in proportion."""
    share = asked.split.validation / (1.0 - asked.split.test)
    shuffled = np.random.default_rng(place).permutation(known)
    count = max(round(share * len(known)), 1)
    return RowSplit(np.sort(shuffled[count:]), np.sort(shuffled[:count]), test)


def _ours(
    experiment: Experiment, case: Case, split: RowSplit
) -> tuple[dict[str, Array], Trained]:
    """Return what each of our models says of the test rows, `(rows, targets)`."""
    rows = case.table.take(split.test)

    def said(predictor: Predictor) -> Array:
        found = predictor.predict(rows)
        return np.concatenate([found[head.name] for head in experiment.heads], axis=1)

    trained = train(experiment, case.table, split)
    settings = ["seeds=5", "rotate=false", "blend=none"]
    plain = apply_settings(experiment, [f"training.{s}" for s in settings])
    seeds = train(plain, case.table, split)
    first = seeds.model.get_layer("network_0")
    return {
        "suggested": said(trained.predictor),
        "turns": said(Predictor(experiment, trained.encoding, trained.model)),
        "network": said(Predictor(plain, seeds.encoding, first)),
        "seeds": said(seeds.predictor),
    }, trained


def _theirs(
    case: Case, truth: Array, known: NDArray[np.int64], test: NDArray[np.int64]
) -> dict[str, Array]:
    features = build_features(case.experiment, case.table, known)
    matrix = features.matrix
    return {
        name: np.stack(
            [
                make().fit(matrix[known], column[known]).predict(matrix[test])
                for column in truth.T
            ],
            axis=1,
        )
        for name, make in regressors(features, len(known)).items()
    }


def _judged(name: str, errors: dict[str, list[float]], seconds: float) -> FoldsResult:
    means = {model: float(np.mean(values)) for model, values in errors.items()}
    best = min(PEERS, key=means.__getitem__)
    apart = np.subtract(errors["suggested"], errors[best])
    spread = float(apart.std(ddof=1) / np.sqrt(len(apart)))
    allowed = means[best] + max(_TOLERANCE * means[best], spread)
    failures = []
    if means["suggested"] > allowed:
        failures.append(
            f"{name}: {means['suggested']:.4f} is more than {allowed:.4f}, what "
            f"{best} allows"
        )
    if means["suggested"] > max(means[peer] for peer in PEERS):
        failures.append(f"{name}: the suggested model is the worst")
    return FoldsResult(name, means, best, allowed, spread, seconds, tuple(failures))
