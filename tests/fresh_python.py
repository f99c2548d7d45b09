"""A Python of its own for what must be asked of a whole process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def fresh_python(
    *arguments: str, folder: Path, home: Path, guard: Path | None = None
) -> str:
    """Run Python with the project on its path and return what it printed.

    Args:
        arguments: What stands behind `python`.
        folder: Where it runs.
        home: Where Branchboard keeps everything.
        guard: A folder to be searched first, such as the one that forbids calls to
            the outside; they are then recorded in `outside_calls.txt` under home.

    Raises:
        AssertionError: It ended with another exit code than 0.
    """
    home.mkdir(parents=True, exist_ok=True)
    searched = [str(path) for path in (guard, ROOT) if path is not None]
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(searched),
            "BRANCHBOARD_HOME": str(home),
            "OUTSIDE_CALLS": str(home / "outside_calls.txt") if guard else "",
        },
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert finished.returncode == 0, finished.stderr[-3_000:] or finished.stdout
    return finished.stdout
