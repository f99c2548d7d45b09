"""How a run ended: in words, with the way on."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import go_to
from pages.parts.run_actions import run_again_button
from pages.parts.run_facts import history_of
from pages.parts.run_words import duration
from pages.parts.text import count_of, plain
from pages.parts.train.curves import show_curves

_WHY_ENDED = {
    "epochs": "All epochs were trained",
    "patience": "It stopped by itself, as the validation loss got no better",
    "stop": "It was stopped, and its best epoch was kept",
}


def show_end(workspace: Workspace, run: Run) -> None:
    """Draw what became of a run that has ended, and its curves."""
    match run.status:
        case "FINISHED":
            _show_finished(workspace, run)
        case "FAILED":
            st.error(
                f"This run failed. {plain(run.failure or 'It gave no reason.')}",
                icon=":material/error:",
            )
            run_again_button(workspace, run, label="Change the design", primary=True)
        case _:
            st.info(
                "This run was cancelled before it came to anything.",
                icon=":material/cancel:",
            )
            run_again_button(workspace, run, primary=True)
    history = history_of(workspace, run)
    if history:
        show_curves(run, history)


def _show_finished(workspace: Workspace, run: Run) -> None:
    words = _WHY_ENDED.get(run.ended_by or "", "It has finished")
    if run.summary is not None:
        words += (
            f": best epoch {run.summary.best_epoch:,} of "
            f"{count_of(run.summary.epochs, 'epoch')}, trained in "
            f"{duration(run.summary.seconds.train)}"
        )
    st.success(f"{words}.", icon=":material/check_circle:")
    with st.container(horizontal=True):
        if st.button(
            "See the results",
            key="see_results",
            type="primary",
            icon=":material/insights:",
        ):
            go_to("Results", run=run.id)
        run_again_button(workspace, run)
