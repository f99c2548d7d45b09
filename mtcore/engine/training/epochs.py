"""Training epoch by epoch: chunks, validation, the best epoch, patience and stop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.program.arguments import Arguments
from mtcore.engine.program.objective import SUMS
from mtcore.engine.program.program import NEVER, Program
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.progress import EndedBy, Progress
from mtcore.engine.rows.rows import EncodedRows, RowBlocks
from mtcore.engine.training.checkpoint import Checkpoint, TrainingState, save_checkpoint
from mtcore.engine.training.epoch_metrics import EpochMetrics
from mtcore.engine.training.epoch_order import (
    block_order,
    in_steps,
    shuffled_rows,
    steps_an_epoch,
    steps_of,
)
from mtcore.engine.training.ledger import gradient_metrics, ledger_metrics
from mtcore.errors import TrainingError
from mtcore.spec import Experiment

# A chunk aims at this long, so that stop and progress never wait for an epoch.
CHUNK_S = 0.25
FIRST_CHUNK = 8
CHECKPOINT_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Watch:
    """What training tells and asks while it runs.

    Args:
        report: Called at every epoch and at least every half second.
        stop: Asked between chunks; True ends training.
        clock: Seconds that only grow.
        checkpoint: A folder to keep checkpoints in.
        mark: Says which training a checkpoint belongs to.
    """

    report: Callable[[Progress], None]
    stop: Callable[[], bool]
    clock: Callable[[], float]
    checkpoint: Path | None
    mark: str


class EpochLoop:
    """Runs the epochs of one training on a program.

    Args:
        program: Compiled, with first or restored weights.
        data: Training and validation rows.
        experiment: How long to train, and what chooses the best epoch.
        arguments: What the program is called with.
        watch: Whom to tell.
    """

    def __init__(
        self,
        program: Program,
        data: tuple[RowBlocks, RowBlocks],
        experiment: Experiment,
        arguments: Arguments,
        watch: Watch,
    ) -> None:
        self._program = program
        self._train, self._validation = data
        self._experiment = experiment
        self._training = experiment.training
        self._arguments = arguments
        self._watch = watch
        self._metrics = EpochMetrics(experiment, program.key.plan, arguments.constants)
        self._steps = steps_an_epoch(self._train.sizes, program.key.batch_size)
        self._kept_at = watch.clock()

    def run(self, state: TrainingState) -> EndedBy:
        """Train until all epochs are done, patience is over or stop is asked for.

        Args:
            state: Where to go on from; holds the best epoch afterwards.

        Raises:
            TrainingError: A loss is no number.
        """
        ended = self._run_epochs(state)
        if not state.best_weights:
            state.best_weights = self._program.weights()
        return ended

    def _run_epochs(self, state: TrainingState) -> EndedBy:
        while state.epoch < self._training.epochs:
            started = self._watch.clock()
            finished = self._train_epoch(state, started)
            if not finished:
                state.train_s += self._watch.clock() - started
                return "stop"
            judged = self._judge(state)
            self._close_epoch(state, judged, started)
            if self._out_of_patience(state):
                return "patience"
            if self._watch.stop():
                return "stop"
        return "epochs"

    def _train_epoch(self, state: TrainingState, started: float) -> bool:
        """Take the epoch's steps that are left; False when stop was asked for."""
        left = self._blocks_left(state)
        with closing(self._train.read([place for place, _ in left])) as blocks:
            for (place, first), data in zip(left, blocks, strict=True):
                order = self._order(data, state.epoch, place)
                if not self._train_block(state, data, order, first, started):
                    return False
        return True

    def _blocks_left(self, state: TrainingState) -> list[tuple[int, int]]:
        """Return the place and the first step of each block not done with."""
        sizes, size = self._train.sizes, self._program.key.batch_size
        left, first = [], 0
        for place in block_order(len(sizes), self._arguments.seed, state.epoch):
            end = first + steps_of(sizes[place], size)
            if end > state.step:
                left.append((place, first))
            first = end
        return left

    def _order(self, data: EncodedRows, epoch: int, place: int) -> Tensor:
        key = self._program.key
        rows = shuffled_rows(data.rows, self._arguments.seed, epoch, place)
        return tf.constant(in_steps(rows, key.batch_size, key.order_length))

    def _train_block(
        self,
        state: TrainingState,
        data: EncodedRows,
        order: Tensor,
        first: int,
        started: float,
    ) -> bool:
        """Take the steps of a block that are left; False when stop was asked for."""
        end = first + steps_of(data.rows, self._program.key.batch_size)
        before = state.epoch * self._steps + first
        while state.step < end:
            count = min(self._chunk(), end - state.step)
            begun = self._watch.clock()
            state.sums, broken = self._program.train(
                data,
                order,
                (state.step - first, count, before),
                state.sums,
                self._arguments,
            )
            self._refuse_broken(broken, state.epoch)
            state.step += count
            self._program.step_s = (self._watch.clock() - begun) / count
            if state.step < self._steps:
                self._watch.report(self._progress(state))
                self._keep(state, started)
                if self._watch.stop():
                    return False
        return True

    def _chunk(self) -> int:
        if self._program.step_s <= 0.0:
            return FIRST_CHUNK
        return max(int(CHUNK_S / self._program.step_s), 1)

    def _judge(self, state: TrainingState) -> FloatArray:
        sums = np.zeros((SUMS, len(self._arguments.weights)))
        places = range(len(self._validation.sizes))
        with closing(self._validation.read(places)) as blocks:
            for data in blocks:
                some = (0, self._program.blocks(data))
                sums = self._program.judge(data, some, sums, self._arguments)
        finite = np.isfinite(sums).all(axis=0)
        self._refuse_broken(np.where(finite, NEVER, 0), state.epoch)
        return sums

    def _close_epoch(
        self, state: TrainingState, judged: FloatArray, started: float
    ) -> None:
        rate = self._arguments.learning_rate((state.epoch + 1) * self._steps - 1)
        metrics = self._metrics.of_split("train", state.sums)
        metrics |= self._metrics.of_split("validation", judged)
        metrics["learning_rate"] = rate
        ids = [head.id for head in self._program.key.plan.heads]
        metrics |= ledger_metrics(ids, state.sums)
        metrics |= gradient_metrics(ids, state.sums)
        state.epoch += 1
        state.step = 0
        state.sums = blank_sums(len(self._arguments.weights))
        monitor = metrics.get("validation/loss")
        if monitor is not None and monitor < state.best_monitor:
            state.best_monitor = monitor
            state.best_epoch = state.epoch
            state.best_weights = self._program.weights()
        if monitor is None:
            state.best_epoch = state.epoch
            state.best_weights = {}
        state.train_s += self._watch.clock() - started
        self._watch.report(self._progress(state, metrics))
        self._keep(state, self._watch.clock())

    def _out_of_patience(self, state: TrainingState) -> bool:
        return state.epoch - state.best_epoch >= self._training.patience

    def _progress(
        self, state: TrainingState, metrics: dict[str, float] | None = None
    ) -> Progress:
        share_left = self._training.epochs - state.epoch - state.step / self._steps
        judging = 1.0
        step_s = self._program.step_s * judging
        return Progress(
            stage="train",
            epoch=state.epoch,
            epochs=self._training.epochs,
            metrics=metrics or {},
            seconds_left=share_left * self._steps * step_s,
        )

    def _keep(self, state: TrainingState, started: float) -> None:
        """Write a checkpoint when the last one is some seconds old."""
        folder, now = self._watch.checkpoint, self._watch.clock()
        if folder is None or now - self._kept_at < CHECKPOINT_EVERY_S:
            return
        spent = state.train_s
        state.train_s += now - started
        save_checkpoint(
            folder,
            self._watch.mark,
            Checkpoint(state, self._program.weights(), self._program.learned()),
        )
        state.train_s = spent
        self._kept_at = now

    def _refuse_broken(self, broken: np.ndarray, epoch: int) -> None:
        if (broken == NEVER).all():
            return
        head = self._experiment.heads[int(np.argmin(broken))]
        columns = ", ".join(f"'{column}'" for column in head.columns)
        msg = (
            f"The loss of head '{head.name}' stopped being a number in epoch "
            f"{epoch + 1}. Lower the learning rate, now "
            f"{self._training.learning_rate:g}, or look for huge values in {columns}."
        )
        raise TrainingError(msg, where=head.name)
