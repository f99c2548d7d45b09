"""How far predictions are off where the actual value is small, middling or large."""

from __future__ import annotations

import plotly.graph_objects as go

from mtcore.charts.style import (
    MEDIUM,
    NEUTRAL,
    REFERENCE,
    blank_chart,
    head_colour,
    head_symbol,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, label
from mtcore.evaluation.reports import RegressionColumn
from mtcore.evaluation.reports.regression import ErrorTenth
from mtcore.evaluation.wording import count_text, number_text


def error_tenths(column: RegressionColumn, position: int) -> go.Figure:
    """Return the mean distance and the mean error by tenths of the actual values.

    Args:
        column: Of the head's report.
        position: Of the head in the experiment, for its colour.
    """
    figure = blank_chart(
        f"{label(column.column, 40)}: error by tenths of the actual value",
        "Bars: mean distance. Marks: mean of predicted minus actual, above 0 where "
        "predictions are too high.",
        height=MEDIUM,
        revision=f"error tenths {column.column}",
    )
    name_axes(figure, f"Actual {label(column.column)}", "Error")
    if not column.tenths:
        return say_nothing_to_show(figure, "Too few rows to be parted into tenths.")
    colour = head_colour(position)
    along = distinct_labels([_span(tenth) for tenth in column.tenths], 40)
    words = [_sentence(tenth) for tenth in column.tenths]
    figure.add_bar(
        x=along,
        y=[tenth.error for tenth in column.tenths],
        name="mean distance",
        marker={"color": tint(colour, 0.6), "line": {"color": colour, "width": 1}},
        hovertext=words,
        hoverinfo="text",
    )
    figure.add_trace(
        go.Scatter(
            x=along,
            y=[tenth.bias for tenth in column.tenths],
            name="predicted minus actual",
            mode="markers",
            marker={"color": NEUTRAL, "symbol": head_symbol(position), "size": 9},
            hovertext=words,
            hoverinfo="text",
        )
    )
    figure.add_hline(y=0.0, line=REFERENCE)
    return figure.update_xaxes(type="category", autotickangles=[0, -40, -90])


def _span(tenth: ErrorTenth) -> str:
    return f"{number_text(tenth.low)} to {number_text(tenth.high)}"


def _sentence(tenth: ErrorTenth) -> str:
    side = "high" if tenth.bias > 0.0 else "low"
    return (
        f"{count_text(tenth.rows, 'row')} from {_span(tenth)}:<br>off by "
        f"{number_text(tenth.error)} on average, {number_text(abs(tenth.bias))} too "
        f"{side}."
    )
