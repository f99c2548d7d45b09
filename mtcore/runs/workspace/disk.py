"""The space that everything under home takes, and what is no longer needed there."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from mtcore.home import Home

DAY_S = 86_400.0
# So long a person may change their mind about something deleted.
RESTORABLE_S = 7 * DAY_S


def disk_usage(home: Home) -> dict[str, int]:
    """Return bytes by what they are for, in words for people."""
    deleted = _deleted_datasets(home)
    return {
        "data sets": size_of([home.datasets]) - size_of([deleted]),
        "deleted data sets": size_of([deleted]),
        "runs": size_of([home.database, home.artifacts, home.checkpoints]),
        "drafts, caches and logs": size_of(
            [home.drafts, home.uploads, home.cache, home.cluster, home.logs]
        ),
    }


def size_of(paths: Iterable[Path]) -> int:
    """Return the bytes of files and of all files in folders."""
    return sum(_size_of(path) for path in paths)


def tidy(home: Home, runs_at_work: Collection[str]) -> None:
    """Remove what nobody needs any more.

    Data sets deleted a week ago, what was left by uploads and computations that were
    cut off, cached files of a week ago, and checkpoints of ended runs a week ago.

    Args:
        home: What to tidy.
        runs_at_work: Ids of the runs whose checkpoints stay.
    """
    now = time.time()
    for folder, age_s, kept in (
        (_deleted_datasets(home), RESTORABLE_S, ()),
        (home.uploads, DAY_S, ()),
        (home.cache / "scored", RESTORABLE_S, ()),
        (home.cache, DAY_S, ("artifacts", "scored")),
        (home.checkpoints, RESTORABLE_S, runs_at_work),
    ):
        for path in _older_than(folder, now - age_s):
            if path.name not in kept:
                remove(path)


def remove(path: Path) -> None:
    """Remove a file or a folder; one that is gone already is no error."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _deleted_datasets(home: Home) -> Path:
    return home.datasets / ".deleted"


def _older_than(folder: Path, moment: float) -> list[Path]:
    """Return what has been in a folder since before a moment."""
    if not folder.is_dir():
        return []
    # Being moved changes no content, but this time.
    return [path for path in folder.iterdir() if path.lstat().st_ctime < moment]


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
