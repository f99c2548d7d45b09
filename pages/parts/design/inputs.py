"""The inputs table: which columns the model is given, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.suggestions.inputs import usable_input
from mtcore.spec import INPUT_KINDS
from pages.parts.boundary import ErrorBoundary
from pages.parts.design.draft import Editing, change, stored
from pages.parts.design.edits import with_inputs
from pages.parts.design.places import Plain
from pages.parts.spec_words import KIND_WORDS
from pages.parts.state import held, next_key, numbered_key, recall, remember
from pages.parts.tables import fitting_height
from pages.parts.text import count_of, listed, visible

Edits = Mapping[int, Mapping[str, object]]
"""By row number, the cells that were changed in the table."""


@dataclass(frozen=True, slots=True)
class InputRow:
    """A column that can be an input.

    Args:
        used: Whether it is one.
        kind: What it is, or would be, given as.
    """

    used: bool
    kind: str


def edit_inputs(editing: Editing) -> None:
    """Draw a row for each column that no head predicts; changes are saved at once."""
    rows = input_rows(editing.plain, editing.profile)
    name = f"inputs of {editing.draft_id}"
    base: dict[str, InputRow] = recall(name, {})
    # The table keeps its own changes on top of what it was given, so that is left as it
    # was until the draft is changed in another way: an undo, a target, a pasted file.
    if _used(with_edits(base, _edits(name))) != _used(rows) or list(base) != list(rows):
        base = rows
        remember(name, base)
        next_key(name)()
    used = len(_used(rows))
    with st.expander(
        f"Inputs: {used:,} of {count_of(len(rows), 'column')}",
        icon=":material/input:",
        key=f"expander of {name}",
        on_change="rerun",
    ) as box:
        if box.open:
            _edit_table(editing, name, base)


def _edit_table(editing: Editing, name: str, base: dict[str, InputRow]) -> None:
    st.caption("A column that a head predicts is never an input.")
    st.data_editor(
        _frame(base, editing.profile),
        key=numbered_key(name),
        hide_index=True,
        height=fitting_height(len(base)),
        disabled=["column", "found", "missing", "distinct", "examples"],
        column_config={
            "used": st.column_config.CheckboxColumn("Input", width="small"),
            "column": st.column_config.TextColumn("Column"),
            "kind": st.column_config.SelectboxColumn(
                "Given as",
                options=list(INPUT_KINDS),
                format_func=lambda kind: KIND_WORDS[str(kind)],
                required=True,
            ),
            "found": st.column_config.TextColumn("Found as"),
            "missing": st.column_config.NumberColumn("Missing", format="%.3g %%"),
            "distinct": st.column_config.NumberColumn("Distinct", width="small"),
            "examples": st.column_config.TextColumn("Examples", width="large"),
        },
        on_change=_save,
        args=(editing, name),
    )
    _say_what_cannot_be_used(editing.profile)


def input_rows(plain: Plain, profile: Profile) -> dict[str, InputRow]:
    """Return every column that can be an input, by name in the file's order."""
    targets = {column for head in plain["heads"] for column in head["columns"]}
    kinds = {given["column"]: given["kind"] for given in plain["inputs"] or ()}
    return {
        column.name: InputRow(
            column.name in kinds, kinds.get(column.name) or _natural_kind(column)
        )
        for column in profile.columns
        if column.name not in targets and not _has_no_pictures(column)
    }


def with_edits(rows: Mapping[str, InputRow], edits: Edits) -> dict[str, InputRow]:
    """Return the rows after what was changed in the table."""
    changed = dict(rows)
    columns = list(rows)
    for number, cells in edits.items():
        if number >= len(columns):
            continue
        row = changed[columns[number]]
        if cells.get("kind") in INPUT_KINDS:
            row = replace(row, kind=str(cells["kind"]))
        if "used" in cells:
            row = replace(row, used=bool(cells["used"]))
        changed[columns[number]] = row
    return changed


def _save(editing: Editing, name: str) -> None:
    with ErrorBoundary():
        base: dict[str, InputRow] = recall(name, {})
        kinds = _used(with_edits(base, _edits(name)))
        change(editing, with_inputs(stored(editing), kinds, editing.profile))


def _edits(name: str) -> Edits:
    nothing: dict[str, Edits] = {}
    return held(numbered_key(name), nothing).get("edited_rows", {})


def _used(rows: Mapping[str, InputRow]) -> dict[str, str]:
    return {column: row.kind for column, row in rows.items() if row.used}


def _natural_kind(column: ColumnProfile) -> str:
    usable = usable_input(column)
    if usable is not None:
        return usable.kind
    return "category" if column.mean is None else "number"


def _frame(rows: Mapping[str, InputRow], profile: Profile) -> pd.DataFrame:
    columns = [profile.column(name) for name in rows]
    return pd.DataFrame(
        {
            "used": [row.used for row in rows.values()],
            "column": [visible(name, 80) for name in rows],
            "kind": [row.kind for row in rows.values()],
            "found": [KIND_WORDS[column.kind] for column in columns],
            "missing": [100 * column.missing / column.rows for column in columns],
            "distinct": [column.distinct for column in columns],
            "examples": [visible(", ".join(column.examples), 80) for column in columns],
        }
    )


def _has_no_pictures(column: ColumnProfile) -> bool:
    return column.kind == "image" and column.pictures is None


def _say_what_cannot_be_used(profile: Profile) -> None:
    names = [column.name for column in profile.columns if _has_no_pictures(column)]
    if names:
        st.caption(
            "Not usable as inputs, as no pictures came with the table: "
            f"{listed(names)}."
        )
