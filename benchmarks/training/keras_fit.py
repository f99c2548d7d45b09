"""`Model.fit` on a network written as people write it."""

from __future__ import annotations

import time

import keras

from benchmarks.training.work import (
    LENGTH,
    NUMBERS,
    PIXELS,
    RATE,
    WORDS,
    Epoch,
    Goal,
    Rows,
    Task,
    width_of,
)

LOSSES = {
    "number": "mse",
    "label": keras.losses.BinaryCrossentropy(from_logits=True),
    "class": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
}
SHAPES = {
    "numbers": ((NUMBERS,), "float32"),
    "text": ((LENGTH,), "int32"),
    "pictures": ((PIXELS, PIXELS, 3), "uint8"),
}


def fit_epoch(
    task: Task, rows: Rows, batch_size: int, settings: dict[str, object]
) -> Epoch:
    """Return a function that fits one epoch.

    Args:
        task: The network.
        rows: What it learns from.
        batch_size: Rows a step.
        settings: Of `compile`, besides optimizer, losses and metrics.
    """
    model = compiled(task, settings)
    heads = range(len(task.goals))
    targets = {f"h{k}": rows.targets[:, k : k + 1] for k in heads}
    weights = {f"h{k}": rows.weights[:, k] for k in heads}
    times: list[float] = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda *_: times.append(time.perf_counter()),
        on_epoch_end=lambda *_: times.append(time.perf_counter()),
    )

    def epoch(turn: int) -> float:
        del turn
        times.clear()
        model.fit(
            rows.inputs,
            targets,
            sample_weight=weights,
            batch_size=batch_size,
            epochs=1,
            verbose=0,
            callbacks=[watch],
        )
        return times[1] - times[0]

    return epoch


def compiled(task: Task, settings: dict[str, object]) -> keras.Model:
    """Return the network of a task, ready to fit.

    Args:
        task: The network.
        settings: Of `compile`, besides optimizer, losses and metrics.
    """
    model = _network(task)
    goals = {f"h{place}": goal for place, goal in enumerate(task.goals)}
    model.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss={name: LOSSES[goal] for name, goal in goals.items()},
        weighted_metrics={name: [_metric(goal)] for name, goal in goals.items()},
        **settings,
    )
    return model


def _metric(goal: Goal) -> object:
    if goal == "label":
        return keras.metrics.BinaryAccuracy(threshold=0.0)
    return "mae" if goal == "number" else "sparse_categorical_accuracy"


def _network(task: Task) -> keras.Model:
    layers = keras.layers
    shape, dtype = SHAPES[task.reads]
    inputs = shared = keras.Input(shape, dtype=dtype)
    if task.reads == "text":
        shared = layers.LSTM(128)(layers.Embedding(WORDS, 128)(shared))
    elif task.reads == "pictures":
        shared = layers.Rescaling(1 / 255)(shared)
        shared = layers.Conv2D(32, 3, activation="relu")(shared)
        shared = layers.Flatten()(layers.MaxPooling2D(2)(shared))
    for units in task.trunk[: -1 if task.experts else None]:
        shared = layers.Dense(units, activation="relu")(shared)
    experts = [
        layers.Dense(task.trunk[-1], activation="relu")(shared)
        for _ in range(task.experts)
    ]
    stacked = keras.ops.stack(experts, axis=1) if experts else None
    outputs = {}
    for place, goal in enumerate(task.goals):
        branch = shared
        if stacked is not None:
            gate = layers.Dense(task.experts, activation="softmax")(shared)
            branch = keras.ops.einsum("be,beu->bu", gate, stacked)
        if task.branch:
            branch = layers.Dense(task.branch, activation="relu")(branch)
        name = f"h{place}"
        outputs[name] = layers.Dense(width_of(goal), name=name)(branch)
    return keras.Model(inputs, outputs)
