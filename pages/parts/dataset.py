"""The data set that a page is about, with what is known of its columns.

Reports and profiles of wide files take a while to load, so they are kept by id; of a
data set nothing changes under its id but what its columns are taken for.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.profile.profile import Profile
from mtcore.data.reading.report import ReadingReport
from mtcore.runs.workspace import Workspace
from pages.parts.address import PageName, link_to
from pages.parts.text import count_of, plain

_MOST_OFFERED = 20


def report_of(dataset: Dataset) -> ReadingReport:
    """Return how a data set was read."""
    return _report(version_of(dataset), dataset)


def profile_of(dataset: Dataset) -> Profile:
    """Return what each of its columns holds."""
    return _profile(version_of(dataset), dataset)


def version_of(dataset: Dataset) -> str:
    """Return a text that changes when a column is taken for another kind."""
    return f"{dataset.folder}:{(dataset.folder / 'profile.json').stat().st_mtime_ns}"


def preview_of(workspace: Workspace, dataset: Dataset, rows: int) -> pd.DataFrame:
    """Return its first rows."""
    return _preview(str(dataset.folder), rows, workspace, dataset)


def ask_for_dataset(workspace: Workspace, page: PageName, what_for: str) -> None:
    """Offer the data sets on a page that needs one and was opened without.

    Args:
        workspace: Where they are.
        page: The page that each link opens.
        what_for: Ends the sentence "There is no data …".
    """
    datasets = workspace.library.list()
    if not datasets:
        st.info(f"There is no data {what_for} yet.", icon=":material/table_chart:")
        link_to("Home", "Upload a CSV or try a sample", icon=":material/home:")
        return
    st.markdown("Choose a data set:")
    for dataset in datasets[:_MOST_OFFERED]:
        link_to(
            page,
            f"{plain(dataset.name, 60)}, {count_of(dataset.rows, 'row')}",
            icon=":material/table_chart:",
            dataset=dataset.id,
        )
    link_to("Home", "Other data", icon=":material/home:")


@st.cache_resource(max_entries=32, show_spinner=False)
def _report(version: str, _dataset: Dataset) -> ReadingReport:
    del version
    return _dataset.report


@st.cache_resource(max_entries=32, show_spinner=False)
def _profile(version: str, _dataset: Dataset) -> Profile:
    del version
    return _dataset.profile


@st.cache_resource(max_entries=8, show_spinner=False)
def _preview(
    folder: str, rows: int, _workspace: Workspace, _dataset: Dataset
) -> pd.DataFrame:
    del folder
    return _workspace.library.preview(_dataset.id, rows)
