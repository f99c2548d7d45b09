"""How long and how fast a network learns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mtcore.spec.base import Frozen, Text

# Beyond that an average hardly gets better.
MOST_SEEDS = 20

Optimizer = Literal["adamw", "adam", "sgd"]


class Training(Frozen):
    """The recipe of one training.

    Args:
        epochs: The most passes over the training rows.
        batch_size: Rows a step.
        optimizer: `adamw` (decoupled weight decay), `adam` or `sgd` (Nesterov).
        learning_rate: The peak of the schedule.
        balance: `static`: the heads' weights stay as given.
        patience: Epochs without a better monitor after which training ends.
        monitor: The head whose validation loss chooses the best epoch, or None for
            the mean of all heads' normalised losses.
        seeds: Networks that are trained one after another, each from another seed, and
            averaged into one model. Compiling takes no longer, training as many times
            as long.
    """

    epochs: int = Field(default=100, ge=1, le=100_000)
    batch_size: int = Field(default=256, ge=1, le=1_000_000)
    optimizer: Optimizer = "adamw"
    learning_rate: float = Field(default=0.001, gt=0.0, le=10.0)
    balance: Literal["static"] = "static"
    patience: int = Field(default=20, ge=1)
    monitor: Text | None = None
    seeds: int = Field(default=1, ge=1, le=MOST_SEEDS)
