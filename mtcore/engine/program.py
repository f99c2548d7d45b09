"""The compiled program: whole chunks of an epoch in one call, on rows in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.arguments import Arguments, no_arguments
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.dropout import drop
from mtcore.engine.labels import SingleArray
from mtcore.engine.network import Weights, build_network, variable_name
from mtcore.engine.objective import SUMS, head_losses
from mtcore.engine.optimizers import FlatOptimizer
from mtcore.engine.plan import NetworkPlan
from mtcore.engine.rows import EncodedRows
from mtcore.spec.training import Optimizer

ProgramKind = Literal["xla_epoch", "graph_epoch"]
"""How an epoch runs: compiled by XLA, or as a TensorFlow graph."""

JUDGED_AT_ONCE = 2_048
NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class ProgramKey:
    """Everything that a program is compiled for.

    Args:
        plan: The network's shape.
        batch_size: Rows a step, with padding.
        optimizer: Its kind.
        train_bucket: Padded training rows.
        validation_bucket: Padded validation rows.
        kind: How an epoch runs.
        device: Such as `CPU` or `GPU`.
    """

    plan: NetworkPlan
    batch_size: int
    optimizer: Optimizer
    train_bucket: int
    validation_bucket: int
    kind: ProgramKind
    device: str

    @property
    def order_length(self) -> int:
        """Places in an epoch's order: the most steps times the batch size."""
        return -(-self.train_bucket // self.batch_size) * self.batch_size


class Program:
    """A network, its optimizer, and the two compiled functions that use them.

    Args:
        key: What it is compiled for.
    """

    def __init__(self, key: ProgramKey) -> None:
        self.key = key
        self.network = build_network(key.plan)
        self.optimizer = FlatOptimizer(key.optimizer, self.network.parts)
        self.traces = 0
        # Seconds a step took last, to choose the length of a chunk.
        self.step_s = 0.0
        compiled = partial(
            tf.function, autograph=False, jit_compile=key.kind == "xla_epoch"
        )
        self._train = compiled(self._train_steps)
        self._judge = compiled(self._judge_blocks)

    def start(self, weights: Weights) -> None:
        """Set the first weights and forget what the optimizer learned."""
        self.set_weights(weights)
        for vector in self.optimizer.state:
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
            sums: Float64 `(SUMS, heads)` of the epoch's steps so far.
            arguments: What the run chose.

        Returns:
            The sums with these steps added, and for each head the step in which its
            loss first was no number, or `NEVER`.
        """
        summed, broken = self._train(
            {"numbers": data.numbers, "codes": data.codes, "order": order},
            tf.constant(steps, tf.int32),
            tf.constant(sums, tf.float64),
            arguments.tensors(),
        )
        return summed.numpy(), broken.numpy()

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
            tf.constant(arguments.units, tf.float32),
        ).numpy()
        return summed

    def blocks(self, data: EncodedRows) -> int:
        """Return how many blocks of rows `judge` counts."""
        return -(-data.rows // self._block_size(data.bucket))

    def compile(self, train: EncodedRows, validation: EncodedRows) -> None:
        """Compile ahead of need by taking no step at all."""
        sums = np.zeros((SUMS, len(self.key.plan.heads)))
        nothing = no_arguments(self.key.plan)
        order = tf.zeros(self.key.order_length, tf.int32)
        self.train(train, order, (0, 0, 0), sums, nothing)
        self.judge(validation, (0, 0), sums, nothing)

    def _train_steps(
        self,
        data: dict[str, Tensor],
        steps: Tensor,
        sums: Tensor,
        choices: dict[str, Tensor],
    ) -> tuple[Tensor, Tensor]:
        self.traces += 1
        size = self.key.batch_size

        def take_step(step: Tensor, sums: Tensor, broken: Tensor) -> tuple[Tensor, ...]:
            batch = self._batch(data, tf.slice(data["order"], [step * size], [size]))
            done = steps[2] + step
            gradients, added, losses = self._gradients(batch, choices, done)
            self.optimizer.apply(gradients, choices["recipe"], done)
            failed = tf.where(tf.math.is_finite(losses), NEVER, step)
            return step + 1, sums + added, tf.minimum(broken, failed)

        start = (steps[0], sums, tf.fill([len(self.key.plan.heads)], NEVER))
        last = steps[0] + steps[1]
        _, summed, broken = tf.while_loop(
            lambda step, *_: step < last, take_step, start
        )
        return summed, broken

    def _judge_blocks(
        self, data: dict[str, Tensor], blocks: Tensor, sums: Tensor, units: Tensor
    ) -> Tensor:
        self.traces += 1
        bucket = data["numbers"].shape[0]
        size = self._block_size(bucket)
        gates = tf.ones(len(self.key.plan.heads))

        def take_block(block: Tensor, sums: Tensor) -> tuple[Tensor, Tensor]:
            rows = tf.minimum(block * size + tf.range(size), bucket - 1)
            batch = self._batch(data, rows)
            outputs = self.network.outputs(batch["inputs"], gates)
            _, added = head_losses(self.key.plan, outputs, batch, units)
            return block + 1, sums + added

        last = blocks[0] + blocks[1]
        return tf.while_loop(
            lambda block, *_: block < last, take_block, (blocks[0], sums)
        )[1]

    def _gradients(
        self, batch: dict[str, Tensor], choices: dict[str, Tensor], step: Tensor
    ) -> tuple[list[Tensor], Tensor, Tensor]:
        """Return a gradient a variable, what to add to the sums, each head's loss.

        Args:
            batch: Inputs, targets and weights.
            choices: The run's arguments.
            step: Steps since training began.
        """
        variables = [variable.value for variable in self.network.variables]
        rate = self.key.plan.dropout
        scales, gates = choices["heads"][0], choices["heads"][1]
        with tf.GradientTape() as tape:
            outputs = self.network.outputs(
                batch["inputs"],
                gates,
                lambda values, place: drop(values, rate, choices["seed"], step, place),
            )
            losses, added = head_losses(self.key.plan, outputs, batch, choices["units"])
            total = tf.reduce_sum(scales * losses)
        found = tape.gradient(total, variables)
        return [tf.convert_to_tensor(part) for part in found], added, losses

    def _batch(self, data: dict[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
        plan = self.key.plan
        numbers = tf.gather(data["numbers"], rows)
        dense = plan.dense_width
        targets = sum(head.targets for head in plan.heads)
        inputs = [numbers[:, :dense]] if dense else []
        if plan.categories:
            inputs.append(tf.gather(data["codes"], rows))
        return {
            "inputs": inputs,
            "targets": numbers[:, dense : dense + targets],
            "weights": numbers[:, dense + targets :],
        }

    def _block_size(self, bucket: int) -> int:
        return min(bucket, JUDGED_AT_ONCE)
