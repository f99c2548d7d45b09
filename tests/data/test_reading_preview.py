"""The beginning of a file, read in another way before the file is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mtcore.data.reading.preview import can_be_previewed, preview_reading
from mtcore.spec import Reading
from tests.data.sheets import write_workbook

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


def test_a_workbook_shows_nothing_by_its_first_bytes(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "t.xlsx", {"A": [["x"], [1]]})
    assert not can_be_previewed(path)
