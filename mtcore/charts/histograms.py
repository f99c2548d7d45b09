"""How many rows lie between which edges, as bars."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.style import head_colour, tint
from mtcore.evaluation.reports import Histogram


def add_histogram(
    figure: go.Figure, counted: Histogram, position: int, words: str
) -> None:
    """Draw a bar for each pair of edges, in a head's colour.

    Args:
        figure: What they are added to.
        counted: The edges, and the rows between them.
        position: Of the head in the experiment, for its colour.
        words: What a bar says when it is hovered over, as Plotly's template: `y` are
            the rows, `customdata[0]` and `customdata[1]` the edges.
    """
    edges = np.asarray(counted.edges)
    low, high = edges[:-1], edges[1:]
    colour = head_colour(position)
    figure.add_trace(
        go.Bar(
            x=(low + high) / 2.0,
            y=np.asarray(counted.counts),
            width=high - low,
            marker={"color": tint(colour, 0.75), "line": {"color": colour, "width": 1}},
            customdata=np.stack([low, high], axis=1),
            hovertemplate=words,
        )
    )
