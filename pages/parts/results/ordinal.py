"""A head of ordered classes: what is taken for what, and by how many ranks."""

from __future__ import annotations

import streamlit as st

from mtcore.charts.classes import confusion, per_class
from mtcore.charts.ranks import off_by
from mtcore.evaluation.reports import OrdinalReport
from mtcore.runs.store.run import Run
from pages.parts.charts import draw
from pages.parts.results.calibration import show_calibration
from pages.parts.results.confusion import show_confusion
from pages.parts.results.tables import (
    classes_frame,
    off_by_frame,
    rank_mistakes_frame,
)
from pages.parts.row_links import show_rows
from pages.parts.tables import show_folded, show_table


def show_ranks(run: Run, report: OrdinalReport, position: int) -> None:
    """Draw confusion in the classes' order, distance in ranks, classes and mistakes."""
    left, right = st.columns(2)
    with left:
        draw(
            confusion(report, position),
            "confusion",
            "Actual against predicted classes, in their order",
        )
        show_confusion(report.confusion)
    with right:
        draw(off_by(report, position), "off_by", "Rows by how many ranks they are off")
        show_table(off_by_frame(report), "rows by ranks off", "off_by_table")
    show_folded(
        "Scores of each class, and whether probabilities come true",
        "probabilities",
        lambda: _show_classes(report, position),
        icon=":material/percent:",
    )
    if report.worst:
        frame = rank_mistakes_frame(report)
        show_rows(run, frame, "Rows that are furthest off", "worst")


def _show_classes(report: OrdinalReport, position: int) -> None:
    left, right = st.columns(2)
    with left:
        draw(per_class(report, position), "per_class", "Scores of each class")
        show_table(classes_frame(report), "class by class", "classes")
    with right:
        show_calibration(report, position, None)
