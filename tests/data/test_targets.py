"""Targets as the heads read them."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets, read_targets
from mtcore.errors import ColumnError
from mtcore.spec import Experiment, experiment_from

ROWS = [
    {"load": 1.5, "spare": 2.0, "again": "yes", "kind": "7"},
    {"load": None, "spare": 4.0, "again": "no", "kind": "8"},
    {"load": 3.5, "spare": -200.0, "again": "?", "kind": "9"},
    {"load": 2.5, "spare": None, "again": "yes", "kind": None},
]
ALL_ROWS = np.arange(len(ROWS))


@pytest.fixture
def table() -> Table:
    return Table.from_records(ROWS, missing=("?", "-200"))


@pytest.fixture
def experiment() -> Experiment:
    return experiment_from(
        {
            "heads": [
                {"name": "loads", "kind": "regression", "columns": ["load", "spare"]},
                {"name": "returns", "kind": "binary", "columns": ["again"]},
                {"name": "kind", "kind": "multiclass", "columns": ["kind"]},
            ]
        }
    )


def test_numbers_come_as_float64_with_nan_for_no_label(
    experiment: Experiment, table: Table
) -> None:
    load, spare = read_targets(experiment.head("loads"), table)
    assert load.dtype == spare.dtype == np.float64
    np.testing.assert_array_equal(load, [1.5, np.nan, 3.5, 2.5])
    np.testing.assert_array_equal(spare, [2.0, 4.0, np.nan, np.nan])


def test_classes_come_as_texts_with_none_for_no_label(
    experiment: Experiment, table: Table
) -> None:
    (again,) = read_targets(experiment.head("returns"), table)
    assert again.tolist() == ["yes", "no", None, "yes"]


def test_every_head_gets_its_targets_as_numbers_by_name(
    experiment: Experiment, table: Table
) -> None:
    encodings = {
        head.name: head.fit_targets(read_targets(head, table), ALL_ROWS)
        for head in experiment.heads
    }
    targets = head_targets(experiment, encodings, table)
    assert list(targets) == ["loads", "returns", "kind"]
    assert targets["loads"].shape == (4, 2)
    np.testing.assert_array_equal(targets["returns"][:, 0], [1, 0, np.nan, 1])
    np.testing.assert_array_equal(targets["kind"][:, 0], [0, 1, 2, np.nan])


def test_a_target_column_that_is_not_there_is_named(table: Table) -> None:
    asked = experiment_from(
        {"heads": [{"name": "p", "kind": "regression", "columns": ["price"]}]}
    )
    with pytest.raises(ColumnError, match="no column 'price'"):
        read_targets(asked.head("p"), table)
