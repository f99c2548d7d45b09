"""The Train page without a run: those in progress, and the latest others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtcore.runs.store.run import ACTIVE, Run
from pages.parts.address import link_to
from pages.parts.run_choice import show_finished_runs, show_run_links

_MOST_OTHERS = 12


def show_run_list(runs: Sequence[Run]) -> None:
    """Draw links to runs; where there is none, say how to get one."""
    if not runs:
        show_finished_runs("Train", runs)
        return
    active = [run for run in runs if run.status in ACTIVE]
    st.subheader("In progress", anchor=False)
    if not active:
        st.caption("No run is in progress.")
    show_run_links("Train", active)
    others = [run for run in runs if run.status not in ACTIVE]
    if others:
        st.subheader("Latest runs", anchor=False)
        show_run_links("Train", others[:_MOST_OTHERS])
        link_to("Compare", "All runs, side by side", icon=":material/compare_arrows:")
