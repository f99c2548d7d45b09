"""A small table of texts whose words decide what is predicted."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, experiment_from

WORDS = ("good", "bad", "late", "crew", "bag", "seat", "Food", "delay", "thanks", "no")


def reviews(rows: int = 200, seed: int = 0) -> Table:
    """Return rows of short texts; some are empty or missing."""
    random = np.random.default_rng(seed)
    texts: list[str | None] = []
    for row in range(rows):
        words = random.choice(WORDS, random.integers(1, 9)).tolist()
        texts.append(None if row % 40 == 7 else " ".join(words) + "!")
    held = [text or "" for text in texts]
    columns = {
        "review": pa.array(texts),
        "fare": pa.array(random.normal(100.0, 30.0, rows)),
        "happy": pa.array(["yes" if "good" in text else "no" for text in held]),
        "topic": pa.array(
            ["bag" if "bag" in t else "crew" if "crew" in t else "other" for t in held]
        ),
    }
    return Table(pa.table(columns))


def halves(rows: int = 200) -> RowSplit:
    """Return a split into three parts by place."""
    everything = np.arange(rows)
    return RowSplit(everything[:140], everything[140:170], everything[170:])


def reading(encoder: str, epochs: int = 3) -> Experiment:
    """Return an experiment that reads the texts with one encoder, and a number."""
    text = {"column": "review", "kind": "text", "encoder": encoder, "vocabulary": 12}
    return experiment_from(
        {
            "inputs": [
                {"column": "fare", "kind": "number"},
                {**text, "length": 6, "embedding": 5, "units": 7},
            ],
            "trunk": {"layers": [8]},
            "heads": [
                {"name": "happy", "kind": "binary", "columns": ["happy"]},
                {"name": "topic", "kind": "multiclass", "columns": ["topic"]},
            ],
            "training": {"epochs": epochs, "batch_size": 32, "learning_rate": 0.02},
        }
    )
