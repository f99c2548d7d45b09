"""Text from files and people, made safe to show, and numbers as people say them.

Streamlit reads the labels of its widgets as Markdown, so a column's name could draw a
picture, a link or a formula. `plain` takes that power away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_SIZES = ("bytes", "kB", "MB", "GB", "TB")
# Streamlit looks for icons, emoji, addresses and arrows after Markdown has been read,
# when the backslashes are gone: a joiner of no width keeps such signs apart.
_JOINER = "\u2060"
_LATE_SYNTAX = re.compile(r"\\[:@]|www(?=\\\.)|\\[-<>=~](?=\\[-<>=~])", re.IGNORECASE)
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def plain(text: object, limit: int | None = None) -> str:
    r"""Return a text as Markdown that shows it letter by letter.

    Args:
        text: Anything that a file or a person may have written.
        limit: The most characters to show; the rest becomes an ellipsis.

    Examples:
        >>> plain("![x](http")
        '\\!\\[x\\]\\(http'
    """
    shown = visible(text, limit)
    escaped = _MARKS.sub(r"\\\1", shown)
    escaped = _LATE_SYNTAX.sub(lambda found: found[0] + _JOINER, escaped)
    if any(
        unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in shown
    ):
        return f"{_ISOLATE}{escaped}{_END_ISOLATE}"
    return escaped


def visible(text: object, limit: int | None = None) -> str:
    r"""Return a text without what cannot be seen: control and direction characters.

    For places that show text as it is, such as options, tables and code.

    Examples:
        >>> visible("a\u202eb\n c", limit=3)
        'ab…'
    """
    kept = (
        character
        for character in re.sub(r"\s", " ", str(text))
        if unicodedata.category(character) not in _UNSEEN_CATEGORIES
    )
    shown = " ".join("".join(kept).split())
    if limit is not None and len(shown) > limit:
        shown = f"{shown[: limit - 1].rstrip()}…"
    return shown


def count_of(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    Examples:
        >>> count_of(1, "row"), count_of(41266, "row"), count_of(2, "entry", "entries")
        ('1 row', '41,266 rows', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def size_of(number_bytes: int) -> str:
    """Return a size in the unit that people would use.

    Examples:
        >>> size_of(812), size_of(1_500), size_of(52_428_800)
        ('812 bytes', '1.5 kB', '52 MB')
    """
    size = float(number_bytes)
    for unit in _SIZES:
        if size < 1000 or unit == _SIZES[-1]:
            break
        size /= 1000
    digits = 0 if size >= 10 or unit == "bytes" else 1
    return f"{size:.{digits}f} {unit}"


def time_since(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, as people say it.

    Examples:
        >>> time_since(datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 11, 5))
        '2 hours ago'
    """
    seconds = max((now - moment).total_seconds(), 0.0)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{count_of(int(seconds // length), unit)} ago"
    return "just now"


def listed(names: Sequence[str], limit: int = 4) -> str:
    """Return names as a phrase, safe as Markdown.

    Examples:
        >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], limit=2)
        ('a, b and c', 'a, b and 1 more')
    """
    return phrase([plain(name, 40) for name in names], limit=limit)


def phrase(words: Sequence[str], last: str = "and", *, limit: int = 4) -> str:
    """Return words that are safe already, the last two joined by another one.

    Args:
        words: In their order.
        last: Stands before the last of them.
        limit: The most words to show; how many more there are is told.

    Examples:
        >>> phrase(["a", "b", "c"], "or"), phrase(["a"])
        ('a, b or c', 'a')
    """
    shown = [*words[:limit]]
    if len(words) > limit:
        shown.append(f"{len(words) - limit} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def file_stem(name: str) -> str:
    """Return an experiment's name as the name of a file.

    Examples:
        >>> file_stem("Loads: heating & cooling"), file_stem("???")
        ('Loads_heating_cooling', 'experiment')
    """
    return re.sub(r"[^\w-]+", "_", name).strip("_")[:60] or "experiment"
