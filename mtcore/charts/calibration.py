"""Do probabilities come true?"""

from __future__ import annotations

import plotly.graph_objects as go

from mtcore.charts.agreement import SHARES, add_agreement, add_measured
from mtcore.charts.style import (
    MEDIUM,
    blank_chart,
    name_axes,
    say_nothing_to_show,
)
from mtcore.charts.text import label
from mtcore.evaluation.reports import (
    BinaryReport,
    MulticlassReport,
    OrdinalReport,
)
from mtcore.evaluation.wording import count_text, percent_text


def calibration(
    report: BinaryReport | MulticlassReport | OrdinalReport, position: int
) -> go.Figure:
    """Return how often it came true over the probability that was given.

    For several classes: of the likeliest one; for ordered ones: of the one predicted.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    match report:
        case BinaryReport():
            given = f"Probability of {label(report.classes[1])} given"
        case MulticlassReport():
            given = "Probability of the likeliest class given"
        case OrdinalReport():
            given = "Probability of the predicted class given"
    figure = blank_chart(
        f"{label(report.head, 40)}: do probabilities come true?",
        "On the dotted line they do. Bars: 95 % intervals of what was observed.",
        height=MEDIUM,
        revision=f"calibration {report.head}",
    )
    name_axes(figure, given, "Share of rows that it came true for")
    bins = report.calibration
    if not bins:
        return say_nothing_to_show(
            figure, "No row of this part carries a label of this head."
        )
    add_measured(
        figure,
        [b.predicted for b in bins],
        ([b.low for b in bins], [b.observed for b in bins], [b.high for b in bins]),
        [
            f"{count_text(b.rows, 'row')} were given {percent_text(b.predicted)} "
            f"on average;<br>it came true for {percent_text(b.observed)} "
            f"({percent_text(b.low)} to {percent_text(b.high)})."
            for b in bins
        ],
        position,
    )
    add_agreement(figure)
    figure.update_xaxes(SHARES)
    figure.update_yaxes(SHARES)
    return figure
