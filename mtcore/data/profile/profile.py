"""What every column of a data set holds, and how often."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from mtcore.data.queries.looking import look_at_columns
from mtcore.data.queries.spreads import LONGEST, Top
from mtcore.data.reading.columns.census import Census
from mtcore.data.reading.report import PictureSummary, ReadingReport
from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError
from mtcore.spec.inputs import ColumnKind

_EXAMPLES = 5
_FIRST = 200  # rows that examples are taken from


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column: what it holds and how often.

    Args:
        name: The column.
        kind: What its cells are.
        reason: Why it was taken for that.
        rows: All rows of the data set.
        missing: Rows without a value here.
        distinct: Different values.
        minimum: The least number or moment (seconds since 1970 UTC); None for texts.
        maximum: The greatest.
        mean: The average.
        deviation: The standard deviation over all rows with a value.
        quantiles: At the shares `spreads.LEVELS`; empty for texts. Of millions of
            rows, quantiles and bins come from some of them, drawn from all over.
        examples: Up to five different values, the first of the file.
        top: Up to 20 most frequent values with their counts, as texts; estimates for
            columns of very many values in millions of rows.
        histogram: 20 bins of equal width as (from, to, count); empty for texts.
        pictures: Of a column that names pictures which came with the table; which of
            them cannot be seen is told by the report.
    """

    name: str
    kind: ColumnKind
    reason: str
    rows: int
    missing: int
    distinct: int
    minimum: float | None
    maximum: float | None
    mean: float | None
    deviation: float | None
    quantiles: tuple[float, ...]
    examples: tuple[str, ...]
    top: tuple[tuple[str, int], ...]
    histogram: tuple[tuple[float, float, int], ...]
    pictures: PictureSummary | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a data set holds, column by column in the file's order."""

    rows: int
    columns: tuple[ColumnProfile, ...]

    def column(self, name: str) -> ColumnProfile:
        """Return one column.

        Raises:
            ColumnError: There is none of this name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        message = f"There is no column '{name}'.{hint} The columns are {shown}."
        raise ColumnError(message, where=name)

    def kinds(self) -> dict[str, ColumnKind]:
        """Return every column's kind, in the file's order."""
        return {column.name: column.kind for column in self.columns}

    def to_json(self) -> dict[str, object]:
        """Return plain lists, texts and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, object]) -> Profile:
        """Return the profile that `to_json` gave."""
        return _ADAPTER.validate_python(record)


_ADAPTER = TypeAdapter(Profile)


def profile_table(
    parquet: Path, report: ReadingReport, census: Census | None = None
) -> Profile:
    """Return what each column of a typed Parquet holds.

    Args:
        parquet: As `read_table` wrote it.
        report: What `read_table` returned for it.
        census: What was counted while it was read; None to look at it now.
    """
    first = _first_rows(parquet)
    distinct = [column.distinct for column in report.columns]
    looked_at = census.looks() if census else look_at_columns(parquet, distinct)
    columns = []
    for summary, (spread, frequent) in zip(report.columns, looked_at, strict=True):
        columns.append(
            ColumnProfile(
                name=summary.name,
                kind=summary.kind,
                reason=summary.reason,
                rows=report.rows,
                missing=summary.missing,
                distinct=summary.distinct,
                minimum=spread.ends.minimum,
                maximum=spread.ends.maximum,
                mean=spread.ends.mean,
                deviation=spread.ends.deviation,
                quantiles=spread.quantiles,
                examples=_examples(first, summary.name, frequent),
                top=frequent,
                histogram=spread.histogram,
                pictures=summary.pictures and replace(summary.pictures, unseen=()),
            )
        )
    return Profile(report.rows, tuple(columns))


def _first_rows(parquet: Path) -> Table:
    with pq.ParquetFile(parquet) as file:
        return Table(pa.Table.from_batches([next(file.iter_batches(_FIRST))]))


def _examples(first: Table, name: str, frequent: Top) -> tuple[str, ...]:
    """Return the first different values of a column."""
    cells = [cell[:LONGEST] for cell in first.categories(name) if cell is not None]
    return tuple(dict.fromkeys([*cells, *(v for v, _ in frequent)]))[:_EXAMPLES]
