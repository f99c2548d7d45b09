"""A head of quantiles: do the levels hold, and how wide are the ranges?"""

from __future__ import annotations

import streamlit as st

from mtcore.charts.quantiles import fan, level_coverage, range_widths
from mtcore.evaluation.reports import QuantileReport
from mtcore.runs.store.run import Run
from pages.parts.charts import draw
from pages.parts.results.tables import (
    histogram_frame,
    levels_frame,
    outside_frame,
    ranges_frame,
)
from pages.parts.row_links import show_rows
from pages.parts.tables import show_folded, show_table


def show_quantiles(run: Run, report: QuantileReport, position: int) -> None:
    """Draw ranges row by row, levels asked for and measured, and widths."""
    left, right = st.columns(2)
    with left:
        draw(
            fan(report, position),
            "fan",
            "Actual values over predicted ranges, rows by their prediction",
        )
        show_table(ranges_frame(report), "the rows drawn", "ranges")
    with right:
        draw(
            level_coverage(report.head, report.levels, position),
            "level_coverage",
            "Share of rows not above each level over the level asked for",
        )
        show_table(levels_frame(report.levels), "level by level", "levels")
    show_folded(
        "How wide the ranges are",
        "width",
        lambda: _show_widths(report, position),
        icon=":material/width:",
    )
    title = "Rows that are furthest outside their range"
    show_rows(run, outside_frame(report), title, "outside")


def _show_widths(report: QuantileReport, position: int) -> None:
    draw(range_widths(report, position), "widths", "Rows by width of their range")
    show_table(histogram_frame(report.widths), "rows by width", "widths_table")
