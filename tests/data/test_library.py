"""The library: one data set for the same bytes read in the same way."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.data.library.library import Library
from mtcore.errors import ColumnError
from mtcore.home import Home
from mtcore.spec import Reading
from tests.data.sheets import write_workbook


def test_the_same_bytes_twice_are_one_data_set(home: Home, tmp_path: Path) -> None:
    library = Library(home)
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    for path in (first, second):
        path.write_text("a,b\n1,2\n3,4\n")
    assert library.add(first).id == library.add(second).id
    second.write_text("a,b\n1,2\n3,5\n")
    assert library.add(first).id != library.add(second).id


def test_another_header_makes_another_table_of_the_bytes_that_are_kept(
    home: Home, tmp_path: Path
) -> None:
    library = Library(home)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    found = library.add(path)
    path.unlink()
    again = library.add(found.original, Reading(header_line=0), name=found.name)
    assert (found.rows, again.rows) == (2, 3)
    assert again.original.read_text() == "a,b\n1,2\n3,4\n"
    assert again.original.samefile(found.original)
    library.delete(found.id)
    library.purge_deleted()
    assert library.get(again.id).original.exists()


def test_each_sheet_of_a_workbook_is_a_data_set(home: Home, tmp_path: Path) -> None:
    sheets = {"A": [["x", "y"], [1, 2]], "B": [["u", "v"], [3, 4], [5, 6]]}
    path = write_workbook(tmp_path / "t.xlsx", sheets)
    library = Library(home)
    found = library.add(path)
    other = library.add(found.original, Reading(sheet="B"), name=found.name)
    assert found.profile.kinds().keys() == {"x", "y"}
    assert other.profile.kinds().keys() == {"u", "v"}


def test_a_kind_that_a_person_corrects_stays_corrected(
    home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("grade,y\n" + "".join(f"{n % 4},{n}\n" for n in range(40)))
    library = Library(home)
    dataset = library.add(path)
    library.retype(dataset.id, "grade", "category")
    again = library.add(path)
    assert again.id == dataset.id
    assert again.profile.kinds() == {"grade": "category", "y": "number"}
    assert again.report.columns[0].kind == "category"
    with pytest.raises(ColumnError, match="no column 'none'"):
        library.retype(dataset.id, "none", "id")
