"""What each head rests on: inputs by heads, and how all heads go with one of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mtcore.charts.effects import average_curves
from mtcore.charts.importance import MOST_SHOWN, importance_sheet
from mtcore.charts.responses import HeadResponse, head_responses
from mtcore.evaluation.importance import ImportanceSheet, Shuffled
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.whatif.averages import AverageResponse
from mtcore.whatif.ranges import Cell
from mtcore.whatif.scenarios import curve_values
from pages.parts.boundary import ErrorBoundary
from pages.parts.charts import draw, draw_clickable
from pages.parts.run_facts import importance_of, input_ranges_of, target_encodings
from pages.parts.run_words import duration
from pages.parts.state import held, hold, recall, remember
from pages.parts.tables import apart, responses_frame, show_table
from pages.parts.text import count_of, plain, visible

LOOK_AGAIN_S = 1.0
_CURVE_POINTS = 21
_CHOICE = "curves_of_input"


def show_importance(workspace: Workspace, run: Run) -> None:
    """Draw the sheet of heads by inputs, once it has been worked out."""
    known = importance_of(workspace, run)
    every = LOOK_AGAIN_S if known is None else None
    st.fragment(_show, run_every=every)(workspace, run, waited=known is None)


@ErrorBoundary()
def _show(workspace: Workspace, run: Run, *, waited: bool) -> None:
    sheet = importance_of(workspace, run)
    if sheet is None:
        st.caption("Each input is being shuffled on test rows, in the background.")
        return
    if waited:
        # The page without this clock.
        st.rerun()
    if sheet.failure is not None:
        st.caption(f"This could not be worked out: {plain(sheet.failure)}")
        return
    heads = [head.name for head in run.experiment.heads]
    inputs = [column for line in sheet.groups for column in line.columns]
    draw_clickable(
        importance_sheet(sheet, heads),
        "importance",
        "Heat map of heads by inputs, darker where a head rests more on an input; "
        "choose an input below for its curves",
        lambda point: _follow(run.id, sheet, point // len(heads)),
    )
    show_table(importance_frame(sheet, heads), "inputs by heads", "importance_table")
    st.caption(_explained(sheet))
    _show_curves(workspace, run, inputs)


def importance_frame(sheet: ImportanceSheet, heads: Sequence[str]) -> pd.DataFrame:
    """Return a line an input or group, in percent, then the members of groups."""
    names = apart(["Input", *heads])
    lines = [_line(line, heads, "") for line in sheet.groups]
    lines += [_line(line, heads, " (alone)") for line in sheet.members]
    return pd.DataFrame(lines, columns=names)


def _line(line: Shuffled, heads: Sequence[str], suffix: str) -> tuple[object, ...]:
    name = " + ".join(visible(column, 60) for column in line.columns) + suffix
    shares = (line.shares.get(head) for head in heads)
    return (name, *(None if share is None else 100.0 * share for share in shares))


def _explained(sheet: ImportanceSheet) -> str:
    words = (
        f"Each input was shuffled {sheet.repeats} times over "
        f"{count_of(sheet.rows, 'test row')}, in {duration(sheet.seconds)}. "
        "The figures are percent of the loss of the best constant prediction."
    )
    if sheet.members:
        words += (
            " Inputs that say nearly the same are shuffled together: alone each would "
            "seem to matter little, as the others stand in for it. The table has both."
        )
    if len(sheet.groups) > MOST_SHOWN:
        words += f" The chart shows the first {MOST_SHOWN} of {len(sheet.groups)}."
    return words


def _follow(run_id: str, sheet: ImportanceSheet, place: int) -> None:
    """Draw the curves of the first input of a line that was clicked."""
    remember(f"{_CHOICE} {run_id}", sheet.groups[place].columns[0])


def _show_curves(workspace: Workspace, run: Run, inputs: Sequence[str]) -> None:
    name = f"{_CHOICE} {run.id}"
    column: str | None = recall(name, None)
    st.selectbox(
        "Curves of all heads for one input",
        inputs,
        index=None,
        format_func=lambda column: visible(column, 60),
        placeholder="Choose an input, or click a cell of the chart",
        key=hold(_CHOICE, column),
        on_change=lambda: remember(name, held(_CHOICE, None)),
    )
    if column is None:
        return
    entry = next(e for e in input_ranges_of(workspace, run) if e.column == column)
    if entry.kind in ("text", "image"):
        st.caption("Texts and pictures have no range that curves could be drawn over.")
        return
    values = curve_values(entry, points=_CURVE_POINTS)
    if not values:
        st.caption("This input never held a value in training.")
        return
    found = _averages(workspace, str(workspace.home.root), run.id, column, values)
    means = head_responses(
        run.experiment, target_encodings(workspace, run), found.means
    )
    draw(
        average_curves(
            column,
            values,
            means,
            _single(workspace, run, found),
            moments=entry.kind == "datetime",
        ),
        "average_curves",
        f"Mean answer of each head over the values of {visible(column, 80)}, with rows",
    )
    frame = responses_frame(column, values, means)
    show_table(frame, "mean answers by value", "averages_table")


@st.cache_resource(max_entries=100, show_spinner="Asking the model")
def _averages(
    _workspace: Workspace, root: str, run_id: str, column: str, values: tuple[Cell, ...]
) -> AverageResponse:
    del root
    return _workspace.average_curves(run_id, column, values)


def _single(
    workspace: Workspace, run: Run, found: AverageResponse
) -> list[tuple[HeadResponse, ...]]:
    encodings = target_encodings(workspace, run)
    drawn = min(len(answers) for answers in found.single.values())
    return [
        head_responses(
            run.experiment,
            encodings,
            {head: answers[place] for head, answers in found.single.items()},
        )
        for place in range(drawn)
    ]
