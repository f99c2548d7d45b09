"""The cells of a column as a file spells them, asked of DuckDB."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mtcore.data.queries.connection import text_literal
from mtcore.data.reading.columns.plans import NumberPlan, Plan

CELLS = "body"  # the view of a file's cells: texts c0, c1 … and the row's number r
SAMPLED_ROWS = 5000  # of files with no more, the sample is all there is
MOST_CELLS = 20_000  # different cells that a second look is given
_SHOWN_ROWS = 3


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person counts as missing besides the usual cells."""

    texts: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values of those markers that are numbers."""
        values = []
        for text in self.texts:
            try:
                values.append(float(text))
            except ValueError:
                continue
        return tuple(values)


@dataclass(frozen=True, slots=True)
class Unread:
    """One spelling that a plan gives no value.

    Args:
        cell: The text.
        times: How often it occurs.
        rows: The first few rows it occurs in.
    """

    cell: str
    times: int
    rows: tuple[int, ...]


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


def sample_cells(
    connection: duckdb.DuckDBPyConnection, columns: int, rows: int
) -> list[dict[str, int]]:
    """Return how often each cell of a column occurs in rows from all over the file."""
    step = max(1, rows // SAMPLED_ROWS)
    asked = ", ".join(f"c{index}" for index in range(columns))
    found = connection.sql(f"SELECT {asked} FROM {CELLS} WHERE hash(r) % {step} = 0")
    sample = found.to_arrow_table()
    counted = []
    for index in range(columns):
        pairs = pc.value_counts(sample.column(index)).to_pylist()
        cells = {pair["values"]: pair["counts"] for pair in pairs}
        cells.pop(None, None)
        counted.append(cells)
    return counted


def count_cells(
    connection: duckdb.DuckDBPyConnection, index: int, plan: Plan, marks: Marks
) -> dict[str, int]:
    """Return how often each cell of a column occurs, those without a value first.

    Of cells that occur as often, the same ones come first every time, yet no kind of
    them, as the first in the order of letters would be.
    """
    cell = cell_of(index, marks)
    found = connection.execute(
        f"SELECT {cell} AS cell, count(*) AS times FROM {CELLS} WHERE cell IS NOT NULL "
        f"GROUP BY cell ORDER BY {plan.expression('cell')} IS NULL DESC, times DESC, "
        f"hash(cell) LIMIT {MOST_CELLS}"
    )
    return dict(found.fetchall())


def unread_cells(
    connection: duckdb.DuckDBPyConnection, index: int, plan: Plan, marks: Marks
) -> list[Unread]:
    """Return the spellings that have no value under a plan, the most frequent first."""
    found = connection.execute(
        f"SELECT cell, count(*) AS times, min(r, 3) FROM "
        f"(SELECT {cell_of(index, marks)} AS cell, "
        f"{value_of(index, plan, marks)} AS value, r FROM {CELLS}) "
        "WHERE cell IS NOT NULL AND value IS NULL "
        f"GROUP BY cell ORDER BY times DESC, cell LIMIT {MOST_CELLS}"
    )
    return [Unread(cell, times, tuple(rows)) for cell, times, rows in found.fetchall()]


def cell_of(index: int, marks: Marks) -> str:
    """Return SQL for a column's text, NULL where a person counts it as missing."""
    if not marks.texts:
        return f"c{index}"
    words = ", ".join(text_literal(word) for word in marks.texts)
    return f"CASE WHEN c{index} NOT IN ({words}) THEN c{index} END"


def value_of(index: int, plan: Plan, marks: Marks) -> str:
    """Return SQL for a column's value: finite, and none that counts as missing."""
    value = plan.expression(cell_of(index, marks))
    if not isinstance(plan, NumberPlan) or plan.stored:
        return value
    if marks.numbers:
        listed = ", ".join(repr(number) for number in marks.numbers)
        value = f"CASE WHEN ({value}) NOT IN ({listed}) THEN {value} END"
    return f"CASE WHEN isfinite({value}) THEN {value} END"
