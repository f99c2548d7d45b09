"""Another name for a run, where two people may think of one at the same time."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.state import forget, recall, remember
from pages.parts.text import plain

_NOT_TAKEN = "name that was not taken"


def rename(workspace: Workspace, run: Run, name: str) -> None:
    """Give a run another name, unless somebody else did so since it was read here."""
    if not workspace.runs.rename(run.id, name, known_as=run.name):
        remember(_NOT_TAKEN, (name, workspace.runs.get(run.id).name))


def show_name_not_taken() -> None:
    """Say that a run kept the name that somebody else gave it, until that is read."""
    told: tuple[str, str] | None = recall(_NOT_TAKEN, None)
    if told is None:
        return
    wanted, theirs = told
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/edit: Somebody else named this run **{plain(theirs, 60)}** "
            f"meanwhile, so it is not called {plain(wanted, 60)}: rename it again if "
            "that is the better name."
        )
        st.button(
            "Dismiss",
            key="dismiss_name_not_taken",
            type="tertiary",
            on_click=lambda: forget(_NOT_TAKEN),
        )
