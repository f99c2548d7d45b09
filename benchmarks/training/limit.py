"""How fast a step could be: its matrix products alone, one after another."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from benchmarks.training.work import LENGTH, NUMBERS, PIXELS, Task, width_of

REPEATS = 7
EMBEDDING = UNITS = 128
FILTERS, WINDOW = 32, 3


@dataclass(frozen=True, slots=True)
class Product:
    """A matrix `(rows, inner)` times another `(inner, columns)`, some times a step."""

    rows: int
    inner: int
    columns: int
    times: int = 1

    @property
    def operations(self) -> int:
        """Floating-point operations a step."""
        return 2 * self.rows * self.inner * self.columns * self.times


@dataclass(frozen=True, slots=True)
class Limit:
    """What a step's products alone take.

    Args:
        operations: Floating-point operations a step.
        seconds: The least time in which NumPy did them here.
    """

    operations: int
    seconds: float


def limit_of(task: Task, batch_size: int) -> Limit:
    """Return the limit of a network's step: forward, and back to weights and inputs."""
    products = products_of(task, batch_size)
    return Limit(
        operations=sum(product.operations for product in products),
        seconds=sum(_seconds(product) for product in products),
    )


def products_of(task: Task, batch_size: int) -> list[Product]:
    """Return the matrix products of a step."""
    found: list[Product] = []
    width = NUMBERS
    if task.reads == "text":
        words, gates = batch_size * LENGTH, 4 * UNITS
        found += _layer(words, EMBEDDING, gates, back=True)
        found += [
            Product(batch_size, UNITS, gates, LENGTH),
            Product(batch_size, gates, UNITS, LENGTH),
            Product(UNITS, words, gates),
        ]
        width = UNITS
    elif task.reads == "pictures":
        side = PIXELS - WINDOW + 1
        found += _layer(batch_size * side**2, 3 * WINDOW**2, FILTERS, back=False)
        width = FILTERS * (side // 2) ** 2
    back = task.reads != "numbers"
    for units in task.trunk[: -1 if task.experts else None]:
        found += _layer(batch_size, width, units, back=back)
        width, back = units, True
    if task.experts:
        last = task.trunk[-1]
        columns = task.experts * (last + len(task.goals))
        found += _layer(batch_size, width, columns, back=True)
        width = last
    for goal in task.goals:
        if task.branch:
            found += _layer(batch_size, width, task.branch, back=True)
        given = task.branch or width
        found += _layer(batch_size, given, width_of(goal), back=True)
    return found


def _layer(rows: int, width: int, units: int, *, back: bool) -> list[Product]:
    """Return the products of a dense layer; back = what it reads learns too."""
    products = [Product(rows, width, units), Product(width, rows, units)]
    return products + [Product(rows, units, width)] * back


def _seconds(product: Product) -> float:
    random = np.random.default_rng(0)
    shapes = (product.rows, product.inner), (product.inner, product.columns)
    left, right = (random.random(shape, np.float32) for shape in shapes)
    made = np.empty((product.rows, product.columns), np.float32)
    calls = max(int(2e8 / (product.operations / product.times)), 1)
    best = np.inf
    for _ in range(REPEATS):
        begun = time.perf_counter()
        for _ in range(min(calls, 1_000)):
            np.matmul(left, right, out=made)
        best = min(best, (time.perf_counter() - begun) / min(calls, 1_000))
    return float(best * product.times)
