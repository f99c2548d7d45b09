"""Metrics of heads that predict numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.metric import (
    Metric,
    MetricFunction,
    Weights,
    among,
    finite,
    mean_of,
    vary,
)
from mtcore.spec import TargetEncoding

ColumnFunction = Callable[[FloatArray, FloatArray, float, Weights], float | None]


def mean_absolute_error(
    actual: FloatArray, predicted: FloatArray, mean: float, weights: Weights = None
) -> float | None:
    """Return the mean distance, in the target's unit."""
    del mean
    return mean_of(np.abs(actual - predicted), weights)


def root_mean_squared_error(
    actual: FloatArray, predicted: FloatArray, mean: float, weights: Weights = None
) -> float | None:
    """Return the root of the mean squared distance, in the target's unit."""
    del mean
    squared = mean_of(np.square(actual - predicted), weights)
    return None if squared is None else math.sqrt(squared)


def explained_share(
    actual: FloatArray, predicted: FloatArray, mean: float, weights: Weights = None
) -> float | None:
    """Return R²; None where the targets do not vary."""
    del mean
    if not vary(actual, weights):
        return None
    middle = np.average(actual, weights=weights)
    return _one_minus_ratio(actual - predicted, actual - middle, weights)


def relative_error(
    actual: FloatArray, predicted: FloatArray, mean: float, weights: Weights = None
) -> float | None:
    """Return RMSE divided by that of always predicting the training rows' mean.

    As in Spyromitros-Xioufis et al., Multi-target regression via input space expansion
    (2016), so that 1 is the constant prediction exactly.
    """
    spread = _sum_of_squares(actual - mean, weights)
    if not spread > 0.0:
        return None
    return finite(np.sqrt(_sum_of_squares(actual - predicted, weights) / spread))


def _one_minus_ratio(
    errors: FloatArray, deviations: FloatArray, weights: Weights
) -> float | None:
    spread = _sum_of_squares(deviations, weights)
    return finite(1.0 - _sum_of_squares(errors, weights) / spread)


def _sum_of_squares(values: FloatArray, weights: Weights) -> np.float64:
    squares = np.square(values)
    return np.float64((squares if weights is None else weights * squares).sum())


def _over_columns(function: ColumnFunction) -> MetricFunction:
    """Return the mean of a column's metric over the columns that carry labels."""

    def mean_of_columns(
        targets: FloatArray,
        outputs: FloatArray,
        encoding: TargetEncoding,
        weights: Weights = None,
    ) -> float | None:
        values = []
        for index in range(targets.shape[1]):
            known = ~np.isnan(targets[:, index])
            if not known.any():
                continue
            actual, predicted = targets[known, index], outputs[known, index]
            held = among(weights, known)
            values.append(function(actual, predicted, encoding.mean[index], held))
        present = [value for value in values if value is not None]
        # A mean over some of the columns would look like one over all of them.
        if not present or len(present) < len(values):
            return None
        return float(np.mean(present))

    return mean_of_columns


METRICS = (
    Metric(
        "mae", "Mean absolute error", "lower", "target", 0.0,
        _over_columns(mean_absolute_error),
    ),
    Metric(
        "rmse", "Root mean squared error", "lower", "target", 0.0,
        _over_columns(root_mean_squared_error),
    ),
    Metric(
        "r2", "R² (explained share)", "higher", "score", 1.0,
        _over_columns(explained_share),
    ),
    Metric(
        "rrmse", "Relative RMSE (1 = constant)", "lower", "score", 0.0,
        _over_columns(relative_error),
    ),
)  # fmt: skip
