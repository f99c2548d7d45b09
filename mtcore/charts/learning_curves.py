"""Each head's loss over the epochs, training and validation rows as a pair."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.charts.loss_axis import scale_losses
from mtcore.charts.networks import broken, network_starts
from mtcore.charts.panels import add_panels, name_panels, panel_of
from mtcore.charts.style import (
    MEDIUM,
    REFERENCE,
    Dash,
    blank_chart,
    head_colour,
    head_symbol,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
)
from mtcore.charts.text import distinct_labels, full, label

History = Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
"""Epochs (from 1) and values by metric key, such as `validation/h0/loss`."""

MAX_EPOCHS = 2_000
MOST_TOGETHER = 6  # more heads get a panel each
_COLUMNS = 4
_LOWEST = 1e-6
_PARTS: tuple[tuple[str, str, Dash], ...] = (
    ("train", "training", "solid"),
    ("validation", "validation", "dash"),
)


def learning_curves(
    history: History,
    head_names: Sequence[str],
    *,
    best_epoch: int | None = None,
    epochs: int | None = None,
) -> go.Figure:
    """Return the losses of all heads by epoch, on a logarithmic scale.

    Args:
        history: Holds `train/h0/loss`, `validation/h0/loss` and so on by the order of
            the heads; normalised, so that 1 is the best constant prediction. Other keys
            are left alone.
        head_names: In the experiment's order.
        best_epoch: Marked where given.
        epochs: How far the axis reaches while training goes on.
    """
    panels = len(head_names) > MOST_TOGETHER
    rows = math.ceil(len(head_names) / _COLUMNS)
    starts = network_starts(history)
    several = f" {len(starts) + 1} networks, one after another." if starts else ""
    figure = blank_chart(
        "Loss of each head by epoch",
        "Solid: training rows, dashed: validation rows. 1 is always giving the best "
        f"constant answer; lower is better.{several}",
        height=110 + 150 * rows if panels else MEDIUM,
        revision="learning_curves",
    )
    if panels:
        add_panels(figure, distinct_labels(head_names, 24), _COLUMNS, share_y=True)
    values = [
        value
        for position, name in enumerate(head_names)
        for value in _draw_head(figure, history, position, name, panels=panels)
    ]
    if not values:
        return say_nothing_to_show(figure, "The first epoch's losses will appear here.")
    figure.add_hline(y=1.0, line=REFERENCE)
    if best_epoch is not None:
        _mark_epoch(figure, best_epoch, named=not panels)
    scale_losses(figure, values)
    if epochs is not None:
        figure.update_xaxes(range=[0.5, epochs + 0.5])
    if panels:
        return name_panels(figure, "Epoch", "Loss", _COLUMNS, len(head_names))
    figure.update_layout(showlegend=len(head_names) > 1)
    return name_axes(figure, "Epoch", "Loss, 1 = constant answer")


def _draw_head(
    figure: go.Figure, history: History, position: int, name: str, *, panels: bool
) -> list[float]:
    """Add the pair of lines of one head and return the values drawn."""
    place = panel_of(position, _COLUMNS) if panels else {}
    values: list[float] = []
    for part, words, dash in _PARTS:
        steps, losses = history.get(f"{part}/h{position}/loss", ((), ()))
        shown = _drawable(np.asarray(steps), np.asarray(losses, np.float64))
        if not len(shown[0]):
            continue
        points = broken(*shown, network_starts(history))
        line = _line(points, position, dash, f"{full(name)}: {words} loss")
        line.update(name=label(name), showlegend=not values and not panels)
        if panels:
            line.update(marker={"size": 5, "maxdisplayed": 4})
        figure.add_trace(line, **place)
        values += shown[1].tolist()
    return values


def _drawable(
    steps: NDArray[Any], losses: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Leave out what a logarithmic scale can't show, and epochs beyond 2,000 points."""
    kept = np.isfinite(losses) & (losses > 0.0)
    steps, losses = steps[kept], np.maximum(losses[kept], _LOWEST)
    if len(steps) > MAX_EPOCHS:
        thin = np.unique(np.linspace(0, len(steps) - 1, MAX_EPOCHS).astype(np.int64))
        steps, losses = steps[thin], losses[thin]
    return steps, losses


def _line(
    points: tuple[NDArray[Any], NDArray[np.float64]],
    position: int,
    dash: Dash,
    words: str,
) -> go.Scatter:
    colour = head_colour(position)
    return go.Scatter(
        x=points[0],
        y=points[1],
        mode="lines+markers",
        legendgroup=str(position),
        line={"color": colour, "dash": dash, "width": 2 if dash == "solid" else 1.75},
        marker={
            "color": colour,
            "symbol": head_symbol(position),
            "size": 7,
            "maxdisplayed": 8,
        },
        hovertemplate=f"{words} after epoch %{{x}} is %{{y:.3g}}.<extra></extra>",
    )


def _mark_epoch(figure: go.Figure, epoch: int, *, named: bool) -> None:
    words = {
        "text": in_page_colour(f" best epoch {epoch:,}"),
        "y": 1.0,
        "yanchor": "bottom",
    }
    figure.add_vline(
        x=epoch,
        line=REFERENCE,
        **({"annotation": words, "annotation_position": "right"} if named else {}),
    )
