"""What the cells of every column come to, counted by DuckDB over the whole file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mtcore.data.queries.connection import text_literal
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    Plan,
    TextPlan,
)
from mtcore.data.reading.columns.spellings import (
    CELLS,
    SAMPLED_ROWS,
    Marks,
    cell_of,
    value_of,
)

_BATCH = 200  # columns a query, as thousands in one take long to plan
_BATCH_OF_MANY_ROWS = 40  # as each exact count of values takes some megabytes
# Values in all columns of a query: counting different ones keeps all there are.
_VALUES = 20_000_000
_MOST_COUNTED = 2_000_000  # rows; of more, many different values are estimated
FEW_VALUES = 50_000  # so many different ones are counted even then
# Of values or rows, one in so many stands for all where these are many: a power of two.
SHARE = 64

PICTURE = r"(?i)\.(?:jpe?g|png|gif|bmp|webp|tiff?)$"


@dataclass(frozen=True, slots=True)
class Measure:
    """One column over all rows.

    Args:
        filled: Cells that are not empty.
        read: Cells that have a value of the plan's kind.
        distinct: Different values; of many rows, an estimate where they are many.
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
    if not are_counted(rows):
        return _measure_many(connection, plans, marks)
    for start in range(0, len(places), size):
        batch = places[start : start + size]
        values = _values_of(batch, plans, marks)
        if few:
            found = connection.sql(f"SELECT {values} FROM {CELLS}").to_arrow_table()
            for place, index in enumerate(batch):
                cells, column = found.column(2 * place), found.column(2 * place + 1)
                measures[index] = _measure_few(cells, column, plans[index])
            continue
        asked = ", ".join(_asked(index, plans[index]) for index in batch)
        row = connection.execute(
            f"SELECT {asked} FROM (SELECT {values} FROM {CELLS})"
        ).fetchall()[0]
        for place, index in enumerate(batch):
            measures[index] = _measure(row[9 * place : 9 * place + 9])
    return measures


def are_counted(rows: int) -> bool:
    """Return whether all different values of so many rows are counted."""
    return rows <= _MOST_COUNTED


def _measure_many(
    connection: duckdb.DuckDBPyConnection, plans: Mapping[int, Plan], marks: Marks
) -> dict[int, Measure]:
    """Return what each column comes to, where counting all values would take long.

    Different values are counted among those whose hash is a multiple of `SHARE`: a
    value is among them in every row or in none, so that `SHARE` times as many are
    there in all. Words and letters are those of a share of the rows.
    """
    measures: dict[int, Measure] = {}
    places = list(plans)
    for start in range(0, len(places), _BATCH_OF_MANY_ROWS):
        batch = places[start : start + _BATCH_OF_MANY_ROWS]
        values = _values_of(batch, plans, marks)
        # As bits, since a division takes longer than all the rest.
        shares = [
            f"CASE WHEN (hash(v{i}) & {SHARE - 1}) = 0 THEN v{i} END AS s{i}"
            for i in batch
        ]
        shares += [
            f"CASE WHEN (hash(r) & {SHARE - 1}) = 0 THEN v{i} END AS w{i}"
            for i in batch
            if isinstance(plans[i], TextPlan)
        ]
        asked = ", ".join(_asked_of_many(index, plans[index]) for index in batch)
        row = connection.execute(
            f"SELECT {asked} FROM (SELECT *, {', '.join(shares)} FROM "
            f"(SELECT {values}, r FROM {CELLS}))"
        ).fetchall()[0]
        for place, index in enumerate(batch):
            measures[index] = _estimated(row[11 * place : 11 * place + 11])
    few = [i for i in places if measures[i].distinct < FEW_VALUES]
    for start in range(0, len(few), _BATCH_OF_MANY_ROWS):
        batch = few[start : start + _BATCH_OF_MANY_ROWS]
        asked = ", ".join(f"count(DISTINCT v{index})" for index in batch)
        values = _values_of(batch, plans, marks)
        row = connection.execute(
            f"SELECT {asked} FROM (SELECT {values} FROM {CELLS})"
        ).fetchall()[0]
        for index, distinct in zip(batch, row, strict=True):
            measures[index] = replace(measures[index], distinct=int(distinct))
    return measures


def _values_of(batch: Sequence[int], plans: Mapping[int, Plan], marks: Marks) -> str:
    return ", ".join(
        f"{cell_of(index, marks)} AS c{index}, "
        f"{value_of(index, plans[index], marks)} AS v{index}"
        for index in batch
    )


def _asked_of_many(index: int, plan: Plan) -> str:
    counted = _asked(index, plan, different=f"count(DISTINCT s{index})", some="w")
    words = f"count(w{index})" if isinstance(plan, TextPlan) else "0"
    return f"{counted}, count(s{index}), {words}"


def _estimated(counted: Sequence[float | None]) -> Measure:
    measure = _measure(counted[:9])
    shared, looked_at = (int(number or 0) for number in counted[9:])
    distinct = SHARE * measure.distinct
    if shared and measure.distinct == shared:  # no value of the share occurs twice
        distinct = measure.read
    pictures = measure.pictures * measure.read // max(looked_at, 1)
    distinct = min(distinct, measure.read)
    return replace(measure, distinct=distinct, pictures=pictures)


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
                pictures=pc.sum(pc.match_substring_regex(values, PICTURE)).as_py(),
            )


def _asked(index: int, plan: Plan, *, different: str = "", some: str = "v") -> str:
    """Return SQL for nine figures.

    Args:
        index: The column's place.
        plan: What its cells are read as.
        different: SQL that counts different values; all of them by default.
        some: The letter of the values whose words are counted; all by default.
    """
    value = f"v{index}"
    different = different or f"count(DISTINCT {value})"
    counts = f"count(c{index}), count({value}), {different}"
    match plan:
        case NumberPlan():
            whole = f"count_if({value} = trunc({value}))"  # faster than FILTER
            return f"{counts}, min({value}), max({value}), {whole}, 0, 0, 0"
        case DatePlan() | BooleanPlan():
            return f"{counts}, 0, 0, 0, 0, 0, 0"
        case TextPlan():
            text = f"{some}{index}"
            blanks = f"length({text}) - length(replace({text}, ' ', ''))"
            words = f"avg({blanks}) + 1, avg(length({text}))"
            picture = f"regexp_matches({text}, {text_literal(PICTURE)})"
            return f"{counts}, 0, 0, 0, {words}, count(*) FILTER ({picture})"
