"""How every head's answers go with one input, on average and row by row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.charts.panels import add_panels, name_panels, panel_of
from mtcore.charts.responses import HeadResponse, Value, value_axis
from mtcore.charts.style import (
    blank_chart,
    head_colour,
    head_symbol,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label

_PANEL_PX = 230


def average_curves(
    column: str,
    values: Sequence[Value],
    means: Sequence[HeadResponse],
    single: Sequence[Sequence[HeadResponse]],
    *,
    moments: bool = False,
) -> go.Figure:
    """Return a panel a head with the same axis of values: a mean and some single rows.

    Of a head with several lines, such as classes, the one that moves most is drawn.

    Args:
        column: The input that was changed.
        values: What it was set to: numbers, or texts for classes and moments.
        means: The mean answers, one entry a head.
        single: The same of single rows.
        moments: Whether the values are moments in ISO form.
    """
    columns = min(len(means), 3 if len(means) > 6 else 2) or 1
    panels = math.ceil(len(means) / columns)
    figure = blank_chart(
        f"How the heads go with {label(column, 40)}",
        "Thick: the mean of test rows. Thin: some of these rows, all else as in each.",
        height=100 + _PANEL_PX * max(panels, 1),
        revision=f"average {column}",
    )
    if not means or not values:
        return say_nothing_to_show(figure, "This input has no values to go through.")
    chosen = [_most_moving(response.lines) for response in means]
    titles = distinct_labels(
        [
            response.head if len(response.lines) == 1 else f"{response.head}: {name}"
            for response, name in zip(means, chosen, strict=True)
        ],
        34,
    )
    add_panels(figure, titles, columns)
    along = value_axis(values, moments=moments)
    for place, (response, name) in enumerate(zip(means, chosen, strict=True)):
        spot = panel_of(place, columns)
        rows = [one[place].lines[name] for one in single]
        figure.add_trace(_thin(along, rows, response.position), **spot)
        figure.add_trace(_thick(along, response, name, full(column)), **spot)
        title = "Probability" if response.chances else "Value"
        words = {"text": title, "font": {"size": 12}, "standoff": 14}
        figure.update_yaxes(title=words, **spot)
        if response.chances:
            figure.update_yaxes(tickformat=".0%", rangemode="tozero", **spot)
        if along.dtype == object:
            figure.update_xaxes(type="category", **spot)
    return name_panels(figure, label(column), None, columns, len(means))


def _thin(along: NDArray[Any], rows: Sequence[FloatArray], position: int) -> go.Scatter:
    """Return the curves of single rows as one trace, with gaps between them."""
    gap = np.asarray([None], dtype=object)
    x = np.concatenate([along.astype(object), gap] * len(rows))
    y = np.concatenate([np.append(row, np.nan) for row in rows])
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": tint(head_colour(position), 0.28), "width": 1},
        hoverinfo="skip",
        connectgaps=False,
    )


def _thick(
    along: NDArray[Any], response: HeadResponse, name: str, column: str
) -> go.Scatter:
    classes = along.dtype == object
    colour = head_colour(response.position)
    words = full(name) if not response.chances else f"probability of {full(name)}"
    form = "%{y:.1%}" if response.chances else "%{y:,.4~g}"
    return go.Scatter(
        x=along,
        y=response.lines[name],
        mode="lines+markers" if classes else "lines",
        line={"color": colour, "width": 3, "dash": "dot" if classes else "solid"},
        marker={"color": colour, "symbol": head_symbol(response.position), "size": 9},
        hovertemplate=f"With {column} at %{{x}},<br>{words} is {form} on average."
        "<extra></extra>",
    )


def _most_moving(lines: Mapping[str, FloatArray]) -> str:
    return max(lines, key=lambda name: float(np.ptp(lines[name])))
