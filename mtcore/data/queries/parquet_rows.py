"""Some rows of a Parquet file, without reading what lies far from them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def read_rows(parquet: Path, first: int, rows: int) -> pa.Table:
    """Return some rows of a Parquet file, fewer where it ends.

    Args:
        parquet: The file.
        first: The first row, from 0.
        rows: How many.
    """
    with pq.ParquetFile(parquet) as file:
        groups, start = [], 0
        skipped = 0
        for group in range(file.metadata.num_row_groups):
            end = start + file.metadata.row_group(group).num_rows
            if end <= first:
                skipped = end
            elif start < first + rows:
                groups.append(group)
            start = end
        batches = []
        place = skipped
        for batch in file.iter_batches(
            batch_size=max(rows, _FEWEST), row_groups=groups
        ):
            end = place + batch.num_rows
            if end > first:
                low = max(first - place, 0)
                batches.append(batch.slice(low, first + rows - place - low))
            place = end
            if place >= first + rows:
                break
        return pa.Table.from_batches(batches, schema=file.schema_arrow)


_FEWEST = 1000  # rows decoded at once
