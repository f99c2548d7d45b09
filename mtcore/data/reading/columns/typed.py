"""From cells of text to columns of a kind: judged by a sample and checked on all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from mtcore.data.reading.columns.kinds import Kind, kind_of
from mtcore.data.reading.columns.measures import Measure, measure_columns
from mtcore.data.reading.columns.names import ColumnName
from mtcore.data.reading.columns.planning import plan_columns
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    Plan,
    TextPlan,
)
from mtcore.data.reading.columns.remarks import LineOf
from mtcore.data.reading.columns.spellings import (
    MOST_CELLS,
    SAMPLED_ROWS,
    Marks,
    Unread,
    count_cells,
    sample_cells,
    unread_cells,
)
from mtcore.data.reading.notations.booleans import MOST_SPELLINGS
from mtcore.data.reading.report import ColumnSummary


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
    names = [name.name for name in cells.names]
    planned, decimal = plan_columns(
        dict(zip(names, samples, strict=True)),
        cells.decimal,
        cells.hint,
        complete=cells.rows <= SAMPLED_ROWS,
    )
    plans = dict(enumerate(planned))
    measures = measure_columns(connection, plans, marks, cells.rows)
    unread = _unread(cells, plans, measures, marks)
    again = {
        index: plan
        for index in _doubtful(plans, measures, unread, cells.rows)
        if (plan := _second_look(cells, index, plans[index], marks)) != plans[index]
    }
    if again:
        plans |= again
        measures |= measure_columns(connection, again, marks, cells.rows)
        unread |= dict.fromkeys(again, ())
        unread |= _unread(cells, again, measures, marks)
    return typed_columns(cells, plans, measures, unread, decimal)


def typed_columns(
    cells: Cells,
    plans: Mapping[int, Plan],
    measures: Mapping[int, Measure],
    unread: Mapping[int, tuple[Unread, ...]],
    decimal: str,
) -> TypedColumns:
    """Return what became of the columns, once their cells are counted.

    Args:
        cells: The file's cells.
        plans: What each column's cells are read as.
        measures: What they come to.
        unread: The spellings without a value.
        decimal: The file's decimal mark.
    """
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


def _doubtful(
    plans: Mapping[int, Plan],
    measures: Mapping[int, Measure],
    unread: Mapping[int, Sequence[Unread]],
    rows: int,
) -> list[int]:
    """Return the columns that a sample may have shown in a wrong light.

    Their cells do not fit their plan, or are so few different ones that the sample
    may have missed some, such as the only yeses among thousands of noes.
    """
    return [
        index
        for index, plan in plans.items()
        if has_slips(plan, unread.get(index, ()))
        or (rows > SAMPLED_ROWS and shows_few(plan, measures[index]))
    ]


def has_slips(plan: Plan, unread: Sequence[Unread]) -> bool:
    """Return whether cells do not fit their plan and do not stand for nothing."""
    return not isinstance(plan, TextPlan) and any(
        not plan.is_missing(slip.cell) for slip in unread
    )


def shows_few(plan: Plan, measure: Measure) -> bool:
    """Return whether so few cells differ that one more may change what they are."""
    match plan:
        case NumberPlan():
            return measure.distinct <= 2
        case TextPlan():
            return measure.distinct <= MOST_SPELLINGS
        case DatePlan() | BooleanPlan():
            return False


def _second_look(cells: Cells, index: int, plan: Plan, marks: Marks) -> Plan:
    """Return the plan of a column once all its spellings are known."""
    counts = count_cells(cells.connection, index, plan, marks)
    usual = plan.written.decimal if isinstance(plan, NumberPlan) else cells.hint
    complete = len(counts) < MOST_CELLS
    name = cells.names[index].name
    planned, _ = plan_columns({name: counts}, usual, usual, complete=complete)
    found = planned[0]
    if isinstance(found, NumberPlan) and isinstance(plan, NumberPlan):
        return replace(found, unsettled=plan.unsettled)
    return found
