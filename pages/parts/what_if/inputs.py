"""The inputs of a what-if question: a control for each, around a real row."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from mtcore.data.pictures.decoding import picture_bytes
from mtcore.data.values.moments import seconds_since_1970, text_of_seconds
from mtcore.whatif.ranges import Cell, InputRange, outside
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_words import NOTHING
from pages.parts.state import held, hold
from pages.parts.text import plain, visible
from pages.parts.what_if.asking import Asking
from pages.parts.what_if.changes import change_input, changes_of
from pages.parts.what_if.content import edit_picture, edit_words

SHOWN_AT_ONCE = 12
_MISSING = "(missing)"
_FINEST = 6


def choose_inputs(asking: Asking) -> tuple[InputRange, ...]:
    """Return the inputs to edit: all of a few, else those that were picked."""
    if len(asking.ranges) <= SHOWN_AT_ONCE:
        return asking.ranges
    columns = [entry.column for entry in asking.ranges]
    changed = changes_of(asking.run_id, asking.row)
    picked = st.multiselect(
        f"Inputs to edit, of {len(columns)}",
        columns,
        default=columns[:SHOWN_AT_ONCE],
        format_func=lambda column: visible(column, 60),
        key=f"what_if:{asking.run_id}:picked",
        help="Type to find an input. Those that you changed stay in view.",
    )
    chosen = {*picked, *changed}
    return tuple(entry for entry in asking.ranges if entry.column in chosen)


def edit_inputs(asking: Asking, shown: Sequence[InputRange]) -> None:
    """Draw a control for each of some inputs; every change asks anew."""
    now = asking.now()
    for entry in shown:
        with st.container(key=f"what_if_input_{asking.ranges.index(entry)}", gap=None):
            match entry.kind:
                case "number":
                    _edit_number(asking, entry, now[entry.column])
                case "datetime":
                    _edit_moment(asking, entry, now[entry.column])
                case "text":
                    label = _label(asking, entry, now[entry.column])
                    edit_words(asking, entry, now[entry.column], label)
                case "image":
                    label = _label(asking, entry, now[entry.column])
                    edit_picture(asking, entry, now[entry.column], label)
                case "category" | "boolean":
                    _edit_choice(asking, entry, now[entry.column])
            _show_flag(entry, now[entry.column])


def show_other_inputs(asking: Asking, shown: Sequence[InputRange]) -> None:
    """List the inputs that are not being edited, with what they hold."""
    others = [entry for entry in asking.ranges if entry not in shown]
    if not others:
        return
    with st.expander(f"The other {len(others)} inputs, as in the row"):
        frame = pd.DataFrame(
            [
                (visible(e.column, 80), cell_words(asking.start[e.column], e), _span(e))
                for e in others
            ],
            columns=["Input", "Value", "In training"],
        )
        st.dataframe(frame, hide_index=True, alt="Inputs that are not being edited")


def cell_words(value: Cell, entry: InputRange) -> str:
    """Return what an input holds, as people read it."""
    match value:
        case None:
            return _MISSING
        case str() if picture_bytes(value) is not None:
            return "a picture of your own"
        case float():
            return f"{value:,.{_decimals(entry, value)}f}"
        case _:
            return visible(value, 60)


def _edit_number(asking: Asking, entry: InputRange, value: Cell) -> None:
    number = value if isinstance(value, float) else None
    low, high = entry.minimum, entry.maximum
    decimals = _decimals(entry, number)
    form = f"%.{decimals}f"
    slide, field = st.columns([3, 2], vertical_alignment="bottom", gap="small")
    label = _label(asking, entry, value)
    if low is not None and high is not None and low < high:
        shown = entry.typical if number is None else number
        key = asking.key("slider", entry.column)
        place = min(max(float(shown if isinstance(shown, float) else low), low), high)
        slide.slider(
            label,
            min_value=low,
            max_value=high,
            step=_slider_step(entry),
            format=form,
            key=hold(key, place),
            on_change=_store,
            args=(asking, entry, key, _as_number),
        )
    else:
        slide.markdown(label)
        slide.caption("It never varied in training.")
    key = asking.key("number", entry.column)
    field.number_input(
        label,
        value=None,
        step=entry.step,
        format=form,
        placeholder=_MISSING,
        label_visibility="collapsed",
        key=hold(key, number),
        on_change=_store,
        args=(asking, entry, key, _as_number),
    )


def _edit_choice(asking: Asking, entry: InputRange, value: Cell) -> None:
    key = asking.key("choice", entry.column)
    known = list(entry.choices)
    options = known if value is None or value in known else [*known, str(value)]
    st.selectbox(
        _label(asking, entry, value),
        options,
        index=None,
        format_func=lambda choice: visible(choice, 60),
        placeholder=_MISSING,
        accept_new_options=True,
        key=hold(key, value),
        on_change=_store,
        args=(asking, entry, key, _as_text),
    )


def _edit_moment(asking: Asking, entry: InputRange, value: Cell) -> None:
    key = asking.key("moment", entry.column)
    seconds = math.nan if value is None else seconds_since_1970(str(value))
    known = not math.isnan(seconds)
    st.datetime_input(
        _label(asking, entry, value),
        value=None,
        min_value=datetime(1, 1, 1),
        max_value=datetime(9999, 12, 31),
        key=hold(key, _clock(seconds) if known else None),
        on_change=_store,
        args=(asking, entry, key, _as_moment),
    )


def _store(
    asking: Asking, entry: InputRange, key: str, cell_of: Callable[[object], Cell]
) -> None:
    """Keep what a control shows; the callback of every control here."""
    with ErrorBoundary():
        value = cell_of(held(key, None))
        column = entry.column
        change_input(asking.run_id, asking.row, column, value, asking.start[column])


def _label(asking: Asking, entry: InputRange, value: Cell) -> str:
    name = plain(entry.column, 40)
    start = asking.start[entry.column]
    if value == start:
        return name
    return f"**{name}** · was {plain(cell_words(start, entry))}"


def _show_flag(entry: InputRange, value: Cell) -> None:
    if value is None or not outside(entry, value):
        return
    match entry.kind:
        case "number" | "datetime":
            words = f"outside {_span(entry)}, the range that was trained on"
        case _:
            words = "a value that was never seen in training"
    st.caption(f":orange[:material/warning:] {words}: the answer is a guess.")


def _span(entry: InputRange) -> str:
    """Return what an input held while training, in a few words."""
    low, high = entry.minimum, entry.maximum
    if low is None or high is None:
        return f"{len(entry.choices)} values" if entry.choices else NOTHING
    if entry.kind == "datetime":
        return f"{text_of_seconds(low)} to {text_of_seconds(high)}"
    return f"{cell_words(low, entry)} to {cell_words(high, entry)}"


def _slider_step(entry: InputRange) -> float | None:
    """Return a step that the values of a column mostly lie on, such as 0.1 for 0.5."""
    if entry.step is None:
        return None
    return float(f"1e{math.floor(math.log10(entry.step))}")


def _decimals(entry: InputRange, value: float | None) -> int:
    """Return the decimals that show the range's step, and the value without loss."""
    needed = 0
    for number in (entry.step, value):
        if number is not None:
            text = f"{number:.{_FINEST}f}".rstrip("0")
            needed = max(needed, len(text.partition(".")[2]))
    return needed


def _clock(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _as_number(value: object) -> Cell:
    return float(value) if isinstance(value, int | float) else None


def _as_text(value: object) -> Cell:
    return str(value) if value is not None else None


def _as_moment(value: object) -> Cell:
    if not isinstance(value, datetime):
        return None
    # Spelled as rows are, so that going back to the start is no change.
    return text_of_seconds(seconds_since_1970(value.isoformat()))
