"""Things made in the background: what stands on a page until they are there."""

from __future__ import annotations

import time

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.store.takeaways import Takeaway, TakeawayName
from mtcore.runs.workspace import Workspace
from pages.parts.address import is_view
from pages.parts.state import forget, recall, remember
from pages.parts.text import plain

LOOK_AGAIN_S = 1.0


def is_being_made(workspace: Workspace, run: Run, name: TakeawayName) -> bool:
    """Return whether this tab asked for something that is not there yet."""
    asked: float | None = recall(_key(run, name), None)
    if asked is not None and workspace.takeaway(run.id, name) is not None:
        forget(_key(run, name))
        return False
    return asked is not None


def make_button(
    workspace: Workspace, run: Run, name: TakeawayName, label: str, icon: str
) -> None:
    """Draw a button that has something made."""
    if is_view():
        return
    st.button(
        label,
        key=f"make_{name}",
        icon=icon,
        on_click=_make,
        args=(workspace, run, name),
    )


def show_making(run: Run, name: TakeawayName, what: str) -> None:
    """Say that a worker is at it, and for how long it has been."""
    asked: float = recall(_key(run, name), time.time())
    seconds = max(time.time() - asked, 0.0)
    st.markdown(f":material/progress_activity: {what} for {seconds:.0f} s")


def show_failure(made: Takeaway) -> None:
    """Say why something could not be made."""
    if made.failure is not None:
        st.warning(plain(made.failure), icon=":material/info:")


def _make(workspace: Workspace, run: Run, name: TakeawayName) -> None:
    workspace.take_away(run.id, name)
    remember(_key(run, name), time.time())


def _key(run: Run, name: TakeawayName) -> str:
    return f"{name} of {run.id} asked for"
