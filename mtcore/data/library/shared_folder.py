"""Files that the operator put on the server for people to open, and nothing beside."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import final

from mtcore.errors import InputError, MissingError

FILE_TYPES = (
    "csv", "tsv", "txt", "tab", "dat", "parquet", "xlsx", "xlsm", "gz", "zip",
)  # fmt: skip
"""Endings of the names of files that may be tables."""

_MOST_LISTED = 1_000
_MOST_LOOKED_AT = 20_000  # files, as a folder may hold a whole disk


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file that can be opened.

    Args:
        name: Its path within the folder, with `/` between folders.
        bytes: Its size.
    """

    name: str
    bytes: int


@final
class SharedFolder:
    """A folder of the server; whatever lies or leads outside of it is not there.

    Args:
        root: The folder, as the operator named it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def list(self) -> tuple[SharedFile, ...]:
        """Return the files that may be tables, in the order of their names."""
        found: list[SharedFile] = []
        looked_at = 0
        for folder, folders, names in os.walk(self._root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                looked_at += 1
                path = self._inside(Path(folder) / name)
                if path is not None:
                    shown = (Path(folder) / name).relative_to(self._root).as_posix()
                    found.append(SharedFile(shown, path.stat().st_size))
            if len(found) >= _MOST_LISTED or looked_at >= _MOST_LOOKED_AT:
                break
        return tuple(sorted(found[:_MOST_LISTED], key=lambda file: file.name))

    def path_of(self, name: str) -> Path:
        """Return where a file really lies.

        Args:
            name: As `list` gives it.

        Raises:
            MissingError: There is no such file in the folder.
        """
        path = self._inside(self._root / name)
        if path is None:
            message = (
                f"There is no file '{name[:80]}' among those on the server. Choose one "
                "from the list."
            )
            raise MissingError(message, where="file")
        return path

    def _inside(self, path: Path) -> Path | None:
        """Return a table's own path, links followed; None where it is elsewhere."""
        try:
            real = path.resolve(strict=True)
            is_file = real.is_file()
        except (OSError, RuntimeError, ValueError):  # gone, a loop of links, a NUL
            return None
        below = path.parts[len(self._root.parts) :]
        hidden = any(part.startswith(".") for part in below)
        known = path.name.lower().rpartition(".")[2] in FILE_TYPES
        inside = real.is_relative_to(self._root)
        return real if is_file and known and inside and not hidden else None
        return real if is_file and known and inside and not hidden else None


def find_shared_folder(environment: Mapping[str, str]) -> SharedFolder | None:
    """Return the folder that the operator allows; None where there is none.

    Args:
        environment: Such as `os.environ`; `BRANCHBOARD_DATA` is looked up in it.

    Raises:
        InputError: It names no folder.
    """
    named = environment.get("BRANCHBOARD_DATA", "").strip()
    if not named:
        return None
    root = Path(named).expanduser()
    if not root.is_dir():
        message = (
            f"BRANCHBOARD_DATA is '{named}', which is no folder. Name the folder whose "
            "files people may open, or leave it out."
        )
        raise InputError(message, where="BRANCHBOARD_DATA")
    return SharedFolder(root)
