"""Files that mean harm, or were harmed: refused or defused, each in one sentence."""

from __future__ import annotations

import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mtcore.errors import ReadingError
from tests.data.reading import read_content, read_path

XY = ["x", "y"]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + zlib.compress(b"rows" * 50)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "whole.parquet"
    table = pa.table({"a": list(range(5000)), "b": [f"text {n}" for n in range(5000)]})
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (PNG, "PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)), "JPEG picture"),
        (b"%PDF-1.7\n1 0 obj", "PDF document"),
        (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "web page"),
        (b'{"a": [1, 2], "b": [3, 4]}', "JSON"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 64, "a program"),
        (b"SQLite format 3\0" + b"\0" * 64, "SQLite"),
        (bytes(range(256)) * 20, "binary data"),
        (b"", "is empty"),
        (b"\n \n\t\n", "only blank lines"),
        (b"a,b,c\n", "column names and no rows"),
        (b"\0" * 4096, "data, not a table"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_by_what_it_is(
    content: bytes, what: str, tmp_path: Path
) -> None:
    with pytest.raises(ReadingError, match=what) as refused:
        read_content(content, tmp_path, name="table.csv")
    assert "'table.csv'" in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.999])
def test_a_parquet_file_that_is_cut_off_is_refused(
    kept: float, parquet: Path, tmp_path: Path
) -> None:
    content = parquet.read_bytes()
    with pytest.raises(ReadingError, match="end is missing"):
        read_content(content[: int(kept * len(content))], tmp_path, name="t.parquet")


def test_a_parquet_file_with_damaged_columns_is_refused(
    parquet: Path, tmp_path: Path
) -> None:
    content = bytearray(parquet.read_bytes())
    content[4:2000] = bytes(1996)
    with pytest.raises(ReadingError, match="damaged Parquet file"):
        read_content(bytes(content), tmp_path, name="t.parquet")


def test_formulas_and_markup_in_cells_are_texts_as_they_are(tmp_path: Path) -> None:
    cells = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "<script>x</script>", "![a](b)"]
    lines = ["note;y", *(f"{cell};{n}" for n, cell in enumerate(cells))]
    read = read_content("\n".join(lines) + "\n", tmp_path)
    assert read.columns["note"] == cells
    assert read.kinds["note"] == "category"


def test_a_header_of_hostile_names_gives_unique_plain_lines(tmp_path: Path) -> None:
    header = '"a\nb","a\nb","\u202egpj.exe","' + "n" * 5000 + '","",";DROP TABLE x"'
    read = read_content(f"{header}\n1,2,3,4,5,6\n7,8,9,1,2,3\n", tmp_path)
    assert read.names[:3] == ["a b", "a b_2", "gpj.exe"]
    assert max(map(len, read.names)) <= 200
    assert len(set(read.names)) == 6


def test_a_line_of_a_hundred_thousand_commas_is_one_line_left_out(
    tmp_path: Path,
) -> None:
    rows = "".join(f"{n},{n % 3}\n" for n in range(50))
    read = read_content(f"a,b\n{rows}{',' * 100_000}\n{rows}", tmp_path)
    assert read.report.rows == 100
    assert list(read.left_out) == [52]


def test_a_quote_that_opens_on_every_line_ends_in_time(tmp_path: Path) -> None:
    read = read_content("a,b\n" + '"x,1\n' * 3000, tmp_path)
    assert read.report.rows == 3000


def test_a_cell_of_megabytes_is_read_or_left_out_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    content = f'a,b\n1,x\n2,"{"y" * 3_000_000}"\n3,z\n'
    read = read_content(content, tmp_path)
    assert read.columns["a"] == [1, 2, 3]
    assert len(str(read.columns["b"][1])) == 3_000_000


def test_a_line_without_end_is_refused_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtcore.data.reading.files.plaintext.LONGEST_LINE", 1000)
    with pytest.raises(ReadingError, match=r"Line 1 is longer than 1,000 letters"):
        read_content("x" * 5000, tmp_path)
    # The quote keeps the fast way from it, which has a limit of its own.
    rows = f'a,b\n1,x\n2,"{"y" * 5000}\n3,"z\n'
    with pytest.raises(ReadingError, match=r"Line 3 is longer than 1,000 letters"):
        read_content(rows, tmp_path)


def test_a_file_that_is_gone_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="cannot be opened"):
        read_path(tmp_path / "gone.csv", tmp_path)
    with pytest.raises(ReadingError, match="cannot be opened"):
        read_path(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("sep=;\na;b\n1;2\n", {"a": [1], "b": [2]}),
        ("# made by x\n# on monday\na,b\n1,2\n3,4\n", {"a": [1, 3], "b": [2, 4]}),
        ("a,b,\n1,2,\n3,4,\n", {"a": [1, 3], "b": [2, 4]}),
        ("a\tb\n1,5\t2\n2,5\t3\n", {"a": [1.5, 2.5], "b": [2, 3]}),
        ("a;b\n1.234,5;x\n2.345.678,9;y\n", {"a": [1234.5, 2345678.9], "b": XY}),
        ('"a","b"\n"1","say ""hi"""\n"2","x"\n', {"a": [1, 2], "b": ['say "hi"', "x"]}),
        ("a,b\n1,\u00bd\n2,\U0001f600\n", {"a": [1, 2], "b": ["\u00bd", "\U0001f600"]}),
        ("a,b\n\uff11\uff12,x\n\uff13,y\n", {"a": [12, 3], "b": XY}),
        ("a,b\n1e3,x\n-2.5E-1,y\n", {"a": [1000.0, -0.25], "b": XY}),
        ("a,b\n0x1F,x\n0x2A,y\n", {"a": ["0x1F", "0x2A"], "b": XY}),
    ],
    ids=["sep line", "comments", "trailing commas", "tabs and decimal commas",
         "groups of points", "doubled quotes", "beyond latin", "wide digits",
         "exponents", "hexadecimal"],
)  # fmt: skip
def test_odd_files_are_read_as_people_meant_them(
    content: str, columns: dict[str, list[object]], tmp_path: Path
) -> None:
    assert read_content(content, tmp_path).columns == columns
