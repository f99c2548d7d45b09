"""Dates with the names of months in other languages, turned to English ones.

The names are those of the Unicode consortium's locale data, as Babel brings them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from itertools import islice

_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl")
_ENGLISH = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
)  # fmt: skip
_WORD = r"[^\W\d_]{3,}"
_DAY = r"(?:(\d{1,2})(?:\.|er)?[\s-]*(?:de\s+)?)?"
_REST = r"\.?[\s,-]*(?:del?\s+)?(\d{2,4})((?:\D.*)?)"
_DATE = re.compile(rf"{_DAY}({_WORD}){_REST}", re.IGNORECASE)
_LOOKED_AT = 30  # cells that say whether a column may hold such dates


def english_dates(cells: Collection[str]) -> dict[str, str]:
    """Return cells with their months in English, by the cell; those changed alone.

    Args:
        cells: Different cells of a column; the first say whether they may be dates.

    >>> english_dates(["3. März 2024", "12 de mayo de 2023", "house"])
    {'3. März 2024': '3 Mar 2024', '12 de mayo de 2023': '12 May 2023'}
    """
    first = list(islice(cells, _LOOKED_AT))
    if 2 * sum(_DATE.fullmatch(cell) is not None for cell in first) < len(first):
        return {}
    found = {cell: english_date(cell) for cell in cells}
    return {cell: date for cell, date in found.items() if date != cell}


def english_date(cell: str) -> str:
    """Return a cell with its month in English, or as it is where it names none."""
    found = _DATE.fullmatch(cell)
    if found is None:
        return cell
    month = _months().get(found[2].lower())
    if month is None:
        return cell
    return f"{found[1] or ''} {_ENGLISH[month - 1]} {found[3]}{found[4]}".strip()


def english_expression(cell: str) -> str:
    """Return SQL that turns a cell's month to English, as `english_date` does.

    Args:
        cell: SQL for the cell's text, trimmed.
    """
    text = cell
    for month, english in enumerate(_ENGLISH, start=1):
        names = "|".join(name for name, number in _months().items() if number == month)
        pattern = f"(?i)^{_DAY}(?:{names}){_REST}$".replace("'", "''")
        text = f"regexp_replace({text}, '{pattern}', '\\1 {english} \\2\\3')"
    return f"trim({text})"


@cache
def _months() -> Mapping[str, int]:
    """Return the months' numbers by names in small letters, with and without accents.

    English names are left out, and those that are two months in two languages.
    """
    from babel import Locale  # takes a while, and few files need it

    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for names in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in names[width].items():
                    plain = name.rstrip(".").lower()
                    for spelled in (plain, _without_accents(plain)):
                        found.setdefault(spelled, set()).add(number)
    for name in Locale("en").months["format"]["wide"].values():
        found.pop(name.lower(), None)
        found.pop(name[:3].lower(), None)
    return {
        name: min(numbers)
        for name, numbers in sorted(found.items(), key=lambda pair: -len(pair[0]))
        if len(numbers) == 1 and re.fullmatch(_WORD, name)
    }


def _without_accents(name: str) -> str:
    split = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in split if not unicodedata.combining(letter))
