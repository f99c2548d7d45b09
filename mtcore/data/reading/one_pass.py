"""One pass over a file of text: its cells read, typed and stored at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mtcore.data.reading.body import csv_source, trimmed
from mtcore.data.reading.header import Head
from mtcore.data.reading.plaintext import PlainText
from mtcore.data.reading.plans import NumberPlan, TextPlan
from mtcore.data.reading.records import Format
from mtcore.data.reading.spellings import (
    MOST_CELLS,
    Marks,
    Unread,
    cell_of,
    value_of,
)
from mtcore.data.reading.stored import EXACT, stored_as, stored_value
from mtcore.data.reading.typed import Column

_BATCH = 122_880  # rows that are stored at once
_SHOWN_ROWS = 3


@final
class UnfitError(Exception):
    """A cell that the sample did not foresee."""


@final
class NoRowError(Exception):
    """A line that is no row, or a row of several lines."""


@final
@dataclass(slots=True)
class Tally:
    """The spellings of one column that have no value."""

    times: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, cells: pa.Array, first: int) -> None:
        """Count the cells that are there; `first` is the row of the first one."""
        for pair in pc.value_counts(cells.drop_null()).to_pylist():
            cell = pair["values"]
            self.times[cell] = self.times.get(cell, 0) + pair["counts"]
            rows = self.rows.setdefault(cell, [])
            if len(rows) < _SHOWN_ROWS:
                same = pc.fill_null(pc.equal(cells, cell), fill_value=False)
                places = np.flatnonzero(same.to_numpy(zero_copy_only=False))
                rows += [first + int(place) for place in places[:_SHOWN_ROWS]]

    def unread(self) -> tuple[Unread, ...]:
        """Return the spellings, the most frequent first."""
        often = sorted(self.times.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(
            Unread(cell, times, tuple(self.rows[cell][:_SHOWN_ROWS]))
            for cell, times in often
        )


@final
@dataclass(frozen=True, slots=True)
class OnePass:
    """How a file is read and stored in one pass.

    Args:
        text: The file's text.
        written: How its lines are taken apart.
        head: Where the table begins.
        columns: What a sample of them is.
        marks: What a person counts as missing.
        sure: Whether columns without a slip in the sample are to have none at all.
    """

    text: PlainText
    written: Format
    head: Head
    columns: tuple[Column, ...]
    marks: Marks
    sure: bool

    def store(
        self, connection: duckdb.DuckDBPyConnection, target: Path
    ) -> dict[int, Tally]:
        """Write all rows as typed Parquet, and return the cells without a value.

        Raises:
            UnfitError: A cell is not as foreseen.
            NoRowError: A line is no row.
        """
        tallies = {column.index: Tally() for column in self.columns}
        first = 0
        written: Future[None] | None = None
        # Threads of DuckDB read ahead while rows are stored.
        with self._writer(connection, target) as file, ThreadPoolExecutor(1) as thread:
            for batch in self._batches(connection):
                self._tally(batch, first, tallies)
                values = batch.select(range(len(self.columns)))
                values = values.rename_columns(file.schema.names)
                if written:
                    written.result()
                written = thread.submit(file.write_batch, values)
                first += batch.num_rows
            if written:
                written.result()
        if first != self.text.lines - (self.head.first - 1):
            raise NoRowError
        return tallies

    def _writer(
        self, connection: duckdb.DuckDBPyConnection, target: Path
    ) -> pq.ParquetWriter:
        none = connection.sql(f"{self._query()} LIMIT 0").to_arrow_table()
        values = none.select(range(len(self.columns)))
        schema = values.rename_columns([column.name for column in self.columns]).schema
        texts = [entry.name for entry in schema if pa.types.is_string(entry.type)]
        # Most numbers differ from each other, so that a list of them saves little.
        return pq.ParquetWriter(target, schema, compression="lz4", use_dictionary=texts)

    def _batches(
        self, connection: duckdb.DuckDBPyConnection
    ) -> Iterator[pa.RecordBatch]:
        yield from connection.sql(self._query()).to_arrow_reader(_BATCH)

    def _query(self) -> str:
        numbers = frozenset(c.index for c in self.columns if self._is_sure(c))
        source = csv_source(self.text, self.written, self.head, numbers)
        cells = ", ".join(
            f"c{index}"
            if index in numbers
            else f"{trimmed(index, self.text)} AS c{index}"
            for index in range(self.head.width)
        )
        stored = ", ".join(
            f"{self._value(c)} AS v{c.index}, {cell_of(c.index, self.marks)} "
            f"AS c{c.index}"
            for c in self.columns
        )
        values = ", ".join(f"v{c.index}" for c in self.columns)
        unread = ", ".join(f"{self._unread(c)} AS u{c.index}" for c in self.columns)
        inner = f"SELECT {stored} FROM (SELECT {cells} FROM {source})"
        return f"SELECT {values}, {unread} FROM ({inner})"

    def _is_sure(self, column: Column) -> bool:
        plan = column.plan
        return (
            self.sure
            and isinstance(plan, NumberPlan)
            and plan.written.is_plain
            and not column.unread
            and not self.marks.texts
            and stored_as(column) != "text"
        )

    def _value(self, column: Column) -> str:
        if not self._is_sure(column):
            plan = column.plan
            if isinstance(plan, TextPlan):
                plan = replace(plan, markers=None)
            value = stored_value(replace(column, plan=plan), self.marks)
            if stored_as(column) != "whole":
                return value
            number = value_of(column.index, plan, self.marks)
            fits = f"{number} = trunc({number}) AND abs({number}) < {EXACT}"
            return f"CASE WHEN {fits} THEN {value} END"
        cell = f"c{column.index}"
        return f"{cell}::BIGINT" if stored_as(column) == "whole" else cell

    def _unread(self, column: Column) -> str:
        cell, value = f"c{column.index}", f"v{column.index}"
        if not self._is_sure(column):
            return f"CASE WHEN {value} IS NULL THEN {cell} END"
        if stored_as(column) == "whole":
            odd = f"{cell} <> trunc({cell}) OR abs({cell}) >= {EXACT}"
        else:
            odd = f"NOT isfinite({cell})"
        return f"CASE WHEN {odd} THEN {cell}::VARCHAR END"

    def _tally(
        self, batch: pa.RecordBatch, first: int, tallies: dict[int, Tally]
    ) -> None:
        count = len(self.columns)
        if all(batch.column(place).null_count for place in range(count)):
            empty = np.logical_and.reduce(
                [
                    batch.column(place).is_null().to_numpy(zero_copy_only=False)
                    for place in range(count)
                ]
            )
            if empty.any():
                raise NoRowError
        for place, column in enumerate(self.columns, start=count):
            cells = batch.column(place)
            if cells.null_count == len(cells):
                continue
            tally = tallies[column.index]
            tally.add(cells, first)
            if self._is_sure(column) or len(tally.times) > MOST_CELLS:
                raise UnfitError
