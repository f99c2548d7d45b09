"""Training an experiment on a table, from columns to a model that is served."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import RowSplit
from mtcore.data.splits.turns import HeldOut
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.table import Table
from mtcore.engine.backend import Model
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.program.arguments import Arguments, arguments_of
from mtcore.engine.program.program_cache import lease
from mtcore.engine.program.program_kind import record_of, settle_kind
from mtcore.engine.progress import EndedBy, Progress
from mtcore.engine.rows.blocks import Scratch
from mtcore.engine.rows.rows import EncodedRows
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.training.answering import Answering
from mtcore.engine.training.averaging import Averaging
from mtcore.engine.training.checkpoint import fingerprint
from mtcore.engine.training.epoch_order import steps_an_epoch
from mtcore.engine.training.epochs import Watch
from mtcore.engine.training.prepared import Prepared, prepare_rows
from mtcore.engine.training.smearing import with_smearing
from mtcore.spec import Experiment
from mtcore.trees.blend import Blend


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training.

    Args:
        encoding: What was learned from the rows before the network saw them.
        model: The raw-column Keras model of the best epoch, outputs keyed `h0`, ….
        epochs: Epochs trained, by all networks together.
        best_epoch: The one the model is of, counted from 1 over all networks, where
            several are averaged that of the best one; 0 when training was stopped
            before the first ended.
        seconds: Of `compile` and of `train` (without compiling, trees included).
        parameters: Trained numbers of all networks.
        networks: How many were averaged.
        program: How the epochs ran, as a training of the same takes it again.
        ended_by: Why training ended.
        predictor: Answers for tables.
        held_out: Where the model learned from validation rows too, answers for them by
            models that did not; else None.
    """

    encoding: Encoding
    model: Model
    epochs: int
    best_epoch: int
    seconds: dict[str, float]
    parameters: int
    networks: int
    program: str
    ended_by: EndedBy
    predictor: Predictor
    held_out: HeldOut | None = None

    @property
    def blend(self) -> Blend | None:
        """Trees that have a part in the answers; None where the network is alone."""
        return self.predictor.blend

    def predict(self, table: Table) -> dict[str, FloatArray]:
        """Return every head's outputs by its name, float64 `(rows, width)`."""
        return self.predictor.predict(table)


class Watching(TypedDict, total=False):
    """Whom a training tells and asks; every part may be left out.

    Args:
        checkpoint: A folder to keep the state in every few seconds. Where it holds
            one of this training, training goes on from there.
        report: Told at the start of each stage, at every epoch and at least every
            half second.
        program: How an earlier training ran, so that this one gives the same numbers
            where its network is the same.
        stop: Asked at least every half second; True ends training with the best epoch.
        clock: Seconds that only grow.
        scratch: Where encoded rows lie while a stored table trains.
    """

    checkpoint: Path | None
    report: Callable[[Progress], None]
    program: str | None
    stop: Callable[[], bool]
    clock: Callable[[], float]
    scratch: Scratch


def train(
    experiment: Experiment,
    table: Rows,
    split: RowSplit,
    **watching: Unpack[Watching],
) -> Trained:
    """Return the model of the best epoch.

    The same experiment and table give the same model on the same machine, whether or
    not training was interrupted.

    Args:
        experiment: With its inputs listed.
        table: Every row, with all columns that the experiment names. A stored table
            is trained on in blocks: memory holds two of them, never all rows.
        split: Which rows teach and which choose the best epoch.
        watching: What `Watching` says.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: A head or an input cannot be used as asked.
        TrainingError: A loss is no number.
    """
    networks = experiment.training.seeds
    epochs = experiment.training.epochs * networks
    report = watching.get("report", _tell_nobody)
    clock = watching.get("clock", time.monotonic)
    stop = watching.get("stop", _never)
    report(Progress("encode", epochs=epochs))
    scratch = watching.get("scratch", Scratch())
    with closing(prepare_rows(experiment, table, split, scratch, stop)) as ready:
        report(Progress("compile", epochs=epochs))
        begun = clock()
        steps = _all_steps(experiment, ready)
        taught = ready.data_of(0)[0]
        key = settle_kind(ready.key, taught, steps, watching.get("program"))
        mark = fingerprint(experiment, ready.encoding, ready.train.sizes)
        mark = f"{mark} {key.kind}"
        watch = Watch(report, stop, clock, watching.get("checkpoint"), mark)
        report(Progress("compile", epochs=epochs, program=record_of(key)))
        with lease(key) as program:
            program.compile(*_blank(ready))
            compile_s = clock() - begun
            arguments = _arguments(experiment, ready)
            constants = ready.constants
            averaging = Averaging(program, constants, experiment, arguments, watch)
            course = averaging.run(ready.data_of)
    weights = [state.best_weights for state in course.networks]
    encoding = with_smearing(experiment, ready.encoding, weights, table, split)
    answering = Answering(experiment, encoding, weights, table, ready.turns)
    begun = clock()
    if experiment.training.blend == "trees" and course.ended_by != "stop":
        report(Progress("trees", course.epochs, epochs))
        answering.grow_trees()
    trees_s = clock() - begun
    report(Progress("finish", course.epochs, epochs, seconds_left=0.0))
    held_out = answering.held_out
    return Trained(
        encoding=encoding,
        model=answering.predictor.model,
        epochs=course.epochs,
        best_epoch=course.best_epoch,
        seconds={"compile": compile_s, "train": course.train_s + trees_s},
        parameters=sum(value.size for network in weights for value in network.values()),
        networks=len(weights),
        program=record_of(key),
        ended_by=course.ended_by,
        predictor=answering.predictor,
        held_out=None if held_out is None else held_out.among(split.validation),
    )


def prepare(
    experiment: Experiment,
    table: Rows,
    split: RowSplit,
    scratch: Scratch | None = None,
) -> None:
    """Compile the program of an experiment ahead of need.

    A training of the same network on as many rows then starts at once, whatever its
    head weights, learning rate, epochs and seed.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: A head or an input cannot be used as asked.
    """
    where = scratch or Scratch()
    # The program depends on how many rows there are, not on what they hold.
    with closing(prepare_rows(experiment, table, split, where, _at_once)) as ready:
        steps = _all_steps(experiment, ready)
        key = settle_kind(ready.key, ready.data_of(0)[0], steps)
        with lease(key) as program:
            program.compile(*_blank(ready))


def _blank(ready: Prepared) -> tuple[EncodedRows, EncodedRows]:
    """Return rows of the shapes that the program gets."""
    train, validation = ready.data_of(0)
    return train.blank, validation.blank


def _arguments(experiment: Experiment, ready: Prepared) -> Arguments:
    steps = steps_an_epoch(ready.data_of(0)[0].sizes, ready.key.batch_size)
    return arguments_of(experiment, ready.encoding, ready.constants, steps)


def _all_steps(experiment: Experiment, ready: Prepared) -> int:
    steps = steps_an_epoch(ready.data_of(0)[0].sizes, ready.key.batch_size)
    return steps * experiment.training.epochs * experiment.training.seeds


def _tell_nobody(progress: Progress) -> None:
    del progress


def _never() -> bool:
    return False


def _at_once() -> bool:
    return True
