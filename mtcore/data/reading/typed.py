"""From cells of text to typed columns in Parquet, with everything said on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from mtcore.data.queries import file_literal, quoted
from mtcore.data.reading.kinds import Kind, kind_of
from mtcore.data.reading.measures import (
    CELLS,
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
    """What became of one column."""

    name: str
    plan: Plan
    measure: Measure
    kind: Kind
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class TypedColumns:
    """What became of all columns, in the file's order, and the decimal mark."""

    columns: tuple[Column, ...]
    decimal: str

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
    planned, decimal = plan_columns(samples, cells.decimal, cells.hint)
    plans = dict(enumerate(planned))
    measures = measure_columns(connection, plans, marks)
    unread = _unread(cells, plans, measures, marks)
    again = {
        index: plan
        for index, slips in unread.items()
        if (plan := _second_look(cells, index, plans[index], slips, marks, decimal))
        != plans[index]
    }
    if again:
        plans |= again
        measures |= measure_columns(connection, again, marks)
        unread |= dict.fromkeys(again, ())
        unread |= _unread(cells, again, measures, marks)
    columns = tuple(
        Column(
            name.name,
            plans[index],
            measures[index],
            kind_of(name.name, plans[index], measures[index], named=name.given),
            unread.get(index, ()),
        )
        for index, name in enumerate(cells.names)
    )
    return TypedColumns(columns, decimal)


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
    shown = ", ".join(
        f"{_stored(index, column, marks)} AS {quoted(column.name)}"
        for index, column in enumerate(typed.columns)
    )
    cells.connection.execute(
        f"COPY (SELECT {shown} FROM {CELLS}) TO {file_literal(target)} (FORMAT parquet)"
    )


def _stored(index: int, column: Column, marks: Marks) -> str:
    """Return SQL for what is stored of a column."""
    value = value_of(index, column.plan, marks)
    if not isinstance(column.plan, NumberPlan):
        return value
    if column.kind.kind == "id":
        return cell_of(index, marks)
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


def _second_look(
    cells: Cells,
    index: int,
    plan: Plan,
    slips: Sequence[Unread],
    marks: Marks,
    decimal: str,
) -> Plan:
    """Return the plan of a column once all its spellings are known."""
    if isinstance(plan, TextPlan) or all(plan.is_missing(u.cell) for u in slips):
        return plan
    counts = count_cells(cells.connection, index, plan, marks)
    planned, _ = plan_columns([counts], cells.decimal or decimal, decimal)
    return planned[0]
