"""Targets and weights of rows, side by side for all heads, as training reads them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.engine.encode.encoding import Encoding
from mtcore.errors import ColumnError, ExperimentError
from mtcore.spec import Experiment, Head, TargetEncoding

SingleArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labels:
    """What rows teach. Columns stand head by head, in the experiment's order.

    Args:
        targets: Float32 `(rows, targets)`: standardised numbers, counts, 0 or 1, or
            class positions; 0 where there is no label.
        weights: Float32 `(rows, targets)`, 0 where there is no label.
    """

    targets: SingleArray
    weights: SingleArray


def read_labels(
    experiment: Experiment, encoding: Encoding, table: Table, row_weights: FloatArray
) -> Labels:
    """Return the labels of every row of a table.

    Args:
        experiment: Its heads, with their class weights.
        encoding: What each head learned about its targets.
        table: Rows with all target columns.
        row_weights: Float64 `(rows,)`, 0 or more.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: A class weight names no class.
    """
    found = head_targets(experiment, encoding.heads, table)
    targets, weights = [], []
    for head in experiment.heads:
        facts = encoding.heads[head.name]
        values = found[head.name]
        labelled = ~np.isnan(values)
        weight = labelled * row_weights[:, np.newaxis]
        filled = np.where(labelled, values, 0.0)
        class_weights = weights_of_classes(head, facts)
        if class_weights is not None:
            weight *= class_weights[filled.astype(np.int64)]
        learned = head.learned_targets(filled, facts)
        targets.append(np.where(labelled, learned, 0.0))
        weights.append(weight)
    return Labels(
        np.concatenate(targets, axis=1).astype(np.float32),
        np.concatenate(weights, axis=1).astype(np.float32),
    )


def weights_of_classes(head: Head, facts: TargetEncoding) -> FloatArray | None:
    """Return the weight of each class, `(classes,)`, or None where all weigh 1.

    Balanced weights are 1 / (classes · share): each class counts alike in total.

    Raises:
        ExperimentError: A class weight names no class.
    """
    if head.kind not in ("binary", "multiclass") or head.class_weight is None:
        return None
    if head.class_weight == "balanced":
        shares = np.asarray(facts.prior)
        present = shares > 0.0
        fair = 1.0 / (present.sum() * np.where(present, shares, 1.0))
        return np.where(present, fair, 1.0)
    for name in head.class_weight:
        if name not in facts.classes:
            msg = (
                f"Head '{head.name}' weighs the class '{name}', but its classes are "
                f"{', '.join(facts.classes)}. Name one of these."
            )
            raise ExperimentError(msg, where=head.name)
    return np.array([head.class_weight.get(name, 1.0) for name in facts.classes])


def read_row_weights(
    experiment: Experiment, table: Table, train_rows: RowArray
) -> FloatArray:
    """Return each row's weight, float64 `(rows,)`, with a mean of 1 in training rows.

    A missing weight counts as the mean.

    Raises:
        ColumnError: A weight is negative, or all training rows weigh nothing.
    """
    return weigh_rows(experiment, table, weight_unit(experiment, table, train_rows))


def weight_unit(experiment: Experiment, table: Table, train_rows: RowArray) -> float:
    """Return the mean weight of the training rows, which counts as 1.

    Raises:
        ColumnError: A weight is negative, or all training rows weigh nothing.
    """
    column = experiment.row_weight
    if column is None:
        return 1.0
    known = _given_weights(column, table)[train_rows]
    known = known[~np.isnan(known)]
    if known.size == 0 or not known.mean() > 0.0:
        msg = f"Column '{column}' gives no training row a weight above 0."
        raise ColumnError(msg, where=column)
    return float(known.mean())


def weigh_rows(experiment: Experiment, table: Table, unit: float) -> FloatArray:
    """Return each row's weight in a unit, float64 `(rows,)`; 1 where it is missing.

    Raises:
        ColumnError: A weight is negative.
    """
    column = experiment.row_weight
    if column is None:
        return np.broadcast_to(np.float64(1.0), (table.rows,))
    weights = _given_weights(column, table)
    return np.where(np.isnan(weights), 1.0, weights / unit)


def _given_weights(column: str, table: Table) -> FloatArray:
    weights = table.numbers(column)
    if np.nanmin(weights, initial=0.0) < 0.0:
        msg = f"Row weights are 0 or more, but column '{column}' holds negative ones."
        raise ColumnError(msg, where=column)
    return weights
