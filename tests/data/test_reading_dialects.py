"""Delimiters, quotes, headers and what stands around a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.errors import ReadingError
from mtcore.spec import Reading
from tests.data.reading import read_content


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "~", "^"])
def test_the_delimiter_is_found(delimiter: str, tmp_path: Path) -> None:
    lines = [["name", "size", "note"], ["a", "1", "x y"], ["b", "2", "z"]]
    read = read_content("\n".join(map(delimiter.join, lines)), tmp_path)
    assert read.report.dialect.delimiter == delimiter
    assert read.columns == {"name": ["a", "b"], "size": [1, 2], "note": ["x y", "z"]}
    assert read.report.outcome == "import"


def test_a_decimal_comma_does_not_pass_for_a_delimiter(tmp_path: Path) -> None:
    read = read_content("a;b\n1,5;2,25\n3,5;4,75\n", tmp_path)
    assert read.report.dialect.delimiter == ";"
    assert read.report.dialect.decimal == ","
    assert read.columns == {"a": [1.5, 3.5], "b": [2.25, 4.75]}


def test_runs_of_blanks_between_numbers_are_one_delimiter(tmp_path: Path) -> None:
    read = read_content("  0.5   18.0  1\n  0.25   7.0  2\n 1.0    9.5  3\n", tmp_path)
    assert read.report.dialect.delimiter == " "
    assert read.columns["column_1"] == [0.5, 0.25, 1.0]
    assert read.columns["column_3"] == [1, 2, 3]


def test_commas_of_prose_are_no_delimiters(tmp_path: Path) -> None:
    read = read_content("text\nwell, yes\nno\nperhaps, later\n", tmp_path)
    assert read.columns == {"text": ["well, yes", "no", "perhaps, later"]}
    assert "one column only" in read.report.warnings[0]


def test_a_sep_line_names_the_delimiter(tmp_path: Path) -> None:
    read = read_content("sep=|\na|b\n1,5|2,5\n", tmp_path)
    assert read.report.dialect.delimiter == "|"
    assert read.report.dialect.header_line == 2


def test_delimiters_quotes_and_line_ends_inside_quotes_stay(tmp_path: Path) -> None:
    read = read_content('a,b\n1,"x, ""y""\nz"\n2,w\n', tmp_path)
    assert read.columns["b"] == ['x, "y"\nz', "w"]
    assert read.report.rows == 2


def test_a_backslash_before_a_quote_keeps_it(tmp_path: Path) -> None:
    read = read_content('a,b\n"x\\"y, z",1\n"w",2\n', tmp_path)
    assert read.columns["a"] == ['x"y, z', "w"]


def test_single_quotes_around_cells_are_taken_and_said(tmp_path: Path) -> None:
    read = read_content("a,b\n'1','x, y'\n'2','z'\n", tmp_path)
    assert read.columns == {"a": [1, 2], "b": ["x, y", "z"]}
    assert read.report.outcome == "import_with_choice"
    assert read.report.choices[0].about == "the single quotes"


def test_apostrophes_are_no_quotes(tmp_path: Path) -> None:
    read = read_content("n,v\nO'Brien,1\n'tis,2\nD'Arcy,3\n", tmp_path)
    assert read.columns["n"] == ["O'Brien", "'tis", "D'Arcy"]


def test_a_stray_quote_inside_a_cell_is_text(tmp_path: Path) -> None:
    read = read_content('size,v\n5" pipe,1\n6" pipe,2\n7",3\n', tmp_path)
    assert read.columns["size"] == ['5" pipe', '6" pipe', '7"']


def test_numbers_in_the_first_line_mean_that_there_is_no_header(tmp_path: Path) -> None:
    read = read_content("39,State,0\n50,Self,13\n38,Private,0\n", tmp_path)
    assert read.report.dialect.header_line is None
    assert read.names == ["column_1", "column_2", "column_3"]
    assert read.report.rows == 3


def test_years_over_numbers_are_names(tmp_path: Path) -> None:
    read = read_content("country,2019,2020,2021\nA,5,6,7\nB,8,9,10\n", tmp_path)
    assert read.names == ["country", "2019", "2020", "2021"]


def test_names_of_text_over_text_are_names(tmp_path: Path) -> None:
    read = read_content("name,city\nAnna,Rome\nBob,Oslo\n", tmp_path)
    assert read.names == ["name", "city"]


def test_text_and_comments_before_the_table_are_left_out_and_said(
    tmp_path: Path,
) -> None:
    content = "# made by hand\nResults of May\n\na;b\n# off\n1;3\n6;7\n"
    read = read_content(content, tmp_path)
    assert read.names == ["a", "b"]
    assert read.report.dialect.header_line == 4
    assert read.left_out == {
        1: "a comment",
        2: "text before the table",
        5: "a comment",
    }
    assert read.report.outcome == "import_with_warning"


def test_a_title_padded_with_delimiters_is_no_header(tmp_path: Path) -> None:
    read = read_content("Report,,\n,,\nname,x,y\na,1,2\nb,3,4\n", tmp_path)
    assert read.names == ["name", "x", "y"]
    assert read.left_out == {1: "text before the table"}


def test_units_under_the_names_are_left_out(tmp_path: Path) -> None:
    content = "time,temp,humidity\ns,degC,%\n0,21.5,40\n1,21.6,41\n2,21.4,43\n"
    read = read_content(content, tmp_path)
    assert read.columns["temp"] == [21.5, 21.6, 21.4]
    assert list(read.left_out) == [2]


def test_lines_of_types_and_roles_are_left_out(tmp_path: Path) -> None:
    content = "age\tsex\tbp\nc\td\tc\n\t\tclass\n63\tm\t145\n67\tf\t160\n37\tm\t130\n"
    read = read_content(content, tmp_path)
    assert read.columns["age"] == [63, 67, 37]
    assert list(read.left_out) == [2, 3]


def test_a_header_that_is_commented_out_gives_the_names(tmp_path: Path) -> None:
    read = read_content("# x,y,z\n1,2,3\n4,5,6\n", tmp_path)
    assert read.names == ["x", "y", "z"]


def test_names_moved_by_row_numbers_are_set_right(tmp_path: Path) -> None:
    read = read_content('"x","y"\n"1",2,30\n"2",4,60\n"3",6,90\n', tmp_path)
    assert read.columns["x"] == [2, 4, 6]
    assert read.kinds["column_1"] == "id"


def test_double_and_missing_names_become_unique_and_are_said(tmp_path: Path) -> None:
    read = read_content("a,a,,b\n1,2,3,4\n5,6,7,8\n", tmp_path)
    assert read.names == ["a", "a_2", "column_3", "b"]
    assert len(read.report.warnings) == 2


def test_names_that_differ_in_capitals_stay_as_they_are(tmp_path: Path) -> None:
    read = read_content("T,t,c1,c0,r\n1,2,x,y,z\n3,4,u,v,w\n", tmp_path)
    assert read.columns == {
        "T": [1, 3],
        "t": [2, 4],
        "c1": ["x", "u"],
        "c0": ["y", "v"],
        "r": ["z", "w"],
    }


def test_names_over_several_lines_are_put_on_one(tmp_path: Path) -> None:
    read = read_content('"Income\n2018*",b\xa0\n1,2\n3,4\n', tmp_path)
    assert read.names == ["Income 2018*", "b"]
    assert "several lines" in read.report.warnings[0]


def test_hostile_names_are_kept_as_text(tmp_path: Path) -> None:
    names = ["a/b", 'y "1"', "a,b", "<b>x</b>", "../x", "x'; DROP TABLE y", "😀", "a.b"]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    rows = "\n".join(",".join(str(row + place) for place in range(8)) for row in (1, 5))
    assert read_content(f"{header}\n{rows}\n", tmp_path).names == names


def test_columns_without_name_and_value_are_dropped_and_said(tmp_path: Path) -> None:
    read = read_content("a;b;;\n1;2;;\n3;4;;\n", tmp_path)
    assert read.names == ["a", "b"]
    assert read.report.warnings == (
        "2 columns without a name and without a value were left out: 3, 4.",
    )


def test_a_named_empty_column_is_kept(tmp_path: Path) -> None:
    read = read_content("a,b,c,d\n1,,2,3\n3,,4,5\n", tmp_path)
    assert read.kinds["b"] == "constant"
    assert read.summary("b").missing == 2


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (Reading(header_line=2), ["1", "2"]),
        (Reading(header_line=0), ["column_1", "column_2"]),
        (Reading(header_line=1), ["a", "b"]),
    ],
)
def test_a_named_header_line_is_taken(
    options: Reading, names: list[str], tmp_path: Path
) -> None:
    assert read_content("a,b\n1,2\n3,4\n", tmp_path, options).names == names


def test_a_header_line_beyond_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="Line 9 holds no column names"):
        read_content("a,b\n1,2\n", tmp_path, Reading(header_line=9))


def test_a_named_delimiter_and_decimal_mark_are_taken(tmp_path: Path) -> None:
    options = Reading(delimiter=";", decimal=".")
    read = read_content("a;b\n1,234;5\n2,345;6\n", tmp_path, options)
    assert read.columns["a"] == [1234, 2345]


def test_thousands_of_columns_are_read(tmp_path: Path) -> None:
    names = [f"x{index}" for index in range(1500)]
    rows = [",".join(str(row * index) for index in range(1500)) for row in range(4)]
    read = read_content("\n".join([",".join(names), *rows]), tmp_path)
    assert read.names == names
    assert read.columns["x1499"] == [0, 1499, 2998, 4497]
