"""Scenarios kept side by side: what all heads answer, and what each change does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mtcore.arrays import FloatArray
from mtcore.evaluation.wording import MINUS
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import TargetEncoding
from mtcore.whatif.ranges import Cell, InputRange
from mtcore.whatif.scenarios import Effects, Scenario, scenario_records, split_effects
from pages.parts.run_words import in_steps_of, percent
from pages.parts.state import forget, recall, remember
from pages.parts.tables import apart
from pages.parts.text import count_of, visible
from pages.parts.what_if.asking import Asking
from pages.parts.what_if.changes import Changes, changes_of
from pages.parts.what_if.inputs import cell_words
from pages.parts.what_if.outputs import HeadOutput, head_outputs, output_words

_MOST_KEPT = 12
_MOST_OUTPUTS = 24
_SAME = 5e-4


@dataclass(frozen=True, slots=True)
class _Kept:
    """A scenario that a person kept."""

    row: int
    start: dict[str, Cell]
    changes: Changes

    def name(self, number: int) -> str:
        return f"{number}: row {self.row:,}, {count_of(len(self.changes), 'change')}"


def keep_button(run: Run, asking: Asking) -> None:
    """Draw the button that puts the row as it is set now beside others."""
    kept = _kept_in(run)
    now = (asking.row, changes_of(run.id, asking.row))
    known = any((one.row, one.changes) == now for one in kept)
    st.button(
        "Keep as a scenario",
        key="keep_scenario",
        icon=":material/library_add:",
        type="tertiary",
        disabled=not now[1] or known or len(kept) >= _MOST_KEPT,
        on_click=_keep,
        args=(run, asking),
    )


def show_scenarios(
    workspace: Workspace,
    run: Run,
    ranges: Sequence[InputRange],
    encodings: Mapping[str, TargetEncoding],
) -> None:
    """Draw the scenarios that were kept; nothing while there are none."""
    kept = _kept_in(run)
    if not kept:
        return
    outputs = head_outputs(run.experiment, encodings)[:_MOST_OUTPUTS]
    root = str(workspace.home.root)
    effects = _effects(workspace, root, run.id, repr(kept), kept)
    st.markdown("**Scenarios side by side**")
    st.dataframe(
        scenarios_frame(kept, effects, outputs, ranges),
        hide_index=True,
        alt="What all heads answer in each scenario, beside the row it started from",
    )
    with st.expander("Table: what each change does alone", icon=":material/table:"):
        st.dataframe(
            effects_frame(kept, effects, outputs, ranges),
            hide_index=True,
            alt="What each change of each scenario adds to each head's answer",
        )
        st.caption(
            "The effects of several changes need not add up: a network answers to "
            "combinations."
        )
    st.button(
        "Forget the scenarios",
        key="forget_scenarios",
        type="tertiary",
        on_click=forget,
        args=(_name(run),),
    )


def scenarios_frame(
    kept: Sequence[_Kept],
    effects: Sequence[Effects],
    outputs: Sequence[HeadOutput],
    ranges: Sequence[InputRange],
) -> pd.DataFrame:
    """Return a column a scenario, a line an output and an input that one changes."""
    names = apart(["", *(one.name(n) for n, one in enumerate(kept, start=1))])
    lines: list[list[str]] = []
    for output in outputs:
        cells = []
        for effect in effects:
            after = float(effect.after[output.head][output.place])
            added = float(effect.difference(output.head)[output.place])
            cells.append(f"{_value(output, after)} ({_added(output, added)})")
        lines.append([output_words(output), *cells])
    changed = dict.fromkeys(column for one in kept for column in one.changes)
    entries = {entry.column: entry for entry in ranges}
    for column in changed:
        cells = [
            cell_words(one.changes.get(column, one.start.get(column)), entries[column])
            for one in kept
        ]
        lines.append([visible(column, 60), *cells])
    return pd.DataFrame(lines, columns=names)


def effects_frame(
    kept: Sequence[_Kept],
    effects: Sequence[Effects],
    outputs: Sequence[HeadOutput],
    ranges: Sequence[InputRange],
) -> pd.DataFrame:
    """Return a line a change, with what it alone adds to each output."""
    entries = {entry.column: entry for entry in ranges}
    names = apart(["Scenario", "Change", *(output_words(o) for o in outputs)])
    lines = []
    for number, (one, effect) in enumerate(zip(kept, effects, strict=True), start=1):
        for column, value in one.changes.items():
            entry = entries[column]
            before, after = (
                cell_words(cell, entry) for cell in (one.start.get(column), value)
            )
            words = f"{visible(column, 40)}: {before} → {after}"
            added = (
                _added(o, float(effect.share_of(o.head, column)[o.place]))
                for o in outputs
            )
            lines.append([str(number), words, *added])
    return pd.DataFrame(lines, columns=names)


@st.cache_resource(max_entries=100, show_spinner=False)
def _effects(
    _workspace: Workspace,
    root: str,
    run_id: str,
    content: str,
    _kept: Sequence[_Kept],
) -> list[Effects]:
    """Return what each scenario does; one question answers all of them.

    `content` tells what is asked, so that moving a slider asks only once.
    """
    del root, content
    scenarios = [Scenario(one.start, one.changes) for one in _kept]
    records = [scenario_records(scenario) for scenario in scenarios]
    asked = [record for part in records for record in part]
    outputs = _workspace.predict(run_id, asked)
    found, start = [], 0
    for scenario, part in zip(scenarios, records, strict=True):
        stop = start + len(part)
        own: dict[str, FloatArray] = {h: v[start:stop] for h, v in outputs.items()}
        found.append(split_effects(scenario, own))
        start = stop
    return found


def _value(output: HeadOutput, value: float) -> str:
    return percent(value) if output.chance else in_steps_of(value, output.spread)


def _added(output: HeadOutput, value: float) -> str:
    if output.chance:
        if abs(value) < _SAME:
            return "="
        return f"{'+' if value > 0 else MINUS}{100 * abs(value):.1f} points"
    size = in_steps_of(abs(value), output.spread)
    if float(size.replace(",", "")) == 0:
        return "="
    return f"{'+' if value > 0 else MINUS}{size}"


def _keep(run: Run, asking: Asking) -> None:
    found: list[tuple[int, dict[str, Cell], Changes]] = recall(_name(run), [])
    changes = changes_of(run.id, asking.row)
    remember(_name(run), [*found, (asking.row, dict(asking.start), changes)])


def _kept_in(run: Run) -> list[_Kept]:
    found: list[tuple[int, dict[str, Cell], Changes]] = recall(_name(run), [])
    return [_Kept(*one) for one in found]


def _name(run: Run) -> str:
    return f"scenarios of {run.id}"
