"""Pages about a finished run, when there is none: say so, and lead to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from mtcore.runs.store.run import ACTIVE, Run
from pages.parts.address import PageName, link_to
from pages.parts.run_words import STATUS_ICONS, status_words
from pages.parts.text import plain, time_since

_MOST_RUNS = 12


def show_finished_runs(page: PageName, runs: Sequence[Run]) -> None:
    """Draw links to finished runs; where there is none, say how to get one.

    Args:
        page: Where the links lead.
        runs: All runs, newest first.
    """
    finished = [run for run in runs if run.status == "FINISHED"]
    if finished:
        st.markdown("Which run is it about?")
        show_run_links(page, finished[:_MOST_RUNS])
        link_to("Compare", "All runs, side by side", icon=":material/compare_arrows:")
        return
    if runs:
        st.info("No run has finished yet.", icon=":material/hourglass_empty:")
        link_to("Train", "See the runs in progress", icon=":material/model_training:")
        return
    st.info(
        "Nothing has been trained yet. Bring a table, say what to predict, and press "
        "Train: this page then has something to show.",
        icon=":material/model_training:",
    )
    link_to("Home", "Upload a CSV or try a sample", icon=":material/home:")


def show_run_links(page: PageName, runs: Sequence[Run]) -> None:
    """Draw a line a run: a link, what became of it, when, and its heads."""
    now = datetime.now(UTC)
    for run in runs:
        with st.container(horizontal=True, vertical_alignment="center"):
            link_to(
                page, plain(run.name, 60), icon=STATUS_ICONS[run.status], run=run.id
            )
            heads = ", ".join(plain(head.name, 24) for head in run.experiment.heads[:4])
            st.caption(
                f"{status_words(run)} · {time_since(run.created, now)} · {heads}"
            )


def show_study_link(run: Run) -> None:
    """Lead from a study to the run that it is about, where its outcome stands."""
    st.info(
        "This belongs to a run: how far it is and what it found stand with the run's "
        "results.",
        icon=":material/hub:",
    )
    link_to(
        "Results",
        "Results of the run",
        icon=":material/insights:",
        run=run.parent,
        look="studies",
    )


def show_not_finished(run: Run) -> None:
    """Say why a run has no results, and lead to where it is."""
    if run.status in ACTIVE:
        st.info(
            "This run has not finished yet. Its results will be here when it has.",
            icon=":material/hourglass_empty:",
        )
        link_to("Train", "Watch it train", icon=":material/model_training:", run=run.id)
        return
    st.warning(
        "This run came to no model, so there is nothing to show.",
        icon=STATUS_ICONS[run.status],
    )
    link_to("Train", "See why", icon=":material/model_training:", run=run.id)
