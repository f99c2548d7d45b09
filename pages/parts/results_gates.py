"""What the gates of an expert trunk weigh, beside the heads they weigh it for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.charts.gates import gate_weights
from mtcore.runs.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec.gates import GateReport
from pages.parts.charts import draw
from pages.parts.run_facts import gates_of
from pages.parts.tables import show_table
from pages.parts.text import count_of, visible


def show_gates(workspace: Workspace, run: Run) -> None:
    """Draw how much each head weighs each expert; nothing for other trunks."""
    report = gates_of(workspace, run)
    if report is None:
        return
    with st.expander("Experts: what each head listens to", icon=":material/hub:"):
        for level in report.levels:
            figure = gate_weights(report, level)
            alt = f"Mean weight of each expert for each head, level {level}."
            draw(figure, f"gates_{level}", alt)
        st.caption(_explained(report, run))
        show_table(gates_frame(report), "weights of experts", "gates_table")


def gates_frame(report: GateReport) -> pd.DataFrame:
    """Return a row a head, level and expert, with its mean weight and its spread."""
    return pd.DataFrame(
        [
            {
                "Head": visible(one.head, 60),
                "Level": one.level,
                "Expert": expert,
                "Mean weight": mean,
                "Deviation from row to row": deviation,
            }
            for one in report.readings
            for expert, mean, deviation in zip(
                report.experts, one.means, one.deviations, strict=True
            )
        ]
    )


def _explained(report: GateReport, run: Run) -> str:
    words = f"Read on {count_of(report.rows, 'validation row')}."
    if run.experiment.training.seeds > 1:
        words += " Of the networks that are averaged, this is the first."
    return (
        f"{words} Heads that listen to the same shared experts share what they learn; "
        "a head that listens to its own goes its own way."
    )
