"""DuckDB keeps what this package promises of it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.data.queries.connection import connect, file_literal, text_literal


def test_rows_keep_their_order_where_cells_are_looked_for_in_a_long_list(
    tmp_path: Path,
) -> None:
    rows, path = 100_000, tmp_path / "words.parquet"
    words = [f"w{row % 50}" for row in range(rows)]
    pq.write_table(pa.table({"word": words}), path, row_group_size=2048)
    listed = ", ".join(text_literal(f"w{n}") for n in range(0, 50, 2))
    source = f"read_parquet({file_literal(path)}, file_row_number=true)"
    with connect(tmp_path) as connection:
        connection.execute("SET threads = 4")
        found = connection.sql(
            f"SELECT CASE WHEN word NOT IN ({listed}) THEN word END, file_row_number "
            f"FROM {source}"
        ).to_arrow_reader(2048)
        numbers = pa.Table.from_batches(list(found)).column(1)
    assert numbers.to_pylist() == list(range(rows))
