"""What a page holds: data sets, drafts, runs and the workers behind them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import final

import orjson

from mtcore.arrays import FloatArray
from mtcore.data.checks import check
from mtcore.data.coverage import Coverage
from mtcore.data.inputs import with_inputs
from mtcore.data.library import Dataset, Library
from mtcore.errors import MissingError, RunError
from mtcore.home import Home
from mtcore.runs.cluster import Cluster
from mtcore.runs.disk import RESTORABLE_S, disk_usage, size_of, tidy
from mtcore.runs.drafts import Drafts
from mtcore.runs.errands import (
    WITH_INPUTS,
    ModelAnswer,
    ScoredColumns,
    Sweep,
    TaskName,
)
from mtcore.runs.names import (
    BASELINES_FILE,
    BASELINES_KEY,
    IMPORTANCE_KEY,
    SEGMENTS_KEY,
    program_key,
)
from mtcore.runs.queue import Queue
from mtcore.runs.store import RunStore
from mtcore.runs.study import STUDY_WORDS, Study
from mtcore.runs.summary import Score
from mtcore.runs.takeaways import (
    KEY,
    Takeaway,
    TakeawayName,
    forget_takeaway,
    read_takeaway,
    takeaways_folder,
)
from mtcore.spec import Experiment, Reading
from mtcore.whatif.averages import AverageResponse
from mtcore.whatif.goals import Goal, Sought

__all__ = ["ModelAnswer", "Workspace", "open_workspace"]

ANSWERS_WITHIN_S = 60.0
READS_WITHIN_S = 600.0
DISK_USE_AGE_S = 5.0
LONGEST_NAME = 300
Scores = Mapping[str, Mapping[str, Score]]
"""Metric values by head and metric."""


def open_workspace(
    home: Home, *, tracking_uri: str | None = None, scheduler: str | None = None
) -> Workspace:
    """Return the workspace of a home; workers are found or started when needed.

    Args:
        home: Where everything is kept.
        tracking_uri: An MLflow store, or None for the default one under home.
        scheduler: A team's Dask scheduler, or None for one on this machine.

    Raises:
        RunError: The run store cannot be opened.
    """
    runs = RunStore(home, tracking_uri or None)
    return Workspace(home, runs, Cluster(home, scheduler or None), tracking_uri or None)


@final
class Workspace:
    """Everything that pages call; safe to share between threads.

    Args:
        home: Where everything is kept.
        runs: The run store.
        cluster: The way to the workers.
        tracking_uri: As the run store was given it, for the workers.

    Attributes:
        library: The data sets.
        drafts: Experiments that are being designed.
    """

    def __init__(
        self, home: Home, runs: RunStore, cluster: Cluster, tracking_uri: str | None
    ) -> None:
        self.home = home
        self.runs = runs
        self.cluster = cluster
        self.library = Library(home)
        self.drafts = Drafts(home)
        self._place = (str(home.root), tracking_uri)
        self._queue = Queue(runs, cluster, self._place)
        self._asked: set[str] = set()
        self._disk_use: tuple[float, dict[str, int]] | None = None

    def warm_up(self) -> None:
        """Have workers found or started, in the background, before they are needed."""
        threading.Thread(target=self._connect, daemon=True, name="connect").start()

    def import_file(
        self,
        path: Path,
        reading: Reading | None = None,
        missing: Sequence[str] = (),
        *,
        name: str | None = None,
    ) -> Dataset:
        """Return the data set of a file, read by a worker.

        Args:
            path: The file.
            reading: How to read it, where finding out by itself is not wanted.
            missing: Cells that count as missing besides the usual ones.
            name: What people call it; the file's name by default.

        Raises:
            ReadingError: The file cannot be read as a table.
            ClusterError: No worker answers.
        """
        options = (reading or Reading()).model_dump_json()
        dataset_id: str = self.cluster.ask(
            str,
            "read_file",
            *(str(path.absolute()), options, tuple(missing), name or path.name),
            self._place[0],
            timeout_s=READS_WITHIN_S,
        )
        return self.library.get(dataset_id)

    def start_run(
        self, experiment: Experiment, dataset_id: str, parent: str | None = None
    ) -> str:
        """Return the id of a new run, queued for training.

        Args:
            experiment: What to train.
            dataset_id: What to train it on.
            parent: The run it was made from with changes.

        Raises:
            MissingError: There is no such data set.
            ExperimentError: The experiment cannot be trained on this data.
        """
        dataset = self.library.get(dataset_id)
        check(experiment, dataset.profile)
        whole = with_inputs(experiment, dataset.profile)
        run_id = self.runs.create(
            whole, dataset_id, dataset_name=dataset.name, parent=parent
        )
        self._queue.submit(run_id)
        return run_id

    def start_study(self, run_id: str, study: Study) -> str:
        """Return the id of a new study of a run, queued as trainings are.

        Args:
            run_id: A run whose experiment is trained in variations.
            study: The question.

        Raises:
            MissingError: There is no such run.
        """
        run = self.runs.get(run_id)
        name = f"{STUDY_WORDS[study.kind]}: {run.name}"[:LONGEST_NAME]
        study_id = self.runs.create(
            run.experiment.model_copy(update={"name": name}),
            run.dataset_id,
            dataset_name=run.dataset_name,
            parent=run_id,
            study=study,
        )
        self._queue.submit(study_id)
        return study_id

    def stop_run(self, run_id: str) -> None:
        """End a training and keep its best epoch; a waiting run is thrown away."""
        self._queue.stop(run_id)

    def resume_run(self, run_id: str) -> None:
        """Have an interrupted, failed or cancelled run go on where it was."""
        self._queue.resume(run_id)

    def queue_place(self, run_id: str) -> int | None:
        """Return a waiting run's place in the queue, from 1; None if it waits not."""
        return self._queue.place_of(run_id)

    def recover(self) -> None:
        """See to it that every run that should go on does, after a restart.

        What was deleted long ago, or left by work that was cut off, is removed.

        Raises:
            RunError: The run store or the workers do not answer.
        """
        tidy(self.home, {run.id for run in self.runs.active()})
        self.runs.purge_deleted(datetime.now(UTC) - timedelta(seconds=RESTORABLE_S))
        self._queue.recover()

    def predict(
        self, run_id: str, records: Sequence[Mapping[str, object]]
    ) -> dict[str, FloatArray]:
        """Return what all heads answer for some rows, `(rows, width)` a head.

        Args:
            run_id: A finished run.
            records: Cells by column; what is left out is missing.
        """
        rows = [dict(record) for record in records]
        answer: dict[str, FloatArray] = self.cluster.ask(
            dict,
            "predict_records", run_id, rows, *self._place,
            timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def response_curves(
        self,
        run_id: str,
        record: Mapping[str, object],
        column: str,
        values: Sequence[object],
    ) -> dict[str, FloatArray]:
        """Return how all heads go with one input, `(values, width)` a head.

        Args:
            run_id: A finished run.
            record: The row's cells by column.
            column: The input that is changed.
            values: What it is set to, one after the other.
        """
        answer: dict[str, FloatArray] = self.cluster.ask(
            dict,
            "response",
            run_id,
            Sweep(dict(record), column, list(values)),
            *self._place,
            timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def average_curves(
        self, run_id: str, column: str, values: Sequence[object]
    ) -> AverageResponse:
        """Return how all heads go with one input, on average over test rows.

        Args:
            run_id: A finished run.
            column: One of its inputs.
            values: What it is set to, one after the other.
        """
        answer: AverageResponse = self.cluster.ask(
            AverageResponse,
            "average_curves", run_id, column, list(values), *self._place,
            timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def seek(self, run_id: str, goal: Goal) -> Sought:
        """Return the nearest edits of a row that make all heads answer as is wanted.

        Args:
            run_id: A finished run.
            goal: What is looked for, and from which row.

        Raises:
            InputError: A condition names a head or output that there is not.
        """
        return self.cluster.ask(
            Sought,
            "seek_goal", run_id, goal, *self._place, timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip

    def differences(self, run_id: str, dataset_id: str) -> tuple[str, ...]:
        """Return how a data set's rows differ from a run's training rows, in sentences.

        Args:
            run_id: A finished run.
            dataset_id: Rows to be scored.

        Raises:
            ColumnError: The rows have none of the inputs.
        """
        answer: tuple[str, ...] = self.cluster.ask(
            tuple,
            "tell_differences", run_id, dataset_id, *self._place,
            timeout_s=READS_WITHIN_S,
        )  # fmt: skip
        return answer

    def score(
        self,
        run_id: str,
        dataset_id: str,
        besides: ScoredColumns = WITH_INPUTS,
    ) -> Path:
        """Return a CSV with a model's answers for every row of a data set.

        Args:
            run_id: A finished run.
            dataset_id: The rows, in any data set with the run's input columns.
            besides: What stands in the file besides the answers.
        """
        answer: Path = self.cluster.ask(
            Path,
            "score_dataset", run_id, dataset_id, *self._place, besides,
            timeout_s=READS_WITHIN_S,
        )  # fmt: skip
        return answer

    def count_labels(self, experiment: Experiment, dataset_id: str) -> Coverage:
        """Return which parts of a data set hold which labels, counted by a worker.

        Raises:
            InputError: The experiment does not fit the data.
            ClusterError: No worker answers.
        """
        answer: Coverage = self.cluster.ask(
            Coverage,
            "count_coverage", experiment.model_dump_json(), dataset_id, self._place[0],
            timeout_s=READS_WITHIN_S,
        )  # fmt: skip
        return answer

    def describe(self, experiment: Experiment, dataset_id: str) -> ModelAnswer:
        """Return the network that an experiment would build, with its Keras code.

        Raises:
            InputError: The experiment does not fit the data.
        """
        answer: ModelAnswer = self.cluster.ask(
            ModelAnswer,
            "describe_experiment", experiment.model_dump_json(), dataset_id,
            self._place[0], timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def prepare(self, experiment: Experiment, dataset_id: str) -> None:
        """Have the program of an experiment compiled ahead of need; returns at once.

        What was still to be compiled for the same data set is dropped.
        """
        self.cluster.prepare(
            dataset_id, program_key(experiment, dataset_id), "prepare_program",
            experiment.model_dump_json(), dataset_id, *self._place,
        )  # fmt: skip

    def boosted_scores(self, run_id: str, part: str = "test") -> Scores | None:
        """Return the metrics of gradient-boosted trees beside a finished run.

        None while they are being made, which begins now if it has not; no heads where
        they could not be made.

        Args:
            run_id: A finished run.
            part: `validation` or `test`.
        """
        try:
            content = self.runs.artifact(run_id, BASELINES_FILE).read_bytes()
        except MissingError:
            self._have_made(BASELINES_KEY, "judge_baselines", run_id)
            return None
        boosted: dict[str, Scores] = orjson.loads(content)["boosted"]
        return boosted.get(part, {})

    def work_out_importance(self, run_id: str) -> None:
        """Have what a finished run's heads rest on worked out; returns at once."""
        self._have_made(IMPORTANCE_KEY, "judge_importance", run_id)

    def work_out_segments(self, run_id: str) -> None:
        """Have where a finished run's heads are weak worked out; returns at once."""
        self._have_made(SEGMENTS_KEY, "judge_segments", run_id)

    def take_away(self, run_id: str, name: TakeawayName) -> None:
        """Have something made of a finished run in the background; returns at once.

        Args:
            run_id: A finished run.
            name: What to make. What was made before is forgotten.
        """
        forget_takeaway(self.home, run_id, name)
        key = KEY.format(name, run_id)
        self.cluster.background(key, "make_takeaway", run_id, name, *self._place)

    def takeaway(self, run_id: str, name: TakeawayName) -> Takeaway | None:
        """Return what was made of a run, or why not; None while it is not there."""
        return read_takeaway(self.home, run_id, name)

    def takeaway_file(self, run_id: str, file: str) -> Path:
        """Return where a file that was made of a run lies."""
        return takeaways_folder(self.home, run_id) / file

    def disk_usage(self) -> dict[str, int]:
        """Return bytes by what they are for, a few seconds old at most."""
        now = time.monotonic()
        if self._disk_use is None or now - self._disk_use[0] > DISK_USE_AGE_S:
            self._disk_use = (now, disk_usage(self.home))
        return self._disk_use[1]

    def run_bytes(self, run_id: str) -> int:
        """Return the space that a run's files under home take."""
        folders = (self.home.artifacts, self.home.checkpoints)
        return size_of([folder / run_id for folder in folders])

    def close(self) -> None:
        """Let go of the workers, which go on."""
        self._queue.close()
        self.cluster.close()

    def _have_made(self, key: str, task: TaskName, run_id: str) -> None:
        """Have something about a run made in the background, asked for once."""
        name = key.format(run_id)
        if name not in self._asked:
            self._asked.add(name)
            self.cluster.background(name, task, run_id, *self._place)

    def _connect(self) -> None:
        try:
            self.cluster.connect()
        except RunError:
            # Whoever needs the workers will be told.
            return
