"""How long and how fast a network learns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mtcore.spec.base import Frozen, Text

# Beyond that an average hardly gets better.
MOST_SEEDS = 20
# Which of several networks an epoch is of, among the metrics that a run logs.
NETWORK_KEY = "train/network"

Optimizer = Literal["adamw", "adam", "sgd"]
BalanceKind = Literal["static", "log_sum", "uncertainty", "famo", "pcgrad"]


class Training(Frozen):
    """The recipe of one training.

    Args:
        epochs: The most passes over the training rows.
        batch_size: Rows a step.
        optimizer: `adamw` (decoupled weight decay), `adam` or `sgd` (Nesterov).
        learning_rate: The peak of the schedule.
        balance: How heads are weighed against each other while training; their
            weights multiply on top. `static`: they stay as given; `log_sum`: each loss
            counts by its logarithm; `uncertainty`: by a learned noise level; `famo`: so
            that all fall at the same pace; `pcgrad`: conflicting trunk gradients are
            projected off each other.
        balance_rate: Learning rate of what `uncertainty` and `famo` learn.
        balance_decay: How strongly `famo` is drawn to equal weights.
        measure_every: Steps between measurements of the heads' gradients on the trunk;
            0 = never, None = 300, which costs 5 % of the time at most, or ten times
            a training.
        patience: Epochs without a better monitor after which training ends.
        monitor: The head whose validation loss chooses the best epoch, or None for
            the mean of all heads' normalised losses.
        seeds: Networks that are trained one after another, each from another seed, and
            averaged into one model. Compiling takes no longer, training as many times
            as long.
        rotate: Whether each of several networks holds out another part of the training
            and validation rows, so that together they learn from all of them.
        blend: `trees`: each head's answers are part the network's and part those of
            extremely randomised trees, in shares that held-out rows choose. Heads
            with class weights or a loss that aims at no mean are left to the network.
    """

    epochs: int = Field(default=100, ge=1, le=100_000)
    batch_size: int = Field(default=256, ge=1, le=1_000_000)
    optimizer: Optimizer = "adamw"
    learning_rate: float = Field(default=0.001, gt=0.0, le=10.0)
    balance: BalanceKind = "static"
    balance_rate: float = Field(default=0.025, gt=0.0, le=1.0)
    balance_decay: float = Field(default=0.001, ge=0.0, le=1.0)
    measure_every: int | None = Field(default=None, ge=0, le=1_000_000)
    patience: int = Field(default=20, ge=1)
    monitor: Text | None = None
    seeds: int = Field(default=1, ge=1, le=MOST_SEEDS)
    rotate: bool = False
    blend: Literal["none", "trees"] = "none"

    @property
    def rotates(self) -> bool:
        """Whether there are networks that take turns."""
        return self.rotate and self.seeds > 1
