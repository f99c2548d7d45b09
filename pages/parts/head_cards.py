"""A card a head, all of them in one element, which a browser draws at once."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from mtcore.charts.style import head_colour
from mtcore.evaluation.verdicts import Level
from pages.parts.head_marks import head_name

_BADGES: dict[Level, tuple[str, str]] = {
    "good": ("✓", "Good"),
    "fair": ("◐", "Fair"),
    "weak": ("▲", "Weak"),
    "useless": ("✕", "No use"),
    "unknown": ("?", "Not known"),
}


@dataclass(frozen=True, slots=True)
class HeadCard:
    """What stands on a card.

    Args:
        position: Of the head in the experiment.
        name: As people call it.
        value: The main figure, large; empty for nothing, as all that follows.
        about: What the figure is, above it.
        moved: How far it has moved, below it, with its direction.
        beside: What it is held against, below it.
        table: Lines of equally many cells, under a line of their headings.
        sentence: What it means.
        notes: Smaller lines at the end.
        level: For a badge; None for a card without one.
    """

    position: int
    name: str
    value: str = ""
    about: str = ""
    moved: str = ""
    beside: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    sentence: str = ""
    notes: tuple[str, ...] = ()
    level: Level | None = None


def show_head_cards(cards: Sequence[HeadCard]) -> None:
    """Draw cards side by side, in as many columns as there is room for."""
    drawn = "".join(_card(card) for card in cards)
    st.html(f'<div class="head-cards">{drawn}</div>')


def _card(card: HeadCard) -> str:
    name = head_name(card.position, card.name)
    badge = "" if card.level is None else _badge(card.level)
    parts = [
        f'<div class="head-card-top">{name}{badge}</div>',
        _line("about", card.about),
        _line("value", card.value),
        _line("moved", card.moved),
        _line("beside", card.beside),
        _table(card.table),
        _line("sentence", card.sentence),
        *(_line("note", note) for note in card.notes),
    ]
    colour = head_colour(card.position)
    return (
        f'<section class="head-card" style="border-left-color:{colour}">'
        f"{''.join(parts)}</section>"
    )


def _badge(level: Level) -> str:
    sign, words = _BADGES[level]
    return (
        f'<span class="head-badge head-badge-{level}">'
        f'<span aria-hidden="true">{sign}</span> {words}</span>'
    )


def _line(kind: str, text: str) -> str:
    return f'<div class="head-card-{kind}">{_safe(text)}</div>' if text else ""


def _table(lines: tuple[tuple[str, ...], ...]) -> str:
    if not lines:
        return ""
    heading, *rest = (
        "".join(f"<{cell}>{_safe(text)}</{cell}>" for text in line)
        for cell, line in zip(["th", *["td"] * (len(lines) - 1)], lines, strict=True)
    )
    body = "".join(f"<tr>{line}</tr>" for line in rest)
    return (
        f'<table class="head-card-table"><thead><tr>{heading}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _safe(text: str) -> str:
    # A number and its percent sign stay on one line.
    return html.escape(text).replace(" %", "&nbsp;%")
