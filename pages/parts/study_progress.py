"""A study of a run while it waits, trains, or has ended before its time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mtcore.runs.store.run import ACTIVE, Run
from mtcore.runs.store.study import Study
from mtcore.runs.workspace import Workspace
from mtcore.search.trials import trial_count
from pages.parts.address import is_view
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_words import STATUS_ICONS, duration
from pages.parts.server import forget_active_runs
from pages.parts.text import count_of, plain


def offer_study(
    workspace: Workspace,
    run: Run,
    latest: Run | None,
    label: str,
    choose: Callable[[], Study],
) -> None:
    """Draw a study's settings and the button that starts it, where it can be now.

    Args:
        workspace: Where it is queued.
        run: Finished.
        latest: The latest study of this kind, which stays until a new one has points.
        label: Constant words for the button.
        choose: Draws the settings and returns the study they ask for.
    """
    active = latest is not None and latest.status in ACTIVE
    if active or is_view():
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        study = choose()
        _start_button(workspace, run, study, f"{label} again" if latest else label)


def show_standing(workspace: Workspace, study: Run, points: int) -> None:
    """Draw how far a study is, with a way to end it; nothing when it is complete.

    Args:
        workspace: Where it is queued.
        study: As the store has it.
        points: Trainings that are done.
    """
    if study.study is None:
        return
    total = trial_count(study.experiment, study.study)
    match study.status:
        case "FINISHED" if points < total:
            st.caption(
                f":material/stop_circle: Stopped after {points} of "
                f"{count_of(total, 'training')}. What is done is shown."
            )
        case "FINISHED" | "KILLED":
            return
        case "FAILED":
            st.error(
                f"This could not be finished. {plain(study.failure or '')}",
                icon=STATUS_ICONS["FAILED"],
            )
        case _:
            _show_active(workspace, study, points, total)


def _show_active(workspace: Workspace, study: Run, points: int, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            st.progress(_share(study), text=_words(workspace, study, points, total))
        if is_view():
            return
        st.button(
            "Stopping…" if study.stopping else "Cancel",
            key=f"stop_{study.id}",
            icon=":material/stop_circle:",
            disabled=study.stopping,
            on_click=_stop,
            args=(workspace, study.id),
            help="Ends all trainings of this. Those that are done stay.",
        )


def _start_button(workspace: Workspace, run: Run, study: Study, label: str) -> None:
    """Draw the button that starts a study, with what it will take."""
    count = trial_count(run.experiment, study)
    with st.container(horizontal=True, vertical_alignment="center"):
        clicked = st.button(
            label, key=f"start_{study.kind}", icon=":material/play_arrow:"
        )
        st.caption(f"{count_of(count, 'training')}{_estimate(run, count)}.")
    if clicked:
        workspace.start_study(run.id, study)
        forget_active_runs()
        # The whole page: it must look again from now on, which a part of it can't.
        st.rerun()


def _share(study: Run) -> float:
    progress = study.progress
    if progress is None or not progress.epochs:
        return 0.0
    return min(progress.epoch / progress.epochs, 1.0)


def _words(workspace: Workspace, study: Run, points: int, total: int) -> str:
    if study.status == "SCHEDULED":
        place = workspace.queue_place(study.id)
        return f"Waiting, place {place} in the queue." if place else "Waiting."
    if study.status == "INTERRUPTED":
        return "Its worker was lost; it goes on by itself as soon as one is there."
    words = f"Training {min(points + 1, total)} of {total}"
    left_s = study.progress.seconds_left if study.progress else None
    return f"{words}, about {duration(left_s)} left." if left_s else f"{words}."


def _estimate(run: Run, count: int) -> str:
    """Return about how long so many trainings of a run take."""
    if run.summary is None:
        return ""
    each_s = run.summary.seconds.train / max(run.summary.networks, 1)
    return f", about {duration(max(count * each_s, 1.0))} and some compiling"


def _stop(workspace: Workspace, study_id: str) -> None:
    with ErrorBoundary():
        workspace.stop_run(study_id)
        forget_active_runs()
