"""Whether probabilities come true, and what a temperature would make of them."""

from __future__ import annotations

import streamlit as st

from mtcore.charts.calibration import calibration
from mtcore.evaluation.reports import BinaryReport, MulticlassReport, OrdinalReport
from mtcore.evaluation.reports.parts import calibration_error
from mtcore.evaluation.temperature import Tempered
from pages.parts.charts import draw
from pages.parts.results.tables import reliability_frame
from pages.parts.run_words import number
from pages.parts.tables import show_table

# Of the log loss; a temperature that brings less is not worth a switch.
_WORTH_SHOWING = 0.005


def show_calibration(
    report: BinaryReport | MulticlassReport | OrdinalReport,
    position: int,
    warmed: Tempered | None,
) -> None:
    """Draw the calibration curve with its error, and a switch where it could be better.

    Args:
        report: Of the head.
        position: Of the head in the experiment.
        warmed: What a temperature does on the same rows; None where it is not known.
    """
    shown, bins = report, report.calibration
    if warmed is not None and _helps(warmed) and _ask(warmed, position):
        bins = warmed.calibration
        shown = report.model_copy(update={"calibration": bins})
    draw(
        calibration(shown, position),
        "calibration",
        "How often it came true over the probability given",
    )
    show_table(reliability_frame(bins), "by probability", "reliable")
    words = f"Expected calibration error {number(calibration_error(bins), 2)}"
    brier = report.metrics.get("brier")
    if brier is not None and shown is report:
        words += f", Brier score {number(brier)}"
    st.caption(f"{words}.")


def _helps(warmed: Tempered) -> bool:
    return warmed.tempered_log_loss < (1.0 - _WORTH_SHOWING) * warmed.log_loss


def _ask(warmed: Tempered, position: int) -> bool:
    sure = "less" if warmed.temperature > 1.0 else "more"
    return st.toggle(
        f"{sure.capitalize()} sure: temperature {warmed.temperature:.2f}",
        key=f"temperature_of_h{position}",
        persist_state="page",
        help="Learned on validation rows. On these rows the log loss would go from "
        f"{number(warmed.log_loss)} to {number(warmed.tempered_log_loss)}; no row "
        "changes its class. Only this chart shows it: answers stay as they are.",
    )
