"""Runs' metrics beside a pinned baseline: values, and which way they went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from mtcore.charts.style import BAD, GOOD
from mtcore.evaluation.metrics import Metric, metrics_of
from mtcore.evaluation.wording import MINUS
from mtcore.runs.store.run import Run
from pages.parts.run_words import (
    DIRECTION_SIGNS,
    NOTHING,
    SAME,
    change,
    metric_value,
    number,
)
from pages.parts.tables import fitting_height
from pages.parts.text import visible

JudgedSplit = Literal["validation", "test"]
Intervals = Mapping[tuple[str, str, str], tuple[float, float]]
"""Both ends of the change from the baseline, by run id, head and metric."""

_MOST_LINES = 15
_BETTER, _WORSE = "▲", "▼"


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One metric of one head in several runs.

    Args:
        head: The head's name.
        metric: Which metric.
        values: By run id; None where it could not be computed; a run that has no such
            head is left out.
        rows: Labelled rows that it was computed over, by run id.
    """

    head: str
    metric: Metric
    values: Mapping[str, float | None]
    rows: Mapping[str, int]

    def cell(self, run_id: str, baseline_id: str, intervals: Intervals) -> str:
        """Return a run's value, and its change where it is not the baseline.

        A change whose interval holds 0 has no arrow: it may be chance.
        """
        value, reference = self.values.get(run_id), self.values.get(baseline_id)
        rows = self.rows.get(run_id)
        shown = metric_value(self.metric, value, rows)
        if run_id == baseline_id or value is None or reference is None:
            return shown
        words = change(self.metric, value, reference, rows)
        ends = intervals.get((run_id, self.head, self.metric.name))
        if ends is None or words == SAME:
            return f"{shown}  {words}"
        if ends[0] <= 0.0 <= ends[1]:
            words = words.lstrip(f"{_BETTER}{_WORSE} ")
        return f"{shown}  {words} ({_signed(ends[0])} to {_signed(ends[1])})"


def score_lines(
    runs: Sequence[Run], split: JudgedSplit, *, every_metric: bool
) -> Iterator[ScoreLine]:
    """Yield the metrics of the runs' heads, heads matched by name and kind.

    Args:
        runs: In the order to show; those without a summary hold no values.
        split: The rows that the metrics were computed over.
        every_metric: Show all metrics of a kind, not those that its head names.
    """
    heads = {
        (head.name, head.kind): head for run in runs for head in run.experiment.heads
    }
    for (name, kind), head in heads.items():
        metrics = metrics_of(kind)
        for metric in metrics if every_metric else head.metrics:
            values, rows = {}, {}
            for run in runs:
                summary = run.summary and run.summary.heads.get(name)
                if summary and summary.kind == kind:
                    values[run.id] = getattr(summary, split).get(metric)
                    rows[run.id] = getattr(summary.labelled, split)
            yield ScoreLine(name, metrics[metric], values, rows)


def show_scores(
    lines: Sequence[ScoreLine],
    names: Mapping[str, str],
    baseline_id: str,
    intervals: Intervals,
) -> None:
    """Draw a table: a line a head and metric, a column a run, the baseline first.

    Args:
        lines: As `score_lines` gives them.
        names: What each run is called, by its id; all different.
        baseline_id: The run that the others are held against.
        intervals: Of the changes, as far as they are known.
    """
    order = [baseline_id, *(run_id for run_id in names if run_id != baseline_id)]
    frame = pd.DataFrame(
        [
            [visible(line.head, 60), _metric_words(line.metric)]
            + [line.cell(run_id, baseline_id, intervals) for run_id in order]
            for line in lines
        ],
        columns=["Head", "Metric", *(_column(names, r, baseline_id) for r in order)],
    )
    st.dataframe(
        _coloured(frame),
        hide_index=True,
        key="scores",
        height=fitting_height(len(frame), _MOST_LINES),
        column_config={
            column: st.column_config.TextColumn(column, alignment="right")
            for column in frame.columns[2:]
        },
        alt="Metrics of the runs beside the baseline",
    )
    words = (
        f"{_BETTER} better and {_WORSE} worse than the baseline; ↑ higher is better, "
        f"↓ lower is better; {NOTHING} no labels, or no such head."
    )
    if intervals:
        words += (
            " In brackets: the 95 % interval of the change over rows drawn again, both "
            "runs by the same ones; where it holds 0 there is no arrow. It says what "
            "other rows would do, not what another seed would."
        )
    st.caption(words)


def _signed(change: float) -> str:
    sign = "+" if change > 0.0 else MINUS if change < 0.0 else ""
    return f"{sign}{number(abs(change), 2)}"


def _metric_words(metric: Metric) -> str:
    return f"{metric.label} {DIRECTION_SIGNS[metric.direction]}"


def _column(names: Mapping[str, str], run_id: str, baseline_id: str) -> str:
    return f"{names[run_id]} (baseline)" if run_id == baseline_id else names[run_id]


def _coloured(frame: pd.DataFrame) -> Styler:
    def colour(cell: object) -> str:
        text = str(cell)
        if _BETTER in text:
            return f"color: {GOOD}"
        return f"color: {BAD}" if _WORSE in text else ""

    return frame.style.map(colour, subset=list(frame.columns[2:]))
