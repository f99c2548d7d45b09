"""The run store: the single truth about every run, kept by MLflow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import final

from mlflow.entities import Param

from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.runs.store.artifacts import Artifacts
from mtcore.runs.store.connection import plain_errors
from mtcore.runs.store.deletions import tell_deletion
from mtcore.runs.store.listing import Listing
from mtcore.runs.store.merging import merged_labels, merged_note
from mtcore.runs.store.recording import Recording
from mtcore.runs.store.run import ACTIVE, Run, RunProgress
from mtcore.runs.store.study import Study
from mtcore.runs.store.tags import (
    ARCHIVED,
    ATTEMPTS,
    DELETED,
    ENDED_BY,
    FAILURE,
    STOP,
    about_tags,
    creation_tags,
    facts_of,
    progress_tags,
)
from mtcore.runs.store.takeaways import forget_all
from mtcore.spec import Experiment

LONGEST_NAME = 300


@final
class RunStore(Recording):
    """Creates, changes and reads runs. Safe to use from threads and processes.

    Metric keys are `<split>/<head id>/<metric>`, as MLflow refuses some of the letters
    that people put into names.

    Args:
        home: Where the default store and the cache lie.
        tracking_uri: Any MLflow store, or None for an SQLite file under home.
    """

    def __init__(self, home: Home, tracking_uri: str | None) -> None:
        super().__init__(home, tracking_uri)
        self._home = home
        self._artifacts = Artifacts(home, self._connection)
        self._listing = Listing(self._connection)

    def create(
        self,
        experiment: Experiment,
        dataset_id: str,
        *,
        dataset_name: str,
        parent: str | None = None,
        study: Study | None = None,
    ) -> str:
        """Return the id of a new run, SCHEDULED.

        Args:
            experiment: What to train.
            dataset_id: The data set to train on.
            dataset_name: What people call it, kept for when it is gone.
            parent: The run it was made from with changes, or that it is a study of.
            study: The question about its parent that it answers, if it is a study.
        """
        tags = creation_tags(experiment, dataset_id, dataset_name, parent, study)
        with plain_errors(self._connection.uri):
            made = self._client.create_run(
                self._connection.experiment_id, tags=tags, run_name=experiment.name
            )
            run_id = str(made.info.run_id)
            self._client.update_run(run_id, status="SCHEDULED")
            params = [Param(key, value) for key, value in facts_of(experiment).items()]
            self._client.log_batch(run_id, params=params)
        return run_id

    def get(self, run_id: str) -> Run:
        """Return a run as it is now.

        Raises:
            MissingError: There is none with this id, or it was deleted.
        """
        run = self._read(run_id)
        if run.deleted:
            msg = f"The run '{run.name}' was deleted. Choose another one from the list."
            raise MissingError(msg, where=run_id)
        return run

    def list(
        self, *, include_deleted: bool = False, include_archived: bool = False
    ) -> tuple[Run, ...]:
        """Return all runs, the newest first."""
        runs = self._listing.runs()
        if not include_archived:
            runs = tuple(run for run in runs if not run.archived)
        if not include_deleted:
            return runs
        every = {run.id: run for run in (*runs, *self._listing.deleted())}
        newest = sorted(every.values(), key=lambda run: run.created, reverse=True)
        return tuple(newest)

    def studies(self, run_id: str) -> tuple[Run, ...]:
        """Return the studies of a run, the newest first; no list of runs has them."""
        return self._listing.studies(run_id)

    def active(self) -> tuple[Run, ...]:
        """Return the runs that wait, train or were interrupted, the newest first.

        Studies are among them, as they wait in the same queue.
        """
        return self._listing.active()

    def rename(self, run_id: str, name: str, *, known_as: str | None = None) -> bool:
        """Give a run another name; an empty one changes nothing.

        Args:
            run_id: Which run.
            name: At most 300 letters are kept.
            known_as: What whoever asks knows it as.

        Returns:
            False where the run is called otherwise by now, and keeps that name.
        """
        if known_as is not None and self._read(run_id).name != known_as:
            self._listing.update(run_id)
            return False
        if name.strip():
            with plain_errors(self._connection.uri, run_id):
                self._client.update_run(run_id, name=name.strip()[:LONGEST_NAME])
            self._listing.update(run_id)
        return True

    def describe(
        self,
        run_id: str,
        note: str,
        labels: Sequence[str],
        *,
        known_as: Run | None = None,
    ) -> None:
        """Keep what people write about a run, and the words they tell it by.

        Args:
            run_id: Which run.
            note: At most 2,000 letters are kept.
            labels: At most 20 are kept, of 40 letters each, none twice.
            known_as: The run as whoever asks knows it. What somebody else wrote about
                it since then stays beside what is written now.
        """
        if known_as is not None:
            now = self._read(run_id)
            note = merged_note(known_as.note, note.strip(), now.note)
            labels = merged_labels(known_as.labels, labels, now.labels)
        self._set_tags(run_id, about_tags(note, labels))
        self._listing.update(run_id)

    def archive(self, run_ids: Collection[str], *, archived: bool = True) -> None:
        """Put runs out of the way, or bring them back; nothing of them is removed."""
        for run_id in run_ids:
            self._set_tags(run_id, {ARCHIVED: "1" if archived else ""})
            self._listing.update(run_id)

    def delete(self, run_id: str) -> None:
        """Put a run aside; `restore` brings it back. One that still runs is ended.

        So are its studies, which nobody could look at. Files that were made of it to
        take away are removed, as they can be made again.
        """
        if self._read(run_id).status in ACTIVE:
            self.kill(run_id)
        for study in self.studies(run_id):
            if study.status in ACTIVE:
                self.kill(study.id)
        self._set_tags(run_id, {DELETED: datetime.now(UTC).isoformat()})
        with plain_errors(self._connection.uri, run_id):
            self._client.delete_run(run_id)
        tell_deletion(self._home)
        forget_all(self._home, run_id)
        self._listing.update(run_id)

    def restore(self, run_id: str) -> None:
        """Bring a deleted run back."""
        with plain_errors(self._connection.uri, run_id):
            self._client.restore_run(run_id)
        tell_deletion(self._home)
        self._listing.update(run_id)

    def purge_deleted(self, before: datetime) -> None:
        """Give back the space of runs that were deleted before a moment, for good."""
        for run in self._listing.deleted():
            if run.deleted_at is not None and run.deleted_at < before:
                self._artifacts.remove(run.id)

    def queue_again(self, run_id: str) -> None:
        """Make an ended or interrupted run wait once more."""
        fresh = {STOP: "", FAILURE: "", ENDED_BY: "", ATTEMPTS: ""}
        before = self.get(run_id).progress
        program = before.program if before is not None else None
        waiting = RunProgress(stage="waiting", program=program)
        self._set_tags(run_id, fresh | progress_tags(waiting, datetime.now(UTC)))
        self._set_status(run_id, "SCHEDULED")
        self._listing.update(run_id)

    def request_stop(self, run_id: str) -> None:
        """Ask a training to end soon and keep its best epoch."""
        self._set_tags(run_id, {STOP: "1"})

    def artifact(self, run_id: str, name: str) -> Path:
        """Return a file or folder of a run; see `Artifacts.find`."""
        return self._artifacts.find(run_id, name)

    def has_artifact(self, run_id: str, name: str) -> bool:
        """Return whether a run has a file or folder."""
        try:
            return self._artifacts.find(run_id, name).exists()
        except MissingError:
            return False

    def log_artifact(self, run_id: str, path: Path, folder: str | None = None) -> None:
        """Add a file or folder to a run; see `Artifacts.keep`."""
        self._artifacts.keep(run_id, path, folder)
