"""Charts on a page: drawn without tools around them, and with words for all."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.parts.boundary import ErrorBoundary
from pages.parts.state import held


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a chart.

    Args:
        figure: As `mtcore.charts` made it.
        key: Unlike that of any other chart on the page; the same when only the data
            changes, so that the chart is updated and not made anew.
        alt: What it shows, for those who cannot see it; visible text only.
    """
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=alt)


def draw_once(
    about: Hashable, make: Callable[[], go.Figure], key: str, alt: str
) -> None:
    """Draw a chart of what does not change: it is built once for all visitors.

    Args:
        about: Tells the chart from all others with the same key, on all runs.
        make: Builds it.
        key: As for `draw`.
        alt: As for `draw`.
    """
    draw(_built(about, key, make), key, alt)


@st.cache_resource(max_entries=200, show_spinner=False)
def _built(about: Hashable, key: str, _make: Callable[[], go.Figure]) -> go.Figure:
    del about, key
    return _make()


def draw_clickable(
    figure: go.Figure, key: str, alt: str, clicked: Callable[[int], None]
) -> None:
    """Draw a chart whose points can be clicked.

    Args:
        figure: As `mtcore.charts` made it, with points in one of its traces.
        key: As for `draw`.
        alt: As for `draw`; say where else the same can be chosen, as not all can click.
        clicked: Called with a point's place in its trace, before the page is drawn
            anew.
    """

    def pass_on() -> None:
        with ErrorBoundary():
            state: dict[str, dict[str, list[dict[str, Any]]]] | None = held(key, None)
            points = state["selection"]["points"] if state else []
            if points:
                clicked(int(points[0]["point_index"]))

    st.plotly_chart(
        figure,
        key=key,
        config={"displayModeBar": False},
        alt=alt,
        on_select=pass_on,
        selection_mode="points",
    )
