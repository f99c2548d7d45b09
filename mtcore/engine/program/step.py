"""One training step: losses, their balance, gradients, and the optimizer's move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.balance import Balance, Moment, moment_of
from mtcore.engine.layers.augmentation import augmented
from mtcore.engine.layers.dropout import drop
from mtcore.engine.layers.network import Network
from mtcore.engine.program.fused_optimizer import FusedOptimizer
from mtcore.engine.program.gradients import flat_gradients, products_of
from mtcore.engine.program.objective import head_losses
from mtcore.engine.program.optimizers import FlatOptimizer
from mtcore.engine.program.sums import measured_heads


class TrainingStep:
    """Moves a network by one batch.

    Args:
        network: What learns.
        optimizer: Of all its variables.
        balance: Weighs the heads' losses.
    """

    def __init__(
        self,
        network: Network,
        optimizer: FlatOptimizer | FusedOptimizer,
        balance: Balance,
    ) -> None:
        self._network = network
        self._optimizer = optimizer
        self._balance = balance
        self._shared = [variable.value for variable in network.parts[0]]
        self._own = [variable.value for part in network.parts[1:] for variable in part]

    def take(
        self,
        batch: Mapping[str, Tensor],
        choices: Mapping[str, Tensor],
        step: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Take one step.

        Args:
            batch: Inputs, targets and weights.
            choices: The run's arguments.
            step: Steps since training began.

        Returns:
            What to add to the epoch's sums, float64 `(TRAIN_SUMS, heads)`, and each
            head's loss, float32 `(heads,)`.
        """
        balance = self._balance
        by_head = balance.per_head and bool(self._shared)
        with tf.GradientTape(persistent=by_head) as tape:
            losses, added = self._losses(batch, choices, step)
            moment = moment_of(losses, added[1], choices, step)
            weighted = tf.stop_gradient(balance.weights(moment)) * losses
            parts = tf.unstack(weighted)
            total = tf.reduce_sum(weighted)
        if by_head:
            shared = self._trunk_gradients(tape, parts, moment)
            gradients = shared + self._filled(tape.gradient(total, self._own))
        else:
            gradients = self._filled(tape.gradient(total, self._shared + self._own))
        rows = [added, _ledger_rows(weighted, balance.penalties(moment), added)]
        self._optimizer.apply(gradients, choices["recipe"], step)
        balance.learn(moment, lambda: self._losses(batch, choices, step)[0])
        return tf.concat(rows, 0), losses

    def products(
        self,
        batch: Mapping[str, Tensor],
        choices: Mapping[str, Tensor],
        step: Tensor,
    ) -> Tensor:
        """Return how the heads' gradients on the shared variables stand to each other.

        Nothing is moved. They are the gradients of the weighted losses, as `take` would
        sum them, or as a balance that mends them would be given them.

        Args:
            batch: Inputs, targets and weights.
            choices: The run's arguments.
            step: Steps since training began.

        Returns:
            Dot products, float32 `(measured, measured)`, all 0 where nothing is shared.
        """
        count = measured_heads(len(self._network.plan.heads))
        if not self._shared:
            return tf.zeros((count, count))
        with tf.GradientTape(persistent=True) as tape:
            losses, added = self._losses(batch, choices, step)
            moment = moment_of(losses, added[1], choices, step)
            weights = tf.stop_gradient(self._balance.weights(moment))
            parts = tf.unstack(weights * losses)[:count]
        return products_of(flat_gradients(tape, parts, self._shared))

    def _losses(
        self,
        batch: Mapping[str, Tensor],
        choices: Mapping[str, Tensor],
        step: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return each head's loss and what to add to the sums, the network as it is.

        The same units are dropped each time it is called in a step.
        """
        plan = self._network.plan
        outputs = self._network.outputs(
            augmented(plan, batch["inputs"], choices["seed"], step),
            choices["heads"][1],
            lambda values, place: drop(
                values, plan.dropout, choices["seed"], step, place
            ),
        )
        return head_losses(plan, outputs, batch, choices["units"])

    def _trunk_gradients(
        self, tape: Tensor, parts: Sequence[Tensor], moment: Moment
    ) -> list[Tensor]:
        """Return a gradient a shared variable, mended head by head."""
        by_head = flat_gradients(tape, parts, self._shared)
        chosen = self._balance.trunk_weights(products_of(by_head), moment)
        flat = tf.linalg.matvec(by_head, chosen, transpose_a=True)
        shapes = [variable.shape for variable in self._shared]
        pieces = tf.split(flat, [shape.num_elements() for shape in shapes])
        return [
            tf.reshape(piece, shape)
            for piece, shape in zip(pieces, shapes, strict=True)
        ]

    def _filled(self, found: Sequence[Tensor]) -> list[Tensor]:
        return [tf.convert_to_tensor(part) for part in found]


def _ledger_rows(weighted: Tensor, penalties: Tensor, added: Tensor) -> Tensor:
    """Return the rows `WEIGHTED`, `PENALTY` and `STEPS`, float64 `(3, heads)`."""
    weighted = tf.cast(weighted, tf.float64) * added[1]
    penalties = tf.cast(penalties, tf.float64)
    return tf.stack([weighted, penalties, tf.ones_like(penalties)])
