"""Packed files and workbooks: read like the table inside, or refused in a sentence."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import pytest

from mtcore.errors import ReadingError
from mtcore.spec import Reading
from tests.data.reading import read_content, read_path
from tests.data.sheets import write_workbook
from tests.data.zips import write_zip

PLAIN = b"a;b\n1,5;x\n2,25;y\n4,0;x\n"
ROWS = [["city", "load", "open", "when"],
        ["Ulm", 1.5, True, datetime(2024, 1, 2, 3, 4, 5)],
        ["Bern", 2, False, datetime(2024, 2, 1)],
        ["Bonn", "#DIV/0!", True, None]]  # fmt: skip


def test_a_gzipped_table_is_read_like_the_table_inside(tmp_path: Path) -> None:
    packed = read_content(gzip.compress(PLAIN), tmp_path, name="t.csv.gz")
    plain = read_content(PLAIN, tmp_path)
    assert packed == plain
    assert packed.columns["a"] == [1.5, 2.25, 4.0]


@pytest.mark.parametrize("kept", [12, 30])
def test_a_gzip_archive_that_is_cut_off_is_refused(kept: int, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"t\.csv\.gz.* damaged or cut off"):
        read_content(gzip.compress(PLAIN)[:kept], tmp_path, name="t.csv.gz")


def test_a_gzip_bomb_is_refused_before_it_fills_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtcore.data.reading.files.archives.FREE_OF_RATIO", 1000)
    bomb = gzip.compress(b"a,b\n" + b"0,0\n" * 2_000_000)
    with pytest.raises(ReadingError, match="unpacks to more than it may"):
        read_content(bomb, tmp_path, name="bomb.csv.gz")


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="is a gzip archive"):
        read_content(gzip.compress(gzip.compress(PLAIN)), tmp_path, name="t.gz")


def test_the_one_table_of_a_zip_archive_is_read_like_any_file(tmp_path: Path) -> None:
    files = {"data/t.csv": PLAIN, "README.txt": "about", "__MACOSX/._t.csv": "x"}
    packed = read_path(write_zip(tmp_path / "t.zip", files), tmp_path)
    assert packed == read_content(PLAIN, tmp_path)


def test_the_largest_table_of_an_archive_is_taken_and_the_others_are_a_choice(
    tmp_path: Path,
) -> None:
    files = {"small.csv": b"a,b\n1,2\n", "large.csv": PLAIN}
    path = write_zip(tmp_path / "t.zip", files)
    found = read_path(path, tmp_path)
    assert found.columns["b"] == ["x", "y", "x"]
    [choice] = found.report.choices
    assert (choice.taken, choice.others) == ("large.csv", ("small.csv",))
    told = read_path(path, tmp_path, Reading(sheet="small.csv"))
    assert told.columns == {"a": [1], "b": [2]}
    with pytest.raises(ReadingError, match=r"no table 'x\.csv'.*'large\.csv'"):
        read_path(path, tmp_path, Reading(sheet="x.csv"))


def test_a_workbook_in_an_archive_is_read_by_its_sheet(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "b.xlsx", {"A": ROWS, "B": [["x", "y"], [1, 2]]})
    path = write_zip(tmp_path / "t.zip", {"b.xlsx": book.read_bytes()})
    assert read_path(path, tmp_path, Reading(sheet="B")).columns == {"x": [1], "y": [2]}


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"../t.csv": PLAIN}, "would be written outside"),
        ({"photo.jpg": b"x"}, "holds no table"),
        ({"t.csv": b"a,b\n" + b"0,0\n" * 300_000}, "more than it may"),
        ({"word/document.xml": b"x", "[Content_Types].xml": b""}, "Office document"),
    ],
    ids=["path out", "no table", "bomb", "document"],
)
def test_archives_without_a_harmless_table_are_refused(
    files: dict[str, bytes],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mtcore.data.reading.files.archives.FREE_OF_RATIO", 1000)
    path = write_zip(tmp_path / "t.zip", files)
    with pytest.raises(ReadingError, match=sentence):
        read_path(path, tmp_path)


def test_a_sheet_gives_numbers_moments_truths_and_texts(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "t.xlsx", {"Data": ROWS})
    read = read_path(path, tmp_path)
    assert read.columns["load"] == [1.5, 2.0, None]
    assert read.columns["city"] == ["Ulm", "Bern", "Bonn"]
    assert read.columns["when"][:2] == [row[3] for row in ROWS[1:3]]
    assert read.kinds["open"] == "boolean"
    assert read.report.outcome == "import"
    assert read.report.dialect.sheet == "Data"
    assert read.report.dialect.header_line == 1


def test_lines_of_a_sheet_are_its_rows(tmp_path: Path) -> None:
    rows = [["Loads of 2024"], [], ["a", "b"], [1, "two\nlines"], [], [2, "y"]]
    path = write_workbook(tmp_path / "t.xlsx", {"Data": rows})
    read = read_path(path, tmp_path)
    assert read.report.dialect.header_line == 3
    assert list(read.left_out) == [1, 5]
    assert read.columns["b"] == ["two lines", "y"]


def test_the_first_sheet_with_cells_is_taken_and_the_others_are_a_choice(
    tmp_path: Path,
) -> None:
    other = [["x", "y"], [1, 2], [3, 4]]
    sheets = {"Cover": [], "Loads": ROWS, "Other": other, "Notes": []}
    path = write_workbook(tmp_path / "t.xlsx", sheets)
    found = read_path(path, tmp_path)
    assert found.report.outcome == "import_with_choice"
    [choice] = found.report.choices
    assert (choice.about, choice.taken, choice.others) == ("sheet", "Loads", ("Other",))
    told = read_path(path, tmp_path, Reading(sheet="Other"))
    assert told.columns == {"x": [1, 3], "y": [2, 4]}
    assert told.report.outcome == "import"
    assert told.report.sheets == ("Loads", "Other")


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(
    tmp_path: Path,
) -> None:
    path = write_workbook(tmp_path / "t.xlsx", {"Loads": ROWS, "Empty": []})
    with pytest.raises(ReadingError, match=r"'Lods' .* is not there.*'Loads'"):
        read_path(path, tmp_path, Reading(sheet="Lods"))
    with pytest.raises(ReadingError, match=r"'Empty' .* is empty.*'Loads'"):
        read_path(path, tmp_path, Reading(sheet="Empty"))
    with pytest.raises(ReadingError, match="has no sheet 'Loads'"):
        read_content(PLAIN, tmp_path, Reading(sheet="Loads"))


def test_a_cell_far_from_all_others_takes_no_memory(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = write_workbook(tmp_path / "t.xlsx", {"Data": ROWS}, extra=far)
    with pytest.raises(ReadingError, match="1,048,576 rows and 16,384 columns"):
        read_path(path, tmp_path)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "t.xlsx", {"Data": ROWS})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadingError, match=r"'t\.xlsx' is a damaged archive"):
        read_path(path, tmp_path)
