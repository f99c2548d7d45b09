"""How the beginning of a file would be read: what a correction comes to, at once."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mtcore.data.queries.parquet_rows import read_rows
from mtcore.data.reading.files.archives import Archive, open_archive, tables_of
from mtcore.data.reading.files.foreign import PARQUET
from mtcore.data.reading.files.workbooks import is_workbook
from mtcore.data.reading.files.wrapped import unwrap
from mtcore.data.reading.reader import read_table
from mtcore.data.reading.report import ReadingReport
from mtcore.errors import ReadingError
from mtcore.spec.reading import Reading

if TYPE_CHECKING:
    import pandas as pd

_BEGINNING = 1 << 17  # bytes
_ROWS = 100
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_LINE_END = b"\n"
_MOST_PACKED = 5_000_000  # bytes of a workbook, which has to be read to its end
_SHEET = {"delimiter": ",", "encoding": "utf-8"}  # as a workbook's sheet is written


@dataclass(frozen=True, slots=True)
class ReadingPreview:
    """What the beginning of a file gives.

    Args:
        report: Of the beginning alone, so its counts say little about the file.
        rows: The first rows.
        whole: Whether the beginning is the whole file.
    """

    report: ReadingReport
    rows: pd.DataFrame
    whole: bool


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The first lines of a table.

    Args:
        content: Their bytes.
        whole: Whether they are all there is.
        in_sheet: Whether they were written from a workbook's sheet.
    """

    content: bytes
    whole: bool
    in_sheet: bool = False


def can_be_previewed(source: Path) -> bool:
    """Return whether how a file begins can be read in a moment."""
    with source.open("rb") as file:
        head = file.read(4)
    if not head.startswith(_ZIP):
        return not head.startswith(PARQUET)
    try:
        with open_archive(source, source.name) as archive:
            if is_workbook(archive):
                return source.stat().st_size <= _MOST_PACKED
            tables = tables_of(archive, source.name)
    except ReadingError:
        return False
    return all(
        table.suffix not in (".parquet", ".xlsx") or table.bytes <= _MOST_PACKED
        for table in tables
    )


def preview_reading(
    source: Path, options: Reading, missing: Sequence[str], shown: str
) -> ReadingPreview:
    """Read the first lines of a file, in some hundredths of a second.

    Args:
        source: Text, packed or not, or a workbook.
        options: How to read it.
        missing: Cells that count as missing besides the usual ones.
        shown: What people call the file.

    Raises:
        ReadingError: It cannot be read so.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        beginning = _beginning(source, folder, options.sheet, shown)
        text = folder / "beginning"
        text.write_bytes(beginning.content)
        asked = options.model_copy(
            update={"sheet": None} | (_SHEET if beginning.in_sheet else {})
        )
        parquet = folder / "table.parquet"
        report = read_table(text, parquet, asked, missing, file_name=shown)
        rows = read_rows(parquet, 0, _ROWS).to_pandas()
        return ReadingPreview(report, rows, beginning.whole)


def _beginning(source: Path, folder: Path, sheet: str | None, shown: str) -> _Beginning:
    with source.open("rb") as file:
        head = file.read(_BEGINNING)
    if head.startswith(_ZIP):
        with open_archive(source, shown) as archive:
            if not is_workbook(archive):
                return _beginning_inside(source, archive, folder, sheet, shown)
        return _beginning_of_sheet(source, folder, sheet, shown)
    size = source.stat().st_size
    if head.startswith(_GZIP):
        try:
            with gzip.open(source) as packed:
                head, size = packed.read(_BEGINNING), _BEGINNING
        except (EOFError, OSError, zlib.error):
            return _Beginning(head, whole=True)  # reading it says what is wrong
    return _cut(head, size)


def _beginning_inside(
    source: Path, archive: Archive, folder: Path, sheet: str | None, shown: str
) -> _Beginning:
    """Return how the table of an archive begins, the largest without a name."""
    tables = tables_of(archive, shown)
    named = {table.name: table for table in tables}
    table = named.get(sheet or "", tables[0])
    head = archive.begin(table, _BEGINNING)
    if not head.startswith((_ZIP, PARQUET)):
        return _cut(head, table.bytes)
    # Tables that are read from their end: small ones, so that all can be unpacked.
    inside = unwrap(source, folder, sheet, shown)
    if head.startswith(PARQUET):
        return _Beginning(inside.path.read_bytes(), whole=True)
    return _cut_sheet(inside.path)


def _beginning_of_sheet(
    source: Path, folder: Path, sheet: str | None, shown: str
) -> _Beginning:
    return _cut_sheet(unwrap(source, folder, sheet, shown).path)


def _cut_sheet(written: Path) -> _Beginning:
    with written.open("rb") as file:
        cut = _cut(file.read(_BEGINNING), written.stat().st_size)
    return _Beginning(cut.content, cut.whole, in_sheet=True)


def _cut(head: bytes, size: int) -> _Beginning:
    """Return the first bytes of a text, cut where a line ends."""
    if size <= len(head) < _BEGINNING:
        return _Beginning(head, whole=True)
    place = head.rfind(_LINE_END)
    # In UTF-16 of small ends, a NUL belongs to the line feed before it.
    wide = place % 2 == 0 and head[place + 1 : place + 2] == b"\0"
    return _Beginning(head[: place + 1 + wide] or head, whole=False)
