"""One file in, one typed Parquet and one report out."""

from __future__ import annotations
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from mtcore.data.queries import connect, file_literal
from mtcore.data.reading.measures import CELLS, Marks
from mtcore.data.reading.names import name_columns
from mtcore.data.reading.report import Dialect, ReadingReport
from mtcore.data.reading.typed import Cells, type_columns, write_columns
from mtcore.errors import ReadingError
from mtcore.spec.reading import Reading


def read_table(
    source: Path,
    target: Path,
    options: Reading | None = None,
    missing: Sequence[str] = (),
    *,
    file_name: str | None = None,
) -> ReadingReport:
    with (
        tempfile.TemporaryDirectory(dir=target.parent) as temp,
        connect(Path(temp)) as con,
    ):
        try:
            rel = con.sql(
                f"SELECT * FROM read_csv({file_literal(source.absolute())}, all_varchar=true, header=true)"
            )
        except duckdb.Error as e:
            raise ReadingError(str(e)) from e
        cols = ", ".join(
            f"nullif(trim(#{i + 1}), '') AS c{i}" for i in range(len(rel.columns))
        )
        text = Path(temp) / "text.parquet"
        con.execute(
            f"COPY (SELECT {cols} FROM read_csv({file_literal(source.absolute())}, all_varchar=true, header=true)) TO {file_literal(text)} (FORMAT parquet, COMPRESSION uncompressed)"
        )
        con.execute(
            f"CREATE VIEW {CELLS} AS SELECT * REPLACE (), file_row_number AS r FROM read_parquet({file_literal(text)}, file_row_number=true)".replace(
                "* REPLACE ()", "* EXCLUDE (file_row_number)"
            )
        )
        rows = con.sql(f"SELECT count(*) FROM {CELLS}").fetchall()[0][0]
        names = name_columns(rel.columns, len(rel.columns))
        cells = Cells(con, names.columns, rows, lambda r: r + 2)
        marks = Marks(tuple(missing))
        typed = type_columns(cells, marks)
        write_columns(cells, typed, marks, target)
    return ReadingReport(
        rows,
        "import",
        Dialect("utf-8", ",", '"', typed.decimal, 1),
        typed.summaries(rows),
    )
