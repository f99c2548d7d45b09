"""Charts on a page: drawn without tools around them, and with words for all."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a chart.

    Args:
        figure: As `mtcore.charts` made it.
        key: Unlike that of any other chart on the page; the same when only the data
            changes, so that the chart is updated and not made anew.
        alt: What it shows, for those who cannot see it; visible text only.
    """
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=alt)
