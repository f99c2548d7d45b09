"""What can be done with a run anywhere: run again with changes, rename, delete."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import plain_data
from pages.parts.address import go_to, is_view
from pages.parts.boundary import ErrorBoundary
from pages.parts.deletion import ask_to_delete
from pages.parts.renaming import rename
from pages.parts.state import Deleted, held
from pages.parts.text import visible

LONGEST_NAME = 120


def run_again_button(
    workspace: Workspace,
    run: Run,
    *,
    label: str = "Run again with changes",
    primary: bool = False,
) -> None:
    """Draw the button that opens Design with this run's experiment.

    There is none where a link is for looking alone.

    Args:
        workspace: Where the draft is made.
        run: What the draft is filled from; it becomes the draft's parent.
        label: Constant words.
        primary: Whether it is the page's main button.
    """
    if is_view():
        return
    if st.button(
        label,
        key=f"run_again:{run.id}",
        icon=":material/restart_alt:",
        type="primary" if primary else "secondary",
        help="Opens Design filled with this run's experiment. This run stays.",
    ):
        open_design_of(workspace, run)


def open_design_of(workspace: Workspace, run: Run) -> None:
    """Make a draft of a run's experiment and go to Design with it."""
    draft = workspace.drafts.create(
        run.dataset_id, plain_data(run.experiment), parent_run=run.id
    )
    go_to("Design", dataset=run.dataset_id, draft=draft.id)


def delete_button(workspace: Workspace, run: Run) -> None:
    """Draw the button that deletes a run after asking; it can be undone."""
    if st.button(
        "Delete this run…",
        key=f"delete_run:{run.id}",
        icon=":material/delete:",
        width="stretch",
    ):
        ask_to_delete(
            workspace,
            Deleted("run", run.id, run.name),
            "Its model, curves and results go. Its data set stays.",
        )


def rename_button(workspace: Workspace, run: Run) -> None:
    """Draw the button that asks for another name of a run."""
    if st.button(
        "Rename this run…", key="rename_run", icon=":material/edit:", width="stretch"
    ):
        _ask_for_name(workspace, run)


@st.dialog("Rename this run")
@ErrorBoundary()
def _ask_for_name(workspace: Workspace, run: Run) -> None:
    """Open a dialog with the run's name."""
    key = f"new_name:{run.id}"
    name = st.text_input("Name", value=run.name, max_chars=LONGEST_NAME, key=key)
    if st.button(
        "Rename",
        key="rename",
        type="primary",
        disabled=not visible(name),
        on_click=_rename,
        args=(workspace, run, key),
    ):
        st.rerun()


def _rename(workspace: Workspace, run: Run, key: str) -> None:
    with ErrorBoundary():
        # What is in the field now, which may be newer than what was last drawn.
        name = visible(held(key, run.name))
        if name:
            rename(workspace, run, name)
