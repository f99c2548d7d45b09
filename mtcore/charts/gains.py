"""How many of the positive rows are among those ranked first."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.arrays import FloatArray
from mtcore.charts.agreement import add_agreement
from mtcore.charts.style import (
    MEDIUM,
    blank_chart,
    head_colour,
    name_axes,
    say_nothing_to_show,
)
from mtcore.charts.text import label
from mtcore.evaluation.reports import BinaryReport
from mtcore.evaluation.wording import percent_text

_TENTH = 0.1


def gains(report: BinaryReport, position: int) -> go.Figure:
    """Return the share of positive rows found over the share of rows looked at.

    Its height over the dotted line is the lift.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    looked_at, found = gain_points(report)
    figure = blank_chart(
        f"{label(report.head, 40)}: found among the first",
        _lift_sentence(looked_at, found),
        height=MEDIUM,
        revision=f"gains {report.head}",
    )
    name_axes(
        figure,
        "Share of rows looked at, likeliest first",
        f"Share of {label(report.classes[1], 20)} found",
    )
    if not len(looked_at):
        return say_nothing_to_show(figure, "No row of this part is positive.")
    figure.add_trace(
        go.Scatter(
            x=looked_at,
            y=found,
            mode="lines",
            line={"color": head_colour(position), "width": 2.5},
            hovertemplate="Among the likeliest %{x:.0%} of the rows<br>are %{y:.0%} of "
            "the positive ones.<extra></extra>",
            showlegend=False,
        )
    )
    add_agreement(figure)
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    figure.update_yaxes(range=[-0.02, 1.02], tickformat=".0%")
    return figure


def gain_points(report: BinaryReport) -> tuple[FloatArray, FloatArray]:
    """Return shares of rows looked at and of positive rows found, both rising.

    Thresholds between which no row lies are one point.
    """
    counts = report.thresholds
    hits = np.asarray(counts.true_positive, dtype=np.float64)[::-1]
    alarms = np.asarray(counts.false_positive, dtype=np.float64)[::-1]
    if not len(hits) or not hits[-1] > 0.0:
        return np.zeros(0), np.zeros(0)
    called = np.append(0.0, hits + alarms)
    kept = np.append(True, np.diff(called) > 0.0)
    found = np.append(0.0, hits)[kept]
    return called[kept] / called[-1], found / found[-1]


def _lift_sentence(looked_at: FloatArray, found: FloatArray) -> str:
    if not len(looked_at):
        return ""
    share = float(np.interp(_TENTH, looked_at, found))
    return (
        f"The likeliest tenth of the rows holds {percent_text(share)} of them: "
        f"{share / _TENTH:.1f} times as many as a draw."
    )
