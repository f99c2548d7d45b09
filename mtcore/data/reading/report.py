"""What was read from a file, and what was not: told in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import TypeAdapter

from mtcore.spec.inputs import ColumnKind

Outcome = Literal["import", "import_with_warning", "import_with_choice"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the text of a file was taken apart; all None for Parquet.

    A workbook has a sheet and the number of its row of names alone.

    Args:
        encoding: A Python codec's name.
        delimiter: What stands between cells; None where a line is one cell.
        quote: What surrounds cells that hold a delimiter; None where nothing does.
        decimal: The mark before decimals.
        header_line: The line that holds the names, from 1; None without a header.
        sheet: The sheet of a workbook or table of an archive; None for other files.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    decimal: str | None = None
    header_line: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class UnseenPicture:
    """A picture that a row names and nobody can see.

    Args:
        row: The row's number, from 0.
        name: As the cell has it.
        reason: Why, as a phrase.
    """

    row: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PictureSummary:
    """The pictures that a column names.

    Args:
        seen: Rows whose picture can be seen.
        missing: Rows whose picture did not come with the table.
        broken: Rows whose picture is damaged, too large or of no kind that is read.
        size: Height and width that they were brought to, in pixels.
        unseen: Missing and broken ones, the first of them where there are many.
    """

    seen: int
    missing: int
    broken: int
    size: tuple[int, int]
    unseen: tuple[UnseenPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One column as it was read.

    Args:
        name: Unique in the file.
        kind: What its cells were taken for.
        reason: Why, in a sentence for people.
        missing: How many rows have no value here.
        distinct: How many different values there are, missing ones not counted.
        pictures: Of a column that names pictures which came with the table.
    """

    name: str
    kind: ColumnKind
    reason: str
    missing: int
    distinct: int
    pictures: PictureSummary | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of the file that gave no row.

    Args:
        line: Its number in the file as an editor counts, from 1.
        reason: Why, in plain words.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the file leaves open.

    Args:
        about: What it is about.
        taken: How it was taken.
        others: How else it can be taken.
    """

    about: str
    taken: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """All that is known about the reading of one file.

    Args:
        rows: How many rows there are.
        outcome: Whether a person should look at warnings or choices first.
        dialect: How the text was taken apart.
        columns: In the file's order.
        left_out: Lines that gave no row, in order.
        warnings: Plain sentences.
        choices: What the file leaves open.
        suggested_missing: Cells that an experiment should count as missing, whether
            they were counted so here or not.
        sheets: The sheets or tables that the file holds; empty where it is one table.
    """

    rows: int
    outcome: Outcome
    dialect: Dialect
    columns: tuple[ColumnSummary, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    suggested_missing: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return what `inspect --json` prints: plain lists, texts and numbers."""
        shown = asdict(self)
        del shown["suggested_missing"], shown["sheets"]
        if self.dialect.sheet is None:
            del shown["dialect"]["sheet"]
        for column in shown["columns"]:
            if column["pictures"] is None:
                del column["pictures"]
        return shown

    def to_record(self) -> dict[str, object]:
        """Return everything, for `from_json` to read back."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, object]) -> ReadingReport:
        """Return the report that `to_json` or `to_record` gave."""
        return _ADAPTER.validate_python(record)


_ADAPTER = TypeAdapter(ReadingReport)
