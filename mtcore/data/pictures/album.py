"""The pictures of a data set: by name, and as pixels of the sizes asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import final

import numpy as np
import pyarrow.parquet as pq
from filelock import FileLock

from mtcore.arrays import TextArray
from mtcore.data.pictures.decoding import (
    COLOURS,
    Pixels,
    decode_picture,
    picture_bytes,
)

INDEX_FILE = "pictures.parquet"
PICTURES_FILE = "pictures.zip"
ORIGINAL = "original"


@final
class Album:
    """Decoded pictures in a data set's folder, read from a memory-mapped file.

    Args:
        folder: Holds `pictures.parquet`: a row a name, the file it stands for, and why
            that cannot be read where it can't.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        index = pq.read_table(folder / INDEX_FILE)
        names = index.column("name").to_pylist()
        self._places = {name: place for place, name in enumerate(names)}
        self._members: list[str | None] = index.column("member").to_pylist()
        self._problems: list[str | None] = index.column("problem").to_pylist()
        self._pixels: dict[tuple[int, int], Pixels] = {}

    def pixels(self, names: Sequence[str | None], size: tuple[int, int]) -> Pixels:
        """Return pictures by name, uint8 `(names, height, width, 3)`.

        Black all over where there is none. A size that nobody asked for before is
        decoded from the pictures' own bytes first, and kept.
        """
        everything = self._all_pixels(size)
        places = np.array(
            [-1 if name is None else self._places.get(name, -1) for name in names],
            dtype=np.int64,
        )
        found = np.zeros((len(places), *size, COLOURS), dtype=np.uint8)
        known = places >= 0
        found[known] = everything[places[known]]
        return found

    def problem(self, name: str) -> str | None:
        """Return why a picture cannot be seen, None where it can."""
        place = self._places.get(name)
        return "it is not there" if place is None else self._problems[place]

    def _all_pixels(self, size: tuple[int, int]) -> Pixels:
        if size not in self._pixels:
            path = pixels_path(self._folder, size)
            if not path.is_file():
                with FileLock(f"{path}.lock"):
                    if not path.is_file():
                        self._decode(path, size)
            self._pixels[size] = np.load(path, mmap_mode="r")
        return self._pixels[size]

    def _decode(self, path: Path, size: tuple[int, int]) -> None:
        # Here alone, as reading a file imports tables, and these import albums.
        from mtcore.data.pictures.pixels import write_pixels
        from mtcore.data.pictures.sources import open_source

        with open_source(pictures_place(self._folder)) as source:
            write_pixels(source, self._members, path, size)


def album_of(parquet: Path) -> Album | None:
    """Return the pictures beside a table of the library, None where it has none."""
    folder = parquet.parent
    return Album(folder) if (folder / INDEX_FILE).is_file() else None


def pictures_place(folder: Path) -> Path:
    """Return where the own bytes of a data set's pictures lie, by its folder.

    An archive that was made of them, or the one that they came in with their table.
    """
    kept = folder / PICTURES_FILE
    return kept if kept.is_file() else folder / ORIGINAL


def pixels_path(folder: Path, size: tuple[int, int]) -> Path:
    """Return where the pixels of a size lie, uint8 `(names, height, width, 3)`."""
    height, width = size
    return folder / f"pixels-{height}x{width}.npy"


def pictures_of(cells: TextArray, size: tuple[int, int], album: Album | None) -> Pixels:
    """Return the pictures that cells name or hold, uint8 `(rows, height, width, 3)`.

    Black all over where there is none.
    """
    if album is None:
        pixels = np.zeros((len(cells), *size, COLOURS), dtype=np.uint8)
    else:
        pixels = album.pixels(list(cells), size)
    for row, cell in enumerate(cells):
        content = None if cell is None else picture_bytes(cell)
        if content is not None:
            decoded = decode_picture(content, size)
            if not isinstance(decoded, str):
                pixels[row] = decoded
    return pixels
