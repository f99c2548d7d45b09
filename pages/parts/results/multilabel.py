"""A head of several labels: all beside each other, and one at a time looked at."""

from __future__ import annotations

import streamlit as st

from mtcore.charts.classes import per_class
from mtcore.evaluation.reports import MultilabelReport
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.charts import draw
from pages.parts.results.binary import show_binary
from pages.parts.results.tables import labels_frame
from pages.parts.run_facts import SplitName
from pages.parts.tables import show_table
from pages.parts.text import visible


def show_labels(
    workspace: Workspace,
    run: Run,
    report: MultilabelReport,
    where: tuple[int, SplitName],
) -> None:
    """Draw the scores of all labels, then ranking and mistakes of a chosen one.

    Args:
        workspace: Where the run is.
        run: Finished.
        report: Of the head.
        where: The head's position in the experiment, and which part of the rows.
    """
    position, split = where
    draw(per_class(report, position), "labels", "Scores of each label")
    show_table(labels_frame(report), "label by label", "labels")
    closer = [entry.closer for entry in report.labels if entry.closer is not None]
    if not closer:
        return
    place: int = st.selectbox(
        "Label looked at",
        range(len(closer)),
        format_func=lambda place: visible(closer[place].head, 60),
        key=f"label_of_h{position}",
        persist_state="page",
    )
    found = closer[place]
    if found.labelled == found.unanswered:
        st.info("No row of this part says whether this label holds.")
        return
    show_binary(workspace, run, found, (position, split), None)
