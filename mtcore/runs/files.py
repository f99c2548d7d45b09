"""Reading a file into the library, away from the server.

It stands apart from the other tasks as it needs so little: the first file of a fresh
worker is read before the rest is imported.
"""

from __future__ import annotations

from pathlib import Path

from mtcore.data.library import Library
from mtcore.home import Home
from mtcore.spec import Reading


def read_file(
    path: str, reading_json: str, missing: tuple[str, ...], name: str, home_root: str
) -> str:
    """Import a file and return the id of its data set.

    Args:
        path: The file, on a disk that this process sees.
        reading_json: A `Reading` as JSON.
        missing: Cells that count as missing besides the usual ones.
        name: What people call it.
        home_root: Where data sets are kept.

    Raises:
        ReadingError: The file cannot be read as a table.
    """
    reading = Reading.model_validate_json(reading_json)
    return Library(Home(Path(home_root))).add(Path(path), reading, missing, name).id
