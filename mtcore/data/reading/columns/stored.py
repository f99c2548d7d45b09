"""Typed columns as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.data.queries.connection import file_literal, quoted
from mtcore.data.reading.columns.plans import NumberPlan
from mtcore.data.reading.columns.spellings import CELLS, Marks, cell_of, value_of
from mtcore.data.reading.columns.typed import Cells, Column, TypedColumns

Storage = Literal["whole", "number", "text", "value"]
"""BIGINT, DOUBLE, the cell's own text, or what a plan reads of it."""

EXACT = 2**53  # whole numbers beyond it are not exact as float64
_WIDE = 300  # columns; a query for more takes a gigabyte to plan
_CELLS_A_TIME = 2_000_000  # of a wide table


def write_columns(
    cells: Cells, typed: TypedColumns, marks: Marks, target: Path
) -> None:
    """Write the typed columns as Parquet, rows in their order.

    Args:
        cells: The file's cells.
        typed: What its columns are.
        marks: What a person counts as missing.
        target: The file to write.
    """
    names = [column.name for column in typed.columns]
    values = [stored_value(column, marks) for column in typed.columns]
    # DuckDB takes `T` and `t` for the same name and would change one of them.
    differ = len({name.casefold() for name in names}) == len(names)
    if len(names) <= _WIDE and differ:
        shown = ", ".join(
            f"{value} AS {quoted(name)}"
            for name, value in zip(names, values, strict=True)
        )
        cells.connection.execute(
            f"COPY (SELECT {shown} FROM {CELLS}) TO {file_literal(target)} "
            "(FORMAT parquet)"
        )
        return
    rows_a_time = max(1, _CELLS_A_TIME // len(names))
    writer: pq.ParquetWriter | None = None
    for start in range(0, cells.rows, rows_a_time):
        part = _some_rows(cells, values, start, start + rows_a_time)
        part = part.rename_columns(names)
        if writer is None:
            writer = pq.ParquetWriter(target, part.schema)
        writer.write_table(part)
    if writer is not None:
        writer.close()


def stored_as(column: Column) -> Storage:
    """Return what is stored of a column."""
    if not isinstance(column.plan, NumberPlan):
        return "value"
    if column.kind.kind == "id":
        return "text"
    measure = column.measure
    whole = measure.whole == measure.read
    exact = max(abs(measure.low), abs(measure.high)) < EXACT
    return "whole" if whole and exact else "number"


def stored_value(column: Column, marks: Marks) -> str:
    """Return SQL for what is stored of a column."""
    value = value_of(column.index, column.plan, marks)
    match stored_as(column):
        case "text":
            return cell_of(column.index, marks)
        case "whole":
            return f"({value})::BIGINT"
        case "number" | "value":
            return value


def _some_rows(cells: Cells, values: list[str], start: int, end: int) -> pa.Table:
    """Return some rows, a few hundred columns a query."""
    parts = []
    for first in range(0, len(values), _WIDE):
        asked = ", ".join(
            f"{value} AS v{place}"
            for place, value in enumerate(values[first : first + _WIDE], start=first)
        )
        found = cells.connection.sql(
            f"SELECT {asked} FROM {CELLS} WHERE r >= {start} AND r < {end} ORDER BY r"
        )
        parts.append(found.to_arrow_table())
    names = [name for part in parts for name in part.column_names]
    columns = [column for part in parts for column in part.columns]
    return pa.Table.from_arrays(columns, names=names)
