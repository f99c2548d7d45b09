"""How a script reads a file as the run did: found by trying, and so never wrong."""

from __future__ import annotations

import gzip
import io
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mtcore.data.library.dataset import Dataset
from mtcore.data.reading.files.archives import open_archive, tables_of
from mtcore.data.reading.files.wrapped import is_archive
from mtcore.data.reading.notations.markers import OPEN, SURE
from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError, InputError
from mtcore.export.code.fixed_text import constant
from mtcore.export.script.rows_text import READING

Use = Literal["number", "moment", "text"]
Way = tuple[Any, ...]
_MARKS = (
    (".", ""), (",", ""), (".", ","), (",", "."), (".", " "), (",", " "), (".", "'"),
)  # fmt: skip
_DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d")
_TIMES = ("", " %H:%M", " %H:%M:%S")
_FORMS = ("ISO8601", *(day + time for time in _TIMES for day in _DAYS))
_MODULES = {
    "pd": pd,
    "np": np,
    "math": math,
    "io": io,
    "gzip": gzip,
    "zipfile": zipfile,
}
# Beyond so many spellings a column is none of a few words spelled alike.
_MOST_SPELLINGS = 64


@dataclass(frozen=True, slots=True)
class _File:
    """The file's cells, and the script's own functions that read them.

    Args:
        frame: Texts, a column a place.
        ways: The script's functions by name.
        names: What the file's columns are called.
    """

    frame: pd.DataFrame
    ways: Mapping[str, Callable[..., NDArray[Any]]]
    names: Sequence[str]


def reading_constants(
    dataset: Dataset, table: Table, missing: Sequence[str], wanted: Sequence[
        tuple[str, Use]
    ],
) -> str:  # fmt: skip
    """Return the constants with which the script reads a file as the run did.

    Each column is read in one way after another by the script's own code, and the
    first way is taken that gives exactly what the run was trained on.

    Args:
        dataset: The file.
        table: What the run read of it.
        missing: Cells that the experiment counts as missing.
        wanted: Columns, each with what it is used as.

    Raises:
        InputError: The file is none that a script reads.
        ColumnError: No way gives what the run read of a column.
    """
    facts = _facts(dataset, missing)
    file = _read(dataset, facts)
    if len(file.frame) != table.rows:
        msg = (
            f"A script would read {len(file.frame):,} rows of '{dataset.name}', but "
            f"the run had {table.rows:,}. Save the table as a plain CSV and train on "
            "that, or export keras instead."
        )
        raise InputError(msg)
    found = {
        (column, use): _way_of(file, table, column, use)
        for column, use in dict.fromkeys(wanted)
    }
    lines = [constant(name, value) for name, value in facts.items()]
    comment = "# Where each column stands, and how its cells are read for each use.\n"
    return "".join(["\n# How the file is read.\n", *lines, comment]) + constant(
        "READ", found
    )


def table_inside(dataset: Dataset) -> str | None:
    """Return the table's path in the ZIP archive that was imported, None without one.

    Raises:
        ReadingError: The archive is damaged.
    """
    if not is_archive(dataset.original):
        return None
    with open_archive(dataset.original, dataset.name) as archive:
        names = [table.name for table in tables_of(archive, dataset.name)]
    chosen = dataset.report.dialect.sheet
    return chosen if chosen in names else names[0]


def _facts(dataset: Dataset, missing: Sequence[str]) -> dict[str, Any]:
    report = dataset.report
    dialect = report.dialect
    if dialect.encoding is None or dialect.delimiter is None:
        msg = (
            f"A script reads CSV files, and '{dataset.name}' is none. Save the table "
            "as CSV and train on that, or export keras instead."
        )
        raise InputError(msg)
    head = range(dialect.header_line or 0)
    left_out = (left.line - 1 for left in report.left_out)
    numbers = [number for text in missing if math.isfinite(number := _number(text))]
    return {
        "TABLE": table_inside(dataset),
        "DELIMITER": dialect.delimiter,
        "ENCODING": dialect.encoding,
        "QUOTE": dialect.quote,
        "SKIPPED": sorted({*head, *left_out}),
        "MISSING_NUMBERS": numbers,
        "MISSING_TEXTS": [text.strip() for text in missing],
        "MISSING_WORDS": {
            "all": sorted(SURE | OPEN),
            "sure": sorted(SURE),
            "none": [""],
        },
    }


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _read(dataset: Dataset, facts: Mapping[str, Any]) -> _File:
    """Return the file's cells, read by the script's own code, which is ours alone."""
    names: dict[str, Any] = {**facts, **_MODULES}
    exec(compile(READING, "<reading>", "exec"), names)
    try:
        frame = names["read_cells"](dataset.original)
    except (ValueError, LookupError) as error:
        msg = (
            f"A script can't read '{dataset.name}' as the run did: its lines differ "
            "in their numbers of cells. Save the table as a plain CSV and train on "
            "that, or export keras instead."
        )
        raise InputError(msg) from error
    return _File(frame, names["WAYS"], [c.name for c in dataset.report.columns])


def _way_of(file: _File, table: Table, column: str, use: Use) -> Way:
    """Return place, function and options that give what the run read."""
    wanted = _wanted(table, column, use)
    width = file.frame.shape[1]
    places = range(width)
    if width == len(file.names):
        places = range(file.names.index(column), file.names.index(column) + 1)
    for place in places:
        cells = file.frame[place]
        for way, *options in _candidates(cells, wanted, use):
            if _same(file.ways[way](cells, *options), wanted):
                return (place, way, *options)
    msg = (
        f"A script can't read column '{column}' as the run did, as its cells are "
        "written in an unusual way. Save the table as a plain CSV and train on that, "
        "or export keras instead."
    )
    raise ColumnError(msg, where=column)


def _wanted(table: Table, column: str, use: Use) -> NDArray[Any]:
    match use:
        case "number":
            return table.numbers(column)
        case "moment":
            return table.timestamps(column)
        case "text":
            cells = table.categories(column)
            return np.array([cell or "" for cell in cells], dtype=object)


def _same(found: NDArray[Any], wanted: NDArray[Any]) -> bool:
    return np.array_equal(found, wanted, equal_nan=wanted.dtype != object)


def _candidates(cells: pd.Series, wanted: NDArray[Any], use: Use) -> Iterator[Way]:
    if use == "moment":
        yield from (("moments", form) for form in _FORMS)
    if use != "text":
        yield from (("numbers", *marks) for marks in _MARKS)
        return
    yield from (("texts", known, {}) for known in ("all", "sure", "none"))
    yield from (("numerals", *marks) for marks in _MARKS)
    spelled = dict(zip(cells.str.strip().str.casefold(), wanted, strict=True))
    if len(spelled) <= _MOST_SPELLINGS:
        yield ("texts", "none", spelled)
