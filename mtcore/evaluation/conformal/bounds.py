"""What lies within reach of an answer: ranges of numbers, sets of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.conformal.scores import ANSCOMBE, deviations, rooted
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


@dataclass(frozen=True, slots=True)
class Ranges:
    """Numbers between two ends, in the target's unit.

    Args:
        low: `(rows, cells)`; minus infinity where the rows were too few to tell.
        high: `(rows, cells)`.
    """

    low: FloatArray
    high: FloatArray

    def holds(self, targets: FloatArray) -> NDArray[np.bool_]:
        """Return which labels `(rows, cells)` lie within; not those that are NaN."""
        # Ends are computed another way than scores, so the last digit may differ.
        slack = 1e-9 * (1.0 + np.abs(targets))
        inside = (targets >= self.low - slack) & (targets <= self.high + slack)
        return np.asarray(inside)

    def sizes(self) -> FloatArray:
        """Return how wide each range is, `(rows, cells)`."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Sets:
    """Classes that are not ruled out.

    Args:
        members: `(rows, cells, classes)`; of labels the classes are no and yes.
    """

    members: NDArray[np.bool_]

    def holds(self, targets: FloatArray) -> NDArray[np.bool_]:
        """Return which labels `(rows, cells)` are in; not those that are NaN."""
        known = ~np.isnan(targets)
        codes = np.where(known, targets, 0.0).astype(np.int64)
        found = np.take_along_axis(self.members, codes[:, :, np.newaxis], axis=2)
        return np.asarray(found[:, :, 0] & known)

    def sizes(self) -> FloatArray:
        """Return how many classes each set has, `(rows, cells)`."""
        return np.asarray(self.members.sum(axis=2), dtype=np.float64)


Bounds = Ranges | Sets


def bounds_of(
    head: Head,
    encoding: TargetEncoding,
    outputs: FloatArray,
    reach: Sequence[float | None],
) -> Bounds:
    """Return what lies within reach of a head's answers.

    A set holds the predicted class at least, and an ordinal one all classes between two
    of its members: both only make it hold more often.

    Args:
        head: Its kind decides what a score means; see `conformity_scores`.
        encoding: What the head learned about its targets.
        outputs: `(rows, width)`, decoded.
        reach: The largest score that is still within, one a cell; None = any.
    """
    most = np.asarray([np.inf if one is None else one for one in reach])
    if isinstance(head, QuantileHead) and not np.isfinite(most).all():
        endless = np.full((len(outputs), 1), np.inf)
        return Ranges(-endless, endless)
    match head:
        case RegressionHead():
            middle = outputs[:, : len(head.columns)]
            far = most * deviations(head, encoding, outputs)
            return Ranges(middle - far, middle + far)
        case CountHead():
            return _counts(outputs, most)
        case QuantileHead() if len(head.levels) > 1:
            low, high = outputs[:, :1] - most, outputs[:, -1:] + most
            # A negative reach may shrink a narrow range to less than nothing.
            middle = (low + high) / 2.0
            crossed = low > high
            return Ranges(
                np.where(crossed, middle, low), np.where(crossed, middle, high)
            )
        case QuantileHead():
            return Ranges(outputs - most, outputs + most)
        case BinaryHead() | MultilabelHead():
            # No and yes; the likelier one is always in.
            chances = np.stack([1.0 - outputs, outputs], axis=2)
            misses = np.stack([outputs, 1.0 - outputs], axis=2)
            likely = chances >= chances.max(axis=2, keepdims=True)
            return Sets((misses <= most[np.newaxis, :, np.newaxis]) | likely)
        case MulticlassHead():
            predicted = outputs.argmax(axis=1)
            return Sets(_within(outputs, most, predicted)[:, np.newaxis, :])
        case OrdinalHead():
            members = _within(outputs, most, likely_ranks(outputs))
            since = np.logical_or.accumulate(members, axis=1)
            until = np.logical_or.accumulate(members[:, ::-1], axis=1)[:, ::-1]
            return Sets((since & until)[:, np.newaxis, :])


def _counts(outputs: FloatArray, most: FloatArray) -> Ranges:
    """Return the whole numbers within reach of a mean.

    No whole number may be within: then the range is the one nearest to the mean.
    """
    middle = rooted(np.maximum(outputs, 0.0))
    low = np.square(np.maximum(middle - most, np.sqrt(ANSCOMBE))) - ANSCOMBE
    high = np.square(middle + most) - ANSCOMBE
    least = np.ceil(np.maximum(low, 0.0) - 1e-9)
    top = np.floor(high + 1e-9)
    nearest = np.round(np.maximum(outputs, 0.0))
    empty = least > top
    return Ranges(np.where(empty, nearest, least), np.where(empty, nearest, top))


def _within(
    chances: FloatArray, most: FloatArray, predicted: NDArray[np.int64]
) -> NDArray[np.bool_]:
    members = np.asarray(1.0 - chances <= most[0])
    members[np.arange(len(members)), predicted] = True
    return members
