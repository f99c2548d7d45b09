"""The runs that commands work on: the same ones that the dashboard shows."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from mtcore.home import Home

if TYPE_CHECKING:
    from mtcore.runs.store.store import RunStore


def tracking_uri() -> str | None:
    """Return the tracking server that the environment names, or None for our own."""
    return os.environ.get("MLFLOW_TRACKING_URI") or None


def open_store(home: Home) -> RunStore:
    """Return the run store; importing it takes a second.

    From here on, what libraries have to say goes to a log file.
    """
    home.logs.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=home.logs / "commands.log", level=logging.WARNING)
    from mtcore.runs.store.store import RunStore

    return RunStore(home, tracking_uri())
