"""Rows that stay in their file answer as rows in memory do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mtcore.data.splits.extract import extract
from mtcore.data.splits.splits import RowSplit, split_rows
from mtcore.data.tables import stored as stored_rows
from mtcore.data.tables.stored import StoredTable, open_rows
from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError
from mtcore.spec import experiment_from

ROWS = 1_000
MISSING = ("-1", "?")


@pytest.fixture(autouse=True)
def few_rows_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_rows, "BATCH_ROWS", 130)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """Numbers, texts and moments, some of them missing, in several row groups."""
    number = np.arange(ROWS) % 7 - 1.0
    text = ["?" if row % 11 == 0 else f"place {row % 5}" for row in range(ROWS)]
    text[700] = "seen once"
    moment = np.datetime64("2024-01-01", "us") + np.arange(ROWS).astype("m8[h]")
    cells = pa.table(
        {
            "a.b": pa.array(number, mask=number == 3.0),
            "site": pa.array(text),
            "when": pa.array(moment.astype("M8[us]")),
        }
    )
    path = tmp_path / "table.parquet"
    pq.write_table(cells, path, row_group_size=400)
    return path


def test_a_stored_table_answers_as_one_in_memory(parquet: Path) -> None:
    stored = StoredTable(parquet, missing=MISSING)
    held = Table.read(parquet, missing=MISSING)
    assert (stored.rows, stored.column_names) == (held.rows, held.column_names)
    questions: tuple[Callable[[Table | StoredTable], object], ...] = (
        lambda table: table.numbers("a.b"),
        lambda table: table.categories("site"),
        lambda table: table.categories("a.b"),
        lambda table: table.timestamps("when"),
        lambda table: table.take(np.array([999, 3, 3, 130])).categories("site"),
        lambda table: table.take(np.array([], dtype=np.int64)).numbers("a.b"),
    )
    for ask in questions:
        np.testing.assert_array_equal(ask(stored), ask(held))


def test_batches_hold_all_rows_in_their_order(parquet: Path) -> None:
    stored = StoredTable(parquet)
    batches = list(stored.batches(["when"]))
    assert max(batch.rows for batch in batches) <= 130
    assert all(batch.column_names == ("when",) for batch in batches)
    joined = np.concatenate([batch.timestamps("when") for batch in batches])
    np.testing.assert_array_equal(joined, Table.read(parquet).timestamps("when"))


def test_columns_that_a_file_lacks_are_missing_in_every_row(parquet: Path) -> None:
    stored = StoredTable(parquet, ["site"], absent=["load"])
    assert stored.column_names == ("site", "load")
    assert np.isnan(stored.numbers("load")).all()
    assert stored.take(np.array([5])).categories("load").tolist() == [None]


def test_an_unknown_column_is_refused_by_name(parquet: Path) -> None:
    with pytest.raises(ColumnError, match=r"no column 'sight'. Did you mean 'site'"):
        StoredTable(parquet, ["sight"])
    with pytest.raises(ColumnError, match="no column 'when'"):
        StoredTable(parquet, ["site"]).numbers("when")


def test_only_what_memory_has_no_room_for_stays_in_the_file(parquet: Path) -> None:
    columns = ["a.b", "site"]
    needed = 2 * 8 * ROWS
    assert isinstance(open_rows(parquet, columns, most_bytes=needed), Table)
    assert isinstance(open_rows(parquet, columns, most_bytes=needed - 1), StoredTable)


def test_a_table_in_memory_is_learned_from_whole(parquet: Path) -> None:
    table = Table.read(parquet)
    asked = experiment_from({"heads": [head("site", "multiclass")]})
    split = split_rows(asked, table)
    assert extract(asked, table, split) == (table, split)


def test_a_sample_holds_every_class_and_knows_which_rows_train(parquet: Path) -> None:
    asked = experiment_from({"heads": [head("site", "multiclass")]})
    rows = np.arange(ROWS)
    split = RowSplit(rows[rows % 2 == 0], rows[rows % 4 == 1], rows[rows % 4 == 3])
    known, parts = extract(asked, StoredTable(parquet, missing=MISSING), split, 50)
    classes = set(known.categories("site"))
    assert {"seen once", *(f"place {place}" for place in range(5))} <= classes
    assert "seen once" in known.categories("site")[parts.train]
    assert 50 <= known.rows <= 50 + 2 * 6
    hours = (known.timestamps("when") - known.timestamps("when")[0]) / 3_600
    numbers = np.round(hours - hours[parts.train[0]]).astype(int) % 2
    assert set(numbers[parts.train]) == {0}
    assert set(numbers[parts.validation]) | set(numbers[parts.test]) == {1}
    assert len(parts.train) + len(parts.validation) + len(parts.test) == known.rows


def head(column: str, kind: str) -> dict[str, object]:
    return {"name": column, "kind": kind, "columns": [column]}
