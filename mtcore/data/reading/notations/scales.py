"""Numbers that end in K, M or B, for thousands, millions and billions."""

from __future__ import annotations

import re
from collections.abc import Mapping

SCALES = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
SCALED = rf"(?:\s?[k{''.join(SCALES)}])?"
"""A pattern of what may stand behind the digits."""

_SCALED = re.compile(rf"(.*\d\)?[.,]?)\s?([k{''.join(SCALES)}])")


def without_scales(counts: Mapping[str, int]) -> dict[str, int] | None:
    """Return the cells of a column without the letters that scale them.

    None where one letter alone occurs, as it may be a unit too: K is kelvin, M mega.

    Args:
        counts: How often each cell occurs, missing ones left out.

    >>> without_scales({"1.2K": 3, "3M": 1, "500": 2})
    {'1.2': 3, '3': 1, '500': 2}
    >>> without_scales({"280 K": 2, "300 K": 1}) is None
    True
    """
    letters = set()
    bare: dict[str, int] = {}
    for cell, times in counts.items():
        found = _SCALED.fullmatch(cell)
        if found is not None:
            letters.add(found[2].upper())
        digits = cell if found is None else found[1]
        bare[digits] = bare.get(digits, 0) + times
    return bare if len(letters) > 1 else None


def scaled_number(text: str, number: str) -> str:
    """Return SQL for a number that a letter at the end of its text may scale.

    Args:
        text: SQL for the cell.
        number: SQL for the number before the letter.
    """
    cases = " ".join(
        f"WHEN '{letter}' THEN {factor}" for letter, factor in SCALES.items()
    )
    return f"({number}) * CASE upper(right({text}, 1)) {cases} ELSE 1 END"
