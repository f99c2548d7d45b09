"""Files that a person names: one to read, one to write."""

from __future__ import annotations

from pathlib import Path

from mtcore.errors import InputError


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
