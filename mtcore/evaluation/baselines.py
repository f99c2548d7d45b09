"""Predictions to compare a network with: a constant, and gradient-boosted trees."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.splits import RowSplit
from mtcore.data.table import Table
from mtcore.data.targets import read_targets
from mtcore.evaluation.boosting import Booster, Task
from mtcore.evaluation.features import build_features
from mtcore.spec import (
    CountHead,
    Experiment,
    Head,
    RegressionHead,
    TargetEncoding,
)


def constant_outputs(head: Head, encoding: TargetEncoding, rows: int) -> FloatArray:
    """Return the best constant prediction for so many rows, `(rows, width)`."""
    return np.tile(head.constant_outputs(encoding), (rows, 1))


def boosted_outputs(
    experiment: Experiment,
    table: Table,
    split: RowSplit,
    head: Head,
    encoding: TargetEncoding,
) -> FloatArray:
    """Return what gradient-boosted trees predict for one head; see below."""
    alone = {head.name: encoding}
    return boosted_baselines(experiment, table, split, alone)[head.name]


def boosted_baselines(
    experiment: Experiment,
    table: Table,
    split: RowSplit,
    encodings: Mapping[str, TargetEncoding],
) -> dict[str, FloatArray]:
    """Return what gradient-boosted trees predict for every row, head by head.

    One model a target column (one a head of classes), scikit-learn's histogram
    boosting, given the same inputs as the network with categories as they are and
    missing cells missing. Fitted on at most 50,000 training rows and stopped by the
    validation rows. The work is bounded, to some 20 s a head on one core.

    Args:
        experiment: Its inputs must be listed; its seed draws rows where too many.
        table: Every row of the data set, with inputs and targets.
        split: Test rows are predicted and never learned from.
        encodings: The heads to do, by name.

    Returns:
        `(rows, width)` a head, decoded as the network's outputs are. A target with one
        value among the training rows gets the constant prediction.

    Raises:
        ExperimentError: The experiment does not list its inputs.
        ColumnError: The table lacks a column.
    """
    features = build_features(experiment, table, split.train)
    weights = _row_weights(experiment, table)
    found = {}
    for name, encoding in encodings.items():
        head = experiment.head(name)
        targets = head.encode_targets(read_targets(head, table), encoding)
        outputs = constant_outputs(head, encoding, table.rows)
        count = targets.shape[1]
        booster = Booster(features, weights, split, experiment.seed, count)
        width = head.width(encoding) // count
        for index in range(count):
            predicted = booster.predict(targets[:, index], _task(head), width)
            if predicted is not None:
                outputs[:, index * width : (index + 1) * width] = predicted
        found[name] = outputs
    return found


def _task(head: Head) -> Task:
    match head:
        case RegressionHead():
            return "absolute_error" if head.loss == "mae" else "squared_error"
        case CountHead():
            return "poisson"
        case _:
            return "log_loss"


def _row_weights(experiment: Experiment, table: Table) -> FloatArray:
    if experiment.row_weight is None:
        return np.ones(table.rows)
    given = table.numbers(experiment.row_weight)
    return np.where(np.isfinite(given) & (given > 0.0), given, 0.0)
