"""Rows that stay in their Parquet file and are read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.arrays import FloatArray, RowArray, TextArray
from mtcore.data.pictures.album import album_of, pictures_of
from mtcore.data.pictures.decoding import Pixels
from mtcore.data.tables.table import BATCH_ROWS, Table, refuse_column

# Tables of more bytes than this, at 8 a cell, are not held in memory.
MOST_BYTES = 250_000_000
_CELL_BYTES = 8


@final
class StoredTable:
    """Answers as a `Table` does, with one column or one batch of rows in memory.

    Args:
        parquet: A file of the library.
        columns: The columns there are; all by default.
        missing: Cells that count as missing besides empty ones.
        absent: Columns that the file lacks; all their cells are missing.

    Raises:
        ColumnError: A column is not in the file.
    """

    def __init__(
        self,
        parquet: Path,
        columns: Sequence[str] | None = None,
        missing: Sequence[str] = (),
        absent: Sequence[str] = (),
    ) -> None:
        self._parquet = parquet
        self._missing = tuple(missing)
        self._absent = tuple(absent)
        self._album = album_of(parquet)
        with pq.ParquetFile(parquet) as file:
            there = file.schema_arrow.names
            self._rows = int(file.metadata.num_rows)
        self._columns = tuple(there if columns is None else columns)
        for column in self._columns:
            if column not in there:
                refuse_column(column, there)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._rows

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names in the order asked for."""
        return (*self._columns, *self._absent)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[Table]:
        """Yield all rows in their order, at most `BATCH_ROWS` at a time.

        Args:
            columns: The columns to read; all by default.

        Raises:
            ColumnError: A column is not there.
        """
        asked = self.column_names if columns is None else tuple(columns)
        for column in asked:
            if column not in self.column_names:
                refuse_column(column, self.column_names)
        stored = [column for column in asked if column not in self._absent]
        for cells in read_batches(self._parquet, stored):
            part = cells
            for column in asked:
                if column in self._absent:
                    nothing = pa.nulls(cells.num_rows, pa.string())
                    part = part.append_column(column, nothing)
            yield Table(part, self._missing, self._album)

    def numbers(self, column: str) -> FloatArray:
        """Return a column as `Table.numbers` does, 8 bytes a row."""
        return self._collected(
            np.empty(self._rows),
            (batch.numbers(column) for batch in self.batches([column])),
        )

    def timestamps(self, column: str) -> FloatArray:
        """Return a column as `Table.timestamps` does, 8 bytes a row."""
        return self._collected(
            np.empty(self._rows),
            (batch.timestamps(column) for batch in self.batches([column])),
        )

    def categories(self, column: str) -> TextArray:
        """Return a column as `Table.categories` does, 8 bytes a row."""
        seen: dict[str | None, str | None] = {}
        texts = np.empty(self._rows, dtype=object)
        start = 0
        for batch in self.batches([column]):
            for cell in batch.categories(column):
                # Each batch brings texts of its own: keep one of each.
                texts[start] = seen.setdefault(cell, cell)
                start += 1
        return texts

    def pictures(self, column: str, height: int, width: int) -> Pixels:
        """Return pictures as `Table.pictures` does: not more than memory holds."""
        return pictures_of(self.categories(column), (height, width), self._album)

    def take(self, rows: RowArray) -> Table:
        """Return the given rows, in the given order, in memory.

        Args:
            rows: Row numbers from 0; not more than memory holds.
        """
        wanted, places = np.unique(rows, return_inverse=True)
        parts, start = [], 0
        for batch in self.batches():
            low, high = np.searchsorted(wanted, (start, start + batch.rows))
            if high > low:
                parts.append(batch.take(wanted[low:high] - start))
            start += batch.rows
            if high == len(wanted):
                break
        if not parts:
            return next(self.batches()).take(rows)
        joined = Table.joined(parts)
        return joined if np.array_equal(wanted, rows) else joined.take(places)

    def _collected(self, whole: FloatArray, parts: Iterator[FloatArray]) -> FloatArray:
        start = 0
        for part in parts:
            whole[start : start + len(part)] = part
            start += len(part)
        return whole


Rows = Table | StoredTable
"""Rows in memory, or in a file that is too large for it."""


def open_rows(
    parquet: Path,
    columns: Sequence[str] | None = None,
    missing: Sequence[str] = (),
    *,
    most_bytes: int = MOST_BYTES,
    picture_bytes: int = 0,
) -> Rows:
    """Return some columns of a Parquet file, in memory where they fit.

    Args:
        parquet: A file of the library.
        columns: The columns there are; all by default.
        missing: Cells that count as missing besides empty ones.
        most_bytes: What may be held in memory, at 8 bytes a cell.
        picture_bytes: Of the pictures of a row, which count as its cells do.

    Raises:
        ColumnError: A column is not in the file.
    """
    stored = StoredTable(parquet, columns, missing)
    row_bytes = len(stored.column_names) * _CELL_BYTES + picture_bytes
    if stored.rows * row_bytes > most_bytes:
        return stored
    return Table.read(parquet, columns, missing)


def stored_columns(parquet: Path) -> tuple[str, ...]:
    """Return the names of a Parquet file's columns, in the file's order."""
    with pq.ParquetFile(parquet) as file:
        return tuple(file.schema_arrow.names)


def give_memory_back() -> None:
    """Give what Arrow holds for later back to the system, after much was read."""
    pa.default_memory_pool().release_unused()


def read_batches(parquet: Path, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the rows of a Parquet file, at most `BATCH_ROWS` at a time."""
    with pq.ParquetFile(parquet) as file:
        groups = file.metadata.num_row_groups
    for group in range(groups):
        # An open file keeps the bytes of all groups that were read from it.
        with pq.ParquetFile(parquet) as file:
            for batch in file.iter_batches(BATCH_ROWS, [group], list(columns)):
                # A name with a dot is also taken for a nested one: choose once more.
                yield pa.Table.from_batches([batch]).select(list(columns))
