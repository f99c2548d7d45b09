"""The two ways to begin: a file of one's own, or a sample."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NoReturn

import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.library.shared_folder import FILE_TYPES, find_shared_folder
from mtcore.data.samples import SAMPLES, Sample, write_sample
from mtcore.runs.workspace import Workspace
from mtcore.spec import plain_data
from pages.parts.address import go_to
from pages.parts.boundary import ErrorBoundary, show_kept
from pages.parts.server import is_served
from pages.parts.spec_words import METRIC_WORDS
from pages.parts.state import forget, next_key, numbered_key
from pages.parts.text import plain, size_of, visible
from pages.parts.uploads import store_upload

_MOST_MB = 500
_REFUSED = "why the last upload was refused"


def upload_data(workspace: Workspace) -> None:
    """Draw the upload; a file that was dropped is imported and opened at once."""
    with st.container(border=True, key="upload", height="stretch"):
        st.subheader("Start with your data")
        uploaded = st.file_uploader(
            "Upload a CSV",
            type=list(FILE_TYPES),
            key=numbered_key("upload"),
            max_upload_size=_MOST_MB,
            help="CSV, TSV, Excel or Parquet, or a .gz or .zip with one, its pictures "
            "beside it. Delimiter, encoding, decimal mark and header are found by "
            "themselves, and can be corrected afterwards.",
        )
        st.caption(
            "One row an example, one column a measurement. It stays on this machine."
        )
        if uploaded is None:
            show_kept(_REFUSED)
            return
        forget(_REFUSED)
        # From now on the uploader is a new, empty one, so that Streamlit gives the
        # file's memory back, whether it can be read or not.
        next_key("upload")()
        reading = f"Reading {plain(uploaded.name, 60)} ({size_of(uploaded.size)})"
        with ErrorBoundary(keep_as=_REFUSED), st.spinner(reading):
            path = store_upload(workspace.home, uploaded)
            try:
                dataset = workspace.import_file(path, name=visible(uploaded.name, 200))
            finally:
                path.unlink(missing_ok=True)
            go_to("Data", dataset=dataset.id)
        # Only a refused file comes here: draw the new uploader, which takes the next.
        st.rerun()


def open_shared_file(workspace: Workspace) -> None:
    """Offer the files of the folder that the operator allows; nothing without one."""
    folder = find_shared_folder(os.environ)
    if folder is None:
        return
    files = {file.name: file for file in folder.list()}
    with st.container(border=True, key="shared"):
        st.markdown("**Or open a file on the server**")
        if not files:
            st.caption("The folder that the operator chose holds no table yet.")
            return
        choice, button = st.columns((4, 1), vertical_alignment="bottom")
        name = choice.selectbox(
            "File",
            list(files),
            format_func=lambda name: (
                f"{visible(name, 120)} ({size_of(files[name].bytes)})"
            ),
            key="shared_file",
        )
        if button.button("Open", key="open_shared", width="stretch"):
            with st.spinner(f"Reading {plain(name, 60)}"):
                dataset = workspace.import_file(
                    folder.path_of(name), name=visible(Path(name).name, 200)
                )
            go_to("Data", dataset=dataset.id)


def show_samples(workspace: Workspace) -> None:
    """Draw a card for each sample: what it shows and how well it can be predicted."""
    st.subheader("Or try a sample")
    for column, sample in zip(st.columns(len(SAMPLES)), SAMPLES, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{sample.title}**")
            st.markdown(sample.description)
            if sample.best_possible:
                st.caption(f"Best possible: {best_possible(sample)}.")
            st.space("stretch")
            if st.button(
                "Try this sample",
                key=f"sample:{sample.id}",
                icon=":material/play_arrow:",
                width="stretch",
            ):
                _open_sample(workspace, sample)


def warm_up_workers(workspace: Workspace) -> None:
    """Have the workers started once the page stands, before they are needed.

    The first upload or training then finds them ready.
    """
    if is_served():
        workspace.warm_up()


def best_possible(sample: Sample) -> str:
    """Return the best scores that anything could reach, as a phrase in Markdown."""
    return ", ".join(
        f"{plain(head)} {METRIC_WORDS.get(metric, metric)} {value:.3g}"
        for head, metrics in sample.best_possible.items()
        for metric, value in list(metrics.items())[:1]
    )


def _open_sample(workspace: Workspace, sample: Sample) -> NoReturn:
    with st.spinner("Making the sample"):
        dataset = _import_sample(workspace, sample)
    draft = workspace.drafts.create(dataset.id, plain_data(sample.experiment))
    go_to("Design", dataset=dataset.id, draft=draft.id)


def _import_sample(workspace: Workspace, sample: Sample) -> Dataset:
    """Import a sample here: small and known, it needs no worker."""
    workspace.home.uploads.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=workspace.home.uploads) as folder:
        path = write_sample(sample.id, Path(folder))
        return workspace.library.add(path, name=sample.file_name)
