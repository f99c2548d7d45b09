"""What a training tells the store while it runs, and what it hears from people.

The engine reports many times a second; a thread of its own passes that on at most
twice a second, gives a sign of life while the engine compiles, and looks for a person's
wish to stop. A store that does not answer for a while costs no training.
"""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import Literal, Protocol, final

from mtcore.errors import MissingError, RunError
from mtcore.runs.store.run import RunProgress, Stage
from mtcore.spec.training import NETWORK_KEY

TICK_S = 0.25
WRITE_EVERY_S = 0.5
HEARTBEAT_EVERY_S = 3.0
# A curve of more points than these would be thinned out by every chart.
MOST_EPOCHS_TOLD = 1_000
ALL_TOLD_UP_TO = 100
_log = logging.getLogger(__name__)


class EngineProgress(Protocol):
    """What the engine reports; see `mtcore.engine.progress`."""

    @property
    def stage(self) -> Literal["encode", "compile", "train", "trees", "finish"]:
        """What is being done."""

    @property
    def epoch(self) -> int:
        """Epochs finished."""

    @property
    def epochs(self) -> int:
        """The most there will be."""

    @property
    def network(self) -> int:
        """Which of the networks is trained, from 1."""

    @property
    def networks(self) -> int:
        """How many are averaged."""

    @property
    def metrics(self) -> dict[str, float]:
        """Values of the epoch that has just ended, or nothing."""

    @property
    def seconds_left(self) -> float | None:
        """An estimate, or None."""

    @property
    def program(self) -> str | None:
        """How the epochs run, where that is told."""


class Told(Protocol):
    """What is told: a run store, or the part of one that this needs."""

    def log_epochs(
        self,
        run_id: str,
        series: dict[str, list[tuple[int, float]]],
        progress: RunProgress,
    ) -> None:
        """Take values of metrics by epoch, and how far the run is."""

    def stop_requested(self, run_id: str) -> bool:
        """Return whether the run should end."""


@final
class Reporter:
    """Stands between a training and the store; use it as a context manager.

    Args:
        store: Where the run is told about.
        run_id: Which run.
        progress: Where it is when work begins.
    """

    def __init__(self, store: Told, run_id: str, progress: RunProgress) -> None:
        self._store = store
        self._run_id = run_id
        self._lock = threading.Lock()
        self._progress = progress
        self._told = progress
        self._series: dict[str, list[tuple[int, float]]] = {}
        self._last: tuple[int, dict[str, float]] | None = None
        self._written_at = time.monotonic()
        self._stop = threading.Event()
        self._ended = threading.Event()
        # Set where a person waits for what has come: the first epoch, and the end.
        self._awaited = threading.Event()
        self._first_told = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="report")

    def __enter__(self) -> Reporter:
        # A wish from before the work began is known before any of it is done.
        self._listen()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._awaited.set()
        self._thread.join()
        self._pass_on()

    def report(self, progress: EngineProgress) -> None:
        """Take what the engine reports; returns at once."""
        with self._lock:
            # A training that goes on from a checkpoint says how far it was only later.
            epoch = max(progress.epoch, self._progress.epoch)
            self._progress = RunProgress(
                stage=progress.stage,
                epoch=epoch,
                epochs=progress.epochs,
                seconds_left=progress.seconds_left,
                network=progress.network,
                networks=progress.networks,
                program=progress.program or self._progress.program,
            )
            if progress.metrics:
                metrics = dict(progress.metrics)
                if progress.networks > 1:
                    metrics[NETWORK_KEY] = float(progress.network)
                self._take(progress.epoch, progress.epochs, metrics)
                if not self._first_told:
                    self._first_told = True
                    self._awaited.set()

    def say(self, stage: Stage) -> None:
        """Say what is being done around the training."""
        with self._lock:
            update = {"stage": stage, "seconds_left": None}
            self._progress = self._progress.model_copy(update=update)

    def stop(self) -> bool:
        """Return whether a person wants the training to end."""
        return self._stop.is_set()

    def _take(self, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        stride = max(epochs // MOST_EPOCHS_TOLD, 1)
        self._last = (epoch, metrics)
        if epoch <= ALL_TOLD_UP_TO or epoch % stride == 0:
            self._tell_last()

    def _tell_last(self) -> None:
        if self._last is not None:
            epoch, metrics = self._last
            for key, value in metrics.items():
                self._series.setdefault(key, []).append((epoch, value))
            self._last = None

    def _run(self) -> None:
        while not self._ended.is_set():
            self._awaited.wait(TICK_S)
            silent_s = time.monotonic() - self._written_at
            news = bool(self._series) or self._progress != self._told
            due = self._awaited.is_set() or silent_s > WRITE_EVERY_S
            self._awaited.clear()
            if silent_s > HEARTBEAT_EVERY_S or (news and due):
                self._pass_on()
            self._listen()

    def _pass_on(self) -> None:
        with self._lock:
            if self._ended.is_set():
                self._tell_last()
            series, self._series = self._series, {}
            progress = self._progress
        self._written_at = time.monotonic()
        try:
            self._store.log_epochs(self._run_id, series, progress)
            self._told = progress
        except MissingError:
            self._stop.set()
        except RunError as error:
            _log.warning("Run %s could not be told about: %s", self._run_id, error)
            with self._lock:
                for key, points in self._series.items():
                    series.setdefault(key, []).extend(points)
                self._series = series

    def _listen(self) -> None:
        try:
            if self._store.stop_requested(self._run_id):
                self._stop.set()
        except MissingError:
            self._stop.set()
        except RunError as error:
            _log.warning("Run %s could not be looked up: %s", self._run_id, error)
