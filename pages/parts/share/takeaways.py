"""What can be made of a run, looked at again and again while something is."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.store.exports import EXPORTS
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.boundary import ErrorBoundary
from pages.parts.share.check import show_check
from pages.parts.share.files import show_files
from pages.parts.share.making import LOOK_AGAIN_S, is_being_made


def show_takeaways(workspace: Workspace, run: Run) -> None:
    """Draw the files of a run and the check of its script."""
    if _some_are_made(workspace, run):
        st.fragment(_follow, run_every=LOOK_AGAIN_S)(workspace, run)
    else:
        _show(workspace, run)


@ErrorBoundary()
def _follow(workspace: Workspace, run: Run) -> None:
    if not _some_are_made(workspace, run):
        # The page without this clock.
        st.rerun()
    _show(workspace, run)


def _show(workspace: Workspace, run: Run) -> None:
    show_files(workspace, run)
    show_check(workspace, run)


def _some_are_made(workspace: Workspace, run: Run) -> bool:
    made = [is_being_made(workspace, run, kind) for kind in EXPORTS]
    return any(made) or is_being_made(workspace, run, "check")
