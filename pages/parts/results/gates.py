"""What the gates of an expert trunk weigh, beside the heads they weigh it for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.charts.gates import gate_weights
from mtcore.runs.store.run import Run
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
        network = _choose_network(report)
        for level in report.levels:
            figure = gate_weights(report, level, network)
            alt = f"Mean weight of each expert for each head, level {level}."
            draw(figure, f"gates_{level}", alt)
        st.caption(_explained(report))
        show_table(gates_frame(report), "weights of experts", "gates_table")


def gates_frame(report: GateReport) -> pd.DataFrame:
    """Return a row a network, level, head and expert, with its weight and spread."""
    return pd.DataFrame(
        [
            {
                "Head": visible(one.head, 60),
                "Network": one.network,
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


def _choose_network(report: GateReport) -> int:
    """Return which network's gates are drawn, from 1; asks where there are several."""
    if len(report.networks) == 1:
        return report.networks[0]
    chosen: int = st.segmented_control(
        "Network",
        report.networks,
        default=report.networks[0],
        required=True,
        key="gates_network",
        help="Networks that are averaged learn from other seeds, so that the first "
        "expert of one is not the first of another.",
    )
    return chosen


def _explained(report: GateReport) -> str:
    words = f"Read on {count_of(report.rows, 'validation row')}."
    if len(report.networks) > 1:
        words += " Each of the networks that are averaged has experts of its own."
    return (
        f"{words} Heads that listen to the same shared experts share what they learn; "
        "a head that listens to its own goes its own way."
    )
