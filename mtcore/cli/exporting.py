"""`export`: what a run becomes for others to use."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TextIO, cast

from mtcore.cli.run_commands import finished_run
from mtcore.cli.store import tracking_uri
from mtcore.cli.text import safe
from mtcore.errors import InputError
from mtcore.home import Home
from mtcore.runs.store.exports import EXPORTS, ExportKind


def export(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Write a run's model, script or report to where a person wants it."""
    from mtcore.runs.tasks.takeaways.exporting import export_run

    kind = cast(ExportKind, asked.to)
    out = _free_place(kind, asked.out)
    run = finished_run(asked.run, home)
    made = export_run(run.id, kind, str(home.root), tracking_uri())
    try:
        if made.path.is_dir():
            shutil.copytree(made.path, out, dirs_exist_ok=True)
        else:
            shutil.copyfile(made.path, out)
    except OSError as error:
        msg = (
            f"'{out}' can't be written: {error.strerror}. Choose another place with "
            "--out."
        )
        raise InputError(msg) from error
    print("\n".join([f"Wrote {safe(str(out))}.", *map(safe, made.notes)]), file=output)
    return 0


def _free_place(kind: ExportKind, name: str) -> Path:
    """Return where to write.

    Raises:
        InputError: It can't be there.
    """
    path, suffix = Path(name).expanduser(), EXPORTS[kind].suffix
    if suffix and path.suffix.lower() != suffix:
        msg = (
            f"--out is '{path}', but the name of a {EXPORTS[kind].label} must end in "
            f"{suffix}, such as {EXPORTS[kind].stem}{suffix}."
        )
        raise InputError(msg)
    if not suffix and path.exists() and (path.is_file() or any(path.iterdir())):
        msg = (
            f"'{path}' is there already, and a {EXPORTS[kind].label} is a folder of "
            "its own. Name a new one with --out."
        )
        raise InputError(msg)
    if suffix and path.is_dir():
        msg = f"'{path}' is a folder. Name a file with --out."
        raise InputError(msg)
    if not path.parent.is_dir():
        msg = f"There is no folder '{path.parent}'. Make it, or choose another place."
        raise InputError(msg)
    return path
