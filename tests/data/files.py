"""Small files, read and profiled as the product does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtcore.data.library.keeping import keep_pictures
from mtcore.data.profile.profile import Profile, profile_table
from mtcore.data.reading import ReadingReport, read_table
from mtcore.data.reading.files.wrapped import is_archive


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read."""

    profile: Profile
    report: ReadingReport
    parquet: Path


def read_columns(
    columns: Mapping[str, Sequence[object]], folder: Path, *, name: str = "table"
) -> ReadFile:
    """Write columns as a CSV file in `folder`, then read and profile it."""
    lines = [";".join(columns)]
    lines += [
        ";".join("" if cell is None else str(cell) for cell in row)
        for row in zip(*columns.values(), strict=True)
    ]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_path(path, folder)


def read_path(path: Path, folder: Path) -> ReadFile:
    """Read and profile a file, its Parquet written into `folder`."""
    parquet = folder / f"{path.stem}.parquet"
    report = read_table(path, parquet)
    report = keep_pictures(path if is_archive(path) else None, parquet, report)
    return ReadFile(profile_table(parquet, report), report, parquet)
