"""How texts and pictures are read: a box for each input that holds some."""

from __future__ import annotations

import streamlit as st

from mtcore.spec.inputs import Augmentation
from pages.parts.design.draft import Edit, Editing, store
from pages.parts.design.fields import Field, Limits, edit_choice, edit_number
from pages.parts.design.places import Place, Plain, replaced
from pages.parts.spec_words import (
    AUGMENTATION_WORDS,
    IMAGE_ENCODER_WORDS,
    TEXT_ENCODER_WORDS,
)
from pages.parts.text import plain

_TEXT_EXPLAINED = {
    "pool": "Looks at which words there are, not at their order. The quickest, and "
    "often as good as any.",
    "conv": "Looks for phrases of five words.",
    "lstm": "Reads word by word and remembers: the slowest.",
    "gru": "Reads word by word and remembers, a little quicker than LSTM.",
}
_IMAGE_EXPLAINED = {
    "conv": "One convolution of 32 filters, pooled, laid flat, and a Dense layer.",
    "small": "Five convolutions, three of which halve the picture: sees larger shapes "
    "with fewer numbers to learn.",
}
_LENGTH_EXPLAINED = (
    "Words of a text that are read, from its start. Empty: as many as 95 of 100 texts "
    "have at most."
)
_AUGMENT_EXPLAINED = (
    "Changes pictures a little each time they are learned from, which helps where they "
    "are few. Mirror them only where left and right mean the same."
)


def edit_readers(editing: Editing) -> None:
    """Draw the settings of each text and picture; nothing where there is none."""
    for place, given in enumerate(editing.plain["inputs"] or ()):
        match given["kind"]:
            case "text":
                _edit_text(editing, place, given)
            case "image":
                _edit_image(editing, place, given)
            case _:
                pass


def _edit_text(editing: Editing, place: int, given: Plain) -> None:
    st.subheader(f"Text: {plain(given['column'], 40)}", anchor=False)
    where: Place = ("inputs", place)
    field = Field("Read by", (*where, "encoder"))
    edit_choice(editing, field, TEXT_ENCODER_WORDS)
    st.caption(_TEXT_EXPLAINED.get(given.get("encoder", "pool"), ""))
    first, second = st.columns(3), st.columns(3)
    length, vocabulary, embedding = first
    dropout, units, _ = second
    with length:
        _edit_length(editing, (*where, "length"), given.get("length"))
    with vocabulary:
        explained = "The most words that are told apart; others count as unknown."
        field = Field("Vocabulary", (*where, "vocabulary"), explained)
        edit_number(editing, field, Limits(10, 200_000, 1_000))
    with embedding:
        field = Field("Embedding", (*where, "embedding"), "Numbers a word becomes.")
        edit_number(editing, field, Limits(1, 1_024, 16))
    with dropout:
        explained = "Share of words left out at random while training."
        field = Field("Word dropout", (*where, "word_dropout"), explained)
        edit_number(editing, field, Limits(0.0, 0.9, 0.1))
    if given.get("encoder") != "pool":
        with units:
            field = Field("Units", (*where, "units"), "Numbers a text becomes.")
            edit_number(editing, field, Limits(1, 1_024, 16))


def _edit_length(editing: Editing, place: Place, current: int | None) -> None:
    st.number_input(
        "Length",
        min_value=5,
        max_value=2_000,
        value=current,
        step=10,
        key=editing.control(place),
        placeholder="by the texts",
        help=_LENGTH_EXPLAINED,
        on_change=store,
        args=(editing, place, _setting(place)),
    )


def _edit_image(editing: Editing, place: int, given: Plain) -> None:
    st.subheader(f"Pictures: {plain(given['column'], 40)}", anchor=False)
    where: Place = ("inputs", place)
    field = Field("Seen by", (*where, "encoder"))
    edit_choice(editing, field, IMAGE_ENCODER_WORDS)
    st.caption(_IMAGE_EXPLAINED.get(given.get("encoder", "conv"), ""))
    height, width, units = st.columns(3)
    with height:
        explained = "Pixels that every picture is brought to."
        field = Field("Height", (*where, "size", 0), explained)
        edit_number(editing, field, Limits(8, 1_024, 8))
    with width:
        field = Field("Width", (*where, "size", 1))
        edit_number(editing, field, Limits(8, 1_024, 8))
    with units:
        field = Field("Units", (*where, "units"), "Numbers a picture becomes.")
        edit_number(editing, field, Limits(1, 1_024, 16))
    _edit_augmentation(editing, (*where, "augment"), list(given.get("augment") or ()))


def _edit_augmentation(
    editing: Editing, place: Place, chosen: list[Augmentation]
) -> None:
    st.multiselect(
        "While training",
        list(dict.fromkeys((*AUGMENTATION_WORDS, *chosen))),
        chosen,
        format_func=lambda way: AUGMENTATION_WORDS.get(way, str(way)),
        key=editing.control(place, chosen),
        placeholder="pictures stay as they are",
        help=_AUGMENT_EXPLAINED,
        on_change=store,
        args=(editing, place),
    )


def _setting(place: Place) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        changed: Plain = replaced(plain, place, value)
        return changed

    return edit
