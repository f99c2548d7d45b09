"""Microseconds a step of each balance beside static, and what measuring costs.

20 numbers with their bins, Dense 64 and 32, and several heads of 16 units, batch 256.
All balances take turns; compiling and the first turn are left out. A measurement of the
heads' gradients is timed as the surplus of an epoch that has one at every tenth step.

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
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.engine.backend import keras, tf
from mtcore.engine.balance import BALANCES
from mtcore.engine.program.arguments import MEASURE_EVERY, arguments_of
from mtcore.engine.program.program import Program
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.rows.blocks import Scratch
from mtcore.engine.training.epoch_order import in_steps, shuffled_rows, steps_of
from mtcore.engine.training.initial_weights import initial_weights
from mtcore.engine.training.prepared import prepare_rows
from mtcore.spec import Experiment, apply_settings, experiment_from

FEATURES = 20
BATCH = 256
ROWS, QUICK_ROWS = 50_000, 10_000
TURNS, QUICK_TURNS = 9, 3
# Where measurements are timed, there is one at each of so many steps.
MEASURED_STEP = 10
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
    table, places = made_rows(chosen.heads, rows), np.arange(rows)
    split = RowSplit(places[: -3 * BATCH], places[-3 * BATCH :], places[:0])
    made = made_experiment(chosen.heads)
    costs, measurement_us = measure(made, table, split, turns)
    share = measurement_us / costs["static"].step_us / MEASURE_EVERY
    if chosen.json:
        found = {kind: asdict(cost) for kind, cost in costs.items()}
        facts = {"measurement_us": measurement_us, "share": share}
        print(json.dumps({"machine": machine(), "balances": found, **facts}))
    else:
        show(costs, measurement_us, share)
    return 0 if share <= MOST_SHARE else 1


def measure(
    made: Experiment, table: Table, split: RowSplit, turns: int
) -> tuple[dict[str, Cost], float]:
    """Return what a step of each balance costs, and a measurement in microseconds."""
    epochs = {
        kind: epoch_of(apply_settings(made, [f"training.balance={kind}"]), table, split)
        for kind in BALANCES
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in BALANCES}
    surplus = []
    for turn in range(1 + turns):
        spent = {kind: epoch(0) for kind, epoch in epochs.items()}
        measured = epochs["static"](MEASURED_STEP)
        if turn:
            surplus.append(measured - epochs["static"](0))
            for kind, value in spent.items():
                seconds[kind].append(value)
    steps = steps_of(len(split.train), BATCH)
    measurements = -(-steps // MEASURED_STEP)
    costs = {kind: cost_of(seconds, kind, 1e6 / steps) for kind in BALANCES}
    return costs, statistics.median(surplus) / measurements * 1e6


def cost_of(seconds: dict[str, list[float]], kind: str, scale: float) -> Cost:
    """Return what some epochs' seconds mean for a step."""
    spent = seconds[kind]
    pairs = zip(spent, seconds["static"], strict=True)
    return Cost(
        step_us=statistics.median(spent) * scale,
        fastest_us=min(spent) * scale,
        slowest_us=max(spent) * scale,
        times=statistics.median(mine / other for mine, other in pairs),
    )


def epoch_of(made: Experiment, table: Table, split: RowSplit) -> Callable[[int], float]:
    """Return a function that trains an epoch, measuring so often, in seconds."""
    ready = prepare_rows(made, table, split, Scratch(), lambda: False)
    data, key = ready.train, ready.key
    program = Program(key)
    program.compile(data.blank, ready.validation.blank)
    program.start(initial_weights(program.network, ready.constants, made.seed))
    steps = steps_of(len(split.train), BATCH)
    plain = arguments_of(made, ready.encoding, ready.constants, steps)
    rows = shuffled_rows(len(split.train), made.seed, 0, 0)
    order = tf.constant(in_steps(rows, BATCH, key.order_length))
    (block,) = data.read([0])

    def epoch(every: int) -> float:
        begun = time.perf_counter()
        asked = replace(plain, measure_every=every)
        program.train(block, order, (0, steps, 0), blank_sums(len(made.heads)), asked)
        return time.perf_counter() - begun

    return epoch


def made_experiment(heads: int) -> Experiment:
    """Return the experiment, its heads numbers and classes in turn."""
    kinds = ("regression", "binary")
    return experiment_from(
        {
            "inputs": [{"column": f"x{k}", "kind": "number"} for k in range(FEATURES)],
            "trunk": {"layers": [64, 32]},
            "heads": [
                {
                    "name": f"y{place}",
                    "kind": kinds[place % 2],
                    "columns": [f"y{place}"],
                    "layers": [16],
                }
                for place in range(heads)
            ],
            "training": {"batch_size": BATCH},
        }
    )


def made_rows(heads: int, rows: int) -> Table:
    """Return rows that can be learned from."""
    random = np.random.default_rng(0)
    inputs = random.normal(size=(rows, FEATURES))
    columns = {f"x{place}": inputs[:, place] for place in range(FEATURES)}
    for place in range(heads):
        values = inputs[:, place % FEATURES] + random.normal(0.0, 0.3, rows)
        columns[f"y{place}"] = values if place % 2 == 0 else (values > 0.0) * 1
    return Table(pa.table(columns))


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
