"""Pictures and texts in the browser: an archive uploaded, a sentence typed in."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mtcore.data.samples import write_sample
from tests.browser import steps
from tests.browser.conftest import Window
from tests.browser.server import RunningServer
from tests.data.picture_files import RED, plain
from tests.data.zips import write_zip

# A whole training in one test, on a machine that may be busy with others.
pytestmark = pytest.mark.timeout(900)

PETS = 150
REVIEWS = 160
WORDS = ("crew", "seat", "gate", "bags", "food", "delay", "plane", "ticket", "queue")


def some_pets(folder: Path) -> Path:
    """Write an archive of a part of the sample's pictures, one of them missing."""
    with zipfile.ZipFile(write_sample("pets", folder / "whole")) as whole:
        lines = whole.read("pets.csv").decode().splitlines()[: PETS + 1]
        names = [line.split(",")[0] for line in lines[1:]]
        files = {name: whole.read(name) for name in names[1:]}
    return write_zip(folder / "some pets.zip", {"t.csv": "\n".join(lines), **files})


def some_reviews(folder: Path) -> Path:
    """Write a table of sentences; those with 'great' are liked."""
    drawn = random.Random(0)
    rows = []
    for row in range(REVIEWS):
        word = "great" if row % 2 else "awful"
        others = " ".join(drawn.sample(WORDS, 5))
        rows.append(f"The {others} were {word} today,{'yes' if row % 2 else 'no'}")
    path = folder / "reviews.csv"
    path.write_text("review,liked\n" + "\n".join(rows) + "\n")
    return path


def predict_only(page: Page, *columns: str) -> None:
    """Have these columns predicted, those that already are among them."""
    for column in columns:
        if column not in steps.chosen_targets(page):
            steps.choose_target(page, column)


def test_an_archive_of_pictures_trains_the_missions_second_row(
    server: RunningServer, window: Window, tmp_path: Path
) -> None:
    page = window.open(server.url)
    steps.upload(page, some_pets(tmp_path))
    expect(page.get_by_text("Pictures of picture")).to_be_visible()
    expect(page.get_by_text("1 not there")).to_be_visible()
    expect(page.get_by_test_id("stImage").locator("img").first).to_be_visible()
    steps.go_to_design(page)
    predict_only(page, "cat", "dog")
    expect(page.get_by_role("heading", name="Pictures: picture")).to_be_visible()
    steps.set_number(page, "Epochs at most", 2)
    steps.start_training(page)
    steps.see_results(page)

    steps.follow_step(page, "What-if")
    expect(page.locator(steps.ANSWERS)).to_have_count(2)
    before = steps.answers(page)
    red = tmp_path / "red.png"
    red.write_bytes(plain(RED, 64))
    dropped = page.locator('.st-key-what_if_input_0 input[type="file"]')
    dropped.set_input_files(red)
    expect(page.get_by_text("1 input changed.")).to_be_visible()
    assert steps.answers(page) != before
    assert window.script_errors == []
    loaded = [path for path in server.mapped_files() if "tensorflow" in path]
    assert loaded == []


def test_a_sentence_is_typed_into_what_if(
    server: RunningServer, window: Window, tmp_path: Path
) -> None:
    page = window.open(server.url)
    steps.upload(page, some_reviews(tmp_path))
    steps.go_to_design(page)
    predict_only(page, "liked")
    expect(page.get_by_role("heading", name="Text: review")).to_be_visible()
    steps.set_number(page, "Epochs at most", 12)
    steps.set_number(page, "Learning rate", 0.02)
    steps.start_training(page)
    steps.see_results(page)
    steps.follow_step(page, "What-if")
    field = page.get_by_role("textbox", name=re.compile("review"))
    field.fill("The seat was great today")
    field.press("Control+Enter")
    expect(page.get_by_text("1 input changed.")).to_be_visible()
    [liked] = steps.answers(page)
    field.fill("The seat was awful today")
    field.press("Control+Enter")
    expect(page.locator(steps.ANSWERS)).not_to_have_text(liked)
