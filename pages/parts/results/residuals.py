"""A head's errors over its prediction, or over any input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mtcore.arrays import RowArray
from mtcore.charts.regression import (
    InputValues,
    residuals_by_input,
    residuals_by_prediction,
)
from mtcore.evaluation.reports import RegressionReport
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.charts import draw, draw_once
from pages.parts.results.tables import points_frame
from pages.parts.run_facts import BY_ID, SplitName, chart_of
from pages.parts.tables import apart, show_table
from pages.parts.text import visible

_PREDICTION = "the prediction"
_MOST_CLASSES = 60


def show_residuals(
    workspace: Workspace,
    run: Run,
    report: RegressionReport,
    where: tuple[int, int, SplitName],
) -> None:
    """Draw the errors of the rows drawn, over what is chosen.

    Args:
        workspace: Where the data set is.
        run: Finished.
        report: Of the head.
        where: The head's position in the experiment, which of its columns, and which
            part of the rows.
    """
    position, column, split = where
    inputs = [
        given.column
        for given in run.experiment.inputs or ()
        if given.kind in ("number", "category", "boolean", "datetime")
    ]
    places = list(range(-1, len(inputs)))
    chosen = st.selectbox(
        "Errors over",
        places,
        format_func=lambda place: (
            _PREDICTION if place < 0 else visible(inputs[place], 60)
        ),
        key=f"errors_over_h{position}",
        persist_state="page",
    )
    found = report.columns[column]
    frame = points_frame(found)
    if chosen < 0:
        draw_once(
            chart_of(workspace, run, split, position, column),
            lambda: residuals_by_prediction(report, position, column),
            "residuals_by_prediction",
            "Error over predicted value, a dot a row",
        )
    else:
        name = inputs[chosen]
        values = _values(workspace, str(workspace.home.root), run, name, found.rows)
        figure = residuals_by_input(report, position, column, (name, values))
        frame.columns = pd.Index(apart(list(frame.columns)))
        frame[apart([*frame.columns, name])[-1]] = values
        draw(
            figure,
            "residuals_by_prediction",
            "Error over the values of an input, a dot a row",
        )
    show_table(frame, "the rows drawn", "points_again")


@st.cache_resource(max_entries=60, show_spinner=False, hash_funcs=BY_ID)
def _values(
    _workspace: Workspace, root: str, run: Run, column: str, rows: tuple[int, ...]
) -> InputValues:
    """Return what an input holds in some rows, as it is drawn."""
    del root
    table = _workspace.library.table(run.dataset_id, [column], run.experiment.missing)
    drawn: RowArray = np.asarray(rows, dtype=np.int64)
    here = table.take(drawn)
    kind = next(g.kind for g in run.experiment.inputs or () if g.column == column)
    match kind:
        case "number":
            return here.numbers(column)
        case "datetime":
            return np.round(here.timestamps(column) * 1e3).astype("datetime64[ms]")
        case _:
            texts = [
                visible(cell or "(missing)", 60) for cell in here.categories(column)
            ]
            most = pd.Series(texts).value_counts().index[:_MOST_CLASSES]
            kept = set(most)
            others = [text if text in kept else "(all others)" for text in texts]
            return np.asarray(others, dtype=object)
