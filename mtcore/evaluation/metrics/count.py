"""Metrics of heads that predict how many."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.metric import (
    Metric,
    Weights,
    among,
    finite,
    mean_of,
    vary,
)
from mtcore.spec import TargetEncoding

# A mean of 0 gives an actual 1 no chance at all, and so an endless deviance.
_SMALLEST = 1e-9


def mean_deviance(
    actual: FloatArray, predicted: FloatArray, weights: Weights = None
) -> float | None:
    """Return the mean Poisson deviance; None where a count is below 0.

    Args:
        actual: Counts, `(rows,)`, one at least.
        predicted: Their means, `(rows,)`.
        weights: How much each row counts.
    """
    from sklearn.metrics import mean_poisson_deviance

    if actual.min() < 0.0:
        return None
    means = np.maximum(predicted, _SMALLEST)
    return finite(mean_poisson_deviance(actual, means, sample_weight=weights))


def _known(
    targets: FloatArray, outputs: FloatArray, weights: Weights
) -> tuple[FloatArray, FloatArray, Weights]:
    known = ~np.isnan(targets[:, 0])
    return targets[known, 0], outputs[known, 0], among(weights, known)


def _mae(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, predicted, held = _known(targets, outputs, weights)
    return mean_of(np.abs(actual - predicted), held)


def _poisson_deviance(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    return mean_deviance(*_known(targets, outputs, weights))


def _d2(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the share of the deviance explained; None where counts do not vary."""
    from sklearn.metrics import d2_tweedie_score

    del encoding
    actual, predicted, held = _known(targets, outputs, weights)
    if actual.min() < 0.0 or not vary(actual, held):
        return None
    means = np.maximum(predicted, _SMALLEST)
    return finite(d2_tweedie_score(actual, means, sample_weight=held, power=1))


METRICS = (
    Metric("mae", "Mean absolute error", "lower", "target", 0.0, _mae),
    Metric(
        "poisson_deviance", "Mean Poisson deviance", "lower", "nats", 0.0,
        _poisson_deviance,
    ),
    Metric("d2", "D² (explained share of deviance)", "higher", "score", 1.0, _d2),
)  # fmt: skip
