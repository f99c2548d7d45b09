"""The beginning of a file, read in another way before the file is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mtcore.data.reading.preview import can_be_previewed, preview_reading
from mtcore.errors import ReadingError
from mtcore.spec import Reading
from tests.data.sheets import write_workbook
from tests.data.zips import write_zip

ROWS = 40_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_the_first_lines_of_a_large_file_are_read_whole(
    encoding: str, tmp_path: Path
) -> None:
    text = "ä;b\n" + "".join(f"{row};x{row}\n" for row in range(ROWS))
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    found = preview_reading(path, Reading(delimiter=";"), (), "t.csv")
    assert not found.whole
    assert list(found.rows.columns) == ["ä", "b"]
    assert found.rows["b"].tolist() == [f"x{row}" for row in range(100)]
    assert 100 < found.report.rows < ROWS
    assert found.report.left_out == ()
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    again = preview_reading(packed, Reading(delimiter=";"), (), "t.csv.gz")
    assert again.report == found.report


def test_a_small_file_is_read_to_its_end_and_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("1,5;-9\n2,5;3\n4,5;8")
    asked = Reading(delimiter=";", decimal=",", header_line=0)
    found = preview_reading(path, asked, ("-9",), "t.csv")
    assert found.whole
    assert found.rows["column_1"].tolist() == [1.5, 2.5, 4.5]
    assert found.report.columns[1].missing == 1


def test_the_sheet_of_a_workbook_is_previewed_as_asked(tmp_path: Path) -> None:
    cells = {"A": [["x"], [1]], "B": [["y", "z"], [2.5, "a, b"], [-9, "c"]]}
    path = write_workbook(tmp_path / "t.xlsx", cells)
    assert can_be_previewed(path)
    first = preview_reading(path, Reading(), (), "t.xlsx")
    assert (list(first.rows.columns), first.whole) == (["x"], True)
    other = preview_reading(path, Reading(sheet="B"), ("-9",), "t.xlsx")
    assert other.rows["z"].tolist() == ["a, b", "c"]
    assert other.report.columns[0].missing == 1
    headless = preview_reading(path, Reading(sheet="B", header_line=0), (), "t.xlsx")
    assert headless.report.rows == 3
    with pytest.raises(ReadingError, match=r"Sheet 'C' .*'A', 'B'"):
        preview_reading(path, Reading(sheet="C"), (), "t.xlsx")


def test_the_tables_of_an_archive_are_previewed_without_unpacking_them(
    tmp_path: Path,
) -> None:
    long = "ä;b\n" + "".join(f"{row};x{row}\n" for row in range(ROWS))
    book = write_workbook(tmp_path / "t.xlsx", {"A": [["n"], [1]]})
    files = {"a/long.csv": long, "few.csv": "c,d\n1,2\n", "t.xlsx": book.read_bytes()}
    path = write_zip(tmp_path / "t.zip", files)
    assert can_be_previewed(path)
    largest = preview_reading(path, Reading(), (), "t.zip")
    assert not largest.whole
    assert list(largest.rows.columns) == ["ä", "b"]
    few = preview_reading(path, Reading(sheet="few.csv"), (), "t.zip")
    assert (list(few.rows.columns), few.whole) == (["c", "d"], True)
    sheet = preview_reading(path, Reading(sheet="t.xlsx"), (), "t.zip")
    assert sheet.rows["n"].tolist() == [1]


def test_what_can_only_be_read_whole_is_previewed_where_it_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_workbook(tmp_path / "t.xlsx", {"A": [["x"], [1]]})
    monkeypatch.setattr("mtcore.data.reading.preview._MOST_PACKED", 10)
    assert not can_be_previewed(path)
