"""The queue of trainings: submitted, stopped, resumed, and seen through."""

from __future__ import annotations

import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import final

from mtcore.errors import RunError
from mtcore.runs.cluster.cluster import Cluster
from mtcore.runs.store.run import ACTIVE, Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.workspace.watching import Watch

FRESH_S = 3.0


@final
class Queue:
    """Brings runs of a store to the workers of a cluster.

    Args:
        runs: The store.
        cluster: The workers.
        place: The home's folder and the store's address, as tasks need them.
    """

    def __init__(
        self, runs: RunStore, cluster: Cluster, place: tuple[str, str | None]
    ) -> None:
        self._runs = runs
        self._cluster = cluster
        self._place = place
        self._watch = Watch(runs, self._submit_unknown)
        self._due: deque[str] = deque()
        self._submitting = threading.Lock()

    def submit(self, run_id: str) -> None:
        """Queue a run's training, without waiting for workers to be started.

        What was asked for first is queued first, however long that takes.
        """
        self._due.append(run_id)
        if self._cluster.alive():
            self._submit_due()
        else:
            threading.Thread(
                target=self._submit_due, daemon=True, name="submit"
            ).start()
        self._watch.begin()

    def stop(self, run_id: str) -> None:
        """End a training and keep its best epoch; a waiting run is thrown away."""
        match self._runs.get(run_id).status:
            case "SCHEDULED":
                self._runs.kill(run_id)
            case "RUNNING":
                self._runs.request_stop(run_id)
            case "INTERRUPTED":
                # Somebody must take it up once more to keep its best epoch.
                self._runs.request_stop(run_id)
                self.submit(run_id)
            case "FINISHED" | "FAILED" | "KILLED":
                pass

    def resume(self, run_id: str) -> None:
        """Have an interrupted, failed or cancelled run go on where it was."""
        run = self._runs.get(run_id)
        match run.status:
            case "INTERRUPTED":
                self._submit_unknown((run,))
                self._watch.begin()
            case "FAILED" | "KILLED":
                self._runs.queue_again(run_id)
                self.submit(run_id)
            case "SCHEDULED" | "RUNNING" | "FINISHED":
                pass

    def place_of(self, run_id: str) -> int | None:
        """Return a waiting run's place, from 1; None if it does not wait."""
        waiting = [run for run in self._runs.active() if run.status == "SCHEDULED"]
        waiting.sort(key=lambda run: run.heartbeat or run.created)
        places = {run.id: place for place, run in enumerate(waiting, start=1)}
        return places.get(run_id)

    def recover(self) -> None:
        """See to it that every run that should go on does, after a restart."""
        active = self._runs.active()
        # One that was made this moment is in other hands, such as a command's.
        before = datetime.now(UTC) - timedelta(seconds=FRESH_S)
        waiting = [
            run for run in active if run.status != "RUNNING" and run.created < before
        ]
        if waiting:
            self._submit_unknown(tuple(reversed(waiting)))
        if active:
            self._watch.begin()

    def close(self) -> None:
        """Look after runs no longer."""
        self._watch.end()

    def _submit_due(self) -> None:
        with self._submitting:
            while self._due:
                self._submit_now(self._due.popleft())

    def _submit_now(self, run_id: str) -> None:
        try:
            self._cluster.submit_training(run_id, (run_id, *self._place))
        except RunError as error:
            self._runs.fail(run_id, error.message)

    def _submit_unknown(self, runs: tuple[Run, ...]) -> None:
        """Queue runs that the scheduler does not know, in the given order."""
        known = self._cluster.known_trainings()
        for run in runs:
            if run.id not in known and self._runs.get(run.id).status in ACTIVE:
                self._cluster.submit_training(run.id, (run.id, *self._place))
