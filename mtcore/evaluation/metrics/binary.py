"""Metrics of heads that predict one of two classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.metric import Metric, finite, ratio
from mtcore.spec import TargetEncoding

_SMALLEST = float(np.finfo(np.float64).eps)


def f1_of(actual: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> float | None:
    """Return 2tp / (2tp + fp + fn); None where nothing is or was called positive."""
    hits = int((actual & predicted).sum())
    return ratio(2 * hits, int(actual.sum()) + int(predicted.sum()))


def area_under_roc(actual: NDArray[np.bool_], scores: FloatArray) -> float | None:
    """Return the chance that a positive row is ranked above a negative one.

    None where only one of the two occurs.
    """
    from sklearn.metrics import roc_auc_score

    if actual.all() or not actual.any():
        return None
    return float(roc_auc_score(actual, scores))


def _known(
    targets: FloatArray, outputs: FloatArray
) -> tuple[NDArray[np.bool_], FloatArray]:
    labelled = ~np.isnan(targets[:, 0])
    return targets[labelled, 0] > 0.5, outputs[labelled, 0]


def _accuracy(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    actual, chance = _known(targets, outputs)
    return float((actual == (chance >= 0.5)).mean())


def _auc(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    return area_under_roc(*_known(targets, outputs))


def _average_precision(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    from sklearn.metrics import average_precision_score

    del encoding
    actual, chance = _known(targets, outputs)
    return float(average_precision_score(actual, chance)) if actual.any() else None


def _log_loss(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    actual, chance = _known(targets, outputs)
    given = np.where(actual, chance, 1.0 - chance)
    return finite(-np.log(np.clip(given, _SMALLEST, 1.0)).mean())


def _brier(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    actual, chance = _known(targets, outputs)
    return finite(np.square(actual - chance).mean())


def _f1(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    actual, chance = _known(targets, outputs)
    return f1_of(actual, chance >= 0.5)


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
