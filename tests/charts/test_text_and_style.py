"""Text made safe, and colours that can be told apart on light and dark."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcore.charts.style import (
    HEAD_COLOURS,
    HEAD_SYMBOLS,
    blank_chart,
    head_colour,
    head_symbol,
    name_axes,
    scatter_kind,
)
from mtcore.charts.text import distinct_labels, full, label

WHITE, DARK = "#ffffff", "#0e1117"


@given(st.text())
def test_a_label_is_short_and_holds_no_markup(text: str) -> None:
    shown = label(text, 20)
    assert "<" not in shown
    assert "%{" not in shown
    assert 1 <= len(html.unescape(shown)) <= 20
    assert "\n" not in shown


@given(st.text(max_size=300))
def test_a_full_text_keeps_every_visible_word(text: str) -> None:
    shown = full(text)
    assert "<" not in shown.replace("<br>", "")
    kept = html.unescape(shown.replace("<br>", " ")).split()
    clean = html.unescape(label(text, 10_000)).split()
    assert "".join(kept) == "".join(clean)


@given(st.lists(st.text(max_size=40), max_size=12))
def test_labels_of_different_lines_never_look_the_same(texts: list[str]) -> None:
    shown = distinct_labels(texts, 10)
    assert len(set(shown)) == len(texts)


@pytest.mark.parametrize("text", ["", " ", "\u202e", "\x00"])
def test_a_name_of_nothing_is_said_so(text: str) -> None:
    assert label(text) == "(no name)"


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2)."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", HEAD_COLOURS)
def test_every_head_colour_shows_on_light_and_dark(colour: str) -> None:
    assert contrast(colour, WHITE) > 2.2
    assert contrast(colour, DARK) > 3.0


def test_no_two_of_56_heads_look_the_same() -> None:
    looks = {(head_colour(place), head_symbol(place)) for place in range(56)}
    assert len(looks) == len(HEAD_COLOURS) * len(HEAD_SYMBOLS) == 56


def test_many_points_are_left_to_the_graphics_card() -> None:
    assert scatter_kind(10_000).__name__ == "Scatter"
    assert scatter_kind(10_001).__name__ == "Scattergl"


def test_axes_with_names_have_room_so_that_plotly_need_not_draw_twice() -> None:
    named = name_axes(blank_chart("Title"), "Actual", "Predicted").layout
    # What Plotly takes for labels of four digits, measured.
    assert named.margin.l >= 60
    assert named.margin.b >= 59
    assert named.margin.t == blank_chart("Title").layout.margin.t
    assert named.xaxis.automargin is None
    assert named.template.layout.xaxis.automargin


def test_the_sentence_below_a_title_fits_a_phone_and_keeps_its_percent_signs() -> None:
    words = "Of each head's mixture, row by row; every row adds up to 100 %. " * 3
    subtitle = blank_chart("Title", words).layout.title.subtitle.text
    lines = subtitle.split("<br>")
    # In what is unfolded on a phone, 358 pixels of letters of 13 pixels.
    assert max(len(line) for line in lines) <= 56
    assert not [line for line in lines if line.lstrip().startswith("%")]
    assert " ".join(lines).replace("\N{NO-BREAK SPACE}", " ") == words.strip()
