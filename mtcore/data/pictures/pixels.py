"""Pictures decoded into one file of pixels, a few of them in memory at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from mtcore.data.pictures.decoding import COLOURS, Pixels, decode_picture
from mtcore.data.pictures.sources import Source

NOT_THERE = "it is not there"
# Pictures whose bytes are held at once while they are decoded.
_AT_ONCE = 64


def write_pixels(
    source: Source, members: Sequence[str | None], path: Path, size: tuple[int, int]
) -> list[str | None]:
    """Write the pixels of pictures to a file, and return why each cannot be seen.

    Memory holds a few pictures at a time; each core decodes pictures of its own.

    Args:
        source: Where their bytes lie.
        members: The file of each picture; None where there is none.
        path: Gets uint8 `(members, height, width, 3)`; there when it is whole.
        size: Height and width, in pixels.
    """
    shape = (len(members), *size, COLOURS)
    problems: list[str | None] = []
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pixels-")
    os.close(handle)
    unfinished = Path(name)
    try:
        pixels = np.lib.format.open_memmap(
            unfinished, mode="w+", dtype=np.uint8, shape=shape
        )
        for place, found in enumerate(_decoded(source, members, size)):
            if isinstance(found, str):
                problems.append(found)
            else:
                pixels[place] = found
                problems.append(None)
        pixels.flush()
        del pixels
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return problems


def _decoded(
    source: Source, members: Sequence[str | None], size: tuple[int, int]
) -> Iterator[Pixels | str]:
    def decode(content: bytes | str) -> Pixels | str:
        return content if isinstance(content, str) else decode_picture(content, size)

    waiting = iter(members)
    with ThreadPoolExecutor(os.cpu_count(), "pictures") as pool:
        while batch := list(islice(waiting, _AT_ONCE)):
            # Read one after another, as an archive is one file, and decoded together.
            contents = (_content(source, member) for member in batch)
            yield from pool.map(decode, contents)


def _content(source: Source, member: str | None) -> bytes | str:
    if member is None:
        return NOT_THERE
    content = source.read(member)
    return "its bytes are damaged or too many" if content is None else content
