"""What every column of a data set holds, counted by DuckDB."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
from pydantic import TypeAdapter

from mtcore.data.moments import text_of_seconds
from mtcore.data.queries import connect, file_literal, quoted
from mtcore.data.reading.report import ReadingReport
from mtcore.data.table import Table, text_of_number
from mtcore.errors import ColumnError
from mtcore.spec.inputs import ColumnKind

LEVELS = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_BINS = 20
_TOP = 20
_EXAMPLES = 5
_BATCH = 200  # columns a query: thousands in one take minutes to plan
_FIRST = 200  # rows that examples are taken from
_LONGEST = 500  # letters of a shown value


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
        quantiles: At the shares `LEVELS`; empty for texts.
        examples: Up to five different values, the first of the file.
        top: Up to 20 most frequent values with their counts, as texts.
        histogram: 20 bins of equal width as (from, to, count); empty for texts.
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


@dataclass(frozen=True, slots=True)
class _Range:
    minimum: float | None
    maximum: float | None
    mean: float | None
    deviation: float | None
    quantiles: tuple[float, ...]


_NO_RANGE = _Range(None, None, None, None, ())
_Shown = dict[str, list[tuple[str, int]]]
_Bins = dict[str, tuple[tuple[float, float, int], ...]]


def profile_table(parquet: Path, report: ReadingReport) -> Profile:
    """Return what each column of a typed Parquet holds.

    Args:
        parquet: As `read_table` wrote it.
        report: What `read_table` returned for it.
    """
    names = [column.name for column in report.columns]
    with connect(parquet.parent) as connection:
        source = f"read_parquet({file_literal(parquet)})"
        connection.execute(f"CREATE VIEW cells AS SELECT * FROM {source}")
        measured = _measured_columns(connection)
        ranges: dict[str, _Range] = {}
        bins: _Bins = {}
        top: _Shown = {}
        for batch in _batches(list(measured)):
            ranges |= _ranges(connection, batch, measured)
            bins |= _histograms(connection, batch, measured, ranges)
        for batch in _batches(names):
            top |= _most_frequent(connection, batch, measured)
        examples = _examples(connection, names, top)
    columns = []
    for summary in report.columns:
        spread = ranges.get(summary.name, _NO_RANGE)
        columns.append(
            ColumnProfile(
                name=summary.name,
                kind=summary.kind,
                reason=summary.reason,
                rows=report.rows,
                missing=summary.missing,
                distinct=summary.distinct,
                minimum=spread.minimum,
                maximum=spread.maximum,
                mean=spread.mean,
                deviation=spread.deviation,
                quantiles=spread.quantiles,
                examples=examples[summary.name],
                top=tuple(top.get(summary.name, ())),
                histogram=bins.get(summary.name, ()),
            )
        )
    return Profile(report.rows, tuple(columns))


def _measured_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the expression of each column that can be measured, by its name."""
    measured: dict[str, str] = {}
    for name, kind, *_ in connection.sql("DESCRIBE cells").fetchall():
        if kind == "TIMESTAMP":
            measured[name] = _moment(name)
        elif kind in ("DOUBLE", "BIGINT"):
            measured[name] = f"{quoted(name)}::DOUBLE"
    return measured


def _moment(name: str) -> str:
    return f"(epoch_us({quoted(name)}) / 1e6)"


def _ranges(
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    measured: Mapping[str, str],
) -> dict[str, _Range]:
    levels = list(LEVELS)
    asked = ", ".join(
        f"min({x}), max({x}), avg({x}), sqrt(var_pop({x})), "
        f"quantile_cont({x}, {levels})"
        for x in (measured[name] for name in names)
    )
    row = connection.sql(f"SELECT {asked} FROM cells").fetchall()[0]
    ranges = {}
    for index, name in enumerate(names):
        low, high, mean, deviation, quantiles = row[5 * index : 5 * index + 5]
        ranges[name] = _Range(
            low, high, _finite(mean), _finite(deviation), tuple(quantiles or ())
        )
    return ranges


def _histograms(
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    measured: Mapping[str, str],
    ranges: Mapping[str, _Range],
) -> _Bins:
    edges = {name: _edges(ranges[name]) for name in names}
    binned = [name for name in names if edges[name]]
    if not binned:
        return {}
    asked = ", ".join(
        f"histogram(greatest(0, least({len(edges[name]) - 2}, floor(("
        f"{measured[name]} - {edges[name][0]!r}) / "
        f"{edges[name][1] - edges[name][0]!r})))::INTEGER)"
        for name in binned
    )
    row = connection.sql(f"SELECT {asked} FROM cells").fetchall()[0]
    bins: _Bins = {}
    for name, found in zip(binned, row, strict=True):
        counts = {} if found is None else dict(found)
        counts.pop(None, None)
        bins[name] = tuple(
            (low, high, counts.get(index, 0))
            for index, (low, high) in enumerate(pairwise(edges[name]))
        )
    return bins


def _edges(spread: _Range) -> list[float]:
    """Return the edges of bins of equal width; none where nothing is spread."""
    low, high = spread.minimum, spread.maximum
    if low is None or high is None:
        return []
    width = (high - low) / _BINS
    if not math.isfinite(width) or width <= 0 or low + width == low:
        return []
    return [low + width * index for index in range(_BINS)] + [high]


def _most_frequent(
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    measured: Mapping[str, str],
) -> _Shown:
    parts = " UNION ALL ".join(
        f"(SELECT {index} AS place, {_as_cell(name, measured)} AS value, "
        f"count(*) AS times FROM cells WHERE {quoted(name)} IS NOT NULL "
        f"GROUP BY {quoted(name)} ORDER BY times DESC, {quoted(name)} LIMIT {_TOP})"
        for index, name in enumerate(names)
    )
    top: _Shown = {}
    for place, value, times in connection.sql(parts).fetchall():
        name = names[place]
        if name in measured:
            value = _shown(value, moment=measured[name] == _moment(name))
        top.setdefault(name, []).append((value[:_LONGEST], times))
    return top


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _BATCH):
        yield names[start : start + _BATCH]


def _as_cell(name: str, measured: Mapping[str, str]) -> str:
    return f"{measured[name]}::VARCHAR" if name in measured else quoted(name)


def _examples(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], top: _Shown
) -> dict[str, tuple[str, ...]]:
    """Return the first different values of each column."""
    found = connection.sql(f"SELECT * FROM cells LIMIT {_FIRST}").to_arrow_table()
    first = Table(found)
    examples = {}
    for name in names:
        cells = [cell[:_LONGEST] for cell in first.categories(name) if cell is not None]
        frequent = [value for value, _ in top.get(name, ())]
        examples[name] = tuple(dict.fromkeys(cells + frequent))[:_EXAMPLES]
    return examples


def _shown(value: str, *, moment: bool) -> str:
    return text_of_seconds(float(value)) if moment else text_of_number(float(value))


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None
