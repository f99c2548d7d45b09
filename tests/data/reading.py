"""Small files written for a test, and what reading them gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from mtcore.data.reading import ColumnSummary, ReadingReport, read_table
from mtcore.spec import Reading


@dataclass(frozen=True, slots=True)
class Read:
    """A report and the columns that were stored."""

    report: ReadingReport
    columns: dict[str, list[object]]

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return [column.name for column in self.report.columns]

    @property
    def kinds(self) -> dict[str, str]:
        """Each column's kind."""
        return {column.name: column.kind for column in self.report.columns}

    @property
    def left_out(self) -> dict[int, str]:
        """The reason of each line that gave no row."""
        return {left.line: left.reason for left in self.report.left_out}

    def summary(self, name: str) -> ColumnSummary:
        """Return what the report says about a column."""
        return next(c for c in self.report.columns if c.name == name)


def read_content(
    content: str | bytes,
    folder: Path,
    options: Reading | None = None,
    missing: Sequence[str] = (),
    name: str = "file.csv",
) -> Read:
    """Return what reading a file of this content gives."""
    source = folder / name
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_path(source, folder, options, missing)


def read_path(
    source: Path,
    folder: Path,
    options: Reading | None = None,
    missing: Sequence[str] = (),
) -> Read:
    """Return what reading a file gives."""
    target = folder / "table.parquet"
    report = read_table(source, target, options, missing)
    stored = pq.read_table(target)
    names = [column.name for column in report.columns]
    assert stored.column_names == names
    assert stored.num_rows == report.rows
    lists = [column.to_pylist() for column in stored.columns]
    return Read(report, dict(zip(names, lists, strict=True)))
