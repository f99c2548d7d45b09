"""Metrics of heads that predict one of several classes in an order."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics.metric import Metric, finite
from mtcore.spec import TargetEncoding
from mtcore.spec.heads.ordinal import likely_ranks


def _known(targets: FloatArray, outputs: FloatArray) -> tuple[RowArray, RowArray]:
    """Return actual and predicted ranks, from 0."""
    labelled = ~np.isnan(targets[:, 0])
    return targets[labelled, 0].astype(np.int64), likely_ranks(outputs[labelled])


def _mae(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    """Return by how many ranks predictions are off."""
    from sklearn.metrics import mean_absolute_error

    del encoding
    return finite(mean_absolute_error(*_known(targets, outputs)))


def _qwk(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    """Return Cohen's kappa with squared distances; None where actual ranks are one."""
    from sklearn.metrics import cohen_kappa_score

    actual, predicted = _known(targets, outputs)
    if actual.min() == actual.max():
        return None
    ranks = np.arange(len(encoding.classes))
    return finite(
        cohen_kappa_score(actual, predicted, labels=ranks, weights="quadratic")
    )


def _accuracy(
    targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> float | None:
    from sklearn.metrics import accuracy_score

    del encoding
    return float(accuracy_score(*_known(targets, outputs)))


METRICS = (
    Metric("mae", "Mean distance in ranks", "lower", "ranks", 0.0, _mae),
    Metric("qwk", "Quadratic weighted kappa", "higher", "score", 1.0, _qwk),
    Metric("accuracy", "Accuracy", "higher", "fraction", 1.0, _accuracy),
)
