"""Tables behind the charts of Results: a head's report as frames."""

from __future__ import annotations

import pandas as pd

from mtcore.charts.counts import bin_name
from mtcore.charts.gains import gain_points
from mtcore.evaluation.reports import (
    BinaryReport,
    Confused,
    Confusion,
    CountReport,
    Curve,
    Histogram,
    LevelScores,
    Mistake,
    MulticlassReport,
    MultilabelReport,
    OrdinalReport,
    QuantileReport,
    RegressionColumn,
    ReliabilityBin,
)
from mtcore.evaluation.wording import MINUS
from pages.parts.tables import apart
from pages.parts.text import visible

DIFFERENCE = f"Predicted {MINUS} actual"


def points_frame(column: RegressionColumn) -> pd.DataFrame:
    """Return the drawn rows: number, actual, predicted, difference."""
    frame = pd.DataFrame(
        {"Row": column.rows, "Actual": column.actual, "Predicted": column.predicted}
    )
    frame[DIFFERENCE] = frame["Predicted"] - frame["Actual"]
    return frame


def worst_frame(column: RegressionColumn) -> pd.DataFrame:
    """Return the rows that are furthest off, worst first."""
    frame = pd.DataFrame(
        [(entry.row, entry.actual, entry.predicted) for entry in column.worst],
        columns=["Row", "Actual", "Predicted"],
    )
    frame[DIFFERENCE] = frame["Predicted"] - frame["Actual"]
    return frame


def tenths_frame(column: RegressionColumn) -> pd.DataFrame:
    """Return mean errors by tenths of the actual values."""
    return pd.DataFrame(
        [(t.low, t.high, t.error, t.bias, t.rows) for t in column.tenths],
        columns=["From", "To", "Mean distance", f"Mean {DIFFERENCE.lower()}", "Rows"],
    )


def confused_frame(confused: tuple[Confused, ...]) -> pd.DataFrame:
    """Return the most frequent confusions, with some rows of each."""
    return pd.DataFrame(
        [
            (
                visible(e.actual),
                visible(e.predicted),
                e.rows,
                e.share,
                e.examples[0],
                ", ".join(f"{row}" for row in e.examples[1:]),
            )
            for e in confused
        ],
        columns=["Actual", "Taken for", "Rows", "Share of the class", "Row", "Others"],
    )


def mistakes_frame(worst: tuple[Mistake, ...]) -> pd.DataFrame:
    """Return the most confident mistakes, worst first."""
    return pd.DataFrame(
        [(e.row, visible(e.actual), visible(e.predicted), e.chance) for e in worst],
        columns=["Row", "Actual", "Predicted", "Probability of the actual"],
    )


def histogram_frame(histogram: Histogram) -> pd.DataFrame:
    """Return counts between edges."""
    return pd.DataFrame(
        {
            "From": histogram.edges[:-1],
            "To": histogram.edges[1:],
            "Rows": histogram.counts,
        }
    )


def count_bins_frame(report: CountReport) -> pd.DataFrame:
    """Return observed and expected rows by count."""
    return pd.DataFrame(
        [(bin_name(b), b.observed, b.expected) for b in report.bins],
        columns=["Count", "Rows", "Expected"],
    )


def count_tenths_frame(report: CountReport) -> pd.DataFrame:
    """Return rows of similar prediction, from the lowest on."""
    return pd.DataFrame(
        [
            (t.rows, t.predicted, t.actual, t.low, t.high, t.deviance)
            for t in report.tenths
        ],
        columns=["Rows", "Predicted", "Actual", "95 % from", "95 % to", "Deviance"],
    )


def levels_frame(levels: tuple[LevelScores, ...]) -> pd.DataFrame:
    """Return a line a level: what was asked for, and what was measured."""
    return pd.DataFrame(
        [(e.level, e.share, e.low, e.high, e.pinball) for e in levels],
        columns=["Level", "Rows not above", "95 % from", "95 % to", "Pinball loss"],
    )


def ranges_frame(report: QuantileReport) -> pd.DataFrame:
    """Return the drawn rows: number, actual, and every level."""
    frame = pd.DataFrame({"Row": report.rows_shown, "Actual": report.actual})
    for entry, values in zip(report.levels, report.quantiles, strict=True):
        frame[f"{100 * entry.level:g} %"] = values
    return frame


def outside_frame(report: QuantileReport) -> pd.DataFrame:
    """Return the rows furthest outside their range, worst first."""
    return pd.DataFrame(
        [(e.row, e.actual, e.low, e.high) for e in report.worst],
        columns=["Row", "Actual", "Lowest level", "Highest level"],
    )


def off_by_frame(report: OrdinalReport) -> pd.DataFrame:
    """Return rows by predicted minus actual rank."""
    steps = len(report.off_by) // 2
    ranks = range(-steps, steps + 1)
    return pd.DataFrame({DIFFERENCE: ranks, "Rows": report.off_by})


def rank_mistakes_frame(report: OrdinalReport) -> pd.DataFrame:
    """Return the rows that are off by most ranks, worst first."""
    return pd.DataFrame(
        [
            (e.row, visible(e.actual), visible(e.predicted), e.ranks, e.chance)
            for e in report.worst
        ],
        columns=["Row", "Actual", "Predicted", "Ranks", "Probability of the actual"],
    )


def curve_frame(curve: Curve, x: str, y: str) -> pd.DataFrame:
    """Return a curve's points with the threshold that gives each."""
    return pd.DataFrame({x: curve.x, y: curve.y, "Threshold": curve.thresholds})


def thresholds_frame(report: BinaryReport) -> pd.DataFrame:
    """Return the counts at every threshold."""
    found = report.thresholds
    return pd.DataFrame(
        {
            "Threshold": found.threshold,
            "True positive": found.true_positive,
            "False positive": found.false_positive,
            "False negative": found.false_negative,
            "True negative": found.true_negative,
        }
    )


def scores_frame(report: BinaryReport) -> pd.DataFrame:
    """Return the rows of both classes by the probability that they were given."""
    found = report.histogram
    negative, positive = apart([f"Really {name}" for name in report.classes])
    return pd.DataFrame(
        {
            "From": found.edges[:-1],
            "To": found.edges[1:],
            negative: found.negative,
            positive: found.positive,
        }
    )


def gains_frame(report: BinaryReport) -> pd.DataFrame:
    """Return shares of rows looked at and of positive rows found."""
    looked_at, found = gain_points(report)
    return pd.DataFrame({"Looked at": looked_at, "Found": found})


def reliability_frame(bins: tuple[ReliabilityBin, ...]) -> pd.DataFrame:
    """Return how often probabilities came true."""
    return pd.DataFrame(
        [(b.predicted, b.observed, b.low, b.high, b.rows) for b in bins],
        columns=["Predicted", "Came true", "95 % from", "95 % to", "Rows"],
    )


def confusion_frame(confusion: Confusion, *, shares: bool) -> pd.DataFrame:
    """Return actual classes as rows and predicted ones as columns.

    Args:
        confusion: The counts.
        shares: Divide each row by its sum.
    """
    names = apart(confusion.classes)
    columns = [f"→ {name}" for name in names]
    frame = pd.DataFrame(confusion.counts, columns=columns)
    if shares:
        frame = frame.div(frame.sum(axis=1), axis=0)
    frame.insert(0, "Actual", names)
    return frame


def counts_frame(report: BinaryReport, threshold: float) -> pd.DataFrame:
    """Return actual classes as rows and predicted ones as columns, at a threshold."""
    place = round(100 * threshold)
    found = report.thresholds
    cells = (
        (found.true_negative[place], found.false_positive[place]),
        (found.false_negative[place], found.true_positive[place]),
    )
    return confusion_frame(
        Confusion(classes=report.classes, counts=cells), shares=False
    )


def classes_frame(report: MulticlassReport | OrdinalReport) -> pd.DataFrame:
    """Return one row a class."""
    return pd.DataFrame(
        [
            (visible(e.name), e.support, e.predicted, e.precision, e.recall, e.f1)
            for e in report.per_class
        ],
        columns=["Class", "Rows", "Predicted", "Precision", "Recall", "F1"],
    )


def labels_frame(report: MultilabelReport) -> pd.DataFrame:
    """Return one row a label."""
    return pd.DataFrame(
        [
            (
                *(visible(e.name), e.labelled, e.support, e.predicted),
                *(e.precision, e.recall, e.f1, e.auc),
            )
            for e in report.labels
        ],
        columns=[
            *("Label", "Rows", "Holds for", "Given to"),
            *("Precision", "Recall", "F1", "Area under ROC"),
        ],
    )
