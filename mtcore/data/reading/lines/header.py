"""Which line holds the names, and which lines around it are no data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mtcore.data.reading.files.records import Record
from mtcore.data.reading.lines.dialect import table_width
from mtcore.data.reading.notations.booleans import LONGEST_WORD, PAIRS
from mtcore.data.reading.notations.markers import (
    is_missing_in_numbers,
    is_missing_in_texts,
)
from mtcore.data.reading.notations.numbers import is_infinite, is_like_a_number
from mtcore.data.reading.report import LeftOut
from mtcore.data.values.moments import formats_of
from mtcore.errors import ReadingError

COMMENT = ("#", "//", "%%")
_LOOKED_AT = 200  # rows
_MOST_UNDER = 3  # lines right under the names that may hold units or types
_LETTERS = frozenset({"y", "n", "t", "f"})  # names as often as truths
_TRUTHS = frozenset(w for pair in PAIRS for w in pair if w.isalpha()) - _LETTERS


@dataclass(frozen=True, slots=True)
class Head:
    """Where the table begins.

    Args:
        names: The header's cells; empty without a header.
        line: The header's line, from 1; None without a header.
        width: How many columns the table has.
        first: The first line that may hold data, from 1.
        left_out: Lines before it that hold neither names nor data.
        pads: Whether rows end early, so that cells missing at their end are empty.
    """

    names: tuple[str, ...]
    line: int | None
    width: int
    first: int
    left_out: tuple[LeftOut, ...]
    pads: bool = False


def find_head(records: Sequence[Record], header_line: int | None) -> Head:
    """Return where the table begins.

    Args:
        records: The first records of a file, blank ones too.
        header_line: The line that a person named, from 1; 0 = no header; None to find.
    """
    filled = [record for record in records if not record.is_blank]
    if header_line is not None:
        return _given_head(filled, header_line)
    width = table_width(filled)
    begin = _first_of_table(filled, width)
    before, table = list(filled[:begin]), list(filled[begin:])
    names: Record | None = None
    votes = _votes_for_names(table)
    if votes > 0:
        names = table.pop(0)
    elif before and _is_wide_header(before[0], width):
        names, before, table = before[0], [], before[1:] + table
    elif before and _is_narrow_header(before[-1], width):
        names = _beside_row_numbers(before.pop(), table, width)
    elif votes == 0 and _could_be_names(table[0].cells):
        names = table.pop(0)
    left_out = [LeftOut(r.line, _reason_before(r)) for r in before]
    if names is None:
        return Head((), None, width, table[0].line, tuple(left_out))
    under = _under_header(table)
    left_out += [
        LeftOut(r.line, "a second line of names, units or types") for r in under
    ]
    return _with_names(names, under, width, left_out)


def is_comment(record: Record) -> bool:
    """Return whether a record begins as comments do."""
    return record.cells[0].startswith(COMMENT)


def _given_head(filled: Sequence[Record], header_line: int) -> Head:
    if header_line == 0:
        return Head((), None, table_width(filled), filled[0].line, ())
    for place, record in enumerate(filled):
        if record.line <= header_line < record.line + record.lines:
            before = [LeftOut(r.line, "before the header line") for r in filled[:place]]
            rest = filled[place + 1 :]
            width = table_width(rest) if rest else len(record.cells)
            return _with_names(record, [], width, before)
    message = (
        f"Line {header_line} holds no column names. Give the number of the line that "
        "does, 0 where there is none, or leave it out to find it."
    )
    raise ReadingError(message, where="header_line")


def _with_names(
    names: Record, under: Sequence[Record], width: int, left_out: list[LeftOut]
) -> Head:
    cells = list(names.cells)
    if len(cells[0]) > 1 and cells[0].startswith("#"):
        cells[0] = cells[0].lstrip("# ")
    while len(cells) > width and not cells[-1]:
        cells.pop()
    last = under[-1] if under else names
    return Head(
        names=tuple(cells),
        line=names.line,
        width=max(width, len(cells)),
        first=last.line + last.lines,
        left_out=tuple(left_out),
        pads=len(cells) > width,
    )


def _first_of_table(records: Sequence[Record], width: int) -> int:
    """Return the place of the first record that is no comment and no title."""
    for place, record in enumerate(records):
        if len(record.cells) != width:
            continue
        after = [r for r in records[place + 1 :] if len(r.cells) == width][:_LOOKED_AT]
        if is_comment(record) and (width == 1 or not _is_commented_header(record)):
            continue
        fuller = sum(r.filled > 1 for r in after)
        if width > 2 and record.filled == 1 and 2 * fuller > len(after):
            continue
        return place
    return 0


def _is_commented_header(record: Record) -> bool:
    return record.filled == len(record.cells) and len(record.cells[0]) > 1


def _is_narrow_header(record: Record, width: int) -> bool:
    """Return whether a record with fewer cells than the table can hold its names."""
    cells = record.cells
    return (
        2 <= len(cells) < width
        and 2 * len(cells) >= width
        and not is_comment(record)
        and all(_class_of_name(cell) == "text" for cell in cells)
    )


def _beside_row_numbers(names: Record, table: Sequence[Record], width: int) -> Record:
    """Return the names moved by one where R wrote the number of each row first."""
    first = [r.cells[0] for r in table if len(r.cells) == width]
    counted = [str(number) for number in range(1, len(first) + 1)]
    if len(names.cells) != width - 1 or first != counted or len(first) < 2:
        return names
    return replace(names, cells=["", *names.cells])


def _is_wide_header(record: Record, width: int) -> bool:
    """Return whether a record names more columns than most rows fill."""
    return (
        width < len(record.cells) <= 2 * width
        and not is_comment(record)
        and _could_be_names(record.cells)
    )


def _could_be_names(cells: Sequence[str]) -> bool:
    """Return whether cells that nothing speaks for or against are names."""
    texts = [cell for cell in cells if _class_of_name(cell) == "text"]
    filled = [cell for cell in cells if cell]
    return len(texts) == len(filled) and len(set(filled)) == len(filled)


def _votes_for_names(table: Sequence[Record]) -> int:
    """Return what speaks for names in the first record, with units below or not."""
    cells = table[0].cells
    # A record that comes again word for word is names that are repeated.
    body = [r.cells for r in table[1:_LOOKED_AT] if r.cells != cells]
    for under in range(min(_MOST_UNDER, max(1, len(body) - 1))):
        if votes := _votes(cells, body[under:]):
            return votes
    return 0


def _votes(cells: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """Return how many cells look like names, less those that look like data."""
    columns = [_column(body, place) for place in range(len(cells))]
    votes = 0
    numbered = []
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        kind, usual = _class_of_name(cell), _usual_class(column)
        if not kind or not usual:
            continue
        if usual == "text":
            votes -= kind == "text" and cell in column
        elif kind != usual:
            votes += 1
        elif kind == "number":
            numbered.append(place)
        else:
            votes -= 1
    if _are_years(cells, columns, numbered) or _are_counted(cells):
        return votes + len(numbered)
    return votes - len(numbered)


def _are_counted(cells: Sequence[str]) -> bool:
    """Return whether names are 0, 1, 2 …, perhaps after an empty one."""
    numbers = list(cells[1:] if cells and not cells[0] else cells)
    return len(numbers) >= 3 and numbers == [str(n) for n in range(len(numbers))]


def _are_years(
    cells: Sequence[str], columns: Sequence[Sequence[str]], places: Sequence[int]
) -> bool:
    """Return whether numbers over numbers are years that name the columns."""
    if len(places) < 2 or not all(_is_year(cells[place]) for place in places):
        return False
    steps = {int(cells[b]) - int(cells[a]) for a, b in pairwise(places)}
    below = [cell for place in places for cell in columns[place] if cell]
    return len(steps) == 1 and 0 not in steps and not all(map(_is_year, below))


def _is_year(cell: str) -> bool:
    return len(cell) == 4 and cell.isdecimal() and 1800 <= int(cell) <= 2200


def _under_header(table: Sequence[Record]) -> list[Record]:
    """Return the lines under the names that hold units, types or more names."""
    under: list[Record] = []
    for place, record in enumerate(table[:_MOST_UNDER]):
        rest = [r.cells for r in table[place + 1 : place + _LOOKED_AT]]
        if len(rest) < 2:
            break
        # In a short file, what else stands under the names would hide the data.
        data = rest[min(_MOST_UNDER - place - 1, len(rest) - 2) :]
        typed = [
            index
            for index in range(len(record.cells))
            if _usual_class(_column(data, index)) in ("number", "date")
        ]
        kinds = [_class_of(record.cells[index]) for index in typed]
        texts = kinds.count("text")
        sparse = bool(under) and record.filled <= 0.2 * len(record.cells)
        least = 1 if under else 2
        told = texts >= least and 2 * texts > len([kind for kind in kinds if kind])
        if not (told or sparse or _is_rule(record)):
            break
        under.append(record)
    return under


def _is_rule(record: Record) -> bool:
    """Return whether a record draws a line of dashes under the names."""
    filled = [cell for cell in record.cells if cell]
    return bool(filled) and all(len(c) > 1 and not c.strip("-=:+") for c in filled)


def _reason_before(record: Record) -> str:
    return "a comment" if is_comment(record) else "text before the table"


def _column(body: Sequence[Sequence[str]], place: int) -> list[str]:
    return [cells[place] for cells in body if place < len(cells)]


def _usual_class(column: Sequence[str]) -> str:
    """Return what four fifths of a column's cells are; empty where none is filled."""
    kinds = Counter(kind for cell in column if (kind := _class_of(cell)))
    if not kinds:
        return ""
    kind, times = kinds.most_common(1)[0]
    return kind if times >= 0.8 * kinds.total() else "text"


def _class_of_name(cell: str) -> str:
    """Return a cell's class; words such as "missing" are names like all others."""
    return _class_of(cell) or ("text" if cell and not is_missing_in_texts(cell) else "")


def _class_of(cell: str) -> str:
    """Return number, truth, date or text; empty where nothing can be told."""
    if not cell or is_missing_in_numbers(cell):
        return ""
    if is_like_a_number(cell) or is_infinite(cell):
        return "number"
    if len(cell) <= LONGEST_WORD and cell.casefold() in _TRUTHS:
        return "truth"
    return "date" if formats_of(cell) else "text"
