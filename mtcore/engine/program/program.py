"""The compiled program: whole chunks of an epoch in one call, on rows in memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.balance import build_balance
from mtcore.engine.layers.features import unpack
from mtcore.engine.layers.kernel_gradients import turned_gradients
from mtcore.engine.layers.network import Weights, build_network, variable_name
from mtcore.engine.program.arguments import Arguments, no_arguments
from mtcore.engine.program.fused_optimizer import FusedOptimizer
from mtcore.engine.program.gradients import add_measures, measured_parts
from mtcore.engine.program.objective import SUMS, head_losses
from mtcore.engine.program.optimizers import FlatOptimizer
from mtcore.engine.program.program_key import ProgramKey
from mtcore.engine.program.step import TrainingStep
from mtcore.engine.program.step_rows import StepRows
from mtcore.engine.program.sums import TRAIN_SUMS, blank_sums
from mtcore.engine.rows.labels import SingleArray
from mtcore.engine.rows.rows import EncodedRows

JUDGED_AT_ONCE = 2_048
# Rows that become many values each, such as an embedding a word.
JUDGED_AT_ONCE_WIDE = 256
NEVER = np.iinfo(np.int32).max
PARTS = "numbers", "codes"


class Program:
    """A network, its optimizer and balance, and two compiled functions that use them.

    Args:
        key: What it is compiled for.
    """

    def __init__(self, key: ProgramKey) -> None:
        self.key = key
        self.network = build_network(key.plan)
        by_xla = key.kind == "xla_epoch"
        optimizer = (FlatOptimizer if by_xla else FusedOptimizer)(
            key.optimizer, self.network.parts
        )
        balance = build_balance(key.balance, key.plan.heads)
        self._rows = StepRows(key)
        self._step = TrainingStep(self.network, optimizer, balance)
        self._learned = [*optimizer.state, *balance.state]
        self._told: tuple[Arguments, dict[str, Tensor]] | None = None
        self._unbroken = tf.fill([len(key.plan.heads)], NEVER)
        self.traces = 0
        # Seconds a step took last, to choose the length of a chunk.
        self.step_s = 0.0
        compiled = partial(tf.function, autograph=False, jit_compile=by_xla)
        self._train = compiled(self._train_steps)
        self._judge = compiled(self._judge_blocks)
        # Seldom called, so it is not worth what XLA takes to compile it.
        self._compare = tf.function(self._compare_heads, autograph=False)

    def start(self, weights: Weights) -> None:
        """Set the first weights and forget what optimizer and balance learned."""
        self.set_weights(weights)
        for vector in self._learned:
            vector.assign(tf.zeros_like(vector))

    def weights(self) -> dict[str, SingleArray]:
        """Return copies of all trained variables."""
        return {
            variable_name(variable): np.array(variable.numpy())
            for variable in self.network.variables
        }

    def set_weights(self, weights: Weights) -> None:
        """Set all trained variables."""
        for variable in self.network.variables:
            variable.assign(weights[variable_name(variable)])

    def learned(self) -> list[SingleArray]:
        """Return copies of what optimizer and balance learned."""
        return [np.array(vector.numpy()) for vector in self._learned]

    def set_learned(self, learned: Sequence[SingleArray]) -> None:
        """Set what optimizer and balance learned; none of it changes nothing."""
        for vector, value in zip(self._learned, learned, strict=False):
            vector.assign(value)

    def train(
        self,
        data: EncodedRows,
        order: Tensor,
        steps: tuple[int, int, int],
        sums: FloatArray,
        arguments: Arguments,
    ) -> tuple[FloatArray, FloatArray]:
        """Take some steps of an epoch.

        Args:
            data: The training rows.
            order: Int32 `(order_length,)`: the rows of each step, one after another.
            steps: The first step in this epoch, how many to take, and the steps taken
                before this epoch.
            sums: Of the epoch's steps so far, as `blank_sums` says.
            arguments: What the run chose.

        Returns:
            The sums with these steps added, and for each head the step in which its
            loss first was no number, or `NEVER`.
        """
        given = self._rows.given(data, order)
        choices = self._tensors_of(arguments)
        broken = self._unbroken
        for part, measured in measured_parts(steps, arguments.measure_every):
            if measured:
                where = tf.constant(part, tf.int32)
                products = self._compare(given, where, choices)
                sums = add_measures(sums, products.numpy().astype(np.float64))
            state = tf.constant(sums[:TRAIN_SUMS], tf.float64), broken
            for call in self._calls(part):
                state = self._train(given, tf.constant(call, tf.int32), state, choices)
            summed, broken = state
            sums = np.vstack([summed.numpy(), sums[TRAIN_SUMS:]])
        return sums, broken.numpy()

    def judge(
        self,
        data: EncodedRows,
        blocks: tuple[int, int],
        sums: FloatArray,
        arguments: Arguments,
    ) -> FloatArray:
        """Add blocks of rows to the sums `(SUMS, heads)`, without learning from them.

        Args:
            data: The validation rows.
            blocks: The first of the data's blocks, and how many.
            sums: Float64 `(SUMS, heads)` of the blocks so far.
            arguments: What the run chose.
        """
        summed: FloatArray = self._judge(
            {"numbers": data.numbers, "codes": data.codes},
            tf.constant(blocks, tf.int32),
            tf.constant(sums, tf.float64),
            self._tensors_of(arguments)["units"],
        ).numpy()
        return summed

    def forget_rows(self) -> None:
        """Hold no rows while no training runs."""
        self._rows.forget()

    def _tensors_of(self, arguments: Arguments) -> dict[str, Tensor]:
        """Return a run's arguments as tensors, made once: short epochs are many."""
        if self._told is None or self._told[0] is not arguments:
            self._told = arguments, arguments.tensors()
        return self._told[1]

    def blocks(self, data: EncodedRows) -> int:
        """Return how many blocks of rows `judge` counts."""
        return -(-data.rows // self._block_size(data.bucket))

    def compile(self, train: EncodedRows, validation: EncodedRows) -> None:
        """Compile ahead of need; weights are of no use until they are set again."""
        # XLA compiles at the call, what a graph holds where it first runs.
        count = 0 if self.key.kind == "xla_epoch" else 1
        heads = len(self.key.plan.heads)
        nothing = no_arguments(self.key.plan)
        order = tf.zeros(self.key.order_length, tf.int32)
        given = self._rows.given(train, order)
        nowhere = tf.zeros(3, tf.int32)
        self._compare.get_concrete_function(given, nowhere, nothing.tensors())
        self.train(train, order, (0, count, 0), blank_sums(heads), nothing)
        self.judge(validation, (0, count), np.zeros((SUMS, heads)), nothing)

    def _calls(self, steps: tuple[int, int, int]) -> list[tuple[int, int, int]]:
        """Return the steps of each call of the compiled function."""
        if self.key.kind != "graph_step":
            return [steps]
        first, count, before = steps
        return [(first + place, 1, before) for place in range(count)]

    def _train_steps(
        self,
        data: dict[str, Tensor],
        steps: Tensor,
        state: tuple[Tensor, Tensor],
        choices: dict[str, Tensor],
    ) -> tuple[Tensor, Tensor]:
        self.traces += 1

        def take_step(step: Tensor, sums: Tensor, broken: Tensor) -> tuple[Tensor, ...]:
            batch = self._batch(*self._rows.of_step(data, step))
            done = steps[2] + step
            with turned_gradients(wanted=self.key.by_xla_on_processor):
                added, losses = self._step.take(batch, choices, done)
            failed = tf.where(tf.math.is_finite(losses), NEVER, step)
            return step + 1, sums + added, tf.minimum(broken, failed)

        last = steps[0] + steps[1]
        if self.key.kind == "graph_step":
            _, sums, broken = take_step(steps[0], *state)
        else:
            _, sums, broken = tf.while_loop(
                lambda step, *_: step < last, take_step, (steps[0], *state)
            )
        return sums, broken

    def _compare_heads(
        self, data: dict[str, Tensor], steps: Tensor, choices: dict[str, Tensor]
    ) -> Tensor:
        """Return the dot products of the heads' trunk gradients before a step."""
        self.traces += 1
        batch = self._batch(*self._rows.of_step(data, steps[0]))
        return self._step.products(batch, choices, steps[2] + steps[0])

    def _judge_blocks(
        self, data: dict[str, Tensor], blocks: Tensor, sums: Tensor, units: Tensor
    ) -> Tensor:
        self.traces += 1
        bucket = data["numbers"].shape[0]
        size = self._block_size(bucket)
        gates = tf.ones(len(self.key.plan.heads))

        def take_block(block: Tensor, sums: Tensor) -> tuple[Tensor, Tensor]:
            rows = tf.minimum(block * size + tf.range(size), bucket - 1)
            batch = self._batch(*(tf.gather(data[part], rows) for part in PARTS))
            outputs = self.network.outputs(batch["inputs"], gates)
            _, added = head_losses(self.key.plan, outputs, batch, units)
            return block + 1, sums + added

        last = blocks[0] + blocks[1]
        return tf.while_loop(
            lambda block, *_: block < last, take_block, (blocks[0], sums)
        )[1]

    def _batch(self, numbers: Tensor, codes: Tensor) -> dict[str, Tensor]:
        plan = self.key.plan
        dense = plan.dense_width
        targets = sum(head.targets for head in plan.heads)
        codes = tf.bitcast(codes, tf.int32) if plan.codes_width else None
        return {
            "inputs": unpack(plan, numbers[:, :dense], codes),
            "targets": numbers[:, dense : dense + targets],
            "weights": numbers[:, dense + targets :],
        }

    def _block_size(self, bucket: int) -> int:
        wide = self.key.plan.texts or self.key.plan.images
        return min(bucket, JUDGED_AT_ONCE_WIDE if wide else JUDGED_AT_ONCE)
