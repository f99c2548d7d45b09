"""Where the pictures of a table lie: in an archive, or in a folder beside it.

A name from a cell is only ever looked up among the files that are there, and a file
of a folder that leads out of it, such as a link, is not among them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol, final

from mtcore.data.pictures.decoding import MOST_PICTURE_BYTES, SUFFIXES
from mtcore.data.reading.files.archives import (
    MOST_MEMBERS,
    Archive,
    Member,
    open_archive,
)
from mtcore.errors import ReadingError

_DEEPEST = 4  # folders below the one that is looked through
_BLOCK = 1 << 20


@final
class Names:
    """Files by their paths, and by the ends of these.

    Args:
        paths: With `/` between folders.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths: dict[str, str] = {}
        self._ends: dict[str, str | None] = {}
        for path in paths:
            self._paths[path.casefold()] = path
            for end in _ends_of(path.casefold()):
                # An end that two paths have tells neither.
                self._ends[end] = None if end in self._ends else path

    def find(self, name: str) -> str | None:
        """Return the path that a cell means, None where there is none.

        The path itself, one that ends in the cell, or one that the cell ends in;
        capitals make no difference. A file of another folder is never taken.
        """
        asked = name.replace("\\", "/").casefold().removeprefix("./")
        if asked in self._paths:
            return self._paths[asked]
        if asked in self._ends:
            return self._ends[asked]
        known = (self._paths.get(end) for end in _ends_of(asked))
        return next((path for path in known if path is not None), None)


class Source(Protocol):
    """Pictures by the names that cells hold."""

    @property
    def names(self) -> Names:
        """The files that are there."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None where they can't be read or are too many."""


@final
class ArchiveSource:
    """The pictures of a ZIP archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._members: dict[str, Member] = {
            member.name: member
            for member in archive.members
            if member.suffix in SUFFIXES
        }
        self.names = Names(self._members)

    def read(self, path: str) -> bytes | None:
        """Return a picture's bytes, None where they are damaged or too many."""
        member = self._members.get(path)
        if member is None:
            return None
        return self._archive.read(member, MOST_PICTURE_BYTES)


@final
class FolderSource:
    """The pictures below a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self.names = Names(path for path, _ in _pictures_below(self._root))

    def read(self, path: str) -> bytes | None:
        """Return a picture's bytes, None where it can't be opened or is too large."""
        try:
            with (self._root / path).open("rb") as file:
                content = file.read(MOST_PICTURE_BYTES + 1)
        except OSError:
            return None
        return content if len(content) <= MOST_PICTURE_BYTES else None


@contextmanager
def open_source(place: Path) -> Iterator[Source]:
    """Open the pictures of a ZIP archive or of a folder.

    Raises:
        ReadingError: The archive is damaged or harmful.
    """
    if place.is_dir():
        yield FolderSource(place)
        return
    with open_archive(place, place.name) as archive:
        yield ArchiveSource(archive)


def pictures_beside(table: Path) -> Path | None:
    """Return where the pictures of a table lie that come without an archive around it.

    Its own folder where there are pictures in it or below, else the first ZIP archive
    there that holds pictures; None where there is nothing of the kind.
    """
    folder = table.absolute().parent
    if next(_pictures_below(folder), None) is not None:
        return folder
    return next((path for path in sorted(folder.glob("*.zip")) if _holds(path)), None)


def mark_of(place: Path) -> str:
    """Return a mark that changes with the pictures of an archive or a folder.

    An archive is known by its bytes, a folder by its files' names, sizes and times.
    """
    digest = hashlib.sha256()
    if place.is_dir():
        root = place.resolve()
        for path, facts in sorted(_pictures_below(root), key=lambda found: found[0]):
            digest.update(f"{path}\n{facts.st_size} {facts.st_mtime_ns}\n".encode())
        return digest.hexdigest()
    with place.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _ends_of(path: str) -> list[str]:
    """Return a path without its first folder, without its first two, and so on."""
    parts = path.split("/")
    return ["/".join(parts[place:]) for place in range(1, len(parts))]


def _holds(path: Path) -> bool:
    """Return whether a file is an archive that lists pictures."""
    try:
        with open_archive(path, path.name) as archive:
            return any(member.suffix in SUFFIXES for member in archive.members)
    except ReadingError:
        return False


def _pictures_below(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the pictures below a folder by their paths in it, and their facts."""
    seen = 0
    for folder, folders, files in os.walk(root, followlinks=False):
        here = Path(folder)
        depth = len(here.relative_to(root).parts)
        folders[:] = sorted(
            name for name in folders if depth < _DEEPEST and not name.startswith(".")
        )
        for name in sorted(files):
            if PurePosixPath(name).suffix.lower() not in SUFFIXES:
                continue
            path = here / name
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                continue
            seen += 1
            if seen > MOST_MEMBERS:
                return
            try:
                yield path.relative_to(root).as_posix(), path.stat()
            except OSError:
                continue
