"""Predictions to compare a network with: a constant, and gradient-boosted trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import read_targets
from mtcore.evaluation.boosting import Booster, Task
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Experiment,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)
from mtcore.trees.features import build_features


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

    One model a target column (one a level of a quantile head), scikit-learn's histogram
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
        jobs = _jobs(head, encoding)
        booster = Booster(features, weights, split, experiment.seed, len(jobs))
        for job in jobs:
            width = job.outputs.stop - job.outputs.start
            predicted = booster.predict(targets[:, job.target], job.task, width)
            if predicted is not None:
                outputs[:, job.outputs] = predicted
        if isinstance(head, QuantileHead):
            # Trees of one level know nothing of those of another; sorted, they can't
            # cross (Chernozhukov and others 2010).
            outputs.sort(axis=1)
        found[name] = outputs
    return found


@dataclass(frozen=True, slots=True)
class _Job:
    """One model: its target's place, what it learns, and which outputs it gives."""

    target: int
    task: Task
    outputs: slice


def _jobs(head: Head, encoding: TargetEncoding) -> list[_Job]:
    match head:
        case RegressionHead():
            task = Task("absolute_error" if head.loss == "mae" else "squared_error")
            return _jobs_by_column(len(head.columns), task)
        case CountHead():
            return _jobs_by_column(1, Task("poisson"))
        case QuantileHead():
            return [
                _Job(0, Task("quantile", level), slice(place, place + 1))
                for place, level in enumerate(head.levels)
            ]
        case MultilabelHead() | BinaryHead():
            return _jobs_by_column(len(head.columns), Task("log_loss"))
        case MulticlassHead() | OrdinalHead():
            return [_Job(0, Task("log_loss"), slice(0, len(encoding.classes)))]


def _jobs_by_column(count: int, task: Task) -> list[_Job]:
    return [_Job(place, task, slice(place, place + 1)) for place in range(count)]


def _row_weights(experiment: Experiment, table: Table) -> FloatArray:
    if experiment.row_weight is None:
        return np.ones(table.rows)
    given = table.numbers(experiment.row_weight)
    return np.where(np.isfinite(given) & (given > 0.0), given, 0.0)
