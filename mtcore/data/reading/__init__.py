"""Reading a file as a table: whatever it is, what was read and what was not."""

from __future__ import annotations

from mtcore.data.reading.reader import TableRead, read_and_count, read_table
from mtcore.data.reading.report import (
    Choice,
    ColumnSummary,
    Dialect,
    LeftOut,
    ReadingReport,
)

__all__ = [
    "Choice",
    "ColumnSummary",
    "Dialect",
    "LeftOut",
    "ReadingReport",
    "TableRead",
    "read_and_count",
    "read_table",
]
