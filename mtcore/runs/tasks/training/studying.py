"""A study of a run: its trainings one after another, each judged as it ends."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mtcore.arrays import RowArray
from mtcore.data.splits.splits import RowSplit, split_rows
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.errors import MissingError
from mtcore.evaluation.metrics import score
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.evaluation.weighting import metric_weights
from mtcore.runs.cluster.warmth import wait_until_warm
from mtcore.runs.store.run import EndedBy, Run, RunProgress
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.study import HeadScores, Point, Study, Trial
from mtcore.runs.tasks.held import rows_for, scratch_folder, store_at
from mtcore.runs.tasks.training.attempts import failures_told, taken_up
from mtcore.runs.tasks.training.reporting import Reporter
from mtcore.search.trials import next_trial, trial_count
from mtcore.search.variants import variant_of

if TYPE_CHECKING:
    from mtcore.engine.progress import Progress
    from mtcore.engine.training.repeats import Repeats

_PARTS = ("validation", "test")
# Of a part with more rows, as many are judged, drawn once and for all.
MOST_JUDGED = 200_000


def is_study(run_id: str, home_root: str, tracking_uri: str | None = None) -> bool:
    """Return whether an id is that of a study and not of a run with a model."""
    try:
        return store_at(home_root, tracking_uri).get(run_id).study is not None
    except MissingError:
        return False


def run_study(run_id: str, home_root: str, tracking_uri: str | None = None) -> None:
    """Do all trainings of a study that are not done yet; the store keeps each.

    One that was interrupted goes on after its last finished training. One that has
    ended or was thrown away meanwhile is left alone.

    Args:
        run_id: Of the study.
        home_root: See the package.
        tracking_uri: See the package.
    """
    store = store_at(home_root, tracking_uri)
    run = taken_up(store, run_id)
    if run is None or run.study is None:
        return
    before = run.progress or RunProgress(stage="reading")
    progress = before.model_copy(update={"stage": "reading", "seconds_left": None})
    store.start(run_id, progress)
    with failures_told(store, run_id):
        # What has ended tells nothing more, so all is told before.
        with Reporter(store, run_id, progress) as reporter, ExitStack() as opened:
            place = _Place(store, home_root)
            ended_by = _Work(run, run.study, place, reporter, opened).run()
        if store.status(run_id) != "KILLED":
            store.finish_study(run_id, ended_by)


@dataclass(frozen=True, slots=True)
class _Place:
    """The store that keeps the points, and the home that the rows are in."""

    store: RunStore
    home_root: str


class _Work:
    """The trainings of one study.

    Args:
        run: As the store has it.
        study: The question.
        place: Where it is kept.
        reporter: Is told how far it is.
        opened: Ends what is open when the work does.
    """

    def __init__(
        self,
        run: Run,
        study: Study,
        place: _Place,
        reporter: Reporter,
        opened: ExitStack,
    ) -> None:
        wait_until_warm()
        self._run, self._study, self._reporter = run, study, reporter
        self._store, self._home_root = place.store, place.home_root
        self._opened = opened
        self._table = rows_for(run.experiment, run.dataset_id, place.home_root)
        self._split = split_rows(run.experiment, self._table)
        self._judged = _judged_rows(self._table, self._split)
        self._bench: tuple[str | None, Repeats] | None = None
        self._begun = time.monotonic()
        self._kept = list(self._store.points(run.id))
        self._kept_at_first = len(self._kept)

    def run(self) -> EndedBy:
        """Train and judge until nothing is left or a person wants it to end."""
        experiment, study = self._run.experiment, self._study
        total = trial_count(experiment, study)
        while trial := next_trial(experiment, study, self._kept):
            point = self._point(trial, total)
            if point is None:
                return "stop"
            self._store.add_point(self._run.id, point)
            self._kept.append(point)
        return "epochs"

    def _point(self, trial: Trial, total: int) -> Point | None:
        """Return a training that was done; None where a person ended it."""
        if self._reporter.stop():
            return None
        bench = self._bench_of(trial)
        repeat = bench.train(
            trial.weights,
            trial.network,
            lambda progress: self._tell(progress, total),
            self._reporter.stop,
        )
        if repeat.ended_by == "stop":
            return None
        experiment = variant_of(self._run.experiment, trial.alone)
        answers = bench.answers(repeat.weights, self._judged.table)
        encodings = bench.encoding.heads
        targets = head_targets(experiment, encodings, self._judged.table)
        weights = metric_weights(experiment, self._judged.table)
        heads = {
            head.name: HeadScores(
                **{
                    part: score(
                        head,
                        encodings[head.name],
                        targets[head.name][rows],
                        answers[head.name][rows],
                        None if weights is None else weights[rows],
                    )
                    for part, rows in self._judged.parts.items()
                }
            )
            for head in experiment.heads
        }
        return Point(
            trial=trial,
            epochs=repeat.epochs,
            best_epoch=repeat.best_epoch,
            train_s=repeat.train_s,
            parameters=repeat.parameters,
            heads=heads,
        )

    def _bench_of(self, trial: Trial) -> Repeats:
        """Return what trains a trial's network, kept while the heads stay the same."""
        from mtcore.engine.rows.blocks import Scratch
        from mtcore.engine.training.repeats import Repeats

        if self._bench is None or self._bench[0] != trial.alone:
            self._opened.close()
            self._reporter.say("encode" if self._bench is None else "compile")
            made = Repeats(
                variant_of(self._run.experiment, trial.alone),
                self._table,
                self._split,
                scratch=Scratch(scratch_folder(self._home_root)),
                program=self._program(),
            )
            self._bench = trial.alone, self._opened.enter_context(made)
        return self._bench[1]

    def _program(self) -> str | None:
        """Return how the run that is studied was trained."""
        if self._run.parent is None:
            return None
        try:
            progress = self._store.get(self._run.parent).progress
        except MissingError:
            return None
        return None if progress is None else progress.program

    def _tell(self, progress: Progress, total: int) -> None:
        """Tell how far the whole study is."""
        done, each = len(self._kept), self._run.experiment.training.epochs
        new = done - self._kept_at_first
        left_s = None
        if new:
            left_s = (time.monotonic() - self._begun) / new * (total - done)
        self._reporter.report(
            replace(
                progress,
                epoch=done * each + progress.epoch,
                epochs=total * each,
                metrics={},
                seconds_left=left_s,
                network=done + 1,
                networks=total,
                program=None,
            )
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    """The rows that every network of a study is judged by.

    Args:
        table: Those rows.
        parts: Their places in it, by part of the split.
    """

    table: Table
    parts: dict[str, RowArray]


def _judged_rows(table: Rows, split: RowSplit) -> _Judged:
    chosen = {}
    for part in _PARTS:
        rows = split.rows(part)
        chosen[part] = rows[sample_rows(len(rows), MOST_JUDGED)]
    every = np.union1d(*chosen.values())
    places = {part: np.searchsorted(every, rows) for part, rows in chosen.items()}
    return _Judged(table.take(every), places)
