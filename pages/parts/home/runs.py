"""Recent runs on Home: what became of each, and the way to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from mtcore.evaluation.metrics import metrics_of
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import PageName, link_to
from pages.parts.deletion import ask_to_delete
from pages.parts.run_words import STATUS_ICONS, metric_value, status_words
from pages.parts.spec_words import METRIC_WORDS
from pages.parts.state import Deleted
from pages.parts.text import plain, time_since

_FIRST_SHOWN = 6
_WIDTHS = (3.4, 1.6, 3.4, 1.4, 0.6)
_MOST_HEADS = 3
_COLOURS: dict[str, Literal["gray", "blue", "orange", "green", "red"]] = {
    "SCHEDULED": "gray",
    "RUNNING": "blue",
    "INTERRUPTED": "orange",
    "FINISHED": "green",
    "FAILED": "red",
    "KILLED": "gray",
}


def show_runs(workspace: Workspace) -> None:
    """Draw a row for each of the latest runs; nothing where there is none."""
    runs = workspace.runs.list()
    if not runs:
        return
    st.subheader("Recent runs")
    for run in runs[:_FIRST_SHOWN]:
        with st.container(key=f"list_row_{run.id}"):
            _show_run(workspace, run)
    if len(runs) > 1:
        link_to(
            "Compare",
            "All runs, side by side",
            icon=":material/compare_arrows:",
        )


def page_for(run: Run) -> PageName:
    """Return the page that shows a run as it is now."""
    return "Results" if run.status == "FINISHED" else "Train"


def _show_run(workspace: Workspace, run: Run) -> None:
    name, status, scores, age, delete = st.columns(
        _WIDTHS, vertical_alignment="center", gap="small"
    )
    with name:
        link_to(
            page_for(run),
            plain(run.name, 60),
            icon=":material/insights:",
            run=run.id,
        )
    status.badge(
        status_words(run), icon=STATUS_ICONS[run.status], color=_COLOURS[run.status]
    )
    scores.caption(scores_of(run) or plain(run.dataset_name, 60))
    age.caption(time_since(run.created, datetime.now(UTC)))
    if delete.button(
        "",
        key=f"delete:{run.id}",
        icon=":material/delete:",
        type="tertiary",
        help="Delete this run",
    ):
        ask_to_delete(
            workspace,
            Deleted("run", run.id, run.name),
            "Its model, curves and results go. Its data set stays.",
        )


def scores_of(run: Run) -> str:
    """Return each head's first metric on the test rows, as a phrase in Markdown."""
    if run.summary is None:
        return ""
    phrases = []
    for head in run.experiment.heads[:_MOST_HEADS]:
        known = metrics_of(head.kind)
        metric = known[head.metrics[0]] if head.metrics else next(iter(known.values()))
        scored = run.summary.heads[head.name]
        value = metric_value(metric, scored.test.get(metric.name), scored.labelled.test)
        phrases.append(
            f"{plain(head.name, 24)} {METRIC_WORDS[metric.name]} **{plain(value)}**"
        )
    if len(run.experiment.heads) > _MOST_HEADS:
        phrases.append("…")
    return " · ".join(phrases)
