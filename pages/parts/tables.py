"""Tables under charts, and tables whose rows can be ticked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts.state import held
from pages.parts.text import count_of

_ROW_HEIGHT, _MOST_ROWS = 35, 10


def show_table(
    frame: pd.DataFrame, label: str, key: str, *, expanded: bool = False
) -> None:
    """Draw a table folded away under a chart.

    Args:
        frame: What the chart is drawn from.
        label: Constant words for the fold and for those who cannot see.
        key: Unlike that of any other table on the page.
        expanded: Begin unfolded.
    """
    with st.expander(f"Table: {label}", expanded=expanded, icon=":material/table:"):
        show_frame(frame, label, key)


def show_frame(frame: pd.DataFrame, label: str, key: str) -> None:
    """Draw a table, numbers with at most four digits after the point."""
    shown = min(len(frame), _MOST_ROWS)
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        height=(shown + 1) * _ROW_HEIGHT + 3,
        placeholder="—",
        alt=f"{label}, {count_of(len(frame), 'row')}",
    )


def picked_places(key: str) -> list[int]:
    """Return the places of the ticked rows of a table, rising; for its callback."""
    state: dict[str, dict[str, list[int]]] | None = held(key, None)
    return sorted(state["selection"]["rows"]) if state else []
