"""One head's validation loss in several runs, laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mtcore.arrays import FloatArray, RowArray
from mtcore.charts.loss_axis import scale_losses
from mtcore.charts.style import (
    HEAD_SYMBOLS,
    MEDIUM,
    REFERENCE,
    blank_chart,
    head_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label

MAX_POINTS = 2_000
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_FAINTEST = 0.45


@dataclass(frozen=True, slots=True)
class RunCurve:
    """A head's curve in one run.

    Args:
        run: What the run is called.
        epochs: `(n,)`, rising; of one network, as those of several are no one line.
        losses: `(n,)`, 1 = the best constant prediction; NaN where there is none.
    """

    run: str
    epochs: RowArray
    losses: FloatArray


def run_curves(head: str, position: int, curves: Sequence[RunCurve]) -> go.Figure:
    """Return a head's validation loss over the epochs, a line a run.

    All lines have the head's colour. Runs are told apart by their dashes, by the symbol
    at their best epoch, and by their strength: the first run, which others are held
    against, is the strongest.

    Args:
        head: The head's name.
        position: Of the head, for its colour.
        curves: The baseline first.
    """
    figure = blank_chart(
        label(head),
        "Validation loss by epoch. 1: constant prediction.",
        height=MEDIUM,
        revision=f"run curves of {head}",
    )
    drawn = [curve for curve in curves if (curve.losses > 0).any()]
    if not drawn:
        return say_nothing_to_show(figure, "No epoch was logged for this head.")
    names = distinct_labels([curve.run for curve in drawn])
    for index, (curve, name) in enumerate(zip(drawn, names, strict=True)):
        _draw(figure, curve, name, index, head_colour(position))
    figure.add_hline(y=1.0, line=REFERENCE)
    losses = np.concatenate([curve.losses for curve in drawn])
    scale_losses(figure, losses[losses > 0].tolist())
    return name_axes(figure, "Epoch", "Loss, relative")


def _draw(
    figure: go.Figure, curve: RunCurve, name: str, index: int, colour: str
) -> None:
    strength = max(1.0 - 0.2 * index, _FAINTEST)
    shown = tint(colour, strength)
    step = max(-(-len(curve.epochs) // MAX_POINTS), 1)
    best = int(np.nanargmin(curve.losses))
    figure.add_trace(
        go.Scatter(
            x=curve.epochs[::step],
            y=curve.losses[::step],
            name=name,
            legendgroup=str(index),
            mode="lines",
            line={
                "color": shown,
                "dash": _DASHES[index % len(_DASHES)],
                "width": 2.6 if index == 0 else 1.8,
            },
            hovertemplate=(
                f"{full(curve.run)}<br>epoch %{{x}}: %{{y:.3g}} of the constant's loss"
                "<extra></extra>"
            ),
        )
    )
    figure.add_trace(
        go.Scatter(
            x=curve.epochs[best : best + 1],
            y=curve.losses[best : best + 1],
            name=name,
            legendgroup=str(index),
            showlegend=False,
            mode="markers",
            marker={
                "color": shown,
                "size": 10,
                "symbol": HEAD_SYMBOLS[index % len(HEAD_SYMBOLS)],
            },
            hovertemplate=(
                f"{full(curve.run)}<br>best epoch %{{x}}: %{{y:.3g}} of the constant's "
                "loss<extra></extra>"
            ),
        )
    )
