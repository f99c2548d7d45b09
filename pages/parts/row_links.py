"""Tables of rows of the data, each of which can be opened in What-if."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.runs.store.run import Run
from pages.parts.address import link_to
from pages.parts.tables import column_formats, fitting_height, show_folded
from pages.parts.text import count_of


def show_rows(run: Run, frame: pd.DataFrame, title: str, key: str) -> None:
    """Draw rows folded away under a title; one that is ticked can be asked about.

    Args:
        run: Whose rows they are.
        frame: Its column "Row" holds the rows' numbers in the data set.
        title: Constant words.
        key: Unlike that of any other table on the page.
    """
    show_folded(
        title, key, lambda: _show(run, frame, title, key), icon=":material/list:"
    )


def _show(run: Run, frame: pd.DataFrame, title: str, key: str) -> None:
    ticked = st.dataframe(
        frame,
        hide_index=True,
        key=key,
        height=fitting_height(len(frame)),
        column_config=column_formats(frame),
        placeholder="—",
        on_select="rerun",
        selection_mode="single-row",
        alt=f"{title}, {count_of(len(frame), 'row')}; tick one to open it in What-if",
    )
    places = ticked["selection"]["rows"]
    if not places or places[0] >= len(frame):
        st.caption("Tick a row to ask what-if about it.")
        return
    row = int(frame["Row"].iloc[places[0]])
    link_to(
        "What-if",
        f"Ask what-if about row {row:,}",
        icon=":material/tune:",
        run=run.id,
        row=str(row),
    )
