"""Names of columns: trimmed, unique, and one for every column."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column's name.

    Args:
        name: Unique in the file.
        given: Whether the file gives one, however often.
    """

    name: str
    given: bool = True


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a file's columns and what was changed about them."""

    columns: tuple[ColumnName, ...]
    warnings: tuple[str, ...]


def name_columns(cells: Sequence[str], width: int) -> Names:
    """Return a name for each column.

    Args:
        cells: The header's cells; empty without a header.
        width: How many columns there are.

    >>> [c.name for c in name_columns(["a", "a", ""], 4).columns]
    ['a', 'a_2', 'column_3', 'column_4']
    """
    wanted = [tidy_name(cell) for cell in cells[:width]]
    wanted += [""] * (width - len(wanted))
    taken = {name for name in wanted if name}
    seen: set[str] = set()
    columns: list[ColumnName] = []
    repeated: dict[str, int] = {}
    for place, name in enumerate(wanted, start=1):
        unique = name or _free(f"column_{place}", taken | seen)
        if unique in seen:
            repeated[name] = repeated.get(name, 1) + 1
            unique = _numbered(name, repeated[name], taken | seen)
        seen.add(unique)
        columns.append(ColumnName(unique, bool(name)))
    warnings = [
        f"{times} columns are named '{name}': the later ones are called "
        f"'{name}_2' and so on."
        for name, times in repeated.items()
    ]
    broken = [name for name in (cell.strip() for cell in cells) if "\n" in name]
    if broken:
        warnings.append(
            f"{len(broken)} column names went over several lines and were put on one, "
            f"such as '{tidy_name(broken[0])}'."
        )
    return Names(tuple(columns), tuple(warnings))


def tidy_name(cell: str) -> str:
    """Return a name on one line without blanks around it or unseen characters.

    >>> tidy_name("  Income   2018* ")
    'Income 2018*'
    """
    seen = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zs", "Zl", "Zp") else letter
        for letter in unicodedata.normalize("NFC", cell)
        if unicodedata.category(letter) != "Cf"
    )
    return " ".join(seen.split())[:_LONGEST]


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"{name}_"
    return name


def _numbered(name: str, number: int, taken: set[str]) -> str:
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
