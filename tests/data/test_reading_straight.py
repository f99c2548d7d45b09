"""Large files are typed on the way in, with the outcome of the long way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mtcore.data.reading import ReadingReport, one_pass, read_table, straight
from mtcore.data.reading.columns import census, measures
from mtcore.data.reading.reader import load_straight

ROWS = 6_000
Lines = list[list[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a file gave, and whether one pass was enough."""

    report: ReadingReport
    stored: pa.Table
    at_once: bool


@pytest.fixture
def read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Lines, tuple[str, ...], int], Outcome]:
    """Return a function that reads lines of cells, in one pass from some lines on."""
    seen: list[object] = []

    def watched(*given: object) -> object:
        seen.append(load_straight(*given))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr("mtcore.data.reading.reader.load_straight", watched)

    def reads(lines: Lines, missing: tuple[str, ...], fewest: int) -> Outcome:
        source = tmp_path / "large.csv"
        source.write_text("".join(f"{','.join(cells)}\n" for cells in lines))
        monkeypatch.setattr(straight, "_FEWEST_LINES", fewest)
        report = read_table(source, tmp_path / "t.parquet", None, missing)
        stored = pq.read_table(tmp_path / "t.parquet")
        return Outcome(report, stored, seen[-1] is not None)

    return reads


def lines_of_many_kinds() -> Lines:
    """Return names and rows: an id, whole and other numbers, classes, moments."""
    random = np.random.default_rng(0)
    count = random.integers(0, 900, ROWS)
    load = random.normal(size=ROWS).round(3)
    site = random.choice(["North", "süd", "n.n", '"a, ""b"""'], ROWS)
    flag = random.choice(["Yes", "no", ""], ROWS)
    days = np.datetime64("2024-01-01") + np.arange(ROWS)
    rows = [
        [str(n), str(count[n]), str(load[n]), site[n], flag[n], str(days[n])]
        for n in range(ROWS)
    ]
    return [["row id", "count", "load", "site", "open", "when"], *rows]


def same(one: Outcome, other: Outcome) -> bool:
    """Return whether two ways of reading gave the same report and the same cells."""
    assert one.stored.to_pydict() == other.stored.to_pydict()
    return one.report == other.report


def test_one_pass_gives_what_the_long_way_gives(
    read: Callable[[Lines, tuple[str, ...], int], Outcome],
) -> None:
    lines = lines_of_many_kinds()
    straightly, slowly = read(lines, (), 0), read(lines, (), 10**9)
    assert straightly.at_once
    assert not slowly.at_once
    assert same(straightly, slowly)
    assert straightly.stored.column("count").type == pa.int64()
    assert straightly.stored.column("row id")[7].as_py() == "7"


def test_missing_markers_are_counted_in_one_pass_too(
    read: Callable[[Lines, tuple[str, ...], int], Outcome],
) -> None:
    lines = lines_of_many_kinds()
    for row in range(5, ROWS, 7):
        lines[row][2], lines[row][3], lines[row + 1][1] = "NA", "n/a", "-9"
    straightly, slowly = read(lines, ("-9",), 0), read(lines, ("-9",), 10**9)
    assert straightly.at_once
    assert same(straightly, slowly)
    assert straightly.stored.column("count").null_count >= len(range(5, ROWS, 7))


@pytest.mark.parametrize(
    ("column", "cell"),
    [(1, "2.5"), (2, "high"), (2, "inf"), (5, "soon"), (3, "yes"), (0, "17")],
    ids=["decimals", "a word", "endless", "no day", "a new class", "an id twice"],
)
def test_a_cell_that_no_sample_shows_changes_nothing(
    read: Callable[[Lines, tuple[str, ...], int], Outcome],
    monkeypatch: pytest.MonkeyPatch,
    column: int,
    cell: str,
) -> None:
    lines = lines_of_many_kinds()
    lines[ROWS - 3][column] = cell
    monkeypatch.setattr(straight, "SAMPLED_ROWS", 500)
    monkeypatch.setattr(straight, "_PLACES", 5)
    assert same(read(lines, (), 0), read(lines, (), 10**9))


def test_a_slip_among_thousands_of_numbers_costs_no_second_way(
    read: Callable[[Lines, tuple[str, ...], int], Outcome],
) -> None:
    lines = lines_of_many_kinds()
    lines[ROWS - 3][2] = "high"
    straightly, slowly = read(lines, (), 0), read(lines, (), 10**9)
    assert straightly.at_once
    assert same(straightly, slowly)
    assert f"'high' (line {ROWS - 2:,})" in straightly.report.warnings[0]


@pytest.mark.parametrize(
    "line",
    [["", "", "", "", "", ""], ["row id", "count", "load", "site", "open", "when"],
     ["3", "4"], [""]],
    ids=["no cell", "the names again", "a short line", "a blank line"],
)  # fmt: skip
def test_a_line_that_is_no_row_sends_a_file_the_long_way(
    read: Callable[[Lines, tuple[str, ...], int], Outcome], line: list[str]
) -> None:
    lines = lines_of_many_kinds()
    lines.insert(ROWS - 3, line)
    found = read(lines, (), 0)
    assert not found.at_once
    assert found.report.rows == ROWS
    assert [left.line for left in found.report.left_out] == [ROWS - 2]


def test_different_values_are_estimated_where_they_are_very_many(
    read: Callable[[Lines, tuple[str, ...], int], Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = lines_of_many_kinds()
    exact = read(lines, (), 0).report
    monkeypatch.setattr(measures, "_MOST_COUNTED", 0)
    monkeypatch.setattr(one_pass, "_BATCH", 2048)
    for module in (census, measures):
        monkeypatch.setattr(module, "FEW_VALUES", 300)
        monkeypatch.setattr(module, "SHARE", 8)
    estimated = read(lines, (), 0).report
    for column, other in zip(exact.columns, estimated.columns, strict=True):
        assert other.kind == column.kind
        assert other.distinct == pytest.approx(column.distinct, rel=0.25)
    distinct = {column.name: column.distinct for column in estimated.columns}
    assert (distinct["site"], distinct["row id"]) == (4, ROWS)
