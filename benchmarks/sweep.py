"""Many weightings of one architecture: how much more than one compile and the steps?

`python benchmarks/sweep.py [--json] [--quick]` trains a network of four heads with 16
weightings, by the engine's repeats and by Keras' `Model.fit`. Each way runs in fresh
processes that take turns, so that each compiles anew; medians are compared. Importing
TensorFlow is counted nowhere.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.training.machine import machine
from benchmarks.training.work import DENSE, NUMBERS, Rows, make_rows
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.table import Table
from mtcore.search.simplex import simplex_design
from mtcore.search.trials import weights_of
from mtcore.spec import Experiment, experiment_from

ROOT = Path(__file__).resolve().parents[1]
Array = NDArray[Any]
KINDS = {"number": "regression", "label": "binary", "class": "multiclass"}
POINTS = 16
BATCH = 256
ROUNDS, QUICK_ROUNDS = 3, 1
MOST_TIMES = 1.3
FIT = "Model.fit"
BEST_FIT = "Model.fit, 32 steps at once"
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is trained.

    Args:
        rows: Of all parts; 70 % train.
        epochs: Of each training.
    """

    rows: int
    epochs: int


WHOLE, QUICK = Size(20_000, 10), Size(3_000, 4)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one process.

    Args:
        total: From rows in memory to 16 judged networks.
        compile: Of that, in compiling; of `Model.fit` not told apart.
        train: Of that, in the epochs of all trainings.
    """

    total: float
    compile: float
    train: float


def main() -> int:
    """Measure, print, and return 1 where the aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--quick", action="store_true", help="few rows, one round")
    parser.add_argument("--once", choices=list(WAYS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    size = QUICK if asked.quick else WHOLE
    if asked.once:
        print(json.dumps(asdict(WAYS[asked.once](size))))
        return 0
    spent: dict[str, list[Spent]] = {name: [] for name in WAYS}
    for _ in range(QUICK_ROUNDS if asked.quick else ROUNDS):
        for name, seconds in spent.items():
            seconds.append(_in_fresh_process(name, quick=asked.quick))
    found = _found(size, spent)
    print(json.dumps(found, indent=2) if asked.json else _as_text(found))
    return 0 if found["met"] else 1


def ours(size: Size) -> Spent:
    """Train by the engine, rows encoded and the program compiled once."""
    from mtcore.engine.training.repeats import Repeats

    experiment, table = _experiment(size), _table(make_rows(DENSE, size.rows))
    split = split_rows(experiment, table)
    test = table.take(split.test)
    names = [head.name for head in experiment.heads]
    begun = time.perf_counter()
    train_s = 0.0
    with Repeats(experiment, table, split) as repeats:
        for shares in simplex_design(len(names), POINTS):
            weights = dict(zip(names, weights_of(shares), strict=True))
            done = repeats.train(weights, 0)
            repeats.answers(done.weights, test)
            train_s += done.train_s
        compile_s = repeats.compile_s
    return Spent(time.perf_counter() - begun, compile_s, train_s)


def fit(size: Size, steps: int = 1) -> Spent:
    """Train by `Model.fit`, a model a weighting, as people write it."""
    from benchmarks.training.keras_fit import compiled

    rows = make_rows(DENSE, size.rows)
    taught, judged = int(0.7 * size.rows), int(0.85 * size.rows)
    parts = slice(0, taught), slice(taught, judged), slice(judged, None)
    heads = [f"h{place}" for place in range(len(DENSE.goals))]
    begun = time.perf_counter()
    train_s = 0.0
    for shares in simplex_design(len(heads), POINTS):
        weights = dict(zip(heads, weights_of(shares), strict=True))
        model = compiled(DENSE, {"loss_weights": weights, "steps_per_execution": steps})
        inputs, targets, masks = _as_fit_reads(rows, parts[0])
        started = time.perf_counter()
        model.fit(
            inputs,
            targets,
            sample_weight=masks,
            batch_size=BATCH,
            epochs=size.epochs,
            validation_data=_as_fit_reads(rows, parts[1]),
            verbose=0,
        )
        train_s += time.perf_counter() - started
        model.predict(rows.inputs[parts[2]], batch_size=2_048, verbose=0)
    return Spent(time.perf_counter() - begun, 0.0, train_s)


def best_fit(size: Size) -> Spent:
    """Train by `Model.fit` at its best settings."""
    return fit(size, steps=32)


WAYS: dict[str, Callable[[Size], Spent]] = {OURS: ours, FIT: fit, BEST_FIT: best_fit}


def _in_fresh_process(name: str, *, quick: bool) -> Spent:
    command = [
        sys.executable,
        __file__,
        "--once",
        name,
        *(["--quick"] if quick else []),
    ]
    printed = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout
    return Spent(**json.loads(printed.splitlines()[-1]))


def _found(size: Size, spent: dict[str, list[Spent]]) -> dict[str, Any]:
    def median(name: str, part: str) -> float:
        return statistics.median(getattr(seconds, part) for seconds in spent[name])

    times = [
        seconds.total / (seconds.compile + seconds.train) for seconds in spent[OURS]
    ]
    total = {name: median(name, "total") for name in spent}
    return {
        "machine": machine(),
        "points": POINTS,
        "rows": size.rows,
        "epochs": size.epochs,
        "seconds": {
            name: {
                "total": total[name],
                "fastest": min(seconds.total for seconds in spent[name]),
                "slowest": max(seconds.total for seconds in spent[name]),
            }
            for name in spent
        },
        "ours": {
            "compile": median(OURS, "compile"),
            "train": median(OURS, "train"),
            "times_compile_and_trainings": statistics.median(times),
        },
        "faster_than": {name: total[name] / total[OURS] for name in (FIT, BEST_FIT)},
        "needed": MOST_TIMES,
        "met": statistics.median(times) <= MOST_TIMES,
    }


def _as_text(found: dict[str, Any]) -> str:
    lines = [
        f"{found['machine']['processor']}, {found['machine']['cores']} cores",
        f"{found['points']} weightings, {found['rows']:,} rows, "
        f"{found['epochs']} epochs each",
        f"{'way':30s} {'seconds':>8s}  {'fastest to slowest':20s} ours is",
    ]
    for name, seconds in found["seconds"].items():
        spread = f"{seconds['fastest']:.1f} to {seconds['slowest']:.1f}"
        times = "" if name == OURS else f"{found['faster_than'][name]:.1f} x"
        lines.append(f"{name:30s} {seconds['total']:8.1f}  {spread:20s} {times}")
    mine = found["ours"]
    verdict = "met" if found["met"] else "MISSED"
    lines.append(
        f"ours: {mine['compile']:.1f} s compiling and {mine['train']:.1f} s training; "
        f"the whole is {mine['times_compile_and_trainings']:.2f} x that, aim "
        f"{found['needed']:g}: {verdict}"
    )
    return "\n".join(lines)


def _experiment(size: Size) -> Experiment:
    return experiment_from(
        {
            "inputs": [
                {"column": f"x{place}", "kind": "number"} for place in range(NUMBERS)
            ],
            "trunk": {"layers": DENSE.trunk},
            "heads": [
                {
                    "name": f"y{place}", "kind": KINDS[goal], "columns": [f"y{place}"],
                    "layers": [DENSE.branch],
                }
                for place, goal in enumerate(DENSE.goals)
            ],
            "training": {
                "epochs": size.epochs, "batch_size": BATCH, "optimizer": "adam",
                "patience": size.epochs,
            },
        }
    )  # fmt: skip


def _table(rows: Rows) -> Table:
    columns = {f"x{place}": pa.array(rows.inputs[:, place]) for place in range(NUMBERS)}
    for place, goal in enumerate(DENSE.goals):
        unlabelled = rows.weights[:, place] == 0.0
        values = rows.targets[:, place].astype(np.float64)
        cells = values if goal == "number" else np.array([f"c{v:g}" for v in values])
        columns[f"y{place}"] = pa.array(cells, mask=unlabelled)
    return Table(pa.table(columns))


def _as_fit_reads(
    rows: Rows, part: slice
) -> tuple[Array, dict[str, Array], dict[str, Array]]:
    heads = range(len(DENSE.goals))
    targets = {f"h{k}": rows.targets[part, k : k + 1] for k in heads}
    masks = {f"h{k}": rows.weights[part, k] for k in heads}
    return rows.inputs[part], targets, masks


if __name__ == "__main__":
    sys.exit(main())
