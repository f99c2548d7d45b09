"""Scoring a file of new rows: every row's answers as a CSV to download."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.library.shared_folder import FILE_TYPES
from mtcore.runs.cluster.errands import ScoredColumns
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec.intervals import LEVELS, Wanted
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_facts import intervals_of
from pages.parts.state import (
    forget,
    held,
    hold,
    next_key,
    numbered_key,
    recall,
    remember,
)
from pages.parts.text import count_of, file_stem, plain, size_of, visible
from pages.parts.uploads import store_upload

_SHOWN_ROWS = 50
_MOST_TOLD = 12
_MOST_MB = 500


@st.fragment
@ErrorBoundary()
def score_new_rows(workspace: Workspace, run: Run) -> None:
    """Draw the choice of rows, how they differ from training, and their scores."""
    st.subheader("Score a file of new rows", anchor=False)
    st.caption(
        "The file needs the columns that the model was trained on. The targets need "
        "not be there."
    )
    upload, choose = st.columns(2, gap="large")
    with upload:
        _take_upload(workspace, run)
    with choose:
        chosen = _choose_dataset(workspace, run)
    root = str(workspace.home.root)
    if chosen is not None:
        _show_differences(_differences(workspace, root, run.id, chosen))
        _ask_to_score(workspace, run, chosen)
    scored: tuple[str, ScoredColumns] | None = recall(_name(run), None)
    if scored is not None:
        path = _scores(workspace, root, run.id, *scored)
        if not path.exists():
            # It went with its run, which was brought back since.
            _scores.clear()
            path = _scores(workspace, root, run.id, *scored)
        _show_scores(path, workspace.library.get(scored[0]), run)


def _ask_to_score(workspace: Workspace, run: Run, chosen: str) -> None:
    """Draw what the file of scores shall hold, and the button that makes it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = None
        if intervals_of(workspace, run) is not None:
            level = st.selectbox(
                "Ranges beside the answers",
                [None, *LEVELS],
                format_func=lambda one: "none" if one is None else f"{100 * one:g} %",
                key=f"score_level:{run.id}",
                help="Two columns more for a number, one for a class: what holds the "
                "truth in this share of rows like the test rows.",
                width=200,
            )
            wanted = None if level is None else Wanted(level)
        if st.button(
            "Score these rows",
            key="score_dataset",
            icon=":material/play_arrow:",
        ):
            remember(_name(run), (chosen, ScoredColumns(True, wanted)))


def _show_differences(sentences: Sequence[str]) -> None:
    if not sentences:
        st.caption(
            ":material/check_circle: The rows look like those that were trained on."
        )
        return
    listed = "\n".join(f"- {plain(sentence)}" for sentence in sentences[:_MOST_TOLD])
    more = len(sentences) - _MOST_TOLD
    if more > 0:
        listed += f"\n- and {more:,} more differences."
    st.warning(
        f"These rows differ from those that were trained on:\n\n{listed}",
        icon=":material/compare:",
    )


@st.cache_resource(max_entries=50, ttl=3600, show_spinner="Comparing with training")
def _differences(
    _workspace: Workspace, root: str, run_id: str, dataset_id: str
) -> tuple[str, ...]:
    del root
    return _workspace.differences(run_id, dataset_id)


@st.cache_resource(max_entries=50, ttl=3600, show_spinner="Scoring the rows")
def _scores(
    _workspace: Workspace, root: str, run_id: str, dataset_id: str, kept: ScoredColumns
) -> Path:
    del root
    return _workspace.score(run_id, dataset_id, kept)


def _take_upload(workspace: Workspace, run: Run) -> None:
    name = f"upload of {_name(run)}"
    uploaded = st.file_uploader(
        "Upload a file of new rows",
        type=list(FILE_TYPES),
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
    remember(f"dataset of {_name(run)}", dataset.id)
    st.rerun()


def _choose_dataset(workspace: Workspace, run: Run) -> str | None:
    """Draw the choice of a data set; one that was uploaded here is chosen already."""
    datasets = {dataset.id: dataset for dataset in workspace.library.list()}
    name = f"dataset of {_name(run)}"
    chosen = recall(name, None)
    st.selectbox(
        "Or a data set of the library",
        list(datasets),
        index=None,
        format_func=lambda dataset_id: _dataset_words(datasets[dataset_id]),
        placeholder="Choose a data set",
        key=hold(f"{name} chosen", chosen if chosen in datasets else None),
        on_change=lambda: remember(name, held(f"{name} chosen", None)),
    )
    return chosen if chosen in datasets else None


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
