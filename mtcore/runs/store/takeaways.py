"""What was made of a run in the background: files to take away, and how it went."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from mtcore.home import Home
from mtcore.runs.store.exports import ExportKind
from mtcore.spec.base import Frozen


class Comparison(Frozen):
    """One head of a run beside the same head of its script.

    Args:
        head: The head's name.
        off: With the run's weights: how far answers are apart at most, in standard
            deviations of the answers.
        metric: What both are judged by on the test rows.
        run: The run's networks.
        again: The script's, trained again; None where it was not.
    """

    head: str
    off: float
    metric: str
    run: float | None
    again: float | None


class Takeaway(Frozen):
    """Something that was made, or why it could not be.

    Args:
        file: Its name in the folder of the run's takeaways; None where there is none.
        notes: Sentences for people.
        failure: Why it could not be made.
        seconds: How long it took.
        comparisons: Of a script that was checked, head by head.
    """

    file: str | None = None
    notes: tuple[str, ...] = ()
    failure: str | None = None
    seconds: float = 0.0
    comparisons: tuple[Comparison, ...] = ()


TakeawayName = ExportKind | Literal["check"]


def takeaways_folder(home: Home, run_id: str) -> Path:
    """Return where what was made of a run lies; all of it can be made again."""
    return home.cache / "exports" / run_id


def scored_folder(home: Home) -> Path:
    """Return where files of scored rows lie, each called `<run>-<data set>-…`."""
    return home.cache / "scored"


def read_takeaway(home: Home, run_id: str, name: TakeawayName) -> Takeaway | None:
    """Return what was made; None where nothing was, or its file is gone."""
    folder = takeaways_folder(home, run_id)
    try:
        told = (folder / f"{name}.json").read_text(encoding="utf-8")
        found = Takeaway.model_validate_json(told)
    except (FileNotFoundError, ValidationError):
        return None
    if found.file is not None and not (folder / found.file).is_file():
        return None
    return found


def keep_takeaway(home: Home, run_id: str, name: TakeawayName, made: Takeaway) -> None:
    """Tell what was made, whole or not at all."""
    folder = takeaways_folder(home, run_id)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as file:
        file.write(made.model_dump_json())
    Path(file.name).replace(folder / f"{name}.json")


def forget_all(home: Home, run_id: str) -> None:
    """Remove every file that was made of a run, scored rows too."""
    shutil.rmtree(takeaways_folder(home, run_id), ignore_errors=True)
    for path in scored_folder(home).glob(f"{run_id}-*"):
        path.unlink(missing_ok=True)


def forget_takeaway(home: Home, run_id: str, name: TakeawayName) -> None:
    """Forget what was made, so that it can be made again."""
    (takeaways_folder(home, run_id) / f"{name}.json").unlink(missing_ok=True)
