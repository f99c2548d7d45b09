"""Models of a table with heads of several kinds, by their scores on its test rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.judging.cases import MIXED, Case
from benchmarks.judging.peers import classifiers, regressors, text_classifiers
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.training.trainer import train
from mtcore.evaluation.metrics import score
from mtcore.spec import Experiment
from mtcore.trees.features import Features, build_features


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
    columns = _what_peers_see(experiment, table, known)
    scores: dict[str, dict[str, float]] = {}
    for head in experiment.heads:
        truth = targets[head.name]
        labelled = known[~np.isnan(truth[known, 0])]
        classes = head.target_kind == "category"
        for peer, make in _peers_of(columns, classes, len(labelled)).items():
            model = make().fit(columns.cells[labelled], truth[labelled, 0])
            asked = columns.cells[split.test]
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


@dataclass(frozen=True, slots=True)
class _Columns:
    """What models of scikit-learn learn from.

    Args:
        cells: Texts `(rows,)`, or the features of a table `(rows, features)`.
        features: The table's, None for texts.
    """

    cells: NDArray[Any]
    features: Features | None


def _what_peers_see(
    experiment: Experiment, table: Table, known: NDArray[np.int64]
) -> _Columns:
    if [entry.kind for entry in experiment.inputs] == ["text"]:
        texts = table.categories(experiment.inputs[0].column)
        return _Columns(np.where(np.equal(texts, None), "", texts), None)
    features = build_features(experiment, table, known)
    return _Columns(features.matrix, features)


def _peers_of(
    columns: _Columns, classes: bool, rows: int
) -> dict[str, Callable[[], Any]]:
    if columns.features is None:
        return text_classifiers()
    return (classifiers if classes else regressors)(columns.features, rows)
