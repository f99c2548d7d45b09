"""Training one run from start to end, in a worker or in any other process."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from mtcore.data.checks import check
from mtcore.data.splits.splits import split_rows
from mtcore.errors import MissingError
from mtcore.runs.cluster.errands import Errand
from mtcore.runs.cluster.retirement import leave_if_worn_out
from mtcore.runs.cluster.sending import send_on
from mtcore.runs.cluster.task_keys import BASELINES_KEY
from mtcore.runs.cluster.warmth import wait_until_warm
from mtcore.runs.store.run import EndedBy, Run, RunProgress
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.summary import RunSummary, Seconds
from mtcore.runs.tasks.held import (
    home_at,
    library_at,
    rows_for,
    scratch_folder,
    store_at,
)
from mtcore.runs.tasks.judging.outcome import (
    judge,
    shown_metrics,
    summarise,
    write_files,
)
from mtcore.runs.tasks.training.attempts import failures_told, taken_up
from mtcore.runs.tasks.training.reporting import Reporter
from mtcore.runs.tasks.training.studying import is_study, run_study


def train_run_in_turn(
    run_id: str, home_root: str, tracking_uri: str | None = None
) -> None:
    """Train a run in the worker whose turn it is, and have baselines made after it.

    A study of a run is done instead where that is what the id stands for.
    """
    leave_if_worn_out()
    if is_study(run_id, home_root, tracking_uri):
        run_study(run_id, home_root, tracking_uri)
        return
    train_run(run_id, home_root, tracking_uri)
    if store_at(home_root, tracking_uri).status(run_id) == "FINISHED":
        judging: Errand = ("judge_baselines", (run_id, home_root, tracking_uri))
        send_on(judging, BASELINES_KEY.format(run_id))


def train_run(run_id: str, home_root: str, tracking_uri: str | None = None) -> None:
    """Train, judge and keep the model of a run; the store tells how it ended.

    A run that was interrupted goes on from its last checkpoint. One that has ended or
    was thrown away meanwhile is left alone.

    Args:
        run_id: Made by `RunStore.create`.
        home_root: See the package.
        tracking_uri: See the package.
    """
    store = store_at(home_root, tracking_uri)
    run = taken_up(store, run_id)
    if run is None:
        return
    work = _Work(run, store, home_root, time.monotonic())
    progress = work.first_progress()
    store.start(run_id, progress)
    with failures_told(store, run_id):
        # What has ended tells nothing more, so all is told before.
        with Reporter(store, run_id, progress) as reporter:
            ended = _train(work, reporter)
        if ended is not None:
            store.finish(run_id, *ended)
    # A failed run keeps its checkpoint: it can be resumed.
    if store.status(run_id) in ("FINISHED", "KILLED"):
        shutil.rmtree(work.checkpoint, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Work:
    """What one training is about."""

    run: Run
    store: RunStore
    home_root: str
    begun: float

    @property
    def checkpoint(self) -> Path:
        return home_at(self.home_root).checkpoints / self.run.id

    def program(self) -> str | None:
        """Return how this run, or else the one it was made from, was trained."""
        own = self.run.progress
        if own is not None and own.program is not None:
            return own.program
        if self.run.parent is None:
            return None
        try:
            parent = self.store.get(self.run.parent).progress
        except MissingError:
            return None
        return parent.program if parent is not None else None

    def first_progress(self) -> RunProgress:
        before = self.run.progress
        if before is None or not self.checkpoint.exists():
            return RunProgress(stage="reading", program=self.program())
        return before.model_copy(update={"stage": "resuming", "seconds_left": None})


def _train(work: _Work, reporter: Reporter) -> tuple[RunSummary, EndedBy] | None:
    """Train, judge and keep a run; None where it was ended meanwhile."""
    run = work.run
    dataset = library_at(work.home_root).get(run.dataset_id)
    experiment = run.experiment
    check(experiment, dataset.profile)
    table = rows_for(experiment, dataset.id, work.home_root)
    split = split_rows(experiment, table)
    read_s = time.monotonic() - work.begun
    wait_until_warm()
    from mtcore.engine.rows.blocks import Scratch
    from mtcore.engine.training.trainer import train

    trained = train(
        experiment,
        table,
        split,
        checkpoint=work.checkpoint,
        report=reporter.report,
        program=work.program(),
        stop=reporter.stop,
        scratch=Scratch(scratch_folder(work.home_root)),
    )
    if work.store.status(run.id) == "KILLED":
        return None
    reporter.say("judging")
    with tempfile.TemporaryDirectory(dir=scratch_folder(work.home_root)) as temporary:
        folder = Path(temporary)
        judged = judge(experiment, table, split, trained, folder)
        reporter.say("saving")
        write_files(folder, experiment, trained, judged)
        seconds = Seconds(
            read=read_s,
            compile=trained.seconds["compile"],
            train=trained.seconds["train"],
            total=time.monotonic() - work.begun,
        )
        summary = summarise(run, trained, judged, seconds)
        text = summary.model_dump_json(indent=2)
        (folder / "summary.json").write_text(text, encoding="utf-8")
        for path in folder.iterdir():
            work.store.log_artifact(run.id, path)
    shown = shown_metrics(experiment, judged)
    best = trained.best_epoch
    work.store.log_epochs(
        run.id, {key: [(best, value)] for key, value in shown.items()}
    )
    return summary, trained.ended_by
