"""Texts in files that people open in a spreadsheet."""

from __future__ import annotations

import re

# What spreadsheets take for the beginning of a formula.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def defused(text: str) -> str:
    """Return a text that no spreadsheet runs; numbers stay as they are.

    Examples:
        >>> defused("=1+1"), defused("-5"), defused("a=b")
        ("'=1+1", '-5', 'a=b')
    """
    if not _FORMULA.match(text):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
