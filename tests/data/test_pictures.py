"""A table and its pictures: found by name, decoded once, told where they are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtcore.data.library.dataset import Dataset
from mtcore.data.library.library import Library
from mtcore.data.pictures.decoding import picture_text
from mtcore.data.pictures.sources import (
    FolderSource,
    Names,
    mark_of,
    open_source,
    pictures_beside,
)
from mtcore.data.suggestions.inputs import usable_input
from mtcore.data.suggestions.suggest import suggest_experiment
from mtcore.data.tables.stored import StoredTable
from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError, ReadingError
from mtcore.home import Home
from mtcore.spec import ImageInput
from tests.data.picture_files import BLUE, RED, plain, png_that_says
from tests.data.zips import add_link, write_zip

ROWS = (
    ("photos/a.png", "yes"),
    ("photos/b.png", "no"),
    ("photos/gone.png", "yes"),
    ("photos/broken.png", "no"),
    ("", "yes"),
    ("photos/a.png", "no"),
    ("photos/huge.png", "yes"),
)
TABLE = "photo,cat\n" + "".join(f"{name},{cat}\n" for name, cat in ROWS)
PICTURES = {
    "photos/a.png": plain(RED),
    "photos/b.png": plain(BLUE),
    "photos/broken.png": plain(RED)[:50],
    "photos/huge.png": png_that_says(30_000, 30_000),
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(Home(tmp_path / "home"))


@pytest.fixture
def zipped(tmp_path: Path, library: Library) -> Dataset:
    files = {"pets/table.csv": TABLE}
    files |= {f"pets/{name}": content for name, content in PICTURES.items()}  # type: ignore[misc]
    return library.add(write_zip(tmp_path / "pets.zip", files))


def test_an_archive_of_a_table_and_pictures_is_one_data_set(zipped: Dataset) -> None:
    table = Table.read(zipped.parquet)
    assert table.column_names == ("photo", "cat")
    pixels = table.pictures("photo", 16, 16)
    assert pixels.shape == (7, 16, 16, 3)
    assert (pixels[0] == RED).all()
    assert (pixels[1] == BLUE).all()
    assert np.array_equal(pixels[5], pixels[0])
    for row in (2, 3, 4, 6):
        assert not pixels[row].any()


def test_missing_and_broken_pictures_are_told_and_their_rows_kept(
    zipped: Dataset,
) -> None:
    report = zipped.report
    assert report.rows == 7
    assert report.outcome == "import_with_warning"
    [warning] = [w for w in report.warnings if "pictures" in w]
    assert "1 are not there and 2 cannot be read" in warning
    found = report.columns[0].pictures
    assert found is not None
    assert (found.seen, found.missing, found.broken) == (3, 1, 2)
    assert [(unseen.row, unseen.reason[:12]) for unseen in found.unseen] == [
        (2, "it is not th"),
        (3, "it is cut of"),
        (6, "it says that"),
    ]


def test_a_picture_column_is_an_input_of_the_pictures_size(zipped: Dataset) -> None:
    given = usable_input(zipped.profile.column("photo"))
    assert given == ImageInput(
        column="photo", encoder="small", size=(16, 16), augment=("shift",)
    )


def test_pictures_are_decoded_once_a_size(zipped: Dataset) -> None:
    table = Table.read(zipped.parquet)
    assert not (zipped.folder / "pixels-8x9.npy").exists()
    pixels = table.pictures("photo", 8, 9)
    assert (pixels[1] == BLUE).all()
    made = (zipped.folder / "pixels-8x9.npy").stat().st_mtime_ns
    again = Table.read(zipped.parquet).pictures("photo", 8, 9)
    assert np.array_equal(again, pixels)
    assert (zipped.folder / "pixels-8x9.npy").stat().st_mtime_ns == made


def test_pictures_go_with_their_rows(zipped: Dataset) -> None:
    whole = Table.read(zipped.parquet)
    expected = whole.pictures("photo", 16, 16)
    order = np.array([5, 1, 2])
    assert np.array_equal(whole.take(order).pictures("photo", 16, 16), expected[order])
    batches = [batch.pictures("photo", 16, 16) for batch in whole.batches(2)]
    assert np.array_equal(np.concatenate(batches), expected)
    stored = StoredTable(zipped.parquet)
    [batch] = stored.batches()
    assert np.array_equal(batch.pictures("photo", 16, 16), expected)
    joined = Table.joined([whole, whole.take(order)])
    assert np.array_equal(joined.pictures("photo", 16, 16)[7:], expected[order])


def test_a_cell_may_hold_a_picture_itself() -> None:
    pixels = np.full((5, 5, 3), 77, dtype=np.uint8)
    table = Table.from_records([{"photo": picture_text(pixels)}, {"photo": "x.png"}])
    found = table.pictures("photo", 4, 6)
    assert found.shape == (2, 4, 6, 3)
    assert (found[0] == 77).all()
    assert not found[1].any()


def test_a_table_beside_its_pictures_keeps_a_copy_of_them(
    tmp_path: Path, library: Library
) -> None:
    folder = tmp_path / "pets"
    (folder / "photos").mkdir(parents=True)
    (folder / "table.csv").write_text(TABLE)
    for name, content in PICTURES.items():
        (folder / name).write_bytes(content)
    assert pictures_beside(folder / "table.csv") == folder
    dataset = library.add(folder / "table.csv", pictures=folder)
    for name in PICTURES:
        (folder / name).unlink()
    pixels = Table.read(dataset.parquet).pictures("photo", 8, 8)
    assert (pixels[1] == BLUE).all()


def test_an_archive_of_pictures_beside_a_table_is_found(
    tmp_path: Path, library: Library
) -> None:
    (tmp_path / "table.csv").write_text(TABLE)
    write_zip(tmp_path / "a_note.zip", {"readme.txt": "words"})
    place = write_zip(tmp_path / "pictures.zip", PICTURES)
    assert pictures_beside(tmp_path / "table.csv") == place
    dataset = library.add(tmp_path / "table.csv", pictures=place)
    assert (Table.read(dataset.parquet).pictures("photo", 16, 16)[0] == RED).all()


def test_other_pictures_make_another_data_set(tmp_path: Path, library: Library) -> None:
    (tmp_path / "table.csv").write_text(TABLE)
    place = write_zip(tmp_path / "pictures.zip", PICTURES)
    first = library.add(tmp_path / "table.csv", pictures=place)
    assert library.add(tmp_path / "table.csv", pictures=place).id == first.id
    write_zip(place, {**PICTURES, "photos/a.png": plain(BLUE)})
    second = library.add(tmp_path / "table.csv", pictures=place)
    assert second.id != first.id
    assert (Table.read(second.parquet).pictures("photo", 16, 16)[0] == BLUE).all()


def test_names_without_pictures_are_told_and_are_no_input(
    tmp_path: Path, library: Library
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    dataset = library.add(path)
    assert any("none came with the table" in w for w in dataset.report.warnings)
    assert usable_input(dataset.profile.column("photo")) is None
    with pytest.raises(ColumnError, match="none came with the file"):
        suggest_experiment(dataset.profile, dataset.report, ["cat"], ["photo"])


def test_a_name_is_found_by_its_path_its_end_or_what_it_ends_in() -> None:
    names = Names(["pets/train/1.png", "pets/test/1.png", "pets/test/2.PNG", "3.png"])
    assert names.find("pets/train/1.png") == "pets/train/1.png"
    assert names.find("train/1.png") == "pets/train/1.png"
    assert names.find("./test\\2.png") == "pets/test/2.PNG"
    assert names.find("2.png") == "pets/test/2.PNG"
    assert names.find("C:\\photos\\3.png") == "3.png"
    assert names.find("1.png") is None
    assert names.find("other/2.png") is None


def test_a_picture_of_a_folder_never_leads_out_of_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(plain(RED))
    folder = tmp_path / "pets"
    folder.mkdir()
    (folder / "inside.png").write_bytes(plain(BLUE))
    (folder / "link.png").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    source = FolderSource(folder)
    assert source.names.find("inside.png") == "inside.png"
    assert source.names.find("link.png") is None
    assert source.names.find("../secret.png") is None
    assert source.names.find("loop/link.png") is None
    assert source.names.find(str(secret)) is None


def test_an_archive_with_a_link_or_a_way_out_is_refused(
    tmp_path: Path, library: Library
) -> None:
    path = write_zip(tmp_path / "pets.zip", {"t.csv": TABLE, **PICTURES})
    with pytest.raises(ReadingError, match="is a link"):
        library.add(add_link(path, "photos/c.png", "/etc/passwd"))
    path = write_zip(tmp_path / "out.zip", {"t.csv": TABLE, "../a.png": plain(RED)})
    with pytest.raises(ReadingError, match="outside of it"):
        library.add(path)
    assert library.list() == ()


def test_a_mark_changes_with_a_folders_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(plain(RED))
    before = mark_of(tmp_path)
    (tmp_path / "notes.txt").write_text("no picture")
    assert mark_of(tmp_path) == before
    (tmp_path / "b.png").write_bytes(plain(RED))
    assert mark_of(tmp_path) != before


def test_large_pictures_are_brought_down_in_their_shape(
    tmp_path: Path, library: Library
) -> None:
    import io

    file = io.BytesIO()
    Image.new("RGB", (400, 200), RED).save(file, "JPEG")
    rows = "".join(f"{k}.jpg,{k % 2}\n" for k in range(4))
    files: dict[str, bytes | str] = {f"{k}.jpg": file.getvalue() for k in range(4)}
    path = write_zip(tmp_path / "p.zip", {"t.csv": "photo,y\n" + rows, **files})
    found = library.add(path).report.columns[0].pictures
    assert found is not None
    assert found.size == (32, 64)
    with open_source(path) as source:
        assert source.names.find("3.jpg") == "3.jpg"
