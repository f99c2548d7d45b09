"""What the cells of every column come to, counted by DuckDB over the whole file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mtcore.data.queries import text_literal
from mtcore.data.reading.plans import BooleanPlan, DatePlan, NumberPlan, Plan, TextPlan

CELLS = "body"  # the view of a file's cells: texts c0, c1 … and the row's number r
_BATCH = 200  # columns a query, as thousands in one take long to plan
_BATCH_OF_MANY_ROWS = 40  # as each exact count of values takes some megabytes
# Values in all columns of a query: counting different ones keeps all there are.
_VALUES = 20_000_000
_MOST_COUNTED = 30_000_000  # rows; of more, different values are estimated
SAMPLED_ROWS = 5000  # of files with no more, the sample is all there is
MOST_CELLS = 20_000  # different cells that a second look is given


_PICTURE = r"(?i)\.(?:jpe?g|png|gif|bmp|webp|tiff?)$"


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
class Measure:
    """One column over all rows.

    Args:
        filled: Cells that are not empty.
        read: Cells that have a value of the plan's kind.
        distinct: Different values.
        low: The least number; 0 for other plans.
        high: The greatest number.
        whole: Numbers without decimals.
        words: Words a text, on average.
        letters: Letters a text, on average.
        pictures: Texts that end like the name of a picture file.
    """

    filled: int
    read: int
    distinct: int
    low: float = 0.0
    high: float = 0.0
    whole: int = 0
    words: float = 0.0
    letters: float = 0.0
    pictures: int = 0


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
    """Return how often each cell of a column occurs, those without a value first."""
    cell = cell_of(index, marks)
    found = connection.execute(
        f"SELECT {cell} AS cell, count(*) AS times FROM {CELLS} WHERE cell IS NOT NULL "
        f"GROUP BY cell ORDER BY {plan.expression('cell')} IS NULL DESC, times DESC "
        f"LIMIT {MOST_CELLS}"
    )
    return dict(found.fetchall())


def measure_columns(
    connection: duckdb.DuckDBPyConnection,
    plans: Mapping[int, Plan],
    marks: Marks,
    rows: int,
) -> dict[int, Measure]:
    """Return what each column comes to, by the column's place.

    Planning a query with thousands of sums takes a minute, so where rows are few
    DuckDB only gives the values and Arrow counts them.
    """
    measures = {}
    few = rows <= SAMPLED_ROWS
    fitting = min(max(_VALUES // max(rows, 1), 1), _BATCH_OF_MANY_ROWS)
    size = _BATCH if few else fitting
    places = list(plans)
    for start in range(0, len(places), size):
        batch = places[start : start + size]
        values = ", ".join(
            f"{cell_of(index, marks)} AS c{index}, "
            f"{value_of(index, plans[index], marks)} AS v{index}"
            for index in batch
        )
        if few:
            found = connection.sql(f"SELECT {values} FROM {CELLS}").to_arrow_table()
            for place, index in enumerate(batch):
                cells, column = found.column(2 * place), found.column(2 * place + 1)
                measures[index] = _measure_few(cells, column, plans[index])
            continue
        exact = rows <= _MOST_COUNTED
        asked = ", ".join(_asked(index, plans[index], exact=exact) for index in batch)
        row = connection.execute(
            f"SELECT {asked} FROM (SELECT {values} FROM {CELLS})"
        ).fetchall()[0]
        for place, index in enumerate(batch):
            measures[index] = _measure(row[9 * place : 9 * place + 9])
    return measures


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
    if not isinstance(plan, NumberPlan):
        return value
    if marks.numbers:
        listed = ", ".join(repr(number) for number in marks.numbers)
        value = f"CASE WHEN ({value}) NOT IN ({listed}) THEN {value} END"
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def _measure(counted: Sequence[float | None]) -> Measure:
    filled, read, distinct, low, high, whole, words, letters, pictures = (
        number or 0 for number in counted
    )
    return Measure(
        filled=int(filled),
        read=int(read),
        distinct=int(distinct),
        low=float(low),
        high=float(high),
        whole=int(whole),
        words=float(words),
        letters=float(letters),
        pictures=int(pictures),
    )


def _measure_few(
    cells: pa.ChunkedArray, values: pa.ChunkedArray, plan: Plan
) -> Measure:
    filled = len(cells) - cells.null_count
    read = len(values) - values.null_count
    distinct = len(pc.unique(values.drop_null()))
    if not read:
        return Measure(filled, read, distinct)
    match plan:
        case NumberPlan():
            ends = pc.min_max(values).as_py()
            whole = pc.sum(pc.equal(values, pc.trunc(values))).as_py()
            return Measure(filled, read, distinct, ends["min"], ends["max"], whole)
        case DatePlan() | BooleanPlan():
            return Measure(filled, read, distinct)
        case TextPlan():
            return Measure(
                filled,
                read,
                distinct,
                words=pc.mean(pc.count_substring(values, " ")).as_py() + 1,
                letters=pc.mean(pc.utf8_length(values)).as_py(),
                pictures=pc.sum(pc.match_substring_regex(values, _PICTURE)).as_py(),
            )


def _asked(index: int, plan: Plan, *, exact: bool) -> str:
    value = f"v{index}"
    different = f"count(DISTINCT {value})"
    if not exact:
        different = f"approx_count_distinct({value})"
    counts = f"count(c{index}), count({value}), {different}"
    match plan:
        case NumberPlan():
            whole = f"count(*) FILTER ({value} = trunc({value}))"
            return f"{counts}, min({value}), max({value}), {whole}, 0, 0, 0"
        case DatePlan() | BooleanPlan():
            return f"{counts}, 0, 0, 0, 0, 0, 0"
        case TextPlan():
            blanks = f"length({value}) - length(replace({value}, ' ', ''))"
            words = f"avg({blanks}) + 1, avg(length({value}))"
            picture = f"regexp_matches({value}, {text_literal(_PICTURE)})"
            return f"{counts}, 0, 0, 0, {words}, count(*) FILTER ({picture})"
