"""The rows of a Parquet file as texts, so that they are typed like all others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from mtcore.data.queries.connection import file_literal, quoted, text_literal
from mtcore.data.reading.columns.names import Names, name_columns
from mtcore.data.reading.files.records import BLANKS
from mtcore.data.reading.lines.body import Body, show_cells
from mtcore.data.reading.report import LeftOut
from mtcore.errors import ReadingError

_NESTED = ("STRUCT", "MAP", "UNION", "[]", "JSON", "VARIANT")
_MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Columnar:
    """A Parquet file's cells as the view `body`, its names, and what was left out."""

    body: Body
    names: Names
    warnings: tuple[str, ...]


def load_parquet(
    connection: duckdb.DuckDBPyConnection, source: Path, folder: Path, shown: str
) -> Columnar:
    """Make the view `body` of a Parquet file's rows.

    Args:
        connection: Where the view is made.
        source: The file.
        folder: Where the texts may be put.
        shown: The file's name.

    Raises:
        ReadingError: The file is damaged, or holds no column that can be read.
    """
    target = folder / "body.parquet"
    table = f"read_parquet({file_literal(source.absolute())}, file_row_number=true)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
        columns = [(str(name), str(kind)) for name, kind, *_ in described][:-1]
        kept = [(name, kind) for name, kind in columns if kind != "BLOB"]
        if not kept:
            message = f"'{shown}' has no column of numbers or texts. Choose another."
            raise ReadingError(message, where=shown)
        texts = [_text(name, kind) for name, kind in kept]
        cells = ", ".join(f"{text} AS c{index}" for index, text in enumerate(texts))
        names = ", ".join(f"c{index}" for index in range(len(kept)))
        connection.execute(
            f"COPY (SELECT {cells} FROM {table}) "
            f"TO {file_literal(target)} (FORMAT parquet, COMPRESSION lz4)"
        )
    except duckdb.Error as error:
        message = f"'{shown}' is a damaged Parquet file. Copy or download it again."
        raise ReadingError(message, where=shown) from error
    show_cells(connection, target)
    blank = connection.execute(
        f"SELECT r FROM body WHERE coalesce({names}) IS NULL ORDER BY r"
    ).fetchnumpy()["r"]
    rows = connection.execute("SELECT count(*) FROM body").fetchall()[0][0]
    lines = None
    if len(blank):
        full = folder / "full.parquet"
        connection.execute(
            f"COPY (SELECT * EXCLUDE (r) FROM body WHERE coalesce({names}) IS NOT NULL)"
            f" TO {file_literal(full)} (FORMAT parquet, COMPRESSION lz4)"
        )
        show_cells(connection, full)
        lines = np.delete(np.arange(1, rows + 1, dtype=np.int64), blank)
    left_out = tuple(
        LeftOut(int(row) + 1, "no cell holds a value") for row in blank[:_MOST_LISTED]
    )
    warnings = tuple(
        f"Column '{name}' holds bytes, which cannot be read as numbers or texts, and "
        "was left out."
        for name, kind in columns
        if kind == "BLOB"
    )
    body = Body(int(rows) - len(blank), lines, 1, left_out)
    return Columnar(body, name_columns([n for n, _ in kept], len(kept)), warnings)


def _text(name: str, kind: str) -> str:
    """Return SQL for the trimmed text of a column, NULL where it is empty."""
    column = quoted(name)
    if kind == "TIMESTAMP WITH TIME ZONE":
        column = f"make_timestamp(epoch_us({column}))::VARCHAR"
    elif any(word in kind for word in _NESTED):
        column = f"to_json({column})::VARCHAR"
    elif kind != "VARCHAR":
        column = f"{column}::VARCHAR"
    return f"nullif(trim({column}, {text_literal(BLANKS)}), '')"
