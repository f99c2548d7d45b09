"""The columns that heads predict, read out of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, Head, TargetEncoding


def read_targets(head: Head, table: Table) -> tuple[NDArray[Any], ...]:
    """Return a head's target columns as its kind reads them.

    Args:
        head: Its `columns` and `target_kind` decide what is read.
        table: Holds every target column.

    Returns:
        One array `(rows,)` a column: float64 with NaN where there is no label for
        numbers, object of `str | None` for classes.

    Raises:
        ColumnError: The table lacks a column.
    """
    if head.target_kind == "number":
        return tuple(table.numbers(column) for column in head.columns)
    return tuple(table.categories(column) for column in head.columns)


def head_targets(
    experiment: Experiment, encodings: Mapping[str, TargetEncoding], table: Table
) -> dict[str, FloatArray]:
    """Return every head's targets as numbers, by the head's name.

    Args:
        experiment: Its heads decide which columns are read.
        encodings: What each head learned about its targets, by the head's name.
        table: Any rows with the target columns.

    Returns:
        Float64 `(rows, k)` a head, NaN where there is no label.

    Raises:
        ColumnError: The table lacks a column.
    """
    return {
        head.name: head.encode_targets(read_targets(head, table), encodings[head.name])
        for head in experiment.heads
    }
