"""How the beginning of a file would be read: what a correction comes to, at once."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mtcore.data.parquet_rows import read_rows
from mtcore.data.reading.foreign import PARQUET
from mtcore.data.reading.reader import read_table
from mtcore.data.reading.report import ReadingReport
from mtcore.spec.reading import Reading

if TYPE_CHECKING:
    import pandas as pd

_BEGINNING = 1 << 17  # bytes
_ROWS = 100
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_LINE_END = b"\n"


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


def can_be_previewed(source: Path) -> bool:
    """Return whether the first bytes of a file tell how it begins."""
    with source.open("rb") as file:
        return not file.read(4).startswith((_ZIP, PARQUET))


def preview_reading(
    source: Path, options: Reading, missing: Sequence[str], shown: str
) -> ReadingPreview:
    """Read the first lines of a file of text, in some hundredths of a second.

    Args:
        source: Text, packed with gzip or not.
        options: How to read it.
        missing: Cells that count as missing besides the usual ones.
        shown: What people call the file.

    Raises:
        ReadingError: It cannot be read so.
    """
    beginning, whole = _beginning(source)
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "beginning"
        text.write_bytes(beginning)
        parquet = Path(folder) / "table.parquet"
        report = read_table(text, parquet, options, missing, file_name=shown)
        return ReadingPreview(report, read_rows(parquet, 0, _ROWS).to_pandas(), whole)


def _beginning(source: Path) -> tuple[bytes, bool]:
    """Return the first bytes, cut where a line ends, and whether they are all."""
    with source.open("rb") as file:
        head = file.read(_BEGINNING)
    size = source.stat().st_size
    if head.startswith(_GZIP):
        try:
            with gzip.open(source) as packed:
                head, size = packed.read(_BEGINNING), _BEGINNING
        except (EOFError, OSError, zlib.error):
            return head, True  # reading it says what is wrong
    if size <= len(head) < _BEGINNING:
        return head, True
    place = head.rfind(_LINE_END)
    # In UTF-16 of small ends, a NUL belongs to the line feed before it.
    wide = place % 2 == 0 and head[place + 1 : place + 2] == b"\0"
    return head[: place + 1 + wide] or head, False
