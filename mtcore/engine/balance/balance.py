"""How the heads' losses are weighed against each other, step by step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.plans.plan import HeadPlan

# A head at so small a share of its constant's loss is as good as perfect: below it the
# logarithm goes on as a straight line.
SMALLEST_RELATIVE = 1e-4
# Losses that may be 0 or less: logarithms of likelihoods with a scale of their own.
SIGNED_LOSSES = frozenset({"gaussian_nll"})


@dataclass(frozen=True, slots=True)
class Moment:
    """One step as a balance sees it; every vector is float32 `(heads,)`.

    Args:
        losses: Raw mean losses on the batch, 0 where no row has a label.
        labelled: Bool; whether any row of the batch has a label.
        scales: T · w / Σw ÷ L0, or 1 ÷ L0 for a head of weight 0.
        gates: 1 where a head moves the trunk, 0 for a head of weight 0.
        constants: L0, the loss of each head's constant prediction.
        rate: Learning rate of what the balance itself learns, `()`.
        decay: How strongly that is drawn to 0, `()`.
        seed: Of the experiment, int32.
        step: Steps before this one since training began, int32.
    """

    losses: Tensor
    labelled: Tensor
    scales: Tensor
    gates: Tensor
    constants: Tensor
    rate: Tensor
    decay: Tensor
    seed: Tensor
    step: Tensor

    @property
    def shares(self) -> Tensor:
        """The heads' weights as shares, T · w / Σw, or 1 for a head of weight 0."""
        return self.scales * self.constants

    @property
    def relative(self) -> Tensor:
        """Losses over those of the constants."""
        return self.losses / self.constants


def moment_of(
    losses: Tensor, weights: Tensor, choices: Mapping[str, Tensor], step: Tensor
) -> Moment:
    """Return a step from the losses on its batch and the program's arguments.

    Args:
        losses: Raw mean losses, float32 `(heads,)`.
        weights: Summed label weights of the batch, `(heads,)`.
        choices: As `Arguments.tensors` gives them.
        step: Steps before this one since training began, int32.
    """
    scales, gates, constants = tf.unstack(choices["heads"])
    rate, decay = tf.unstack(choices["balance"])
    return Moment(
        losses=tf.stop_gradient(losses),
        labelled=weights > 0.0,
        scales=scales,
        gates=gates,
        constants=constants,
        rate=rate,
        decay=decay,
        seed=choices["seed"],
        step=step,
    )


class Balance(ABC):
    """Gives each head's raw loss its weight in the objective of a step.

    A head of weight 0 must change no other head's weight, and a head without a label
    must change nothing at all.

    Args:
        heads: The network's heads.
    """

    per_head: bool = False
    """Whether it wants each head's gradient on the trunk by itself."""

    def __init__(self, heads: Sequence[HeadPlan]) -> None:
        self._heads = tuple(heads)

    @property
    def state(self) -> list[Tensor]:
        """What it learns, as variables; all 0 where training begins."""
        return []

    @abstractmethod
    def weights(self, moment: Moment) -> Tensor:
        """Return what each raw loss is multiplied with, float32 `(heads,)`."""

    def penalties(self, moment: Moment) -> Tensor:
        """Return what it adds to the objective for each head, float32 `(heads,)`."""
        return tf.zeros_like(moment.losses)

    def trunk_weights(self, products: Tensor, moment: Moment) -> Tensor:
        """Return what each head's trunk gradient is multiplied with before summing.

        Asked of those that want gradients head by head.

        Args:
            products: Dot products of the weighted losses' gradients on the trunk,
                float32 `(heads, heads)`.
            moment: The step.
        """
        del products
        return tf.ones_like(moment.losses)

    def learn(self, moment: Moment, losses_after: Callable[[], Tensor]) -> None:
        """Learn from a step, once the network has moved.

        Args:
            moment: As it was before the move.
            losses_after: Returns the raw losses of the same batch after it.
        """
        del moment, losses_after


def log_losses(heads: Sequence[HeadPlan], relative: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logarithm of each relative loss, and its slope, float32 `(heads,)`.

    Below `SMALLEST_RELATIVE` the logarithm goes on as its tangent. A loss that may be 0
    or less is a logarithm already, and stands for itself with slope 1.

    Args:
        heads: The network's heads.
        relative: Losses over those of the constants.
    """
    held = tf.maximum(relative, SMALLEST_RELATIVE)
    signed = tf.constant([head.loss in SIGNED_LOSSES for head in heads])
    logs = tf.math.log(held) + tf.minimum(relative - held, 0.0) / held
    return (
        tf.where(signed, relative, logs),
        tf.where(signed, tf.ones_like(held), 1.0 / held),
    )
