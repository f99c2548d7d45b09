"""Pieces that the reports of all kinds of heads are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.intervals import share_interval
from mtcore.spec.base import Frozen

# Dots of a chart: more take a browser long to draw and show nothing more.
MAX_POINTS = 1_000
CURVE_POINTS = 400
MAX_BINS = 30
WORST = 10


class ReportBase(Frozen):
    """What the reports of all kinds have in common.

    Args:
        head: The head's name.
        rows: Rows that were predicted.
        labelled: Rows among them that carry a label of this head; all else in the
            report is about these.
        unanswered: Labelled rows whose output is no number; they are in no chart, and
            the metrics then are None.
        metrics: Every metric of the kind; None where it cannot be computed.
        intervals: The 95 % interval of each metric, from low to high, where it was
            asked for and the rows can tell.
    """

    head: str
    rows: int
    labelled: int
    unanswered: int
    metrics: dict[str, float | None]
    intervals: dict[str, tuple[float, float] | None] = Field(default_factory=dict)


class Histogram(Frozen):
    """Counts between edges.

    Args:
        edges: One more than counts, rising.
        counts: Rows between two edges.
        outside: Rows beyond the first and last edge.
    """

    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    outside: int = 0


class Curve(Frozen):
    """A line through points, such as ROC.

    Args:
        x: Horizontal, 0 to 1.
        y: Vertical, 0 to 1.
        thresholds: The probability from which on a point calls rows positive; None
            where no probability is that high.
    """

    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    thresholds: tuple[float | None, ...] = ()


class Mistake(Frozen):
    """A row that was confidently given the wrong class.

    Args:
        row: Its number in the table, from 0.
        actual: The class it has.
        predicted: The class it was given.
        chance: The probability that its actual class was given.
    """

    row: int
    actual: str
    predicted: str
    chance: float


class ReliabilityBin(Frozen):
    """Rows of similar probability.

    Args:
        predicted: Their mean probability.
        observed: The share of them that it came true for.
        low: Lower end of the 95 % interval of `observed`.
        high: Upper end.
        rows: How many.
    """

    predicted: float
    observed: float
    low: float
    high: float
    rows: int


def sample_rows(rows: int, most: int = MAX_POINTS) -> RowArray:
    """Return at most so many of `rows` row numbers, rising; always the same ones."""
    if rows <= most:
        return np.arange(rows, dtype=np.int64)
    random = np.random.default_rng(rows)
    return np.sort(random.choice(rows, most, replace=False)).astype(np.int64)


def thinned(points: int, most: int = CURVE_POINTS) -> RowArray:
    """Return at most so many places of a curve, evenly spread, with both ends."""
    if points <= most:
        return np.arange(points, dtype=np.int64)
    return np.unique(np.linspace(0, points - 1, most).round().astype(np.int64))


def reliability(chance: FloatArray, true: NDArray[np.bool_]) -> list[ReliabilityBin]:
    """Return up to ten bins of equally many rows, at least 20 a bin where there are.

    Args:
        chance: Probabilities, `(rows,)`.
        true: Whether it came true, `(rows,)`.
    """
    if not len(chance):
        return []
    order = np.argsort(chance, kind="stable")
    count = int(np.clip(len(chance) // 20, 1, 10))
    found = []
    # Rows of one probability stay together, or a bin would depend on their order.
    values = chance[order]
    ends = [
        int(np.searchsorted(values, values[last - 1], side="right"))
        for last in np.linspace(0, len(values), count + 1).round().astype(int)[1:]
    ]
    start = 0
    for end in dict.fromkeys(ends):
        members = order[start:end]
        hits = int(true[members].sum())
        low, high = share_interval(hits, len(members))
        found.append(
            ReliabilityBin(
                predicted=float(chance[members].mean()),
                observed=hits / len(members),
                low=low,
                high=high,
                rows=len(members),
            )
        )
        start = end
    return found


def calibration_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """Return how far probabilities are from what came true, by the bins' rows.

    The expected calibration error of Naeini, Cooper and Hauskrecht, Obtaining well
    calibrated probabilities using Bayesian binning (2015), over bins of equally many
    rows; None without bins.
    """
    rows = sum(one.rows for one in bins)
    if not rows:
        return None
    return sum(one.rows * abs(one.predicted - one.observed) for one in bins) / rows


def floats(values: NDArray[Any]) -> tuple[float, ...]:
    """Return an array as plain numbers."""
    return tuple(float(value) for value in values)


def whole(values: NDArray[Any]) -> tuple[int, ...]:
    """Return an array as plain whole numbers."""
    return tuple(int(value) for value in values)
