"""What all ways of training are given: rows, a network, and what an epoch answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np
from numpy.typing import NDArray

Epoch = Callable[[int], float]
"""Trains one epoch, by its number, and returns the seconds it took."""

Reads = Literal["numbers", "text", "pictures"]
Goal = Literal["number", "label", "class"]

NUMBERS, CLASSES = 20, 5
WORDS, LENGTH = 10_000, 100
PIXELS = 64
LABELLED = 0.8
RATE = 1e-3


@dataclass(frozen=True, slots=True)
class Task:
    """A network to train.

    Args:
        name: What people call it.
        reads: What a row holds: 20 numbers; 100 words of 10,000, each of 128 numbers,
            read by an LSTM of 128; or 64 x 64 pixels in colour, through a convolution
            of 32 filters, pooled and laid flat.
        trunk: Units of the shared layers.
        branch: Units of each head's own layer, or none.
        goals: What each head predicts; `class` is one of five.
        experts: Experts between trunk and heads, each a layer of the trunk's last
            width, mixed by a gate a head; 0 = none.
    """

    name: str
    reads: Reads
    trunk: tuple[int, ...]
    branch: int
    goals: tuple[Goal, ...]
    experts: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Made rows.

    Args:
        inputs: Float32 `(rows, 20)`, int32 `(rows, 100)` or uint8 `(rows, 64, 64, 3)`.
        targets: Float32 `(rows, heads)`; classes and labels by position.
        weights: Float32 `(rows, heads)`, 0 where there is no label.
    """

    inputs: NDArray[np.generic]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.targets)


DENSE = Task("dense", "numbers", (64, 32), 16, ("number", "number", "label", "class"))
EXPERTS = Task(
    "experts", "numbers", (64,), 16, ("number", "number", "label", "class"), experts=4
)
PICTURES = Task("pictures", "pictures", (128,), 0, ("label", "label"))
TEXT = Task("text", "text", (64,), 0, ("label", "class"))


def width_of(goal: Goal) -> int:
    """Return how many numbers a head gives."""
    return CLASSES if goal == "class" else 1


def make_rows(task: Task, rows: int, seed: int = 0) -> Rows:
    """Return rows that can be learned from, a fifth of the labels missing."""
    random = np.random.default_rng(seed)
    inputs, signal = _inputs(task.reads, rows, random)
    targets = np.empty((rows, len(task.goals)), np.float32)
    for place, goal in enumerate(task.goals):
        values = signal[:, place] + 0.1 * random.normal(size=rows)
        match goal:
            case "number":
                targets[:, place] = values
            case "label":
                targets[:, place] = values > 0.0
            case "class":
                targets[:, place] = np.digitize(values, [-0.8, -0.2, 0.2, 0.8])
            case _:
                assert_never(goal)
    weights = random.random(targets.shape) < LABELLED
    return Rows(inputs, targets, weights.astype(np.float32))


def _inputs(
    reads: Reads, rows: int, random: np.random.Generator
) -> tuple[NDArray[np.generic], NDArray[np.float64]]:
    """Return inputs, and four numbers a row that follow from them, `(rows, 4)`."""
    match reads:
        case "numbers":
            x = random.normal(size=(rows, NUMBERS)).astype(np.float32)
            signal = [x[:, 0] + x[:, 1] ** 2, x[:, 2] * x[:, 3], x[:, 4] + x[:, 5]]
            return x, np.stack([*signal, x[:, 6]], axis=1).astype(np.float64)
        case "text":
            words = random.integers(2, WORDS, (rows, LENGTH)).astype(np.int32)
            halves = words.reshape(rows, 4, -1) < WORDS / 2
            return words, halves.mean(axis=2) * 4.0 - 2.0
        case "pictures":
            size = (rows, PIXELS, PIXELS, 3)
            pixels = random.integers(0, 256, size, dtype=np.uint8)
            light = pixels[:, ::16, ::16, 0].reshape(rows, 4, 4)
            return pixels, light.mean(axis=2) / 128.0 - 1.0
        case _:
            assert_never(reads)
