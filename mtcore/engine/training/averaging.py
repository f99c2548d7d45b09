"""Several trainings of one network, one after another, averaged into one model.

Their seeds differ, and with them first weights, shuffling and dropout. The mean of
their answers errs less than any of them: by Lakshminarayanan and others (2017).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mtcore.engine.program.arguments import Arguments
from mtcore.engine.program.constant_loss import Constant
from mtcore.engine.program.program import Program
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.progress import EndedBy, Progress
from mtcore.engine.training.checkpoint import (
    Checkpoint,
    TrainingState,
    load_checkpoint,
    save_checkpoint,
)
from mtcore.engine.training.epochs import EpochLoop, Watch
from mtcore.engine.training.initial_weights import initial_weights
from mtcore.engine.training.rotation import Data
from mtcore.spec import Experiment


@dataclass(frozen=True, slots=True)
class Course:
    """How several trainings went.

    Args:
        networks: The state of each that is part of the model, best weights included.
        epochs: Trained by all of them together.
        best_epoch: Counted over all of them from 1: the best one of the network whose
            monitor was lowest; 0 = none ended.
        train_s: Seconds in training.
        ended_by: `stop` where a person ended it, `patience` where that ended every
            network, else `epochs`.
    """

    networks: tuple[TrainingState, ...]
    epochs: int
    best_epoch: int
    train_s: float
    ended_by: EndedBy


def seed_of(seed: int, place: int) -> int:
    """Return the seed of a network: the experiment's own for the first.

    Args:
        seed: Of the experiment.
        place: Of the network, from 0.
    """
    if place == 0:
        return seed
    words = np.random.SeedSequence((seed, place)).generate_state(1)
    return int(words[0] >> 1)


class Averaging:
    """Trains the networks of one experiment on one program.

    Args:
        program: Compiled.
        constants: The best constant of each head.
        experiment: How many networks, and how long each is trained.
        arguments: Of the first network; the others' differ in their seed.
        watch: Whom to tell. Where there are several networks, each has a folder of its
            own in the checkpoint's.
    """

    def __init__(
        self,
        program: Program,
        constants: Sequence[Constant],
        experiment: Experiment,
        arguments: Arguments,
        watch: Watch,
    ) -> None:
        self._program = program
        self._constants = constants
        self._experiment = experiment
        self._arguments = arguments
        self._watch = watch
        self._count = experiment.training.seeds

    def run(self, data_of: Callable[[int], Data]) -> Course:
        """Train one network after another until all are done or stop is asked for.

        A network that is stopped in the middle is left out where others are done.

        Args:
            data_of: The rows of a network, by its place.

        Raises:
            TrainingError: A loss is no number.
        """
        states: list[TrainingState] = []
        for place in range(self._count):
            state = self._train(place, data_of(place), states)
            states.append(state)
            if state.ended_by == "stop":
                break
        whole = [state for state in states if state.ended_by != "stop"]
        kept = whole or states
        best = min(range(len(kept)), key=lambda place: kept[place].best_monitor)
        return Course(
            networks=tuple(kept),
            epochs=sum(state.epoch for state in states),
            best_epoch=sum(state.epoch for state in states[:best])
            + kept[best].best_epoch,
            train_s=sum(state.train_s for state in states),
            ended_by=_ended_by(states),
        )

    def _train(
        self, place: int, data: Data, done: Sequence[TrainingState]
    ) -> TrainingState:
        seed = seed_of(self._experiment.seed, place)
        watch = self._watch_of(place, sum(state.epoch for state in done))
        state = self._first_state(seed, watch)
        if state.ended_by is not None:
            return state
        watch.report(Progress("train", state.epoch, self._experiment.training.epochs))
        arguments = replace(self._arguments, seed=seed)
        loop = EpochLoop(self._program, data, self._experiment, arguments, watch)
        state.ended_by = loop.run(state)
        if watch.checkpoint is not None and state.ended_by != "stop":
            # Whoever goes on from here has this network.
            last = Checkpoint(state, self._program.weights(), [])
            save_checkpoint(watch.checkpoint, watch.mark, last)
        return state

    def _first_state(self, seed: int, watch: Watch) -> TrainingState:
        """Set the program to where a network starts or was, and return that place."""
        if watch.checkpoint is not None:
            kept = load_checkpoint(watch.checkpoint, watch.mark)
            if kept is not None:
                self._program.set_weights(kept.weights)
                self._program.set_learned(kept.learned)
                return kept.state
        weights = initial_weights(self._program.network, self._constants, seed)
        self._program.start(weights)
        return TrainingState(sums=blank_sums(len(self._constants)))

    def _watch_of(self, place: int, epochs_before: int) -> Watch:
        """Return whom one network tells: its epochs are counted after the others'."""
        if self._count == 1:
            return self._watch
        folder, epochs = self._watch.checkpoint, self._experiment.training.epochs
        after = (self._count - 1 - place) * epochs

        def report(progress: Progress) -> None:
            left = progress.seconds_left
            if left is not None:
                steps = self._arguments.all_steps / epochs
                left += after * steps * self._program.step_s
            counted = replace(
                progress,
                epoch=epochs_before + progress.epoch,
                epochs=epochs_before + progress.epochs + after,
                seconds_left=left,
                network=place + 1,
                networks=self._count,
            )
            self._watch.report(counted)

        return replace(
            self._watch,
            report=report,
            checkpoint=None if folder is None else folder / f"network-{place}",
        )


def _ended_by(states: Sequence[TrainingState]) -> EndedBy:
    if states[-1].ended_by == "stop":
        return "stop"
    patient = all(state.ended_by == "patience" for state in states)
    return "patience" if patient else "epochs"
