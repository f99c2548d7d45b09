"""Which records are rows of the table, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mtcore.data.reading.columns.names import tidy_name
from mtcore.data.reading.columns.remarks import shorten
from mtcore.data.reading.files.records import Record
from mtcore.data.reading.lines.header import Head, is_comment
from mtcore.data.reading.report import LeftOut

_MOST_LISTED = 10_000
_MANY_SHORT = 0.05  # of rows that end early were written so on purpose
_FEWEST_JUDGED = 20


class RowSorter:
    """Sorts records into rows and lines that are left out, each with its reason.

    Args:
        head: Where the table begins.
        first: The first records, which say how ragged ones are to be taken.
    """

    def __init__(self, head: Head, first: Sequence[Record]) -> None:
        self._head = head
        width = head.width
        widths = [_needed(r, width) for r in first if not _is_aside(r, width)]
        short = sum(size < width for size in widths)
        often = len(widths) >= _FEWEST_JUDGED and short >= _MANY_SHORT * len(widths)
        self._fills = head.pads or often
        self._cuts = bool(widths) and all(size > width for size in widths)
        self._names = [tidy_name(name) for name in head.names]
        self._first_name = head.names[0] if head.names else None
        self.left_out: list[LeftOut] = []
        self._beyond = 0
        self._filled = 0
        self._cut: list[Record] = []
        self._unclosed: list[int] = []

    def rows(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records that are rows, each with a cell for every column."""
        blank: list[Record] = []
        width = self._head.width
        for record in records:
            if record.is_blank:
                blank.append(record)
                continue
            self._leave_blank(blank)
            blank = []
            if row := self._row(record, width):
                yield row
        # Empty lines at the end of a file are no lines of it to anybody.
        while blank and len(blank[-1].cells) == 1:
            blank.pop()
        self._leave_blank(blank)

    def warnings(self) -> tuple[str, ...]:
        """Return what was done to make rows fit, in sentences."""
        said = []
        if self._filled:
            said.append(
                f"{self._filled:,} rows have fewer than {self._head.width} cells: "
                "those they lack count as missing."
            )
        if self._cut:
            record = self._cut[0]
            extra = record.cells[self._head.width :]
            shown = ", ".join(f"'{shorten(cell)}'" for cell in extra[:3])
            said.append(
                f"{len(self._cut):,} rows have more than {self._head.width} cells: "
                f"what is beyond was left out, such as {shown} on line {record.line}."
            )
        if self._unclosed:
            lines = ", ".join(str(line) for line in self._unclosed[:3])
            more = ", …" if len(self._unclosed) > 3 else ""
            said.append(
                f"A quote is opened and never closed on line {lines}{more}: it was "
                "taken as part of the text."
            )
        if self._beyond:
            said.append(f"{self._beyond:,} more lines were left out than are listed.")
        return tuple(said)

    def _row(self, record: Record, width: int) -> Record | None:
        plain = len(record.cells) == width and not record.unclosed
        if plain and record.cells[0] != self._first_name:
            return record
        size = _needed(record, width)
        short = size < width and self._fills and size > 1
        cut = size > width and self._cuts
        if reason := self._reason_against(record, size, fits=short or cut):
            self._leave(record, reason)
            return None
        if record.unclosed:
            self._unclosed.append(record.line)
        if cut:
            self._cut.append(record)
        self._filled += short
        cells = (record.cells + [""] * (width - size))[:width]
        return Record(record.line, cells)

    def _reason_against(self, record: Record, size: int, *, fits: bool) -> str:
        """Return why a record is no row; empty where it is one."""
        width = self._head.width
        if self._is_repeated_header(record):
            return "the column names once more"
        if size == width:
            return ""
        if is_comment(record):
            return "a comment"
        if fits:
            return ""
        if record.unclosed:
            return "a quote is opened and never closed"
        counted = "1 cell" if size == 1 else f"{size} cells"
        return f"{counted} where the table has {width}"

    def _is_repeated_header(self, record: Record) -> bool:
        names = self._names
        if not names or record.cells[0] != self._first_name:
            return False
        return [tidy_name(cell) for cell in record.cells[: len(names)]] == names

    def _leave(self, record: Record, reason: str) -> None:
        if len(self.left_out) < _MOST_LISTED:
            self.left_out.append(LeftOut(record.line, reason))
        else:
            self._beyond += 1

    def _leave_blank(self, records: Sequence[Record]) -> None:
        for record in records:
            empty = len(record.cells) == 1
            self._leave(record, "a blank line" if empty else "no cell holds a value")


def _needed(record: Record, width: int) -> int:
    """Return how many cells a record has, empty ones beyond the table not counted."""
    size = len(record.cells)
    while size > width and not record.cells[size - 1]:
        size -= 1
    return size


def _is_aside(record: Record, width: int) -> bool:
    return record.is_blank or (is_comment(record) and len(record.cells) != width)
