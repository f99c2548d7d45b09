"""Text from files can do nothing but be read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.text import count_of, listed, plain, size_of, time_since, visible

HOSTILE = (
    "![x](http://host.example/b.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "**bold** _it_ `code` $x^2$ ~~gone~~",
    "# heading",
    "| a | b |",
    "&lt;b&gt;",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_markdown_character_is_escaped(text: str) -> None:
    shown = plain(text)
    unescaped = re.sub(r"\\[!-/:-@\[-`{-~]", "", shown)
    assert not re.search(r"[!-/:-@\[-`{-~]", unescaped)


@given(st.text(max_size=80))
def test_escaping_loses_no_visible_letter(text: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain(text))
    kept = re.sub("[\u2060\u2066-\u2069]", "", shown)
    assert kept == visible(text)


@pytest.mark.parametrize(
    "text", ["a:material/home:b", "me@host.example", "WWW.host", "a->b", "x<=y", "a--b"]
)
def test_what_streamlit_looks_for_after_markdown_is_kept_apart(text: str) -> None:
    shown = plain(text).replace("\\", "")
    assert text not in shown
    assert shown.replace("\u2060", "") == text


def test_direction_and_control_characters_are_not_shown() -> None:
    assert visible("in\u202eevil\u200b\x00\x1b name") == "inevil name"
    assert visible(" two\n lines\t") == "two lines"


def test_right_to_left_names_do_not_turn_their_neighbours_round() -> None:
    shalom = "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER FINAL MEM}"
    assert plain(shalom) == f"\u2068{shalom}\u2069"
    assert plain("plain") == "plain"


def test_a_long_name_is_cut_to_the_limit_before_it_is_escaped() -> None:
    shown = plain("_" * 200, limit=10)
    assert shown == r"\_" * 9 + "…"


def test_counts_sizes_and_lists_read_as_people_say_them() -> None:
    assert count_of(1, "row") == "1 row"
    assert count_of(0, "row") == "0 rows"
    assert size_of(999) == "999 bytes"
    assert size_of(1_000_000) == "1.0 MB"
    assert listed(()) == ""
    assert listed(("a*",)) == r"a\*"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=49), "2 days ago"),
    ],
)
def test_ages_are_said_in_their_largest_unit(age: timedelta, words: str) -> None:
    now = datetime(2026, 5, 1, 12)
    assert time_since(now - age, now) == words
