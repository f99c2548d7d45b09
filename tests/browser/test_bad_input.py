"""What is wrong with a file is said in a sentence, and its text runs nowhere."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Window
from tests.browser.server import RunningServer
from tests.tables import building_loads

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
IMAGE = '<img src="http://192.0.2.1/a.png" onerror="window.injected=1">'
MARKDOWN = "![b](http://192.0.2.1/b.png) :red[c] $d$"
TARGET = "**t** <script>window.injected=1</script>"
# A whole training in one test, on a machine that may be busy with others.
pytestmark = pytest.mark.timeout(900)
TRACES = ("Traceback", 'File "', "Exception", "duckdb", "pydantic")


def assert_one_sentence(page: Page) -> str:
    """Return the one error the page shows, having seen that it is no trace."""
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(1)
    [sentence] = steps.sentences_of_errors(page)
    assert not [word for word in TRACES if word in page.locator("body").inner_text()]
    expect(page.get_by_test_id("stException")).to_have_count(0)
    return sentence


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "empty"), (PICTURE, "picture")],
    ids=["empty", "picture"],
)
def test_a_file_that_is_no_table_gets_one_sentence_and_home_goes_on(
    server: RunningServer,
    window: Window,
    tmp_path: Path,
    loads_csv: Path,
    content: bytes,
    word: str,
) -> None:
    path = tmp_path / "measured.csv"
    path.write_bytes(content)
    page = window.open(server.url)
    steps.settle(page)
    page.locator('input[type="file"]').set_input_files(path)
    sentence = assert_one_sentence(page)
    assert word in sentence.lower()
    assert path.name in sentence
    assert sentence.rstrip().endswith(".")
    steps.upload(page, loads_csv)


def test_a_table_of_one_column_is_said_to_be_too_narrow(
    server: RunningServer, window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "narrow.csv"
    path.write_text("height\n" + "\n".join(str(n % 7) for n in range(50)))
    page = window.open(server.url)
    steps.upload(page, path)
    steps.press(page.get_by_role("button", name="Design a model"))
    expect(page.get_by_text("no two columns")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    ["results?run=0123456789abcdef", "train?run=..%2F..%2Fx", "data?dataset=none"],
)
def test_an_id_that_does_not_exist_gets_one_sentence(
    server: RunningServer, window: Window, address: str
) -> None:
    page = window.open(f"{server.url}/{address}")
    assert_one_sentence(page)
    expect(page.get_by_role("link", name="Home").first).to_be_visible()


def test_the_text_of_a_file_is_never_interpreted(
    server: RunningServer, window: Window, tmp_path: Path
) -> None:
    hostile = {"X1": IMAGE, "X5": MARKDOWN, "heating": TARGET}
    table: pd.DataFrame = building_loads(120).rename(columns=hostile)
    table[MARKDOWN] = table[MARKDOWN].map({3.5: IMAGE, 7.0: "**high**"})
    path = tmp_path / "![f](http:192.0.2.1).csv"
    table.drop(columns="cooling").to_csv(path, index=False)

    page = window.open(server.url)
    steps.upload(page, path)
    steps.go_to_design(page)
    expect(page.get_by_text(TARGET).first).to_be_visible()
    steps.set_number(page, "Epochs at most", 2)
    steps.start_training(page)
    steps.see_results(page)
    expect(page.get_by_text("<script>").first).to_be_visible()
    steps.follow_step(page, "What-if")
    expect(page.get_by_text("<img src=").first).to_be_visible()
    steps.settle(page)
    category = page.get_by_role("combobox", name=re.compile(r"b\W+png")).first
    category.fill("moon")
    category.press("Enter")
    expect(page.get_by_text("never seen in training")).to_be_visible()
    assert steps.sentences_of_errors(page) == []
    steps.follow_step(page, "Compare")
    page.goto(server.url)
    steps.settle(page)

    for tab in window.tabs():
        assert tab.evaluate("window.injected") is None
        assert tab.locator('img[src*="192.0.2.1"]').count() == 0
    assert window.asked_outside == []
    assert window.script_errors == []
