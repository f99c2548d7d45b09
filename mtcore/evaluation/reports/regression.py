"""The report of a head that predicts numbers."""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics import Scores, score, score_columns
from mtcore.evaluation.reports.levels import LevelScores, level_scores
from mtcore.evaluation.reports.parts import (
    MAX_BINS,
    WORST,
    Histogram,
    ReportBase,
    floats,
    sample_rows,
    whole,
)
from mtcore.spec import RegressionHead, TargetEncoding
from mtcore.spec.base import Frozen

NORMAL_LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_TENTHS, _FEWEST_A_TENTH = 10, 10
NORMAL_QUANTILES = np.array([NormalDist().inv_cdf(level) for level in NORMAL_LEVELS])


class NumberMistake(Frozen):
    """One of the rows that are furthest off; numbers in the target's unit."""

    row: int
    actual: float
    predicted: float


class ErrorTenth(Frozen):
    """Rows of similar value; numbers in the target's unit.

    Args:
        low: The least value that they hold.
        high: The greatest.
        error: Mean distance of the predictions.
        bias: Mean of predicted minus actual.
        rows: How many.
    """

    low: float
    high: float
    error: float
    bias: float
    rows: int


class RegressionColumn(Frozen):
    """One target column, in its unit.

    Args:
        column: Its name.
        labelled: Rows that hold a number here and were answered.
        metrics: Every metric for this column alone.
        rows: Row numbers in the table of a sample of at most 2,000 rows.
        actual: What these rows hold.
        predicted: What was predicted for them.
        residuals: Predicted minus actual of all labelled rows, without the outermost
            1 %, which `outside` counts.
        bias: Mean of predicted minus actual.
        deviation: Standard deviation of predicted minus actual.
        half_within: Half of the rows are at most this far off.
        ninety_within: 90 % of the rows are at most this far off.
        worst: The rows that are furthest off, worst first.
        tenths: Tenths of the rows, from the lowest values to the highest.
        levels: Where a head gives deviations: the share of rows that lies below the
            quantiles of the normal distributions that it says.
    """

    column: str
    labelled: int
    metrics: dict[str, float | None]
    rows: tuple[int, ...] = ()
    actual: tuple[float, ...] = ()
    predicted: tuple[float, ...] = ()
    residuals: Histogram = Histogram()
    bias: float | None = None
    deviation: float | None = None
    half_within: float | None = None
    ninety_within: float | None = None
    worst: tuple[NumberMistake, ...] = ()
    tenths: tuple[ErrorTenth, ...] = ()
    levels: tuple[LevelScores, ...] = ()


class RegressionReport(ReportBase):
    """How well numbers are predicted, column by column."""

    kind: Literal["regression"] = "regression"
    columns: tuple[RegressionColumn, ...]


def regression_report(
    head: RegressionHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> RegressionReport:
    """Return what charts and tables of a regression head need."""
    known = ~np.isnan(targets).all(axis=1)
    broken = known & ~np.isfinite(outputs).all(axis=1)
    by_column = score_columns(head, encoding, targets, outputs)
    columns = []
    for index, column in enumerate(head.columns):
        kept = ~np.isnan(targets[:, index]) & ~broken
        actual, predicted = targets[kept, index], outputs[kept, index]
        found = column_report(column, by_column[column], actual, predicted, rows[kept])
        if head.gives_deviation and len(actual):
            spread = outputs[kept, len(head.columns) + index]
            levels = _normal_levels(actual, predicted, spread)
            found = found.model_copy(update={"levels": levels})
        columns.append(found)
    return RegressionReport(
        head=head.name,
        rows=len(targets),
        labelled=int(known.sum()),
        unanswered=int(broken.sum()),
        metrics=score(head, encoding, targets, outputs),
        columns=tuple(columns),
    )


def column_report(
    column: str,
    metrics: Scores,
    actual: FloatArray,
    predicted: FloatArray,
    rows: RowArray,
) -> RegressionColumn:
    """Return how well one column of numbers is predicted.

    Args:
        column: Its name.
        metrics: Every metric for it alone.
        actual: What labelled rows hold, `(rows,)`.
        predicted: What was predicted for them, `(rows,)`.
        rows: Their numbers in the table, `(rows,)`.
    """
    if not len(actual):
        return RegressionColumn(column=column, labelled=0, metrics=metrics)
    drawn = sample_rows(len(actual))
    residuals = predicted - actual
    distance = np.abs(residuals)
    worst = np.argsort(-distance, kind="stable")[:WORST]
    return RegressionColumn(
        column=column,
        labelled=len(actual),
        metrics=metrics,
        rows=whole(rows[drawn]),
        actual=floats(actual[drawn]),
        predicted=floats(predicted[drawn]),
        residuals=_residual_histogram(residuals),
        bias=float(residuals.mean()),
        deviation=float(residuals.std()),
        half_within=float(np.quantile(distance, 0.5)),
        tenths=_tenths(actual, residuals),
        ninety_within=float(np.quantile(distance, 0.9)),
        worst=tuple(
            NumberMistake(
                row=int(rows[place]),
                actual=float(actual[place]),
                predicted=float(predicted[place]),
            )
            for place in worst
        ),
    )


def _tenths(actual: FloatArray, residuals: FloatArray) -> tuple[ErrorTenth, ...]:
    order = np.argsort(actual, kind="stable")
    parts = int(np.clip(len(actual) // _FEWEST_A_TENTH, 1, _TENTHS))
    return tuple(
        ErrorTenth(
            low=float(actual[members[0]]),
            high=float(actual[members[-1]]),
            error=float(np.abs(residuals[members]).mean()),
            bias=float(residuals[members].mean()),
            rows=len(members),
        )
        for members in np.array_split(order, parts)
    )


def _normal_levels(
    actual: FloatArray, predicted: FloatArray, spread: FloatArray
) -> tuple[LevelScores, ...]:
    """Return how well the quantiles of predicted normal distributions hold."""
    quantiles = predicted[:, np.newaxis] + spread[:, np.newaxis] * NORMAL_QUANTILES
    return level_scores(actual, quantiles, NORMAL_LEVELS)


def _residual_histogram(residuals: FloatArray) -> Histogram:
    """Count residuals in bins with an edge at 0, so that over and under show."""
    reach = float(np.quantile(np.abs(residuals), 0.99))
    if not reach > 0.0:
        reach = max(float(np.abs(residuals).max()), 1e-9)
    bins = 2 * int(np.clip(round(len(residuals) ** (1 / 3)), 5, MAX_BINS // 2))
    counts, edges = np.histogram(residuals, bins=bins, range=(-reach, reach))
    return Histogram(
        edges=floats(edges),
        counts=whole(counts),
        outside=int((np.abs(residuals) > reach).sum()),
    )
