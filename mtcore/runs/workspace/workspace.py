"""What a page holds: data sets, drafts, runs and the workers behind them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import final

from mtcore.data.checks import check
from mtcore.data.library.library import Dataset, Library
from mtcore.data.suggestions.inputs import with_inputs
from mtcore.errors import RunError
from mtcore.home import Home
from mtcore.runs.cluster.cluster import Cluster
from mtcore.runs.cluster.task_keys import program_key
from mtcore.runs.store.store import LONGEST_NAME, RunStore
from mtcore.runs.store.study import STUDY_WORDS, Study
from mtcore.runs.workspace.asking import READS_WITHIN_S
from mtcore.runs.workspace.disk import RESTORABLE_S, disk_usage, tidy
from mtcore.runs.workspace.drafts import Drafts
from mtcore.runs.workspace.making import Making
from mtcore.runs.workspace.queue import Queue
from mtcore.spec import Experiment, Reading

DISK_USE_AGE_S = 5.0


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
class Workspace(Making):
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
        place = (str(home.root), tracking_uri)
        super().__init__(home, runs, cluster, place)
        self.library = Library(home)
        self.drafts = Drafts(home)
        self._queue = Queue(runs, cluster, place)
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

    def prepare(self, experiment: Experiment, dataset_id: str) -> None:
        """Have the program of an experiment compiled ahead of need; returns at once.

        What was still to be compiled for the same data set is dropped.
        """
        self.cluster.prepare(
            dataset_id, program_key(experiment, dataset_id), "prepare_program",
            experiment.model_dump_json(), dataset_id, *self._place,
        )  # fmt: skip

    def disk_usage(self) -> dict[str, int]:
        """Return bytes by what they are for, a few seconds old at most."""
        now = time.monotonic()
        if self._disk_use is None or now - self._disk_use[0] > DISK_USE_AGE_S:
            self._disk_use = (now, disk_usage(self.home))
        return self._disk_use[1]

    def close(self) -> None:
        """Let go of the workers, which go on."""
        self._queue.close()
        self.cluster.close()

    def _connect(self) -> None:
        try:
            self.cluster.connect()
        except RunError:
            # Whoever needs the workers will be told.
            return
