"""Ranges around a run's answers: how wide they are, and how often they held."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.charts.coverage import Held, interval_coverage
from mtcore.evaluation.conformal import Intervals, Measured
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Head
from pages.parts.boundary import ErrorBoundary
from pages.parts.charts import draw
from pages.parts.run_facts import intervals_of
from pages.parts.run_words import NOTHING, percent
from pages.parts.tables import show_table
from pages.parts.text import count_of, visible

TOGETHER = "All heads together"


def show_intervals(workspace: Workspace, run: Run) -> None:
    """Draw how often ranges held; nothing for runs that were judged without them."""
    intervals = intervals_of(workspace, run)
    if intervals is None:
        return
    _show_level(run, intervals)


@st.fragment
@ErrorBoundary()
def _show_level(run: Run, intervals: Intervals) -> None:
    level = st.segmented_control(
        "They are to hold the truth in",
        intervals.levels,
        default=0.9,
        format_func=lambda one: f"{100 * one:g} %",
        required=True,
        key="interval_level",
        persist_state="page",
    )
    place = intervals.levels.index(level)
    held = held_at(run, intervals, place)
    draw(
        interval_coverage(held, level),
        "interval_coverage",
        "How often the range or set of each head held on test rows, with intervals",
    )
    frame = intervals_frame(run, intervals, place)
    show_table(frame, "ranges and sets", "intervals_table")
    st.caption(_explained(intervals))


def held_at(run: Run, intervals: Intervals, place: int) -> list[Held]:
    """Return how often each head's ranges held at the level with this place."""
    found = [
        Held(_cell_name(head, cell.name), position, measured)
        for position, head in enumerate(run.experiment.heads)
        for cell in intervals.heads[head.name]
        if (measured := cell.held[place]) is not None
    ]
    joint = intervals.joint[place]
    if joint is not None and len(found) > 1:
        found.append(Held(TOGETHER, None, joint))
    return found


def intervals_frame(run: Run, intervals: Intervals, place: int) -> pd.DataFrame:
    """Return a line a range: how often it held, and how wide it is on average."""
    lines = [
        (
            visible(_cell_name(head, cell.name), 80),
            *_held_cells(cell.held[place]),
            cell.size[place],
            "classes" if head.target_kind == "category" else "wide",
            cell.rows,
        )
        for head in run.experiment.heads
        for cell in intervals.heads[head.name]
    ]
    if len(lines) > 1:
        joint = _held_cells(intervals.joint[place])
        lines.append((TOGETHER, *joint, None, "", intervals.calibrated_on))
    return pd.DataFrame(
        lines,
        columns=["Head", "Held", "95 %", "Mean size", "Unit", "Calibrated on"],
    )


def _held_cells(measured: Measured | None) -> tuple[str, str]:
    if measured is None:
        return NOTHING, NOTHING
    ends = f"{percent(measured.low)} to {percent(measured.high)}"
    return percent(measured.share), ends


def _cell_name(head: Head, cell: str) -> str:
    return head.name if len(head.columns) == 1 else f"{head.name}: {cell}"


def _explained(intervals: Intervals) -> str:
    joint = (
        "Those of all heads together reach as far as the worst miss of a row asks for."
        if intervals.joint_by == "largest_score"
        else "Too few test rows carry all labels: for all heads together each range is "
        "made that much surer (Bonferroni), and how often they hold was not measured."
    )
    return (
        f"Half of the test rows ({count_of(intervals.calibrated_on, 'row')}) say how "
        f"far a range has to reach; the other {intervals.measured_on:,} say how often "
        "it held. No answer and no score depends on either. Numbers get a range, "
        f"classes the set that is not ruled out. {joint}"
    )
