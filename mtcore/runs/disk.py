"""How much space everything under home takes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from mtcore.home import Home


def disk_usage(home: Home) -> dict[str, int]:
    """Return bytes by what they are for, in words for people."""
    deleted = home.datasets / ".deleted"
    return {
        "data sets": _size([home.datasets]) - _size([deleted]),
        "deleted data sets": _size([deleted]),
        "runs": _size([home.database, home.artifacts, home.checkpoints]),
        "drafts, caches and logs": _size(
            [home.drafts, home.uploads, home.cache, home.cluster, home.logs]
        ),
    }


def _size(paths: Iterable[Path]) -> int:
    return sum(_size_of(path) for path in paths)


def _size_of(path: Path) -> int:
    if not path.is_dir():
        return path.stat().st_size if path.exists() else 0
    total = 0
    folders = [str(path)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            # Workers and other visitors make and remove files all the time.
            continue
    return total
