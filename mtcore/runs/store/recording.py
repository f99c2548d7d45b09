"""What a worker writes and reads of a run while it trains."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from mlflow.entities import Metric, RunTag

from mtcore.home import Home
from mtcore.runs.store.connection import Connection, missing_run, plain_errors
from mtcore.runs.store.history import History, read_history
from mtcore.runs.store.run import EndedBy, Run, RunProgress, Status
from mtcore.runs.store.study import Point
from mtcore.runs.store.summary import RunSummary
from mtcore.runs.store.tags import (
    ATTEMPTS,
    ENDED_BY,
    FAILURE,
    STOP,
    SUMMARY,
    in_pieces,
    point_tags,
    progress_tags,
    read_points,
    read_run,
)

# MLflow takes so many metric values in one request.
MOST_METRICS = 1_000
Series = Mapping[str, Sequence[tuple[int, float]]]
"""Values a metric, each with its step: `{"train/h0/loss": [(1, 0.9), (2, 0.7)]}`."""


class Recording:
    """The part of the run store that keeps how a run goes and what it comes to.

    Args:
        home: Where the default store lies.
        tracking_uri: Any MLflow store, or None for an SQLite file under home.
    """

    def __init__(self, home: Home, tracking_uri: str | None) -> None:
        self._connection = Connection(home, tracking_uri)
        self._client = self._connection.client

    def points(self, run_id: str) -> tuple[Point, ...]:
        """Return the trainings of a study that are done, in their order.

        Raises:
            MissingError: There is no such run.
        """
        with plain_errors(self._connection.uri, run_id):
            return read_points(self._client.get_run(run_id).data.tags)

    def add_point(self, run_id: str, point: Point) -> None:
        """Keep a training of a study that is done."""
        self._set_tags(run_id, point_tags(point))

    def start(self, run_id: str, progress: RunProgress) -> None:
        """Say that a worker has begun with a run."""
        self.set_progress(run_id, progress)
        self._set_status(run_id, "RUNNING")

    def finish(self, run_id: str, summary: RunSummary, ended_by: EndedBy) -> None:
        """End a run that has a model."""
        tags = {ENDED_BY: ended_by, **in_pieces(SUMMARY, summary.model_dump_json())}
        self._set_tags(run_id, tags)
        self._end(run_id, "FINISHED")

    def finish_study(self, run_id: str, ended_by: EndedBy) -> None:
        """End a study, which has points and no model."""
        self._set_tags(run_id, {ENDED_BY: ended_by})
        self._end(run_id, "FINISHED")

    def fail(self, run_id: str, sentence: str) -> None:
        """End a run that could not be done, and say why."""
        self._set_tags(run_id, {FAILURE: sentence[:4000]})
        self._end(run_id, "FAILED")

    def kill(self, run_id: str) -> None:
        """Throw a run away: if it still trains, nothing of it is kept."""
        self._set_tags(run_id, {STOP: "1"})
        self._end(run_id, "KILLED")

    def stop_requested(self, run_id: str) -> bool:
        """Return whether a run should end: stopped, thrown away or deleted."""
        run = self._read(run_id)
        return run.stopping or run.deleted or run.status == "KILLED"

    def set_progress(self, run_id: str, progress: RunProgress) -> None:
        """Say how far a run is; this is its sign of life too."""
        self._set_tags(run_id, progress_tags(progress, datetime.now(UTC)))

    def log_epochs(
        self, run_id: str, series: Series, progress: RunProgress | None = None
    ) -> None:
        """Add values to metrics, all in as few requests as MLflow allows.

        Args:
            run_id: Which run.
            series: The values by metric, each with its epoch.
            progress: How far the run is, said in the same request.
        """
        now = int(time.time() * 1000)
        values = [
            Metric(key, value, now, step)
            for key, points in series.items()
            for step, value in points
        ]
        tags = {} if progress is None else progress_tags(progress, datetime.now(UTC))
        for start in range(0, len(values), MOST_METRICS):
            self._log(run_id, values[start : start + MOST_METRICS], tags)
            tags = {}
        if tags:
            self._log(run_id, [], tags)

    def history(self, run_id: str, groups: Collection[str] = ()) -> History:
        """Return metrics' steps `(n,)` and values `(n,)`, steps ascending.

        Each is a request of its own, so ask for what is shown while a run trains.

        Args:
            run_id: Which run.
            groups: First parts of the keys that are wanted, such as `train`; all of
                them where there are none.

        Raises:
            MissingError: There is no such run.
        """
        with plain_errors(self._connection.uri, run_id):
            return read_history(self._client, run_id, groups)

    def status(self, run_id: str) -> Status:
        """Return a run's status; KILLED for one that was deleted.

        Raises:
            MissingError: There is no such run.
        """
        run = self._read(run_id)
        return "KILLED" if run.deleted else run.status

    def attempts(self, run_id: str) -> tuple[int, int]:
        """Return how often a run was begun without getting further, and how far."""
        with plain_errors(self._connection.uri, run_id):
            told = self._client.get_run(run_id).data.tags.get(ATTEMPTS) or "0 0"
        count, epoch = told.split()
        return int(count), int(epoch)

    def set_attempts(self, run_id: str, count: int, epoch: int) -> None:
        """Remember what `attempts` returns."""
        self._set_tags(run_id, {ATTEMPTS: f"{count} {epoch}"})

    def _read(self, run_id: str) -> Run:
        with plain_errors(self._connection.uri, run_id):
            stored = self._client.get_run(run_id)
        try:
            return read_run(stored, datetime.now(UTC))
        except ValueError as error:
            raise missing_run(run_id) from error

    def _set_status(self, run_id: str, status: str) -> None:
        with plain_errors(self._connection.uri, run_id):
            self._client.update_run(run_id, status=status)

    def _end(self, run_id: str, status: str) -> None:
        with plain_errors(self._connection.uri, run_id):
            self._client.set_terminated(run_id, status)

    def _set_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        self._log(run_id, [], tags)

    def _log(
        self, run_id: str, metrics: Sequence[Metric], tags: Mapping[str, str]
    ) -> None:
        entities = [RunTag(key, value) for key, value in tags.items()]
        with plain_errors(self._connection.uri, run_id):
            self._client.log_batch(run_id, metrics=list(metrics), tags=entities)
