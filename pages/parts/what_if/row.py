"""The real row that a what-if question starts from: picked, listed or drawn."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import read_parameter, write_parameter
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_facts import BY_ID, rows_of
from pages.parts.state import held, hold
from pages.parts.tables import apart, picked_places
from pages.parts.text import count_of

ROW = "row"
_KEY = "what_if_row"
_LISTED = 100
_LISTED_COLUMNS = 12


def choose_row(workspace: Workspace, run: Run, rows: int) -> int:
    """Draw the choice of the starting row and return its number, from 0.

    Args:
        workspace: Where data set and predictions are.
        run: Finished.
        rows: How many rows its data set has.
    """
    tested = [int(place) for place in rows_of(workspace, run, "test")]
    row = _asked_row(rows, tested)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Start from row",
            min_value=0,
            max_value=rows - 1,
            step=1,
            key=hold(_KEY, row),
            on_change=_store_row,
            help="Rows are counted from 0, as in the file without its header.",
            width=180,
        )
        st.button(
            "Random test row",
            key="random_row",
            icon=":material/casino:",
            on_click=_draw_row,
            args=(tested,),
            disabled=not tested,
        )
    kind = (
        "a test row: training never saw it"
        if row in set(tested)
        else ("a row that training or validation saw")
    )
    st.caption(f"Row {row:,} of {count_of(rows, 'row')} is {kind}.")
    _list_rows(workspace, run, tested)
    return row


def _asked_row(rows: int, tested: Sequence[int]) -> int:
    asked = read_parameter(ROW) or ""
    if asked.isdecimal() and len(asked) < 12 and int(asked) < rows:
        return int(asked)
    return tested[0] if tested else 0


def _store_row() -> None:
    row = held(_KEY, None)
    if row is not None:
        write_parameter(ROW, str(row))


def _draw_row(tested: Sequence[int]) -> None:
    write_parameter(ROW, str(secrets.choice(tested)))


def _list_rows(workspace: Workspace, run: Run, tested: Sequence[int]) -> None:
    with st.expander("Choose from the test rows", icon=":material/list:"):
        if not tested:
            st.caption("There are no test rows.")
            return
        frame = _rows_frame(workspace, str(workspace.home.root), run)
        key = f"test_rows:{run.id}"
        st.dataframe(
            frame,
            hide_index=True,
            height=300,
            key=key,
            on_select=lambda: _store_pick(key, tested),
            selection_mode="single-row",
            placeholder="",
            alt="Test rows; tick one to start from it",
        )
        if len(tested) > _LISTED:
            st.caption(f"The first {_LISTED} of {count_of(len(tested), 'test row')}.")


def _store_pick(key: str, tested: Sequence[int]) -> None:
    with ErrorBoundary():
        places = picked_places(key)
        if places:
            write_parameter(ROW, str(tested[places[0]]))


@st.cache_resource(max_entries=30, show_spinner=False, hash_funcs=BY_ID)
def _rows_frame(_workspace: Workspace, root: str, run: Run) -> pd.DataFrame:
    """Return the first test rows: number, targets, and the first inputs."""
    del root
    tested = rows_of(_workspace, run, "test")[:_LISTED]
    targets = run.experiment.target_columns()
    inputs = [given.column for given in run.experiment.inputs or ()]
    columns = [*targets, *inputs][:_LISTED_COLUMNS]
    missing = run.experiment.missing
    table = _workspace.library.table(run.dataset_id, columns, missing).take(tested)
    cells = [tested, *(table.categories(column) for column in columns)]
    names = apart(["Row", *columns])
    return pd.DataFrame(dict(zip(names, cells, strict=True)))
