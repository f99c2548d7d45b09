from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest

from mtcore.engine.progress import Progress
from mtcore.errors import RunError
from mtcore.runs.store.run import RunProgress
from mtcore.runs.store.store import RunStore
from mtcore.runs.tasks.training import reporting
from mtcore.runs.tasks.training.reporting import MOST_EPOCHS_TOLD, Reporter
from mtcore.spec import Experiment
from tests.runs.conditions import wait_until

READING = RunProgress(stage="reading")
Points = dict[str, list[tuple[int, float]]]


@dataclass
class Listener:
    """A store that does not answer for its first few requests."""

    refuses: int = 0
    told: list[tuple[Points, RunProgress]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def log_epochs(self, run_id: str, series: Points, progress: RunProgress) -> None:
        """Take what is told, unless it refuses."""
        del run_id
        with self.lock:
            if self.refuses:
                self.refuses -= 1
                msg = "The store does not answer."
                raise RunError(msg)
            self.told.append((series, progress))

    def stop_requested(self, run_id: str) -> bool:
        """Return that nobody wants to stop."""
        del run_id
        return False

    def epochs(self, key: str) -> list[int]:
        """Return the epochs that were told, in the order they were."""
        return [step for series, _ in self.told for step, _ in series.get(key, [])]


def epoch(number: int, epochs: int = 10) -> Progress:
    return Progress("train", number, epochs, {"train/loss": 1.0 / number})


def test_epochs_that_end_many_times_a_second_are_told_together(
    store: RunStore, short: Experiment
) -> None:
    run_id = store.create(short, "0" * 16, dataset_name="d")
    with Reporter(store, run_id, READING) as reporter:
        for number in range(1, 11):
            reporter.report(epoch(number))
    steps, _ = store.history(run_id)["train/loss"]
    assert steps.tolist() == list(range(1, 11))
    progress = store.get(run_id).progress
    assert progress is not None
    assert (progress.stage, progress.epoch) == ("train", 10)


def test_of_several_networks_it_is_told_which_is_trained() -> None:
    listener = Listener()
    with Reporter(listener, "run", READING) as reporter:
        for number in (1, 2, 3):
            reporter.report(replace(epoch(number), network=1 + number // 3, networks=2))
    # On a busy machine there are signs of life in between, without any epoch.
    told = [
        point
        for series, _ in listener.told
        for point in series.get("train/network", [])
    ]
    assert told == [(1, 1.0), (2, 1.0), (3, 2.0)]


def test_a_thousand_epochs_make_few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    # Time alone gives no reason to tell anything: a stalled machine makes no more.
    for reason in ("WRITE_EVERY_S", "HEARTBEAT_EVERY_S"):
        monkeypatch.setattr(reporting, reason, float("inf"))
    listener = Listener()
    with Reporter(listener, "run", READING) as reporter:
        for number in range(1, 1_001):
            reporter.report(epoch(number, 1_000))
    assert len(listener.told) <= 3
    assert listener.epochs("train/loss") == list(range(1, 1_001))


def test_of_very_many_epochs_some_are_told_and_the_last() -> None:
    listener = Listener()
    with Reporter(listener, "run", READING) as reporter:
        for number in range(1, 5_004):
            reporter.report(epoch(number, 100_000))
    told = listener.epochs("train/loss")
    assert told[:100] == list(range(1, 101))
    assert told[-1] == 5_003
    assert len(told) < 100 + 5_003 / (100_000 / MOST_EPOCHS_TOLD) + 2


def test_what_a_silent_store_missed_is_told_later() -> None:
    listener = Listener(refuses=2)
    with Reporter(listener, "run", READING) as reporter:
        reporter.report(epoch(1))
        wait_until(lambda: listener.refuses < 2)
        reporter.report(epoch(2))
        wait_until(lambda: bool(listener.told))
        reporter.report(epoch(3))
    assert listener.epochs("train/loss") == [1, 2, 3]


def test_a_wish_to_stop_is_heard(store: RunStore, short: Experiment) -> None:
    run_id = store.create(short, "0" * 16, dataset_name="d")
    with Reporter(store, run_id, READING) as reporter:
        assert not reporter.stop()
        store.request_stop(run_id)
        wait_until(reporter.stop)


def test_a_run_that_is_deleted_meanwhile_stops(
    store: RunStore, short: Experiment
) -> None:
    run_id = store.create(short, "0" * 16, dataset_name="d")
    with Reporter(store, run_id, READING) as reporter:
        store.delete(run_id)
        wait_until(reporter.stop)
        reporter.report(epoch(1))


def test_a_compiling_engine_does_not_forget_how_far_the_run_was() -> None:
    listener = Listener()
    resumed = RunProgress(stage="resuming", epoch=40, epochs=100)
    with Reporter(listener, "run", resumed) as reporter:
        reporter.report(Progress("compile", epochs=100))
    assert listener.told[-1][1] == RunProgress(stage="compile", epoch=40, epochs=100)
