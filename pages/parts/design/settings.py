"""Readers of texts and pictures, trunk, training and split: what all heads share."""

from __future__ import annotations

import streamlit as st

from pages.parts.design.balance import edit_balance
from pages.parts.design.draft import Editing, store
from pages.parts.design.edits import (
    SPLITS_WITH_COLUMN,
    with_row_weight,
    with_split_kind,
)
from pages.parts.design.fields import (
    Field,
    Limits,
    edit_choice,
    edit_number,
)
from pages.parts.design.places import Plain
from pages.parts.design.readers import edit_readers
from pages.parts.design.recipe import edit_recipe
from pages.parts.design.trunk import edit_trunk
from pages.parts.spec_words import OPTIMIZER_WORDS, SPLIT_WORDS
from pages.parts.text import visible

_PATIENCE_EXPLAINED = (
    "Training ends after so many epochs without a better one; the best epoch is kept."
)
_SPLIT_HELP = {
    "random": "Rows are drawn at random.",
    "stratified": "Rows are drawn so that every class has its share in every part.",
    "group": "Rows with the same value of a column stay in one part.",
    "time": "The latest rows judge, and those just before them choose the epoch.",
    "given": "A column holds train, validation or test; the shares are not used.",
}


def edit_settings(editing: Editing) -> None:
    """Draw the fields of all that heads share, one group below the other."""
    edit_readers(editing)
    st.subheader("Trunk", anchor=False)
    edit_trunk(editing)
    st.subheader("Training", anchor=False)
    _edit_training(editing)
    edit_recipe(editing)
    edit_balance(editing)
    st.subheader("Rows", anchor=False)
    _edit_split(editing)
    _edit_cells(editing)


def _edit_training(editing: Editing) -> None:
    first, second, third = st.columns(3)
    with first:
        field = Field("Epochs at most", ("training", "epochs"))
        edit_number(editing, field, Limits(1, 100_000, 10))
        field = Field("Optimizer", ("training", "optimizer"))
        edit_choice(editing, field, OPTIMIZER_WORDS)
    with second:
        field = Field("Rows a step", ("training", "batch_size"))
        edit_number(editing, field, Limits(1, 1_000_000, 32))
        field = Field("Learning rate", ("training", "learning_rate"))
        edit_number(editing, field, Limits(1e-6, 10.0, 0.0005))
    with third:
        field = Field("Patience", ("training", "patience"), _PATIENCE_EXPLAINED)
        edit_number(editing, field, Limits(1))
        edit_number(editing, Field("Seed", ("seed",)), Limits(0, 2**31 - 1))
    _edit_monitor(editing)


def _edit_split(editing: Editing) -> None:
    split: Plain = editing.plain["split"]
    by_column = split["kind"] in SPLITS_WITH_COLUMN
    shares = ("validation", "test") if split["kind"] != "given" else ()
    cells = iter(st.columns((2, *(2,) * by_column, *(1,) * len(shares))))
    with next(cells):
        field = Field("Split", ("split", "kind"), edit=_splitting)
        edit_choice(editing, field, SPLIT_WORDS)
    if by_column:
        with next(cells):
            names = {c.name: visible(c.name, 60) for c in editing.profile.columns}
            edit_choice(editing, Field("By column", ("split", "column")), names)
    for share in shares:
        with next(cells):
            field = Field(share.capitalize(), ("split", share))
            edit_number(editing, field, Limits(0.01, 0.9, 0.05))
    st.caption(_SPLIT_HELP[split["kind"]])


def _edit_cells(editing: Editing) -> None:
    """Draw what counts as missing, and which column weighs the rows."""
    missing, row_weight = st.columns(2)
    with missing:
        place = ("missing",)
        chosen = list(editing.plain["missing"])
        st.multiselect(
            "Counts as missing",
            list(dict.fromkeys((*chosen, *editing.report.suggested_missing))),
            chosen,
            format_func=lambda marker: visible(marker, 40),
            key=editing.control(place, chosen),
            accept_new_options=True,
            placeholder="such as -999",
            help="Besides empty cells, NA, N/A, null and NaN.",
            on_change=store,
            args=(editing, place),
        )
    with row_weight:
        place = ("row_weight",)
        numbers = [c.name for c in editing.profile.columns if c.kind == "number"]
        current = editing.plain["row_weight"] or ""
        columns = list(dict.fromkeys(("", *numbers, current)))
        st.selectbox(
            "Row weights",
            columns,
            index=columns.index(current),
            format_func=lambda column: visible(column, 60) or "All rows count the same",
            key=editing.control(place, current),
            on_change=store,
            args=(editing, place, with_row_weight),
        )


def _edit_monitor(editing: Editing) -> None:
    place = ("training", "monitor")
    names = [str(head["name"]) for head in editing.plain["heads"]]
    current = editing.plain["training"]["monitor"] or ""
    choices = list(dict.fromkeys(("", *names, current)))
    st.selectbox(
        "The best epoch is chosen by",
        choices,
        index=choices.index(current),
        format_func=lambda name: visible(name, 60) or "The mean of all heads",
        key=editing.control(place, current),
        help="Each head's validation loss is divided by that of the best constant "
        "prediction, so that heads can be compared.",
        on_change=store,
        args=(editing, place, _choosing_monitor),
    )


def _choosing_monitor(plain: Plain, value: object) -> Plain:
    return {**plain, "training": {**plain["training"], "monitor": value or None}}


def _splitting(plain: Plain, value: object) -> Plain:
    return with_split_kind(plain, str(value), None)
