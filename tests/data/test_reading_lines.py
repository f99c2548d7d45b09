"""Lines that give no row: each is named with its number and reason."""

from __future__ import annotations

from pathlib import Path

from tests.data.reading import read_content

ROWS = 6000


def _lines(rows: int = ROWS) -> list[str]:
    return ["a,b,c", *(f"{row},{row / 2},{'xyz'[row % 3]}" for row in range(rows))]


def test_rows_that_are_too_short_or_too_long_are_left_out_with_their_lines(
    tmp_path: Path,
) -> None:
    content = "# clean!\nid,x,name,n\n1,I,B,67\n2,3,F,n/a,why\n3,2,G,83\n4,,I,60\n5\n"
    read = read_content(content, tmp_path)
    assert read.left_out == {
        1: "a comment",
        4: "5 cells where the table has 4",
        7: "1 cell where the table has 4",
    }
    assert read.columns["n"] == [67, 83, 60]


def test_line_numbers_count_lines_inside_quotes(tmp_path: Path) -> None:
    lines = _lines()
    lines[10] = '9,1,"two\nlines"'
    lines[4000] = "only,two"
    read = read_content("\n".join(lines), tmp_path)
    assert list(read.left_out) == [4002]
    assert read.report.rows == ROWS - 1


def test_one_bad_line_of_thousands_does_not_change_the_others(tmp_path: Path) -> None:
    lines = _lines()
    lines[5500] = "1,2,3,4,5"
    read = read_content("\n".join(lines), tmp_path)
    assert read.left_out == {5501: "5 cells where the table has 3"}
    assert read.columns["a"] == [row for row in range(ROWS) if row != 5499]


def test_rows_without_a_value_are_left_out(tmp_path: Path) -> None:
    read = read_content("a;b\n1;2\n;\n3;4\n;\n;\n", tmp_path)
    reason = "no cell holds a value"
    assert read.left_out == {3: reason, 5: reason, 6: reason}
    assert read.report.outcome == "import_with_warning"


def test_blank_lines_inside_are_said_and_those_at_the_end_are_not(
    tmp_path: Path,
) -> None:
    read = read_content("a,b\n1,2\n\n3,4\n\n\n", tmp_path)
    assert read.left_out == {3: "a blank line"}


def test_names_that_are_repeated_among_rows_are_left_out(tmp_path: Path) -> None:
    lines = _lines()
    lines[3000] = "a,b,c"
    read = read_content("\n".join(lines), tmp_path)
    assert read.left_out == {3001: "the column names once more"}
    assert read.kinds["a"] == "number"


def test_a_quote_that_never_closes_swallows_no_lines(tmp_path: Path) -> None:
    read = read_content('a,b\n1,"x\n2,y\n3,z\n4,w\n', tmp_path)
    assert read.columns["b"] == ['"x', "y", "z", "w"]
    assert "never closed on line 2" in read.report.warnings[0]


def test_many_quotes_that_never_close_end_in_time(tmp_path: Path) -> None:
    lines = ["a,b", *(f'{row},"x{row}' for row in range(3000))]
    read = read_content("\n".join(lines), tmp_path)
    assert read.report.rows == 3000


def test_rows_that_often_end_early_are_filled_and_said(tmp_path: Path) -> None:
    rows = [
        f"{row},{row},{row}" if row % 3 == 0 else f"{row},{row}" for row in range(60)
    ]
    read = read_content("\n".join(["a,b,c", *rows]), tmp_path)
    assert read.report.rows == 60
    assert read.summary("c").missing == 40
    assert "40 rows have fewer than 3 cells" in read.report.warnings[0]


def test_rows_that_are_all_too_long_are_cut_and_said(tmp_path: Path) -> None:
    read = read_content("id,name,lat,lon\n1,name,0,0,value\n", tmp_path)
    assert read.names == ["id", "name", "lat", "lon"]
    assert read.report.rows == 1
    assert "such as 'value' on line 2" in read.report.warnings[0]


def test_cells_that_all_rows_have_beyond_the_names_are_kept(tmp_path: Path) -> None:
    read = read_content("a,b\n7,2,3\n4,5,6\n1,8,9\n", tmp_path)
    assert read.columns["column_3"] == [3, 6, 9]


def test_a_clean_file_leaves_nothing_out(tmp_path: Path) -> None:
    read = read_content("\n".join(_lines()), tmp_path)
    assert read.report.left_out == ()
    assert read.report.outcome == "import"
    assert read.columns["b"][:3] == [0.0, 0.5, 1.0]
