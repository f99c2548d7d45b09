"""Rows a second of the engine's program against its peers, side by side.

All ways get the same rows, masks, optimizer (Adam), losses and metrics (loss and mean
absolute error or accuracy per head), shuffle, and take turns. Compiling and the first
epoch are left out for all. Peers come from requirements-bench.txt; one that is not
installed is left out, and said so.

    python benchmarks/throughput.py [--quick] [--only TEXT ...] [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.training.limit import Limit, limit_of
from benchmarks.training.machine import machine
from benchmarks.training.ways import FIT, OURS, ways_for
from benchmarks.training.work import (
    DENSE,
    EXPERTS,
    PICTURES,
    TEXT,
    Epoch,
    Task,
    make_rows,
)

ROUNDS, QUICK_ROUNDS = 7, 3
BEST_FIT, PYTORCH, JAX = "Model.fit at its best", "PyTorch", "JAX lax.scan"


@dataclass(frozen=True, slots=True)
class Case:
    """Something to measure.

    Args:
        task: The network.
        batch_size: Rows a step.
        rows: Rows of an epoch.
        quick: Rows with `--quick`.
        needed: By the name of a peer, how many times faster we must be.
    """

    task: Task
    batch_size: int
    rows: int
    quick: int
    needed: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What `--only` looks for."""
        return f"{self.task.name}, batch {self.batch_size}, {self.rows:,} rows"


SLOW_PEERS = {PYTORCH: 5.0, JAX: 1.2}
CASES = (
    Case(DENSE, 32, 20_000, 5_000, {FIT: 25.0, **SLOW_PEERS}),
    Case(DENSE, 256, 100_000, 25_000, {FIT: 12.0, **SLOW_PEERS}),
    Case(DENSE, 256, 1_000_000, 100_000, {FIT: 12.0, **SLOW_PEERS}),
    Case(DENSE, 2_048, 100_000, 100_000),
    Case(EXPERTS, 256, 100_000, 25_000),
    Case(PICTURES, 32, 1_024, 256, {FIT: 1.1, PYTORCH: 1.5}),
    Case(TEXT, 32, 1_024, 256, {BEST_FIT: 1.1}),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of training.

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
class Aim:
    """How many times faster than a peer we are, and have to be."""

    peer: str
    times: float
    needed: float
    met: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One case measured.

    Args:
        name: Of the case.
        rows: Rows of an epoch.
        batch_size: Rows a step.
        ways: By name.
        aims: Those whose peer is there.
        limit: What the matrix products of a step take alone.
        left_out: A sentence for each peer that is not there.
    """

    name: str
    rows: int
    batch_size: int
    ways: dict[str, Measured]
    aims: tuple[Aim, ...]
    limit: Limit
    left_out: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--quick", action="store_true", help="fewer rows and rounds")
    parser.add_argument(
        "--only", action="append", default=[], help="cases with this in their names"
    )
    chosen = parser.parse_args(arguments)
    cases = [
        case
        for case in CASES
        if not chosen.only or any(text in case.name for text in chosen.only)
    ]
    results = []
    for case in cases:
        results.append(measure(case, quick=chosen.quick))
        if not chosen.json:
            show(results[-1])
    if chosen.json:
        told = [asdict(result) for result in results]
        print(json.dumps({"machine": machine(), "cases": told}))
    else:
        facts = ", ".join(f"{name} {value}" for name, value in machine().items())
        print(f"\n{facts}")
    return 0 if all(aim.met for result in results for aim in result.aims) else 1


def measure(case: Case, *, quick: bool) -> Result:
    """Return all ways of one case, measured in turns."""
    count = case.quick if quick else case.rows
    rows = make_rows(case.task, count)
    makers, left_out = ways_for(case.task)
    epochs: dict[str, Epoch] = {}
    for name, make in makers.items():
        try:
            epochs[name] = make(case.task, rows, case.batch_size)
            epochs[name](0)
        except (RuntimeError, ImportError, OSError) as error:
            del epochs[name]
            left_out.append(f"{name} does not work here: {str(error)[:200]}")
    seconds: dict[str, list[float]] = {name: [] for name in epochs}
    for turn in range(1, 1 + (QUICK_ROUNDS if quick else ROUNDS)):
        for name, epoch in epochs.items():
            seconds[name].append(epoch(turn))
    steps = -(-count // case.batch_size)
    ways = {name: _measured(spent, count, steps) for name, spent in seconds.items()}
    return Result(
        name=case.name,
        rows=count,
        batch_size=case.batch_size,
        ways=ways,
        aims=_aims(case.needed, ways),
        limit=limit_of(case.task, case.batch_size),
        left_out=tuple(left_out),
    )


def show(result: Result) -> None:
    """Print one case as a table."""
    print(f"\n{result.name} ({result.rows:,} measured)")
    print(f"{'way':34s} {'rows/s':>10s}  {'slowest to fastest':24s} µs/step   ours is")
    ours = result.ways[OURS]
    for name, way in result.ways.items():
        spread = f"{way.slowest:,.0f} to {way.fastest:,.0f}"
        times = "" if name == OURS else f"   {ours.rows_s / way.rows_s:.2f} x"
        figures = f"{way.rows_s:10,.0f}  {spread:24s} {way.step_us:7,.0f}"
        print(f"{name:34s} {figures}{times}")
    for aim in result.aims:
        verdict = "met" if aim.met else "MISSED"
        print(f"  against {aim.peer}: {aim.times:.2f}, aim {aim.needed:g}: {verdict}")
    limit_us = result.limit.seconds * 1e6
    print(
        f"  products alone: {result.limit.operations / 1e6:,.1f} million operations, "
        f"{limit_us:,.0f} µs a step, {limit_us / ours.step_us:.0%} of ours"
    )
    for sentence in result.left_out:
        print(f"  {sentence}")


def _measured(seconds: Sequence[float], rows: int, steps: int) -> Measured:
    median = statistics.median(seconds)
    return Measured(
        rows_s=rows / median,
        slowest=rows / max(seconds),
        fastest=rows / min(seconds),
        step_us=median / steps * 1e6,
    )


def _aims(needed: Mapping[str, float], ways: Mapping[str, Measured]) -> tuple[Aim, ...]:
    """Return how we stand against each peer, taken at its fastest way."""
    aims = []
    for peer, least in needed.items():
        prefix = FIT if peer == BEST_FIT else peer
        rivals = [
            way.rows_s
            for name, way in ways.items()
            if (name == FIT if peer == FIT else name.startswith(prefix))
        ]
        if rivals:
            times = ways[OURS].rows_s / max(rivals)
            aims.append(Aim(peer, times, least, times >= least))
    return tuple(aims)


if __name__ == "__main__":
    sys.exit(main())
