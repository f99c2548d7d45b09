"""How good the models are that `suggest` proposes, beside scikit-learn's.

    python benchmarks/quality.py DATA_FOLDER [--json] [--quick] [--only NAME]

Multi-target files: relative root mean squared error (the root of a target's squared
error over that of the training rows' mean), averaged over targets and ten fixed folds.
"suggested" is what `suggest` proposes: networks in turns, blended with trees. "turns"
is that without the trees, "network" a single network, "seeds" the mean of five. It must
be within 5 % of the best peer, or one standard error of the paired difference over the
folds where that is more, and not the worst. The other tables are judged once, on their
test rows, and must reach the floors shown. Exits with 1 where something is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray
from quality_cases import MIXED, MULTI_TARGET, Case, mixed_case, multi_target_case
from quality_peers import classifiers, regressors
from sklearn.model_selection import KFold

from mtcore.data.splits import RowSplit, split_rows
from mtcore.data.targets import head_targets
from mtcore.engine.predictor import Predictor
from mtcore.engine.trainer import Trained, train
from mtcore.evaluation.metrics import score
from mtcore.spec import Experiment, apply_settings
from mtcore.trees.features import build_features

Array = NDArray[np.float64]
FOLDS = 10
QUICK_FOLDS = 2
TOLERANCE = 0.05
PEERS = ("ridge", "extra trees", "bagged trees", "boosting")


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


@dataclass(frozen=True, slots=True)
class MixedResult:
    """A table judged once.

    Args:
        name: Of the table.
        scores: By head, then by model.
        metrics: What is scored, by head.
        floors: What the suggested model must reach, by head.
        trees: Their share in each head's answers.
        seconds: In training.
        failures: What was missed, in words.
    """

    name: str
    scores: dict[str, dict[str, float]]
    metrics: dict[str, str]
    floors: dict[str, float]
    trees: dict[str, float]
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
    allowed = means[best] + max(TOLERANCE * means[best], spread)
    failures = []
    if means["suggested"] > allowed:
        failures.append(
            f"{name}: {means['suggested']:.4f} is more than {allowed:.4f}, what "
            f"{best} allows"
        )
    if means["suggested"] > max(means[peer] for peer in PEERS):
        failures.append(f"{name}: the suggested model is the worst")
    return FoldsResult(name, means, best, allowed, spread, seconds, tuple(failures))


def run_mixed(case: Case, name: str) -> MixedResult:
    """Return the scores of all models on a table's own test rows."""
    table, experiment, mixed = case.table, case.experiment, MIXED[name]
    split = split_rows(experiment, table)
    trained = train(experiment, table, split)
    rows = table.take(split.test)
    alone = Predictor(experiment, trained.encoding, trained.model)
    outputs = {"suggested": trained.predict(rows), "network": alone.predict(rows)}
    encodings = trained.encoding.heads
    targets = head_targets(experiment, encodings, table)
    known = np.sort(np.concatenate([split.train, split.validation]))
    features = build_features(experiment, table, known)
    scores: dict[str, dict[str, float]] = {}
    for head in experiment.heads:
        truth = targets[head.name]
        labelled = known[~np.isnan(truth[known, 0])]
        classes = head.target_kind == "category"
        makers = (classifiers if classes else regressors)(features, len(labelled))
        for peer, make in makers.items():
            model = make().fit(features.matrix[labelled], truth[labelled, 0])
            asked = features.matrix[split.test]
            said = model.predict_proba(asked) if classes else model.predict(asked)
            said = said[:, 1:] if head.kind == "binary" else said
            outputs.setdefault(peer, {})[head.name] = said.reshape(len(asked), -1)
        metric = mixed.heads[head.name]
        scores[head.name] = {
            model: score(
                head, encodings[head.name], truth[split.test], said[head.name]
            )[metric]
            or float("nan")
            for model, said in outputs.items()
        }
    failures = tuple(
        f"{name}: {head} {scores[head]['suggested']:.4f} is below {floor}"
        for head, floor in mixed.floors.items()
        if not scores[head]["suggested"] >= floor
    )
    shares = {} if trained.blend is None else trained.blend.shares
    return MixedResult(
        name, scores, mixed.heads, mixed.floors, shares,
        trained.seconds["train"], failures,
    )  # fmt: skip


def _table(folds: list[FoldsResult], mixed: list[MixedResult]) -> Iterator[str]:
    """Yield Markdown: one table for the files in folds, one for the others."""
    if folds:
        models = list(folds[0].errors)
        yield _line("file", *models, "allowed", "train, s a fold", "")
        yield _line(*["---"] * (len(models) + 4))
        for found in folds:
            shown = [f"{found.errors[model]:.3f}" for model in models]
            verdict = "MISSED" if found.failures else "ok"
            yield _line(
                found.name, *shown, f"{found.allowed:.3f}", f"{found.seconds:.1f}",
                verdict,
            )  # fmt: skip
        yield ""
    if mixed:
        models = ["suggested", "network", *PEERS]
        yield _line(
            "table", "head", "metric", *models, "floor", "trees", "train, s", ""
        )
        yield _line(*["---"] * (len(models) + 7))
        for result in mixed:
            for head, scores in result.scores.items():
                yield _mixed_line(result, head, scores, models)


def _mixed_line(
    result: MixedResult, head: str, scores: Mapping[str, float], models: list[str]
) -> str:
    floor = result.floors.get(head)
    shown = [f"{scores[m]:.3f}" if m in scores else "-" for m in models]
    verdict = ("ok" if scores["suggested"] >= floor else "MISSED") if floor else ""
    trees = result.trees.get(head)
    return _line(
        result.name, head, result.metrics[head], *shown, floor or "-",
        "-" if trees is None else f"{trees:.1f}", f"{result.seconds:.1f}", verdict,
    )  # fmt: skip


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 where something is missed.

    Args:
        arguments: As on the command line.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of data sets")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument(
        "--quick", action="store_true", help="two folds, without the large table"
    )
    names = [*MULTI_TARGET, *MIXED]
    parser.add_argument("--only", choices=names, action="append", metavar="NAME")
    given = parser.parse_args(arguments)
    begun = time.monotonic()
    chosen = given.only or [n for n in names if not (given.quick and n == "gen_large")]
    folds = [
        run_folds(
            multi_target_case(given.folder, name),
            name,
            QUICK_FOLDS if given.quick else FOLDS,
        )
        for name in chosen
        if name in MULTI_TARGET
    ]
    mixed = [
        run_mixed(mixed_case(given.folder, name), name)
        for name in chosen
        if name in MIXED
    ]
    failures = [failure for result in (*folds, *mixed) for failure in result.failures]
    if given.json:
        shown: dict[str, Any] = {
            "folds": [asdict(result) for result in folds],
            "mixed": [asdict(result) for result in mixed],
            "failures": failures,
            "seconds": time.monotonic() - begun,
        }
        print(json.dumps(shown))
    else:
        print("\n".join(_table(folds, mixed)))
        print(f"\n{time.monotonic() - begun:.0f} s. ", *failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
