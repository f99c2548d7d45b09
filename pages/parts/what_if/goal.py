"""Goal seek: conditions on several heads, and the smallest changes that meet them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import pandas as pd
import streamlit as st

from mtcore.data.values.moments import text_of_seconds
from mtcore.evaluation.importance import ImportanceSheet
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment, TargetEncoding
from mtcore.whatif.goals import Condition, Edit, Free, Goal, Sought
from mtcore.whatif.ranges import Cell, InputRange
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_facts import importance_of
from pages.parts.run_words import in_steps_of, number, percent
from pages.parts.state import recall, remember
from pages.parts.tables import show_folded
from pages.parts.text import plain, visible
from pages.parts.what_if.asking import Asking
from pages.parts.what_if.changes import set_changes
from pages.parts.what_if.inputs import cell_words
from pages.parts.what_if.outputs import HeadOutput, head_outputs, output_words

_MOST_FREE = 6
_FAR_OFF = 0.25  # of a probability
_LIMITS = {"low": "at least", "high": "at most"}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search came to, as plain data that a tab can remember."""

    edits: tuple[dict[str, Cell], ...]
    distances: tuple[float, ...]
    answers: tuple[dict[str, tuple[float, ...]], ...]
    miss: str | None


def seek_goal(
    workspace: Workspace,
    run: Run,
    asking: Asking,
    encodings: Mapping[str, TargetEncoding],
) -> None:
    """Draw the goal and the ways to reach it from the row as it is, once unfolded."""
    show_folded(
        "Reach a goal",
        "goal",
        lambda: _seek(workspace, run, asking, encodings),
        icon=":material/flag:",
    )


@st.fragment
@ErrorBoundary()
def _seek(
    workspace: Workspace,
    run: Run,
    asking: Asking,
    encodings: Mapping[str, TargetEncoding],
) -> None:
    outputs = head_outputs(run.experiment, encodings)
    left, right = st.columns(2, gap="large")
    with left:
        conditions = _edit_conditions(run, outputs)
    with right:
        free = _edit_free(asking, importance_of(workspace, run))
    name = f"goal of row {asking.row} for {run.id}"
    if st.button(
        "Find the smallest changes",
        key="seek_goal",
        icon=":material/search:",
        disabled=not (conditions and free),
    ):
        row = dict(asking.start)
        goal = Goal(
            row, tuple(conditions), tuple(free), run.experiment.missing, asking.row
        )
        with st.spinner("Looking for changes"):
            sought = workspace.seek(run.id, goal)
        remember(name, asdict(_found(run.experiment, sought, conditions)))
    kept = recall(name, None)
    if kept is not None:
        _show_found(_Found(**kept), run, asking, outputs)


def _edit_conditions(run: Run, outputs: Sequence[HeadOutput]) -> list[Condition]:
    """Draw the limits of some outputs and return those that are set."""
    places = list(range(len(outputs)))
    chosen = st.multiselect(
        "What is to come out",
        places,
        format_func=lambda place: output_words(outputs[place]),
        placeholder="Choose one or several answers",
        key=f"goal_outputs:{run.id}",
    )
    conditions = []
    for place in chosen:
        output = outputs[place]
        which, limit = st.columns([2, 3], vertical_alignment="bottom")
        words = plain(output.name, 40) + (", in percent" if output.chance else "")
        side = which.selectbox(
            words,
            list(_LIMITS),
            format_func=_LIMITS.__getitem__,
            key=f"goal_side:{run.id}:{place}",
        )
        step = 5.0 if output.chance else None
        value = limit.number_input(
            f"Limit of {words}",
            value=50.0 if output.chance else output.typical,
            min_value=0.0 if output.chance else None,
            max_value=100.0 if output.chance else None,
            step=step,
            format="%.0f" if output.chance else None,
            label_visibility="collapsed",
            key=f"goal_limit:{run.id}:{place}",
        )
        wanted = value / 100.0 if output.chance else value
        conditions.append(
            Condition(
                output.head,
                output.place,
                output.name,
                low=wanted if side == "low" else None,
                high=wanted if side == "high" else None,
                unit=_FAR_OFF if output.chance else output.spread,
            )
        )
    return conditions


def _edit_free(asking: Asking, sheet: ImportanceSheet | None) -> list[Free]:
    """Draw which inputs may be changed, within which bounds, and return those.

    Those that the answers rest on most are chosen at first, where that is known.
    """
    usable = [entry for entry in asking.ranges if _can_change(entry)]
    columns = [entry.column for entry in usable]
    leading = sheet.leading_columns() if sheet is not None else []
    at_first = [column for column in leading if column in columns] or columns
    chosen = st.multiselect(
        "What may be changed",
        columns,
        default=at_first[:_MOST_FREE],
        format_func=lambda column: visible(column, 60),
        placeholder="Choose inputs",
        key=f"goal_free:{asking.run_id}",
    )
    with st.popover("Bounds", icon=":material/straighten:", disabled=not chosen):
        return [
            _edit_bounds(asking, entry) for entry in usable if entry.column in chosen
        ]


def _edit_bounds(asking: Asking, entry: InputRange) -> Free:
    key = f"goal_bounds:{asking.run_id}:{entry.column}"
    if entry.kind in ("category", "boolean"):
        kept = st.multiselect(
            plain(entry.column, 40),
            entry.choices,
            default=entry.choices,
            format_func=lambda choice: visible(choice, 60),
            key=key,
        )
        # With no choice left the row keeps what it holds.
        own = asking.start[entry.column]
        return Free(entry.column, "category", choices=tuple(kept) or (str(own or ""),))
    low, high = float(entry.minimum or 0.0), float(entry.maximum or 0.0)
    if entry.kind == "datetime":
        st.caption(
            f"{plain(entry.column, 40)}: {text_of_seconds(low)} to "
            f"{text_of_seconds(high)}"
        )
        return Free(entry.column, "datetime", low, high)
    first, second = st.columns(2)
    low = first.number_input(
        f"{plain(entry.column, 40)} from", value=low, key=f"{key}:low"
    )
    high = second.number_input("to", value=high, key=f"{key}:high")
    return Free(entry.column, "number", low, high, whole=entry.step == 1.0)


def _can_change(entry: InputRange) -> bool:
    if entry.kind in ("category", "boolean"):
        return len(entry.choices) > 1
    low, high = entry.minimum, entry.maximum
    return low is not None and high is not None and low < high


def _found(
    experiment: Experiment,
    sought: Sought,
    conditions: Sequence[Condition],
) -> _Found:
    edits = sought.edits or ((sought.closest,) if sought.closest else ())
    return _Found(
        edits=tuple(edit.changes for edit in edits),
        distances=tuple(edit.distance for edit in edits),
        answers=tuple(
            {head.name: tuple(edit.outputs[head.name].tolist())
             for head in experiment.heads}
            for edit in edits
        ),
        miss=None if sought.edits else _miss_words(sought.closest, conditions),
    )  # fmt: skip


def _miss_words(closest: Edit | None, conditions: Sequence[Condition]) -> str:
    """Return by how much the closest edit misses each condition, safe to show."""
    words = []
    for condition, miss in zip(
        conditions, closest.misses if closest else (), strict=True
    ):
        if miss:
            side = "lower" if condition.low is not None else "higher"
            far = (
                f"{100 * miss:.0f} points"
                if condition.unit == _FAR_OFF
                else number(miss)
            )
            words.append(f"{plain(condition.name, 40)} stays {far} {side} than wanted")
    return "; ".join(words)


def _show_found(
    found: _Found, run: Run, asking: Asking, outputs: Sequence[HeadOutput]
) -> None:
    if found.miss is not None:
        st.warning(
            "No change within these bounds reaches the goal. The closest: "
            f"{found.miss}. Widen the bounds, let more inputs change, or ask for less.",
            icon=":material/flag:",
        )
    elif not found.edits[0]:
        st.success("The row is there already.", icon=":material/check_circle:")
    st.dataframe(
        _found_frame(found, asking, outputs),
        hide_index=True,
        alt="Ways to reach the goal, the smallest change first",
    )
    with st.container(horizontal=True):
        for place, changes in enumerate(found.edits):
            if changes and st.button(
                f"Try change {place + 1}",
                key=f"take_edit_{place}",
                on_click=set_changes,
                args=(run.id, asking.row, changes),
            ):
                st.rerun()


def _found_frame(
    found: _Found, asking: Asking, outputs: Sequence[HeadOutput]
) -> pd.DataFrame:
    ranges = {entry.column: entry for entry in asking.ranges}
    lines = []
    for place, changes in enumerate(found.edits):
        words = [
            f"{visible(column, 40)}: {cell_words(asking.start[column], ranges[column])}"
            f" → {cell_words(_shown(value, ranges[column]), ranges[column])}"
            for column, value in changes.items()
        ]
        line: dict[str, object] = {
            "": place + 1,
            "Changes": "; ".join(words) or "none",
        }
        for output in outputs:
            value = found.answers[place][output.head][output.place]
            line[output_words(output)] = (
                percent(value) if output.chance else in_steps_of(value, output.spread)
            )
        lines.append(line)
    return pd.DataFrame(lines)


def _shown(value: Cell, entry: InputRange) -> Cell:
    """Return a number with digits that matter beside the input's step."""
    if isinstance(value, float) and entry.step:
        return round(value / entry.step * 100.0) * entry.step / 100.0
    return value
