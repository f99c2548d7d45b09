"""Waiting for what other processes do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from mtcore.runs.run import Run
from mtcore.runs.store import RunStore

LOOK_S = 0.02


def wait_until(condition: Callable[[], bool], within_s: float) -> float:
    """Return how many seconds it took for a condition to hold.

    Raises:
        AssertionError: It did not in time.
    """
    begun = time.monotonic()
    pause = threading.Event()
    while not condition():
        assert time.monotonic() - begun < within_s, "waited in vain"
        pause.wait(LOOK_S)
    return time.monotonic() - begun


def wait_for_run(
    store: RunStore, run_id: str, wanted: Callable[[Run], bool], within_s: float = 240.0
) -> Run:
    """Return a run once it is as wanted."""
    seen = [store.get(run_id)]

    def look() -> bool:
        seen[0] = store.get(run_id)
        return wanted(seen[0])

    wait_until(look, within_s)
    return seen[0]


def has_ended(run: Run) -> bool:
    """Return whether a run will not change any more."""
    return run.status in ("FINISHED", "FAILED", "KILLED")
