"""Rows a second of the compiled epoch against `Model.fit`, side by side.

The network of the design: 20 numbers, Dense 64 and 32, four heads of 16 units that end
in 1, 1, 1 and 5. Both sides have the same rows, masks, optimizer, losses and metrics
(loss and mean absolute error or accuracy per head), take turns, and shuffle. Compiling
and the first epoch are left out on both sides.

    python benchmarks/throughput.py [--quick] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from mtcore.engine.arguments import Arguments
from mtcore.engine.backend import Model, keras, tf
from mtcore.engine.epoch_order import epoch_order, steps_of
from mtcore.engine.epochs import CHUNK_S, FIRST_CHUNK
from mtcore.engine.plan import HeadPlan, NetworkPlan
from mtcore.engine.program import Program, ProgramKey
from mtcore.engine.rows import EncodedRows, bucket_of
from mtcore.engine.sums import blank_sums

FEATURES = 20
CLASSES = 5
LABELLED = 0.8
RATE = 1e-3
# Batch size, rows, rows with --quick, and how many times faster it must be.
CASES = ((256, 100_000, 25_000, 10.0), (32, 20_000, 5_000, 20.0))
ROUNDS, QUICK_ROUNDS = 7, 3
HEADS = (
    ("h0", "linear", "mse", 1),
    ("h1", "linear", "mse", 1),
    ("h2", "sigmoid", "binary_crossentropy", 1),
    ("h3", "softmax", "categorical_crossentropy", CLASSES),
)


@dataclass(frozen=True, slots=True)
class Side:
    """What was measured of one way to train.

    Args:
        rows_s: Median rows a second over the rounds.
        slowest: The least of them.
        fastest: The most of them.
        step_us: Microseconds a step at the median.
    """

    rows_s: float
    slowest: float
    fastest: float
    step_us: float


@dataclass(frozen=True, slots=True)
class Result:
    """One batch size, both sides, and whether the aim is met."""

    batch_size: int
    rows: int
    ours: Side
    fit: Side
    ratio: float
    needed: float
    met: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """Made rows: inputs `(rows, 20)`, targets and weights `(rows, 4)`, float32."""

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--quick", action="store_true", help="a quarter of the rows")
    chosen = parser.parse_args(arguments)
    results = [
        measure(batch, quick if chosen.quick else rows, needed, quick=chosen.quick)
        for batch, rows, quick, needed in CASES
    ]
    if chosen.json:
        cases = [asdict(result) for result in results]
        print(json.dumps({"machine": machine(), "cases": cases}))
    else:
        show(results)
    return 0 if all(result.met for result in results) else 1


def measure(batch_size: int, rows: int, needed: float, *, quick: bool) -> Result:
    """Return both sides of one batch size, measured in turns."""
    made = make_rows(rows)
    sides = {
        "ours": our_epoch(made, batch_size),
        "fit": fit_epoch(made, batch_size),
    }
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(1 + (QUICK_ROUNDS if quick else ROUNDS)):
        for name, epoch in sides.items():
            spent = epoch(turn)
            if turn:
                seconds[name].append(spent)
    ours, fit = (side(seconds[name], rows, batch_size) for name in ("ours", "fit"))
    ratio = ours.rows_s / fit.rows_s
    return Result(batch_size, rows, ours, fit, ratio, needed, ratio >= needed)


def make_rows(rows: int, seed: int = 0) -> Rows:
    """Return rows that can be learned from, a fifth of the labels missing."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, FEATURES))
    targets = np.stack(
        [
            x[:, 0] + x[:, 1] ** 2,
            x[:, 2] * x[:, 3],
            (x[:, 4] + x[:, 5] > 0.0) * 1.0,
            np.digitize(x[:, 6], [-0.8, -0.2, 0.2, 0.8]),
        ],
        axis=1,
    )
    weights = random.random(targets.shape) < LABELLED
    return Rows(*(part.astype(np.float32) for part in (x, targets, weights)))


def our_epoch(made: Rows, batch_size: int) -> Callable[[int], float]:
    """Return a function that trains one epoch and returns its seconds."""
    rows = len(made.inputs)
    bucket = bucket_of(rows)
    joined = np.concatenate([made.inputs, made.targets, made.weights], axis=1)
    padded = np.pad(joined, [(0, bucket - rows), (0, 0)])
    data = EncodedRows(tf.constant(padded), tf.zeros((bucket, 0), tf.int32), rows)
    key = ProgramKey(plan(), batch_size, "adam", bucket, bucket, "xla_epoch", "CPU")
    program = Program(key)
    ones = np.ones(len(HEADS))
    chosen = Arguments(RATE, 1.0, 1e9, ones, ones, ones, ones, ones, 0)
    steps = steps_of(rows, batch_size)

    def epoch(turn: int) -> float:
        begun = time.perf_counter()
        places = epoch_order(rows, batch_size, key.order_length, 0, turn)
        order, sums, first = tf.constant(places), blank_sums(len(HEADS)), 0
        while first < steps:
            chunk = CHUNK_S / program.step_s if program.step_s else FIRST_CHUNK
            count = min(max(int(chunk), 1), steps - first)
            started = time.perf_counter()
            sums, _ = program.train(
                data, order, (first, count, turn * steps), sums, chosen
            )
            first += count
            program.step_s = (time.perf_counter() - started) / count
        return time.perf_counter() - begun

    return epoch


def plan() -> NetworkPlan:
    """Return the network as the engine plans it, without bins."""
    heads = tuple(
        HeadPlan(name, activation, (16,), width, activation, loss, 1)
        for name, activation, loss, width in HEADS
    )
    return NetworkPlan(FEATURES, (0,) * FEATURES, (), (64, 32), "relu", 0.0, heads)


def fit_epoch(made: Rows, batch_size: int) -> Callable[[int], float]:
    """Return a function that fits one epoch and returns its seconds."""
    model = fit_model()
    targets = {head[0]: made.targets[:, k : k + 1] for k, head in enumerate(HEADS)}
    weights = {head[0]: made.weights[:, k] for k, head in enumerate(HEADS)}
    times: list[float] = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda *_: times.append(time.perf_counter()),
        on_epoch_end=lambda *_: times.append(time.perf_counter()),
    )

    def epoch(turn: int) -> float:
        del turn
        times.clear()
        model.fit(
            made.inputs,
            targets,
            sample_weight=weights,
            batch_size=batch_size,
            epochs=1,
            verbose=0,
            callbacks=[watch],
        )
        return times[1] - times[0]

    return epoch


def fit_model() -> Model:
    """Return the same network as people write it, compiled."""
    inputs = keras.Input((FEATURES,))
    shared = keras.layers.Dense(64, activation="relu")(inputs)
    shared = keras.layers.Dense(32, activation="relu")(shared)
    outputs = {
        name: keras.layers.Dense(width, name=name)(
            keras.layers.Dense(16, activation="relu")(shared)
        )
        for name, _, _, width in HEADS
    }
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss={
            "h0": "mse",
            "h1": "mse",
            "h2": keras.losses.BinaryCrossentropy(from_logits=True),
            "h3": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        },
        weighted_metrics={
            "h0": ["mae"],
            "h1": ["mae"],
            "h2": [keras.metrics.BinaryAccuracy(threshold=0.0)],
            "h3": ["sparse_categorical_accuracy"],
        },
    )
    return model


def side(seconds: Sequence[float], rows: int, batch_size: int) -> Side:
    """Return what some epochs' seconds mean."""
    median = statistics.median(seconds)
    return Side(
        rows_s=rows / median,
        slowest=rows / max(seconds),
        fastest=rows / min(seconds),
        step_us=median / steps_of(rows, batch_size) * 1e6,
    )


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }


def show(results: Sequence[Result]) -> None:
    """Print a table for people."""
    facts = ", ".join(f"{name} {value}" for name, value in machine().items())
    print(f"{facts}\n")
    print("batch     rows  way         rows/s  slowest to fastest       µs/step  times")
    for result in results:
        for name, part in (("ours", result.ours), ("Model.fit", result.fit)):
            spread = f"{part.slowest:,.0f} to {part.fastest:,.0f}"
            aim = "met" if result.met else "MISSED"
            times = f"{result.ratio:.1f} (aim {result.needed:.0f}: {aim})"
            print(
                f"{result.batch_size:5d} {result.rows:8,d}  {name:9s} "
                f"{part.rows_s:9,.0f}  {spread:24s} {part.step_us:7,.0f}  "
                f"{times if name == 'ours' else ''}"
            )


if __name__ == "__main__":
    sys.exit(main())
