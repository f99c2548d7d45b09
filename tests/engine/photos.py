"""A small table of pictures whose colours and places decide what is predicted."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mtcore.data.pictures.decoding import Pixels, picture_text
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, experiment_from

SIDES = (12, 10)
ROWS = 120
UNSEEN = 7
"""Every so many rows a picture is missing."""


def pictures(rows: int = ROWS, seed: int = 0) -> tuple[Pixels, np.ndarray, np.ndarray]:
    """Return noisy pictures, and whether each is red and whether it is bright above."""
    random = np.random.default_rng(seed)
    pixels = random.integers(40, 90, (rows, *SIDES, 3))
    red, above = random.random(rows) < 0.5, random.random(rows) < 0.5
    pixels[red, :, :, 0] += 80
    pixels[above, : SIDES[0] // 2] += 70
    return pixels.astype(np.uint8), red, above


def photos(rows: int = ROWS, seed: int = 0) -> Table:
    """Return rows with a picture each, but for some that have none, and a number."""
    pixels, red, above = pictures(rows, seed)
    cells = [
        None if row % UNSEEN == 3 else picture_text(picture)
        for row, picture in enumerate(pixels)
    ]
    random = np.random.default_rng(seed + 1)
    columns = {
        "photo": pa.array(cells),
        "lens": pa.array(random.normal(50.0, 5.0, rows)),
        "red": pa.array(["yes" if held else "no" for held in red]),
        "bright": pa.array(["above" if held else "below" for held in above]),
    }
    return Table(pa.table(columns))


def thirds(rows: int = ROWS) -> RowSplit:
    """Return a split into three parts by place."""
    everything = np.arange(rows)
    first, second = int(rows * 0.7), int(rows * 0.85)
    return RowSplit(everything[:first], everything[first:second], everything[second:])


def seeing(encoder: str, epochs: int = 4, **changes: object) -> Experiment:
    """Return an experiment that sees the pictures with one encoder, and a number."""
    photo = {"column": "photo", "kind": "image", "encoder": encoder, "size": SIDES}
    return experiment_from(
        {
            "inputs": [
                {"column": "lens", "kind": "number"},
                {**photo, "units": 12, **changes},
            ],
            "trunk": {"layers": []},
            "heads": [
                {"name": "red", "kind": "binary", "columns": ["red"]},
                {"name": "bright", "kind": "multiclass", "columns": ["bright"]},
            ],
            "training": {"epochs": epochs, "batch_size": 16, "learning_rate": 0.02},
        }
    )
