"""Networks that take turns: every row judges once and teaches the others."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mtcore.data.splits.splits import RowSplit, split_rows
from mtcore.data.splits.turns import take_turns
from mtcore.data.tables.stored import StoredTable
from mtcore.errors import ExperimentError, InputError
from mtcore.spec import Experiment
from tests.engine.workshop import experiment, workshop

TURNS = 5


def rotating(kind: str = "random", seeds: int = TURNS, **changes: object) -> Experiment:
    return experiment(
        "cost",
        "fault",
        training={"seeds": seeds, "rotate": True},
        split={"kind": kind, **changes},
    )


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("random", {}), ("stratified", {}), ("group", {"column": "importance"})],
)
def test_every_row_but_those_of_the_test_part_is_held_out_once(
    kind: str, changes: dict[str, object]
) -> None:
    asked = rotating(kind, 3, **changes)
    table = workshop()
    split = split_rows(asked, table)
    turns = take_turns(asked, table, split)
    assert len(turns.held) == 3
    assert np.array_equal(turns.all_held, turns.learned)
    assert np.array_equal(turns.learned, np.setdiff1d(np.arange(240), split.test))


def test_groups_stay_together() -> None:
    asked = rotating("group", 2, column="<b>site</b>")
    table = workshop()
    turns = take_turns(asked, table, split_rows(asked, table))
    sites = table.categories("<b>site</b>")
    for one, other in combinations(turns.held, 2):
        assert set(sites[one]).isdisjoint(sites[other])


def test_rare_classes_are_in_every_turn() -> None:
    asked = rotating("stratified")
    table = workshop()
    turns = take_turns(asked, table, split_rows(asked, table))
    faults = table.categories("fault")
    shares = [np.mean(faults[rows] == "leak") for rows in turns.held]
    assert np.ptp(shares) < 0.05


def test_without_turns_the_validation_part_is_held_out() -> None:
    asked = experiment("cost")
    table = workshop()
    split = split_rows(asked, table)
    turns = take_turns(asked, table, split)
    assert len(turns.held) == 1
    assert np.array_equal(turns.held[0], split.validation)


def test_more_networks_than_rows_or_groups_are_refused() -> None:
    asked = rotating("group", 6, column="<b>site</b>")
    table = workshop()
    with pytest.raises(InputError, match=r"fewer groups .* turn `rotate` off"):
        take_turns(asked, table, split_rows(asked, table))


def test_no_network_learns_from_the_future() -> None:
    with pytest.raises(ExperimentError, match="can't take turns in a time split"):
        rotating("time", column="when")


def test_networks_on_a_table_in_a_file_take_no_turns(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"a": np.arange(50.0)}), path)
    split = RowSplit(np.arange(30), np.arange(30, 40), np.arange(40, 50))
    turns = take_turns(rotating(), StoredTable(path), split)
    assert not turns.rotate
    assert np.array_equal(turns.held[0], split.validation)
