"""Files that a person names: one to read, one to write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.data.pictures.decoding import SUFFIXES
from mtcore.data.pictures.sources import pictures_beside
from mtcore.data.reading.files.archives import TABLE_NAMES
from mtcore.data.reading.files.foreign import is_parquet
from mtcore.data.reading.files.wrapped import is_archive
from mtcore.errors import InputError

_HEAD = 1 << 18  # bytes of a table that names of pictures are looked for in
_PICTURE = re.compile("|".join(map(re.escape, SUFFIXES)).encode(), re.IGNORECASE)
_ROWS = 100  # of a Parquet file that they are looked for in


@dataclass(frozen=True, slots=True)
class Data:
    """What a person named as DATA.

    Args:
        path: The table, or an archive of it and its pictures.
        pictures: A folder or an archive of the pictures that it names; None where it
            names none, or holds them itself.
    """

    path: Path
    pictures: Path | None = None


def named_data(name: str, pictures: str | None = None) -> Data:
    """Return the table that a person named, and where its pictures lie.

    A folder stands for the one table in it. Where a table seems to name pictures, they
    are looked for in its folder, and then in an archive there.

    Args:
        name: A file or a folder.
        pictures: A folder or an archive of pictures that was named too.

    Raises:
        InputError: There is no such file, or the folder has not one table.
    """
    path = Path(name).expanduser()
    path = _table_in(path) if path.is_dir() else existing_file(name)
    if pictures is not None:
        place = Path(pictures).expanduser()
        if not place.exists():
            msg = f"There is no folder or archive '{place}'. Check its path."
            raise InputError(msg)
        return Data(path, place)
    if is_archive(path) or not _may_name_pictures(path):
        return Data(path)
    return Data(path, pictures_beside(path))


def _table_in(folder: Path) -> Path:
    tables = sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in TABLE_NAMES
    )
    if len(tables) == 1:
        return tables[0]
    names = ", ".join(f"'{path.name}'" for path in tables[:5]) or "none"
    msg = (
        f"The folder '{folder}' must hold one table, but holds {names}. Name the file."
    )
    raise InputError(msg)


def _may_name_pictures(path: Path) -> bool:
    """Return whether the first rows of a table hold a name of a picture."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if is_parquet(head):
        try:
            with pq.ParquetFile(path) as table:
                head = str(next(table.iter_batches(_ROWS)).to_pydict()).encode()
        except (pa.ArrowException, OSError, StopIteration):
            # Reading says what is wrong with it.
            return False
    return _PICTURE.search(head) is not None


def existing_file(name: str) -> Path:
    """Return the file that a person named.

    Raises:
        InputError: There is no such file.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if path.exists():
        msg = f"'{path}' is not a file. Name a CSV, TSV, Excel or Parquet file."
    else:
        msg = f"There is no file '{path}'. Check its path."
    raise InputError(msg)


def write_file(name: str, content: bytes) -> Path:
    """Write what a person asked for and return where it is.

    Raises:
        InputError: It can't be written there.
    """
    path = Path(name).expanduser()
    try:
        path.write_bytes(content)
    except OSError as error:
        msg = (
            f"'{path}' can't be written: {error.strerror}. Choose another place with "
            "--out."
        )
        raise InputError(msg) from error
    return path
