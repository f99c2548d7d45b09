"""A run as files: a button for each kind, made by a worker, then a download."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.store.exports import EXPORTS, ExportKind
from mtcore.runs.store.run import Run
from mtcore.runs.store.takeaways import Takeaway
from mtcore.runs.workspace import Workspace
from pages.parts.share.making import (
    is_being_made,
    make_button,
    show_failure,
    show_making,
)
from pages.parts.text import file_stem, plain, size_of

_ICONS: dict[ExportKind, str] = {
    "html": ":material/description:",
    "keras": ":material/deployed_code:",
    "python": ":material/code:",
    "savedmodel": ":material/dns:",
    "mlflow": ":material/cloud_upload:",
    "onnx": ":material/memory:",
}
_CARDS_A_ROW = 2


def show_files(workspace: Workspace, run: Run) -> None:
    """Draw a card a kind of file."""
    st.subheader("Files for others", anchor=False)
    kinds = list(_ICONS)
    for first in range(0, len(kinds), _CARDS_A_ROW):
        columns = st.columns(_CARDS_A_ROW)
        for column, kind in zip(columns, kinds[first:], strict=False):
            with column, st.container(border=True, height="stretch"):
                _show_card(workspace, run, kind)


def _show_card(workspace: Workspace, run: Run, kind: ExportKind) -> None:
    facts = EXPORTS[kind]
    st.markdown(f"{_ICONS[kind]} **{facts.label}**")
    st.caption(facts.what)
    if is_being_made(workspace, run, kind):
        show_making(run, kind, "Being made")
        return
    made = workspace.takeaway(run.id, kind)
    if made is None or made.failure is not None:
        if made is not None:
            show_failure(made)
        make_button(workspace, run, kind, f"Make the {facts.label}", ":material/build:")
        return
    _show_download(workspace, run, kind, made)


def _show_download(
    workspace: Workspace, run: Run, kind: ExportKind, made: Takeaway
) -> None:
    path = workspace.takeaway_file(run.id, made.file or "")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            f"Download ({size_of(path.stat().st_size)})",
            data=path.read_bytes,
            file_name=f"{file_stem(run.name)}{''.join(path.suffixes)}",
            mime="application/octet-stream",
            key=f"download_{kind}",
            icon=":material/download:",
            on_click="ignore",
        )
        make_button(workspace, run, kind, "Make again", ":material/refresh:")
    for note in made.notes:
        st.caption(plain(note))
