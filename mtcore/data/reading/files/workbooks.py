"""Excel workbooks: one sheet as lines of text, read like those of any other file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from mtcore.data.reading.files.archives import Archive, open_archive
from mtcore.data.values.cells import text_of_number
from mtcore.errors import ReadingError

_FOLDER = "xl/"
# A sheet is held in memory whole while it is read, 32 bytes a cell of its rectangle.
_MOST_CELLS = 30_000_000
_MOST_BYTES = 1_500_000_000  # of all parts, unpacked
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})\d{1,7}["']""")
_ROW = re.compile(rb"""\br=["'][A-Z]{0,3}(\d{1,7})["']""")
_BLOCK = 1 << 22
_LONGEST_PLACE = 32  # bytes of an attribute that may lie across two blocks


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as a file of text: cells between commas, quoted where they need it.

    Args:
        path: The file, UTF-8; line n is row n of the sheet.
        name: The sheet's.
        filled: All sheets that hold anything, in the workbook's order.
    """

    path: Path
    name: str
    filled: tuple[str, ...]


def is_workbook(archive: Archive) -> bool:
    """Return whether an archive is an Excel workbook (.xlsx or .xlsm)."""
    return any(member.name.startswith(_FOLDER) for member in archive.members)


def write_sheet(source: Path, folder: Path, asked: str | None, shown: str) -> Sheet:
    """Write one sheet of a workbook as text.

    Formulas give what they came to when the workbook was saved. Errors such as #N/A
    are empty cells, moments are in ISO form, durations are seconds, and a line break
    in a cell is a blank, so that lines and rows stay the same.

    Args:
        source: The workbook.
        folder: Where the text is put.
        asked: The sheet; None for the first that is shown and holds anything.
        shown: What people call the file.

    Raises:
        ReadingError: It is damaged, too large, or has no such sheet.
    """
    from python_calamine import CalamineError, load_workbook

    with open_archive(source, shown) as archive:
        _refuse_large(archive, folder, shown)
    try:
        with source.open("rb") as file, load_workbook(file) as book:
            names = _names_of(book.sheets_metadata)
            filled = tuple(n for n in names if book.get_sheet_by_name(n).start)
            name = _chosen(filled, names, asked, shown)
            target = folder / "sheet.csv"
            with target.open("w", encoding="utf-8", newline="") as written:
                writer = csv.writer(written, lineterminator="\n")
                rows = book.get_sheet_by_name(name).iter_rows()
                writer.writerows(_lines(rows))
    except CalamineError as error:
        message = (
            f"'{shown}' cannot be read as an Excel workbook: it is damaged, or locked "
            "with a password. Open it in a spreadsheet and save it anew, or as CSV."
        )
        raise ReadingError(message, where=shown) from error
    return Sheet(target, name, filled)


def _names_of(sheets: Sequence[object]) -> tuple[str, ...]:
    """Return the names of the sheets of cells, those that are shown first."""
    from python_calamine import SheetMetadata, SheetTypeEnum, SheetVisibleEnum

    tables = [
        sheet
        for sheet in sheets
        if isinstance(sheet, SheetMetadata) and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    tables.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    return tuple(sheet.name for sheet in tables)


def _chosen(
    filled: Sequence[str], names: Sequence[str], asked: str | None, shown: str
) -> str:
    if asked is None and filled:
        return filled[0]
    if asked is not None and asked in filled:
        return asked
    if not filled:
        message = f"'{shown}' has no sheet with cells. Choose another file."
    else:
        what = "is empty" if asked in names else "is not there"
        message = (
            f"Sheet '{asked}' of '{shown}' {what}. Its sheets with cells are "
            f"{', '.join(repr(name) for name in filled[:10])}"
            f"{', …' if len(filled) > 10 else ''}."
        )
    raise ReadingError(message, where="sheet")


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    """Yield rows of texts, titles above the table without the empty cells beside."""
    above = True
    for row in rows:
        cells = [_text(cell) for cell in row]
        above = above and sum(map(bool, cells)) < 2
        yield cells[:1] if above and cells[0] else cells


def _text(cell: object) -> str:
    match cell:
        case bool():
            return str(cell).lower()
        case int() | float():
            return text_of_number(float(cell))
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return text_of_number(cell.total_seconds())
        case _:
            return " ".join(str(cell).splitlines())


def _refuse_large(archive: Archive, folder: Path, shown: str) -> None:
    """Refuse a workbook that would not fit in memory.

    Its size in bytes tells nothing: a sheet with two cells in opposite corners is
    seventeen billion cells to hold.
    """
    unpacked = sum(member.bytes for member in archive.members)
    if unpacked > _MOST_BYTES:
        message = (
            f"'{shown}' unpacks to {unpacked / 1e6:,.0f} MB, more than can be held in "
            "memory. Save the sheet as CSV and import that."
        )
        raise ReadingError(message, where=shown)
    part = folder / "part"
    for member in archive.members:  # a sheet may have any name there
        archive.unpack(member, part)
        rows, columns = _extent(part)
        part.unlink()
        if rows * columns > _MOST_CELLS:
            message = (
                f"'{shown}' has a sheet of {rows:,} rows and {columns:,} columns, more "
                "than can be held in memory. Delete cells that lie far from the "
                "others, or save the sheet as CSV and import that."
            )
            raise ReadingError(message, where=shown)


def _extent(part: Path) -> tuple[int, int]:
    """Return the last row and column that a sheet's XML names, from 1."""
    rows = columns = 0
    for block in _overlapping(part):
        rows = max([rows, *map(int, set(_ROW.findall(block)))])
        columns = max([columns, *map(_number_of, set(_PLACE.findall(block)))])
    return rows, columns


def _overlapping(part: Path) -> Iterator[bytes]:
    last = b""
    with part.open("rb") as file:
        while block := file.read(_BLOCK):
            yield last + block
            last = block[-_LONGEST_PLACE:]


def _number_of(letters: bytes) -> int:
    """Return a column's number, from 1.

    >>> _number_of(b"C"), _number_of(b"XFD")
    (3, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
