"""How wrong every single row is, in terms that heads of all kinds share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
from mtcore.spec.heads.ordinal import likely_ranks

FAR_OFF = 0.5
"""In standard deviations of a target: further off counts as wrong."""

_SMALLEST = 1e-7


def row_losses(
    head: Head, encoding: TargetEncoding, targets: FloatArray, outputs: FloatArray
) -> FloatArray:
    """Return a loss a row; the mean over rows judges the head.

    regression: squared error in standard deviations, mean of the columns. count:
    Poisson deviance. quantile: pinball loss, mean of the levels. Classes: minus the
    logarithm of the probability of the true one, mean of the labels.

    Args:
        head: Its kind decides the loss.
        encoding: What the head learned about its targets.
        targets: `(rows, k)`, NaN where there is no label.
        outputs: `(rows, width)`, decoded.

    Returns:
        `(rows,)`, NaN where a row has no label.
    """
    match head:
        case RegressionHead():
            off = (targets - outputs[:, : len(head.columns)]) / np.asarray(
                encoding.scale
            )
            return _mean_of_known(np.square(off))
        case CountHead():
            return poisson_deviances(targets[:, 0], outputs[:, 0])
        case QuantileHead():
            over, levels = targets - outputs, np.asarray(head.levels)
            return np.asarray(
                np.maximum(levels * over, (levels - 1.0) * over).mean(axis=1)
            )
        case BinaryHead() | MultilabelHead() | MulticlassHead() | OrdinalHead():
            given = chances_of_truth(head, targets, outputs)
            return _mean_of_known(-np.log(np.clip(given, _SMALLEST, 1.0)))


def row_mistakes(
    head: Head, encoding: TargetEncoding, targets: FloatArray, outputs: FloatArray
) -> NDArray[np.bool_]:
    """Return which rows a head gets wrong, `(rows,)`.

    Numbers and counts: off by more than half a standard deviation of the target, in
    any column. Quantiles: outside the outermost levels, or the only one by as much.
    Classes: another is predicted. Labels: any is wrong. A row without a label is not.
    """
    match head:
        case RegressionHead() | CountHead():
            off = np.abs(targets - outputs[:, : len(head.columns)])
            return np.asarray((off > FAR_OFF * np.asarray(encoding.scale)).any(axis=1))
        case QuantileHead() if len(head.levels) > 1:
            actual = targets[:, 0]
            return np.asarray((actual < outputs[:, 0]) | (actual > outputs[:, -1]))
        case QuantileHead():
            off = np.abs(targets[:, 0] - outputs[:, 0])
            return np.asarray(off > FAR_OFF * encoding.scale[0])
        case BinaryHead() | MultilabelHead():
            wrong = (targets > 0.5) != (outputs >= 0.5)
            return np.asarray((wrong & ~np.isnan(targets)).any(axis=1))
        case MulticlassHead():
            return np.asarray(outputs.argmax(axis=1) != targets[:, 0])
        case OrdinalHead():
            return np.asarray(likely_ranks(outputs) != targets[:, 0])


def poisson_deviances(actual: FloatArray, predicted: FloatArray) -> FloatArray:
    """Return the Poisson deviance of each row; counts are 0 or more.

    Examples:
        >>> deviances = poisson_deviances(np.array([0.0, 2.0]), np.array([1.5, 2.0]))
        >>> deviances.tolist()
        [3.0, 0.0]
    """
    # A mean of 0 gives an actual 1 no chance at all, and so an endless deviance.
    means = np.maximum(predicted, 1e-9)
    logs = np.where(actual > 0.0, actual * np.log(np.maximum(actual, 1.0) / means), 0.0)
    return np.asarray(2.0 * (logs - actual + means))


def _mean_of_known(losses: FloatArray) -> FloatArray:
    known = ~np.isnan(losses)
    total = np.where(known, losses, 0.0).sum(axis=1)
    count = known.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
