"""The command line: read files, suggest, train and question models.

Exit codes: 0 done, 1 a run failed, 2 the input is wrong, 130 interrupted. What a
person or a program asked for goes to standard output, everything else to standard
error. Whatever is heavy is imported by the command that needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mtcore.cli.boundary import report_bugs, run_command
from mtcore.cli.parser import build_parser
from mtcore.home import find_home

__all__ = ["main", "start"]


def start() -> NoReturn:
    """Run the command that this process was started with, and end the process."""
    report_bugs(find_home(os.environ, Path.cwd()))
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: What follows `python -m mtcore`.
    """
    home = find_home(os.environ, Path.cwd())
    # TensorFlow reads this on import and would talk about the processor otherwise.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        asked = build_parser().parse_args(list(arguments))
    except SystemExit as ended:
        return int(ended.code or 0)
    return run_command(asked.command, asked, home, sys.stdout, sys.stderr)
