"""What columns hold: quantities, codes, truths and moments, in any spelling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mtcore.data.values.moments import seconds_since_1970
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


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.2K", "3.4M", "500", "7k"], [1200.0, 3400000.0, 500.0, 7000.0]),
        (["$1.2K", "$3M", "-$2 B"], [1200.0, 3e6, -2e9]),
        (["1,25K", "3,4M", "0,5"], [1250.0, 3400000.0, 0.5]),
    ],
    ids=lambda cells: str(cells[0]),
)
def test_letters_scale_numbers_where_several_occur(
    cells: list[str], numbers: list[float], tmp_path: Path
) -> None:
    read = read_column("views", cells, tmp_path)
    assert read.columns["views"] == pytest.approx(numbers)
    assert "with letters for thousands" in read.summary("views").reason


def test_one_letter_alone_may_be_a_unit_and_scales_nothing(tmp_path: Path) -> None:
    read = read_column("heat", ["280 K", "300 K", "310.5 K"], tmp_path)
    assert read.columns["heat"] == [280.0, 300.0, 310.5]
    assert read_column("size", ["5M", "3M", "7M"], tmp_path).kinds["size"] == "category"


@pytest.mark.parametrize(
    "cells",
    [
        ["3. März 2024", "14. Mai 2023", "1. Dez. 2021"],
        ["3 mars 2024", "14 mai 2023", "1er déc. 2021"],
        ["3 de marzo de 2024", "14 de mayo de 2023", "1 de diciembre de 2021"],
        ["3-Mär-24", "14-Mai-23", "1-Dez-21"],
    ],
    ids=["German", "French", "Spanish", "short"],
)
def test_months_are_read_in_other_languages(cells: list[str], tmp_path: Path) -> None:
    read = read_column("day", cells, tmp_path)
    days = [datetime(2024, 3, 3), datetime(2023, 5, 14), datetime(2021, 12, 1)]
    assert read.columns["day"] == days
    assert [seconds_since_1970(cell) for cell in cells] == [
        day.replace(tzinfo=UTC).timestamp() for day in days
    ]


def test_words_before_numbers_are_no_months(tmp_path: Path) -> None:
    read = read_column("place", ["Halle 12", "Marsch 20", "Maier 24"], tmp_path)
    assert read.kinds["place"] == "category"


SIZES, COLOURS = ("small", "big", "tiny"), ("red", "blue", "green")
PLACES = ("on paper", "in the sand", "above a chair", "under water", "by the road")


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("caption", [f"a {s} thing {p}" for s in SIZES[:2] for p in PLACES[:2]]),
        ("caption", [f"one {s} thing" for s in (*SIZES, *COLOURS)]),
        ("seen", [f"a {c} {s} one {p}, {w}" for c in COLOURS for s in SIZES
                  for p in PLACES for w in ("far away", "close")]),
    ],
    ids=["four phrases", "six phrases", "no name for it"],
)  # fmt: skip
def test_phrases_that_share_their_words_are_texts(
    name: str, cells: list[str], tmp_path: Path
) -> None:
    read = read_column(name, cells * 30, tmp_path)
    enough = len(cells) > 4
    assert read.kinds[name] == ("text" if enough else "category")
    assert not enough or "that share their words" in read.summary(name).reason


TITLES = [f"{rank} {field} {role}" for rank in ("Senior", "Junior", "Lead", "Chief")
          for field in ("Data", "Sales", "Software", "Finance") for role in
          ("Engineer", "Manager", "Analyst", "Officer")]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("airline", ["United", "US Airways", "Virgin America", "Southwest", "Delta"]),
        ("title", TITLES),
        ("branch", [f"{code}{n} - repair of {what} and {other}" for code in "ABC"
                    for n in range(6) for what in ("cars", "boats", "bikes")
                    for other in ("parts", "tools")]),
        ("street", [f"{n} {s} Street, North {c}" for n in range(1, 9)
                    for s in ("Oak", "Main", "High") for c in ("York", "Ham")]),
        ("answer", ["very satisfied", "somewhat satisfied", "not at all satisfied",
                    "somewhat dissatisfied", "very dissatisfied"]),
        ("country", ["Bosnia and Herzegovina", "Trinidad and Tobago", "United States",
                     "United Kingdom", "Sao Tome and Principe", "South Africa"]),
        ("description", ["Late Flight", "Lost Luggage", "Customer Service Issue",
                         "Bad Flight", "Cancelled Flight", "Flight Booking Problems"]),
    ],
)  # fmt: skip
def test_names_titles_streets_and_answers_are_no_texts(
    name: str, cells: list[str], tmp_path: Path
) -> None:
    read = read_column(name, cells * 30, tmp_path)
    assert read.kinds[name] == "category"
