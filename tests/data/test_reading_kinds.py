"""What columns hold: quantities, codes, truths and moments, in any spelling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.data.reading import Read, read_content

FEW = ["a", "b", "c", "d"]


def read_column(name: str, cells: Sequence[object], folder: Path) -> Read:
    """Return what a column of these cells is read as, beside one of texts."""
    lines = [f"{name}|other"]
    lines += [f"{cell}|{FEW[row % 4]}" for row, cell in enumerate(cells)]
    return read_content("\n".join(lines) + "\n", folder)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["12 km", "1.5 km", "300 km"], [12.0, 1.5, 300.0]),
        (["37.2°C", "-4°C", "12°C"], [37.2, -4.0, 12.0]),
        (["1,5 kg", "2,25 kg", "10,0 kg"], [1.5, 2.25, 10.0]),
        (["1,200 kWh", "12 kWh", "3,400,000 kWh"], [1200.0, 12.0, 3400000.0]),
        (["120mmHg", "80mmHg", "n/a"], [120.0, 80.0, None]),
        (["3 Zimmer", "4 Zimmer", "2.5 Zimmer"], [3.0, 4.0, 2.5]),
        (["12.5%", "3 %", "100%"], [12.5, 3.0, 100.0]),
        (["CA$1,200.50", "CA$3", "-CA$7"], [1200.5, 3.0, -7.0]),
        (["1 200,50 Kč", "3 Kč", "10,5 Kč"], [1200.5, 3.0, 10.5]),
        (["1'000.5", "2'000'000", "3"], [1000.5, 2000000.0, 3.0]),
        (["(1,200)", "300", "(5)"], [-1200.0, 300.0, -5.0]),
    ],
    ids=lambda cells: str(cells[0]),
)
def test_numbers_are_read_beside_units_currencies_and_marks(
    cells: list[str], numbers: list[float | None], tmp_path: Path
) -> None:
    read = read_column("size", cells, tmp_path)
    assert read.columns["size"] == numbers
    assert read.kinds["size"] == "number"


def test_the_unit_of_a_column_is_told(tmp_path: Path) -> None:
    read = read_column("way", ["12 km", "1.5 km", "9 km"], tmp_path)
    assert "with the unit km" in read.summary("way").reason


@pytest.mark.parametrize(
    "cells",
    [["12A", "13A", "7A"], ["12 km", "800 m", "3 km"], ["4x4", "2x2", "4x2"]],
    ids=["flats", "two units", "sizes"],
)
def test_texts_with_digits_are_no_numbers_with_a_unit(
    cells: list[str], tmp_path: Path
) -> None:
    assert read_column("size", cells, tmp_path).kinds["size"] == "category"


@pytest.mark.parametrize(
    "cells",
    [
        ["yes", "No", "Y", "n", "YES"],
        ["TRUE", "false", "T", "F", "1"],
        ["on", "OFF", "On", "yes", "0"],
        ["igen", "nem", "Igen", "igen", "NEM"],
        ["✓", "✗", "✓", "✓", "✗"],
    ],
    ids=lambda cells: cells[0],
)
def test_truths_of_many_spellings_in_one_column_are_two_values(
    cells: list[str], tmp_path: Path
) -> None:
    read = read_column("paid", cells, tmp_path)
    assert read.kinds["paid"] == "boolean"
    assert len(set(read.columns["paid"])) == 2


@pytest.mark.parametrize(
    "cells",
    [["T", "F", "N", "T"], ["yes", "no", "maybe", "yes"], ["1", "2", "0", "1"]],
    ids=["a third letter", "a third word", "a third number"],
)
def test_what_has_a_third_value_is_no_truth(cells: list[str], tmp_path: Path) -> None:
    assert read_column("paid", cells, tmp_path).kinds["paid"] != "boolean"


@pytest.mark.parametrize(
    ("name", "factor"), [("created_at", 1), ("TimeStamp", 1000), ("epoch_us", 10**6)]
)
def test_numbers_that_count_from_1970_are_moments(
    name: str, factor: int, tmp_path: Path
) -> None:
    cells = [1_700_000_000 * factor, 1_700_003_600 * factor, 1_600_000_000 * factor]
    read = read_column(name, cells, tmp_path)
    assert read.kinds[name] == "datetime"
    assert read.columns[name][0] == datetime(2023, 11, 14, 22, 13, 20)
    assert "since 1970" in read.summary(name).reason


@pytest.mark.parametrize(
    ("name", "cells"),
    [("population", [1_700_000_000, 1_400_000_000, 331_000_000]),
     ("time_s", [12, 3600, 90]), ("created_by", [1_700_000_000, 4, 7])],
)  # fmt: skip
def test_quantities_are_no_moments(name: str, cells: list[int], tmp_path: Path) -> None:
    assert read_column(name, cells, tmp_path).kinds[name] == "number"


@pytest.mark.parametrize(
    ("name", "numbers", "kind"),
    [
        ("zip", 7, "category"), ("ZipCode", 5, "category"), ("plz", 4, "category"),
        ("phone", 60, "id"), ("class", 5, "category"), ("soil_type", 7, "category"),
        ("statusCode", 4, "category"), ("class", 60, "number"),
        ("rooms", 5, "number"), ("size", 60, "number"), ("year", 20, "number"),
        ("decode", 5, "number"),
    ],
)  # fmt: skip
def test_whole_numbers_are_codes_or_classes_where_their_name_says_so(
    name: str, numbers: int, kind: str, tmp_path: Path
) -> None:
    cells = [1980 + 2 * (row % numbers) for row in range(60)]
    read = read_column(name, cells, tmp_path)
    assert read.kinds[name] == kind
    if kind == "category":
        assert "no quantity" in read.summary(name).reason
    if name == "year":
        assert "years" in read.summary(name).reason


@pytest.mark.parametrize(
    "cells",
    [["2001-02", "2001-11", "2002-01"], ["02/2001", "11/2001", "01/2002"],
     ["Feb 2001", "Nov 2001", "Jan 2002"],
     ["February-2001", "November-2001", "January-2002"]],
    ids=lambda cells: cells[0],
)  # fmt: skip
def test_months_of_years_are_moments(cells: list[str], tmp_path: Path) -> None:
    read = read_column("month", cells, tmp_path)
    assert read.kinds["month"] == "datetime"
    assert read.columns["month"] == [
        datetime(2001, 2, 1), datetime(2001, 11, 1), datetime(2002, 1, 1),
    ]  # fmt: skip


def test_seasons_over_two_years_are_no_months(tmp_path: Path) -> None:
    cells = [f"20{year}-{year + 1}" for year in range(10, 20)]
    assert read_column("season", cells, tmp_path).kinds["season"] == "category"
