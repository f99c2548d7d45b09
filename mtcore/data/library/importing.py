"""One file brought into a folder of its own: its bytes, Parquet and what was read."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson

from mtcore.data.library.keeping import keep_pictures
from mtcore.data.pictures.sources import mark_of
from mtcore.data.profile.profile import profile_table
from mtcore.data.reading import read_and_count
from mtcore.data.reading.files.wrapped import is_archive
from mtcore.errors import ReadingError
from mtcore.spec.reading import Reading


def import_file(  # noqa: PLR0913
    path: Path,
    folder: Path,
    reading: Reading,
    missing: Sequence[str],
    name: str,
    pictures: Path | None,
) -> None:
    """Write what the library keeps of a file.

    Args:
        path: The file.
        folder: Where it is put.
        reading: How to read it.
        missing: Cells that count as missing besides the usual ones.
        name: What people call it.
        pictures: A folder or archive with the pictures that it names; None where they
            can only be in the file itself.

    Raises:
        ReadingError: The file cannot be read as a table.
    """
    original = folder / "original"
    _keep(path, original)
    parquet = folder / "table.parquet"
    read = read_and_count(original, parquet, reading, missing, file_name=name)
    place = original if pictures is None and is_archive(original) else pictures
    report = keep_pictures(place, parquet, read.report, copy=place is not original)
    write_json(folder / "report.json", report.to_record())
    profile = profile_table(parquet, report, read.census)
    write_json(folder / "profile.json", profile.to_json())
    facts = {
        "name": name,
        "rows": report.rows,
        "bytes": original.stat().st_size,
        "created": datetime.now(UTC).isoformat(),
        "file_name": path.name,
        "reading": reading.model_dump(),
        "missing": list(missing),
    }
    write_json(folder / "dataset.json", facts)


def id_of_file(
    path: Path, reading: Reading, missing: Sequence[str], pictures: Path | None
) -> str:
    """Return 16 hexadecimal digits that stand for a file's bytes and how it is read.

    Args:
        path: The file.
        reading: How to read it.
        missing: Cells that count as missing besides the usual ones.
        pictures: Where the pictures that it names come from, None for nowhere.

    Raises:
        ReadingError: The file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError as error:
        message = f"'{path.name}' cannot be opened. Check the path and its rights."
        raise ReadingError(message, where=path.name) from error
    # Without a sheet as before there were any, so that known files keep their ids.
    told = reading.model_dump_json(exclude=None if reading.sheet else {"sheet"})
    digest.update(told.encode())
    digest.update(json.dumps(list(missing)).encode())
    if pictures is not None:
        digest.update(mark_of(pictures).encode())
    return digest.hexdigest()[:16]


def write_json(path: Path, content: object) -> None:
    """Write JSON so that a reader never sees half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(orjson.dumps(content))
    Path(file.name).replace(path)


def _keep(path: Path, original: Path) -> None:
    """Keep a file's bytes; those of another data set, read anew, are shared with it."""
    if path.parent.parent == original.parent.parent:
        try:
            original.hardlink_to(path)
        except OSError:  # not every file system has links
            shutil.copyfile(path, original)
        return
    shutil.copyfile(path, original)
