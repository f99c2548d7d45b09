"""The trunk: what heads share, mix or have for themselves."""

from __future__ import annotations

import streamlit as st

from pages.parts.design.draft import Editing, store
from pages.parts.design.edits import with_trunk_kind
from pages.parts.design.fields import (
    Field,
    Limits,
    edit_choice,
    edit_layers,
    edit_number,
)
from pages.parts.design.places import Place, Plain, replaced
from pages.parts.spec_words import ACTIVATION_WORDS, TRUNK_WORDS

_EXPLAINED = {
    "shared": "One stack of layers for all heads. The cheapest, and often the best "
    "where the targets follow from the same things.",
    "experts": "Several stacks, which a gate mixes for each head. It takes about as "
    "many times the parameters as there are experts, and helps where heads want partly "
    "different things from the inputs. No own experts is MMoE, some are CGC, two "
    "levels are PLE.",
    "separate": "A stack for each head, and nothing shared: as dear as one model a "
    "head. It shows whether sharing helps; take it where heads get in each other's "
    "way.",
}
_LAYERS_WORDS = {
    "shared": "Layers",
    "experts": "Layers of an expert",
    "separate": "Layers of each trunk",
}
_LAYERS_EXPLAINED = "Units of each Dense layer, first to last."
_LEVEL_WORDS = {1: "One", 2: "Two"}
_LEVELS_EXPLAINED = (
    "With two, a second row of experts reads what the first mixed: slower, for many "
    "heads that are alike in part."
)
_SKIP_EXPLAINED = (
    "Adds one linear layer from the features to every head's output. It costs next to "
    "nothing and helps where much of a target is a weighted sum of inputs."
)


def edit_trunk(editing: Editing) -> None:
    """Draw the choice of a trunk and its fields."""
    trunk: Plain = editing.plain["trunk"]
    kind = trunk["kind"]
    field = Field("Between inputs and heads", ("trunk", "kind"), edit=_choosing_kind)
    edit_choice(editing, field, TRUNK_WORDS)
    st.caption(_EXPLAINED.get(kind, ""))
    if kind == "experts":
        _edit_experts(editing)
    layers, activation, dropout = st.columns((2, 1, 1))
    with layers:
        label = _LAYERS_WORDS.get(kind, "Layers")
        edit_layers(editing, Field(label, ("trunk", "layers"), _LAYERS_EXPLAINED))
    with activation:
        field = Field("Activation", ("trunk", "activation"))
        edit_choice(editing, field, ACTIVATION_WORDS)
    with dropout:
        explained = "Share of units that are dropped at random while training."
        field = Field("Dropout", ("trunk", "dropout"), explained)
        edit_number(editing, field, Limits(0.0, 0.95, 0.05))
    _edit_skip(editing)


def _edit_experts(editing: Editing) -> None:
    shared, private, levels = st.columns(3)
    with shared:
        explained = "Experts that every head can mix. Each costs as much as one stack."
        field = Field("Shared experts", ("trunk", "shared"), explained)
        edit_number(editing, field, Limits(1, 64))
    with private:
        explained = "Experts that one head alone mixes; each costs one stack a head."
        field = Field("Own experts", ("trunk", "private"), explained)
        edit_number(editing, field, Limits(0, 16))
    with levels:
        place: Place = ("trunk", "levels")
        current = editing.plain["trunk"]["levels"]
        known = list(dict.fromkeys((*_LEVEL_WORDS, current)))
        st.selectbox(
            "Levels",
            known,
            index=known.index(current),
            format_func=lambda level: _LEVEL_WORDS.get(level, str(level)),
            key=editing.control(place),
            help=_LEVELS_EXPLAINED,
            on_change=store,
            args=(editing, place),
        )


def _edit_skip(editing: Editing) -> None:
    place: Place = ("trunk", "skip")
    current = bool(editing.plain["trunk"].get("skip"))
    st.checkbox(
        "Linear skip",
        current,
        key=editing.control(place, current),
        help=_SKIP_EXPLAINED,
        on_change=store,
        args=(editing, place, _skipping),
    )


def _skipping(plain: Plain, value: object) -> Plain:
    changed: Plain = replaced(plain, ("trunk", "skip"), bool(value))
    return changed


def _choosing_kind(plain: Plain, value: object) -> Plain:
    return with_trunk_kind(plain, str(value))
