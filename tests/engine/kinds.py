"""Counts, ranges and ranks that follow from two numbers, with a head for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, experiment_from

ROWS = 600
HEADS: tuple[dict[str, Any], ...] = (
    {
        "name": "both",
        "kind": "regression",
        "columns": ["wait", "late"],
        "loss": "gaussian_nll",
    },
    {"name": "amount", "kind": "regression", "columns": ["amount"], "log_target": True},
    {"name": "time", "kind": "regression", "columns": ["time"]},
    {"name": "calls", "kind": "count", "columns": ["calls"]},
    {"name": "wait", "kind": "quantile", "columns": ["wait"]},
    {"name": "one level", "kind": "quantile", "columns": ["wait"], "levels": [0.75]},
    {
        "name": "grade",
        "kind": "ordinal",
        "columns": ["grade"],
        "order": ["poor", "fair", "good", "never"],
    },
)


def day_book(rows: int = ROWS, seed: int = 0) -> Table:
    """Return rows whose targets scatter around laws of `load` and `heat`."""
    random = np.random.default_rng(seed)
    load, heat = random.uniform(-1.0, 1.0, (2, rows))
    calls = random.poisson(np.exp(1.0 + 1.2 * load - 0.5 * heat))
    wait = 5.0 * load + (1.0 + heat**2) * random.normal(size=rows)
    place = np.digitize(load + heat + random.normal(0.0, 0.3, rows), (-0.6, 0.6))
    grade = np.asarray(["poor", "fair", "good"])[place]
    # Skewed to both sides, some beyond a hundred times the median.
    amount = 40.0 * np.sinh(1.5 * load + heat + random.normal(0.0, 0.8, rows) + 0.5)
    time = 2**53 + np.round(3e5 * load).astype(np.int64)
    unlabelled = random.random(rows) < 0.1
    columns = {
        "load": pa.array(load),
        "heat": pa.array(heat),
        "calls": pa.array(calls, mask=unlabelled),
        "wait": pa.array(wait, mask=unlabelled),
        "late": pa.array(wait + random.normal(0.0, 0.5, rows)),
        "amount": pa.array(amount, mask=unlabelled),
        "time": pa.array(time),
        "grade": pa.array(grade, mask=unlabelled),
    }
    return Table(pa.table(columns))


def parts(rows: int = ROWS) -> RowSplit:
    """Return a split into 60, 20 and 20 % by place."""
    everything = np.arange(rows)
    first, second = int(rows * 0.6), int(rows * 0.8)
    return RowSplit(everything[:first], everything[first:second], everything[second:])


def experiment(**training: object) -> Experiment:
    """Return an experiment with all the heads, small enough for seconds.

    Args:
        training: Its fields that differ.
    """
    plain = {"epochs": 60, "batch_size": 32, "learning_rate": 0.01}
    inputs = [{"column": name, "kind": "number"} for name in ("load", "heat")]
    return experiment_from(
        {
            "inputs": inputs,
            "trunk": {"layers": [24]},
            "heads": HEADS,
            "training": plain | training,
        }
    )
