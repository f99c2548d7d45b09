"""A head that counts: how far off, how often each count, and whether means hold."""

from __future__ import annotations

import streamlit as st

from mtcore.charts.counts import count_tenths, rootogram
from mtcore.charts.regression import actual_against_predicted
from mtcore.evaluation.reports import CountReport
from mtcore.runs.store.run import Run
from pages.parts.charts import draw
from pages.parts.results.tables import (
    count_bins_frame,
    count_tenths_frame,
    points_frame,
    worst_frame,
)
from pages.parts.row_links import show_rows
from pages.parts.tables import show_folded, show_table


def show_count(run: Run, report: CountReport, position: int) -> None:
    """Draw predicted and actual counts, row by row, count by count, and in tenths."""
    [column] = report.columns
    left, right = st.columns(2)
    with left:
        draw(
            actual_against_predicted(report, position),
            "actual_against_predicted",
            "Predicted means over actual counts, a dot a row",
        )
        show_table(points_frame(column), "the rows drawn", "points")
    with right:
        draw(
            rootogram(report, position),
            "rootogram",
            "Rows by count, beside the rows expected from the predictions",
        )
        show_table(count_bins_frame(report), "rows by count", "rootogram_table")
    show_folded(
        "Mean count by tenths of the prediction",
        "tenths",
        lambda: _show_tenths(report, position),
        icon=":material/stacked_line_chart:",
    )
    show_rows(run, worst_frame(column), "Rows that are furthest off", "worst")


def _show_tenths(report: CountReport, position: int) -> None:
    draw(
        count_tenths(report, position),
        "count_tenths",
        "Mean count over mean prediction, by tenths of the rows",
    )
    show_table(count_tenths_frame(report), "tenth by tenth", "tenths_table")
