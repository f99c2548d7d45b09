"""Which rows train, choose the epoch and judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcore.data.splits.splits import PARTS, RowSplit, split_rows
from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError, InputError
from mtcore.spec import Experiment, experiment_from


def table_of(**columns: Sequence[object]) -> Table:
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    return Table.from_records([dict(zip(names, row, strict=True)) for row in rows])


def experiment(split: Mapping[str, Any], seed: int = 0, *heads: str) -> Experiment:
    kinds = heads or ("y",)
    return experiment_from(
        {
            "heads": [
                {"name": name, "columns": [name],
                 "kind": "regression" if name == "y" else "multiclass"}
                for name in kinds
            ],
            "split": dict(split),
            "seed": seed,
        }
    )  # fmt: skip


def numbered(rows: int) -> Table:
    return table_of(y=[float(row) for row in range(rows)])


def all_rows(split: RowSplit) -> list[int]:
    return sorted(np.concatenate([split.rows(part) for part in PARTS]).tolist())


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(7, 200), seed=st.integers(0, 2**31 - 1))
def test_every_row_is_in_exactly_one_part(rows: int, seed: int) -> None:
    split = split_rows(experiment({"kind": "random"}, seed), numbered(rows))
    assert all_rows(split) == list(range(rows))


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    first, again, other = (
        split_rows(experiment({"kind": "random"}, seed), numbered(100)).test.tolist()
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_parts_have_the_shares_that_were_asked_for() -> None:
    wanted = {"kind": "random", "validation": 0.2, "test": 0.1}
    split = split_rows(experiment(wanted), numbered(1_000))
    assert [len(split.rows(part)) for part in PARTS] == [700, 200, 100]


def test_too_few_rows_are_refused_in_words() -> None:
    with pytest.raises(InputError, match="random split of 2 rows leaves no row for"):
        split_rows(experiment({"kind": "random"}), numbered(2))


def test_a_part_has_no_other_name() -> None:
    split = split_rows(experiment({"kind": "random"}), numbered(10))
    with pytest.raises(KeyError):
        split.rows("dev")


def test_a_stratified_split_gives_every_class_its_share_of_every_part() -> None:
    cells = ["a"] * 700 + ["b"] * 200 + ["c"] * 100
    split = split_rows(
        experiment({"kind": "stratified"}, 0, "kind"), table_of(kind=cells)
    )
    shares = [
        [np.asarray(cells)[split.rows(part)].tolist().count(name) for name in "abc"]
        for part in PARTS
    ]
    assert shares == [[490, 140, 70], [105, 30, 15], [105, 30, 15]]


def test_stratifying_holds_for_several_heads_together() -> None:
    random = np.random.default_rng(5)
    rows = 997
    columns = {
        name: random.choice(list("pqrs"), rows, p=(0.6, 0.3, 0.08, 0.02)).tolist()
        for name in ("first", "second", "third")
    }
    table = table_of(**columns)
    split = split_rows(experiment({"kind": "stratified"}, 0, *columns), table)
    assert all_rows(split) == list(range(rows))
    for cells in columns.values():
        for value in "pqrs":
            in_all = cells.count(value)
            in_test = sum(cells[row] == value for row in split.test)
            assert abs(in_test - 0.15 * in_all) <= 3


def test_a_stratified_split_shares_out_missing_labels_of_numbers_too() -> None:
    kinds = ["a", "b"] * 200
    numbers = [None if row % 5 == 0 else float(row) for row in range(400)]
    split = split_rows(
        experiment({"kind": "stratified"}, 0, "kind", "y"),
        table_of(kind=kinds, y=numbers),
    )
    unlabelled = [numbers[row] is None for row in split.test]
    assert abs(sum(unlabelled) - 12) <= 1


def test_without_classes_a_stratified_split_goes_by_fifths_of_the_numbers() -> None:
    split = split_rows(experiment({"kind": "stratified"}), numbered(1_000))
    counts = np.histogram(split.test, bins=5, range=(0, 1_000))[0]
    assert counts.tolist() == [30] * 5


def test_a_group_stays_together() -> None:
    people = [f"p{row % 37}" for row in range(740)]
    table = table_of(y=list(map(float, range(740))), person=people)
    for seed in range(5):
        asked = experiment({"kind": "group", "column": "person"}, seed)
        split = split_rows(asked, table)
        held = [{people[row] for row in split.rows(part)} for part in PARTS]
        assert all_rows(split) == list(range(740))
        assert sum(map(len, held)) == 37
        assert abs(len(split.test) - 111) <= 20
        assert abs(len(split.validation) - 111) <= 20


def test_a_large_group_trains_and_every_part_has_a_group() -> None:
    people = ["big"] * 80 + ["b"] * 10 + ["c"] * 10
    table = table_of(y=list(map(float, range(100))), person=people)
    for seed in range(5):
        asked = experiment({"kind": "group", "column": "person"}, seed)
        split = split_rows(asked, table)
        assert split.train.tolist() == list(range(80))
        assert len(split.test) == len(split.validation) == 10


def test_two_groups_cannot_make_three_parts() -> None:
    table = table_of(y=[1.0, 2.0, 3.0], person=["a", "b", "b"])
    with pytest.raises(InputError, match=r"at least 3 groups.*'person' holds 2"):
        split_rows(experiment({"kind": "group", "column": "person"}), table)


def test_the_latest_rows_judge_whatever_their_place_in_the_file() -> None:
    moments = np.random.default_rng(0).permutation(100)
    when = [f"2024-01-01T00:{moment // 60:02d}:{moment % 60:02d}" for moment in moments]
    table = table_of(y=list(map(float, range(100))), when=when)
    asked = experiment({"kind": "time", "column": "when", "test": 0.2})
    split = split_rows(asked, table)
    seconds = table.timestamps("when")
    assert seconds[split.train].max() < seconds[split.validation].min()
    assert seconds[split.validation].max() < seconds[split.test].min()
    assert len(split.test) == 20


def test_rows_of_one_moment_stay_together_and_rows_without_one_train() -> None:
    years = [2000 + row // 25 for row in range(200)] + [None] * 10
    table = table_of(y=list(map(float, range(210))), year=years)
    split = split_rows(experiment({"kind": "time", "column": "year"}), table)
    assert {years[row] for row in split.test} == {2007}
    assert {years[row] for row in split.validation} == {2006}
    assert set(range(200, 210)) <= set(split.train.tolist())


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["x", "y", "z", "x"], "holds no date, time or number"),
        (["2020-01-01", "2020-01-02", "2020-01-02", "2020-01-01"], "3 different"),
    ],
)
def test_a_time_split_needs_moments(cells: list[str], words: str) -> None:
    table = table_of(y=[1.0, 2.0, 3.0, 4.0], when=cells)
    with pytest.raises(InputError, match=words):
        split_rows(experiment({"kind": "time", "column": "when"}), table)


def test_a_given_split_reads_the_usual_spellings() -> None:
    table = table_of(
        y=[1.0, 2.0, 3.0, 4.0], part=["Train", " training", "VAL", "holdout"]
    )
    split = split_rows(experiment({"kind": "given", "column": "part"}), table)
    assert [split.rows(part).tolist() for part in PARTS] == [[0, 1], [2], [3]]


def test_a_given_split_names_the_cells_it_cannot_read() -> None:
    table = table_of(y=[1.0, 2.0, 3.0], part=["train", "later", None])
    with pytest.raises(ColumnError, match="but holds 'later', nothing too"):
        split_rows(experiment({"kind": "given", "column": "part"}), table)


def test_a_given_split_without_test_rows_is_refused() -> None:
    table = table_of(y=[1.0, 2.0, 3.0], part=["train", "train", "valid"])
    with pytest.raises(InputError, match="leaves no row for test"):
        split_rows(experiment({"kind": "given", "column": "part"}), table)


def test_a_missing_split_column_is_named() -> None:
    with pytest.raises(ColumnError, match="no column 'person'"):
        split_rows(experiment({"kind": "group", "column": "person"}), numbered(10))
