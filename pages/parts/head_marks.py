"""A head's colour and symbol, the same in cards, texts and charts."""

from __future__ import annotations

import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mtcore.charts.style import HEAD_COLOURS, head_colour, head_symbol
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
_CARD = "head_card"


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


def head_card(position: int, key: str) -> DeltaGenerator:
    """Return a bordered container with the head's colour at its edge.

    Args:
        position: Of the head in the experiment.
        key: Unlike that of any other card on the page.
    """
    colour = position % len(HEAD_COLOURS)
    return st.container(
        border=True, height="stretch", key=f"{_CARD}_{colour}_{position}_{key}"
    )


def apply_head_marks() -> None:
    """Put the cards' colours on the page; once a page, it takes no room."""
    rules = "".join(
        f'[class*="st-key-{_CARD}_{place}_"]'
        f"{{border-left:4px solid {colour} !important}}"
        for place, colour in enumerate(HEAD_COLOURS)
    )
    st.html(f"<style>{rules}</style>")
