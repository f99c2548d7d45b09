"""One large file inspected in turns with DuckDB's own copy of it to Parquet."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_TURNS = 2


@dataclass(frozen=True, slots=True)
class Inspected:
    """One large file read, typed and profiled, beside a plain copy; the best of a few.

    Args:
        file: Its name.
        megabytes: Its size.
        ours: Seconds of `python -m mtcore inspect`.
        duckdb: Seconds of DuckDB's copy to Parquet.
        ratio: How many times as long ours took.
        peak_mb: The most memory that ours held.
        duckdb_peak_mb: The most that DuckDB held.
    """

    file: str
    megabytes: float
    ours: float
    duckdb: float
    ratio: float
    peak_mb: float
    duckdb_peak_mb: float

    def sentence(self) -> str:
        """Return it for people."""
        return (
            f"{self.file}, {self.megabytes:,.0f} MB: inspected in {self.ours:.1f} s, "
            f"{self.peak_mb:,.0f} MB held; DuckDB's copy to Parquet "
            f"{self.duckdb:.1f} s, {self.duckdb_peak_mb:,.0f} MB held: "
            f"{self.ratio:.2f} times as long"
        )


def inspect_large(source: Path, folder: Path) -> Inspected:
    """Return how long a large file takes, in turns with DuckDB's own copy."""
    source = source.absolute()
    copy = (
        'import duckdb, sys; duckdb.execute("COPY (SELECT * FROM read_csv(\'" + '
        'sys.argv[1] + "\')) TO \'" + sys.argv[2] + "\' (FORMAT parquet)")'
    )
    plain = [sys.executable, "-c", copy, str(source), str(folder / "copy.parquet")]
    inspect = [sys.executable, "-m", "mtcore", "inspect", str(source), "--json"]
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "duckdb": []}
    for _ in range(_TURNS):
        taken["duckdb"].append(_watched(plain))
        taken["ours"].append(_watched(inspect))
    (ours, peak), (theirs, their_peak) = min(taken["ours"]), min(taken["duckdb"])
    size = source.stat().st_size / 1e6
    return Inspected(source.name, size, ours, theirs, ours / theirs, peak, their_peak)


def _watched(command: list[str]) -> tuple[float, float]:
    """Return the seconds and the most megabytes that a command took."""
    begun = time.perf_counter()
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=root)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:4]} ended with {process.returncode}")
    return time.perf_counter() - begun, used.ru_maxrss / 1e3
