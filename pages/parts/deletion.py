"""Deleting data sets and runs: asked by name, and undone with one click."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.workspace import Workspace
from pages.parts.boundary import ErrorBoundary
from pages.parts.state import Deleted, forget_deleted, recall_deleted, remember_deleted
from pages.parts.text import plain


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
