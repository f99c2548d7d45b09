"""Metrics of heads that predict how many."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.metric import Metric, finite
from mtcore.spec import TargetEncoding

# A mean of 0 gives an actual 1 no chance at all, and so an endless deviance.
_SMALLEST = 1e-9


def mean_deviance(actual: FloatArray, predicted: FloatArray) -> float | None:
    """Return the mean Poisson deviance; None where a count is below 0.

    Args:
        actual: Counts, `(rows,)`, one at least.
        predicted: Their means, `(rows,)`.
    """
    from sklearn.metrics import mean_poisson_deviance

    if actual.min() < 0.0:
        return None
    means = np.maximum(predicted, _SMALLEST)
    return finite(mean_poisson_deviance(actual, means))


def _known(targets: FloatArray, outputs: FloatArray) -> tuple[FloatArray, FloatArray]:
    labelled = ~np.isnan(targets[:, 0])
    return targets[labelled, 0], outputs[labelled, 0]


def _mae(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    from sklearn.metrics import mean_absolute_error

    del encoding
    return finite(mean_absolute_error(*_known(targets, outputs)))


def _poisson_deviance(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    return mean_deviance(*_known(targets, outputs))


def _d2(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    """Return the share of the deviance explained; None where counts do not vary."""
    from sklearn.metrics import d2_tweedie_score

    del encoding
    actual, predicted = _known(targets, outputs)
    if actual.min() < 0.0 or actual.max() == actual.min():
        return None
    means = np.maximum(predicted, _SMALLEST)
    return finite(d2_tweedie_score(actual, means, power=1))


METRICS = (
    Metric("mae", "Mean absolute error", "lower", "target", 0.0, _mae),
    Metric(
        "poisson_deviance", "Mean Poisson deviance", "lower", "nats", 0.0,
        _poisson_deviance,
    ),
    Metric("d2", "D² (explained share of deviance)", "higher", "score", 1.0, _d2),
)  # fmt: skip
