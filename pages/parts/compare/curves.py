"""Validation curves of compared runs, head by head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from mtcore.charts.networks import alone, network_starts
from mtcore.charts.run_curves import RunCurve, run_curves
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.charts import draw
from pages.parts.run_facts import history_of
from pages.parts.tables import show_table
from pages.parts.text import visible

_SHOWN_AT_ONCE = 4
# More lines than dashes tell apart would be a tangle.
MOST_RUNS = 8


def show_curves(
    workspace: Workspace, runs: Sequence[Run], names: Mapping[str, str]
) -> None:
    """Draw a chart a head with a line a run, two charts a row.

    Args:
        workspace: Where the histories are.
        runs: The baseline first.
        names: What each run is called, by its id.
    """
    if len(runs) > MOST_RUNS:
        st.caption(
            f"Curves of the baseline and the {MOST_RUNS - 1} newest other runs; tick "
            "fewer to see others."
        )
        runs = runs[:MOST_RUNS]
    if any(network_starts(history_of(workspace, run)) for run in runs):
        st.caption(
            "Curves of the network with the best epoch, where a run averages several."
        )
    heads = list(dict.fromkeys(h.name for run in runs for h in run.experiment.heads))
    shown = heads
    if len(heads) > _SHOWN_AT_ONCE:
        shown = st.multiselect(
            "Heads to draw",
            heads,
            default=heads[:_SHOWN_AT_ONCE],
            format_func=lambda head: visible(head, 60),
            key="curves_of",
        )
    for first in range(0, len(shown), 2):
        columns = st.columns(2 if len(shown) > 1 else 1)
        for column, head in zip(columns, shown[first : first + 2], strict=False):
            with column:
                _show_head(workspace, runs, names, head, heads.index(head))


def _show_head(
    workspace: Workspace,
    runs: Sequence[Run],
    names: Mapping[str, str],
    head: str,
    position: int,
) -> None:
    curves = [
        _curve(workspace, run, head, names[run.id])
        for run in runs
        if head in run.experiment.head_ids()
    ]
    draw(
        run_curves(head, position, curves),
        f"run_curves_{position}",
        f"Validation loss of {visible(head, 80)} by epoch, a line a run",
    )
    show_table(_frame(curves), "loss by epoch", f"run_curves_table_{position}")


def _curve(workspace: Workspace, run: Run, head: str, name: str) -> RunCurve:
    key = f"validation/{run.experiment.head_ids()[head]}/loss"
    nothing = (np.empty(0, np.int64), np.empty(0, np.float64))
    history = history_of(workspace, run)
    best = run.summary.best_epoch if run.summary is not None else 1
    epochs, losses = alone(history, best).get(key, nothing)
    return RunCurve(name, epochs, losses)


def _frame(curves: Sequence[RunCurve]) -> pd.DataFrame:
    columns = {c.run: pd.Series(c.losses, index=c.epochs) for c in curves}
    return pd.DataFrame(columns).rename_axis("Epoch").reset_index()
