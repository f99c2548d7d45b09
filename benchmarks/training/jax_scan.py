"""A JAX epoch: `lax.scan` over the steps, compiled as one program."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise

import jax
import numpy as np
from jax import Array, lax
from jax import numpy as jnp

from benchmarks.training.work import NUMBERS, RATE, Epoch, Goal, Rows, Task, width_of

MEAN, SQUARE, SMALL = 0.9, 0.999, 1e-7
Weights = dict[str, list[tuple[Array, Array]]]


def jax_epoch(task: Task, rows: Rows, batch_size: int) -> Epoch:
    """Return a function that trains one epoch of a network of numbers."""
    weights = _first_weights(task)
    mean, square = (jax.tree.map(jnp.zeros_like, weights) for _ in range(2))
    carried = (weights, mean, square, jnp.zeros(()))
    data = [jnp.asarray(part) for part in (rows.inputs, rows.targets, rows.weights)]
    run = jax.jit(partial(_run, task), donate_argnums=0)
    steps = -(-rows.count // batch_size)
    held = [carried]

    def epoch(turn: int) -> float:
        begun = time.perf_counter()
        random = np.random.default_rng(turn)
        order = np.resize(random.permutation(rows.count), steps * batch_size)
        places = jnp.asarray(order.reshape(steps, batch_size))
        held[0], told = run(held[0], data, places)
        told.block_until_ready()
        return time.perf_counter() - begun

    return epoch


def _first_weights(task: Task) -> Weights:
    random = np.random.default_rng(0)

    def dense(width: int, units: int) -> tuple[Array, Array]:
        limit = np.sqrt(6.0 / (width + units))
        kernel = random.uniform(-limit, limit, (width, units))
        return jnp.asarray(kernel, jnp.float32), jnp.zeros(units)

    widths = (NUMBERS, *task.trunk)
    pairs = list(pairwise(widths))
    made: Weights = {"trunk": [], "experts": [], "gates": [], "branches": []}
    if task.experts:
        width, units = pairs.pop()
        made["experts"] = [dense(width, task.experts * units)]
        made["gates"] = [dense(width, task.experts) for _ in task.goals]
    made["trunk"] = [dense(*pair) for pair in pairs]
    made["branches"] = [dense(widths[-1], task.branch) for _ in task.goals]
    made["heads"] = [dense(task.branch, width_of(goal)) for goal in task.goals]
    return made


def _outputs(task: Task, weights: Weights, inputs: Array) -> list[Array]:
    def relu(values: Array, layer: tuple[Array, Array]) -> Array:
        return jax.nn.relu(values @ layer[0] + layer[1])

    shared = inputs
    for layer in weights["trunk"]:
        shared = relu(shared, layer)
    given = [shared] * len(task.goals)
    if task.experts:
        known = relu(shared, weights["experts"][0])
        known = known.reshape(len(inputs), task.experts, -1)
        gates = [jax.nn.softmax(shared @ k + b) for k, b in weights["gates"]]
        given = [jnp.einsum("be,beu->bu", gate, known) for gate in gates]
    branches = map(relu, given, weights["branches"])
    return [
        branch @ kernel + bias
        for branch, (kernel, bias) in zip(branches, weights["heads"], strict=True)
    ]


def _run(
    task: Task, carried: tuple, data: list[Array], places: Array
) -> tuple[tuple, Array]:
    def lost(weights: Weights, batch: list[Array]) -> tuple[Array, Array]:
        return _losses(task.goals, _outputs(task, weights, batch[0]), *batch[1:])

    def step(carried: tuple, chosen: Array) -> tuple[tuple, Array]:
        weights, mean, square, count = carried
        batch = [part[chosen] for part in data]
        (_, told), found = jax.value_and_grad(lost, has_aux=True)(weights, batch)
        mean = jax.tree.map(lambda m, g: MEAN * m + (1 - MEAN) * g, mean, found)
        square = jax.tree.map(
            lambda s, g: SQUARE * s + (1 - SQUARE) * g * g, square, found
        )
        count += 1.0
        rate = RATE * jnp.sqrt(1 - SQUARE**count) / (1 - MEAN**count)
        weights = jax.tree.map(
            lambda w, m, s: w - rate * m / (jnp.sqrt(s) + SMALL), weights, mean, square
        )
        return (weights, mean, square, count), told

    carried, told = lax.scan(step, carried, places)
    return carried, told.sum(0)


def _losses(
    goals: tuple[Goal, ...], outputs: list[Array], targets: Array, weights: Array
) -> tuple[Array, Array]:
    """Return the sum of the heads' losses, and what an epoch tells of each head."""
    total, told = jnp.zeros(()), []
    for place, (goal, raw) in enumerate(zip(goals, outputs, strict=True)):
        truth, weight = targets[:, place], weights[:, place]
        if goal == "class":
            chances = jax.nn.log_softmax(raw)
            chosen = truth.astype(jnp.int32)
            loss = -jnp.take_along_axis(chances, chosen[:, None], 1)[:, 0]
            seen = (raw.argmax(1) == chosen).astype(jnp.float32)
        elif goal == "label":
            signed = (2.0 * truth - 1.0) * raw[:, 0]
            loss = jax.nn.softplus(-signed)
            seen = (signed > 0.0).astype(jnp.float32)
        else:
            loss = (raw[:, 0] - truth) ** 2
            seen = jnp.abs(raw[:, 0] - truth)
        lost, count = (loss * weight).sum(), weight.sum()
        total += lost / jnp.maximum(count, 1e-9)
        told += [lost, count, (seen * weight).sum()]
    return total, jnp.stack(told)
