"""The picture on an empty Home: what a branched model is, in one glance."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from mtcore.charts.style import NEUTRAL, TEMPLATE, head_colour

_HEADS = ("price", "will it break?", "which of five?")
_TRUNK = (0.34, 0.52)


@st.cache_resource(show_spinner=False)
def branched_model() -> go.Figure:
    """Return a small drawing: inputs, a shared trunk, and one branch a head.

    It is always the same, and to make it would take half of Home's time.
    """
    figure = go.Figure()
    for row in (-1.0, 0.0, 1.0):
        _line(figure, (0.12, _TRUNK[0]), (row * 0.8, 0.0), NEUTRAL)
    _line(figure, _TRUNK, (0.0, 0.0), NEUTRAL, width=7)
    for position, name in enumerate(_HEADS):
        row = 1.0 - position
        _line(figure, (_TRUNK[1], 0.74), (0.0, row), head_colour(position))
        figure.add_annotation(x=0.77, y=row, text=name, xanchor="left", showarrow=False)
    for x, text in ((0.1, "your columns"), (0.43, "shared trunk")):
        figure.add_annotation(x=x, y=-1.55, text=text, showarrow=False)
    figure.update_layout(
        template=TEMPLATE,
        height=170,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        showlegend=False,
    )
    figure.update_xaxes(visible=False, range=(0, 1.05), fixedrange=True)
    figure.update_yaxes(visible=False, range=(-1.9, 1.3), fixedrange=True)
    return figure


def show_picture() -> None:
    """Draw it; the page that draws the first chart loads what later ones need."""
    st.plotly_chart(
        branched_model(),
        key="picture",
        config={"displayModeBar": False, "staticPlot": True},
        alt="Columns run into one shared trunk, which branches into three heads: a "
        "price, a yes or no, and one of five classes.",
    )


def _line(
    figure: go.Figure,
    x: tuple[float, float],
    y: tuple[float, float],
    colour: str,
    width: float = 3,
) -> None:
    figure.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="lines+markers",
            line={"color": colour, "width": width},
            marker={"size": 9},
            hoverinfo="skip",
        )
    )
