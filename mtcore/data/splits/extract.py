"""A fixed part of a large table, to learn from what need not be counted row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import RowArray, TextArray
from mtcore.data.splits.splits import PARTS, RowSplit
from mtcore.data.tables.stored import Rows, StoredTable
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment

# Quantiles, shares and means of so many rows are within a thousandth of all rows'.
SAMPLE_ROWS = 2**20
# So that the draw differs from those of splits, first weights and shuffling.
_STREAM = 0x5A3E
# More classes than a head can have are not looked for.
_MOST_CLASSES = 20_000


def extract(
    experiment: Experiment, table: Rows, split: RowSplit, most: int = SAMPLE_ROWS
) -> tuple[Table, RowSplit]:
    """Return rows to fit encodings on, in memory, and which of them train.

    A table in memory is returned as it is. Of a stored one a sample is drawn, by the
    experiment's seed, with a row of every class that a head predicts: a class that the
    sample missed would otherwise count as no label at all.

    Args:
        experiment: Its heads and its seed.
        table: Every row.
        split: Of these rows.
        most: Rows of the sample, besides those of the classes.

    Raises:
        ColumnError: The table lacks a column.
    """
    if isinstance(table, Table):
        return table, split
    random = np.random.default_rng((_STREAM, experiment.seed))
    drawn = random.choice(
        table.rows, min(most, table.rows), replace=False, shuffle=False
    )
    chosen = np.union1d(drawn, _rows_of_classes(experiment, table, split.train))
    parts = (np.flatnonzero(_among(chosen, split.rows(part))) for part in PARTS)
    train, validation, test = parts
    return table.take(chosen), RowSplit(train, validation, test)


def _rows_of_classes(
    experiment: Experiment, table: StoredTable, train_rows: RowArray
) -> RowArray:
    """Return the first row, and the first training row, of each class."""
    columns = {
        column
        for head in experiment.heads
        if head.target_kind == "category"
        for column in head.columns
    }
    if not columns:
        return np.empty(0, dtype=np.int64)
    held: dict[str, set[str | None]] = {column: {None} for column in columns}
    taught: dict[str, set[str | None]] = {column: {None} for column in columns}
    found: list[RowArray] = []
    start = 0
    for batch in table.batches(sorted(columns)):
        low, high = np.searchsorted(train_rows, (start, start + batch.rows))
        training = train_rows[low:high] - start
        for column in columns:
            cells = batch.categories(column)
            found.append(start + _first_of_new(cells, held[column]))
            new = _first_of_new(cells[training], taught[column])
            found.append(start + training[new])
        start += batch.rows
    return np.concatenate(found)


def _first_of_new(cells: TextArray, seen: set[str | None]) -> RowArray:
    """Return the first place of each text not seen before, and count it as seen."""
    new = set(cells) - seen if len(seen) <= _MOST_CLASSES else set()
    seen |= new
    return np.array([np.argmax(cells == text) for text in sorted(new)], dtype=np.int64)


def _among(rows: RowArray, others: RowArray) -> NDArray[np.bool_]:
    """Return which of some rows are among others; both ascending."""
    places = np.minimum(np.searchsorted(others, rows), len(others) - 1)
    found: NDArray[np.bool_] = others[places] == rows
    return found
