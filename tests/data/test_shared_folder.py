"""Files on the server: those in the operator's folder, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.data.library.shared_folder import SharedFolder, find_shared_folder
from mtcore.errors import InputError, MissingError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with two tables, a link out of it, a link inside, and other files."""
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    folder = tmp_path / "data"
    (folder / "more").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("a.csv", "more/b.TSV", ".hidden/c.csv", "notes.md", ".d.csv"):
        (folder / name).write_text("a,b\n1,2\n")
    (folder / "out.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "up").symlink_to(tmp_path)
    (folder / "in.csv").symlink_to(folder / "a.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    return folder


def test_tables_are_listed_and_links_out_of_the_folder_are_not(root: Path) -> None:
    listed = SharedFolder(root).list()
    assert [file.name for file in listed] == ["a.csv", "in.csv", "more/b.TSV"]
    assert listed[0].bytes == 8


@pytest.mark.parametrize(
    "name",
    ["../secret.csv", "out.csv", "up/secret.csv", ".d.csv", ".hidden/c.csv",
     "more/../../secret.csv", "notes.md", "more", "loop.csv", "a\0.csv"],
)  # fmt: skip
def test_nothing_outside_the_list_can_be_opened(name: str, root: Path) -> None:
    with pytest.raises(MissingError, match="among those on the server"):
        SharedFolder(root).path_of(name)
    absolute = str(root.parent / "secret.csv")
    with pytest.raises(MissingError, match="among those on the server"):
        SharedFolder(root).path_of(absolute)


def test_a_file_of_the_list_is_where_it_really_lies(root: Path) -> None:
    assert SharedFolder(root).path_of("in.csv") == root.resolve() / "a.csv"


def test_no_folder_is_allowed_unless_the_operator_names_one(root: Path) -> None:
    assert find_shared_folder({}) is None
    assert find_shared_folder({"BRANCHBOARD_DATA": str(root)}) is not None
    with pytest.raises(InputError, match="no folder"):
        find_shared_folder({"BRANCHBOARD_DATA": str(root / "gone")})
