"""A card a column: what it was taken for and why, and how its values are spread."""

from __future__ import annotations

import streamlit as st

from mtcore.charts.small import small_distribution
from mtcore.data.library.library import Dataset
from mtcore.data.profile.held import holds_numbers
from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.runs.workspace import Workspace
from mtcore.spec.inputs import ColumnKind
from pages.parts.boundary import ErrorBoundary
from pages.parts.data.columns import value_range
from pages.parts.spec_words import KIND_WORDS
from pages.parts.state import held
from pages.parts.text import count_of, plain, visible

_A_PAGE = 12
_A_ROW = 3
_MOSTLY_EMPTY = 0.5
_ALL = "All kinds"


def show_cards(workspace: Workspace, dataset: Dataset, profile: Profile) -> None:
    """Draw a card for each column, a page of them at a time.

    Args:
        workspace: Where a kind that a person corrects is kept.
        dataset: What the columns are of.
        profile: What they hold.
    """
    columns = _choose_columns(dataset, profile)
    pages = max(-(-len(columns) // _A_PAGE), 1)
    page = 1
    if pages > 1:
        page = st.number_input(
            f"Page of {pages:,}",
            min_value=1,
            max_value=pages,
            key=f"cards:{dataset.id}:{pages}",
            width=160,
        )
    if not columns:
        st.caption("No column fits.")
    first = (page - 1) * _A_PAGE
    shown = columns[first : first + _A_PAGE]
    for start in range(0, len(shown), _A_ROW):
        row = shown[start : start + _A_ROW]
        for cell, column in zip(st.columns(_A_ROW), row, strict=False):
            with cell.container(border=True, height="stretch"):
                _show_card(workspace, dataset, column)


def _choose_columns(dataset: Dataset, profile: Profile) -> list[ColumnProfile]:
    """Draw a search by name and kind where there are many columns."""
    columns = list(profile.columns)
    if len(columns) <= _A_PAGE:
        return columns
    kinds = list(dict.fromkeys(column.kind for column in columns))
    name, kind = st.columns((2, 1))
    text = name.text_input(
        "Find a column", key=f"find:{dataset.id}", placeholder="a part of its name"
    )
    chosen = kind.selectbox(
        "Kind",
        [_ALL, *kinds],
        format_func=lambda kind: KIND_WORDS.get(kind, kind),
        key=f"kind:{dataset.id}",
    )
    wanted = text.strip().casefold()
    return [
        column
        for column in columns
        if wanted in column.name.casefold() and chosen in (_ALL, column.kind)
    ]


def possible_kinds(column: ColumnProfile) -> tuple[ColumnKind, ...]:
    """Return what a column may be taken for without reading the file again."""
    if column.distinct < 2 or column.kind == "datetime":
        return (column.kind,)
    if column.kind == "boolean":
        return ("boolean", "category")
    if holds_numbers(column):
        return ("number", "category", "id")
    kinds: tuple[ColumnKind, ...] = ("category", "text", "id")
    return (column.kind, *kinds) if column.kind not in kinds else kinds


def _show_card(workspace: Workspace, dataset: Dataset, column: ColumnProfile) -> None:
    st.markdown(f"**{plain(column.name, 60)}**")
    st.html(small_distribution(column))
    share = column.missing / max(column.rows, 1)
    lacking = f"{share:.1%} missing" if column.missing else "none missing"
    facts = [f"{column.distinct:,} distinct", lacking]
    if value_range(column):
        facts.append(value_range(column))
    elif column.examples:
        facts.append(f"such as {visible(', '.join(column.examples[:3]), 60)}")
    st.caption(plain(", ".join(facts)))
    _edit_kind(workspace, dataset, column)
    st.caption(plain(column.reason, 160))
    for remark in _remarks(column, share):
        st.caption(f":material/info: {remark}")


def _edit_kind(workspace: Workspace, dataset: Dataset, column: ColumnProfile) -> None:
    """Draw the kinds that the column may be of: a click takes another."""
    key = f"kind:{dataset.id}:{column.name}"
    st.segmented_control(
        f"Kind of {plain(column.name, 60)}",
        possible_kinds(column),
        default=column.kind,
        format_func=lambda kind: KIND_WORDS[kind],
        required=True,
        key=f"{key}:{column.kind}",
        label_visibility="collapsed",
        on_change=_retype,
        args=(workspace, dataset, column, f"{key}:{column.kind}"),
    )


def _retype(
    workspace: Workspace, dataset: Dataset, column: ColumnProfile, key: str
) -> None:
    with ErrorBoundary():
        kind = held(key, column.kind)
        if kind in possible_kinds(column):
            workspace.library.retype(dataset.id, column.name, kind)


def _remarks(column: ColumnProfile, share: float) -> list[str]:
    """Return what a person should know about a column, in Markdown."""
    remarks = []
    if column.kind == "constant":
        remarks.append("Nothing can be learned from it, so models leave it out.")
    if column.kind == "id":
        remarks.append("It tells rows apart, so models leave it out.")
    if share > _MOSTLY_EMPTY and column.distinct:
        there = column.rows - column.missing
        remarks.append(f"Only {count_of(there, 'row')} have a value.")
    return remarks
