"""Taking up a table's pictures: found, decoded, and what cannot be seen told."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.data.pictures.album import INDEX_FILE, PICTURES_FILE, pixels_path
from mtcore.data.pictures.decoding import picture_size
from mtcore.data.pictures.pixels import NOT_THERE, write_pixels
from mtcore.data.pictures.sources import Source, open_source
from mtcore.data.reading.report import (
    ColumnSummary,
    PictureSummary,
    ReadingReport,
    UnseenPicture,
)
from mtcore.data.tables.table import Table
from mtcore.spec.inputs import PICTURE_SIDE

# Pictures whose size is looked at, and the least side that pictures are brought to.
_MEASURED = 100
_LEAST_SIDE = 16
_MOST_LISTED = 1_000
_LONGEST = 120  # letters of a name that is shown


def keep_pictures(
    place: Path | None,
    parquet: Path,
    report: ReadingReport,
    *,
    copy: bool = False,
) -> ReadingReport:
    """Decode the pictures that a table names, and return the report with what came out.

    Beside the Parquet come `pictures.parquet`, a row a name, and the pixels of one
    size. Rows whose picture is missing or broken are kept: it counts as missing.

    Args:
        place: A ZIP archive or a folder with the pictures; None where there is none.
        parquet: The table as `read_table` wrote it.
        report: What `read_table` returned for it.
        copy: Whether to keep the pictures' own bytes too, as `pictures.zip`.

    Raises:
        ReadingError: The archive is damaged or harmful.
    """
    columns = [column for column in report.columns if column.kind == "image"]
    if not columns or place is None:
        warnings = tuple(_without_pictures(column) for column in columns)
        return _with_warnings(report, warnings)
    table = Table.read(parquet, [column.name for column in columns])
    cells = {column.name: table.categories(column.name) for column in columns}
    names = list(
        dict.fromkeys(
            cell for column in cells.values() for cell in column if cell is not None
        )
    )
    with open_source(place) as source:
        members = [source.names.find(name) for name in names]
        if not any(members):
            warnings = tuple(_none_found(column, place) for column in columns)
            return _with_warnings(report, warnings)
        size = _common_size(source, members)
        folder = parquet.parent
        problems = write_pixels(source, members, pixels_path(folder, size), size)
        if copy:
            _copy(source, members, folder / PICTURES_FILE)
    index = {"name": names, "member": members, "problem": problems}
    kinds = pa.schema([(name, pa.string()) for name in index])
    pq.write_table(pa.table(index, kinds), folder / INDEX_FILE)
    why = dict(zip(names, problems, strict=True))
    summaries = {
        column.name: _summary(list(cells[column.name]), why, size) for column in columns
    }
    told = [
        sentence
        for column in columns
        if (sentence := _sentence(column.name, summaries[column.name]))
    ]
    counted = tuple(
        replace(column, pictures=summaries.get(column.name))
        for column in report.columns
    )
    return _with_warnings(replace(report, columns=counted), told)


def _common_size(source: Source, members: Sequence[str | None]) -> tuple[int, int]:
    """Return the size that most pictures have, brought down to a usual one."""
    there = islice((member for member in members if member is not None), _MEASURED)
    sizes: Counter[tuple[int, int]] = Counter()
    for member in there:
        content = source.read(member)
        size = None if content is None else picture_size(content)
        if size is not None:
            sizes[size] += 1
    if not sizes:
        return PICTURE_SIDE, PICTURE_SIDE
    height, width = sizes.most_common(1)[0][0]
    shrunk = min(1.0, PICTURE_SIDE / max(height, width))
    return _side(height * shrunk), _side(width * shrunk)


def _side(pixels: float) -> int:
    return max(round(pixels), _LEAST_SIDE)


def _copy(source: Source, members: Sequence[str | None], path: Path) -> None:
    """Write pictures' bytes into one archive, under the names that they have."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for member in dict.fromkeys(members):
            content = None if member is None else source.read(member)
            if member is not None and content is not None:
                archive.writestr(zipfile.ZipInfo(member), content)


def _summary(
    cells: Sequence[str | None], why: dict[str, str | None], size: tuple[int, int]
) -> PictureSummary:
    named = [cell for cell in cells if cell is not None]
    broken = [(row, cell) for row, cell in enumerate(cells) if cell and why[cell]]
    missing = sum(why[cell] == NOT_THERE for _, cell in broken)
    return PictureSummary(
        seen=len(named) - len(broken),
        missing=missing,
        broken=len(broken) - missing,
        size=size,
        unseen=tuple(
            UnseenPicture(row, cell[:_LONGEST], why[cell] or "")
            for row, cell in broken[:_MOST_LISTED]
        ),
    )


def _sentence(column: str, found: PictureSummary) -> str | None:
    if not found.unseen:
        return None
    parts = []
    if found.missing:
        parts.append(f"{found.missing:,} are not there")
    if found.broken:
        parts.append(f"{found.broken:,} cannot be read")
    first = found.unseen[0]
    return (
        f"Of the pictures that column '{column}' names, {' and '.join(parts)}, such as "
        f"'{first.name}': {first.reason}. Their rows are kept, and the picture counts "
        "as missing."
    )


def _without_pictures(column: ColumnSummary) -> str:
    return (
        f"Column '{column.name}' names pictures, but none came with the table. Import "
        "a ZIP archive of the table and its pictures to learn from them."
    )


def _none_found(column: ColumnSummary, place: Path) -> str:
    where = f"the folder '{place.name}'" if place.is_dir() else "the archive"
    return (
        f"Column '{column.name}' names pictures, but none of them is in {where}. Put "
        "them beside the table under the names that its cells hold."
    )


def _with_warnings(report: ReadingReport, sentences: Sequence[str]) -> ReadingReport:
    if not sentences:
        return report
    outcome = report.outcome
    return replace(
        report,
        warnings=(*report.warnings, *sentences),
        outcome="import_with_warning" if outcome == "import" else outcome,
    )
