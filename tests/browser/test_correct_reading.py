"""A wrong guess about a file is put right by hand, and shows at once what it gives."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Window
from tests.browser.server import RunningServer


def test_a_wrong_delimiter_is_fixed_by_hand(
    server: RunningServer, window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    rows = "".join(
        f"{n}!{n % 7 + 0.5}!{'red' if n % 3 else 'blue'}\n" for n in range(40)
    )
    path.write_text(f"a!b!c\n{rows}")
    page = window.open(server.url)
    steps.upload(page, path)
    expect(page.get_by_text("There is one column only")).to_be_visible()
    steps.settle(page)
    wrong = steps.id_in_address(page, "dataset")
    delimiter = page.get_by_role("combobox", name="Delimiter")
    delimiter.fill("!")
    delimiter.press("Enter")
    expect(
        page.get_by_text("the file would give 3 columns and 40 rows")
    ).to_be_visible()
    assert steps.id_in_address(page, "dataset") == wrong
    steps.press(page.get_by_role("button", name="Read the file like this"))
    expect(page.get_by_text("40 rows and 3 columns")).to_be_visible()
    assert steps.id_in_address(page, "dataset") != wrong
    expect(page.get_by_role("radio", name="category", checked=True)).to_have_count(1)
    assert steps.sentences_of_errors(page) == []
    assert window.script_errors == []
