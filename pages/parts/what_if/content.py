"""Texts and pictures of a what-if question: typed in, and dropped in."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mtcore.data.pictures.album import pictures_of
from mtcore.data.pictures.decoding import (
    MOST_PICTURE_BYTES,
    SUFFIXES,
    decode_picture,
    picture_text,
)
from mtcore.errors import InputError
from mtcore.spec.inputs import PICTURE_SIDE
from mtcore.whatif.ranges import Cell, InputRange
from pages.parts.boundary import ErrorBoundary
from pages.parts.state import held, hold, next_key, numbered_key
from pages.parts.text import visible
from pages.parts.what_if.asking import Asking
from pages.parts.what_if.changes import change_input

_TEXT_HEIGHT_PX = 100
_LONGEST_TEXT = 20_000
_PICTURE_PX = 96
_NOTHING = "(missing)"


def edit_words(asking: Asking, entry: InputRange, value: Cell, label: str) -> None:
    """Draw a field for a text of one's own."""
    key = asking.key("text", entry.column)
    text = "" if value is None else str(value)
    st.text_area(
        label,
        text,
        height=_TEXT_HEIGHT_PX,
        max_chars=_LONGEST_TEXT,
        placeholder=_NOTHING,
        key=hold(key, text),
        help="Write a text of your own. Words that training never met count as "
        "unknown.",
        on_change=_store_words,
        args=(asking, entry, key),
    )


def edit_picture(asking: Asking, entry: InputRange, value: Cell, label: str) -> None:
    """Draw a picture as the model sees it, and a place to drop another."""
    size = entry.size or (PICTURE_SIDE, PICTURE_SIDE)
    name = asking.key("picture", entry.column)
    picture, upload = st.columns([1, 3], vertical_alignment="bottom", gap="small")
    with picture:
        cells = np.array([value], dtype=object)
        pixels = pictures_of(cells, size, asking.album)[0]
        if pixels.any():
            st.image(pixels, width=_PICTURE_PX)
        else:
            st.caption(_NOTHING)
    with upload:
        st.file_uploader(
            label,
            type=[suffix.removeprefix(".") for suffix in SUFFIXES],
            key=numbered_key(name),
            max_upload_size=MOST_PICTURE_BYTES >> 20,
            help="Drop a picture of your own. On the left is what the model sees.",
            on_change=_store_picture,
            args=(asking, entry, name, size),
        )


def _store_words(asking: Asking, entry: InputRange, key: str) -> None:
    with ErrorBoundary():
        _keep(asking, entry, held(key, "").strip() or None)


def _store_picture(
    asking: Asking, entry: InputRange, name: str, size: tuple[int, int]
) -> None:
    """Keep a picture that was dropped, as small as the model sees it."""
    with ErrorBoundary():
        nothing: UploadedFile | None = None
        uploaded = held(numbered_key(name), nothing)
        next_key(name)()
        if uploaded is None:
            return
        pixels = decode_picture(uploaded.getvalue(), size)
        if isinstance(pixels, str):
            msg = (
                f"'{visible(uploaded.name, 80)}' cannot be used: {pixels}. Drop "
                "another picture."
            )
            raise InputError(msg)
        _keep(asking, entry, picture_text(pixels))


def _keep(asking: Asking, entry: InputRange, cell: Cell) -> None:
    start = asking.start[entry.column]
    change_input(asking.run_id, asking.row, entry.column, cell, start)
