"""How every head's answer goes with one input, all others as they are set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from mtcore.charts.responses import HeadResponse, head_responses, response_curves
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment, TargetEncoding
from mtcore.whatif.ranges import Cell, InputRange
from mtcore.whatif.scenarios import curve_values
from pages.parts.charts import draw
from pages.parts.state import held, hold, recall, remember
from pages.parts.tables import responses_frame, show_table
from pages.parts.text import visible
from pages.parts.what_if.asking import Asking
from pages.parts.what_if.changes import changes_of

_WITHOUT_RANGE = ("text", "image")


@dataclass(frozen=True, slots=True)
class Followed:
    """An input that is followed over its training range.

    Args:
        entry: Which input.
        now: What it holds in the question.
        values: What it is set to, one after the other; empty where it has no range.
        responses: How each head's answer goes with them.
    """

    entry: InputRange
    now: Cell
    values: tuple[Cell, ...]
    responses: tuple[HeadResponse, ...]


def follow_input(
    workspace: Workspace,
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    asking: Asking,
) -> Followed | None:
    """Return how every head goes with one input; None where none has a range.

    Args:
        workspace: Where the model is asked.
        experiment: Names the heads.
        encodings: What each head learned about its targets.
        asking: The row and what is changed about it.
    """
    entries = _with_range(asking)
    if not entries:
        return None
    column = _followed_column(asking, entries)
    entry = next(known for known in entries if known.column == column)
    row = asking.now()
    values = curve_values(entry, row[column])
    responses: tuple[HeadResponse, ...] = ()
    if values:
        outputs = workspace.response_curves(asking.run_id, row, column, values)
        responses = head_responses(experiment, encodings, outputs)
    return Followed(entry, row[column], values, responses)


def show_curves(asking: Asking, followed: Followed | None) -> None:
    """Draw the choice of an input, and a curve a head over its training range."""
    if followed is None:
        st.caption("Texts and pictures have no range that answers could be drawn over.")
        return
    column, values = followed.entry.column, followed.values
    _choose_input(asking, column)
    draw(
        response_curves(
            column,
            values,
            followed.responses,
            followed.now,
            moments=followed.entry.kind == "datetime",
        ),
        "response_curves",
        f"What each head answers as {visible(column, 80)} changes",
    )
    if followed.responses:
        frame = responses_frame(column, values, followed.responses)
        show_table(frame, "answers by value", "response_table")


def _with_range(asking: Asking) -> list[InputRange]:
    return [entry for entry in asking.ranges if entry.kind not in _WITHOUT_RANGE]


def _followed_column(asking: Asking, entries: Sequence[InputRange]) -> str:
    """Return the input to follow: the one chosen, else the one changed last."""
    columns = [entry.column for entry in entries]
    numbers = [entry.column for entry in entries if entry.kind == "number"]
    changed = [c for c in changes_of(asking.run_id, asking.row) if c in columns]
    chosen = recall(_chosen_name(asking), "")
    return chosen or [*reversed(changed), *numbers, *columns][0]


def _choose_input(asking: Asking, following: str) -> None:
    key = f"what_if:{asking.run_id}:follow"
    st.selectbox(
        "Follow one input over its range",
        [entry.column for entry in _with_range(asking)],
        format_func=lambda column: visible(column, 60),
        key=hold(key, following),
        on_change=lambda: remember(_chosen_name(asking), held(key, "")),
    )


def _chosen_name(asking: Asking) -> str:
    return f"followed input of {asking.run_id}"
