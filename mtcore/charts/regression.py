"""How far predicted numbers are from actual ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.charts.agreement import add_agreement
from mtcore.charts.histograms import add_histogram
from mtcore.charts.style import (
    MEDIUM,
    NO_ROWS,
    REFERENCE,
    blank_chart,
    head_colour,
    head_symbol,
    name_axes,
    say_nothing_to_show,
    scatter_kind,
)
from mtcore.charts.text import distinct_labels, label
from mtcore.evaluation.reports import (
    CountReport,
    RegressionColumn,
    RegressionReport,
)
from mtcore.evaluation.wording import count_text, number_text

NumberReport = RegressionReport | CountReport
InputValues = NDArray[Any]
"""Numbers, moments or texts, `(rows,)`."""


def actual_against_predicted(
    report: NumberReport, position: int, column: int = 0
) -> go.Figure:
    """Return predictions over actual values, a dot a row, with the line of exact ones.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
        column: Which of the head's columns, from 0.
    """
    found = report.columns[column]
    figure = blank_chart(
        f"{label(found.column, 40)}: predicted against actual",
        f"On the dotted line a prediction is exact. {_sampled(found)}",
        height=MEDIUM,
        revision=f"actual {report.head} {column}",
    )
    name_axes(figure, f"Actual {label(found.column)}", "Predicted")
    if not found.rows:
        return say_nothing_to_show(figure, NO_ROWS)
    actual, predicted = np.asarray(found.actual), np.asarray(found.predicted)
    figure.add_trace(_dots(found, position, actual, predicted))
    low = float(min(actual.min(), predicted.min()))
    high = float(max(actual.max(), predicted.max()))
    add_agreement(figure, low, high)
    return figure


def residuals(report: NumberReport, position: int, column: int = 0) -> go.Figure:
    """Return how often predictions are off by how much, over and under apart.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
        column: Which of the head's columns, from 0.
    """
    found = report.columns[column]
    counted = found.residuals
    figure = blank_chart(
        f"{label(found.column, 40)}: how far off",
        _spread_sentence(found),
        height=MEDIUM,
        revision=f"residuals {report.head} {column}",
    )
    name_axes(figure, "Predicted minus actual", "Rows")
    if not counted.counts:
        return say_nothing_to_show(figure, NO_ROWS)
    add_histogram(
        figure,
        counted,
        position,
        "%{y:,} rows are off by %{customdata[0]:.3g} to %{customdata[1]:.3g}."
        "<extra></extra>",
    )
    figure.add_vline(x=0.0, line=REFERENCE)
    return figure


def residuals_by_prediction(
    report: NumberReport, position: int, column: int = 0
) -> go.Figure:
    """Return each row's residual over its prediction: is it off where it is high?

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
        column: Which of the head's columns, from 0.
    """
    found = report.columns[column]
    figure = blank_chart(
        f"{label(found.column, 40)}: error by prediction",
        f"A cloud without a shape around 0 is what to hope for. {_sampled(found)}",
        height=MEDIUM,
        revision=f"residuals by prediction {report.head} {column}",
    )
    name_axes(figure, f"Predicted {label(found.column)}", "Predicted minus actual")
    if not found.rows:
        return say_nothing_to_show(figure, NO_ROWS)
    actual, predicted = np.asarray(found.actual), np.asarray(found.predicted)
    dots = _dots(found, position, actual, predicted)
    figure.add_trace(dots.update(x=predicted, y=predicted - actual))
    figure.add_hline(y=0.0, line=REFERENCE)
    return figure


def residuals_by_input(
    report: NumberReport, position: int, column: int, along: tuple[str, InputValues]
) -> go.Figure:
    """Return each row's residual over what an input holds there.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
        column: Which of the head's columns, from 0.
        along: The input's name and its value in each of the rows drawn: numbers,
            moments or texts, a text for what is missing.
    """
    found = report.columns[column]
    name, values = along
    figure = blank_chart(
        f"{label(found.column, 30)}: error by {label(name, 30)}",
        f"A cloud without a shape around 0 is what to hope for. {_sampled(found)}",
        height=MEDIUM,
        revision=f"residuals by {name} {report.head} {column}",
    )
    name_axes(figure, label(name), "Predicted minus actual")
    if not found.rows:
        return say_nothing_to_show(figure, NO_ROWS)
    actual, predicted = np.asarray(found.actual), np.asarray(found.predicted)
    dots = _dots(found, position, actual, predicted)
    texts = values.dtype == object
    x = np.asarray(distinct_of(values), dtype=object) if texts else values
    figure.add_trace(dots.update(x=x, y=predicted - actual))
    figure.add_hline(y=0.0, line=REFERENCE)
    if texts:
        figure.update_xaxes(type="category")
    return figure


def distinct_of(values: InputValues) -> list[str]:
    """Return a label for each text, equal texts with the same and others apart."""
    distinct = sorted({str(value) for value in values})
    labels = dict(zip(distinct, distinct_labels(distinct, 16), strict=True))
    return [labels[str(value)] for value in values]


def _dots(
    found: RegressionColumn,
    position: int,
    actual: FloatArray,
    predicted: FloatArray,
) -> go.Scatter | go.Scattergl:
    many = len(actual) > 500
    off = predicted - actual
    return scatter_kind(len(actual))(
        x=actual,
        y=predicted,
        mode="markers",
        marker={
            "color": head_colour(position),
            "symbol": head_symbol(position),
            "size": 5 if many else 7,
            "opacity": 0.5 if many else 0.75,
        },
        customdata=np.stack([np.asarray(found.rows), actual, predicted, off], axis=1),
        hovertemplate="Row %{customdata[0]:d} holds %{customdata[1]:,.5~g}.<br>"
        "Predicted %{customdata[2]:,.5~g}, off by %{customdata[3]:+,.3~g}."
        "<extra></extra>",
        showlegend=False,
    )


def _sampled(found: RegressionColumn) -> str:
    if len(found.rows) < found.labelled:
        return f"A sample of {len(found.rows):,} of {found.labelled:,} rows."
    return f"{count_text(found.labelled, 'row')}."


def _spread_sentence(found: RegressionColumn) -> str:
    if found.half_within is None or found.ninety_within is None:
        return ""
    half, ninety = (
        number_text(found.half_within, 2),
        number_text(found.ninety_within, 2),
    )
    sentence = f"Half of the rows are off by {half} at most, nine in ten by {ninety}."
    if found.residuals.outside:
        outside = count_text(found.residuals.outside, "row")
        sentence += f" {outside} beyond the edges."
    return sentence
