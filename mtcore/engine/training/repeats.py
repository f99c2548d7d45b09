"""One network trained again and again: rows encoded once, the program compiled once.

Weights, learning rate, epochs and seed are arguments of a compiled program, so the
second training of a network costs its steps and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import final

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.table import Table
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.layers.network import Weights, variable_name
from mtcore.engine.program.arguments import arguments_of
from mtcore.engine.program.program_cache import lease
from mtcore.engine.program.program_kind import settle_kind
from mtcore.engine.progress import EndedBy, Progress
from mtcore.engine.rows.blocks import Scratch
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.served.served_model import build_served_model
from mtcore.engine.training.averaging import Averaging, seed_of
from mtcore.engine.training.epoch_order import steps_an_epoch
from mtcore.engine.training.epochs import Watch
from mtcore.engine.training.prepared import prepare_rows
from mtcore.engine.training.smearing import with_smearing
from mtcore.spec import Experiment

Report = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Repeat:
    """One training of the network.

    Args:
        weights: All trained variables after the best epoch.
        epochs: Epochs trained.
        best_epoch: Counted from 1; 0 when stopped before the first ended.
        train_s: Seconds in training.
        ended_by: Why it ended.
    """

    weights: Weights
    epochs: int
    best_epoch: int
    train_s: float
    ended_by: EndedBy

    @property
    def parameters(self) -> int:
        """Trained numbers."""
        return sum(value.size for value in self.weights.values())


@final
class Repeats:
    """Trains one network over and over, with other head weights and other seeds.

    Use it as a context manager: it holds the program for as long.

    Args:
        experiment: With its inputs listed. Its networks are trained one by one, without
            turns and without trees.
        table: Every row, with all columns that the experiment names.
        split: Which rows teach and which choose the best epoch.
        scratch: Where encoded rows lie while a stored table trains.
        program: How an earlier training ran; see `Watching`.

    Attributes:
        encoding: What was learned from the training rows.
        compile_s: Seconds that compiling took; next to 0 where it was done before.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: A head or an input cannot be used as asked.
    """

    def __init__(
        self,
        experiment: Experiment,
        table: Rows,
        split: RowSplit,
        *,
        scratch: Scratch | None = None,
        program: str | None = None,
    ) -> None:
        training = experiment.training.model_copy(
            update={"seeds": 1, "rotate": False, "blend": "none", "measure_every": 0}
        )
        self._experiment = experiment.model_copy(update={"training": training})
        self._table, self._split = table, split
        self._answering: tuple[Encoding, Predictor] | None = None
        with ExitStack() as opened:
            ready = prepare_rows(
                self._experiment, table, split, scratch or Scratch(), _never
            )
            opened.callback(ready.close)
            self._ready = ready
            train, validation = ready.data_of(0)
            self._steps = steps_an_epoch(train.sizes, ready.key.batch_size)
            begun = time.monotonic()
            steps = self._steps * training.epochs
            key = settle_kind(ready.key, train, steps, program)
            self._program = opened.enter_context(lease(key))
            self._program.compile(train.blank, validation.blank)
            self.compile_s = time.monotonic() - begun
            self.encoding = ready.encoding
            self._opened = opened.pop_all()

    def __enter__(self) -> Repeats:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def train(
        self,
        weights: Mapping[str, float],
        place: int,
        report: Report | None = None,
        stop: Stop | None = None,
    ) -> Repeat:
        """Return the network after its best epoch.

        Args:
            weights: Of every head, by its name, 0 or more and not all 0.
            place: Which seed: 0 is the experiment's own, further ones follow from it
                as those of averaged networks do.
            report: Told at every epoch and at least every half second.
            stop: Asked at least every half second; True ends training.

        Raises:
            TrainingError: A loss is no number.
        """
        varied = self._varied(weights, place)
        constants = self._ready.constants
        arguments = arguments_of(varied, self.encoding, constants, self._steps)
        watch = Watch(report or _tell_nobody, stop or _never, time.monotonic, None, "")
        averaging = Averaging(self._program, constants, varied, arguments, watch)
        course = averaging.run(self._ready.data_of)
        return Repeat(
            weights=course.networks[0].best_weights,
            epochs=course.epochs,
            best_epoch=course.best_epoch,
            train_s=course.train_s,
            ended_by=course.ended_by,
        )

    def answers(self, weights: Weights, rows: Table) -> dict[str, FloatArray]:
        """Return every head's outputs by its name, float64 `(rows, width)`.

        Args:
            weights: Of a network that was trained here.
            rows: Any rows that have the input columns.
        """
        encoding = with_smearing(
            self._experiment, self.encoding, [weights], self._table, self._split
        )
        # The model is built once: only its variables, and what is smeared, change.
        if self._answering is None or self._answering[0] is not encoding:
            model = build_served_model(self._experiment, encoding, [weights])
            predictor = Predictor(self._experiment, encoding, model)
            self._answering = encoding, predictor
        predictor = self._answering[1]
        for variable in predictor.model.trainable_variables:
            variable.assign(weights[variable_name(variable)])
        return predictor.predict(rows)

    def _varied(self, weights: Mapping[str, float], place: int) -> Experiment:
        heads = tuple(
            head.model_copy(update={"weight": weights[head.name]})
            for head in self._experiment.heads
        )
        seed = seed_of(self._experiment.seed, place)
        return self._experiment.model_copy(update={"heads": heads, "seed": seed})


def _tell_nobody(progress: Progress) -> None:
    del progress


def _never() -> bool:
    return False
