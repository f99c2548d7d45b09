"""One head looked at closely: its charts on one part of the rows, by its kind."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from mtcore.charts.classes import confusion, per_class
from mtcore.charts.quantiles import level_coverage
from mtcore.charts.regression import (
    actual_against_predicted,
    residuals,
)
from mtcore.charts.tenths import error_tenths
from mtcore.evaluation.reports import (
    BinaryReport,
    CountReport,
    HeadReport,
    MulticlassReport,
    MultilabelReport,
    OrdinalReport,
    QuantileReport,
    RegressionColumn,
    RegressionReport,
)
from mtcore.evaluation.temperature import Tempered
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import read_parameter, write_parameter
from pages.parts.charts import draw, draw_once
from pages.parts.head_marks import head_option
from pages.parts.results.binary import show_binary
from pages.parts.results.calibration import show_calibration
from pages.parts.results.confusion import show_confusion
from pages.parts.results.count import show_count
from pages.parts.results.multilabel import show_labels
from pages.parts.results.ordinal import show_ranks
from pages.parts.results.quantile import show_quantiles
from pages.parts.results.residuals import show_residuals
from pages.parts.results.segments import show_segments
from pages.parts.results.tables import (
    classes_frame,
    confused_frame,
    histogram_frame,
    levels_frame,
    mistakes_frame,
    points_frame,
    tenths_frame,
    worst_frame,
)
from pages.parts.row_links import show_rows
from pages.parts.run_facts import (
    SPLIT_WORDS,
    SPLITS,
    SplitName,
    chart_of,
    reports_of,
    temperatures_of,
)
from pages.parts.state import held, hold
from pages.parts.tables import show_folded, show_table
from pages.parts.text import count_of, plain, visible

_HEAD, _SPLIT = "head", "split"
_MOST_SEGMENTS = 6


def show_heads(workspace: Workspace, run: Run) -> None:
    """Draw the choice of a head and of the rows, and what that head did on them."""
    with st.container(horizontal=True, gap="medium"):
        position, split = _choose_head(run), _choose_split()
    _show_head(workspace, run, position, split)


def _choose_head(run: Run) -> int:
    """Draw the choice of a head, kept in the address, and return its position."""
    heads = run.experiment.heads
    asked = read_parameter(_HEAD) or ""
    ids = list(run.experiment.head_ids().values())
    position = ids.index(asked) if asked in ids else 0
    if len(heads) == 1:
        return position
    places = list(range(len(heads)))
    key = hold("head_looked_at", position)
    if len(heads) > _MOST_SEGMENTS:
        st.selectbox(
            "Head",
            places,
            format_func=lambda place: visible(heads[place].name, 60),
            key=key,
            on_change=lambda: write_parameter(_HEAD, ids[held(key, 0)]),
        )
    else:
        st.segmented_control(
            "Head",
            places,
            format_func=lambda place: head_option(place, heads[place].name),
            required=True,
            key=key,
            on_change=lambda: write_parameter(_HEAD, ids[held(key, 0)]),
        )
    return position


def _choose_split() -> SplitName:
    """Draw the choice of the rows to look at, kept in the address."""
    asked = read_parameter(_SPLIT)
    split: SplitName = next((name for name in SPLITS if name == asked), "test")
    key = hold("rows_looked_at", split)
    st.segmented_control(
        "Rows",
        list(reversed(SPLITS)),
        format_func=lambda name: SPLIT_WORDS[name],
        required=True,
        key=key,
        on_change=lambda: write_parameter(_SPLIT, held(key, None)),
    )
    return split


def _show_head(workspace: Workspace, run: Run, position: int, split: SplitName) -> None:
    """Draw a head's charts, each with its table."""
    head = run.experiment.heads[position]
    report = reports_of(workspace, run)[split][head.name]
    st.caption(_rows_words(report, split))
    if not report.labelled:
        st.info("No row of this part carries a label of this head.")
        return
    # It was fitted for the test rows, and would flatter validation rows.
    warmed = temperatures_of(workspace, run).get(head.name) if split == "test" else None
    match report:
        case RegressionReport():
            _show_regression(workspace, run, report, (position, split))
        case BinaryReport():
            show_binary(workspace, run, report, (position, split), warmed)
        case MulticlassReport():
            _show_multiclass(run, report, position, warmed)
        case MultilabelReport():
            show_labels(workspace, run, report, (position, split))
        case CountReport():
            show_count(run, report, position)
        case QuantileReport():
            show_quantiles(run, report, position)
        case OrdinalReport():
            show_ranks(run, report, position)
    if split == "test":
        show_segments(workspace, run, position)


def _rows_words(report: HeadReport, split: SplitName) -> str:
    words = (
        f"{SPLIT_WORDS[split]}: {count_of(report.rows, 'row')}, "
        f"{report.labelled:,} with a label of {plain(report.head, 60)}."
    )
    if report.unanswered:
        words += f" {count_of(report.unanswered, 'row')} could not be answered."
    return words


def _show_regression(
    workspace: Workspace,
    run: Run,
    report: RegressionReport,
    where: tuple[int, SplitName],
) -> None:
    position, split = where
    column = 0
    if len(report.columns) > 1:
        column = st.selectbox(
            "Column",
            range(len(report.columns)),
            format_func=lambda place: visible(report.columns[place].column, 60),
            key=f"column_of_h{position}",
            persist_state="page",
        )
    found = report.columns[column]
    about = chart_of(workspace, run, split, position, column)
    left, right = st.columns(2)
    with left:
        draw_once(
            about,
            lambda: actual_against_predicted(report, position, column),
            "actual_against_predicted",
            "Predicted over actual values, a dot a row",
        )
        show_table(points_frame(found), "the rows drawn", "points")
    with right:
        draw_once(
            about,
            lambda: residuals(report, position, column),
            "residuals",
            "How often predictions are off by how much",
        )
        show_table(histogram_frame(found.residuals), "rows by error", "residuals_table")
    show_folded(
        "Errors over the prediction or an input",
        "errors_over",
        lambda: show_residuals(workspace, run, report, (position, column, split)),
        icon=":material/scatter_plot:",
    )
    show_folded(
        "Error by tenths of the actual value",
        "tenths",
        lambda: _show_tenths(about, found, position),
        icon=":material/bar_chart:",
    )
    if found.levels:
        draw(
            level_coverage(found.column, found.levels, position),
            "level_coverage",
            "Share of rows not above each quantile over the share that should be",
        )
        show_table(levels_frame(found.levels), "level by level", "levels")
    show_rows(run, worst_frame(found), "Rows that are furthest off", "worst")


def _show_tenths(about: Hashable, found: RegressionColumn, position: int) -> None:
    draw_once(
        about,
        lambda: error_tenths(found, position),
        "error_tenths",
        "Mean distance and mean error by tenths of the actual values",
    )
    show_table(tenths_frame(found), "tenth by tenth", "tenths_table")


def _show_multiclass(
    run: Run, report: MulticlassReport, position: int, warmed: Tempered | None
) -> None:
    left, right = st.columns(2)
    with left:
        draw(
            confusion(report, position),
            "confusion",
            "Actual against predicted classes",
        )
        show_confusion(report.confusion)
    with right:
        draw(per_class(report, position), "per_class", "Scores of each class")
        show_table(classes_frame(report), "class by class", "classes")
    show_folded(
        "Whether probabilities come true",
        "probabilities",
        lambda: show_calibration(report, position, warmed),
        icon=":material/percent:",
    )
    frame = mistakes_frame(report.worst)
    show_rows(run, frame, "Most confident mistakes", "mistakes")
    if report.confused:
        frame = confused_frame(report.confused)
        show_rows(run, frame, "Most frequent confusions", "confused")
