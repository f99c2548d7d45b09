"""The report of a head that predicts how many."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics import score
from mtcore.evaluation.metrics.count import mean_deviance
from mtcore.evaluation.reports.parts import MAX_BINS, ReportBase, sample_rows
from mtcore.evaluation.reports.regression import RegressionColumn, column_report
from mtcore.spec import CountHead, TargetEncoding
from mtcore.spec.base import Frozen

TENTHS = 10
FEWEST_A_TENTH = 10
MAX_EXPECTED = 20_000
_Z95 = 1.959964


class CountBin(Frozen):
    """Rows by their count.

    Args:
        low: The least count.
        high: The largest; None where it is open.
        observed: Rows that hold such a count.
        expected: Rows that would, were every prediction the mean of a Poisson count.
    """

    low: int
    high: int | None
    observed: int
    expected: float


class CountTenth(Frozen):
    """Rows of similar prediction.

    Args:
        predicted: Mean of the predictions.
        actual: Mean of the counts.
        low: Lower end of the 95 % interval of `actual`, by its standard error.
        high: Upper end.
        deviance: Mean Poisson deviance.
        rows: How many.
    """

    predicted: float
    actual: float
    low: float
    high: float
    deviance: float | None
    rows: int


class CountReport(ReportBase):
    """How well counts are predicted.

    Args:
        columns: The one target column: rows, errors and the worst of them.
        bins: Observed and expected counts, rising and without a gap.
        tenths: From the lowest predictions to the highest.
    """

    kind: Literal["count"] = "count"
    columns: tuple[RegressionColumn, ...]
    bins: tuple[CountBin, ...] = ()
    tenths: tuple[CountTenth, ...] = ()


def count_report(
    head: CountHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> CountReport:
    """Return what charts and tables of a count head need."""
    known = ~np.isnan(targets[:, 0])
    kept = known & np.isfinite(outputs[:, 0])
    actual, predicted = targets[kept, 0], outputs[kept, 0]
    metrics = score(head, encoding, targets, outputs)
    column = column_report(head.columns[0], metrics, actual, predicted, rows[kept])
    return CountReport(
        head=head.name,
        rows=len(targets),
        labelled=int(known.sum()),
        unanswered=int((known & ~kept).sum()),
        metrics=metrics,
        columns=(column,),
        bins=_bins(actual, predicted) if len(actual) else (),
        tenths=_tenths(actual, predicted) if len(actual) else (),
    )


def _bins(actual: FloatArray, predicted: FloatArray) -> tuple[CountBin, ...]:
    from scipy.special import pdtr

    top = float(np.quantile(actual, 0.995))
    step = max(int(np.ceil((top + 1.0) / MAX_BINS)), 1)
    lows = np.arange(0, int(top) + 1, step)
    drawn = sample_rows(len(predicted), MAX_EXPECTED)
    means = np.maximum(predicted[drawn], 0.0)
    # Chance of a count below each bin, and of any count at all behind the last.
    below = [0.0, *(float(pdtr(low - 1, means).mean()) for low in lows[1:]), 1.0]
    expected = np.diff(below) * len(actual)
    places = np.searchsorted(lows, actual, side="right") - 1
    observed = np.bincount(np.maximum(places, 0).astype(np.int64), minlength=len(lows))
    return tuple(
        CountBin(
            low=int(low),
            high=int(low) + step - 1 if place + 1 < len(lows) else None,
            observed=int(observed[place]),
            expected=float(expected[place]),
        )
        for place, low in enumerate(lows)
    )


def _tenths(actual: FloatArray, predicted: FloatArray) -> tuple[CountTenth, ...]:
    order = np.argsort(predicted, kind="stable")
    parts = int(np.clip(len(actual) // FEWEST_A_TENTH, 1, TENTHS))
    return tuple(
        _tenth(actual[members], predicted[members])
        for members in np.array_split(order, parts)
    )


def _tenth(actual: FloatArray, predicted: FloatArray) -> CountTenth:
    mean = float(actual.mean())
    reach = _Z95 * float(actual.std()) / np.sqrt(len(actual))
    return CountTenth(
        predicted=float(predicted.mean()),
        actual=mean,
        low=max(mean - reach, 0.0),
        high=mean + reach,
        deviance=mean_deviance(actual, predicted),
        rows=len(actual),
    )
