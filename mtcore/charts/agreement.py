"""What was measured over what was told: intervals, and the line of agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from mtcore.charts.style import REFERENCE, head_colour, head_symbol

SHARES: dict[str, Any] = {"range": [-0.02, 1.02], "tickformat": ".0%", "dtick": 0.25}
"""An axis of shares from 0 to 1."""


def add_measured(
    figure: go.Figure,
    told: ArrayLike,
    measured: tuple[ArrayLike, ArrayLike, ArrayLike],
    words: Sequence[str],
    position: int,
) -> None:
    """Draw points with intervals, joined, in a head's colour.

    Args:
        figure: What they are added to.
        told: What was predicted or asked for, `(points,)`.
        measured: Lower bound, value and upper bound, `(points,)` each.
        words: What a point says when it is hovered over.
        position: Of the head in the experiment, for its colour.
    """
    low, value, high = (np.asarray(part) for part in measured)
    colour = head_colour(position)
    figure.add_trace(
        go.Scatter(
            x=np.asarray(told),
            y=value,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"color": colour, "symbol": head_symbol(position), "size": 9},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": high - value,
                "arrayminus": value - low,
                "thickness": 1.25,
                "width": 4,
            },
            hovertext=list(words),
            hoverinfo="text",
            showlegend=False,
        )
    )


def add_agreement(figure: go.Figure, low: float = 0.0, high: float = 1.0) -> None:
    """Draw the dotted line on which what was measured is what was told."""
    figure.add_shape(type="line", x0=low, y0=low, x1=high, y1=high, line=REFERENCE)
