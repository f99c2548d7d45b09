"""Scoring a file of new rows: every row's answers as a CSV to download."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from mtcore.data.library import Dataset
from mtcore.runs.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.boundary import ErrorBoundary
from pages.parts.design_files import file_stem
from pages.parts.home_start import FILE_TYPES, store_upload
from pages.parts.state import forget, next_key, numbered_key, recall, remember
from pages.parts.text import count_of, plain, size_of, visible

_SHOWN_ROWS = 50
_MOST_MB = 500


@st.fragment
@ErrorBoundary()
def score_new_rows(workspace: Workspace, run: Run) -> None:
    """Draw the choice of a file or data set, and the scores of its rows."""
    st.subheader("Score a file of new rows", anchor=False)
    st.caption(
        "The file needs the columns that the model was trained on. The targets need "
        "not be there."
    )
    upload, choose = st.columns(2, gap="large")
    with upload:
        _take_upload(workspace, run)
    with choose:
        _choose_dataset(workspace, run)
    scored: str | None = recall(_name(run), None)
    if scored is not None:
        path = _scores(workspace, str(workspace.home.root), run.id, scored)
        _show_scores(path, workspace.library.get(scored), run)


@st.cache_resource(max_entries=50, ttl=3600, show_spinner="Scoring the rows")
def _scores(_workspace: Workspace, root: str, run_id: str, dataset_id: str) -> Path:
    del root
    return _workspace.score(run_id, dataset_id)


def _take_upload(workspace: Workspace, run: Run) -> None:
    name = f"upload of {_name(run)}"
    uploaded = st.file_uploader(
        "Upload a file of new rows",
        type=FILE_TYPES,
        key=numbered_key(name),
        max_upload_size=_MOST_MB,
        help="It is read like any other file and kept in the library.",
    )
    if uploaded is None:
        return
    # The next rerun has a new, empty uploader, so that the file's memory is given back.
    next_key(name)()
    with st.spinner(f"Reading {plain(uploaded.name, 60)} ({size_of(uploaded.size)})"):
        path = store_upload(workspace.home, uploaded)
        try:
            dataset = workspace.import_file(path, name=visible(uploaded.name, 200))
        finally:
            path.unlink(missing_ok=True)
    remember(_name(run), dataset.id)
    st.rerun()


def _choose_dataset(workspace: Workspace, run: Run) -> None:
    datasets = {dataset.id: dataset for dataset in workspace.library.list()}
    chosen = st.selectbox(
        "Or a data set of the library",
        list(datasets),
        index=None,
        format_func=lambda dataset_id: _dataset_words(datasets[dataset_id]),
        placeholder="Choose a data set",
        key=f"dataset of {_name(run)}",
    )
    if st.button(
        "Score its rows",
        key="score_dataset",
        icon=":material/play_arrow:",
        disabled=chosen is None,
    ):
        remember(_name(run), chosen)


def _dataset_words(dataset: Dataset) -> str:
    return f"{visible(dataset.name, 60)} ({count_of(dataset.rows, 'row')})"


def _show_scores(path: Path, dataset: Dataset, run: Run) -> None:
    st.success(
        f"Scored {count_of(dataset.rows, 'row')} of {plain(dataset.name, 80)}.",
        icon=":material/check_circle:",
    )
    frame = pd.read_csv(path, nrows=_SHOWN_ROWS, dtype=str, keep_default_na=False)
    st.dataframe(frame, hide_index=True, height=320, alt="The first scored rows")
    if dataset.rows > _SHOWN_ROWS:
        st.caption(f"The first {_SHOWN_ROWS} rows; the file has them all.")
    with st.container(horizontal=True):
        st.download_button(
            "Download the scores as CSV",
            data=path.read_bytes,
            file_name=f"{file_stem(dataset.name)}_scored.csv",
            mime="text/csv",
            key="download_scores",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
        st.button(
            "Dismiss",
            key="dismiss_scores",
            type="tertiary",
            on_click=forget,
            args=(_name(run),),
        )


def _name(run: Run) -> str:
    return f"scored with {run.id}"
