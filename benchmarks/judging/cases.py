"""The tables of the quality benchmark: what is predicted, and how good is good."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mtcore.data.profile.profile import profile_table
from mtcore.data.reading import read_table
from mtcore.data.suggestions.suggest import suggest_experiment
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, experiment_from, plain_data

# How many of the last columns are the targets of a multi-target file.
MULTI_TARGET = {"andro": 6, "edm": 2, "jura": 3, "enb": 2, "wq": 14}


@dataclass(frozen=True, slots=True)
class Mixed:
    """A table with heads of its own, judged once on rows held out.

    Args:
        file: Within the data folder; None where a generator writes it.
        heads: Target columns, each with the metric to show for it.
        floors: What a head's metric must reach.
        inputs: The only columns to learn from; empty for all that are not left out.
        group: A column whose values stay in one part, and which is no input.
        rows: To generate.
    """

    file: str | None
    heads: dict[str, str]
    floors: dict[str, float]
    inputs: tuple[str, ...] = ()
    group: str | None = None
    rows: int = 0


MIXED: dict[str, Mixed] = {
    "air_quality": Mixed(
        "air_quality/AirQualityUCI.csv",
        {"T": "r2", "RH": "r2"},
        {"T": 0.85, "RH": 0.73},
    ),
    "airline_tweets": Mixed(
        "airline_tweets/Tweets.csv",
        {
            "airline_sentiment": "accuracy",
            "negativereason": "accuracy",
            "airline": "accuracy",
        },
        {"airline_sentiment": 0.79, "negativereason": 0.58},
        inputs=("text",),
    ),
    "bank": Mixed(
        "bank_marketing/bank-full_qmarks.csv",
        {"y": "auc", "balance": "r2"},
        {"y": 0.91},
    ),
    "parkinsons": Mixed(
        "parkinsons/parkinsons_updrs_qmarks.csv",
        {"motor_UPDRS": "r2", "total_UPDRS": "r2"},
        {},
        group="subject#",
    ),
    "gen_large": Mixed(
        None,
        {"temperature": "r2", "humidity": "r2", "fault": "auc", "state": "accuracy"},
        {"temperature": 0.89, "fault": 0.945},
        rows=100_000,
    ),
}
_AIR_TARGETS = ("AH", "Date", "Time")


@dataclass(frozen=True, slots=True)
class Case:
    """A table as it was read, and what `suggest` proposes for it."""

    table: Table
    experiment: Experiment
    reasons: tuple[str, ...]


def multi_target_case(folder: Path, name: str) -> Case:
    """Return a multi-target file with a regression a target."""
    return _case(folder / "multi_target" / f"{name}.csv", last=MULTI_TARGET[name])


def mixed_case(folder: Path, name: str) -> Case:
    """Return one of `MIXED`, generated first where it has no file."""
    mixed = MIXED[name]
    changes: dict[str, Any] = {}
    if mixed.group is not None:
        changes["split"] = {"kind": "group", "column": mixed.group}
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / f"{name}.csv"
        if mixed.file is None:
            generator = folder / "generators" / f"gen_{name.removeprefix('gen_')}.py"
            command = [sys.executable, str(generator), str(mixed.rows), str(path)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        else:
            path = folder / mixed.file
        case = _case(path, predict=tuple(mixed.heads))
    left_out = {mixed.group, *(_AIR_TARGETS if name == "air_quality" else ())}
    plain = plain_data(case.experiment) | changes
    plain["inputs"] = [
        entry
        for entry in plain["inputs"]
        if entry["column"] not in left_out
        and (not mixed.inputs or entry["column"] in mixed.inputs)
    ]
    return Case(case.table, experiment_from(plain), case.reasons)


def _case(path: Path, predict: tuple[str, ...] = (), last: int = 0) -> Case:
    with tempfile.TemporaryDirectory() as temporary:
        parquet = Path(temporary) / "table.parquet"
        report = read_table(path, parquet, None, (), file_name=path.name)
        profile = profile_table(parquet, report)
        cells = pq.read_table(parquet)
    names = [column.name for column in profile.columns]
    suggestion = suggest_experiment(profile, report, predict or names[-last:])
    experiment = suggestion.experiment
    return Case(Table(cells, experiment.missing), experiment, suggestion.reasons)
