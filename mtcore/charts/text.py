"""Text from files made safe and short enough to be drawn in a chart.

Plotly reads a few HTML tags in every text it draws, and `%{…}` in its templates, so a
column's name goes through here before it comes near a figure.
"""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Sequence

LABEL_LENGTH = 28
_LONGEST = 400
_LINE = 60


def label(text: str, length: int = LABEL_LENGTH) -> str:
    """Return a text on one line, cut to a length and escaped.

    Args:
        text: Anything, such as a column's name.
        length: Most letters to show, 2 or more; the last is an ellipsis where cut.

    Examples:
        >>> label("<b>bold</b>")
        '&lt;b&gt;bold&lt;/b&gt;'
        >>> label("a rather long name of a column", 10)
        'a rather …'
    """
    clean = visible(text)
    if len(clean) > length:
        clean = f"{clean[: length - 1]}…"
    return _escaped(clean)


def full(text: str) -> str:
    """Return a text whole for a hover box: escaped, in lines of 60 letters.

    Only what is longer than 400 letters is cut.

    Examples:
        >>> full("price & cost")
        'price &amp; cost'
    """
    clean = visible(text)
    if len(clean) > _LONGEST:
        clean = f"{clean[: _LONGEST - 1]}…"
    return "<br>".join(_escaped(line) for line in textwrap.wrap(clean, _LINE)) or " "


def distinct_labels(texts: Sequence[str], length: int = LABEL_LENGTH) -> list[str]:
    """Return a label a text, such that no two look the same.

    Plotly draws equal categories as one. Texts that begin alike are cut in their
    middle, and those that still look alike are numbered.

    Examples:
        >>> distinct_labels(["a sensor inside", "a sensor outside"], 10)
        ['a se…nside', 'a se…tside']
        >>> distinct_labels(["same", "same"])
        ['same', 'same 2']
    """
    starts = Counter(label(text, length) for text in texts)
    taken: set[str] = set()
    # The last number of those alike, so that a thousand of them are not tried anew.
    last: Counter[str] = Counter()
    labels = []
    for text in texts:
        shown = label(text, length)
        if starts[shown] > 1:
            shown = _without_middle(text, length)
        alike, number = shown, max(last[shown], 1)
        while shown in taken:
            number += 1
            room = max(length - len(str(number)) - 1, 2)
            shown = f"{label(text, room)} {number}"
        last[alike] = number
        taken.add(shown)
        labels.append(shown)
    return labels


def visible(text: str) -> str:
    """Return a text on one line without control and direction-changing characters.

    Examples:
        >>> visible(" one" + chr(10) + "two" + chr(0x202E))
        'one two'
    """
    spaced = " ".join(text.split())
    kept = (c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return "".join(kept).strip() or "(no name)"


def _without_middle(text: str, length: int) -> str:
    clean = visible(text)
    if len(clean) <= length:
        return _escaped(clean)
    tail = length // 2
    return _escaped(f"{clean[: length - tail - 1]}…{clean[-tail:]}")


def _escaped(text: str) -> str:
    # A percent sign before a brace would start a value of Plotly's in a template.
    return html.escape(text, quote=False).replace("%{", "&#37;{")
