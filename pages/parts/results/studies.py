"""Studies of a run: twins of its heads and a sweep over its weights, as they fill."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtcore.runs.store.run import ACTIVE, Run
from mtcore.runs.workspace import Workspace
from pages.parts.boundary import ErrorBoundary
from pages.parts.results.dial import show_dial
from pages.parts.results.twins import show_twins
from pages.parts.server import forget_active_runs

LOOK_AGAIN_S = 1.0


def show_studies(workspace: Workspace, run: Run) -> None:
    """Draw what twins and a sweep say about a run's heads, or offer to train them."""
    busy = _busy(workspace.runs.studies(run.id))
    every = LOOK_AGAIN_S if busy else None
    st.fragment(_show, run_every=every)(workspace, run, waited=busy)


@ErrorBoundary()
def _show(workspace: Workspace, run: Run, *, waited: bool) -> None:
    studies = workspace.runs.studies(run.id)
    if waited and not _busy(studies):
        # The page without this clock.
        forget_active_runs()
        st.rerun()
    show_twins(workspace, run, _latest(studies, "twins"))
    show_dial(workspace, run, _latest(studies, "sweep"))


def _busy(studies: Sequence[Run]) -> bool:
    return any(study.status in ACTIVE for study in studies)


def _latest(studies: Sequence[Run], kind: str) -> Run | None:
    """Return the newest study of a kind that was not thrown away."""
    for study in studies:
        if study.study and study.study.kind == kind and study.status != "KILLED":
            return study
    return None
