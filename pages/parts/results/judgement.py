"""Verdicts and scores; they fill themselves once the trees beside them are done."""

from __future__ import annotations

import streamlit as st

from mtcore.errors import MissingError
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.boundary import ErrorBoundary
from pages.parts.results.scores import show_scores
from pages.parts.results.verdicts import judge_heads, show_summary, show_verdicts
from pages.parts.run_facts import baselines_of, reports_of

LOOK_AGAIN_S = 1.0


def show_judgement(workspace: Workspace, run: Run) -> None:
    """Draw the run's sentence, a verdict a head, and the table of scores."""
    known = baselines_of(workspace, run)
    every = LOOK_AGAIN_S if known is None else None
    st.fragment(_show, run_every=every)(workspace, run, waited=known is None)


@ErrorBoundary()
def _show(workspace: Workspace, run: Run, *, waited: bool) -> None:
    baselines = baselines_of(workspace, run)
    if waited and baselines is not None:
        # The page without this clock.
        st.rerun()
    if run.summary is None:
        msg = "This run's summary is missing. Train it again."
        raise MissingError(msg, where=run.id)
    boosted = baselines.on_test_rows() if baselines else None
    verdicts = judge_heads(run, run.summary, boosted)
    show_summary(verdicts)
    show_verdicts(run, run.summary, verdicts)
    show_scores(run, run.summary, reports_of(workspace, run), baselines)
