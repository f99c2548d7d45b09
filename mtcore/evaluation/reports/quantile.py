"""The report of a head that predicts quantiles."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics import score
from mtcore.evaluation.reports.levels import LevelScores, level_scores
from mtcore.evaluation.reports.parts import (
    WORST,
    Histogram,
    ReportBase,
    floats,
    sample_rows,
    whole,
)
from mtcore.spec import QuantileHead, TargetEncoding
from mtcore.spec.base import Frozen
from mtcore.spec.heads.quantile import middle_level

WIDTH_BINS = 24


class RangeMistake(Frozen):
    """A row far outside its range; numbers in the target's unit."""

    row: int
    actual: float
    low: float
    high: float


class QuantileReport(ReportBase):
    """How well ranges are predicted.

    Args:
        column: The target column.
        levels: One entry a level, rising.
        rows_shown: Row numbers of a sample of at most 2,000 rows, from the lowest
            middle quantile to the highest.
        actual: What these rows hold.
        quantiles: What was predicted for them, `quantiles[level][row]`.
        middle: Which level is the middle one.
        widths: How far the outermost levels are apart in how many rows.
        worst: The rows that lie furthest outside their range, worst first.
    """

    kind: Literal["quantile"] = "quantile"
    column: str
    levels: tuple[LevelScores, ...] = ()
    rows_shown: tuple[int, ...] = ()
    actual: tuple[float, ...] = ()
    quantiles: tuple[tuple[float, ...], ...] = ()
    middle: int = 0
    widths: Histogram = Histogram()
    worst: tuple[RangeMistake, ...] = ()


def quantile_report(
    head: QuantileHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> QuantileReport:
    """Return what charts and tables of a quantile head need."""
    known = ~np.isnan(targets[:, 0])
    kept = known & np.isfinite(outputs).all(axis=1)
    middle = middle_level(head.levels)
    report = QuantileReport(
        head=head.name,
        rows=len(targets),
        labelled=int(known.sum()),
        unanswered=int((known & ~kept).sum()),
        metrics=score(head, encoding, targets, outputs),
        column=head.columns[0],
        middle=middle,
    )
    if not kept.any():
        return report
    actual, quantiles, rows = targets[kept, 0], outputs[kept], rows[kept]
    drawn = sample_rows(len(actual))
    drawn = drawn[np.argsort(quantiles[drawn, middle], kind="stable")]
    return report.model_copy(
        update={
            "levels": level_scores(actual, quantiles, head.levels),
            "rows_shown": whole(rows[drawn]),
            "actual": floats(actual[drawn]),
            "quantiles": tuple(floats(level[drawn]) for level in quantiles.T),
            "widths": _widths(quantiles[:, -1] - quantiles[:, 0]),
            "worst": _worst(actual, quantiles, rows),
        }
    )


def _widths(widths: FloatArray) -> Histogram:
    top = float(np.quantile(widths, 0.99))
    if not top > 0.0:
        return Histogram()
    counts, edges = np.histogram(widths, bins=WIDTH_BINS, range=(0.0, top))
    return Histogram(
        edges=floats(edges), counts=whole(counts), outside=int((widths > top).sum())
    )


def _worst(
    actual: FloatArray, quantiles: FloatArray, rows: RowArray
) -> tuple[RangeMistake, ...]:
    low, high = quantiles[:, 0], quantiles[:, -1]
    outside = np.maximum(low - actual, actual - high)
    places = np.argsort(-outside, kind="stable")[:WORST]
    return tuple(
        RangeMistake(
            row=int(rows[place]),
            actual=float(actual[place]),
            low=float(low[place]),
            high=float(high[place]),
        )
        for place in places
        if outside[place] > 0.0
    )
