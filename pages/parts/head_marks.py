"""A head's colour and symbol, the same in cards, texts and charts."""

from __future__ import annotations

import html

import streamlit as st

from mtcore.charts.style import head_colour, head_symbol
from pages.parts.text import plain, visible

_SIGNS = {
    "circle": "●",
    "square": "■",
    "diamond": "◆",
    "triangle-up": "▲",
    "cross": "✚",
    "star": "★",
    "triangle-down": "▼",
    "hexagon": "⬢",
}


def head_sign(position: int) -> str:
    """Return the letter that looks like the head's marker in charts."""
    return _SIGNS[head_symbol(position)]


def head_option(position: int, name: str) -> str:
    """Return a head's sign and name as Markdown, for the label of a widget."""
    return f"{head_sign(position)} {plain(name, 40)}"


def show_head_name(position: int, name: str, *, size_rem: float = 1.0) -> None:
    """Write a head's name with its sign in its colour.

    Args:
        position: Of the head in the experiment.
        name: As people call it.
        size_rem: The height of the letters.
    """
    st.html(f'<div style="font-size:{size_rem:g}rem">{head_name(position, name)}</div>')


def head_name(position: int, name: str) -> str:
    """Return a head's name with its sign in its colour, as HTML."""
    sign = (
        f'<span aria-hidden="true" style="color:{head_colour(position)}">'
        f"{head_sign(position)}</span>"
    )
    return (
        '<span style="font-weight:600;line-height:1.3;overflow-wrap:anywhere">'
        f"{sign} <bdi>{html.escape(visible(name, 80))}</bdi></span>"
    )
