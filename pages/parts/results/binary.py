"""A head of two classes: how well it ranks, and where to draw the line."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from mtcore.charts.binary import precision_recall, roc, score_histogram, threshold
from mtcore.charts.classes import confusion
from mtcore.charts.gains import gains
from mtcore.evaluation.costs import cheapest
from mtcore.evaluation.reports import BinaryReport
from mtcore.evaluation.temperature import Tempered
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.charts import draw, draw_once
from pages.parts.results.calibration import show_calibration
from pages.parts.results.tables import (
    counts_frame,
    curve_frame,
    gains_frame,
    mistakes_frame,
    scores_frame,
    thresholds_frame,
)
from pages.parts.row_links import show_rows
from pages.parts.run_facts import SplitName, chart_of
from pages.parts.run_words import number, percent
from pages.parts.tables import show_folded, show_table
from pages.parts.text import plain


def show_binary(
    workspace: Workspace,
    run: Run,
    report: BinaryReport,
    where: tuple[int, SplitName],
    warmed: Tempered | None,
) -> None:
    """Draw ranking, threshold, probabilities and mistakes of a binary head.

    Args:
        workspace: Where the run is.
        run: Finished.
        report: Of the head, or of one label of a head of several.
        where: The head's position in the experiment, and which part of the rows.
        warmed: What a temperature does on them; None where it is not known.
    """
    position, split = where
    about = chart_of(workspace, run, split, position, report.head)
    _show_threshold(report, position)
    left, right = st.columns(2)
    with left:
        draw_once(
            about, lambda: roc(report, position), "roc", "True over false positive rate"
        )
        rates = ("False positive rate", "True positive rate")
        show_table(curve_frame(report.roc, *rates), "ROC", "roc_table")
    with right:
        draw_once(
            about,
            lambda: precision_recall(report, position),
            "pr",
            "Precision over recall",
        )
        frame = curve_frame(report.precision_recall, "Recall", "Precision")
        show_table(frame, "precision and recall", "pr_table")
    show_folded(
        "Probabilities given, and whether they come true",
        "probabilities",
        lambda: _show_probabilities(about, report, position, warmed),
        icon=":material/percent:",
    )
    show_folded(
        "Found among the first rows looked at",
        "lift",
        lambda: _show_gains(about, report, position),
        icon=":material/trending_up:",
    )
    if report.worst:
        frame = mistakes_frame(report.worst)
        show_rows(run, frame, "Most confident mistakes", "mistakes")


def _show_probabilities(
    about: Hashable, report: BinaryReport, position: int, warmed: Tempered | None
) -> None:
    left, right = st.columns(2)
    with left:
        draw_once(
            about,
            lambda: score_histogram(report, position),
            "scores_given",
            "Probabilities given",
        )
        show_table(scores_frame(report), "rows by probability", "scores_table")
    with right:
        show_calibration(report, position, warmed)


def _show_gains(about: Hashable, report: BinaryReport, position: int) -> None:
    draw_once(
        about,
        lambda: gains(report, position),
        "gains",
        "Share found over share looked at",
    )
    show_table(gains_frame(report), "found among the first", "gains_table")


@st.fragment
def _show_threshold(report: BinaryReport, position: int) -> None:
    left, right = st.columns(2)
    with left:
        chosen = st.slider(
            f"Call a row {plain(report.classes[1], 40)} from this probability on",
            min_value=0.0,
            max_value=1.0,
            value=0.5,
            step=0.01,
            key=f"threshold_of_h{position}",
            persist_state="page",
        )
        draw(
            threshold(report, position, chosen),
            "threshold",
            "Precision, recall, F1 and accuracy over the threshold",
        )
        show_table(thresholds_frame(report), "counts by threshold", "thresholds_table")
        _show_costs(report, position, chosen)
    with right:
        _show_counts(report, chosen)
        draw(
            confusion(report, position, chosen),
            "confusion",
            "Actual against predicted classes at the chosen threshold",
        )
        frame = counts_frame(report, chosen)
        show_table(frame, "what is taken for what", "confusion_table")


def _show_costs(report: BinaryReport, position: int, chosen: float) -> None:
    """Draw the prices of both kinds of mistakes; say which threshold is cheapest."""
    left, right = st.columns(2)
    price = left.number_input(
        "A false alarm costs",
        min_value=0.0,
        value=1.0,
        key=f"false_alarm_h{position}",
        persist_state="page",
    )
    missed = right.number_input(
        "A miss costs",
        min_value=0.0,
        value=1.0,
        key=f"miss_h{position}",
        persist_state="page",
    )
    found = cheapest(report.thresholds, price, missed, chosen)
    st.markdown(
        f"Cheapest from **{found.threshold:.2f}** on: {number(found.cost)} for these "
        f"rows; from {chosen:.2f} on it is {number(found.at)}."
    )


def _show_counts(report: BinaryReport, chosen: float) -> None:
    """Say what the threshold does; the confusion is this sentence as a picture."""
    place = round(100 * chosen)
    table = report.thresholds
    found, missed = table.true_positive[place], table.false_negative[place]
    alarms, spared = table.false_positive[place], table.true_negative[place]
    total = found + missed + alarms + spared
    precision = found / (found + alarms) if found + alarms else None
    recall = found / (found + missed) if found + missed else None
    st.markdown(
        f"From **{chosen:.2f}** on: {found + alarms:,} rows are called "
        f"{plain(report.classes[1], 40)}, {percent(precision)} of them rightly; "
        f"{percent(recall)} of the {found + missed:,} real ones are found; "
        f"{percent((found + spared) / total if total else None)} of all rows are right."
    )
