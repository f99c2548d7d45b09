"""How much each row counts when a head is judged."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.evaluation.metrics import Weights
from mtcore.spec import Experiment


def metric_weights(experiment: Experiment, table: Table) -> Weights:
    """Return how much each row counts, `(rows,)`; None where all count alike.

    Args:
        experiment: May name a column of row weights.
        table: Rows with that column.
    """
    if experiment.row_weight is None:
        return None
    return counted(table.numbers(experiment.row_weight))


def counted(given: FloatArray) -> FloatArray:
    """Return row weights as metrics take them: with a mean of 1, missing ones 1.

    A row of unknown weight counts as the mean of the others, as it does in training.

    Examples:
        >>> counted(np.array([1.0, 3.0, np.nan]))
        array([0.5, 1.5, 1. ])
    """
    known = np.isfinite(given) & (given >= 0.0)
    if not known.any() or not given[known].mean() > 0.0:
        return np.ones(len(given))
    return np.where(known, given / given[known].mean(), 1.0)
