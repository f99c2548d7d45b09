"""Waiting for what other processes do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore

LOOK_S = 0.02
# Long, as a shared machine stalls at times; a test that passes does not wait for it.
PATIENCE_S = 240.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once a condition holds.

    Raises:
        AssertionError: It did not in time.
    """
    begun = time.monotonic()
    pause = threading.Event()
    while not condition():
        assert time.monotonic() - begun < PATIENCE_S, "waited in vain"
        pause.wait(LOOK_S)


def wait_for_run(store: RunStore, run_id: str, wanted: Callable[[Run], bool]) -> Run:
    """Return a run once it is as wanted."""
    seen = [store.get(run_id)]

    def look() -> bool:
        seen[0] = store.get(run_id)
        return wanted(seen[0])

    wait_until(look)
    return seen[0]


def has_ended(run: Run) -> bool:
    """Return whether a run will not change any more."""
    return run.status in ("FINISHED", "FAILED", "KILLED")
