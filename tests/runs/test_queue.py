from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from mtcore.runs.store.store import RunStore
from mtcore.runs.workspace.queue import Queue
from mtcore.spec import Experiment
from tests.runs.conditions import wait_until


@dataclass
class Starting:
    """Workers that are being started while runs are asked for."""

    known: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    up: threading.Event = field(default_factory=threading.Event)

    def alive(self) -> bool:
        """Return whether they can be asked at once."""
        return self.up.is_set()

    def submit_training(self, run_id: str, arguments: tuple[object, ...]) -> None:
        """Take a run; the first one waits until the workers are up."""
        del arguments
        if not self.asked.is_set():
            self.asked.set()
            self.up.wait()
        self.known.append(run_id)


def test_runs_are_queued_as_they_were_asked_for_while_workers_start(
    store: RunStore, short: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtcore.runs.workspace.watching.LOOK_EVERY_S", float(10**6))
    workers = Starting()
    queue = Queue(store, workers, ("home", None))  # type: ignore[arg-type]
    runs = [store.create(short, "0" * 16, dataset_name="d") for _ in range(3)]
    queue.submit(runs[0])
    workers.asked.wait()
    queue.submit(runs[1])
    queue.submit(runs[2])
    workers.up.set()
    wait_until(lambda: len(workers.known) == 3)
    queue.close()
    assert workers.known == runs
