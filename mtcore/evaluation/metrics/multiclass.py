"""Metrics of heads that predict one of several classes."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics.binary import area_under_roc
from mtcore.evaluation.metrics.metric import Metric, finite
from mtcore.spec import TargetEncoding

_SMALLEST = float(np.finfo(np.float64).eps)


def _known(targets: FloatArray, outputs: FloatArray) -> tuple[RowArray, FloatArray]:
    labelled = ~np.isnan(targets[:, 0])
    return targets[labelled, 0].astype(np.int64), outputs[labelled]


def _accuracy(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    actual, chances = _known(targets, outputs)
    return float((actual == chances.argmax(axis=1)).mean())


def _macro_f1(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    """Return the mean F1 of the classes that occur or were predicted."""
    del encoding
    actual, chances = _known(targets, outputs)
    predicted = chances.argmax(axis=1)
    count = outputs.shape[1]
    hits = np.bincount(actual[actual == predicted], minlength=count)
    named = np.bincount(actual, minlength=count) + np.bincount(
        predicted, minlength=count
    )
    present = named > 0
    return float((2.0 * hits[present] / named[present]).mean())


def _log_loss(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    del encoding
    actual, chances = _known(targets, outputs)
    # Probabilities of single precision add up to 1 only nearly.
    given = chances[np.arange(len(actual)), actual] / chances.sum(axis=1)
    return finite(-np.log(np.clip(given, _SMALLEST, 1.0)).mean())


def _auc(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    """Return the mean area of each class against the rest.

    Classes that do not occur in these rows are left out.
    """
    del encoding
    actual, chances = _known(targets, outputs)
    areas = [area_under_roc(actual == code, chances[:, code])
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
