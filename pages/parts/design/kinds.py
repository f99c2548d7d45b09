"""What only some kinds of heads have: classes, levels, orders and their losses."""

from __future__ import annotations

import streamlit as st

from pages.parts.design.draft import Edit, Editing, store
from pages.parts.design.fields import Field, Limits, edit_number
from pages.parts.design.places import Plain, levels_from, replaced, text_of_layers
from pages.parts.text import visible

_CLASS_WEIGHT_WORDS = {"": "Every row counts the same", "balanced": "Rare classes more"}
_SMOOTHING_EXPLAINED = (
    "Share of each label that is spread over all classes, such as 0.1: for labels that "
    "are sometimes wrong."
)
_FOCUS_EXPLAINED = "0 is cross-entropy; with more, hard rows count more."
_LEVELS_EXPLAINED = (
    "Share of rows below each quantile, rising, such as 0.1, 0.5, 0.9: between the "
    "outermost lie 80 % of the rows."
)
_LOG_EXPLAINED = (
    "Learns the logarithm, on both sides of 0: for amounts with a few huge values. "
    "Answers stay in the column's unit."
)
_ORDER_EXPLAINED = "From the lowest to the highest: choose them in this order."


def edit_kind_fields(editing: Editing, index: int, head: Plain) -> None:
    """Draw the fields that a head's kind brings, besides those of every head."""
    at = ("heads", index)
    known = editing.profile.kinds()
    there = all(column in known for column in head["columns"])
    if "positive" in head and there:
        _edit_positive(editing, index, head)
    if "class_weight" in head:
        _edit_class_weight(editing, index, head)
    if "label_smoothing" in head:
        place = (*at, "label_smoothing")
        field = Field("Label smoothing", place, _SMOOTHING_EXPLAINED)
        edit_number(editing, field, Limits(0.0, 0.49, 0.05))
    if head["loss"] == "focal" and "focus" in head:
        field = Field("Focus", (*at, "focus"), _FOCUS_EXPLAINED)
        edit_number(editing, field, Limits(0.0, 10.0, 0.5))
    if "log_target" in head:
        _edit_log_target(editing, index)
    if "levels" in head:
        _edit_levels(editing, index, head)
    if "order" in head and there:
        _edit_order(editing, index, head)


def _edit_positive(editing: Editing, index: int, head: Plain) -> None:
    place = ("heads", index, "positive")
    column = editing.profile.column(head["columns"][0])
    values = [value for value, _ in column.top]
    current = head["positive"]
    choices = values if current is None or current in values else [*values, current]
    st.selectbox(
        "Positive class",
        choices,
        index=None,
        format_func=lambda value: visible(value, 60),
        placeholder="Found by itself",
        key=editing.control(place),
        on_change=store,
        args=(editing, place),
    )


def _edit_class_weight(editing: Editing, index: int, head: Plain) -> None:
    place = ("heads", index, "class_weight")
    weights = head["class_weight"]
    if isinstance(weights, dict):
        st.caption("The classes' weights are set in the YAML.")
        return
    st.selectbox(
        "Class weights",
        list(_CLASS_WEIGHT_WORDS),
        index=list(_CLASS_WEIGHT_WORDS).index(weights or ""),
        format_func=lambda value: _CLASS_WEIGHT_WORDS[value],
        key=editing.control(place, weights or ""),
        on_change=store,
        args=(editing, place, _weighing_classes(index)),
    )


def _edit_log_target(editing: Editing, index: int) -> None:
    place = ("heads", index, "log_target")
    st.toggle(
        "Heavy tails",
        key=editing.control(place),
        help=_LOG_EXPLAINED,
        on_change=store,
        args=(editing, place),
    )


def _edit_levels(editing: Editing, index: int, head: Plain) -> None:
    place = ("heads", index, "levels")
    shown = text_of_layers(head["levels"])
    st.text_input(
        "Levels",
        shown,
        key=editing.control(place, shown),
        help=_LEVELS_EXPLAINED,
        on_change=store,
        args=(editing, place, _levelling(index)),
    )


def _edit_order(editing: Editing, index: int, head: Plain) -> None:
    place = ("heads", index, "order")
    column = editing.profile.column(head["columns"][0])
    chosen = list(head["order"] or ())
    values = sorted(value for value, _ in column.top)
    st.multiselect(
        "Order of the classes",
        list(dict.fromkeys((*chosen, *values))),
        chosen,
        format_func=lambda value: visible(value, 60),
        placeholder="By size or alphabet",
        key=editing.control(place, chosen),
        help=_ORDER_EXPLAINED,
        on_change=store,
        args=(editing, place, _ordering(index)),
    )


def _weighing_classes(index: int) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        place = ("heads", index, "class_weight")
        changed: Plain = replaced(plain, place, value or None)
        return changed

    return edit


def _levelling(index: int) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        place = ("heads", index, "levels")
        changed: Plain = replaced(plain, place, levels_from(str(value)))
        return changed

    return edit


def _ordering(index: int) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        changed: Plain = replaced(plain, ("heads", index, "order"), value or None)
        return changed

    return edit
