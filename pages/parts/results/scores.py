"""Every metric of every head on every part of the rows, beside the baselines."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.evaluation.metrics import Metric, metrics_of
from mtcore.evaluation.reports import HeadReport
from mtcore.runs.store.run import Run
from mtcore.runs.store.summary import RunSummary
from mtcore.spec import Head, QuantileHead
from pages.parts.head_marks import head_sign
from pages.parts.run_facts import SPLIT_WORDS, SPLITS, Baselines, Reports
from pages.parts.run_words import DIRECTION_SIGNS, NOTHING, metric_value
from pages.parts.tables import fitting_height, show_folded
from pages.parts.text import plain, visible
from pages.parts.text_table import show_text_table

CONSTANT, TREES, INTERVAL = "Constant", "Trees", "Test, 95 %"
BEING_COMPUTED = "being computed"
_ABOUT = "Metrics of each head on each part of the rows, beside the baselines"
_MOST_LINES = 15
_NAMES = 2  # columns: head and metric


def show_scores(
    run: Run, summary: RunSummary, reports: Reports, baselines: Baselines | None
) -> None:
    """Draw the table of metrics.

    Args:
        run: Its experiment names the heads.
        summary: For the constant prediction's metrics.
        reports: For the network's metrics on each part of the rows.
        baselines: For those of gradient-boosted trees; None while they are made.
    """
    st.subheader("Scores", anchor=False)
    frame = scores_frame(run, summary, reports, baselines, every_metric=False)
    show_text_table(frame, _ABOUT, names=_NAMES)
    _show_legend(run, summary, baselines)
    show_folded(
        "All metrics",
        "all_metrics",
        lambda: _show_all(
            scores_frame(run, summary, reports, baselines, every_metric=True)
        ),
    )


def _show_all(frame: pd.DataFrame) -> None:
    """Draw the table that can be searched and downloaded."""
    st.dataframe(
        frame,
        hide_index=True,
        key="scores",
        height=fitting_height(len(frame), _MOST_LINES),
        column_config={
            column: st.column_config.TextColumn(column, alignment="right")
            for column in frame.columns[_NAMES:]
        },
        alt=_ABOUT,
    )


def scores_frame(
    run: Run,
    summary: RunSummary,
    reports: Reports,
    baselines: Baselines | None,
    *,
    every_metric: bool,
) -> pd.DataFrame:
    """Return a line a head and metric, as text with sensible digits."""
    lines = []
    for position, head in enumerate(run.experiment.heads):
        metrics = metrics_of(head.kind)
        for name in metrics if every_metric else head.metrics:
            metric = metrics[name]
            line = {
                "Head": f"{head_sign(position)} {visible(head.name, 60)}",
                "Metric": f"{metric.label} {DIRECTION_SIGNS[metric.direction]}",
            }
            for split in SPLITS:
                report = reports[split][head.name]
                value = report.metrics.get(name)
                line[SPLIT_WORDS[split]] = _cell(metric, value, report.labelled)
            line[INTERVAL] = _ends(metric, reports["test"][head.name])
            line |= _baseline_cells(head, metric, summary, baselines)
            lines.append(line)
    return pd.DataFrame(lines)


def _baseline_cells(
    head: Head, metric: Metric, summary: RunSummary, baselines: Baselines | None
) -> dict[str, str]:
    known = summary.heads[head.name]
    rows = known.labelled.test
    constant = _cell(metric, known.baseline.get(metric.name), rows)
    if baselines is None:
        return {CONSTANT: constant, TREES: BEING_COMPUTED}
    trees = (baselines.on_test_rows() or {}).get(head.name, {})
    return {CONSTANT: constant, TREES: _cell(metric, trees.get(metric.name), rows)}


def _ends(metric: Metric, report: HeadReport) -> str:
    found = report.intervals.get(metric.name)
    if found is None:
        return NOTHING
    low, high = (metric_value(metric, end, report.labelled) for end in found)
    return f"{low} to {high}"


def _cell(metric: Metric, value: float | None, labelled: int) -> str:
    if labelled == 0:
        return f"{NOTHING} no labels"
    return metric_value(metric, value, labelled)


def _show_legend(run: Run, summary: RunSummary, baselines: Baselines | None) -> None:
    words = (
        "↑ higher is better, ↓ lower is better. Test, 95 %: where the metric would lie "
        "on other rows like the test rows (bootstrap). Constant: the best constant "
        "prediction on the test rows. Trees: gradient-boosted trees, trained on the "
        "same inputs and rows, on the test rows"
    )
    if any(isinstance(head, QuantileHead) for head in run.experiment.heads):
        words = f"◎ as near to what the levels ask for as can be. {words}"
    words += ", being trained in the background." if baselines is None else "."
    if baselines is not None and baselines.failure:
        words += f" There are none: {plain(baselines.failure)}"
    st.caption(words)
    partly = [
        f"{visible(head.name, 40)} {known.labelled.test:,} of {summary.rows.test:,}"
        for head in run.experiment.heads
        if (known := summary.heads[head.name]).labelled.test < summary.rows.test
    ]
    if partly:
        st.caption(f"Labelled test rows: {plain(' · '.join(partly))}")
