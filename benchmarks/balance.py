"""Microseconds a step of each balance beside static, and what measuring costs.

The network of the design (20 numbers, Dense 64 and 32, heads of 16 units) with several
heads, batch 256. All balances take turns; compiling and the first turn are left out. A
measurement of the heads' gradients is timed as a step's surplus, with one at each step.

    python benchmarks/balance.py [--heads 4] [--quick] [--json]
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
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from mtcore.engine.arguments import MEASURE_EVERY, Arguments, no_arguments
from mtcore.engine.backend import keras, tf
from mtcore.engine.balance import BALANCES
from mtcore.engine.constant_loss import Constant
from mtcore.engine.epoch_order import epoch_order, steps_of
from mtcore.engine.initial_weights import initial_weights
from mtcore.engine.plan import HeadPlan, NetworkPlan
from mtcore.engine.program import Program, ProgramKey
from mtcore.engine.rows import EncodedRows, bucket_of
from mtcore.engine.sums import blank_sums

FEATURES = 20
BATCH = 256
ROWS, QUICK_ROWS = 50_000, 10_000
TURNS, QUICK_TURNS = 9, 3
MEASURED_ROWS = 5_000
# A measurement may cost so much of the steps between two of them.
MOST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured of one way to weigh heads.

    Args:
        step_us: Median microseconds a step over the turns.
        fastest_us: The least of them.
        slowest_us: The most of them.
        times: The median over turns of this step beside static's of the same turn.
    """

    step_us: float
    fastest_us: float
    slowest_us: float
    times: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where measuring costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--heads", type=int, default=4, help="how many heads")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--quick", action="store_true", help="fewer rows and turns")
    chosen = parser.parse_args(arguments)
    # It takes several programs for one that is traced over and over.
    tf.get_logger().setLevel("ERROR")
    rows = QUICK_ROWS if chosen.quick else ROWS
    turns = QUICK_TURNS if chosen.quick else TURNS
    plan, data = network(chosen.heads), made_rows(chosen.heads, rows)
    costs = measure(plan, data, turns)
    measurement_us = measuring(plan, data, turns)
    share = measurement_us / costs["static"].step_us / MEASURE_EVERY
    if chosen.json:
        found = {kind: asdict(cost) for kind, cost in costs.items()}
        facts = {"measurement_us": measurement_us, "share": share}
        print(json.dumps({"machine": machine(), "balances": found, **facts}))
    else:
        show(costs, measurement_us, share)
    return 0 if share <= MOST_SHARE else 1


def measure(plan: NetworkPlan, data: EncodedRows, turns: int) -> dict[str, Cost]:
    """Return what a step of each balance costs, all of them in turns."""
    epochs = {
        kind: epoch_of(Program(key_of(plan, data, kind)), data) for kind in BALANCES
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in BALANCES}
    for turn in range(1 + turns):
        for kind, epoch in epochs.items():
            spent = epoch(0)
            if turn:
                seconds[kind].append(spent)
    scale = 1e6 / steps_of(data.rows, BATCH)
    return {
        kind: Cost(
            step_us=statistics.median(spent) * scale,
            fastest_us=min(spent) * scale,
            slowest_us=max(spent) * scale,
            times=statistics.median(
                mine / other
                for mine, other in zip(spent, seconds["static"], strict=True)
            ),
        )
        for kind, spent in seconds.items()
    }


def measuring(plan: NetworkPlan, data: EncodedRows, turns: int) -> float:
    """Return the median microseconds that a measurement takes."""
    some = replace(data, rows=min(data.rows, MEASURED_ROWS))
    epoch = epoch_of(Program(key_of(plan, data, "static")), some)
    surplus = []
    for turn in range(1 + turns):
        plain, measured = epoch(0), epoch(1)
        if turn:
            surplus.append(measured - plain)
    return statistics.median(surplus) / steps_of(some.rows, BATCH) * 1e6


def epoch_of(program: Program, data: EncodedRows) -> Callable[[int], float]:
    """Return a function that trains an epoch, measuring so often, in seconds."""
    heads = len(program.key.plan.heads)
    constants = [Constant(np.zeros(head.width), 1.0) for head in program.key.plan.heads]
    program.start(initial_weights(program.network, constants, 0))
    plain: Arguments = no_arguments(program.key.plan)
    chosen = replace(plain, peak_rate=1e-3, all_steps=1e9, balance_rate=0.025)
    length = program.key.order_length
    order = tf.constant(epoch_order(data.rows, BATCH, length, 0, 0))
    steps = (0, steps_of(data.rows, BATCH), 0)

    def epoch(every: int) -> float:
        begun = time.perf_counter()
        asked = replace(chosen, measure_every=every)
        program.train(data, order, steps, blank_sums(heads), asked)
        return time.perf_counter() - begun

    return epoch


def network(heads: int) -> NetworkPlan:
    """Return the network, its heads numbers and classes in turn."""
    kinds = (
        ("regression", "linear", "mse"),
        ("binary", "sigmoid", "binary_crossentropy"),
    )
    planned = []
    for place in range(heads):
        kind, activation, loss = kinds[place % 2]
        planned.append(HeadPlan(f"h{place}", kind, (16,), 1, activation, loss, 1))
    bins = (0,) * FEATURES
    return NetworkPlan(FEATURES, bins, (), (64, 32), "relu", 0.0, tuple(planned))


def made_rows(heads: int, rows: int) -> EncodedRows:
    """Return rows that can be learned from, padded."""
    random = np.random.default_rng(0)
    inputs = random.normal(size=(rows, FEATURES))
    targets = [
        inputs[:, place % FEATURES] if place % 2 == 0 else inputs[:, place % 20] > 0.0
        for place in range(heads)
    ]
    numbers = np.concatenate([inputs, np.stack(targets, 1), np.ones((rows, heads))], 1)
    padding = [(0, bucket_of(rows) - rows), (0, 0)]
    padded = np.pad(numbers.astype(np.float32), padding)
    codes = tf.zeros((len(padded), 0), tf.int32)
    return EncodedRows(tf.constant(padded), codes, rows)


def key_of(plan: NetworkPlan, data: EncodedRows, kind: str) -> ProgramKey:
    """Return the key of a balance's program."""
    bucket = data.bucket
    return ProgramKey(plan, BATCH, "adamw", bucket, bucket, "xla_epoch", "CPU", kind)


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 1),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }


def show(costs: dict[str, Cost], measurement_us: float, share: float) -> None:
    """Print a table for people."""
    facts = ", ".join(f"{name} {value}" for name, value in machine().items())
    print(f"{facts}\n")
    print("balance      us/step  fastest to slowest   times static")
    for kind, cost in costs.items():
        spread = f"{cost.fastest_us:,.0f} to {cost.slowest_us:,.0f}"
        print(f"{kind:11s} {cost.step_us:8,.0f}  {spread:19s} {cost.times:6.2f}")
    aim = "met" if share <= MOST_SHARE else "MISSED"
    print(
        f"\nmeasuring gradients: {measurement_us:,.0f} us each, every {MEASURE_EVERY} "
        f"steps: {share:.1%} of the time (aim {MOST_SHARE:.0%}: {aim})"
    )


if __name__ == "__main__":
    sys.exit(main())
