"""The rows of a file as texts in Parquet: by DuckDB where all is well, else by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.arrays import RowArray
from mtcore.data.queries.connection import file_literal, text_literal
from mtcore.data.reading.columns.spellings import CELLS
from mtcore.data.reading.files.plaintext import PlainText, plain_lines
from mtcore.data.reading.files.records import BLANKS, Format, Record, read_records
from mtcore.data.reading.lines.header import Head
from mtcore.data.reading.lines.rows import RowSorter
from mtcore.data.reading.report import LeftOut

_BATCH = 20_000  # rows written at a time
_HELD_CELLS = 8_000_000  # so many are held in memory, 16 bytes each and more
_LONGEST_LINE = 1 << 24  # bytes
_MOST_NAMES = 20  # compared with a row to find a header that is repeated
_WIDE = 1000  # columns; DuckDB takes minutes to plan the reading of more
_JUDGED = 2000  # records that say how ragged rows are to be taken


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a file as the view `body` of texts.

    Args:
        rows: How many there are.
        lines: The line that each row begins on; None where every line after `first`
            is a row.
        first: The first row's line.
        left_out: Lines that gave no row.
        warnings: What was done to make rows fit, in sentences.
    """

    rows: int
    lines: RowArray | None
    first: int
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()

    def line_of(self, row: int) -> int:
        """Return the line that a row begins on, from 1."""
        return self.first + row if self.lines is None else int(self.lines[row])


def load_body(
    connection: duckdb.DuckDBPyConnection,
    text: PlainText,
    written: Format,
    head: Head,
    folder: Path,
) -> Body:
    """Make the view `body` of a file's rows, and say what gave no row.

    Args:
        connection: Where the view is made.
        text: The file's text.
        written: How its lines are taken apart.
        head: Where the table begins.
        folder: Where the rows may be put.
    """
    target = folder / "body.parquet"
    rows = _load_clean(connection, text, written, head, target)
    if rows is not None:
        return Body(rows, None, head.first)
    return _load_by_hand(connection, text, written, head, target)


def show_cells(connection: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """Show a Parquet file's columns as `body`: a table where it is small, else a view.

    Every question to a view of thousands of columns takes a good part of a second.
    """
    with pq.ParquetFile(parquet) as file:
        width = file.metadata.num_columns
        cells = file.metadata.num_rows * width
    kind = "TABLE" if cells <= _HELD_CELLS else "VIEW"
    names = ", ".join(f"c{index}" for index in range(width))
    _drop_cells(connection)
    connection.execute(
        f"CREATE {kind} {CELLS} AS SELECT * FROM "
        f"read_parquet({file_literal(parquet)}, file_row_number=true) "
        f"AS file({names}, r)"
    )


def show_table(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[pa.Array]
) -> None:
    """Show a few rows as `body`.

    Args:
        connection: Where they are shown.
        columns: Their cells, in the file's order.
    """
    rows = pa.array(range(len(columns[0])), pa.int64())
    names = [f"c{index}" for index in range(len(columns))]
    shown = pa.table([*columns, rows], names=[*names, "r"])
    _drop_cells(connection)
    connection.register("shown", shown)
    connection.execute(f"CREATE TABLE {CELLS} AS SELECT * FROM shown")
    connection.unregister("shown")


def _drop_cells(connection: duckdb.DuckDBPyConnection) -> None:
    for former in ("TABLE", "VIEW"):
        found = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_name = $1 "
            "AND (table_type = 'VIEW') = $2",
            [CELLS, former == "VIEW"],
        )
        if found.fetchall()[0][0]:
            connection.execute(f"DROP {former} {CELLS}")


def csv_source(
    text: PlainText, written: Format, head: Head, numbers: Collection[int] = ()
) -> str:
    """Return SQL for the cells c0, c1 … of a file's rows.

    Args:
        text: The file's text.
        written: How its lines are taken apart.
        head: Where the table begins.
        numbers: The columns that are read as numbers; the others are texts.
    """
    columns = ", ".join(
        f"c{index}: '{'DOUBLE' if index in numbers else 'VARCHAR'}'"
        for index in range(head.width)
    )
    return (
        f"read_csv({file_literal(text.path)}, auto_detect=false, header=false, "
        f"skip={head.first - 1}, columns={{{columns}}}, "
        f"delim={text_literal(written.separator)}, "
        f"quote={text_literal(written.quote)}, "
        f"escape={text_literal(written.escape or written.quote)}, new_line='\\n', "
        f"strict_mode=true, compression='none', max_line_size={_LONGEST_LINE})"
    )


def trimmed(index: int, text: PlainText) -> str:
    """Return SQL for a cell without blanks around it, NULL where nothing is left."""
    # Trimming more than spaces takes as long as all the rest.
    blanks = f", {text_literal(BLANKS)}" if text.odd_blanks else ""
    return f"nullif(trim(c{index}{blanks}), '')"


def _load_clean(
    connection: duckdb.DuckDBPyConnection,
    text: PlainText,
    written: Format,
    head: Head,
    target: Path,
) -> int | None:
    """Return the rows that DuckDB reads; None where a line is not as all others."""
    if written.delimiter == " " or head.pads or head.width > _WIDE:
        return None
    cells = ", ".join(f"{trimmed(i, text)} AS c{i}" for i in range(head.width))
    source = csv_source(text, written, head)
    try:
        connection.execute(
            f"COPY (SELECT {cells} FROM {source}) TO {file_literal(target)} "
            "(FORMAT parquet, COMPRESSION lz4, DICTIONARY_SIZE_LIMIT 1)"
        )
    except duckdb.Error:
        return None  # the other way tells which line it is
    show_cells(connection, target)
    filled = ", ".join(f"c{index}" for index in range(head.width))
    named = [(i, name) for i, name in enumerate(head.names) if name][:_MOST_NAMES]
    repeats = " AND ".join(f"c{i} = {text_literal(name)}" for i, name in named)
    rows, blank, again = connection.execute(
        f"SELECT count(*), count(*) FILTER (coalesce({filled}) IS NULL), "
        f"count(*) FILTER ({repeats or 'false'}) FROM {CELLS}"
    ).fetchall()[0]
    expected = text.lines - (head.first - 1)
    return int(rows) if rows == expected and not blank and not again else None


def _load_by_hand(
    connection: duckdb.DuckDBPyConnection,
    text: PlainText,
    written: Format,
    head: Head,
    target: Path,
) -> Body:
    sorter = RowSorter(head, list(islice(_records(text, written, head), _JUDGED)))
    schema = pa.schema([(f"c{index}", pa.string()) for index in range(head.width)])
    lines: list[RowArray] = []
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        rows = sorter.rows(_records(text, written, head))
        while batch := list(islice(rows, _BATCH)):
            columns = zip(*(row.cells for row in batch), strict=True)
            arrays = [
                pa.array([cell or None for cell in column], pa.string())
                for column in columns
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            lines.append(np.array([row.line for row in batch], dtype=np.int64))
    show_cells(connection, target)
    places = np.concatenate(lines) if lines else np.empty(0, dtype=np.int64)
    return Body(
        len(places), places, head.first, tuple(sorter.left_out), sorter.warnings()
    )


def _records(text: PlainText, written: Format, head: Head) -> Iterator[Record]:
    """Yield the records from the first line that may hold data."""
    lines = islice(plain_lines(text.path), head.first - 1, None)
    yield from read_records(lines, written, head.width, head.first)
