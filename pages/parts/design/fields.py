"""Widgets that show one place of a draft and save it the moment it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.design.draft import Edit, Editing, store
from pages.parts.design.places import (
    Place,
    Plain,
    layers_from,
    replaced,
    text_of_layers,
    value_at,
)
from pages.parts.text import visible


@dataclass(frozen=True, slots=True)
class Field:
    """A place of a draft as a labelled widget.

    Args:
        label: Above the widget.
        place: What it shows and sets.
        explained: A sentence beside the label, if it needs one.
        edit: Makes the new experiment, where more than the place changes.
    """

    label: str
    place: Place
    explained: str | None = None
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number field takes: both ends included, and the step of its buttons."""

    least: float
    most: float | None = None
    step: float = 1.0


def edit_text(editing: Editing, field: Field) -> None:
    """Draw a text field."""
    st.text_input(
        field.label,
        value_at(editing.plain, field.place),
        key=editing.control(field.place),
        max_chars=300,
        help=field.explained,
        on_change=store,
        args=(editing, field.place, field.edit),
    )


def edit_choice(editing: Editing, field: Field, words: dict[str, str]) -> None:
    """Draw a menu.

    Args:
        editing: The draft.
        field: What it shows and sets.
        words: What each value is called, in the menu's order.
    """
    current = value_at(editing.plain, field.place)
    known = current is None or current in words
    values = list(words) if known else [*words, current]
    st.selectbox(
        field.label,
        values,
        index=None if current is None else values.index(current),
        format_func=lambda value: visible(words.get(value, value), 60),
        key=editing.control(field.place),
        help=field.explained,
        on_change=store,
        args=(editing, field.place, field.edit),
    )


def edit_number(editing: Editing, field: Field, limits: Limits) -> None:
    """Draw a number field; for whole numbers where the stored one is whole."""
    current = value_at(editing.plain, field.place)
    kind = int if isinstance(current, int) else float
    # A pasted experiment may hold less or more than anybody would choose by hand.
    most = None if limits.most is None else max(limits.most, current)
    st.number_input(
        field.label,
        min_value=kind(min(limits.least, current)),
        max_value=None if most is None else kind(most),
        value=kind(current),
        step=kind(limits.step),
        format="%d" if kind is int else "%g",
        key=editing.control(field.place),
        help=field.explained,
        on_change=store,
        args=(editing, field.place, field.edit),
    )


def edit_switch(editing: Editing, field: Field, *, enabled: bool = True) -> None:
    """Draw a switch.

    Args:
        editing: The draft.
        field: What it shows and sets.
        enabled: Whether it can have an effect.
    """
    current = value_at(editing.plain, field.place)
    st.toggle(
        field.label,
        current,
        key=editing.control(field.place),
        help=field.explained,
        disabled=not enabled,
        on_change=store,
        args=(editing, field.place, field.edit),
    )


def edit_layers(editing: Editing, field: Field) -> None:
    """Draw a field for the units of Dense layers, such as `64, 32`."""
    shown = text_of_layers(value_at(editing.plain, field.place))
    st.text_input(
        field.label,
        shown,
        key=editing.control(field.place, shown),
        placeholder="none",
        help=field.explained,
        on_change=store,
        args=(editing, field.place, _layers_at(field.place)),
    )


def edit_columns(editing: Editing, field: Field, columns: Sequence[str]) -> None:
    """Draw a field for several of the given columns."""
    chosen = list(value_at(editing.plain, field.place))
    st.multiselect(
        field.label,
        list(dict.fromkeys((*columns, *chosen))),
        chosen,
        format_func=lambda column: visible(column, 60),
        key=editing.control(field.place, chosen),
        help=field.explained,
        on_change=store,
        args=(editing, field.place, field.edit),
    )


def _layers_at(place: Place) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        changed: Plain = replaced(plain, place, layers_from(str(value)))
        return changed

    return edit
