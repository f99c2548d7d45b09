"""A tiny table: how much of a short epoch is spent outside its steps?

`python benchmarks/tiny.py [--json]` trains two regressions on a few hundred rows. What
an epoch takes is set beside what its steps take inside the compiled program, beside
compiling, and beside the whole training: how much several epochs a call could save.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.training.machine import machine
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.table import Table
from mtcore.engine.backend import tf
from mtcore.engine.program.arguments import arguments_of
from mtcore.engine.program.program import Program
from mtcore.engine.program.program_cache import lease
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.rows.blocks import Scratch
from mtcore.engine.training.epoch_order import epoch_order, steps_of
from mtcore.engine.training.prepared import Prepared, prepare_rows
from mtcore.engine.training.repeats import Repeats
from mtcore.spec import Experiment, experiment_from

ROWS, FEATURES, BATCH, EPOCHS = 768, 8, 32, 100
ROUNDS = 5
CALLS = 200


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one object")
    asked = parser.parse_args()
    experiment, table = made_experiment(), made_table()
    begun = time.perf_counter()
    with Repeats(experiment, table, split_rows(experiment, table)) as repeats:
        ready_s = time.perf_counter() - begun
        seconds = []
        for seed in range(ROUNDS):
            done = repeats.train({"y0": 1.0, "y1": 1.0}, seed)
            seconds.append(done.train_s / done.epochs)
        compile_s = repeats.compile_s
    epoch_s = min(seconds)
    inside_s = steps_alone(experiment, table)
    found = {
        "machine": machine(),
        "rows": ROWS,
        "batch": BATCH,
        "epochs": EPOCHS,
        "epoch_ms": epoch_s * 1e3,
        "steps_ms": inside_s * 1e3,
        "outside_ms": (epoch_s - inside_s) * 1e3,
        "training_s": epoch_s * EPOCHS,
        "could_save_s": (epoch_s - inside_s) * EPOCHS,
        "compile_s": compile_s,
        "ready_s": ready_s,
    }
    print(json.dumps(found, indent=2) if asked.json else as_text(found))
    return 0


def steps_alone(experiment: Experiment, table: Table) -> float:
    """Return the seconds that an epoch's steps take, without the call around them.

    A call of half the steps has the same call around it, so the difference between both
    is steps and nothing else. They take turns, and the fastest of each counts: whatever
    else the machine does only adds to them.
    """
    split = split_rows(experiment, table)
    ready = prepare_rows(experiment, table, split, Scratch(), lambda: False)
    steps = steps_of(ready.train.rows, BATCH)
    with lease(ready.key) as program:
        program.compile(ready.train.blank, ready.validation.blank)
        counts = steps, steps // 2
        calls = [call_of(program, experiment, ready, count) for count in counts]
        rounds = [[seconds_of(call) for call in calls] for _ in range(CALLS)]
    whole, half = (min(seconds) for seconds in zip(*rounds, strict=True))
    return (whole - half) / (steps - steps // 2) * steps


def call_of(
    program: Program, experiment: Experiment, ready: Prepared, count: int
) -> Callable[[], object]:
    """Return a function that takes so many steps in one call."""
    key = ready.key
    steps = steps_of(ready.train.rows, BATCH)
    chosen = arguments_of(experiment, ready.encoding, ready.constants, steps)
    (block,) = ready.train.read([0])
    order = tf.constant(epoch_order(block.rows, BATCH, key.order_length, 0, 0))
    sums = blank_sums(len(experiment.heads))
    return lambda: program.train(block, order, (0, count, 1), sums, chosen)


def seconds_of(call: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def as_text(found: dict[str, object]) -> str:
    """Return what was found in a few lines."""
    return (
        "{rows} rows, batch {batch}: an epoch takes {epoch_ms:.2f} ms, its steps "
        "{steps_ms:.2f} ms, the rest {outside_ms:.2f} ms\n"
        "{epochs} epochs: {training_s:.2f} s, of which several epochs a call could "
        "save {could_save_s:.2f} s; compiling {compile_s:.1f} s, until the first epoch "
        "{ready_s:.1f} s"
    ).format(**found)


def made_experiment() -> Experiment:
    """Return two regressions on a trunk of 64 and 32."""
    return experiment_from(
        {
            "inputs": [
                {"column": f"x{place}", "kind": "number"} for place in range(FEATURES)
            ],
            "trunk": {"layers": [64, 32]},
            "heads": [
                {"name": name, "kind": "regression", "columns": [name]}
                for name in ("y0", "y1")
            ],
            "training": {
                "epochs": EPOCHS,
                "batch_size": BATCH,
                "patience": EPOCHS,
                "measure_every": 0,
            },
        }
    )


def made_table() -> Table:
    """Return rows whose targets follow from the readings."""
    random = np.random.default_rng(0)
    readings = random.normal(size=(ROWS, FEATURES))
    columns = {f"x{place}": readings[:, place] for place in range(FEATURES)}
    columns["y0"] = readings[:, 0] * readings[:, 1] + readings[:, 2]
    columns["y1"] = np.sin(readings[:, 0]) + 0.1 * random.normal(size=ROWS)
    return Table(pa.table(columns))


if __name__ == "__main__":
    sys.exit(main())
