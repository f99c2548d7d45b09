"""The table inside a packed file or a workbook, unpacked where that is needed."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from mtcore.data.reading.files.archives import (
    copy_within,
    most_unpacked,
    open_archive,
    tables_of,
)
from mtcore.data.reading.files.foreign import refuse_document
from mtcore.data.reading.files.records import Format
from mtcore.data.reading.files.workbooks import is_workbook, write_sheet
from mtcore.data.reading.report import Choice
from mtcore.errors import ReadingError

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_HEAD = 1 << 16  # bytes


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A file of text or Parquet.

    Args:
        path: The file itself, or a copy of what it holds.
        head: Its first bytes.
        written: How its lines are taken apart; None to find it.
        sheet: The sheet or table it was, where the file may hold several.
        sheets: All that could be taken.
        choices: What was left open.
    """

    path: Path
    head: bytes
    written: Format | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


def unwrap(source: Path, folder: Path, sheet: str | None, shown: str) -> Unwrapped:
    """Return the table that a file holds, or the file where it is one.

    Args:
        source: Any file.
        folder: Where it may be unpacked.
        sheet: The sheet of a workbook or the table of an archive that a person named;
            None for the first sheet or the largest table.
        shown: What people call the file.

    Raises:
        ReadingError: It cannot be opened or unpacked, or has no such sheet.
    """
    head = _first_bytes(source, shown)
    if head.startswith(_GZIP):
        return _settled(_gunzip(source, folder, shown), folder, sheet, shown)
    if not head.startswith(_ZIP):
        return _settled(source, folder, sheet, shown)
    with open_archive(source, shown) as archive:
        if is_workbook(archive):
            return _of_workbook(source, folder, sheet, shown)
        refuse_document(head, shown)
        tables = tables_of(archive, shown)
        names = tuple(table.name for table in tables)
        named = sheet is not None and (len(names) > 1 or sheet in names)
        place = _place_of(sheet, names, shown) if named and sheet else 0
        target = folder / "unpacked"
        archive.unpack(tables[place], target)
    inside = _settled(target, folder, None if named else sheet, shown)
    if len(names) == 1:
        return inside
    choices = () if named else (Choice("table", names[0], names[1:]),)
    return replace(
        inside,
        sheet=names[place],
        sheets=names,
        choices=(*choices, *inside.choices),
    )


def is_archive(source: Path) -> bool:
    """Return whether a file is a ZIP archive of files, and no workbook."""
    with source.open("rb") as file:
        if file.read(len(_ZIP)) != _ZIP:
            return False
    try:
        with open_archive(source, source.name) as archive:
            return not is_workbook(archive)
    except ReadingError:
        # Reading the table says what is wrong with it.
        return True


def _settled(source: Path, folder: Path, sheet: str | None, shown: str) -> Unwrapped:
    """Return a file of text or Parquet, or the sheet of a workbook."""
    head = _first_bytes(source, shown)
    if head.startswith(_ZIP):
        with open_archive(source, shown) as archive:
            if is_workbook(archive):
                return _of_workbook(source, folder, sheet, shown)
        refuse_document(head, shown)
    if sheet is not None:
        message = (
            f"'{shown}' has no sheet '{sheet}', as it is one table. Leave the sheet "
            "out."
        )
        raise ReadingError(message, where="sheet")
    return Unwrapped(source, head)


def _of_workbook(
    source: Path, folder: Path, asked: str | None, shown: str
) -> Unwrapped:
    sheet = write_sheet(source, folder, asked, shown)
    others = tuple(name for name in sheet.filled if name != sheet.name)
    choices = (Choice("sheet", sheet.name, others),) if others and asked is None else ()
    head = _first_bytes(sheet.path, shown)
    return Unwrapped(sheet.path, head, Format(","), sheet.name, sheet.filled, choices)


def _place_of(asked: str, names: tuple[str, ...], shown: str) -> int:
    if asked in names:
        return names.index(asked)
    listed = ", ".join(f"'{name[:80]}'" for name in names[:5])
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    message = f"'{shown}' holds no table '{asked}'. Its tables are {listed}{more}."
    raise ReadingError(message, where="sheet")


def _gunzip(source: Path, folder: Path, shown: str) -> Path:
    target = folder / "unpacked"
    most = most_unpacked(source.stat().st_size)
    try:
        with gzip.open(source) as packed:
            copy_within(packed, target, most, shown)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = (
            f"'{shown}' is a gzip archive that is damaged or cut off. Copy or download "
            "it again."
        )
        raise ReadingError(message, where=shown) from error
    return target


def _first_bytes(source: Path, shown: str) -> bytes:
    try:
        with source.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        message = f"'{shown}' cannot be opened. Check the path and its rights."
        raise ReadingError(message, where=shown) from error
