"""Cells that stand for a missing value."""

from __future__ import annotations

SURE = frozenset(
    {
        "na", "n/a", "n.a.", "#n/a", "#na", "<na>", "null", "<null>", "(null)", "\\n",
        "nan", "-nan", "1.#qnan", "-1.#ind", "nat", "#n/a n/a",
        "#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!", "#error!",
    }
)  # fmt: skip
"""Missing wherever they stand, in any mix of capitals."""

OPEN = frozenset(
    {"?", "-", "--", "---", ".", "..", "...", "\u2013", "\u2014", "*", "_"}
)
"""Missing too, but in a column of texts they may be meant as a value of their own."""

IN_NUMBERS = frozenset(
    {
        "none", "nil", "missing", "unknown", "undefined", "not available", "n.d.", "nd",
        "not applicable", "k.a.", "void", "blank", "empty", "#", "**", "***", "??",
        "???", "tbd", "error", "err", "fehlt", "manquant", "no data", "nodata", "unk",
        "not known", "not recorded", "none.", "n.v.", "s/d",
    }
)  # fmt: skip
"""Missing among numbers and moments, values of their own among texts."""

ORDINARY = frozenset({"na", "n/a", "null", "nan"})
"""Those that every experiment takes as missing without being told."""


_AMONG_NUMBERS = SURE | OPEN | IN_NUMBERS
_AMONG_TEXTS = SURE | OPEN
_LONGEST = max(map(len, _AMONG_NUMBERS))


def is_missing_in_numbers(cell: str) -> bool:
    """Return whether a cell among numbers or moments stands for nothing.

    >>> is_missing_in_numbers("None"), is_missing_in_numbers("3")
    (True, False)
    """
    return len(cell) <= _LONGEST and cell.casefold() in _AMONG_NUMBERS


def is_missing_in_texts(cell: str) -> bool:
    """Return whether a cell among texts stands for nothing.

    >>> is_missing_in_texts("None"), is_missing_in_texts("N/A")
    (False, True)
    """
    return len(cell) <= _LONGEST and cell.casefold() in _AMONG_TEXTS
