"""From a file to two compared runs, as a person does it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Window
from tests.browser.server import RunningServer
from tests.conftest import DEEP

# Of a page, one overtaking the other.
RERUNS = 30 if DEEP else 10
# Several trainings in one test, on a machine that may be busy with others.
pytestmark = pytest.mark.timeout(900)


def test_from_a_csv_to_two_compared_runs(
    server: RunningServer, window: Window, loads_csv: Path
) -> None:
    page = window.open(server.url)
    steps.upload(page, loads_csv)
    steps.go_to_design(page)
    steps.choose_target(page, "heating")
    assert sorted(steps.chosen_targets(page)) == ["cooling", "heating"]
    steps.start_training(page)
    steps.wait_for_curve(page)
    steps.see_results(page)
    for head in ("heating", "cooling"):
        expect(page.get_by_text(head).first).to_be_visible()
    steps.follow_step(page, "What-if")
    expect(page.locator(steps.ANSWERS)).to_have_count(2)
    before, drawn = steps.answers(page), steps.curves(page)
    height = page.get_by_role("spinbutton", name=re.compile("X5"))
    height.fill("3.5" if float(height.input_value()) > 5 else "7")
    height.press("Enter")
    for old in before:
        expect(page.get_by_text(old, exact=True)).to_have_count(0)
    after = steps.answers(page)
    assert all(new != old for new, old in zip(after, before, strict=True))
    steps.wait_for_other_curves(page, drawn)

    steps.follow_step(page, "Results")
    steps.press(page.get_by_role("button", name="Run again with changes").first)
    steps.wait_for_design(page)
    steps.set_number(page, "Epochs at most", 30)
    steps.set_number(page, "Networks averaged", 2)
    steps.start_training(page)
    steps.see_results(page)
    steps.follow_step(page, "Compare")
    expect(page.get_by_text("Baseline").first).to_be_visible()
    expect(page.locator('[class*="st-key-chosen_"]')).to_have_count(2)
    assert window.script_errors == []
    assert window.asked_outside == []
    assert server.calls_that_left() == []
    loaded = [path for path in server.mapped_files() if "tensorflow" in path]
    assert loaded == []


def test_a_reload_in_the_middle_of_training_finds_the_run_again(
    server: RunningServer, window: Window, loads_csv: Path
) -> None:
    page = window.open(server.url)
    steps.upload(page, loads_csv)
    steps.go_to_design(page)
    # So few rows a step that no machine is done before it was looked at.
    steps.set_number(page, "Rows a step", 4)
    steps.set_number(page, "Epochs at most", 90_000)
    steps.set_number(page, "Patience", 90_000)
    run = steps.start_training(page)
    steps.wait_for_curve(page)
    page.reload()
    steps.wait_for_curve(page)
    assert steps.id_in_address(page, "run") == run

    second = window.open(server.url)
    steps.press(second.get_by_role("link", name="1 run in progress"))
    second.wait_for_url(f"**/train?*run={run}*")

    # A page that follows a training is hardly ever at rest.
    page.get_by_role("button", name="Stop").press("Enter")
    steps.see_results(page)


def test_a_busy_browser_does_not_change_the_draft(
    server: RunningServer, window: Window
) -> None:
    page = window.open(server.url)
    sample = page.locator(".st-key-sample-digits").get_by_role("button")
    sample.wait_for()
    page.context.new_cdp_session(page).send(
        "Emulation.setCPUThrottlingRate", {"rate": 6}
    )
    sample.click()
    page.wait_for_url("**/design?*draft=*")
    draft = server.home.drafts / f"{steps.id_in_address(page, 'draft')}.json"
    before = json.loads(draft.read_bytes())["experiment"]
    # Runs overtake each other in the browser, and some widgets are born in between.
    for _ in range(RERUNS):
        page.keyboard.press("r")
        page.evaluate("new Promise(requestAnimationFrame)")
    steps.wait_for_design(page)
    assert json.loads(draft.read_bytes())["experiment"] == before
