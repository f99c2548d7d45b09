"""Which parts of a table hold which labels, counted by hand on small tables."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.data.splits.coverage import count_labels, needed_columns
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, experiment_from

# Rows 0 to 5 teach, 6 and 7 choose, 8 and 9 judge.
PARTS = ["train"] * 6 + ["validation"] * 2 + ["test"] * 2
PRICE = [1.0, 2.0, None, 4.0, 5.0, 6.0, 7.0, None, 9.0, 10.0]
MOOD = ["good", "bad", "good", None, "bad", "odd", "good", "bad", None, None]


@pytest.fixture
def experiment() -> Experiment:
    return experiment_from(
        {
            "heads": [
                {"name": "price", "kind": "regression", "columns": ["price"]},
                {"name": "mood", "kind": "multiclass", "columns": ["mood"]},
            ],
            "split": {"kind": "given", "column": "part"},
        }
    )


@pytest.fixture
def table() -> Table:
    rows = zip(PRICE, MOOD, PARTS, strict=True)
    return Table.from_records([{"price": p, "mood": m, "part": s} for p, m, s in rows])


def test_labels_are_counted_by_head_and_part(
    experiment: Experiment, table: Table
) -> None:
    found = count_labels(experiment, table)
    assert found.rows == {"train": 6, "validation": 2, "test": 2}
    price, mood = found.heads
    assert price.labelled == {"train": 5, "validation": 1, "test": 2}
    assert mood.labelled == {"train": 5, "validation": 2, "test": 0}
    assert found.together == ((8, 5), (5, 7))
    assert needed_columns(experiment) == ("price", "mood", "part")


def test_a_class_that_a_part_lacks_is_named(
    experiment: Experiment, table: Table
) -> None:
    mood = count_labels(experiment, table).heads[1]
    assert mood.absent == {
        "train": (),
        "validation": ("odd",),
        "test": ("bad", "good", "odd"),
    }
    assert mood.names == ("bad", "good", "odd")
    assert mood.counts["train"] == (2, 2, 1)


def test_every_labelled_row_is_in_one_range(
    experiment: Experiment, table: Table
) -> None:
    price = count_labels(experiment, table).heads[0]
    assert price.is_number
    assert sum(map(sum, price.counts.values())) == 8
    assert price.counts["train"][0] == 1
    assert price.counts["test"][-1] == 1


@pytest.mark.parametrize(
    ("values", "first", "last", "ranges"),
    [
        ((0, 1, 10), "0", "10", 11),
        ((0, 1), "0", "1", 2),
        ((3, 37, 250), "0 to 24", "250 to 274", 11),
        ((18.02, 40.04), "18 to 20", "40 to 42", 12),
        ((0.1, 0.2, 0.3), "0.1 to 0.12", "0.3 to 0.32", 11),
        ((-3.5, 2.25), "-3.5 to -3", "2 to 2.5", 12),
        ((7.5, 7.5), "7.5", "7.5", 1),
        ((-1e308, 1e308), "-1e+308 to -8e+307", "1e+308 to 1.2e+308", 11),
    ],
)
def test_numbers_are_counted_by_round_ranges(
    values: tuple[float, ...], first: str, last: str, ranges: int
) -> None:
    experiment = experiment_from(
        {
            "inputs": [{"column": "x", "kind": "number"}],
            "heads": [{"name": "y", "kind": "regression", "columns": ["y"]}],
            "split": {"kind": "random", "validation": 0.2, "test": 0.2},
        }
    )
    rows = [{"x": float(place), "y": values[place % len(values)]} for place in range(9)]
    head = count_labels(experiment, Table.from_records(rows)).heads[0]
    assert (head.names[0], head.names[-1], len(head.names)) == (first, last, ranges)
    counts = np.sum([head.counts[part] for part in head.counts], axis=0)
    assert counts.sum() == len(rows)
    assert min(counts[0], counts[-1]) >= len(rows) // len(values)


def test_how_heads_go_together_is_measured_by_their_kinds() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=300)
    side = np.where(x > 0, "right", "left")
    records = [
        {"x": float(a), "twice": float(2 * a), "side": str(b), "other": str(b)[0]}
        for a, b in zip(x, side, strict=True)
    ]
    experiment = experiment_from(
        {
            "heads": [
                {"name": "x", "kind": "regression", "columns": ["x"]},
                {"name": "twice", "kind": "regression", "columns": ["twice"]},
                {"name": "side", "kind": "binary", "columns": ["side"]},
                {"name": "other", "kind": "binary", "columns": ["other"]},
            ]
        }
    )
    related = count_labels(experiment, Table.from_records(records)).related
    assert related[0][1] == pytest.approx(1.0)
    assert related[2][3] == pytest.approx(1.0)
    # Half of a normal distribution on each side: sqrt(2 / pi) of the deviation.
    assert related[0][2] == pytest.approx(np.sqrt(2 / np.pi), abs=0.03)
