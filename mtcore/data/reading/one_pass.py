"""One pass over a file of text: its cells read, typed and stored at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mtcore.data.reading.columns.census import Census
from mtcore.data.reading.columns.measures import are_counted
from mtcore.data.reading.columns.plans import NumberPlan, TextPlan
from mtcore.data.reading.columns.spellings import (
    MOST_CELLS,
    Marks,
    Tally,
    cell_of,
    value_of,
)
from mtcore.data.reading.columns.stored import EXACT, stored_as, stored_value
from mtcore.data.reading.columns.typed import Column
from mtcore.data.reading.files.plaintext import PlainText
from mtcore.data.reading.files.records import Format
from mtcore.data.reading.lines.body import csv_source, trimmed
from mtcore.data.reading.lines.header import Head

_BATCH = 122_880  # rows that are stored at once
_AHEAD = "128MB"  # of rows that are read while others are stored


@final
class UnfitError(Exception):
    """A cell that the sample did not foresee."""


@final
class NoRowError(Exception):
    """A line that is no row, or a row of several lines."""


@final
@dataclass(frozen=True, slots=True)
class Stored:
    """What was found out while rows were stored.

    Args:
        tallies: The cells without a value, by the column's place.
        census: What the values come to; None where rows are not that many.
    """

    tallies: dict[int, Tally]
    census: Census | None


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

    def store(self, connection: duckdb.DuckDBPyConnection, target: Path) -> Stored:
        """Write all rows as typed Parquet, and return what was found out on the way.

        Raises:
            UnfitError: A cell is not as foreseen.
            NoRowError: A line is no row.
        """
        rows = self.text.lines - (self.head.first - 1)
        tallies = {column.index: Tally() for column in self.columns}
        census = None if are_counted(rows) else Census(rows, len(self.columns))
        first = 0
        begun: list[Future[None]] = []
        # Threads of DuckDB read ahead while rows are stored and counted.
        with self._writer(connection, target) as file, ThreadPoolExecutor(2) as threads:
            for batch in self._batches(connection):
                self._tally(batch, first, tallies)
                values = self._values(batch, file.schema)
                _wait_for(begun)
                begun = [threads.submit(file.write_batch, values)]
                if census:
                    begun.append(threads.submit(census.add, values))
                first += batch.num_rows
            _wait_for(begun)
        if first != rows:
            raise NoRowError
        return Stored(tallies, census)

    def _writer(
        self, connection: duckdb.DuckDBPyConnection, target: Path
    ) -> pq.ParquetWriter:
        none = connection.sql(f"{self._query()} LIMIT 0").to_arrow_table()
        whole = {c.index for c in self.columns if stored_as(c) == "whole"}
        schema = pa.schema(
            (column.name, pa.int64() if column.index in whole else entry.type)
            for column, entry in zip(self.columns, none.schema, strict=False)
        )
        texts = [entry.name for entry in schema if pa.types.is_string(entry.type)]
        # Most numbers differ from each other, so that a list of them saves little.
        return pq.ParquetWriter(target, schema, compression="lz4", use_dictionary=texts)

    def _batches(
        self, connection: duckdb.DuckDBPyConnection
    ) -> Iterator[pa.RecordBatch]:
        connection.execute(f"SET streaming_buffer_size = '{_AHEAD}'")
        yield from connection.sql(self._query()).to_arrow_reader(_BATCH)

    def _values(self, batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
        """Return what is stored of the next rows."""
        cells = [
            _fitting(values, column) if self._is_sure(column) else values
            for column, values in zip(self.columns, batch.columns, strict=False)
        ]
        return pa.RecordBatch.from_arrays(cells, schema=schema)

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
        values = [f"v{c.index}" for c in self.columns]
        unread = [
            f"CASE WHEN v{c.index} IS NULL THEN c{c.index} END AS u{c.index}"
            for c in self.columns
            if not self._is_sure(c)
        ]
        inner = f"SELECT {stored} FROM (SELECT {cells} FROM {source})"
        return f"SELECT {', '.join((*values, *unread))} FROM ({inner})"

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
        if self._is_sure(column):
            return f"c{column.index}"
        plan = column.plan
        if isinstance(plan, TextPlan):
            plan = replace(plan, markers=None)
        value = stored_value(replace(column, plan=plan), self.marks)
        if stored_as(column) != "whole":
            return value
        number = value_of(column.index, plan, self.marks)
        fits = f"{number} = trunc({number}) AND abs({number}) < {EXACT}"
        return f"CASE WHEN {fits} THEN {value} END"

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
        unsure = [column for column in self.columns if not self._is_sure(column)]
        for column, cells in zip(unsure, batch.columns[count:], strict=True):
            if cells.null_count == len(cells):
                continue
            tally = tallies[column.index]
            tally.add(cells, first)
            if len(tally.times) > MOST_CELLS:
                raise UnfitError


def _wait_for(begun: list[Future[None]]) -> None:
    for work in begun:
        work.result()


def _fitting(numbers: pa.Array, column: Column) -> pa.Array:
    """Return a sure column's numbers as they are stored.

    Raises:
        UnfitError: One has no end, or is not whole where all should be.
    """
    # Checked here, as DuckDB takes several times as long. A sum has no end where one of
    # its numbers has none; that of very great ones sends a file the longer way, too.
    total = pc.sum(numbers).as_py() or 0.0
    if not math.isfinite(total):
        raise UnfitError
    if stored_as(column) != "whole":
        return numbers
    whole = pc.cast(numbers, pa.int64())
    ends = pc.min_max(whole).as_py()
    if max(abs(ends["min"] or 0), abs(ends["max"] or 0)) >= EXACT:
        raise UnfitError
    return whole
