"""Ranges from the profile of a data set agree with those from its rows."""

from __future__ import annotations

from pathlib import Path

from mtcore.data.library.library import Library
from mtcore.data.tables.table import Table
from mtcore.home import Home
from mtcore.spec import CategoryInput, Experiment, NumberInput, RegressionHead
from mtcore.whatif.ranges import input_ranges, profile_ranges


def test_profile_and_rows_give_the_same_ranges(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    lines = [f"{i},{i * 0.25},{'even' if i % 2 == 0 else 'odd'},{i}" for i in range(9)]
    file.write_text("\n".join(["n,x,parity,y", *lines]), encoding="utf-8")
    library = Library(home)
    dataset = library.add(file)
    experiment = Experiment(
        inputs=(
            NumberInput(column="n"),
            NumberInput(column="x"),
            CategoryInput(column="parity"),
        ),
        heads=(RegressionHead(name="y", columns=("y",)),),
    )
    from_rows = input_ranges(experiment, Table.read(dataset.parquet))
    assert profile_ranges(experiment, dataset.profile) == from_rows
