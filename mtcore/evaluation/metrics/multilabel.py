"""Metrics of heads that predict several labels which may hold together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.binary import area_under_roc, f1_of
from mtcore.evaluation.metrics.metric import Metric, Weights, among, mean_of
from mtcore.spec import TargetEncoding


def _labels(
    targets: FloatArray, outputs: FloatArray, weights: Weights
) -> Iterator[tuple[NDArray[np.bool_], FloatArray, Weights]]:
    """Yield truth, chance and weight of each label over the rows that know it."""
    for index in range(targets.shape[1]):
        known = ~np.isnan(targets[:, index])
        yield targets[known, index] > 0.5, outputs[known, index], among(weights, known)


def _cells(weights: Weights, known: NDArray[np.bool_]) -> Weights:
    """Return the weight of each known cell: that of its row."""
    if weights is None:
        return None
    return np.broadcast_to(weights[:, np.newaxis], known.shape)[known]


def _mean(values: list[float | None]) -> float | None:
    present = [value for value in values if value is not None]
    return float(np.mean(present)) if present else None


def _macro_f1(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the mean F1 of the labels that occur or were predicted."""
    del encoding
    return _mean(
        [
            f1_of(actual, chance >= 0.5, held)
            for actual, chance, held in _labels(targets, outputs, weights)
        ]
    )


def _micro_f1(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return F1 over all cells of all labels together."""
    del encoding
    known = ~np.isnan(targets)
    return f1_of(targets[known] > 0.5, outputs[known] >= 0.5, _cells(weights, known))


def _auc(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the mean area of the labels that hold in some rows and not in others."""
    del encoding
    return _mean(
        [area_under_roc(*label) for label in _labels(targets, outputs, weights)]
    )


def _hamming(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the share of known cells that are wrong."""
    del encoding
    known = ~np.isnan(targets)
    wrong = (targets[known] > 0.5) != (outputs[known] >= 0.5)
    return mean_of(wrong, _cells(weights, known))


METRICS = (
    Metric("macro_f1", "Mean F1 of the labels", "higher", "score", 1.0, _macro_f1),
    Metric("micro_f1", "F1 over all labels", "higher", "score", 1.0, _micro_f1),
    Metric("auc", "Area under ROC, mean of the labels", "higher", "score", 1.0, _auc),
    Metric("hamming", "Share of wrong labels", "lower", "fraction", 0.0, _hamming),
)
