"""The script of a run, run in a process of its own and held against the run."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.store.takeaways import Takeaway
from mtcore.runs.workspace import Workspace
from pages.parts.run_words import NOTHING, number
from pages.parts.share.making import (
    is_being_made,
    make_button,
    show_failure,
    show_making,
)
from pages.parts.tables import show_frame
from pages.parts.text import plain, visible


def show_check(workspace: Workspace, run: Run) -> None:
    """Draw the button that checks the script, and what came out."""
    st.subheader("Is the script true to the run?", anchor=False)
    st.caption(
        "A worker runs the Keras script in a process without this dashboard's code: "
        "once with the run's weights, once trained again from the file, and by two "
        "further seeds where that comes to another network."
    )
    if is_being_made(workspace, run, "check"):
        show_making(run, "check", "Being checked")
        return
    made = workspace.takeaway(run.id, "check")
    if made is not None:
        show_failure(made)
        for note in made.notes:
            st.markdown(plain(note))
        if made.comparisons:
            show_frame(
                comparison_frame(made), "The run beside its script", "script_checked"
            )
    label = "Check the script" if made is None else "Check again"
    make_button(workspace, run, "check", label, ":material/fact_check:")


def comparison_frame(made: Takeaway) -> pd.DataFrame:
    """Return a line a head: both metrics on test rows, and how far answers differ."""
    return pd.DataFrame(
        [
            {
                "Head": visible(found.head, 60),
                "Metric on test rows": found.metric,
                "The run's networks": _shown(found.run),
                "The script, trained again": _shown(found.again),
                "With its weights, off by (deviations)": f"{found.off:.1g}",
            }
            for found in made.comparisons
        ]
    )


def _shown(value: float | None) -> str:
    return NOTHING if value is None else number(value, 4)
