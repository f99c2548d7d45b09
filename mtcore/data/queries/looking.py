"""The values of every column of a data set, looked at in bounded time and memory.

Up to a million rows all values are counted. Of more, quantiles, bins and the most
frequent of very many values come from some rows, drawn from all over the file; the
ends, means and the counts of few different values are those of all rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.data.queries.connection import connect, file_literal
from mtcore.data.queries.spreads import (
    MOST_SHOWN,
    NO_SPREAD,
    Ends,
    Spread,
    Top,
    measured,
    spread_of,
    texts_of,
    top_of,
)

MANY_ROWS = 1_000_000
PART_ROWS = 250_000
_MOST_COUNTED = 20_000  # different values that are counted in all rows however many
_CELLS = 20_000_000  # held at a time


def look_at_columns(
    parquet: Path, distinct: Sequence[int]
) -> Iterator[tuple[Spread, Top]]:
    """Yield how each column is spread and its most frequent values, in file order.

    Args:
        parquet: A typed file of the library.
        distinct: How many different values each column has.
    """
    with pq.ParquetFile(parquet) as file:
        rows, names = file.metadata.num_rows, file.schema_arrow.names
    if rows > MANY_ROWS:
        yield from _look_at_many(parquet, rows, distinct)
        return
    at_once = max(1, _CELLS // max(rows, 1))
    for start in range(0, len(names), at_once):
        asked = names[start : start + at_once]
        with pq.ParquetFile(parquet) as file:
            # A name with a dot is also taken for a nested one, so choose once more.
            cells = file.read(None if len(asked) == len(names) else asked).select(asked)
        for column in cells.columns:
            yield spread_of(column), top_of(column)


def _look_at_many(
    parquet: Path, rows: int, distinct: Sequence[int]
) -> Iterator[tuple[Spread, Top]]:
    # Columns are named c0, c1 …, as DuckDB takes `T` and `t` for the same name.
    columns = ", ".join(f"c{index}" for index in range(len(distinct)))
    source = f"read_parquet({file_literal(parquet)}, file_row_number=true)"
    with connect(parquet.parent) as connection:
        connection.execute(f"CREATE VIEW cells({columns}, r) AS SELECT * FROM {source}")
        part = connection.sql(
            f"SELECT {columns} FROM cells WHERE hash(r) % {rows // PART_ROWS} = 0"
        ).to_arrow_table()
        scale = rows / max(len(part), 1)
        ends = _ends(connection, part)
        for index, column in enumerate(part.columns):
            if distinct[index] <= _MOST_COUNTED:
                top = _counted(connection, index)
            else:
                top = top_of(column, scale)
            known = ends.get(index)
            yield spread_of(column, known, scale) if known else NO_SPREAD, top


def _ends(connection: duckdb.DuckDBPyConnection, part: pa.Table) -> dict[int, Ends]:
    """Return what is known of all numbers and moments, by the column's place."""
    places = [i for i, cells in enumerate(part.columns) if measured(cells) is not None]
    if not places:
        return {}
    asked = ", ".join(
        f"min({x}), max({x}), avg({x}), sqrt(var_pop({x}))"
        for x in (_number(part.column(index), index) for index in places)
    )
    row = connection.execute(f"SELECT {asked} FROM cells").fetchall()[0]
    return {
        index: Ends(*row[4 * place : 4 * place + 4])
        for place, index in enumerate(places)
    }


def _number(cells: pa.ChunkedArray, index: int) -> str:
    if pa.types.is_timestamp(cells.type):
        return f"(epoch_us(c{index}) / 1e6)"
    return f"c{index}::DOUBLE"


def _counted(connection: duckdb.DuckDBPyConnection, index: int) -> Top:
    """Return the most frequent values of all rows."""
    found = connection.sql(
        f"SELECT c{index} AS value, count(*) AS times FROM cells WHERE value IS NOT "
        f"NULL GROUP BY value ORDER BY times DESC, value LIMIT {MOST_SHOWN}"
    ).to_arrow_table()
    texts = texts_of(found.column("value"))
    return tuple(zip(texts, found.column("times").to_pylist(), strict=True))
