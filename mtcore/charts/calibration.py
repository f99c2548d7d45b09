"""Do probabilities come true?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.style import (
    MEDIUM,
    NEUTRAL,
    blank_chart,
    head_colour,
    head_symbol,
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
    observed = np.asarray([b.observed for b in bins])
    colour = head_colour(position)
    figure.add_trace(
        go.Scatter(
            x=np.asarray([b.predicted for b in bins]),
            y=observed,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"color": colour, "symbol": head_symbol(position), "size": 9},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": np.asarray([b.high for b in bins]) - observed,
                "arrayminus": observed - np.asarray([b.low for b in bins]),
                "thickness": 1.25,
                "width": 4,
            },
            hovertext=[
                f"{count_text(b.rows, 'row')} were given {percent_text(b.predicted)} "
                f"on average;<br>it came true for {percent_text(b.observed)} "
                f"({percent_text(b.low)} to {percent_text(b.high)})."
                for b in bins
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    exact = {"color": NEUTRAL, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line=exact)
    axis = {"range": [-0.02, 1.02], "tickformat": ".0%", "dtick": 0.25}
    figure.update_xaxes(axis)
    figure.update_yaxes(axis)
    return figure
