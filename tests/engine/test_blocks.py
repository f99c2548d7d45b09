"""Rows that stay in a file: dealt out to blocks, trained block by block."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.stored import StoredTable
from mtcore.data.tables.table import Table
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.progress import Progress
from mtcore.engine.rows.blocks import BlockFile, Scratch
from mtcore.engine.rows.rows import EncodedRows
from mtcore.engine.training.checkpoint import CHECKPOINT_FILE, fingerprint
from mtcore.engine.training.epoch_order import (
    block_order,
    in_steps,
    shuffled_rows,
    steps_an_epoch,
    steps_of,
)
from mtcore.engine.training.prepared import Prepared, prepare_rows
from mtcore.engine.training.trainer import Trained, train
from mtcore.spec import Experiment
from tests.engine.test_trainer import by_epoch, quick_clock
from tests.engine.workshop import experiment, parts, workshop
from tests.fresh_python import fresh_python

pytestmark = pytest.mark.engine

ROWS = 2_400
SCRATCH = Scratch(block_rows=255)
# One architecture for all tests that train here: it is compiled once.
SMALL = experiment("cost", "fault", trunk={"layers": [16, 8], "dropout": 0.1})

# Prints by how many KiB the peak grows from few to many rows, held in either way.
GROWTH = """
import json, re, sys
from contextlib import closing
from pathlib import Path
from mtcore.data.tables.stored import StoredTable
from mtcore.data.tables.table import Table
from mtcore.engine.rows.blocks import Scratch
from mtcore.engine.training.prepared import prepare_rows
from tests.fresh_python import fresh_python
from tests.engine.workshop import experiment, parts

def peak(table):
    scratch = Scratch(block_rows=20_000, sample_rows=20_000)
    split = parts(table.rows)
    with closing(prepare_rows(experiment(), table, split, scratch, bool)) as ready:
        for _ in ready.train.read(range(len(ready.train.sizes))):
            pass
    # The resource module also counts what the parent had when it forked.
    return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])

status = Path("/proc/self/status")
folder, few, many = sys.argv[1:]
few, many = (Path(folder) / f"{rows}.parquet" for rows in (few, many))
start = peak(StoredTable(few))
blocks = peak(StoredTable(many))
memory = peak(Table.read(many))
print(json.dumps({"blocks": blocks - start, "memory": memory - start}))
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredTable:
    """The workshop's rows in a file of several row groups."""
    return kept(workshop(ROWS), tmp_path_factory.mktemp("stored") / "table.parquet")


def kept(table: Table, path: Path, group: int = 500) -> StoredTable:
    pq.write_table(cells_of(table), path, row_group_size=group)
    return StoredTable(path)


def cells_of(table: Table) -> pa.Table:
    return Table.joined([table])._cells


def numbered(rows: int, block_rows: int = 255) -> BlockFile:
    """Return blocks of rows that hold their own number, twice as a code."""
    blocks = BlockFile(
        Scratch(block_rows=block_rows), rows, numbers_width=1, codes_width=2, seed=3
    )
    numbers = np.arange(rows, dtype=np.int32)
    for start in range(0, rows, 300):
        some = numbers[start : start + 300, np.newaxis]
        blocks.add(some.astype(np.float32), np.hstack([some, some]))
    return blocks


def in_blocks(
    changed: Experiment, stored: StoredTable, split: RowSplit
) -> tuple[Trained, list[Progress]]:
    told: list[Progress] = []
    result = train(changed, stored, split, scratch=SCRATCH, report=told.append)
    return result, told


def prepared(stored: StoredTable, changed: Experiment) -> Prepared:
    return prepare_rows(changed, stored, parts(ROWS), SCRATCH, lambda: False)


def test_every_row_is_in_one_step_of_an_epoch() -> None:
    seen: list[int] = []
    with closing(numbered(1_000)) as blocks:
        places = block_order(len(blocks.sizes), 0, epoch=1)
        for place, block in zip(places, blocks.read(places), strict=True):
            rows = in_steps(shuffled_rows(block.rows, 0, 1, place), 32, blocks.bucket)
            real = rows[rows < block.rows]
            seen += block.codes.numpy()[real, 0].tolist()
            assert len(rows[: 32 * steps_of(block.rows, 32)]) >= block.rows
    assert sorted(seen) == list(range(1_000))
    assert seen != sorted(seen)


def test_blocks_are_of_one_size_and_each_holds_rows_from_the_whole_file() -> None:
    with closing(numbered(1_000)) as blocks:
        assert max(blocks.sizes) - min(blocks.sizes) <= 1
        assert max(blocks.sizes) <= 255
        for block in blocks.read(range(len(blocks.sizes))):
            there = block.codes.numpy()[: block.rows, 0]
            assert np.histogram(there, 4, (0, 1_000))[0].min() > 30
            assert np.array_equal(block.numbers.numpy()[: block.rows, 0], there)


def test_what_pads_a_block_is_empty_and_there_is_always_some() -> None:
    with closing(numbered(254, block_rows=255)) as blocks:
        (block,) = blocks.read([0])
        assert block.rows == 254 < block.bucket
        assert not block.numbers.numpy()[254:].any()


def test_epochs_take_blocks_and_rows_in_orders_of_their_own() -> None:
    assert block_order(8, 0, epoch=0) != block_order(8, 0, epoch=1)
    assert block_order(8, 0, epoch=0) == block_order(8, 0, epoch=0)
    first, second = (shuffled_rows(99, 0, 0, block).tolist() for block in (0, 1))
    assert first != second
    assert steps_an_epoch((33, 32, 0), 32) == 3


def test_blocks_hold_the_rows_that_memory_would(stored: StoredTable) -> None:
    changed = experiment()
    whole = prepare_rows(changed, workshop(ROWS), parts(ROWS), SCRATCH, lambda: False)
    with closing(prepared(stored, changed)) as ready:
        assert ready.encoding == whole.encoding
        assert ready.constants[3].loss == pytest.approx(whole.constants[3].loss)
        pairs = (whole.train, ready.train), (whole.validation, ready.validation)
        for held, dealt in pairs:
            assert len(held.sizes) < len(dealt.sizes)
            expected = real_rows([held.blank])
            np.testing.assert_array_equal(
                real_rows(list(dealt.read(range(len(dealt.sizes))))), expected
            )


def real_rows(blocks: list[EncodedRows]) -> NDArray[np.float32]:
    """Return the real rows of blocks in an order that is always the same."""
    rows = np.concatenate(
        [
            np.hstack([block.numbers.numpy(), block.codes.numpy()])[: block.rows]
            for block in blocks
        ]
    )
    return rows[np.lexsort(rows.T)]


def test_training_in_blocks_is_as_good_as_training_in_memory(
    stored: StoredTable,
) -> None:
    told_in_memory: list[Progress] = []
    train(SMALL, workshop(ROWS), parts(ROWS), report=told_in_memory.append)
    _, told = in_blocks(SMALL, stored, parts(ROWS))
    whole, blocks = by_epoch(told_in_memory)[6], by_epoch(told)[6]
    assert whole.keys() == blocks.keys()
    for key in ("validation/h0/loss", "validation/h1/loss"):
        assert whole[key] < 0.5
        assert blocks[key] == pytest.approx(whole[key], abs=0.05)


def test_the_same_seed_gives_the_same_numbers_in_blocks(stored: StoredTable) -> None:
    _, told = in_blocks(SMALL, stored, parts(ROWS))
    _, again = in_blocks(SMALL, stored, parts(ROWS))
    other_seed = SMALL.model_copy(update={"seed": 1})
    _, other = in_blocks(other_seed, stored, parts(ROWS))
    assert by_epoch(told) == by_epoch(again)
    assert by_epoch(told) != by_epoch(other)


def test_a_training_interrupted_between_blocks_goes_on_as_if_nothing_had_been(
    stored: StoredTable, tmp_path: Path
) -> None:
    uninterrupted, whole = in_blocks(SMALL, stored, parts(ROWS))
    told: list[Progress] = []
    steps = iter(range(1_000))

    def report(progress: Progress) -> None:
        told.append(progress)
        if progress.stage == "train" and progress.epoch == 2 and next(steps) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(
            SMALL, stored, parts(ROWS), checkpoint=tmp_path, scratch=SCRATCH,
            report=report, clock=quick_clock(),
        )  # fmt: skip
    assert (tmp_path / CHECKPOINT_FILE).is_file()
    resumed = train(
        SMALL, stored, parts(ROWS), checkpoint=tmp_path, scratch=SCRATCH,
        report=told.append,
    )  # fmt: skip
    assert by_epoch(told) == by_epoch(whole)
    for name, outputs in resumed.predict(workshop()).items():
        assert np.array_equal(outputs, uninterrupted.predict(workshop())[name])


def test_a_checkpoint_belongs_to_its_blocks() -> None:
    encoding = fit_encoding(experiment(), workshop(), parts())
    marks = {
        fingerprint(experiment(), encoding, sizes)
        for sizes in ((168,), (84, 84), (85, 83))
    }
    assert len(marks) == 3


def test_a_head_without_labels_in_some_blocks_still_learns(tmp_path: Path) -> None:
    cells = cells_of(workshop(ROWS))
    few = np.arange(ROWS) % 600 != 0
    place = cells.column_names.index("cost")
    sparse = pa.array(cells["cost"].to_numpy(), mask=few)
    cells = cells.set_column(place, "cost", sparse)
    table = kept(Table(cells), tmp_path / "sparse.parquet")
    with closing(prepared(table, SMALL)) as ready:
        width = ready.train.blank.numbers.shape[1]
        labelled = [
            block.numbers.numpy()[:, width - 2].sum()
            for block in ready.train.read(range(len(ready.train.sizes)))
        ]
    assert min(labelled) == 0.0 < max(labelled)
    _, told = in_blocks(SMALL, table, parts(ROWS))
    metrics = by_epoch(told)[6]
    assert np.isfinite(metrics["train/h0/loss"])
    assert metrics["train/h1/loss"] < 0.6


def test_a_stop_while_rows_are_encoded_still_gives_a_model(stored: StoredTable) -> None:
    result = train(SMALL, stored, parts(ROWS), scratch=SCRATCH, stop=lambda: True)
    assert result.ended_by == "stop"
    assert np.isfinite(result.predict(workshop())["cost"]).all()


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak")
def test_memory_does_not_grow_with_the_rows_of_a_file(tmp_path: Path) -> None:
    # Two groups of rows at least in each, as one is read while another is held.
    few, many = 66_000, 180_000
    for rows in (few, many):
        kept(workshop(rows), tmp_path / f"{rows}.parquet", group=30_000)
    words = ("-c", GROWTH, str(tmp_path), str(few), str(many))
    grown = json.loads(fresh_python(*words, folder=tmp_path, home=tmp_path / "home"))
    assert grown["blocks"] < 0.35 * grown["memory"]


def test_nothing_is_left_where_the_blocks_were(
    stored: StoredTable, tmp_path: Path
) -> None:
    scratch = Scratch(tmp_path, block_rows=255)
    seen: list[int] = []

    def look(progress: Progress) -> None:
        del progress
        seen.append(len(list(tmp_path.iterdir())))

    train(SMALL, stored, parts(ROWS), scratch=scratch, report=look)
    assert set(seen) == {0}
