"""Commands run as a person runs them, in this process or in one of their own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtcore.cli import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    output: str
    errors: str

    @property
    def object(self) -> dict[str, Any]:
        """The one object on standard output."""
        read: dict[str, Any] = json.loads(self.output)
        return read

    @property
    def sentence(self) -> str:
        """The one line on standard error."""
        lines = self.errors.splitlines()
        assert len(lines) == 1, self.errors
        assert "Traceback" not in self.errors
        return lines[0]


def run_here(*arguments: object) -> Ended:
    """Run a command in this process, which is quick."""
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        code = main([str(argument) for argument in arguments])
    return Ended(code, output.getvalue(), errors.getvalue())


def start(*arguments: object, home: Path, path: Path = ROOT) -> subprocess.Popen[str]:
    """Start a command in a process of its own.

    Args:
        arguments: What follows `python -m mtcore`.
        home: Its `BRANCHBOARD_HOME`.
        path: A folder to import from before all others.
    """
    found = os.pathsep.join([str(path), str(ROOT)])
    environment = {**os.environ, "BRANCHBOARD_HOME": str(home), "PYTHONPATH": found}
    return subprocess.Popen(
        [sys.executable, "-m", "mtcore", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=home.parent,
    )


def run_apart(*arguments: object, home: Path, path: Path = ROOT) -> Ended:
    """Run a command in a process of its own and wait for it; see `start`."""
    with start(*arguments, home=home, path=path) as process:
        output, errors = process.communicate(timeout=300)
    return Ended(process.returncode, output, errors)
