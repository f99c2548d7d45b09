"""Lines of text taken apart into records, each with the line it begins on."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

BLANKS = " \t\xa0\u200b\u2007\u202f\ufeff"
"""What is trimmed from both ends of a cell."""

_LONGEST_CELL = 1 << 24  # letters
_MOST_LINES = 200  # a quote that stays open for longer was never meant to be one
_FEW_LINES = 5
_MOST_PARSED = 1 << 26  # letters, those of all attempts to close one quote
_MOST_WASTED = 1 << 28  # letters, those of all attempts that came to nothing
_MOST_UNCLOSED = 20  # after so many, quotes are looked after for a few lines only
csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Format:
    """How a line is taken apart.

    Args:
        delimiter: One letter between cells; None where a line is one cell. A blank
            stands for any number of blanks.
        quote: What may surround a cell.
        escape: What stands before a quote inside a cell; None where it is doubled.
    """

    delimiter: str | None
    quote: str = '"'
    escape: str | None = None

    @property
    def separator(self) -> str:
        """The letter between cells; one that never occurs where there is none."""
        return self.delimiter or "\x1f"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file.

    Args:
        line: The line it begins on, from 1.
        cells: Its trimmed cells.
        lines: How many lines it takes.
        unclosed: Whether a quote in it never closes, so that it was taken as text.
    """

    line: int
    cells: list[str]
    lines: int = 1
    unclosed: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(self.cells)

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for cell in self.cells if cell)


def read_records(
    lines: Iterable[str], written: Format, width: int | None = None, first: int = 1
) -> Iterator[Record]:
    """Yield the records of lines, whatever their width.

    A quote that would swallow the lines after it is taken as text where it never
    closes, or where its line alone has the table's width. So is one that seems to be
    closed by the quote that opens another cell, unless that gives more cells.

    Args:
        lines: Lines without their ends.
        written: How they are written.
        width: How many cells a record of the table has; None where unknown.
        first: The number of the first line.
    """
    source = _Lines(lines, first)
    unclosed = wasted = 0
    while (numbered := source.take()) is not None:
        number, line = numbered
        if written.quote not in line:
            yield Record(number, _trimmed(_split(line, written)))
            continue
        cells, is_open = _parse(line, written)
        if not is_open:
            yield _settled(number, line, cells, written, width)
            continue
        alone = len(_split(line, written))
        most = _MOST_LINES if unclosed < _MOST_UNCLOSED else _FEW_LINES
        most = most if wasted < _MOST_WASTED else 0
        after, joined = _until_closed(line, source, written, most)
        if joined and _are_one(joined, alone, width, _is_clean(line, after, written)):
            yield Record(number, _trimmed(joined), 1 + len(after))
        else:
            source.give_back(after)
            unclosed += 1
            wasted += sum(len(more) for _, more in after) * len(after)
            yield Record(number, _trimmed(_split(line, written)), unclosed=True)


class _Lines:
    """Numbered lines, some of which can be given back."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self._lines = iter(enumerate(lines, start=first))
        self._waiting: deque[tuple[int, str]] = deque()

    def take(self) -> tuple[int, str] | None:
        """Return the next line with its number; None at the end."""
        if self._waiting:
            return self._waiting.popleft()
        return next(self._lines, None)

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        """Take lines back that were the last to be taken."""
        self._waiting.extendleft(reversed(lines))


def _until_closed(
    line: str, source: _Lines, written: Format, most: int
) -> tuple[list[tuple[int, str]], list[str]]:
    """Return the lines until a quote closes, and the cells; none if it never does."""
    after: list[tuple[int, str]] = []
    joined, size, parsed = [line], len(line), 0
    while (
        len(after) < most
        and size < _LONGEST_CELL
        and parsed < _MOST_PARSED
        and (numbered := source.take()) is not None
    ):
        after.append(numbered)
        joined.append(numbered[1])
        size += len(numbered[1])
        if written.quote in numbered[1]:
            cells, is_open = _parse("\n".join(joined), written)
            parsed += size
            if not is_open:
                return after, cells
    return after, []


def _are_one(joined: list[str], alone: int, width: int | None, clean: bool) -> bool:
    """Return whether lines that an open quote joins are one record.

    Args:
        joined: The cells of all the lines.
        alone: How many cells the first line has by itself.
        width: How many cells a record of the table has; None where unknown.
        clean: Whether every quote of theirs stands where quotes may.
    """
    if width is None:
        return clean or alone < len(joined)
    fits = len(joined) == width
    return fits or alone != width if clean else fits and alone != width


def _is_clean(line: str, after: Sequence[tuple[int, str]], written: Format) -> bool:
    """Return whether each closing quote stands at the end of a cell."""
    text = "\n".join([line, *(more for _, more in after)])
    reader = csv.reader(
        _with_ends(text),
        delimiter=written.separator,
        quotechar=written.quote,
        escapechar=written.escape,
        skipinitialspace=True,
        strict=True,
    )
    try:
        return next(reader, None) is not None
    except csv.Error:
        return False


def _settled(
    number: int, line: str, cells: list[str], written: Format, width: int | None
) -> Record:
    """Return a record of one line; with quotes as text if that gives it its width."""
    if width is not None and len(cells) != width:
        plain = _split(line, written)
        if len(plain) == width:
            return Record(number, _trimmed(plain))
    return Record(number, _trimmed(cells))


def _parse(text: str, written: Format) -> tuple[list[str], bool]:
    """Return the cells of one record, and whether a quote is still open at its end."""
    spaced = written.delimiter == " "
    reader = csv.reader(
        _with_ends(text.strip() if spaced else text),
        delimiter=written.separator,
        quotechar=written.quote,
        escapechar=written.escape,
        skipinitialspace=True,
    )
    try:
        cells = next(reader, [""])
    except csv.Error:
        return _split(text, written), False
    # The last line end is part of a cell only while a quote is open.
    is_open = bool(cells) and cells[-1].endswith("\n") and not _is_over(reader)
    return cells or [""], is_open


def _with_ends(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield f"{line}\n"


def _is_over(reader: Iterator[list[str]]) -> bool:
    return next(reader, None) is not None


def _split(line: str, written: Format) -> list[str]:
    if written.delimiter is None:
        return [line]
    if written.delimiter == " ":
        return line.split()
    return line.split(written.delimiter)


def _trimmed(cells: list[str]) -> list[str]:
    return [
        cell.strip() if cell.isascii() else cell.strip().strip(BLANKS) for cell in cells
    ]
