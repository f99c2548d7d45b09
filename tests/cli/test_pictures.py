"""An archive of a table and pictures from `inspect` to `predict`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtcore.home import Home
from mtcore.runs.tasks.held import library_at, store_at
from mtcore.runs.tasks.takeaways.checking import told_files
from tests.cli.commands import Ended, run_here
from tests.conftest import furnish
from tests.data.picture_files import BLUE, RED, plain
from tests.data.zips import write_zip

pytestmark = [
    pytest.mark.engine,
    # What MLflow and Keras ask of their own libraries.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
]

ROWS = 80
QUICK = ("--set", "training.epochs=6", "--set", "training.learning_rate=0.01")


def files(rows: int = ROWS) -> dict[str, bytes | str]:
    """Return a table and pictures: red ones are warm, and one is not there."""
    colours = [RED if row % 2 else BLUE for row in range(rows)]
    lines = [
        f"pictures/{row}.png,{'yes' if colour == RED else 'no'}"
        for row, colour in enumerate(colours)
    ]
    found: dict[str, bytes | str] = {
        f"pictures/{row}.png": plain(colour, 16) for row, colour in enumerate(colours)
    }
    del found["pictures/7.png"]
    return {"table.csv": "\n".join(["picture,warm", *lines]) + "\n", **found}


@pytest.fixture(scope="module")
def place(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder with an archive and a home that commands find."""
    folder = tmp_path_factory.mktemp("place")
    furnish(Home(folder / "home"), empty_database)
    write_zip(folder / "pets.zip", files())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRANCHBOARD_HOME", str(folder / "home"))
        yield folder


@pytest.fixture(scope="module")
def trained(place: Path) -> Ended:
    experiment = place / "e.yaml"
    data = place / "pets.zip"
    made = run_here("suggest", data, "--predict", "warm", "--out", experiment)
    assert made.code == 0, made.errors
    return run_here("train", experiment, "--data", data, "--json", *QUICK)


def test_inspect_tells_how_many_pictures_can_be_seen(place: Path) -> None:
    found = run_here("inspect", place / "pets.zip", "--json").object
    picture, warm = found["columns"]
    assert picture["kind"] == "image"
    assert picture["pictures"]["seen"] == ROWS - 1
    assert picture["pictures"]["missing"] == 1
    assert picture["pictures"]["unseen"][0]["name"] == "pictures/7.png"
    assert "pictures" not in warm
    assert "1 are not there" in found["warnings"][0]


def test_an_archive_trains_evaluates_and_predicts(place: Path, trained: Ended) -> None:
    assert (trained.code, trained.errors) == (0, "")
    assert trained.object["heads"]["warm"]["test"]["accuracy"] == 1.0
    run = trained.object["run"]
    judged = run_here("evaluate", run, "--data", place / "pets.zip", "--json")
    assert judged.object["heads"]["warm"]["metrics"]["accuracy"] > 0.95
    out = place / "out.csv"
    ended = run_here("predict", run, "--data", place / "pets.zip", "--out", out)
    assert (ended.code, ended.errors) == (0, "")
    with out.open(newline="") as file:
        answers = [row["warm"] for row in csv.DictReader(file)]
    assert len(answers) == ROWS
    wrong = [k for k, answer in enumerate(answers) if answer != ("no", "yes")[k % 2]]
    assert set(wrong) <= {7}


def test_a_script_says_how_it_is_told_where_pictures_lie(
    place: Path, trained: Ended
) -> None:
    run_id = trained.object["run"]
    ended = run_here("export", run_id, "--to", "python", "--out", place / "script.py")
    assert ended.code == 0, ended.errors
    assert "python script.py DATA --pictures PLACE" in ended.output + ended.errors
    home = str(place / "home")
    run = store_at(home, None).get(run_id)
    dataset = library_at(home).get(run.dataset_id)
    original = dataset.original
    assert told_files(run, dataset) == [original, "--pictures", original]


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
def test_a_table_finds_the_pictures_beside_it(
    trained: Ended, packed: bool, tmp_path: Path
) -> None:
    content = files(12)
    table = content.pop("table.csv")
    (tmp_path / "table.csv").write_text(str(table))
    if packed:
        write_zip(tmp_path / "beside.zip", content)
    else:
        (tmp_path / "pictures").mkdir()
        for name, picture in content.items():
            assert isinstance(picture, bytes)
            (tmp_path / name).write_bytes(picture)
    run = trained.object["run"]
    judged = run_here("evaluate", run, "--data", tmp_path / "table.csv", "--json")
    assert judged.code == 0, judged.errors
    assert judged.object["heads"]["warm"]["metrics"]["accuracy"] >= 11 / 12
    named = run_here("inspect", tmp_path, "--json")
    assert named.object["columns"][0]["pictures"]["seen"] == 11


def test_pictures_that_are_named_and_not_there_are_refused(place: Path) -> None:
    ended = run_here("inspect", place / "pets.zip", "--pictures", place / "none")
    assert ended.code == 2
    assert "There is no folder or archive" in ended.sentence


def test_a_folder_of_two_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    ended = run_here("inspect", tmp_path)
    assert ended.code == 2
    assert "must hold one table, but holds 'a.csv', 'b.csv'" in ended.sentence
