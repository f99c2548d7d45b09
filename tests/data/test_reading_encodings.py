"""Encodings, line ends and letters that are no part of a text."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from mtcore.errors import ReadingError
from mtcore.spec import Reading
from tests.data.reading import read_content

WESTERN = "name,größe\nMüller,1\nCafé au lait,2\nSeñor Ångström,3\n"
GREEK = (
    "\u03cc\u03bd\u03bf\u03bc\u03b1,\u03b1\u03c1\u03b9\u03b8\u03bc\u03cc\u03c2\n"
    "\u039d\u03b9\u03ba\u03bf\u03bb\u03b1\u0390\u03b4\u03b7\u03c2,39\n"
    "\u0391\u03bb\u03ad\u03be\u03b1\u03bd\u03b4\u03c1\u03bf\u03c2,23\n"
    "\u039c\u03cd\u03c1\u03c9\u03bd,36\n"
    "\u0395\u03cd\u03c3\u03c4\u03bf\u03c1\u03b3\u03b9\u03bf\u03c2,28\n"
)

CYRILLIC = (
    "\u0438\u043c\u044f,\u0432\u043e\u0437\u0440\u0430\u0441\u0442\n"
    "\u0410\u043d\u043d\u0430 \u0418\u0432\u0430\u043d\u043e\u0432\u043d\u0430,30\n"
    "\u0411\u043e\u0440\u0438\u0441,25\n"
)


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("latin-1", "latin-1"),
    ],
)
def test_the_encoding_is_found(codec: str, name: str, tmp_path: Path) -> None:
    read = read_content(WESTERN.encode(codec), tmp_path)
    assert read.report.dialect.encoding == name
    assert read.columns["name"] == ["Müller", "Café au lait", "Señor Ångström"]
    assert read.names == ["name", "größe"]
    assert read.report.outcome == "import"


def test_typographic_marks_tell_windows_from_latin_1(tmp_path: Path) -> None:
    quoted = "\u201cquoted\u201d \u2013 it\u2019s 5 \u20ac"
    read = read_content(f"a,b\n{quoted},1\nMüller,2\n".encode("cp1252"), tmp_path)
    assert read.report.dialect.encoding == "cp1252"
    assert read.columns["a"][0] == quoted


@pytest.mark.parametrize(
    ("codec", "text", "name"),
    [
        ("iso8859_7", GREEK, "iso8859_7"),
        ("cp1251", CYRILLIC, "cp1251"),
        ("shift_jis", "名前,年齢\n田中太郎,25\n山田花子,31\n", "shift_jis"),
        ("gb18030", "姓名,年龄\n张三,25\n李四,30\n王小明,41\n", "gb18030"),
    ],
)
def test_other_scripts_are_guessed_and_asked_about(
    codec: str, text: str, name: str, tmp_path: Path
) -> None:
    read = read_content(text.encode(codec), tmp_path)
    assert read.report.dialect.encoding == name
    assert read.names == text.split("\n")[0].split(",")
    assert read.report.outcome == "import_with_choice"
    assert read.report.choices[0].about == "encoding"


def test_a_named_encoding_is_taken(tmp_path: Path) -> None:
    read = read_content(
        GREEK.encode("cp1253"), tmp_path, Reading(encoding="windows-1253")
    )
    assert read.report.dialect.encoding == "cp1253"
    assert read.report.choices == ()


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no encoding 'utf-9'"):
        read_content("a,b\n1,2\n", tmp_path, Reading(encoding="utf-9"))


def test_a_codec_that_is_no_encoding_of_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no encoding 'base64'"):
        read_content("a,b\n1,2\n", tmp_path, Reading(encoding="base64"))


def test_a_few_damaged_bytes_do_not_make_utf_8_something_else(tmp_path: Path) -> None:
    content = GREEK.encode() * 5 + b"x\xff,1\n"
    read = read_content(content, tmp_path)
    assert read.report.dialect.encoding == "utf-8"
    assert "1 characters are no utf-8" in read.report.warnings[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_kind_of_line_end_is_understood(end: str, tmp_path: Path) -> None:
    read = read_content(end.join(["a,b", "1,x", "2,y", ""]), tmp_path)
    assert read.columns == {"a": [1, 2], "b": ["x", "y"]}
    assert read.report.outcome == "import"


def test_a_line_end_cut_by_a_block_is_one_line_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtcore.data.reading.files.plaintext._BLOCK", 1)
    read = read_content("a,ö\r\n1,ü\r\n2,y\r\n", tmp_path)
    assert read.columns == {"a": [1, 2], "ö": ["ü", "y"]}


def test_nuls_are_dropped_and_said(tmp_path: Path) -> None:
    read = read_content(b"a|b|c\nval1|val\x002|3\nx|y|4\n", tmp_path)
    assert read.columns["b"] == ["val2", "y"]
    assert "the first on line 2" in read.report.warnings[0]


def test_a_final_control_z_is_no_row(tmp_path: Path) -> None:
    read = read_content(b"a,b\r\n1,2\r\n\x1a", tmp_path)
    assert read.report.rows == 1
    assert read.report.left_out == ()


def test_a_mark_of_byte_order_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    content = codecs.BOM_UTF8 + b"id,name\r\n1,Mark\r\n2,Anna\r\n"
    assert read_content(content, tmp_path).names == ["id", "name"]
