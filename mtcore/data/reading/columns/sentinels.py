"""Numbers that stand for a missing value, such as -200 or 9999."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from mtcore.data.reading.columns.measures import Measure
from mtcore.data.reading.columns.plans import NumberPlan, Plan
from mtcore.data.reading.columns.spellings import CELLS, Marks, value_of

_FEWEST = 3  # rows
_BATCH = 200  # columns a query


@dataclass(frozen=True, slots=True)
class Sentinel:
    """A number that is likely to stand for a missing value.

    Args:
        value: The number.
        columns: The places of the columns where it stands apart.
        ordinary: Whether it is an ordinary number in other columns.
    """

    value: float
    columns: tuple[int, ...]
    ordinary: bool


def find_sentinels(
    connection: duckdb.DuckDBPyConnection,
    plans: Mapping[int, Plan],
    measures: Mapping[int, Measure],
    marks: Marks,
) -> list[Sentinel]:
    """Return the numbers that stand far apart from all others of their column.

    A sentinel is the least or greatest number of a column, is shaped like one, occurs
    several times and lies further from the next number than the others are spread.
    """
    values = {
        index: value_of(index, plan, marks)
        for index, plan in plans.items()
        if isinstance(plan, NumberPlan)
    }
    found: dict[float, list[int]] = {}
    for index, value in values.items():
        measure = measures[index]
        for end in {measure.low, measure.high}:
            if measure.distinct < 3 or not is_shaped_like_one(end):
                continue
            times, low, high = connection.execute(
                f"SELECT count(*) FILTER (v = {end!r}), min(v) FILTER (v <> {end!r}), "
                f"max(v) FILTER (v <> {end!r}) FROM (SELECT {value} AS v FROM {CELLS})"
            ).fetchall()[0]
            if times >= _FEWEST and _stands_apart(end, low, high):
                found.setdefault(end, []).append(index)
    sentinels = []
    for end, places in found.items():
        others = [
            values[index]
            for index in values
            if index not in places
            and measures[index].low <= end <= measures[index].high
        ]
        ordinary = _occurs_in(connection, end, others)
        sentinels.append(Sentinel(end, tuple(places), ordinary))
    return sentinels


def is_shaped_like_one(value: float) -> bool:
    """Return whether people pick such a number to mean that nothing was measured.

    >>> [is_shaped_like_one(v) for v in (-200.0, 9999.0, -1.0, 37.5)]
    [True, True, False, False]
    """
    if not value.is_integer() or abs(value) > 1e10:
        return False
    digits = str(abs(int(value)))
    if set(digits) == {"9"}:
        return value < 0 or len(digits) >= 3
    if len(digits) >= 4 and len(set(digits)) == 1 and digits[0] in "78":
        return True
    return value <= -100 and digits.rstrip("0") in ("1", "2", "5")


def _stands_apart(end: float, low: float, high: float) -> bool:
    gap = low - end if end < low else end - high
    if end < 0 <= low:
        return abs(end) >= 99 or gap > high - low
    return gap > high - low


def _occurs_in(
    connection: duckdb.DuckDBPyConnection, number: float, values: Sequence[str]
) -> bool:
    """Return whether a number occurs among the values of other columns."""
    for start in range(0, len(values), _BATCH):
        batch = values[start : start + _BATCH]
        hits = " OR ".join(f"({value}) = {number!r}" for value in batch)
        found = connection.execute(f"SELECT count(*) FROM {CELLS} WHERE {hits}")
        if found.fetchall()[0][0]:
            return True
    return False
