"""How badly an answer misses a label, for every kind of head."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.chances import chances_of_truth
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)

# The variance of sqrt(count + 3/8) hardly depends on the mean: Anscombe (1948).
ANSCOMBE = 0.375
_SMALLEST_SHARE = 1e-6
_SMALL_SHARE = 1e-2


def conformity_scores(
    head: Head, encoding: TargetEncoding, targets: FloatArray, outputs: FloatArray
) -> FloatArray:
    """Return how badly each cell misses its label.

    regression: the distance, in predicted deviations where the head gives any. count:
    the distance of square roots. quantile: how far the label lies outside the outermost
    levels, negative inside, as in Romano, Patterson and Candès, Conformalized quantile
    regression (2019). Classes: 1 less the probability of the true one, as in Sadinle,
    Lei and Wasserman, Least ambiguous set-valued classifiers (2019).

    Args:
        head: Its kind decides the score.
        encoding: What the head learned about its targets.
        targets: `(rows, k)`, NaN where there is no label.
        outputs: `(rows, width)`, decoded.

    Returns:
        `(rows, cells)`, NaN where there is no label.
    """
    match head:
        case RegressionHead():
            cells = len(head.columns)
            far = np.abs(targets - outputs[:, :cells])
            return far / deviations(head, encoding, outputs)
        case CountHead():
            actual, mean = rooted(targets), rooted(np.maximum(outputs, 0.0))
            return np.abs(actual - mean)
        case QuantileHead() if len(head.levels) > 1:
            low, high = outputs[:, :1], outputs[:, -1:]
            return np.maximum(low - targets, targets - high)
        case QuantileHead():
            return np.abs(targets - outputs)
        case BinaryHead() | MultilabelHead() | MulticlassHead() | OrdinalHead():
            return 1.0 - chances_of_truth(head, targets, outputs)


def deviations(
    head: RegressionHead, encoding: TargetEncoding, outputs: FloatArray
) -> FloatArray:
    """Return what a distance of a regression head is divided by, `(rows, cells)`."""
    cells = len(head.columns)
    if not head.gives_deviation:
        return np.ones((len(outputs), cells))
    least = _SMALLEST_SHARE * np.asarray(encoding.scale)
    spread: FloatArray = np.maximum(outputs[:, cells : 2 * cells], least)
    return spread


def least_unit(head: Head, encoding: TargetEncoding, cell: int) -> float:
    """Return a difference of a cell's scores that is too small to matter."""
    match head:
        case RegressionHead() if not head.gives_deviation:
            return _SMALL_SHARE * encoding.scale[cell]
        case QuantileHead():
            return _SMALL_SHARE * encoding.scale[0]
        case _:
            return _SMALL_SHARE


def rooted(counts: FloatArray) -> FloatArray:
    """Return counts on Anscombe's scale."""
    return np.asarray(np.sqrt(counts + ANSCOMBE))
