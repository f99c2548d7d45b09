"""A program with encoded rows and everything that it is called with."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import tf
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.program.arguments import Arguments, arguments_of
from mtcore.engine.program.constant_loss import fit_constants
from mtcore.engine.program.program import NEVER, Program
from mtcore.engine.program.program_cache import key_of
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.rows.labels import read_labels
from mtcore.engine.rows.rows import ColumnEncoder
from mtcore.engine.training.epoch_order import epoch_order, steps_of
from mtcore.engine.training.initial_weights import initial_weights
from mtcore.spec import Experiment
from tests.engine.workshop import parts, workshop


class Bench:
    """A program with encoded rows and everything that it is called with.

    Args:
        changed: The experiment.
        blank: Rows whose label of the first head is taken away.
    """

    def __init__(self, changed: Experiment, blank: slice = slice(0)) -> None:
        table, split = workshop(), parts()
        encoding = fit_encoding(changed, table, split)
        self.plan = plan_network(changed, encoding)
        table = table.take(split.train)
        labels = read_labels(changed, encoding, table, np.ones(table.rows))
        labels.weights[blank, 0] = 0.0
        labels.targets[blank, 0] = 0.0
        self.labels = labels
        encoder = ColumnEncoder(encoding)
        self.rows = encoder.encode(table, labels)
        self.constants = fit_constants(self.plan, labels)
        # That of a training of the same experiment, so that both compile it once.
        held = workshop().take(split.validation)
        held_labels = read_labels(changed, encoding, held, np.ones(held.rows))
        judged = encoder.encode(held, held_labels)
        self.key = key_of(self.plan, changed.training, self.rows, judged)
        self.steps = steps_of(self.rows.rows, self.key.batch_size)
        self.arguments = arguments_of(changed, encoding, self.constants, self.steps)
        self.sums = blank_sums(len(self.plan.heads))

    def started(self, program: Program) -> Program:
        """Return the program with its first weights."""
        program.start(initial_weights(program.network, self.constants, 0))
        return program

    def epoch(
        self,
        program: Program,
        arguments: Arguments | None = None,
        chunks: tuple[int, ...] = (),
    ) -> FloatArray:
        """Train one epoch from the first weights and return its sums."""
        self.started(program)
        sums, first = self.sums, 0
        for count in chunks or (self.steps,):
            sums = self.steps_of(program, first, count, sums, arguments)
            first += count
        assert first == self.steps
        return sums

    def steps_of(
        self,
        program: Program,
        first: int,
        count: int,
        sums: FloatArray,
        arguments: Arguments | None = None,
    ) -> FloatArray:
        """Take some steps of the first epoch and return the sums."""
        size, length = self.key.batch_size, self.key.order_length
        order = tf.constant(epoch_order(self.rows.rows, size, length, 0, 0))
        steps = (first, count, 0)
        sums, broken = program.train(
            self.rows, order, steps, sums, arguments or self.arguments
        )
        assert (broken == NEVER).all()
        return sums
