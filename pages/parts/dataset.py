"""The data set that a page is about, with what is known of its columns.

Reports and profiles of wide files take a while to load, so they are kept by id; a data
set never changes under its id.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.data.library import Dataset
from mtcore.data.profile import Profile
from mtcore.data.reading.report import ReadingReport
from mtcore.runs.workspace import Workspace
from pages.parts.address import link_to


def report_of(dataset: Dataset) -> ReadingReport:
    """Return how a data set was read."""
    return _report(str(dataset.folder), dataset)


def profile_of(dataset: Dataset) -> Profile:
    """Return what each of its columns holds."""
    return _profile(str(dataset.folder), dataset)


def preview_of(workspace: Workspace, dataset: Dataset, rows: int) -> pd.DataFrame:
    """Return its first rows."""
    return _preview(str(dataset.folder), rows, workspace, dataset)


def say_no_dataset(what_for: str) -> None:
    """Say what to do on a page that needs data and was opened without."""
    st.info(f"There is no data {what_for} yet.", icon=":material/table_chart:")
    link_to("Home", "Upload a CSV or try a sample", icon=":material/home:")


@st.cache_resource(max_entries=32, show_spinner=False)
def _report(folder: str, _dataset: Dataset) -> ReadingReport:
    del folder
    return _dataset.report


@st.cache_resource(max_entries=32, show_spinner=False)
def _profile(folder: str, _dataset: Dataset) -> Profile:
    del folder
    return _dataset.profile


@st.cache_resource(max_entries=8, show_spinner=False)
def _preview(
    folder: str, rows: int, _workspace: Workspace, _dataset: Dataset
) -> pd.DataFrame:
    del folder
    return _workspace.library.preview(_dataset.id, rows)
