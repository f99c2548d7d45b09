"""Looking after runs that should go on, while there are any."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import final

from mtcore.errors import RunError
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore

LOOK_EVERY_S = 5.0
# A run may wait so long without any other running before somebody looks after it.
PATIENCE_S = 15.0


@final
class Watch:
    """A thread that sees runs through, such as those whose scheduler was ended.

    It lives as long as runs are active and has them queued again where nobody works
    on them.

    Args:
        runs: The store.
        queue_again: Has runs queued that the scheduler does not know.
    """

    def __init__(
        self, runs: RunStore, queue_again: Callable[[tuple[Run, ...]], None]
    ) -> None:
        self._runs = runs
        self._queue_again = queue_again
        self._lock = threading.Lock()
        self._watching = False
        self._ended = threading.Event()

    def begin(self) -> None:
        """Watch from now on, if nobody does yet."""
        with self._lock:
            if self._watching or self._ended.is_set():
                return
            self._watching = True
        threading.Thread(target=self._run, daemon=True, name="watch runs").start()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            try:
                active = self._runs.active()
                if not active:
                    break
                left_alone = runs_left_alone(active, datetime.now(UTC))
                if left_alone:
                    self._queue_again(left_alone)
            except RunError:
                # The store or the workers do not answer; perhaps they will.
                continue
        with self._lock:
            self._watching = False


def runs_left_alone(active: tuple[Run, ...], now: datetime) -> tuple[Run, ...]:
    """Return the runs that nobody seems to work on, the one asked for first first."""
    lost = {run.id for run in active if run.status == "INTERRUPTED"}
    if not any(run.status == "RUNNING" for run in active):
        lost |= {
            run.id
            for run in active
            if (now - (run.heartbeat or run.created)).total_seconds() > PATIENCE_S
        }
    return tuple(run for run in reversed(active) if run.id in lost)
