"""What may be unpacked of an archive, and how much."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from mtcore.data.reading.files import archives
from mtcore.data.reading.files.archives import copy_within, open_archive, tables_of
from mtcore.errors import ReadingError
from tests.data.zips import add_link, write_zip


def names_in(path: Path) -> list[str]:
    with open_archive(path, path.name) as archive:
        return [member.name for member in archive.members]


def test_an_archive_gives_its_files_and_not_what_systems_add(tmp_path: Path) -> None:
    path = write_zip(
        tmp_path / "a.zip",
        {"t.csv": "a\n1\n", "pics/": "", "pics/1.png": b"x", "__MACOSX/._t.csv": "",
         "pics/.DS_Store": "", "pics/Thumbs.db": ""},
    )  # fmt: skip
    assert names_in(path) == ["t.csv", "pics/1.png"]


@pytest.mark.parametrize(
    "name", ["../t.csv", "a/../../t.csv", "/etc/t.csv", "C:/t.csv", "..\\t.csv"]
)
def test_a_path_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = write_zip(tmp_path / "a.zip", {"fine.csv": "a\n1\n", name: "b\n2\n"})
    with pytest.raises(ReadingError, match="outside of it"):
        names_in(path)


def test_dots_inside_a_name_are_no_way_out(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"v1..2/t..csv": "a\n1\n"})
    assert names_in(path) == ["v1..2/t..csv"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"t.csv": "a\n1\n"})
    with pytest.raises(ReadingError, match=r"'pics/1\.png' is a link"):
        names_in(add_link(path, "pics/1.png", "/etc/passwd"))


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"t.csv": "a\n1\n"})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(content)
    with pytest.raises(ReadingError, match="locked with a password"):
        names_in(path)


def test_what_unpacks_to_too_much_is_refused_before_a_byte_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "bomb.zip", {"t.csv": b"0" * 1_000_000})
    assert names_in(path) == ["t.csv"]
    monkeypatch.setattr(archives, "FREE_OF_RATIO", 100_000)
    with pytest.raises(ReadingError, match="more than it may"):
        names_in(path)


def test_files_that_share_their_bytes_count_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "bomb.zip", {"t.csv": bytes(range(256)) * 40})
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end] * 50
    tail = bytearray(content[end:])
    struct.pack_into("<HHL", tail, 8, 50, 50, len(entry))
    path.write_bytes(content[:start] + entry + tail)
    monkeypatch.setattr(archives, "FREE_OF_RATIO", 100_000)
    monkeypatch.setattr(archives, "MOST_RATIO", 100)
    with pytest.raises(ReadingError, match="more than it may"):
        names_in(path)


def test_a_list_of_too_many_files_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "a.zip", {f"{place}.png": b"x" for place in range(9)})
    monkeypatch.setattr(archives, "MOST_MEMBERS", 8)
    with pytest.raises(ReadingError, match="more than 8 files"):
        names_in(path)
    monkeypatch.setattr(archives, "MOST_LISTED_BYTES", 100)
    with pytest.raises(ReadingError, match="looked through"):
        names_in(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"", b"no archive"])
def test_a_damaged_archive_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(ReadingError, match="damaged archive"):
        names_in(path)


def test_a_damaged_member_is_no_reason_to_refuse_the_others(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"1.png": b"first " * 9, "2.png": b"second"})
    content = path.read_bytes()
    place = content.index(b"1.png") + 7
    path.write_bytes(content[:place] + b"\xff\xff" + content[place + 2 :])
    with open_archive(path, "a.zip") as archive:
        first, second = archive.members
        assert archive.read(first, 1_000) is None
        assert archive.read(second, 1_000) == b"second"
        assert archive.read(second, 5) is None
        with pytest.raises(ReadingError, match="damaged"):
            archive.unpack(first, tmp_path / "out")


def test_the_one_table_is_found_among_pictures_and_a_note(tmp_path: Path) -> None:
    files = {"pics/1.png": b"x", "in/Data.CSV": "a\n1\n", "readme.txt": "words"}
    path = write_zip(tmp_path / "a.zip", files)
    with open_archive(path, "a.zip") as archive:
        [member] = tables_of(archive, "a.zip")
        assert member.name == "in/Data.CSV"
        archive.unpack(member, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a\n1\n"


def test_an_archive_without_a_table_is_refused(tmp_path: Path) -> None:
    nothing = write_zip(tmp_path / "n.zip", {"1.png": b"x"})
    with (
        open_archive(nothing, "n.zip") as archive,
        pytest.raises(ReadingError, match="holds no table"),
    ):
        tables_of(archive, "n.zip")


def test_copying_ends_where_a_stream_gives_more_than_it_may(tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert copy_within(io.BytesIO(b"12345"), target, 5, "f.gz") == 5
    with pytest.raises(ReadingError, match="unpacks to more"):
        copy_within(io.BytesIO(b"123456"), target, 5, "f.gz")
    assert target.stat().st_size <= 5


def test_a_member_larger_than_it_says_does_not_unpack(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"t.csv": b"0" * 50_000})
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 100)
    path.write_bytes(content)
    with zipfile.ZipFile(path) as file:
        assert file.infolist()[0].file_size == 100
    with open_archive(path, "a.zip") as archive, pytest.raises(ReadingError):
        archive.unpack(archive.members[0], tmp_path / "out")
