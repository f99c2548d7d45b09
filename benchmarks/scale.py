"""Training on 100 thousand, 1 and 10 million rows: speed, memory and what it is worth.

    python benchmarks/scale.py GENERATOR-OR-FOLDER [--rows N …] [--rounds N] [--json]

The argument is a script that is called as `script ROWS OUT.csv`, or a folder of files
`<rows>.csv` made before. Their targets are the columns temperature and humidity
(numbers), fault (yes or no) and state (classes). Every training is a process of its
own, `python -m mtcore train`, that reads the file, trains, judges and keeps its model:
its peak memory is that of the whole process. Trainings in memory and in blocks take
turns at the sizes that memory holds; the largest size is held against the speed in
memory of the size below it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
SIZES = (100_000, 1_000_000, 10_000_000)
MOST_IN_MEMORY = 1_000_000
TARGETS = ("temperature", "humidity", "fault", "state")
# Row count and epochs: a step learns as much whatever the size, so fewer do.
EPOCHS = ((100_000, 6), (1_000_000, 3), (10_000_000, 2))
SETTINGS = ("trunk.layers=[64,32]", "training.batch_size=1024", "seed=0")
LEAST_RATIO = 0.7
MOST_GIB = 3.0
# Each head's metric, and by how much chance alone may move it between two sizes.
JUDGED = {"temperature": "r2", "humidity": "r2", "fault": "auc", "state": "accuracy"}
CHANCE = 0.002
IN_BLOCKS_MB, IN_MEMORY_MB = 0, 10**6


@dataclass(frozen=True, slots=True)
class Run:
    """One training as a process of its own.

    Args:
        rows_s: Training rows a second, validation included, compiling not.
        peak_gib: Most memory the process had.
        whole_s: From its start to its end, importing the file included.
        test: Each judged metric on the test rows, by head.
    """

    rows_s: float
    peak_gib: float
    whole_s: float
    test: dict[str, float]


@dataclass(frozen=True, slots=True)
class Size:
    """One size, in blocks and beside it in memory.

    Args:
        rows: Of the file.
        epochs: Trained.
        blocks: Rounds in blocks.
        memory: Rounds in memory; empty where the file is too large for it.
        ratio: Rows a second in blocks over those in memory, medians.
    """

    rows: int
    epochs: int
    blocks: tuple[Run, ...]
    memory: tuple[Run, ...]
    ratio: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path, help="a generator's script, or a folder")
    parser.add_argument("--rows", type=int, action="append", help="a size; repeats")
    parser.add_argument("--rounds", type=int, default=3, help="of sizes in memory")
    parser.add_argument("--json", action="store_true", help="print one object")
    chosen = parser.parse_args(arguments)
    sizes: list[Size] = []
    for rows in sorted(chosen.rows or SIZES):
        with tempfile.TemporaryDirectory() as folder:
            path = _file(chosen.source, rows, Path(folder))
            sizes.append(measure(path, rows, Path(folder), chosen.rounds, sizes))
    missed = _missed(sizes)
    if chosen.json:
        plain = [asdict(size) for size in sizes]
        print(json.dumps({"machine": _machine(), "sizes": plain, "missed": missed}))
    else:
        show(sizes, missed)
    return 1 if missed else 0


def measure(
    path: Path, rows: int, folder: Path, rounds: int, smaller: Sequence[Size]
) -> Size:
    """Return one size, trained in blocks and, where it fits, in memory in turns."""
    experiment = _experiment(path, folder)
    epochs = next(epochs for most, epochs in EPOCHS if rows <= most)
    fits = rows <= MOST_IN_MEMORY or not smaller
    blocks, memory = [], []
    for turn in range(rounds if fits else 1):
        if fits:
            home = folder / f"memory-{turn}"
            memory.append(_train(experiment, path, epochs, home, IN_MEMORY_MB))
        home = folder / f"blocks-{turn}"
        blocks.append(_train(experiment, path, epochs, home, IN_BLOCKS_MB))
    beside = memory or smaller[-1].memory or smaller[-1].blocks
    return Size(
        rows, epochs, tuple(blocks), tuple(memory), _rate(blocks) / _rate(beside)
    )


def _file(source: Path, rows: int, folder: Path) -> Path:
    if source.is_dir():
        return source / f"{rows}.csv"
    path = folder / f"{rows}.csv"
    subprocess.run(
        [sys.executable, source, str(rows), path], check=True, stdout=sys.stderr
    )
    return path


def _experiment(path: Path, folder: Path) -> Path:
    """Return the experiment that is suggested for a file."""
    experiment = folder / "experiment.yaml"
    heads = [word for target in TARGETS for word in ("--predict", target)]
    words = ["suggest", str(path), *heads, "--out", str(experiment)]
    with tempfile.TemporaryDirectory(dir=folder) as home:
        _call(words, Path(home))
    return experiment


def _train(experiment: Path, path: Path, epochs: int, home: Path, table_mb: int) -> Run:
    settings = [*SETTINGS, f"training.epochs={epochs}"]
    words = [word for setting in settings for word in ("--set", setting)]
    words = ["train", str(experiment), "--data", str(path), "--json", *words]
    begun = time.monotonic()
    output, peak_gib = _call(words, home, table_mb)
    whole_s = time.monotonic() - begun
    # The next training reads the file anew, and the disk may be small.
    shutil.rmtree(home)
    found = json.loads(output)
    test = {
        head: found["heads"][head]["test"][metric] for head, metric in JUDGED.items()
    }
    taught = found["rows"]["train"] * found["epochs"]
    return Run(taught / found["seconds"]["train"], peak_gib, whole_s, test)


def _call(
    words: Sequence[str], home: Path, table_mb: int = IN_BLOCKS_MB
) -> tuple[str, float]:
    """Return what a command printed, and the most memory it had in GiB."""
    environment = {
        **os.environ,
        "BRANCHBOARD_HOME": str(home),
        "BRANCHBOARD_TABLE_MB": str(table_mb),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    with tempfile.TemporaryFile("w+") as printed:
        command = [sys.executable, "-m", "mtcore", *words]
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=printed)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"mtcore {words[0]} ended with {child.returncode}.")
        printed.seek(0)
        unit = 1 if sys.platform == "darwin" else 1024
        return printed.read(), usage.ru_maxrss * unit / 2**30


def _rate(runs: Sequence[Run]) -> float:
    return statistics.median(run.rows_s for run in runs)


def _missed(sizes: Sequence[Size]) -> list[str]:
    """Return a sentence for each aim that is missed."""
    missed = [
        f"{size.rows:,} rows: {size.ratio:.0%} of the speed in memory, not "
        f"{LEAST_RATIO:.0%}."
        for size in sizes
        if size.ratio < LEAST_RATIO
    ]
    peaks = [(size.rows, run.peak_gib) for size in sizes for run in size.blocks]
    missed += [
        f"{rows:,} rows: {peak:.2f} GiB of memory, not {MOST_GIB:g}."
        for rows, peak in peaks
        if peak > MOST_GIB
    ]
    for smaller, larger in pairwise(sizes):
        if smaller.rows < MOST_IN_MEMORY:
            continue
        before, after = smaller.blocks[0].test, larger.blocks[0].test
        missed += [
            f"{larger.rows:,} rows: {head} {JUDGED[head]} {after[head]:.4f}, below "
            f"{before[head]:.4f} at {smaller.rows:,}."
            for head in JUDGED
            if after[head] < before[head] - CHANCE
        ]
    return missed


def _machine() -> dict[str, object]:
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


def show(sizes: Sequence[Size], missed: Sequence[str]) -> None:
    """Print a table for people."""
    facts = ", ".join(f"{name} {value}" for name, value in _machine().items())
    names = "  ".join(f"{head} {metric}" for head, metric in JUDGED.items())
    print(f"{facts}\n")
    print(f"      rows  epochs  held        rows/s  peak GiB  whole s  {names}")
    for size in sizes:
        for held, runs in (("in memory", size.memory), ("in blocks", size.blocks)):
            for run in runs:
                test = "  ".join(
                    f"{run.test[head]:{len(head) + len(metric) + 1}.4f}"
                    for head, metric in JUDGED.items()
                )
                print(
                    f"{size.rows:10,d}  {size.epochs:6d}  {held:9s} {run.rows_s:8,.0f}"
                    f"  {run.peak_gib:8.2f}  {run.whole_s:7.0f}  {test}"
                )
        print(f"{'':20s}blocks over memory: {size.ratio:.2f}")
    print("\n".join(missed) or "\nAll aims are met.")


if __name__ == "__main__":
    sys.exit(main())
