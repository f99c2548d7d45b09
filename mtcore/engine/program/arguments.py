"""What a run changes without compiling again: the arguments of a program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.program.constant_loss import Constant
from mtcore.engine.rows.labels import SingleArray
from mtcore.spec import Experiment

WARMUP_SHARE = 0.05
MOST_WARMUP_STEPS = 500
# The learning rate never falls below this share of its peak.
LEAST_RATE = 0.01
WEIGHT_DECAY = 0.01
# Gradients are scaled down to this norm at most.
CLIP_NORM = 1.0
# Steps between two measurements of gradients, which take as long as 15 steps at most.
MEASURE_EVERY = 300
# A short training is measured so often all the same, which takes some milliseconds.
LEAST_MEASUREMENTS = 10


@dataclass(frozen=True, slots=True)
class Arguments:
    """Numbers that a program is called with.

    Args:
        peak_rate: Highest learning rate, above 0.
        warmup_steps: Steps in which the rate rises from near 0.
        all_steps: Steps after which the rate has fallen to its least.
        scales: What each head's raw loss is multiplied with, `(heads,)`.
        gates: 1 where a head moves the trunk and 0 where not, `(heads,)`.
        weights: The heads' weights as people gave them, `(heads,)`.
        constants: Loss of each head's constant prediction, `(heads,)`.
        units: What turns an error into its target's unit, `(targets,)`.
        seed: Decides first weights, shuffling, dropout and the order of heads.
        balance_rate: Learning rate of what a balance learns.
        balance_decay: How strongly that is drawn to 0.
        measure_every: Steps between measurements of the heads' gradients; 0 = never.
    """

    peak_rate: float
    warmup_steps: float
    all_steps: float
    scales: FloatArray
    gates: FloatArray
    weights: FloatArray
    constants: FloatArray
    units: FloatArray
    seed: int
    balance_rate: float = 0.0
    balance_decay: float = 0.0
    measure_every: int = 0

    def learning_rate(self, step: int) -> float:
        """Return the rate of a step counted from 0, as the program computes it."""
        if step < self.warmup_steps:
            return self.peak_rate * (step + 1.0) / max(self.warmup_steps, 1.0)
        span = max(self.all_steps - self.warmup_steps, 1.0)
        share = min((step - self.warmup_steps) / span, 1.0)
        wave = 0.5 * (1.0 + math.cos(math.pi * share))
        return self.peak_rate * (LEAST_RATE + (1.0 - LEAST_RATE) * wave)

    def tensors(self) -> dict[str, Tensor]:
        """Return what a program is called with, by name.

        `recipe` float32 `(5,)`, `heads` float32 `(3, heads)` of scales, gates and
        constants, `units` float32 `(targets,)`, `seed` int32 `()`, `balance` float32
        `(2,)` of rate and decay, `measure_every` int32 `()`.
        """
        heads = np.stack([self.scales, self.gates, self.constants])
        return {
            "recipe": tf.constant(self._recipe()),
            "heads": tf.constant(heads, tf.float32),
            "units": tf.constant(self.units, tf.float32),
            "seed": tf.constant(self.seed, tf.int32),
            "balance": tf.constant([self.balance_rate, self.balance_decay], tf.float32),
            "measure_every": tf.constant(self.measure_every, tf.int32),
        }

    def _recipe(self) -> SingleArray:
        return np.array(
            [
                self.peak_rate,
                self.warmup_steps,
                self.all_steps,
                WEIGHT_DECAY,
                CLIP_NORM,
            ],
            dtype=np.float32,
        )


def arguments_of(
    experiment: Experiment,
    encoding: Encoding,
    constants: Sequence[Constant],
    steps_an_epoch: int,
) -> Arguments:
    """Return the arguments of an experiment.

    A head's effective weight is T · w / Σw ÷ L0, with T heads and L0 its constant's
    loss. A head of weight 0 learns as if it weighed 1 but does not move the trunk.
    """
    weights = np.array([head.weight for head in experiment.heads])
    losses = np.array([constant.loss for constant in constants])
    moving = weights > 0.0
    shares = len(weights) * weights / weights.sum()
    training = experiment.training
    all_steps = training.epochs * steps_an_epoch
    return Arguments(
        peak_rate=training.learning_rate,
        warmup_steps=min(WARMUP_SHARE * all_steps, MOST_WARMUP_STEPS),
        all_steps=float(all_steps),
        scales=np.where(moving, shares, 1.0) / losses,
        gates=moving.astype(np.float64),
        weights=weights,
        constants=losses,
        units=_units(experiment, encoding),
        seed=experiment.seed,
        balance_rate=training.balance_rate,
        balance_decay=training.balance_decay,
        measure_every=measure_every(experiment, all_steps),
    )


def measure_every(experiment: Experiment, all_steps: int) -> int:
    """Return the steps between measurements of the heads' gradients; 0 = never.

    Args:
        experiment: May ask for a number.
        all_steps: Of the training, if it ends neither early nor by hand.

    Examples:
        >>> from mtcore.spec import parse_experiment
        >>> heads = "heads: [{name: a, kind: regression, columns: [a]}]"
        >>> measure_every(parse_experiment(heads), 30_000)
        300
        >>> measure_every(parse_experiment(heads), 400)
        40
    """
    asked = experiment.training.measure_every
    if asked is not None:
        return asked
    return min(MEASURE_EVERY, max(all_steps // LEAST_MEASUREMENTS, 1))


def no_arguments(plan: NetworkPlan) -> Arguments:
    """Return arguments of the right shapes, for compiling."""
    heads = np.ones(len(plan.heads))
    units = np.ones(sum(head.targets for head in plan.heads))
    return Arguments(1.0, 1.0, 1.0, heads, heads, heads, heads, units, 0)


def _units(experiment: Experiment, encoding: Encoding) -> FloatArray:
    units: list[float] = []
    for head in experiment.heads:
        units += head.learned_units(encoding.heads[head.name])
    return np.array(units)
