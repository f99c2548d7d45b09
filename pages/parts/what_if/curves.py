"""How every head's answer goes with one input, all others as they are set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mtcore.charts.responses import HeadResponse, head_responses, response_curves
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment, TargetEncoding
from mtcore.whatif.ranges import InputRange
from mtcore.whatif.scenarios import curve_values
from pages.parts.charts import draw
from pages.parts.state import held, hold, recall, remember
from pages.parts.tables import responses_frame, show_table
from pages.parts.text import visible
from pages.parts.what_if.asking import Asking
from pages.parts.what_if.changes import changes_of

_WITHOUT_RANGE = ("text", "image")


def show_curves(
    workspace: Workspace,
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    asking: Asking,
) -> None:
    """Draw the choice of an input, and a curve a head over its training range.

    Args:
        workspace: Where the model is asked.
        experiment: Names the heads.
        encodings: What each head learned about its targets.
        asking: The row and what is changed about it.
    """
    followed = [entry for entry in asking.ranges if entry.kind not in _WITHOUT_RANGE]
    if not followed:
        st.caption("Texts and pictures have no range that answers could be drawn over.")
        return
    column = _choose_input(asking, followed)
    entry = next(known for known in asking.ranges if known.column == column)
    now = asking.now()
    values = curve_values(entry, now[column])
    responses: tuple[HeadResponse, ...] = ()
    if values:
        outputs = workspace.response_curves(asking.run_id, now, column, values)
        responses = head_responses(experiment, encodings, outputs)
    draw(
        response_curves(
            column, values, responses, now[column], moments=entry.kind == "datetime"
        ),
        "response_curves",
        f"What each head answers as {visible(column, 80)} changes",
    )
    if responses:
        frame = responses_frame(column, values, responses)
        show_table(frame, "answers by value", "response_table")


def _choose_input(asking: Asking, followed: Sequence[InputRange]) -> str:
    """Return the input to follow: the one chosen, else the one changed last."""
    columns = [entry.column for entry in followed]
    numbers = [entry.column for entry in followed if entry.kind == "number"]
    name = f"followed input of {asking.run_id}"
    changed = [c for c in changes_of(asking.run_id, asking.row) if c in columns]
    following = recall(name, "") or [*reversed(changed), *numbers, *columns][0]
    key = f"what_if:{asking.run_id}:follow"
    st.selectbox(
        "Follow one input over its range",
        columns,
        format_func=lambda column: visible(column, 60),
        key=hold(key, following),
        on_change=lambda: remember(name, held(key, "")),
    )
    return following
