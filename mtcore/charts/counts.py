"""Are as many rows low and high as the predicted counts say?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.agreement import add_agreement, add_measured
from mtcore.charts.style import (
    MEDIUM,
    NEUTRAL,
    NO_ROWS,
    blank_chart,
    head_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import label
from mtcore.evaluation.reports import CountBin, CountReport
from mtcore.evaluation.wording import count_text, number_text


def rootogram(report: CountReport, position: int) -> go.Figure:
    """Return how many rows hold each count, beside how many were to be expected.

    The root of the rows is drawn, so that rare counts show: a rootogram, by Tukey;
    see Kleiber and Zeileis, Visualizing count data regressions (2016).

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    figure = blank_chart(
        f"{label(report.head, 40)}: rows by count",
        "Bars: rows. Marks: rows that predictions lead to expect. Drawn as roots.",
        height=MEDIUM,
        revision=f"rootogram {report.head}",
    )
    name_axes(figure, f"Actual {label(report.columns[0].column)}", "Rows")
    if not report.bins:
        return say_nothing_to_show(figure, NO_ROWS)
    names = [bin_name(counted) for counted in report.bins]
    observed = np.asarray([counted.observed for counted in report.bins])
    expected = np.asarray([counted.expected for counted in report.bins])
    words = [_bin_words(counted) for counted in report.bins]
    colour = head_colour(position)
    figure.add_trace(
        go.Bar(
            x=names,
            y=np.sqrt(observed),
            name="rows",
            marker={"color": tint(colour, 0.6), "line": {"color": colour, "width": 1}},
            hovertext=words,
            hoverinfo="text",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=names,
            y=np.sqrt(expected),
            name="expected",
            mode="lines+markers",
            line={"color": NEUTRAL, "width": 1.5},
            marker={"color": NEUTRAL, "symbol": "diamond", "size": 7},
            hovertext=words,
            hoverinfo="text",
        )
    )
    _scale_roots(figure, float(max(observed.max(), expected.max())))
    figure.update_xaxes(type="category", autotickangles=[0, -40, -90])
    return figure


def count_tenths(report: CountReport, position: int) -> go.Figure:
    """Return the mean count over the mean prediction of rows predicted alike.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    figure = blank_chart(
        f"{label(report.head, 40)}: do predicted means come true?",
        "On the dotted line they do. Tenths of the rows; bars: 95 % intervals.",
        height=MEDIUM,
        revision=f"tenths {report.head}",
    )
    name_axes(figure, "Mean predicted", "Mean actual")
    tenths = report.tenths
    if not tenths:
        return say_nothing_to_show(figure, NO_ROWS)
    actual = [tenth.actual for tenth in tenths]
    predicted = [tenth.predicted for tenth in tenths]
    add_measured(
        figure,
        predicted,
        ([tenth.low for tenth in tenths], actual, [tenth.high for tenth in tenths]),
        [
            f"{count_text(tenth.rows, 'row')} were predicted "
            f"{number_text(tenth.predicted)} on average<br>and hold "
            f"{number_text(tenth.actual)} ({number_text(tenth.low)} to "
            f"{number_text(tenth.high)}); mean deviance "
            f"{number_text(tenth.deviance)}."
            for tenth in tenths
        ],
        position,
    )
    add_agreement(figure, min(*actual, *predicted), max(*actual, *predicted))
    return figure


def bin_name(counted: CountBin) -> str:
    """Return a bin's counts as people write them.

    Examples:
        >>> bin_name(CountBin(low=4, high=6, observed=0, expected=0.0))
        '4 to 6'
        >>> bin_name(CountBin(low=7, high=None, observed=0, expected=0.0))
        '7 and more'
    """
    if counted.high is None:
        return f"{counted.low:,} and more"
    if counted.high == counted.low:
        return f"{counted.low:,}"
    return f"{counted.low:,} to {counted.high:,}"


def _bin_words(counted: CountBin) -> str:
    return (
        f"{count_text(counted.observed, 'row')} hold {bin_name(counted)};<br>"
        f"{number_text(counted.expected)} were to be expected."
    )


def _scale_roots(figure: go.Figure, most: float) -> None:
    """Label the axis of roots with the rows that they are roots of."""
    steps = np.linspace(0.0, np.sqrt(most), 5)
    rows = np.unique(np.round(np.square(steps)))
    figure.update_yaxes(
        tickvals=np.sqrt(rows), ticktext=[f"{value:,.0f}" for value in rows],
        rangemode="tozero",
    )  # fmt: skip
