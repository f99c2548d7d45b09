"""From cells of text to typed columns in Parquet, with everything said on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.data.queries import file_literal, quoted
from mtcore.data.reading.kinds import Kind, kind_of
from mtcore.data.reading.measures import (
    CELLS,
    MOST_CELLS,
    SAMPLED_ROWS,
    Marks,
    Measure,
    Unread,
    cell_of,
    count_cells,
    measure_columns,
    sample_cells,
    unread_cells,
    value_of,
)
from mtcore.data.reading.names import ColumnName
from mtcore.data.reading.plans import NumberPlan, Plan, TextPlan, plan_columns
from mtcore.data.reading.remarks import LineOf
from mtcore.data.reading.report import ColumnSummary

_EXACT = 2**53  # whole numbers beyond it are not exact as float64
_WIDE = 300  # columns; a query for more takes a gigabyte to plan
_CELLS_A_TIME = 2_000_000  # of a wide table


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a file as a view of texts, and what is known about them.

    Args:
        connection: Where the view lies.
        names: One a column, in the file's order.
        rows: How many rows there are.
        line_of: Returns the line of the file that a row begins on, from 1.
        decimal: The mark that a person named; None to find it.
        hint: The likelier mark where no cell tells.
    """

    connection: duckdb.DuckDBPyConnection
    names: tuple[ColumnName, ...]
    rows: int
    line_of: LineOf
    decimal: str | None = None
    hint: str = "."


@dataclass(frozen=True, slots=True)
class Column:
    """What became of one column.

    Args:
        index: Its place in the file, from 0.
        name: Its name.
        plan: What its cells are read as.
        measure: What they come to.
        kind: What kind of column they make.
        unread: The spellings without a value.
        named: Whether the header names it; true without a header.
    """

    index: int
    name: str
    plan: Plan
    measure: Measure
    kind: Kind
    unread: tuple[Unread, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class TypedColumns:
    """What became of all columns.

    Args:
        columns: Those that are kept, in the file's order.
        decimal: The file's decimal mark.
        dropped: Places of columns without a name and without any value, from 0.
    """

    columns: tuple[Column, ...]
    decimal: str
    dropped: tuple[int, ...]

    def summaries(self, rows: int) -> tuple[ColumnSummary, ...]:
        """Return what the report says about each column."""
        return tuple(
            ColumnSummary(
                name=column.name,
                kind=column.kind.kind,
                reason=column.kind.reason,
                missing=rows - column.measure.read,
                distinct=column.measure.distinct,
            )
            for column in self.columns
        )


def type_columns(cells: Cells, marks: Marks) -> TypedColumns:
    """Return what each column's cells are, judged by a sample and checked on all.

    Args:
        cells: The file's cells.
        marks: What a person counts as missing.
    """
    connection = cells.connection
    samples = sample_cells(connection, len(cells.names), cells.rows)
    samples = [
        {cell: n for cell, n in sample.items() if cell not in marks.texts}
        for sample in samples
    ]
    planned, decimal = plan_columns(
        samples, cells.decimal, cells.hint, complete=cells.rows <= SAMPLED_ROWS
    )
    plans = dict(enumerate(planned))
    measures = measure_columns(connection, plans, marks, cells.rows)
    unread = _unread(cells, plans, measures, marks)
    again = {
        index: plan
        for index, slips in unread.items()
        if not isinstance(plans[index], TextPlan)
        and not all(plans[index].is_missing(slip.cell) for slip in slips)
        and (plan := _second_look(cells, index, plans[index], marks)) != plans[index]
    }
    if again:
        plans |= again
        measures |= measure_columns(connection, again, marks, cells.rows)
        unread |= dict.fromkeys(again, ())
        unread |= _unread(cells, again, measures, marks)
    headless = not any(name.given for name in cells.names)
    dropped = tuple(
        index
        for index, name in enumerate(cells.names)
        if not name.given and not measures[index].filled
    )
    columns = tuple(
        Column(
            index,
            name.name,
            plans[index],
            measures[index],
            kind_of(
                name.name,
                plans[index],
                measures[index],
                counts_rows=index == 0 and not name.given and len(cells.names) > 1,
            ),
            unread.get(index, ()),
            name.given or headless,
        )
        for index, name in enumerate(cells.names)
        if index not in dropped
    )
    return TypedColumns(columns, decimal, dropped)


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
    values = [_stored(column, marks) for column in typed.columns]
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


def _stored(column: Column, marks: Marks) -> str:
    """Return SQL for what is stored of a column."""
    value = value_of(column.index, column.plan, marks)
    if not isinstance(column.plan, NumberPlan):
        return value
    if column.kind.kind == "id":
        return cell_of(column.index, marks)
    measure = column.measure
    whole = measure.whole == measure.read
    if whole and max(abs(measure.low), abs(measure.high)) < _EXACT:
        return f"({value})::BIGINT"
    return value


def _unread(
    cells: Cells, plans: dict[int, Plan], measures: dict[int, Measure], marks: Marks
) -> dict[int, tuple[Unread, ...]]:
    """Return the spellings without a value, of the columns that have some."""
    numbers = set(marks.numbers)
    found = {}
    for index, plan in plans.items():
        if measures[index].filled == measures[index].read:
            continue
        slips = unread_cells(cells.connection, index, plan, marks)
        found[index] = tuple(
            slip for slip in slips if not _is_marked(slip.cell, plan, numbers)
        )
    return found


def _is_marked(cell: str, plan: Plan, numbers: set[float]) -> bool:
    """Return whether a person counts a number as missing, however it is written."""
    if not numbers or not isinstance(plan, NumberPlan):
        return False
    value = f"SELECT {plan.expression('$1')}"
    with duckdb.connect() as connection:
        found = connection.execute(value, [cell]).fetchall()[0][0]
    return found in numbers


def _second_look(cells: Cells, index: int, plan: Plan, marks: Marks) -> Plan:
    """Return the plan of a column once all its spellings are known."""
    counts = count_cells(cells.connection, index, plan, marks)
    usual = plan.written.decimal if isinstance(plan, NumberPlan) else cells.hint
    complete = len(counts) < MOST_CELLS
    planned, _ = plan_columns([counts], usual, usual, complete=complete)
    return planned[0]
