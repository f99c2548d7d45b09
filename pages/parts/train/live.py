"""A run while it waits or trains: drawn anew twice a second, until it has ended."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from mtcore.runs.store.run import ACTIVE, Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import is_view
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_words import STATUS_ICONS
from pages.parts.server import active_runs, forget_active_runs
from pages.parts.steady import steady_container
from pages.parts.train.curves import show_curves
from pages.parts.train.stages import show_stages, stage_of

LOOK_AGAIN_S = 0.5
SHOWN_GROUPS = ("train", "validation")


def follow_run(workspace: Workspace, run_id: str) -> None:
    """Draw a run that has not ended, again and again until it has."""
    st.fragment(_follow, run_every=LOOK_AGAIN_S)(workspace, run_id)


@ErrorBoundary()
def _follow(workspace: Workspace, run_id: str) -> None:
    run = workspace.runs.get(run_id)
    if run.status not in ACTIVE:
        # The page without this fragment says how it ended.
        forget_active_runs()
        st.rerun()
    with steady_container("live"):
        # Always there, so that what follows keeps its place and is updated, not moved.
        with st.container(key="interruption"):
            if run.status == "INTERRUPTED":
                _show_interruption(workspace, run)
        _show_standing(workspace, run)
        show_curves(run, workspace.runs.history(run_id, SHOWN_GROUPS))


def _show_standing(workspace: Workspace, run: Run) -> None:
    place = workspace.queue_place(run.id) if run.status == "SCHEDULED" else None
    others = any(entry.status == "RUNNING" for entry in active_runs(workspace))
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            show_stages(run, place, datetime.now(UTC), others_train=others)
        if not is_view():
            _show_stop(workspace, run)


def _show_stop(workspace: Workspace, run: Run) -> None:
    if run.status == "SCHEDULED":
        st.button(
            "Cancel",
            key="cancel_run",
            icon=":material/cancel:",
            on_click=_stop,
            args=(workspace, run.id),
            help="Takes this run out of the queue.",
        )
        return
    st.button(
        "Stopping…" if run.stopping else "Stop",
        key="stop_run",
        icon=":material/stop_circle:",
        disabled=run.stopping or stage_of(run) == "Judging",
        on_click=_stop,
        args=(workspace, run.id),
        help="Ends training now and keeps the best epoch so far.",
    )


def _stop(workspace: Workspace, run_id: str) -> None:
    with ErrorBoundary():
        workspace.stop_run(run_id)
        forget_active_runs()


def _show_interruption(workspace: Workspace, run: Run) -> None:
    st.warning(
        "This run gave no sign of life for a while: its worker may have been ended. "
        "It goes on by itself from its last checkpoint as soon as a worker is there.",
        icon=STATUS_ICONS["INTERRUPTED"],
    )
    if is_view():
        return
    st.button(
        "Resume now",
        key="resume_run",
        icon=":material/play_arrow:",
        on_click=_resume,
        args=(workspace, run.id),
    )


def _resume(workspace: Workspace, run_id: str) -> None:
    with ErrorBoundary():
        workspace.resume_run(run_id)
        forget_active_runs()
