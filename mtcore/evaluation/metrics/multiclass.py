"""Metrics of heads that predict one of several classes."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics.binary import area_under_roc
from mtcore.evaluation.metrics.metric import Metric, Weights, among, mean_of
from mtcore.spec import TargetEncoding

_SMALLEST = float(np.finfo(np.float64).eps)


def _known(
    targets: FloatArray, outputs: FloatArray, weights: Weights
) -> tuple[RowArray, FloatArray, Weights]:
    known = ~np.isnan(targets[:, 0])
    actual = targets[known, 0].astype(np.int64)
    return actual, outputs[known], among(weights, known)


def _accuracy(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, chances, held = _known(targets, outputs, weights)
    return mean_of(actual == chances.argmax(axis=1), held)


def _macro_f1(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the mean F1 of the classes that occur or were predicted."""
    del encoding
    actual, chances, held = _known(targets, outputs, weights)
    predicted = chances.argmax(axis=1)
    count = outputs.shape[1]
    right = actual == predicted
    hits = np.bincount(actual[right], among(held, right), count)
    named = np.bincount(actual, held, count) + np.bincount(predicted, held, count)
    present = named > 0
    if not present.any():
        return None
    return float((2.0 * hits[present] / named[present]).mean())


def _log_loss(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, chances, held = _known(targets, outputs, weights)
    # Probabilities of single precision add up to 1 only nearly.
    given = chances[np.arange(len(actual)), actual] / chances.sum(axis=1)
    return mean_of(-np.log(np.clip(given, _SMALLEST, 1.0)), held)


def _auc(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the mean area of each class against the rest.

    Classes that do not occur in these rows are left out.
    """
    del encoding
    actual, chances, held = _known(targets, outputs, weights)
    areas = [area_under_roc(actual == code, chances[:, code], held)
             for code in np.unique(actual)]  # fmt: skip
    present = [area for area in areas if area is not None]
    return float(np.mean(present)) if present else None


METRICS = (
    Metric("accuracy", "Accuracy", "higher", "fraction", 1.0, _accuracy),
    Metric("macro_f1", "Mean F1 of the classes", "higher", "score", 1.0, _macro_f1),
    Metric("log_loss", "Log loss", "lower", "nats", 0.0, _log_loss),
    Metric(
        "auc", "Area under ROC, each class against the rest", "higher", "score", 1.0,
        _auc,
    ),
)  # fmt: skip
