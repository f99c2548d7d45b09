"""How heads pull at the trunk they share: whom against whom, and how hard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.charts.style import (
    BAD,
    HEAD_COLOURS,
    MEDIUM,
    NEUTRAL,
    SHORT,
    blank_chart,
    head_colour,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label

History = Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
"""Epochs (from 1) and values by metric key, such as `cosine/h0/h1`."""

MAX_EPOCHS = 2_000
NOT_MEASURED = "No gradient was measured on variables that heads share."
_NAME_LENGTH = 18
_LEAST_SCALE = 0.2  # a cosine closer to 0 is never drawn in full colour
# Both ends can be told apart by all kinds of colour vision; nothing lies between.
_SCALE = [
    [0.0, tint(BAD, 0.95)],
    [0.5, tint(NEUTRAL, 0.08)],
    [1.0, tint(HEAD_COLOURS[0], 0.95)],
]


def pair_means(history: History, heads: int, what: str) -> FloatArray:
    """Return a metric of all pairs, averaged over epochs, `(heads, heads)`.

    Args:
        history: A run's metrics.
        heads: How many heads there are.
        what: `cosine` or `conflict`.

    Returns:
        Symmetric; NaN where nothing was measured, and on the diagonal.
    """
    means = np.full((heads, heads), np.nan)
    for first in range(heads):
        for second in range(first + 1, heads):
            logged = history.get(f"{what}/h{first}/h{second}")
            if logged is not None and len(logged[1]):
                means[first, second] = means[second, first] = np.mean(logged[1])
    return means


def gradient_cosines(history: History, head_names: Sequence[str]) -> go.Figure:
    """Return the mean cosine of each pair of heads' gradients on the trunk.

    Args:
        history: Holds `cosine/h0/h1`, `conflict/h0/h1` and so on by the order of the
            heads; other keys are left alone.
        head_names: In the experiment's order.
    """
    cosines = pair_means(history, len(head_names), "cosine")
    shown = np.flatnonzero(np.isfinite(cosines).any(axis=0)).tolist()
    figure = blank_chart(
        "Do the heads pull the trunk the same way?",
        "Cosine of their gradients, mean of epochs. Below 0: against each other.",
        height=SHORT + 30 * max(len(shown), 3),
        revision="gradient_cosines",
    )
    name_axes(figure, "Head", "Head")
    if not len(shown):
        return say_nothing_to_show(figure, NOT_MEASURED)
    conflicts = pair_means(history, len(head_names), "conflict")[np.ix_(shown, shown)]
    values = cosines[np.ix_(shown, shown)]
    strongest = max(float(np.nanmax(np.abs(values))), _LEAST_SCALE)
    names = distinct_labels([head_names[place] for place in shown], _NAME_LENGTH)
    figure.add_trace(
        go.Heatmap(
            x=names,
            y=names,
            z=values,
            zmin=-strongest,
            zmax=strongest,
            colorscale=_SCALE,
            xgap=2,
            ygap=2,
            colorbar={"title": {"text": "Cosine"}, "thickness": 12},
            text=_sentences([head_names[place] for place in shown], values, conflicts),
            hovertemplate="%{text}.<extra></extra>",
            hoverongaps=False,
        )
    )
    for row, column in np.argwhere(np.isfinite(values)).tolist():
        figure.add_annotation(
            x=names[column],
            y=names[row],
            text=in_page_colour(f"{values[row, column]:z.2f}".replace("-", "\u2212")),
            showarrow=False,
        )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category", ticks="")
    figure.update_xaxes(type="category", ticks="", autotickangles=[0, -40, -90])
    return figure


def heads_on_trunk(history: History, head_names: Sequence[str]) -> list[str]:
    """Return the heads whose gradient on the trunk was measured: those that use it.

    Args:
        history: Holds `gradient_share/h0` and so on by the order of the heads.
        head_names: In the experiment's order.
    """
    return [
        name
        for position, name in enumerate(head_names)
        if len(history.get(f"gradient_share/h{position}", ((), ()))[0])
    ]


def gradient_shares(history: History, head_names: Sequence[str]) -> go.Figure:
    """Return each head's share of the gradients on the trunk by epoch, stacked.

    Args:
        history: Holds `gradient_share/h0` and so on by the order of the heads.
        head_names: In the experiment's order.
    """
    figure = blank_chart(
        "Who moves the trunk?",
        "Each head's share of the weighted gradients' norms on the trunk.",
        height=MEDIUM,
        revision="gradient_shares",
    )
    name_axes(figure, "Epoch", "Share of gradient norms")
    for position, name in enumerate(head_names):
        epochs, shares = history.get(f"gradient_share/h{position}", ((), ()))
        if len(epochs):
            places = thinned(len(epochs))
            figure.add_trace(
                area(np.asarray(epochs)[places], np.asarray(shares)[places], position)
            )
            figure.data[-1].update(
                name=label(name),
                hovertemplate=f"{full(name)}: %{{y:.0%}} of the gradients in epoch "
                "%{x}.<extra></extra>",
            )
    if not figure.data:
        return say_nothing_to_show(figure, NOT_MEASURED)
    figure.update_yaxes(range=[0.0, 1.0], tickformat=".0%")
    return figure


def thinned(count: int) -> NDArray[np.int64]:
    """Return at most 2,000 places of so many, first and last among them."""
    places = np.linspace(0, count - 1, min(count, MAX_EPOCHS))
    return np.unique(places.astype(np.int64))


def area(epochs: NDArray[Any], values: NDArray[Any], position: int) -> go.Scatter:
    """Return one head's layer of stacked areas, in its colour.

    Args:
        epochs: `(n,)`, rising.
        values: `(n,)`, 0 or more.
        position: Of the head in the experiment.
    """
    colour = head_colour(position)
    return go.Scatter(
        x=epochs,
        y=values,
        stackgroup="heads",
        mode="lines" if len(epochs) > 1 else "markers",
        line={"color": colour, "width": 1.5},
        marker={"color": colour},
        fillcolor=tint(colour, 0.45),
    )


def _sentences(
    names: Sequence[str], cosines: FloatArray, conflicts: FloatArray
) -> list[list[str]]:
    """Return what is said of each pair under the mouse."""
    return [
        [
            f"{full(first)} and {full(second)}: cosine {cosines[row, column]:.2f}, "
            f"against each other in {conflicts[row, column]:.0%} of the measured steps"
            if np.isfinite(cosines[row, column])
            else ""
            for column, second in enumerate(names)
        ]
        for row, first in enumerate(names)
    ]
