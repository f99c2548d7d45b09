"""All heads on the same rows: are they wrong together?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.charts.joint import error_correlations, wrong_at_once
from mtcore.evaluation.joint import JointReport, joint_sentence
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.charts import draw
from pages.parts.row_links import show_rows
from pages.parts.run_facts import joint_of
from pages.parts.tables import show_table
from pages.parts.text import visible


def show_joint(workspace: Workspace, run: Run) -> None:
    """Draw how mistakes of several heads go together."""
    report = joint_of(workspace, run)
    if report is None:
        st.caption("This run was judged before its heads were looked at together.")
        return
    st.markdown(joint_sentence(report))
    left, right = st.columns(2)
    with left:
        draw(
            error_correlations(report),
            "error_correlations",
            "Heat map of the correlation between each two heads' losses on test rows",
        )
        show_table(pairs_frame(report), "head by head", "error_pairs")
    with right:
        draw(
            wrong_at_once(report),
            "wrong_at_once",
            "Test rows by the number of heads that get them wrong",
        )
        show_table(counts_frame(report), "rows by heads wrong", "wrong_at_once_table")
    if report.worst:
        frame = worst_frame(report)
        show_rows(run, frame, "Rows that several heads get wrong", "joint_worst")
    st.caption(
        "Wrong is another class, any wrong label, a number off by more than half a "
        "standard deviation of its column, or one outside its outermost levels."
    )


def pairs_frame(report: JointReport) -> pd.DataFrame:
    """Return a line a pair of heads: shares wrong, and how their losses correlate."""
    names = [visible(name, 60) for name in report.heads]
    lines = [
        (
            names[one],
            names[other],
            report.wrong[one],
            report.wrong[other],
            report.correlations[one][other],
        )
        for one in range(len(names))
        for other in range(one + 1, len(names))
    ]
    columns = ["Head", "Other head", "Wrong", "Other wrong", "Correlation"]
    return pd.DataFrame(lines, columns=columns)


def counts_frame(report: JointReport) -> pd.DataFrame:
    """Return rows by how many heads are wrong, counted and by chance."""
    return pd.DataFrame(
        {
            "Heads wrong": range(len(report.counts)),
            "Rows": report.counts,
            "Were mistakes independent": report.expected,
        }
    )


def worst_frame(report: JointReport) -> pd.DataFrame:
    """Return the rows that most heads get wrong."""
    return pd.DataFrame(
        [
            (one.row, len(one.heads), ", ".join(visible(h, 40) for h in one.heads))
            for one in report.worst
        ],
        columns=["Row", "Wrong", "Heads"],
    )
