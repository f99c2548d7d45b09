"""Where errors end: a sentence and an exit code, and the log for what is a bug."""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from mtcore.cli.text import safe
from mtcore.errors import BranchboardError, InputError
from mtcore.home import Home

DONE, FAILED, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130

Command = Callable[[argparse.Namespace, Home, TextIO], int]
"""Gets the arguments, home and where to write what was asked for."""


def run_command(
    command: Command,
    asked: argparse.Namespace,
    home: Home,
    output: TextIO,
    errors: TextIO,
) -> int:
    """Run a command and return its exit code, errors said in a sentence.

    Args:
        command: What to run.
        asked: Its arguments.
        home: The installation it works on.
        output: Gets what was asked for and nothing else: whatever a library prints
            meanwhile goes to `errors`.
        errors: Gets everything else.
    """
    try:
        with contextlib.redirect_stdout(errors):
            code = command(asked, home, output)
        output.flush()
    except BranchboardError as error:
        print(safe(error.message), file=errors)
        return WRONG_INPUT if isinstance(error, InputError) else FAILED
    except BrokenPipeError:
        # The reader, such as `head`, has gone. Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("Interrupted.", file=errors)
        return INTERRUPTED
    except OSError as error:
        where = f"'{error.filename}': " if error.filename else ""
        print(safe(f"{where}{error.strerror or error}."), file=errors)
        return FAILED
    return code


def report_bugs(home: Home) -> None:
    """Let anything unexpected end in a sentence, its trace in a log file.

    Args:
        home: The log is written under its `logs`.
    """
    sys.excepthook = functools.partial(_report_bug, home)


def _report_bug(
    home: Home,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    moment = datetime.now(UTC)
    path = home.logs / f"command-{moment:%Y%m%dT%H%M%S}-{os.getpid()}.log"
    lines = traceback.format_exception(kind, error, trace)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")
        where = f"'{path}' tells the rest"
    except OSError:
        where = f"{kind.__name__}: {error}"
    print(
        safe(f"Something went wrong that is not your doing; {where}."), file=sys.stderr
    )
