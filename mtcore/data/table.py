"""Columns of a data set as arrays, with what counts as missing already applied."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import NoReturn, final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray, TextArray
from mtcore.data.moments import seconds_since_1970, text_of_seconds
from mtcore.data.pictures.album import Album, album_of, pictures_of
from mtcore.data.pictures.decoding import Pixels
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
            _column_of([record.get(name) for record in records]) for name in names
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
        if _is_text(cells):
            return self._without_markers(_numbers_in(cells))
        if pa.types.is_timestamp(cells.type):
            return _seconds_in(cells)
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
        if not _is_text(cells):
            if _is_moment(cells):
                return _spelled(self.timestamps(column), text_of_seconds)
            return _spelled(self.numbers(column), text_of_number)
        encoded = _dictionary(cells)
        words = [_present(word) for word in encoded.dictionary.to_pylist()]
        markers = set(self._missing)
        values = self._marker_values()
        for index, word in enumerate(words):
            if word is not None and (word in markers or _number(word) in values):
                words[index] = None
        table = np.array([*words, None], dtype=object)
        texts: TextArray = table[_places(encoded)]
        return texts

    def timestamps(self, column: str) -> FloatArray:
        """Return a column as moments.

        Returns:
            float64 of shape (rows,): seconds since 1970 UTC, NaN where a cell is
            missing or no moment. Numbers are taken as such seconds.
        """
        cells = self._cells_of(column)
        if _is_moment(cells):
            return _seconds_in(cells)
        if not _is_text(cells):
            return self.numbers(column)
        encoded = _dictionary(cells)
        markers = set(self._missing)
        seconds = [
            math.nan if word.strip() in markers else seconds_since_1970(word)
            for word in encoded.dictionary.to_pylist()
        ]
        table = np.array([*seconds, math.nan], dtype=np.float64)
        found: FloatArray = table[_places(encoded)]
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
        cells = _column_of(values)
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
        values = (_number(marker) for marker in self._missing)
        return frozenset(value for value in values if not math.isnan(value))

    def _without_markers(self, numbers: FloatArray) -> FloatArray:
        kept = np.where(np.isfinite(numbers), numbers, np.nan)
        for value in self._marker_values():
            kept[kept == value] = np.nan
        return kept


def text_of_number(number: float) -> str:
    """Return the shortest text of a number; whole ones without decimals.

    >>> text_of_number(3.0), text_of_number(0.25)
    ('3', '0.25')
    """
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    return repr(float(number))


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


def _column_of(values: Sequence[object]) -> pa.Array:
    """Return values of one column as numbers, moments or texts."""
    present = [value for value in values if value is not None]
    numeric = (int, float, np.integer, np.floating)
    if all(isinstance(v, numeric) and not isinstance(v, bool) for v in present):
        return pa.array([None if v is None else float(str(v)) for v in values])
    if all(isinstance(v, datetime) for v in present):
        seconds = [None if v is None else seconds_since_1970(str(v)) for v in values]
        micros = [s if s is None or math.isnan(s) else round(s * 1e6) for s in seconds]
        return pa.array(micros, pa.float64()).cast(pa.int64()).cast(pa.timestamp("us"))
    return pa.array([_spelling(v) for v in values], pa.string())


def _spelling(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool() | np.bool_():
            return str(bool(value)).lower()
        case int() | float() | np.integer() | np.floating():
            number = float(value)
            return None if math.isnan(number) else text_of_number(number)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return _present(str(value))


def _present(word: str) -> str | None:
    return word.strip() or None


def _is_text(cells: pa.ChunkedArray) -> bool:
    kind = cells.type
    return not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_timestamp(kind)
    )


def _is_moment(cells: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_timestamp(cells.type))


def _dictionary(cells: pa.ChunkedArray) -> pa.DictionaryArray:
    return pc.cast(cells, pa.string()).combine_chunks().dictionary_encode()


def _places(encoded: pa.DictionaryArray) -> NDArray[np.int32]:
    """Return each row's place in the dictionary; one past its end where missing."""
    places: NDArray[np.int32]
    places = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy()
    return places


def _numbers_in(cells: pa.ChunkedArray) -> FloatArray:
    encoded = _dictionary(cells)
    values = [_number(word) for word in encoded.dictionary.to_pylist()]
    table = np.array([*values, math.nan], dtype=np.float64)
    found: FloatArray = table[_places(encoded)]
    return found


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan


def _seconds_in(cells: pa.ChunkedArray) -> FloatArray:
    micros = pc.cast(pc.cast(cells, pa.timestamp("us"), safe=False), pa.int64())
    whole = pc.cast(micros, pa.float64(), safe=False).to_numpy()
    seconds: FloatArray = whole.astype(np.float64) / 1e6
    return seconds


def _spelled(numbers: FloatArray, text_of: Callable[[float], str]) -> TextArray:
    distinct, places = np.unique(numbers, return_inverse=True)
    words: list[str | None]
    words = [None if math.isnan(value) else text_of(value) for value in distinct]
    texts: TextArray = np.array([*words, None], dtype=object)[places]
    return texts
