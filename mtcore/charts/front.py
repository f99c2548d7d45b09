"""Weightings of the heads by what they reach: two heads' errors against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.charts.style import (
    DATA,
    NEUTRAL,
    TALL,
    blank_chart,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import full, label
from mtcore.evaluation.wording import number_text, percent_text

NOTHING_YET = "The run's own weights are being trained first."


@dataclass(frozen=True, slots=True)
class Axis:
    """A head whose error is drawn along one axis.

    Args:
        head: The head's name.
        error: What its error is called.
    """

    head: str
    error: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """One trained weighting.

    Args:
        across: The error of the head on the horizontal axis.
        up: That of the head on the vertical one.
        shares: Of the loss, by head.
        on_front: Whether no other weighting is as good for all heads and better for
            one.
        own: Whether these are the run's own weights.
        chosen: Whether the dial stands here.
    """

    across: float
    up: float
    shares: dict[str, float]
    on_front: bool
    own: bool = False
    chosen: bool = False


def weight_front(across: Axis, up: Axis, points: Sequence[Weighed]) -> go.Figure:
    """Return the weightings as points, and the line that none of them goes beyond.

    Args:
        across: On the horizontal axis.
        up: On the vertical axis.
        points: In any order.
    """
    figure = blank_chart(
        "What one head pays for the other",
        "Errors on the validation rows: further left and down is better. Full marks: "
        "no other weighting is better for all heads. Stars: the run's own weights.",
        height=TALL,
        revision="weight_front",
    )
    name_axes(
        figure,
        f"{label(across.head)}: {label(across.error, 40)}",
        f"{label(up.head)}: {label(up.error, 40)}",
    )
    if not points:
        return say_nothing_to_show(figure, NOTHING_YET)
    _add_line(figure, [point for point in points if point.on_front])
    groups = {
        "Others": [p for p in points if not p.on_front and not p.own],
        "On the front": [p for p in points if p.on_front and not p.own],
        "The run's own weights": [p for p in points if p.own],
    }
    for name, group in groups.items():
        if group:
            _add_group(figure, name, group, (across, up))
    for point in points:
        if point.chosen:
            _mark_chosen(figure, point)
    return figure


def staircase(across: FloatArray, up: FloatArray) -> NDArray[np.int64]:
    """Return the places of the points that no other is left of and below, from left.

    Args:
        across: `(points,)`.
        up: `(points,)`.

    Examples:
        >>> staircase(np.array([3.0, 1.0, 2.0, 4.0]), np.array([3.0, 4.0, 2.0, 1.0]))
        array([1, 2, 3])
    """
    places, lowest = [], np.inf
    for place in np.lexsort((up, across)).tolist():
        if up[place] < lowest:
            places.append(place)
            lowest = up[place]
    return np.asarray(places, dtype=np.int64)


def _add_line(figure: go.Figure, points: Sequence[Weighed]) -> None:
    across = np.array([point.across for point in points])
    up = np.array([point.up for point in points])
    places = staircase(across, up)
    figure.add_trace(
        go.Scatter(
            x=across[places],
            y=up[places],
            mode="lines",
            line={"color": tint(DATA, 0.6), "width": 2, "shape": "hv"},
            hoverinfo="skip",
            showlegend=False,
        )
    )


def _add_group(
    figure: go.Figure, name: str, points: Sequence[Weighed], axes: tuple[Axis, Axis]
) -> None:
    own = points[0].own
    full_marks = [point.on_front for point in points]
    figure.add_trace(
        go.Scatter(
            x=[point.across for point in points],
            y=[point.up for point in points],
            name=name,
            mode="markers",
            marker={
                "size": 15 if own else 11,
                "symbol": "star" if own else "circle",
                "color": [DATA if on else tint(NEUTRAL, 0.15) for on in full_marks],
                "line": {"color": DATA if any(full_marks) else NEUTRAL, "width": 1.5},
            },
            hovertext=[_words(point, axes) for point in points],
            hoverinfo="text",
        )
    )


def _mark_chosen(figure: go.Figure, point: Weighed) -> None:
    figure.add_annotation(
        x=point.across,
        y=point.up,
        text=in_page_colour("the dial is here"),
        showarrow=True,
        arrowhead=2,
        arrowcolor=NEUTRAL,
        ax=28,
        ay=-34,
    )


def _words(point: Weighed, axes: tuple[Axis, Axis]) -> str:
    errors = "<br>".join(
        f"{full(axis.head)}: {full(axis.error)} {number_text(error)}"
        for axis, error in zip(axes, (point.across, point.up), strict=True)
    )
    shares = ", ".join(
        f"{label(name, 20)} {percent_text(share)}"
        for name, share in point.shares.items()
    )
    return f"{errors}<br>Shares of the loss: {shares}."
