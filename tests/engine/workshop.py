"""A small table with every kind of input and target, and experiments on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, experiment_from

INPUTS = (
    {"column": "load (%)", "kind": "number"},
    {"column": "spikes", "kind": "number"},
    {"column": "always 7", "kind": "number"},
    {"column": "<b>site</b>", "kind": "category"},
    {"column": "open?", "kind": "boolean"},
    {"column": "when", "kind": "datetime"},
)
HEADS: tuple[dict[str, Any], ...] = (
    {"name": "cost", "kind": "regression", "columns": ["cost"]},
    {"name": "both", "kind": "regression", "columns": ["cost", "heat"], "layers": [6]},
    {"name": "returned [%]", "kind": "binary", "columns": ["returned"]},
    {"name": "fault", "kind": "multiclass", "columns": ["fault"]},
    {"name": "marks", "kind": "multilabel", "columns": ["wet", "loud"]},
)


def workshop(rows: int = 240, seed: int = 0) -> Table:
    """Return rows whose targets follow from the inputs; some cells are missing."""
    random = np.random.default_rng(seed)
    load = random.normal(50.0, 20.0, rows)
    spikes = np.where(random.random(rows) < 0.6, 0.0, random.exponential(3.0, rows))
    site = random.integers(0, 4, rows)
    is_open = random.random(rows) < 0.5
    days = random.integers(0, 700, rows)
    cost = 2.0 * load + 15.0 * site + 10.0 * is_open + random.normal(0.0, 3.0, rows)
    heat = 0.1 * load + np.sin(2.0 * np.pi * days / 365.0)
    score = (load - 50.0) / 10.0 + spikes
    moment = np.datetime64("2024-01-01", "us") + days * np.timedelta64(1, "D")
    columns = {
        "load (%)": _with_gaps(load, random, 0.1),
        "spikes": pa.array(spikes),
        "always 7": pa.array(np.full(rows, 7.0)),
        "<b>site</b>": pa.array([("north", "süd", "ost [1]", "west")[k] for k in site]),
        "open?": pa.array(["yes" if held else "no" for held in is_open]),
        "when": pa.array(moment.astype("datetime64[us]")),
        "cost": _with_gaps(cost, random, 0.2),
        "heat": _with_gaps(heat, random, 0.2),
        "returned": pa.array(
            [None if k % 5 == 0 else ("yes" if s > 0.5 else "no")
             for k, s in enumerate(score)]
        ),
        "fault": pa.array(
            [("belt", "leak", "none")[int(np.digitize(s, (-0.5, 1.0)))] for s in score]
        ),
        "wet": pa.array([int(s > 0) for s in site]),
        "loud": pa.array([int(value > 55.0) for value in load]),
        "importance": _with_gaps(random.integers(1, 4, rows) * 1.0, random, 0.1),
    }  # fmt: skip
    return Table(pa.table(columns))


def parts(rows: int = 240) -> RowSplit:
    """Return a split into 70, 15 and 15 % by place."""
    everything = np.arange(rows)
    first, second = int(rows * 0.7), int(rows * 0.85)
    return RowSplit(everything[:first], everything[first:second], everything[second:])


def experiment(
    *heads: str, training: Mapping[str, object] | None = None, **changes: object
) -> Experiment:
    """Return a small experiment with the named heads, all by default.

    Args:
        heads: Names of `HEADS`.
        training: Its fields that differ.
        changes: Other fields of the experiment that differ.
    """
    plain = {"epochs": 6, "batch_size": 32, "learning_rate": 0.01}
    chosen = [head for head in HEADS if not heads or head["name"] in heads]
    return experiment_from(
        {
            "inputs": INPUTS,
            "trunk": {"layers": [16, 8]},
            "heads": chosen,
            "training": plain | dict(training or {}),
            **changes,
        }
    )


def weighted(weights: dict[str, float]) -> tuple[dict[str, Any], ...]:
    """Return the named heads with these weights."""
    return tuple(
        {**head, "weight": weights[head["name"]]}
        for head in HEADS
        if head["name"] in weights
    )


def _with_gaps(
    values: FloatArray, random: np.random.Generator, share: float
) -> pa.Array:
    return pa.array(values, mask=random.random(len(values)) < share)
