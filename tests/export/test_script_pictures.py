"""A script finds, reads and changes the pictures that a file names as the run did."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mtcore.data.library.dataset import Dataset
from mtcore.data.library.library import Library
from mtcore.data.pictures.decoding import picture_text
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.table import Table
from mtcore.engine.backend import tf
from mtcore.engine.layers.augmentation import augmented
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.training.trainer import Trained, train
from mtcore.export.models.saving import export_keras
from mtcore.export.script.script import keras_script
from mtcore.home import Home
from mtcore.spec import Experiment, apply_settings
from tests.data.picture_files import halves, plain, png_that_says, written
from tests.data.zips import write_zip
from tests.engine.photos import SIDES, pictures, seeing

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
]
ROWS = 60


def odd_pictures() -> dict[str, bytes]:
    """Return pictures of other modes and formats, and some that nobody can read."""
    turned = Image.Exif()
    turned[0x0112] = 6
    clear = halves().convert("RGBA")
    clear.putalpha(90)
    deep = Image.fromarray(np.arange(600, dtype=np.uint16).reshape(20, 30) * 90)
    return {
        "large.jpg": written(halves(90, 160), "JPEG", exif=turned),
        "clear.png": written(clear),
        "deep.png": written(deep),
        "few.gif": written(halves().convert("P"), "GIF"),
        "cut.png": written(halves())[:60],
        "empty.png": b"",
        "huge.png": png_that_says(30_000, 30_000),
    }


@dataclass(frozen=True, slots=True)
class Ran:
    """A run on pictures, and its script.

    Args:
        folder: Holds the table, the archive, the script and the run's weights.
        dataset: What the library made of the archive.
        table: Its rows.
        asked: What was trained.
        run: The outcome.
        script: What the script defines.
    """

    folder: Path
    dataset: Dataset
    table: Table
    asked: Experiment
    run: Trained
    script: dict[str, Any]

    def main(self, *told: object) -> dict[str, np.ndarray]:
        """Run the script here, and return what each head answered."""
        with pytest.MonkeyPatch.context() as patch:
            answers = self.folder / "answers.csv"
            command = ["script.py", *told, "--answers", answers]
            patch.setattr(sys, "argv", [str(part) for part in command])
            self.script["main"]()
        frame = pd.read_csv(answers)
        return {
            head.name: frame.filter(regex=f"^{head.name}: ").to_numpy()
            for head in self.asked.heads
        }

    def off_by(self, answers: dict[str, np.ndarray]) -> float:
        """Return how far answers are from the run's, in deviations of these."""
        ours = self.run.predict(self.table)
        return max(
            float((np.abs(answers[name] - said) / said.std(axis=0)).max())
            for name, said in ours.items()
        )


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("pictures")
    pixels, red, above = pictures(ROWS)
    files = {
        f"photos/{row}.png": written(Image.fromarray(picture))
        for row, picture in enumerate(pixels)
    }
    files |= {f"photos/{name}": content for name, content in odd_pictures().items()}
    cells = [f"photos/{row}.png" for row in range(ROWS)]
    cells[: len(odd_pictures())] = [f"photos/{name}" for name in odd_pictures()]
    cells[10:15] = ["12.PNG", ".\\photos\\13.png", "old/photos/14.png", "gone.png", ""]
    frame = pd.DataFrame({"photo": cells, "lens": np.arange(ROWS) % 7})
    frame["red"] = np.where(red, "yes", "no")
    frame["bright"] = np.where(above, "above", "below")
    frame.to_csv(folder / "table.csv", index=False)
    table_text = (folder / "table.csv").read_text("utf-8")
    # The same name in another folder, and what a system adds, are none of them.
    files |= {"other/12.jpg": plain((1, 2, 3)), "__MACOSX/photos/12.png": b"none"}
    path = write_zip(folder / "pets.zip", {"pets/table.csv": table_text, **files})
    library = Library(Home(folder / "home"))
    dataset = library.add(path)
    table = library.table(dataset.id)
    assert isinstance(table, Table)
    asked = seeing("conv", 3, augment=["flip", "shift"])
    asked = apply_settings(asked, ["training.balance=pcgrad"])
    split = split_rows(asked, table)
    run = train(asked, table, split)
    text = keras_script(asked, run.encoding, dataset, table, split)
    assert "mtcore" not in text
    export_keras(asked, run, folder / "run.keras")
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "<written>", "exec"), names)
    return Ran(folder, dataset, table, asked, run, names)


def test_every_picture_is_read_as_the_run_read_it(ran: Ran) -> None:
    frame = ran.script["read_cells"](ran.folder / "pets.zip")
    found = ran.script["pictures_of"](frame, ran.folder / "pets.zip")
    ours = ran.table.pictures("photo", *SIDES)
    assert np.array_equal(found["c1"].numpy(), ours)
    seen = ours.any(axis=(1, 2, 3))
    assert seen[:4].all()
    assert not seen[4:7].any()
    assert seen[10:15].tolist() == [True, True, True, False, False]


def test_with_the_weights_of_a_run_it_answers_to_pictures_as_the_run_does(
    ran: Ran,
) -> None:
    told = (ran.folder / "pets.zip", "--weights", ran.folder / "run.keras")
    assert ran.off_by(ran.main(*told)) < 1e-5


def test_trained_again_on_changed_pictures_it_comes_to_the_same_network(
    ran: Ran, tmp_path: Path
) -> None:
    with zipfile.ZipFile(ran.folder / "pets.zip") as archive:
        archive.extractall(tmp_path)
    table = ran.folder / "table.csv"
    again = ran.main(table, "--pictures", tmp_path)
    assert ran.off_by(again) < 1e-3


def test_pictures_are_changed_as_the_run_changes_them(ran: Ran) -> None:
    plan = plan_network(ran.asked, ran.run.encoding)
    pixels = tf.constant(pictures(40)[0])
    parts = {"image_0": pixels}
    ours = augmented(plan, parts, tf.constant(3), tf.constant(11))["image_0"]
    place, ways = ran.script["AUGMENT"]["c1"]
    found = ran.script["augmented"](pixels, ways, place, 3, tf.constant(11))
    assert np.array_equal(found, ours)
    assert not np.array_equal(found, pixels)


def test_a_place_without_any_of_the_pictures_is_said(ran: Ran, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="None of the pictures that column 'photo'"):
        ran.main(ran.folder / "table.csv", "--pictures", tmp_path)


def test_pictures_that_cells_hold_are_read_too(ran: Ran) -> None:
    pixels = pictures(1)[0][0]
    content = ran.script["bytes_of"](picture_text(pixels), {}, {}, {})
    assert np.array_equal(ran.script["pixels_of"](content, *SIDES), pixels)
