"""What each modality brings: how much worse heads get when it says nothing.

A modality's columns are shuffled among test rows, all of them by the same order, so
that each still looks like itself and no longer goes with its row (Breiman 2001, of
forests' inputs; Fisher and others 2019 of any model's).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.evaluation.metrics import Scores, score
from mtcore.evaluation.weighting import metric_weights
from mtcore.spec import Experiment, Input, TargetEncoding
from mtcore.spec.base import Frozen

Modality = Literal["table", "text", "image"]
MODALITIES: tuple[Modality, ...] = ("table", "text", "image")
MOST_ROWS = 2_000
_STREAM = 0x30DA
Predict = Callable[[Table], dict[str, FloatArray]]


class ModalityReport(Frozen):
    """Metrics with all inputs, and with each modality shuffled.

    Args:
        rows: Test rows that were judged.
        whole: By head's name, the metrics with all inputs.
        without: By modality and head's name, the metrics where it says nothing.
    """

    rows: int
    whole: dict[str, Scores]
    without: dict[Modality, dict[str, Scores]]


def modality_of(given: Input) -> Modality:
    """Return which modality an input belongs to."""
    match given.kind:
        case "text" | "image":
            return given.kind
        case "number" | "category" | "boolean" | "datetime":
            return "table"


def modalities_of(experiment: Experiment) -> dict[Modality, tuple[str, ...]]:
    """Return the input columns of each modality that an experiment has."""
    found: dict[Modality, tuple[str, ...]] = {}
    for modality in MODALITIES:
        columns = tuple(
            given.column
            for given in experiment.inputs or ()
            if modality_of(given) == modality
        )
        if columns:
            found[modality] = columns
    return found


def judge_modalities(
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    predict: Predict,
    table: Rows,
    test: RowArray,
) -> ModalityReport | None:
    """Return what each modality brings; None where there is one alone, or no row.

    Args:
        experiment: Its inputs must be listed.
        encodings: What each head learned about its targets.
        predict: Answers for a table's rows.
        table: Every row, with inputs and targets.
        test: Those that the model did not learn from; `MOST_ROWS` of them are judged.
    """
    modalities = modalities_of(experiment)
    if len(modalities) < 2 or not len(test):
        return None
    judged = table.take(test[:MOST_ROWS])
    random = np.random.default_rng((_STREAM, experiment.seed))
    order = random.permutation(judged.rows)
    targets = head_targets(experiment, encodings, judged)
    weights = metric_weights(experiment, judged)

    def scores(table: Table) -> dict[str, Scores]:
        outputs = predict(table)
        return {
            head.name: score(
                head,
                encodings[head.name],
                targets[head.name],
                outputs[head.name],
                weights,
            )
            for head in experiment.heads
        }

    return ModalityReport(
        rows=judged.rows,
        whole=scores(judged),
        without={
            modality: scores(judged.shuffled(columns, order))
            for modality, columns in modalities.items()
        },
    )
