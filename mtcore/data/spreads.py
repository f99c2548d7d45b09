"""How the values of columns are spread, asked of DuckDB in a handful of queries.

Columns are named c0, c1 … here, as DuckDB takes `T` and `t` for the same name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from mtcore.data.cells import text_of_number
from mtcore.data.moments import text_of_seconds
from mtcore.data.queries import file_literal

LEVELS = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
VALUES = "cells"  # the view of the columns
LONGEST = 500  # letters of a shown value
_BINS = 20
_TOP = 20
_BATCH = 200  # columns a query: thousands in one take minutes to plan
_HISTOGRAMS = 25  # a query: each takes 2 MiB a thread, however few rows there are
# Values that a query may hold: quantiles and counts are exact and keep all there are.
_VALUES = 20_000_000
_MANY = 200  # columns

Top = tuple[tuple[str, int], ...]
Bins = tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the numbers of a column lie; None and empty where there are none."""

    minimum: float | None
    maximum: float | None
    mean: float | None
    deviation: float | None
    quantiles: tuple[float, ...]
    histogram: Bins = ()


NO_SPREAD = Spread(None, None, None, None, ())


def spread_of_columns(
    connection: duckdb.DuckDBPyConnection, measured: Mapping[str, str]
) -> dict[str, Spread]:
    """Return where the numbers and moments of each column lie.

    Args:
        connection: Where the view `cells` lies.
        measured: As `measured_columns` gave it.
    """
    spreads: dict[str, Spread] = {}
    names = list(measured)
    columns = min(_columns_that_fit(connection), _BATCH)
    for start in range(0, len(names), columns):
        batch = {name: measured[name] for name in names[start : start + columns]}
        ranges = _ranges(connection, batch)
        spreads |= ranges | _with_histograms(connection, batch, ranges)
    return spreads


def show_values(connection: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """Make the view `cells` of a typed Parquet file's columns."""
    with pq.ParquetFile(parquet) as file:
        columns = ", ".join(f"c{index}" for index in range(file.metadata.num_columns))
    source = f"read_parquet({file_literal(parquet)})"
    connection.execute(f"CREATE VIEW {VALUES}({columns}) AS SELECT * FROM {source}")


def measured_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the expression of each column that can be measured."""
    measured: dict[str, str] = {}
    for name, kind, *_ in connection.execute(f"DESCRIBE {VALUES}").fetchall():
        if kind == "TIMESTAMP":
            measured[name] = _moment(name)
        elif kind in ("DOUBLE", "BIGINT"):
            measured[name] = f"{name}::DOUBLE"
    return measured


def _moment(name: str) -> str:
    return f"(epoch_us({name}) / 1e6)"


def _ranges(
    connection: duckdb.DuckDBPyConnection, measured: Mapping[str, str]
) -> dict[str, Spread]:
    levels = list(LEVELS)
    asked = ", ".join(
        f"min({x}), max({x}), avg({x}), sqrt(var_pop({x})), "
        f"quantile_cont({x}, {levels})"
        for x in measured.values()
    )
    row = connection.execute(f"SELECT {asked} FROM {VALUES}").fetchall()[0]
    ranges = {}
    for index, name in enumerate(measured):
        low, high, mean, deviation, quantiles = row[5 * index : 5 * index + 5]
        ranges[name] = Spread(
            low, high, _finite(mean), _finite(deviation), tuple(quantiles or ())
        )
    return ranges


def _with_histograms(
    connection: duckdb.DuckDBPyConnection,
    measured: Mapping[str, str],
    ranges: Mapping[str, Spread],
) -> dict[str, Spread]:
    edges = {name: _edges(ranges[name]) for name in measured}
    binned = [name for name in measured if edges[name]]
    found = {}
    for start in range(0, len(binned), _HISTOGRAMS):
        names = binned[start : start + _HISTOGRAMS]
        asked = ", ".join(_histogram(measured[name], edges[name]) for name in names)
        row = connection.execute(f"SELECT {asked} FROM {VALUES}").fetchall()[0]
        for name, counts in zip(names, row, strict=True):
            bins = enumerate(pairwise(edges[name]))
            histogram = tuple((low, high, counts.get(i, 0)) for i, (low, high) in bins)
            found[name] = replace(ranges[name], histogram=histogram)
    return found


def _histogram(value: str, edges: Sequence[float]) -> str:
    """Return SQL that counts the values in bins; `least` alone would count NULLs."""
    first, width = edges[0], edges[1] - edges[0]
    place = f"floor(({value} - {first!r}) / {width!r})"
    inside = f"greatest(0, least({len(edges) - 2}, {place}))::INTEGER"
    return f"histogram(CASE WHEN {value} IS NOT NULL THEN {inside} END)"


def _edges(spread: Spread) -> list[float]:
    """Return the edges of bins of equal width; none where nothing is spread."""
    low, high = spread.minimum, spread.maximum
    if low is None or high is None:
        return []
    width = (high - low) / _BINS
    if not math.isfinite(width) or width <= 0 or low + width == low:
        return []
    return [low + width * index for index in range(_BINS)] + [high]


def most_frequent(
    connection: duckdb.DuckDBPyConnection, columns: int, measured: Mapping[str, str]
) -> dict[str, Top]:
    """Return the most frequent values of each column with their counts.

    Args:
        connection: Where the view `cells` lies.
        columns: How many columns there are.
        measured: As `measured_columns` gave it.
    """
    names = [f"c{index}" for index in range(columns)]
    values = [f"{measured.get(name, name)}::VARCHAR" for name in names]
    if len(names) <= _MANY:
        fit = _columns_that_fit(connection)
        counted = [
            f"(SELECT '{name}' AS name, {value} AS value, count(*) AS times "
            f"FROM {VALUES} WHERE value IS NOT NULL GROUP BY value "
            f"ORDER BY times DESC, value LIMIT {_TOP})"
            for name, value in zip(names, values, strict=True)
        ]
        questions = [
            " UNION ALL ".join(counted[start : start + fit])
            for start in range(0, len(counted), fit)
        ]
    else:  # one long table, as thousands of queries take minutes to plan
        cells = ", ".join(
            f"{value} AS {name}" for name, value in zip(names, values, strict=True)
        )
        questions = [
            "SELECT name, value, count(*) AS times FROM "
            f"(UNPIVOT (SELECT {cells} FROM {VALUES}) ON COLUMNS(*) "
            "INTO NAME name VALUE value) GROUP BY name, value "
            "QUALIFY row_number() OVER (PARTITION BY name ORDER BY times DESC, value) "
            f"<= {_TOP} ORDER BY times DESC, value"
        ]
    top: dict[str, list[tuple[str, int]]] = {name: [] for name in names}
    for asked in questions:
        for name, value, times in connection.execute(asked).fetchall():
            top[name].append((_shown(name, value, measured), times))
    return {name: tuple(found) for name, found in top.items()}


def _columns_that_fit(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many columns a query may hold all values of, at least one."""
    rows = connection.execute(f"SELECT count(*) FROM {VALUES}").fetchall()[0][0]
    return max(_VALUES // max(int(rows), 1), 1)


def _shown(name: str, value: str, measured: Mapping[str, str]) -> str:
    if name not in measured:
        return value[:LONGEST]
    if measured[name] == _moment(name):
        return text_of_seconds(float(value))
    return text_of_number(float(value))


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None
