"""Columns of a data set as arrays, with what counts as missing already applied."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mtcore.arrays import FloatArray, RowArray, TextArray
from mtcore.data.pictures.album import Album, album_of, pictures_of
from mtcore.data.pictures.decoding import Pixels
from mtcore.data.values.cells import (
    column_of,
    encoded_words,
    is_moment,
    is_text,
    number_of,
    numbers_in,
    places_of,
    present,
    seconds_in,
    spelled,
    text_of_number,
)
from mtcore.data.values.moments import seconds_since_1970, text_of_seconds
from mtcore.errors import ColumnError

# Rows that are worked on at once where there are many.
BATCH_ROWS = 65_536


@final
class Table:
    """Rows of named columns, asked for as numbers, categories or moments.

    Args:
        cells: The columns; numbers, timestamps or texts.
        missing: Cells that count as missing besides empty ones. A marker is compared
            with texts after trimming, and with numbers by value: "-200" is -200.0.
        album: The pictures that cells name, None where there are none.
    """

    def __init__(
        self,
        cells: pa.Table,
        missing: Sequence[str] = (),
        album: Album | None = None,
    ) -> None:
        self._cells = cells
        self._album = album
        # Arrow looks through all names each time, which is slow for thousands.
        self._places = {name: place for place, name in enumerate(cells.column_names)}
        self._missing = tuple(marker.strip() for marker in missing)

    @classmethod
    def read(
        cls,
        parquet: Path,
        columns: Sequence[str] | None = None,
        missing: Sequence[str] = (),
    ) -> Table:
        """Return the rows of a Parquet file of the library, in their order.

        Args:
            parquet: As `read_table` wrote it.
            columns: The columns to load; all by default.
            missing: Cells that count as missing besides empty ones.

        Raises:
            ColumnError: A column is not in the file.
        """
        with pq.ParquetFile(parquet) as file:
            there = file.schema_arrow.names
            unknown = set(columns or ()).difference(there)
            for column in columns or ():
                if column in unknown:
                    refuse_column(column, there)
            cells = file.read(columns=None if columns is None else list(columns))
        # A name with a dot is also taken for a nested one, so choose once more.
        chosen = cells if columns is None else cells.select(list(columns))
        return cls(chosen, missing, album_of(parquet))

    @classmethod
    def from_records(
        cls,
        records: Sequence[Mapping[str, object]],
        missing: Sequence[str] = (),
        album: Album | None = None,
    ) -> Table:
        """Return a table of records, such as rows typed in by a person.

        Args:
            records: One mapping a row; a name left out is a missing cell.
            missing: Cells that count as missing besides empty ones.
            album: The pictures that cells name, None where there are none.
        """
        names = list(dict.fromkeys(name for record in records for name in record))
        columns = [
            column_of([record.get(name) for record in records]) for name in names
        ]
        if not names:
            empty = pa.table({"": pa.nulls(len(records), pa.string())})
            return cls(empty.select([]), missing)
        return cls(pa.Table.from_arrays(columns, names=names), missing, album)

    @classmethod
    def joined(cls, parts: Sequence[Table]) -> Table:
        """Return the rows of several tables of the same columns, one after another."""
        cells = pa.concat_tables([part._cells for part in parts])
        return cls(cells, parts[0]._missing, parts[0]._album)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self._cells.num_rows)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names in the file's order."""
        return tuple(self._places)

    def numbers(self, column: str) -> FloatArray:
        """Return a column as numbers.

        Returns:
            float64 of shape (rows,); NaN where a cell is missing, infinite or no
            number. Moments are seconds since 1970 UTC.
        """
        cells = self._cells_of(column)
        if is_text(cells):
            return self._without_markers(numbers_in(cells))
        if pa.types.is_timestamp(cells.type):
            return seconds_in(cells)
        # Whole numbers beyond 2^53 become the nearest number there is.
        whole = pc.cast(cells, pa.float64(), safe=False)
        numbers = whole.to_numpy().astype(np.float64)
        return self._without_markers(numbers)

    def categories(self, column: str) -> TextArray:
        """Return a column as texts.

        Returns:
            object of shape (rows,): `str`, or None where a cell is missing. Whole
            numbers come without decimals, moments in ISO form.
        """
        cells = self._cells_of(column)
        if not is_text(cells):
            if is_moment(cells):
                return spelled(self.timestamps(column), text_of_seconds)
            return spelled(self.numbers(column), text_of_number)
        encoded = encoded_words(cells)
        words = [present(word) for word in encoded.dictionary.to_pylist()]
        markers = set(self._missing)
        values = self._marker_values()
        for index, word in enumerate(words):
            if word is not None and (word in markers or number_of(word) in values):
                words[index] = None
        table = np.array([*words, None], dtype=object)
        texts: TextArray = table[places_of(encoded)]
        return texts

    def timestamps(self, column: str) -> FloatArray:
        """Return a column as moments.

        Returns:
            float64 of shape (rows,): seconds since 1970 UTC, NaN where a cell is
            missing or no moment. Numbers are taken as such seconds.
        """
        cells = self._cells_of(column)
        if is_moment(cells):
            return seconds_in(cells)
        if not is_text(cells):
            return self.numbers(column)
        encoded = encoded_words(cells)
        markers = set(self._missing)
        seconds = [
            math.nan if word.strip() in markers else seconds_since_1970(word)
            for word in encoded.dictionary.to_pylist()
        ]
        table = np.array([*seconds, math.nan], dtype=np.float64)
        found: FloatArray = table[places_of(encoded)]
        return found

    def pictures(self, column: str, height: int, width: int) -> Pixels:
        """Return the pictures that a column names, all brought to one size.

        A cell that holds a picture itself, as `picture_text` spells it, is read too.

        Returns:
            uint8 of shape (rows, height, width, 3), red, green and blue; black all
            over where a picture is missing or cannot be read.
        """
        return pictures_of(self.categories(column), (height, width), self._album)

    def take(self, rows: RowArray) -> Table:
        """Return the given rows, in the given order.

        Args:
            rows: Row numbers from 0.
        """
        cells = self._cells.take(pa.array(rows, pa.int64()))
        return Table(cells, self._missing, self._album)

    def shuffled(self, columns: Sequence[str], order: RowArray) -> Table:
        """Return the rows with the cells of some columns in another order.

        Args:
            columns: Their cells stay together.
            order: Which row's cells each row gets, `(rows,)`.

        Raises:
            ColumnError: A column is not there.
        """
        cells, places = self._cells, pa.array(order, pa.int64())
        for column in columns:
            mixed = self._cells_of(column).take(places)
            cells = cells.set_column(self._places[column], column, mixed)
        return Table(cells, self._missing, self._album)

    def with_cells(self, column: str, values: Sequence[object]) -> Table:
        """Return the rows with other cells in one column.

        Args:
            column: One that is there.
            values: As in a record, `(rows,)`.

        Raises:
            ColumnError: The column is not there.
        """
        self._cells_of(column)
        cells = column_of(values)
        place = self._places[column]
        changed = self._cells.set_column(place, column, cells)
        return Table(changed, self._missing, self._album)

    def batches(self, most: int = BATCH_ROWS) -> Iterator[Table]:
        """Yield all rows in their order, some at a time, without a copy.

        Args:
            most: Rows of a batch.
        """
        for start in range(0, self.rows, most):
            yield Table(self._cells.slice(start, most), self._missing, self._album)

    def _cells_of(self, column: str) -> pa.ChunkedArray:
        if column not in self._places:
            refuse_column(column, list(self._places))
        return self._cells.column(self._places[column])

    def _marker_values(self) -> frozenset[float]:
        values = (number_of(marker) for marker in self._missing)
        return frozenset(value for value in values if not math.isnan(value))

    def _without_markers(self, numbers: FloatArray) -> FloatArray:
        kept = np.where(np.isfinite(numbers), numbers, np.nan)
        for value in self._marker_values():
            kept[kept == value] = np.nan
        return kept


def refuse_column(column: str, there: Sequence[str]) -> NoReturn:
    """Refuse a column that is not among those there.

    Raises:
        ColumnError: Always.
    """
    near = difflib.get_close_matches(column, there, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    shown = ", ".join(there[:20]) + (", …" if len(there) > 20 else "")
    message = f"There is no column '{column}'.{hint} The columns are {shown}."
    raise ColumnError(message, where=column)
