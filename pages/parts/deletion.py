"""Deleting data sets and runs: asked by name, and undone with one click."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.runs.workspace import Workspace
from pages.parts.boundary import ErrorBoundary
from pages.parts.state import Deleted, forget_deleted, recall_deleted, remember_deleted
from pages.parts.text import plain, size_of


def ask_to_delete(workspace: Workspace, what: Deleted, consequence: str) -> None:
    """Open a dialog that names what would be deleted.

    Args:
        workspace: Where it is deleted from.
        what: Its kind, id and name.
        consequence: One sentence, as Markdown: what goes with it and what stays.
    """

    @st.dialog(f"Delete this {what.kind}?")
    @ErrorBoundary()
    def ask() -> None:
        st.markdown(f"**{plain(what.name, 200)}**")
        st.markdown(f"{consequence} You can undo this afterwards.")
        keep, delete = st.columns(2)
        kept = keep.button("Keep it", key="keep", width="stretch")
        deleted = delete.button(
            f"Delete {plain(what.name, 24)}",
            key="delete",
            type="primary",
            width="stretch",
            on_click=_delete,
            args=(workspace, what),
        )
        if kept or deleted:
            st.rerun()

    ask()


@st.dialog("Remove these data sets for good?")
@ErrorBoundary()
def ask_to_purge(workspace: Workspace, deleted: Sequence[Dataset]) -> None:
    """Open a dialog that names the deleted data sets and gives their space back.

    Args:
        workspace: Where they are.
        deleted: What can still be restored now, and cannot afterwards.
    """
    for dataset in deleted:
        st.markdown(f"**{plain(dataset.name, 200)}**, {size_of(dataset.disk_bytes)}")
    st.markdown("Their files are removed from the disk. This cannot be undone.")
    keep, remove = st.columns(2)
    kept = keep.button("Keep them", key="keep_deleted", width="stretch")
    removed = remove.button(
        "Remove for good",
        key="remove_deleted",
        type="primary",
        width="stretch",
        on_click=_purge,
        args=(workspace,),
    )
    if kept or removed:
        st.rerun()


def _purge(workspace: Workspace) -> None:
    with ErrorBoundary():
        workspace.library.purge_deleted()
        offered = recall_deleted()
        if offered is not None and offered.kind == "data set":
            forget_deleted()


def show_undo(workspace: Workspace) -> None:
    """Offer to bring back what was deleted last, until that is done or waved away."""
    deleted = recall_deleted()
    if deleted is None:
        return
    with st.container(key="undo", horizontal=True, vertical_alignment="center"):
        name = plain(deleted.name, 60)
        st.markdown(f":material/delete: Deleted the {deleted.kind} **{name}**.")
        if st.button("Undo", key="undo_deletion", icon=":material/undo:"):
            _restore(workspace, deleted)
            forget_deleted()
            st.rerun()
        if st.button("Dismiss", key="dismiss_deletion", type="tertiary"):
            forget_deleted()
            st.rerun()


def _delete(workspace: Workspace, what: Deleted) -> None:
    with ErrorBoundary():
        match what.kind:
            case "data set":
                workspace.library.delete(what.id)
            case "run":
                workspace.runs.delete(what.id)
        remember_deleted(what)


def _restore(workspace: Workspace, what: Deleted) -> None:
    match what.kind:
        case "data set":
            workspace.library.restore(what.id)
        case "run":
            workspace.runs.restore(what.id)
