"""Metrics of heads that predict one of several classes in an order."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics.metric import (
    Metric,
    Weights,
    among,
    finite,
    mean_of,
    vary,
)
from mtcore.spec import TargetEncoding
from mtcore.spec.heads.ordinal import likely_ranks


def _known(
    targets: FloatArray, outputs: FloatArray, weights: Weights
) -> tuple[RowArray, RowArray, Weights]:
    """Return actual and predicted ranks, from 0, and the rows' weights."""
    known = ~np.isnan(targets[:, 0])
    actual = targets[known, 0].astype(np.int64)
    return actual, likely_ranks(outputs[known]), among(weights, known)


def _mae(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return by how many ranks predictions are off."""
    del encoding
    actual, predicted, held = _known(targets, outputs, weights)
    return mean_of(np.abs(actual - predicted), held)


def _qwk(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return Cohen's kappa with squared distances; None where actual ranks are one."""
    from sklearn.metrics import cohen_kappa_score

    actual, predicted, held = _known(targets, outputs, weights)
    if not vary(actual, held):
        return None
    ranks = np.arange(len(encoding.classes))
    return finite(
        cohen_kappa_score(
            actual, predicted, labels=ranks, weights="quadratic", sample_weight=held
        )
    )


def _accuracy(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    del encoding
    actual, predicted, held = _known(targets, outputs, weights)
    return mean_of(actual == predicted, held)


METRICS = (
    Metric("mae", "Mean distance in ranks", "lower", "ranks", 0.0, _mae),
    Metric("qwk", "Quadratic weighted kappa", "higher", "score", 1.0, _qwk),
    Metric("accuracy", "Accuracy", "higher", "fraction", 1.0, _accuracy),
)
