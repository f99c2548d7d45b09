"""Training an experiment on a table, from columns to a model that is served."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits import RowSplit
from mtcore.data.table import Table
from mtcore.engine.arguments import Arguments, arguments_of
from mtcore.engine.averaging import Averaging
from mtcore.engine.backend import Model
from mtcore.engine.checkpoint import fingerprint
from mtcore.engine.constant_loss import Constant, fit_constants
from mtcore.engine.encoding import Encoding, fit_encoding
from mtcore.engine.epoch_order import steps_of
from mtcore.engine.epochs import Watch
from mtcore.engine.labels import Labels, read_labels, read_row_weights
from mtcore.engine.plan import NetworkPlan, plan_network
from mtcore.engine.predictor import Predictor
from mtcore.engine.program import ProgramKey
from mtcore.engine.program_cache import key_of, lease
from mtcore.engine.progress import EndedBy, Progress
from mtcore.engine.rows import ColumnEncoder, EncodedRows
from mtcore.engine.served_model import build_served_model
from mtcore.spec import Experiment


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
        seconds: Of `compile` and of `train` (without compiling).
        parameters: Trained numbers of all networks.
        networks: How many were averaged.
        program: How the epochs ran.
        ended_by: Why training ended.
        predictor: Answers for tables.
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

    def predict(self, table: Table) -> dict[str, FloatArray]:
        """Return every head's outputs by its name, float64 `(rows, width)`."""
        return self.predictor.predict(table)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything that training needs, before a program is leased."""

    encoding: Encoding
    plan: NetworkPlan
    train: EncodedRows
    validation: EncodedRows
    constants: tuple[Constant, ...]
    key: ProgramKey

    @property
    def data(self) -> tuple[EncodedRows, EncodedRows]:
        return self.train, self.validation


class Watching(TypedDict, total=False):
    """Whom a training tells and asks; every part may be left out.

    Args:
        checkpoint: A folder to keep the state in every few seconds. Where it holds
            one of this training, training goes on from there.
        report: Told at the start of each stage, at every epoch and at least every
            half second.
        stop: Asked at least every half second; True ends training with the best epoch.
        clock: Seconds that only grow.
    """

    checkpoint: Path | None
    report: Callable[[Progress], None]
    stop: Callable[[], bool]
    clock: Callable[[], float]


def train(
    experiment: Experiment,
    table: Table,
    split: RowSplit,
    **watching: Unpack[Watching],
) -> Trained:
    """Return the model of the best epoch.

    The same experiment and table give the same model on the same machine, whether or
    not training was interrupted.

    Args:
        experiment: With its inputs listed.
        table: Every row, with all columns that the experiment names.
        split: Which rows teach and which choose the best epoch.
        watching: `checkpoint`, `report`, `stop` and `clock`, as `Watching` says.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: A head or an input cannot be used as asked.
        TrainingError: A loss is no number.
    """
    networks = experiment.training.seeds
    epochs = experiment.training.epochs * networks
    report = watching.get("report", _tell_nobody)
    clock = watching.get("clock", time.monotonic)
    report(Progress("encode", epochs=epochs))
    ready = _prepare(experiment, table, split)
    mark = fingerprint(experiment, ready.encoding, ready.train.rows)
    stop = watching.get("stop", _never)
    watch = Watch(report, stop, clock, watching.get("checkpoint"), mark)
    report(Progress("compile", epochs=epochs))
    begun = clock()
    with lease(ready.key) as program:
        program.compile(ready.train, ready.validation)
        compile_s = clock() - begun
        arguments = _arguments(experiment, ready)
        averaging = Averaging(program, ready.constants, experiment, arguments, watch)
        course = averaging.run(lambda _: ready.data)
    report(Progress("finish", course.epochs, epochs, seconds_left=0.0))
    weights = [state.best_weights for state in course.networks]
    model = build_served_model(experiment, ready.encoding, weights)
    return Trained(
        encoding=ready.encoding,
        model=model,
        epochs=course.epochs,
        best_epoch=course.best_epoch,
        seconds={"compile": compile_s, "train": course.train_s},
        parameters=sum(value.size for network in weights for value in network.values()),
        networks=len(weights),
        program=ready.key.kind,
        ended_by=course.ended_by,
        predictor=Predictor(experiment, ready.encoding, model),
    )


def prepare(experiment: Experiment, table: Table, split: RowSplit) -> None:
    """Compile the program of an experiment ahead of need.

    A training of the same network on as many rows then starts at once, whatever its
    head weights, learning rate, epochs and seed.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: A head or an input cannot be used as asked.
    """
    ready = _prepare(experiment, table, split)
    with lease(ready.key) as program:
        program.compile(ready.train, ready.validation)


def _prepare(experiment: Experiment, table: Table, split: RowSplit) -> _Prepared:
    encoding = fit_encoding(experiment, table, split)
    plan = plan_network(experiment, encoding)
    row_weights = read_row_weights(experiment, table, split.train)
    labels = read_labels(experiment, encoding, table, row_weights)
    encoder = ColumnEncoder(encoding)
    taught = split.train[labels.weights[split.train].any(axis=1)]
    train_labels = _labels_of(labels, taught)
    train = encoder.encode(table.take(taught), train_labels)
    validation = encoder.encode(
        table.take(split.validation), _labels_of(labels, split.validation)
    )
    return _Prepared(
        encoding=encoding,
        plan=plan,
        train=train,
        validation=validation,
        constants=fit_constants(plan, train_labels),
        key=key_of(plan, experiment.training, train, validation),
    )


def _labels_of(labels: Labels, rows: RowArray) -> Labels:
    return Labels(labels.targets[rows], labels.weights[rows])


def _arguments(experiment: Experiment, ready: _Prepared) -> Arguments:
    steps = steps_of(ready.train.rows, ready.key.batch_size)
    return arguments_of(experiment, ready.encoding, ready.constants, steps)


def _tell_nobody(progress: Progress) -> None:
    del progress


def _never() -> bool:
    return False
