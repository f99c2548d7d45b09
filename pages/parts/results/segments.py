"""Where a head is weak: its metric by the values of every column, worst first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.evaluation.metrics import metrics_of
from mtcore.evaluation.segments import HeadSegments, SegmentSheet
from mtcore.evaluation.wording import MINUS
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Head
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_facts import segments_of
from pages.parts.run_words import DIRECTION_SIGNS, metric_value
from pages.parts.tables import show_folded, show_frame
from pages.parts.text import plain, visible

LOOK_AGAIN_S = 1.0
_ALL = "All columns, the surely worst first"
_MOST_LINES = 100


def show_segments(workspace: Workspace, run: Run, position: int) -> None:
    """Draw the segments of a head folded away, once they have been worked out."""
    known = segments_of(workspace, run)
    every = LOOK_AGAIN_S if known is None else None
    st.fragment(_show, run_every=every)(workspace, run, position, waited=known is None)


@ErrorBoundary()
def _show(workspace: Workspace, run: Run, position: int, *, waited: bool) -> None:
    # Asked for now, so that they are there when somebody unfolds them.
    sheet = segments_of(workspace, run)
    if waited and sheet is not None:
        # The page without this clock.
        st.rerun()
    head = run.experiment.heads[position]
    show_folded(
        f"Where {plain(head.name, 40)} is weak",
        "segments",
        lambda: _show_sheet(head, position, sheet),
        icon=":material/troubleshoot:",
    )


def _show_sheet(head: Head, position: int, sheet: SegmentSheet | None) -> None:
    if sheet is None:
        st.caption("Test rows are being parted by every column, in the background.")
        return
    found = sheet.heads.get(head.name)
    if found is None or not found.segments:
        reason = f": {plain(sheet.failure)}" if sheet.failure else "."
        st.caption(f"There are too few labelled test rows to part{reason}")
        return
    columns = list(dict.fromkeys(one.column for one in found.segments))
    chosen = st.selectbox(
        "Part the test rows by",
        [_ALL, *sorted(columns)],
        format_func=lambda column: visible(column, 60),
        key=f"segments_of_h{position}",
        persist_state="page",
    )
    frame = segments_frame(head, found, None if chosen == _ALL else chosen)
    show_frame(frame, "Segments of the test rows, worst first", "segments")
    st.caption(
        f"Over all {found.rows:,} rows: "
        f"{metric_value(metrics_of(head.kind)[found.metric], found.score, found.rows)}."
        " Loss: how far the mean loss is above that of all rows. The order is by what "
        "is left of that when two standard errors are taken off, so that a small one "
        "does not lead by chance."
    )


def segments_frame(head: Head, found: HeadSegments, column: str | None) -> pd.DataFrame:
    """Return a line a segment, of one column or of all."""
    metric = metrics_of(head.kind)[found.metric]
    name = f"{metric.label} {DIRECTION_SIGNS[metric.direction]}"
    lines = [
        (
            visible(one.column, 60),
            visible(one.value, 60),
            one.rows,
            metric_value(metric, one.score, one.rows),
            f"{100 * one.excess:+.0f} %".replace("-", MINUS),
            "surely" if one.surely > 0 else "perhaps" if one.excess > 0 else "no",
        )
        for one in found.segments
        if column is None or one.column == column
    ][:_MOST_LINES]
    return pd.DataFrame(
        lines, columns=["Column", "Value", "Rows", name, "Loss", "Worse"]
    )
