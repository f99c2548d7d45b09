"""Notes, names and labels of compared runs, and putting runs into the archive."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.store.tags import LONGEST_NOTE
from mtcore.runs.workspace import Workspace
from pages.parts.address import is_view
from pages.parts.boundary import ErrorBoundary
from pages.parts.renaming import rename
from pages.parts.run_actions import LONGEST_NAME
from pages.parts.state import forget, held, recall, remember
from pages.parts.text import count_of, visible

_ARCHIVED = "archived runs"


def edit_button(workspace: Workspace, run: Run) -> None:
    """Draw the button that opens a run's name, labels and note."""
    if is_view():
        return
    if st.button(
        "",
        key=f"edit_run:{run.id}",
        icon=":material/edit_note:",
        type="tertiary",
        help="Name, labels and note of this run",
    ):
        _edit(workspace, run)


def archive_button(workspace: Workspace, runs: Sequence[Run]) -> None:
    """Draw the button that puts runs into the archive, or takes them out of it."""
    if not runs or is_view():
        return
    back = all(run.archived for run in runs)
    words = "Take out of the archive" if back else "Archive"
    st.button(
        f"{words} ({len(runs)})" if len(runs) > 1 else words,
        key="archive_runs",
        icon=":material/unarchive:" if back else ":material/archive:",
        help="Archived runs are in no list unless they are asked for. Nothing of them "
        "is removed, and links to them go on working.",
        on_click=_archive,
        args=(workspace, [run.id for run in runs], not back),
    )


def show_archive_undo(workspace: Workspace) -> None:
    """Offer to undo what was archived last, until that is done or waved away."""
    last: tuple[list[str], bool] | None = recall(_ARCHIVED, None)
    if last is None or is_view():
        return
    run_ids, archived = last
    way = "into" if archived else "out of"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/archive: {count_of(len(run_ids), 'run')} {way} the archive."
        )
        st.button(
            "Undo",
            key="undo_archive",
            icon=":material/undo:",
            on_click=_undo,
            args=(workspace, run_ids, archived),
        )
        st.button(
            "Dismiss",
            key="dismiss_archive",
            type="tertiary",
            on_click=lambda: forget(_ARCHIVED),
        )


@st.dialog("About this run")
@ErrorBoundary()
def _edit(workspace: Workspace, run: Run) -> None:
    keys = {field: f"about_{field}:{run.id}" for field in ("name", "labels", "note")}
    st.text_input("Name", value=run.name, max_chars=LONGEST_NAME, key=keys["name"])
    known = sorted(
        {label for other in workspace.runs.list() for label in other.labels}
        | set(run.labels)
    )
    st.multiselect(
        "Labels",
        known,
        default=list(run.labels),
        format_func=lambda label: visible(label, 40),
        accept_new_options=True,
        key=keys["labels"],
        placeholder="Choose some, or type a new one",
    )
    st.text_area(
        "Note", value=run.note, max_chars=LONGEST_NOTE, key=keys["note"], height=140
    )
    if st.button(
        "Save", key="save_about", type="primary", on_click=_save,
        args=(workspace, run, keys),
    ):  # fmt: skip
        st.rerun()


def _save(workspace: Workspace, run: Run, keys: dict[str, str]) -> None:
    with ErrorBoundary():
        name = visible(held(keys["name"], run.name))
        if name and name != run.name:
            rename(workspace, run, name)
        note: str = held(keys["note"], run.note)
        labels = [visible(label) for label in held(keys["labels"], list(run.labels))]
        if note.strip() != run.note or tuple(labels) != run.labels:
            workspace.runs.describe(run.id, note, labels, known_as=run)


def _archive(workspace: Workspace, run_ids: list[str], archived: bool) -> None:
    with ErrorBoundary():
        workspace.runs.archive(run_ids, archived=archived)
        remember(_ARCHIVED, (run_ids, archived))


def _undo(workspace: Workspace, run_ids: list[str], archived: bool) -> None:
    with ErrorBoundary():
        workspace.runs.archive(run_ids, archived=not archived)
        forget(_ARCHIVED)
