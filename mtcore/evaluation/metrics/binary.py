"""Metrics of heads that predict one of two classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.metric import (
    Metric,
    Weights,
    among,
    mean_of,
    ratio,
    total,
)
from mtcore.spec import TargetEncoding

_SMALLEST = float(np.finfo(np.float64).eps)


def f1_of(
    actual: NDArray[np.bool_], predicted: NDArray[np.bool_], weights: Weights = None
) -> float | None:
    """Return 2tp / (2tp + fp + fn); None where nothing is or was called positive."""
    hits = total(actual & predicted, weights)
    return ratio(2 * hits, total(actual, weights) + total(predicted, weights))


def area_under_roc(
    actual: NDArray[np.bool_], scores: FloatArray, weights: Weights = None
) -> float | None:
    """Return the chance that a positive row is ranked above a negative one.

    None where only one of the two occurs.
    """
    from sklearn.metrics import roc_auc_score

    if not total(actual, weights) > 0.0 or not total(~actual, weights) > 0.0:
        return None
    return float(roc_auc_score(actual, scores, sample_weight=weights))


def _known(
    targets: FloatArray, outputs: FloatArray, weights: Weights
) -> tuple[NDArray[np.bool_], FloatArray, Weights]:
    known = ~np.isnan(targets[:, 0])
    return targets[known, 0] > 0.5, outputs[known, 0], among(weights, known)


def _accuracy(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, chance, held = _known(targets, outputs, weights)
    return mean_of(actual == (chance >= 0.5), held)


def _auc(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    return area_under_roc(*_known(targets, outputs, weights))


def _average_precision(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    from sklearn.metrics import average_precision_score

    del encoding
    actual, chance, held = _known(targets, outputs, weights)
    if not total(actual, held) > 0.0:
        return None
    return float(average_precision_score(actual, chance, sample_weight=held))


def _log_loss(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, chance, held = _known(targets, outputs, weights)
    given = np.where(actual, chance, 1.0 - chance)
    return mean_of(-np.log(np.clip(given, _SMALLEST, 1.0)), held)


def _brier(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, chance, held = _known(targets, outputs, weights)
    return mean_of(np.square(actual - chance), held)


def _f1(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, chance, held = _known(targets, outputs, weights)
    return f1_of(actual, chance >= 0.5, held)


METRICS = (
    Metric("accuracy", "Accuracy", "higher", "fraction", 1.0, _accuracy),
    Metric("auc", "Area under ROC", "higher", "score", 1.0, _auc),
    Metric(
        "average_precision", "Average precision", "higher", "score", 1.0,
        _average_precision,
    ),
    Metric("log_loss", "Log loss", "lower", "nats", 0.0, _log_loss),
    Metric("brier", "Brier score", "lower", "score", 0.0, _brier),
    Metric("f1", "F1 of the positive class", "higher", "score", 1.0, _f1),
)  # fmt: skip
