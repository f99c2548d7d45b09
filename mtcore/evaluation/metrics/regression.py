"""Metrics of heads that predict numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.metric import Metric, MetricFunction, finite
from mtcore.spec import TargetEncoding

ColumnFunction = Callable[[FloatArray, FloatArray, float], float | None]


def mean_absolute_error(
    actual: FloatArray, predicted: FloatArray, mean: float
) -> float | None:
    """Return the mean distance, in the target's unit."""
    del mean
    return finite(np.abs(actual - predicted).mean())


def root_mean_squared_error(
    actual: FloatArray, predicted: FloatArray, mean: float
) -> float | None:
    """Return the root of the mean squared distance, in the target's unit."""
    del mean
    return finite(np.sqrt(np.square(actual - predicted).mean()))


def explained_share(
    actual: FloatArray, predicted: FloatArray, mean: float
) -> float | None:
    """Return R²; None where the targets do not vary."""
    del mean
    if actual.max() == actual.min():
        return None
    spread = np.square(actual - actual.mean()).sum()
    return finite(1.0 - np.square(actual - predicted).sum() / spread)


def relative_error(
    actual: FloatArray, predicted: FloatArray, mean: float
) -> float | None:
    """Return RMSE divided by that of always predicting the training rows' mean.

    As in Spyromitros-Xioufis et al., Multi-target regression via input space expansion
    (2016), so that 1 is the constant prediction exactly.
    """
    spread = np.square(actual - mean).sum()
    if not spread > 0.0:
        return None
    return finite(np.sqrt(np.square(actual - predicted).sum() / spread))


def _over_columns(function: ColumnFunction) -> MetricFunction:
    """Return the mean of a column's metric over the columns that carry labels."""

    def mean_of_columns(
        targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
    ) -> float | None:
        values = []
        for index in range(targets.shape[1]):
            known = ~np.isnan(targets[:, index])
            if not known.any():
                continue
            actual, predicted = targets[known, index], outputs[known, index]
            values.append(function(actual, predicted, encoding.mean[index]))
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
