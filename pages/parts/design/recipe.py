"""How several models are made one, and what that costs."""

from __future__ import annotations

import streamlit as st

from mtcore.spec.training import MOST_SEEDS
from pages.parts.design.draft import Editing
from pages.parts.design.fields import (
    Field,
    Limits,
    edit_choice,
    edit_number,
    edit_switch,
)
from pages.parts.spec_words import BLEND_WORDS

_NETWORKS_EXPLAINED = (
    "Networks that start from different seeds, trained one after another. The mean of "
    "their answers is better than any of them; the time in training grows with their "
    "number, compiling takes no longer."
)
_TURNS_EXPLAINED = (
    "Each network holds out another part of the training and validation rows, so that "
    "together they learn from all of them. Costs no time; best for small tables, from "
    "5 networks on."
)
_BLEND_EXPLAINED = (
    "Trees are grown on the same rows, and rows held out choose how much of each "
    "head's answer is theirs. Costs seconds; a model taken away as a Keras file is the "
    "network alone."
)


def edit_recipe(editing: Editing) -> None:
    """Draw how many networks are averaged, on which rows, and what is blended in."""
    networks, blend = st.columns(2, vertical_alignment="bottom")
    with networks:
        field = Field("Networks averaged", ("training", "seeds"), _NETWORKS_EXPLAINED)
        edit_number(editing, field, Limits(1, MOST_SEEDS))
    with blend:
        field = Field("Answers come from", ("training", "blend"), _BLEND_EXPLAINED)
        edit_choice(editing, field, BLEND_WORDS)
    field = Field("Networks take turns", ("training", "rotate"), _TURNS_EXPLAINED)
    edit_switch(editing, field, enabled=editing.plain["training"]["seeds"] > 1)
