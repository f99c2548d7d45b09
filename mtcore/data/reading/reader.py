"""One file in, one typed Parquet and one report out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb

from mtcore.data.queries.connection import connect
from mtcore.data.reading.columns.census import Census
from mtcore.data.reading.columns.findings import find_out
from mtcore.data.reading.columns.names import Names, name_columns
from mtcore.data.reading.columns.spellings import Marks
from mtcore.data.reading.columns.stored import write_columns
from mtcore.data.reading.columns.typed import Cells, type_columns
from mtcore.data.reading.files.foreign import check_parquet, is_parquet, refuse_foreign
from mtcore.data.reading.files.plaintext import PlainText, plain_lines, plain_text
from mtcore.data.reading.files.records import Format, read_records
from mtcore.data.reading.files.wrapped import Unwrapped, unwrap
from mtcore.data.reading.lines.body import Body, load_body
from mtcore.data.reading.lines.columnar import load_parquet
from mtcore.data.reading.lines.dialect import find_format
from mtcore.data.reading.lines.header import Head, find_head
from mtcore.data.reading.report import Choice, Dialect, Outcome, ReadingReport
from mtcore.data.reading.straight import Straight, load_straight
from mtcore.errors import ReadingError
from mtcore.spec.reading import Reading

_SAMPLE = 1 << 18  # letters that the dialect is judged by
_SAMPLE_LINES = 1000
_LONGEST_SAMPLE = 1 << 24  # letters, where single lines are long
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?;*,*', re.IGNORECASE)
_SHOWN_DELIMITERS = {"\t": "tab", " ": "blank"}


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file's cells as texts, and all that was decided to get there."""

    body: Body
    names: Names
    dialect: Dialect
    head: Head | None = None
    warnings: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    decimal: str | None = None
    hint: str = "."
    sheets: tuple[str, ...] = ()
    straight: Straight | None = None


@dataclass(frozen=True, slots=True)
class TableRead:
    """What reading a file gave besides its rows.

    Args:
        report: What was read and what not.
        census: What was counted of the values on the way, for the profile; None where
            nothing was.
    """

    report: ReadingReport
    census: Census | None


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for, and where it goes."""

    options: Reading
    marks: Marks
    target: Path
    shown: str


def read_table(
    source: Path,
    target: Path,
    options: Reading | None = None,
    missing: Sequence[str] = (),
    *,
    file_name: str | None = None,
) -> ReadingReport:
    """Write a file's rows as typed Parquet, and return what was read and what not.

    Numbers become DOUBLE, or BIGINT where all are whole and exact; moments TIMESTAMP
    in UTC; everything else VARCHAR. A missing cell is NULL. Rows keep their order.

    Args:
        source: CSV, TSV or any other text with a delimiter, packed with gzip or not,
            an Excel workbook, or Parquet.
        target: The Parquet file to write.
        options: How to read, where finding out is not wanted.
        missing: Cells that count as missing besides the usual ones.
        file_name: What people call the file.

    Raises:
        ReadingError: The file cannot be read as a table.
    """
    return read_and_count(source, target, options, missing, file_name=file_name).report


def read_and_count(
    source: Path,
    target: Path,
    options: Reading | None = None,
    missing: Sequence[str] = (),
    *,
    file_name: str | None = None,
) -> TableRead:
    """Do what `read_table` does, and return what was counted on the way too."""
    shown = file_name or source.name
    marks = Marks(tuple(marker.strip() for marker in missing if marker.strip()))
    wish = _Wish(options or Reading(), marks, target, shown)
    with (
        tempfile.TemporaryDirectory(prefix=".read-", dir=target.parent) as temporary,
        connect(Path(temporary)) as connection,
    ):
        folder = Path(temporary)
        file = unwrap(source, folder, wish.options.sheet, shown)
        if is_parquet(file.head):
            check_parquet(file.path, shown)
            columnar = load_parquet(connection, file.path, folder, shown)
            loaded = _Loaded(
                columnar.body,
                columnar.names,
                Dialect(sheet=file.sheet),
                warnings=columnar.warnings,
                choices=file.choices,
                sheets=file.sheets,
            )
        else:
            refuse_foreign(file.head, shown)
            loaded = _load_text(connection, file, folder, wish)
        report = _typed_report(connection, loaded, wish)
        return TableRead(report, loaded.straight.census if loaded.straight else None)


def _load_text(
    connection: duckdb.DuckDBPyConnection,
    file: Unwrapped,
    folder: Path,
    wish: _Wish,
) -> _Loaded:
    options = wish.options
    encoding = options.encoding if file.written is None else "utf-8"
    text = plain_text(file.path, folder, encoding)
    lines = _first_lines(text)
    if not any(line.strip() for line in lines):
        message = (
            f"'{wish.shown}' holds only blank lines. Choose a file with column "
            "names and rows."
        )
        raise ReadingError(message, where=wish.shown)
    written, choices = file.written, file.choices
    if written is None:
        written, open_here = _found_format(text, lines, options)
        choices = (*choices, *open_here)
    head = find_head(list(read_records(lines, written)), options.header_line)
    names = name_columns(head.names, head.width)
    hint = "," if written.delimiter == ";" else "."
    rows = text.lines - (head.first - 1)
    hoped = Body(rows, None, head.first)
    cells = Cells(connection, names.columns, rows, hoped.line_of, options.decimal, hint)
    straight = load_straight(text, written, head, cells, wish.marks, wish.target)
    body = hoped if straight else load_body(connection, text, written, head, folder)
    dialect = Dialect(header_line=head.line, sheet=file.sheet)
    if file.written is None:
        dialect = replace(
            dialect,
            encoding=text.encoding.name,
            delimiter=written.delimiter,
            quote=written.quote,
        )
    return _Loaded(
        body,
        names,
        dialect,
        head,
        text.warnings,
        choices,
        options.decimal,
        hint,
        file.sheets,
        straight,
    )


def _found_format(
    text: PlainText, lines: list[str], options: Reading
) -> tuple[Format, tuple[Choice, ...]]:
    """Return how lines are taken apart; one that says so itself is made blank."""
    told = _SEPARATOR_LINE.fullmatch(lines[0].strip())
    if told:
        lines[0] = ""
    delimiter = options.delimiter or (told[1] if told else None)
    judged = lines[max(0, (options.header_line or 1) - 1) :] or lines
    found = find_format(judged, delimiter)
    written = found.best.written
    return written, _text_choices(text, written, found.rivals)


def _typed_report(
    connection: duckdb.DuckDBPyConnection,
    loaded: _Loaded,
    wish: _Wish,
) -> ReadingReport:
    body = loaded.body
    if body.rows == 0:
        message = (
            f"'{wish.shown}' holds column names and no rows. Choose a file with rows, "
            "or say that it has no header."
        )
        raise ReadingError(message, where=wish.shown)
    cells = Cells(
        connection,
        loaded.names.columns,
        body.rows,
        body.line_of,
        loaded.decimal,
        loaded.hint,
    )
    if loaded.straight:
        typed, marks = loaded.straight.typed, Marks()
    else:
        typed, marks = type_columns(cells, wish.marks), wish.marks
        write_columns(cells, typed, marks, wish.target)
    findings = find_out(cells, typed, marks)
    left_out = (*(loaded.head.left_out if loaded.head else ()), *body.left_out)
    warnings = (
        *loaded.warnings,
        *loaded.names.warnings,
        *body.warnings,
        *findings.warnings,
    )
    choices = (*loaded.choices, *findings.choices)
    outcome: Outcome = "import"
    if choices:
        outcome = "import_with_choice"
    elif warnings or left_out:
        outcome = "import_with_warning"
    return ReadingReport(
        rows=body.rows,
        outcome=outcome,
        dialect=_with_decimal(loaded.dialect, typed.decimal),
        columns=typed.summaries(body.rows),
        left_out=tuple(sorted(left_out, key=lambda left: left.line)),
        warnings=warnings,
        choices=(*choices, *findings.hints),
        suggested_missing=findings.suggested_missing,
        sheets=loaded.sheets,
    )


def _with_decimal(dialect: Dialect, decimal: str) -> Dialect:
    if dialect.encoding is None:
        return dialect
    return replace(dialect, decimal=decimal)


def _text_choices(
    text: PlainText, written: Format, rivals: Sequence[str]
) -> tuple[Choice, ...]:
    choices = []
    if text.encoding.others:
        choices.append(Choice("encoding", text.encoding.name, text.encoding.others))
    if rivals:
        others = tuple(_shown_delimiter(rival) for rival in rivals)
        choices.append(Choice("delimiter", _shown_delimiter(written.separator), others))
    if written.quote == "'":
        choices.append(
            Choice("the single quotes", "around cells", ("part of the text",))
        )
    return tuple(choices)


def _shown_delimiter(delimiter: str) -> str:
    return _SHOWN_DELIMITERS.get(delimiter, delimiter)


def _first_lines(text: PlainText) -> list[str]:
    """Return the first lines of a text, two at least however long they are."""
    lines: list[str] = []
    size = 0
    for line in islice(plain_lines(text.path), _SAMPLE_LINES):
        lines.append(line)
        size += len(line) + 1
        if size > _LONGEST_SAMPLE or (size > _SAMPLE and len(lines) > 1):
            break
    return lines
