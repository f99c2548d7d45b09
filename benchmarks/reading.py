"""How many messy files are read as people meant them, beside pandas, and how fast.

    python benchmarks/reading.py FOLDER [--json] [--rows N]
    python benchmarks/reading.py --large FILE [--json]

FOLDER holds files and a `cases.json`: a list of objects with `file`, `outcome`
(import, import_with_warning, import_with_choice or reject) and `spec`, the right parse:
any of encoding, delimiter, header, rows, cols, columns (names) and numeric (names).
FILE is a large CSV, which the command line inspects (reads, types and profiles) in
turns with DuckDB's own copy of it to Parquet, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from reading_large import inspect_large

from mtcore.data.reading import ReadingReport, read_table
from mtcore.errors import ReadingError

Spec = Mapping[str, Any]
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class CaseScore:
    """One file read by both.

    Args:
        file: Its name.
        expected: The right outcome.
        outcome: Ours.
        wrong: What differs from the right parse; empty where nothing does.
        seconds: How long ours took.
        pandas_wrong: What differs in pandas' parse with its defaults.
    """

    file: str
    expected: str
    outcome: str
    wrong: tuple[str, ...]
    seconds: float
    pandas_wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds to turn one large CSV into Parquet; the best of a few tries."""

    rows: int
    megabytes: float
    ours: float
    duckdb: float
    pandas: float


def score_case(case: Mapping[str, Any], folder: Path, target: Path) -> CaseScore:
    """Return how both read one file."""
    source = folder / case["file"]
    wrong: tuple[str, ...] = ()
    begun = time.perf_counter()
    try:
        report = read_table(source, target)
    except ReadingError:
        outcome = "reject"
    else:
        outcome, wrong = report.outcome, differences(report, case["spec"])
    seconds = time.perf_counter() - begun
    if outcome != case["outcome"]:
        wrong = (*wrong, f"outcome {outcome}")
    return CaseScore(
        case["file"],
        case["outcome"],
        outcome,
        wrong,
        seconds,
        pandas_differences(source, case),
    )


def differences(report: ReadingReport, spec: Spec) -> tuple[str, ...]:
    """Return what in a report differs from the right parse."""
    found = {
        "encoding": report.dialect.encoding,
        "delimiter": report.dialect.delimiter,
        "header": report.dialect.header_line is not None,
        "rows": report.rows,
        "cols": len(report.columns),
        "columns": [column.name for column in report.columns],
    }
    wrong = [
        f"{field} {_shorten(value)}"
        for field, value in found.items()
        if field in spec and spec[field] != value
    ]
    kinds = {column.name: column.kind for column in report.columns}
    wrong += [f"{n} no number" for n in spec.get("numeric", ()) if kinds[n] != "number"]
    return tuple(wrong)


def pandas_differences(source: Path, case: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what differs when pandas reads a file with its defaults."""
    spec = case["spec"]
    try:
        frame = pd.read_csv(source)
    except (ValueError, OSError, pd.errors.ParserError, MemoryError) as error:
        return () if case["outcome"] == "reject" else (type(error).__name__,)
    if case["outcome"] == "reject":
        return ("read it all the same",)
    found = {
        "rows": len(frame),
        "cols": len(frame.columns),
        "columns": list(frame.columns),
        "header": True,
        "delimiter": ",",
    }
    wrong = [
        f"{field} {_shorten(value)}"
        for field, value in found.items()
        if field in spec and spec[field] != value
    ]
    for name in spec.get("numeric", ()):
        if name not in frame or not pd.api.types.is_numeric_dtype(frame[name]):
            wrong.append(f"{name} no number")
    return tuple(wrong)


def measure_speed(rows: int, folder: Path) -> Speed:
    """Return how fast a table of 25 columns is read, by three readers."""
    source, target = folder / "large.csv", folder / "large.parquet"
    _write_large(rows, source)

    def with_duckdb() -> None:
        with duckdb.connect() as connection:
            connection.read_csv(str(source)).write_parquet(str(target))

    return Speed(
        rows,
        source.stat().st_size / 1e6,
        _best(lambda: read_table(source, target)),
        _best(with_duckdb),
        _best(lambda: pd.read_csv(source).to_parquet(target)),
    )


def _write_large(rows: int, target: Path) -> None:
    random = np.random.default_rng(0)
    columns: dict[str, Any] = {
        f"sensor_{index}": np.round(random.normal(size=rows), 4) for index in range(18)
    }
    for index, values in enumerate((5, 50, 500, 5000)):
        columns[f"label_{index}"] = [f"v{n}" for n in random.integers(0, values, rows)]
    columns["count"] = random.integers(0, 100, rows)
    columns["fault"] = random.choice(["yes", "no"], rows)
    columns["when"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(
        np.arange(rows), unit="s"
    )
    frame = pd.DataFrame(columns)
    frame.loc[random.random(rows) < 0.03, "sensor_0"] = np.nan
    frame.to_csv(target, index=False)


def _best(read: Callable[[], object]) -> float:
    taken = []
    for _ in range(_REPEATS):
        begun = time.perf_counter()
        read()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _table(scores: list[CaseScore], speed: Speed | None) -> str:
    wide = max(len(score.file) for score in scores)
    lines = [f"{'file':{wide}}  ours  pandas  seconds  what differs"]
    for score in scores:
        ours = "ok" if not score.wrong else "WRONG"
        theirs = "ok" if not score.pandas_wrong else "wrong"
        said = "; ".join(score.wrong) or (
            f"pandas: {'; '.join(score.pandas_wrong)}" if score.pandas_wrong else ""
        )
        lines.append(
            f"{score.file:{wide}}  {ours:5} {theirs:6}  {score.seconds:7.2f}  {said}"
        )
    right = sum(not score.wrong for score in scores)
    pandas_right = sum(not score.pandas_wrong for score in scores)
    lines.append(
        f"\nright: {right} of {len(scores)} (parse and outcome); "
        f"pandas' defaults {pandas_right} (parse alone)"
    )
    if speed:
        lines.append(
            f"{speed.rows:,} rows, {speed.megabytes:.0f} MB to Parquet: "
            f"ours {speed.ours:.2f} s, DuckDB {speed.duckdb:.2f} s, "
            f"pandas {speed.pandas:.2f} s"
        )
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run the benchmark.

    Args:
        arguments: As on the command line.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "folder", type=Path, nargs="?", help="files and their cases.json"
    )
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--rows", type=int, default=0, help="time so many rows too")
    parser.add_argument("--large", type=Path, help="a large CSV to time by itself")
    given = parser.parse_args(arguments)
    if given.folder is None and given.large is None:
        parser.error("name a folder of files, or a file with --large")
    scores: list[CaseScore] = []
    speed = inspected = None
    with tempfile.TemporaryDirectory() as temporary:
        if given.folder:
            cases = json.loads((given.folder / "cases.json").read_text("utf-8"))
            target = Path(temporary) / "table.parquet"
            scores = [score_case(case, given.folder, target) for case in cases]
        if given.rows:
            speed = measure_speed(given.rows, Path(temporary))
        if given.large:
            inspected = inspect_large(given.large, Path(temporary))
    if given.json:
        shown = {
            "cases": [asdict(score) for score in scores],
            "files": len(scores),
            "right": sum(not score.wrong for score in scores),
            "pandas_right": sum(not score.pandas_wrong for score in scores),
            "speed": asdict(speed) if speed else None,
            "large": asdict(inspected) if inspected else None,
        }
        sys.stdout.write(f"{json.dumps(shown)}\n")
        return 0
    if scores:
        sys.stdout.write(f"{_table(scores, speed)}\n")
    if inspected:
        sys.stdout.write(f"{inspected.sentence()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
