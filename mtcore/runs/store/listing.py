"""The list of runs, kept in memory and brought up to date in a few milliseconds.

Asking MLflow for 500 runs takes most of a second. Ended runs hardly change, so they are
kept; each look asks for active and lately ended ones alone, and now and then for all,
in the background, as another process may have renamed or deleted some.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import final

from mlflow.entities import Run as StoredRun
from mlflow.entities import ViewType

from mtcore.errors import RunError
from mtcore.runs.store.connection import Connection, plain_errors
from mtcore.runs.store.run import ACTIVE, Run
from mtcore.runs.store.tags import read_run

PAGE = 1_000
LOOK_AT_ALL_AFTER_S = 30.0
# Clocks of machines that share a store differ.
LATELY_S = 90.0
# A run that began and ended elsewhere since the last look is seen so late at most; one
# that was seen to run is missed at once.
LOOK_AT_LATELY_AFTER_S = 1.0
_ACTIVE_FILTER = " and ".join(
    f"attributes.status != '{status}'" for status in ("FINISHED", "FAILED", "KILLED")
)
_log = logging.getLogger(__name__)


@final
class Listing:
    """The runs of a store that are not deleted; safe to use from several threads.

    Args:
        connection: The store.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._ended: dict[str, Run] | None = None
        self._looked_at_all = 0.0
        self._looked_at_lately = 0.0
        self._running: frozenset[str] = frozenset()
        self._looking = False
        self._changes = 0

    def runs(self) -> tuple[Run, ...]:
        """Return the runs without their studies, the newest first."""
        return tuple(run for run in self._all() if run.study is None)

    def studies(self, run_id: str) -> tuple[Run, ...]:
        """Return the studies of a run, the newest first."""
        every = self._all()
        return tuple(run for run in every if run.study and run.parent == run_id)

    def _all(self) -> tuple[Run, ...]:
        looked = time.monotonic()
        with self._lock:
            known = None if self._ended is None else dict(self._ended)
            changes = self._changes
            due = looked - self._looked_at_all > LOOK_AT_ALL_AFTER_S
        if known is None:
            return self._look_at_all(changes)
        if due:
            self._look_at_all_soon(changes)
        active = {run.id: run for run in self.active()}
        found = self._lately_ended(frozenset(active), looked)
        with self._lock:
            if self._changes == changes and self._ended is not None:
                kept = self._ended.keys() - active.keys()
                self._ended = {run_id: self._ended[run_id] for run_id in kept} | found
        return _newest_first((known | active | found).values())

    def _lately_ended(self, running: frozenset[str], looked: float) -> dict[str, Run]:
        """Return runs that may have ended since the last look, by their ids."""
        with self._lock:
            none_ended = self._running <= running
            self._running = running
            if none_ended and looked - self._looked_at_lately < LOOK_AT_LATELY_AFTER_S:
                return {}
            self._looked_at_lately = looked
        since = (time.time() - LATELY_S) * 1000
        lately = self._search(f"attributes.end_time > {since:.0f}")
        return {run.id: run for run in lately if run.status not in ACTIVE}

    def active(self) -> tuple[Run, ...]:
        """Return the runs that wait, train or were interrupted, the newest first."""
        return _newest_first(self._search(_ACTIVE_FILTER))

    def deleted(self) -> tuple[Run, ...]:
        """Return the runs that can be restored, the newest first."""
        found = self._search("", ViewType.DELETED_ONLY)
        return _newest_first(run for run in found if run.study is None)

    def update(self, run_id: str) -> None:
        """Look at one run again, as it was changed here."""
        with plain_errors(self._connection.uri, run_id):
            stored = self._connection.client.get_run(run_id)
        readable = list(_readable([stored]))
        with self._lock:
            self._changes += 1
            if self._ended is None:
                return
            self._ended.pop(run_id, None)
            for run in readable:
                if not run.deleted and run.status not in ACTIVE:
                    self._ended[run_id] = run

    def _look_at_all_soon(self, changes: int) -> None:
        with self._lock:
            if self._looking:
                return
            self._looking = True

        def look() -> None:
            try:
                self._look_at_all(changes)
            except RunError as error:
                _log.warning("The list of runs is not up to date: %s", error.message)
            finally:
                with self._lock:
                    self._looking = False

        threading.Thread(target=look, daemon=True, name="list of runs").start()

    def _look_at_all(self, changes: int) -> tuple[Run, ...]:
        looked = time.monotonic()
        runs = _newest_first(self._search(""))
        with self._lock:
            if self._changes == changes:
                self._ended = {run.id: run for run in runs if run.status not in ACTIVE}
                self._looked_at_all = looked
        return runs

    def _search(self, wanted: str, view: int = ViewType.ACTIVE_ONLY) -> list[Run]:
        stored: list[StoredRun] = []
        token = None
        with plain_errors(self._connection.uri):
            while True:
                page = self._connection.client.search_runs(
                    [self._connection.experiment_id], wanted, view, PAGE,
                    page_token=token,
                )  # fmt: skip
                stored += page
                token = page.token
                if not token:
                    return list(_readable(stored))


def _readable(stored: Iterable[StoredRun]) -> Iterable[Run]:
    now = datetime.now(UTC)
    for entity in stored:
        try:
            yield read_run(entity, now)
        except ValueError as error:
            # Others may keep runs in the same place, and formats grow old.
            _log.warning("Run %s is left out: %s", entity.info.run_id, error)


def _newest_first(runs: Iterable[Run]) -> tuple[Run, ...]:
    return tuple(sorted(runs, key=lambda run: run.created, reverse=True))
