"""What the training loss is made of, head by head and epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.charts.sharing import area, thinned
from mtcore.charts.style import (
    MEDIUM,
    NEUTRAL,
    Dash,
    blank_chart,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import full, label

History = Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
"""Epochs (from 1) and values by metric key, such as `ledger/h0/weight`."""

REGULARISATION, OTHERS = "Balance's own term", "Other heads"


@dataclass(frozen=True, slots=True)
class Line:
    """One head, or what is no head's, in one epoch of the ledger.

    Args:
        name: The head's, or of the term.
        weight: What the raw loss was multiplied with; None where it is no head's, or
            nothing was lost.
        loss: Raw, over all labels of the epoch.
        part: What it adds to the total.
    """

    name: str
    weight: float | None
    loss: float | None
    part: float


def ledger_lines(
    history: History, head_names: Sequence[str], epoch: int
) -> tuple[Line, ...]:
    """Return what an epoch's total is made of; empty where it was not logged.

    Args:
        history: Holds `ledger/h0/loss`, `ledger/h0/weight`, `ledger/regularisation`.
        head_names: In the experiment's order.
        epoch: As it was logged.
    """
    lines = []
    for position, name in enumerate(head_names):
        loss = value_at(history, f"ledger/h{position}/loss", epoch)
        weight = value_at(history, f"ledger/h{position}/weight", epoch)
        if loss is not None:
            lines.append(Line(name, weight, loss, (weight or 0.0) * loss))
    for name, key in ((OTHERS, "others"), (REGULARISATION, "regularisation")):
        part = value_at(history, f"ledger/{key}", epoch)
        if part is not None and (part != 0.0 or key == "others"):
            lines.append(Line(name, None, None, part))
    return tuple(lines)


def value_at(history: History, key: str, epoch: int) -> float | None:
    """Return a metric's value of an epoch, None where it has none."""
    epochs, values = history.get(key, (np.zeros(0), np.zeros(0)))
    places = np.flatnonzero(np.asarray(epochs) == epoch)
    return float(values[places[0]]) if places.size else None


def ledger_areas(history: History, head_names: Sequence[str]) -> go.Figure:
    """Return each head's part of the training loss by epoch, stacked, and the total.

    Args:
        history: As `ledger_lines` takes it, with `ledger/total`.
        head_names: In the experiment's order.
    """
    figure = blank_chart(
        "What the training loss is made of",
        "Weight times loss of each head, stacked; the dotted line is the total that "
        "was minimised.",
        height=MEDIUM,
        revision="ledger_areas",
    )
    name_axes(figure, "Epoch", "Weight times loss")
    epochs, totals = history.get("ledger/total", ((), ()))
    if not len(epochs):
        return say_nothing_to_show(figure, "This run kept no ledger of its loss.")
    shown = np.asarray(epochs)[thinned(len(epochs))]
    for position, name in enumerate(head_names):
        parts = _parts(history, position, shown)
        if parts is not None:
            layer = area(shown, parts, position)
            layer.update(
                name=label(name),
                hovertemplate=f"{full(name)}: %{{y:.3g}} of the total in epoch %{{x}}."
                "<extra></extra>",
            )
            figure.add_trace(layer)
    others = _series(history, "ledger/others", shown)
    if np.isfinite(others).any():
        layer = area(shown, others, 0)
        layer.update(
            name=OTHERS,
            line={"color": NEUTRAL},
            fillcolor=tint(NEUTRAL, 0.3),
            hovertemplate=f"{OTHERS}: %{{y:.3g}} in epoch %{{x}}.<extra></extra>",
        )
        figure.add_trace(layer)
    own = _series(history, "ledger/regularisation", shown)
    if own.any():
        figure.add_trace(_line(shown, own, REGULARISATION, "dash"))
    total = np.asarray(totals)[thinned(len(epochs))]
    figure.add_trace(_line(shown, total, "Total", "dot"))
    return figure


def _line(
    epochs: NDArray[Any], values: NDArray[Any], name: str, dash: Dash
) -> go.Scatter:
    return go.Scatter(
        x=epochs,
        y=values,
        name=name,
        mode="lines" if len(epochs) > 1 else "markers",
        line={"color": NEUTRAL, "width": 2, "dash": dash},
        marker={"color": NEUTRAL},
        hovertemplate=f"{name}: %{{y:.4g}} in epoch %{{x}}.<extra></extra>",
    )


def _parts(
    history: History, position: int, epochs: NDArray[Any]
) -> NDArray[np.float64] | None:
    losses = _series(history, f"ledger/h{position}/loss", epochs)
    weights = _series(history, f"ledger/h{position}/weight", epochs)
    if not np.isfinite(losses).any():
        return None
    return np.where(np.isfinite(weights), weights, 0.0) * losses


def _series(history: History, key: str, epochs: NDArray[Any]) -> NDArray[np.float64]:
    """Return a metric's values at some epochs, NaN where it has none."""
    steps, values = history.get(key, ((), ()))
    known = dict(zip(np.asarray(steps).tolist(), np.asarray(values), strict=True))
    return np.array([known.get(epoch, np.nan) for epoch in epochs.tolist()])
