"""The table of what is taken for what, in rows or in shares."""

from __future__ import annotations

import streamlit as st

from mtcore.evaluation.reports import Confusion
from pages.parts.results.tables import confusion_frame
from pages.parts.tables import show_frame


def show_confusion(confusion: Confusion) -> None:
    """Draw the table under the chart of actual and predicted classes."""
    with st.expander("Table: what is taken for what", icon=":material/table:"):
        words = st.segmented_control(
            "Cells",
            ["Rows", "Share of the actual class"],
            default="Rows",
            required=True,
            key="confusion_cells",
        )
        frame = confusion_frame(confusion, shares=words != "Rows")
        show_frame(frame, "Actual classes by predicted ones", "confusion_table")
