"""What one column of a data set holds."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.arrays import FloatArray
from mtcore.charts.style import (
    DATA,
    MEDIUM,
    blank_chart,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label
from mtcore.data.profile.profile import ColumnProfile
from mtcore.evaluation.wording import count_text, percent_text

MAX_VALUES = 15
_FILL = tint(DATA, 0.65)


def column_distribution(column: ColumnProfile) -> go.Figure:
    """Return how often each value or range of values of a column occurs.

    Args:
        column: As profiled.
    """
    missing = percent_text(column.missing / column.rows if column.rows else None)
    figure = blank_chart(
        label(column.name, 60),
        f"{count_text(column.rows, 'row')}, {missing} without a value, "
        f"{count_text(column.distinct, 'different value')}{_cut(column)}.",
        height=MEDIUM,
        revision=f"column {column.name}",
    )
    if _is_binned(column):
        return _histogram(figure, column)
    if column.top:
        return _bars(figure, column)
    return say_nothing_to_show(figure, "This column holds no value.")


def _is_binned(column: ColumnProfile) -> bool:
    quantities = column.kind in ("number", "datetime")
    return quantities and bool(column.histogram) and column.distinct > 2


def _cut(column: ColumnProfile) -> str:
    if _is_binned(column) or column.distinct <= MAX_VALUES:
        return ""
    return f", the {MAX_VALUES} most frequent shown"


def _histogram(figure: go.Figure, column: ColumnProfile) -> go.Figure:
    low = np.asarray([bin_[0] for bin_ in column.histogram])
    high = np.asarray([bin_[1] for bin_ in column.histogram])
    counts = np.asarray([bin_[2] for bin_ in column.histogram])
    middle, width = (low + high) / 2.0, high - low
    bars = go.Bar(
        y=counts,
        marker={"color": _FILL, "line": {"color": DATA, "width": 1}},
        hovertemplate="%{y:,} rows lie between %{customdata[0]} and %{customdata[1]}."
        "<extra></extra>",
    )
    if column.kind == "datetime":
        # Plotly counts moments in milliseconds.
        bars.update(x=_moments(middle), width=width * 1_000.0)
        days = np.stack([_days(low), _days(high)], axis=1)
        figure.add_trace(bars.update(customdata=days))
        figure.update_xaxes(type="date")
    else:
        ends = [[f"{a:,.4g}", f"{b:,.4g}"] for a, b in zip(low, high, strict=True)]
        figure.add_trace(bars.update(x=middle, width=width, customdata=ends))
    figure.update_yaxes(rangemode="tozero")
    return name_axes(figure, label(column.name, 60), "Rows")


def _moments(seconds: FloatArray) -> list[str]:
    milliseconds = np.round(seconds * 1e3).astype("datetime64[ms]")
    return [str(moment) for moment in milliseconds]


def _days(seconds: FloatArray) -> list[str]:
    return [moment[:10] for moment in _moments(seconds)]


def _bars(figure: go.Figure, column: ColumnProfile) -> go.Figure:
    shown = column.top[:MAX_VALUES]
    names = distinct_labels([value for value, _ in shown])
    counts = np.asarray([count for _, count in shown])
    present = max(column.rows - column.missing, 1)
    figure.add_trace(
        go.Bar(
            x=counts,
            y=names,
            orientation="h",
            marker={"color": _FILL, "line": {"color": DATA, "width": 1}},
            hovertext=[
                f"{full(value)}<br>{count_text(count, 'row')}, "
                f"{percent_text(count / present)} of those with a value."
                for value, count in shown
            ],
            hoverinfo="text",
        )
    )
    figure.update_layout(bargap=0.25 if len(shown) > 3 else 0.55)
    figure.update_yaxes(autorange="reversed", type="category", dtick=1)
    figure.update_xaxes(showgrid=True, rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    return name_axes(figure, "Rows", "")
