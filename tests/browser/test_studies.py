"""All that is asked of a run after training, reached by clicks from its results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import Window
from tests.browser.server import RunningServer

# Many short trainings, on a machine that may be busy with others.
pytestmark = pytest.mark.timeout(900)


def chart(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} .js-plotly-plot")


def heating(page: Page) -> Locator:
    cards = page.locator(".head-card").filter(has_text="heating")
    return page.locator(steps.ANSWERS).and_(cards.locator(".head-card-value"))


def test_every_question_after_training_is_reached_by_clicks(
    server: RunningServer, window: Window, loads_csv: Path
) -> None:
    page = window.open(server.url)
    steps.upload(page, loads_csv)
    steps.go_to_design(page)
    expect(steps.head_names(page)).to_have_count(1)
    steps.choose_target(page, "heating")
    steps.set_number(page, "Epochs at most", 4)
    steps.set_number(page, "Networks averaged", 2)
    run = steps.start_training(page)
    steps.see_results(page)
    # The page is drawn anew when the trees are there.
    expect(page.get_by_text("being trained in the background")).to_have_count(
        0, timeout=steps.TRAINS_WITHIN_MS
    )

    steps.look_closer(page, "Twins and weights")
    steps.press(page.get_by_role("button", name="Train the twins"))
    again = page.get_by_role("button", name="Train the twins again")
    steps.appear(again, steps.TRAINS_WITHIN_MS)
    expect(page.get_by_text("Over 2 heads")).to_be_visible()
    expect(page.get_by_role("button", name="Split off")).to_have_count(2)

    steps.press(page.get_by_role("button", name="Train the weightings"))
    again = page.get_by_role("button", name="Train the weightings again")
    steps.appear(again, steps.TRAINS_WITHIN_MS)
    # 16 weightings, with two more trainings of the run's own.
    points = chart(page, "weight_front").locator(".scatterlayer .trace .points path")
    expect(points).to_have_count(18)
    steps.settle(page)
    page.get_by_role("slider", name=re.compile("heating")).press("ArrowRight")
    page.wait_for_url("**/results?*point=*")

    steps.look_closer(page, "What they rest on")
    steps.appear(chart(page, "importance"), steps.TRAINS_WITHIN_MS)

    steps.follow_step(page, "What-if")
    expect(page.locator(steps.ANSWERS)).to_have_count(2)
    before = steps.read(heating(page))
    steps.click(page.get_by_text("Reach a goal"))
    steps.choose(page.get_by_role("combobox", name="What is to come out"), "heating")
    steps.set_number(page, "Limit of heating", float(before) + 0.1)
    steps.press(page.get_by_role("button", name="Find the smallest changes"))
    steps.press(page.get_by_role("button", name="Try change 1"))
    expect(heating(page)).not_to_have_text(before)
    assert float(steps.read(heating(page))) > float(before)

    steps.follow_step(page, "Share")
    report = steps.take_report(page)
    assert "heating" in report
    assert 'id="what-if"' in report
    link = page.get_by_text(re.compile("results.run=.*view=1")).first.inner_text()

    second = window.open(link.strip())
    expect(second.get_by_text("It is no lock")).to_be_visible()
    steps.settle(second)
    expect(second.get_by_role("button", name="Run again with changes")).to_have_count(0)
    steps.follow_step(second, "Compare")
    assert steps.id_in_address(second, "view") == "1"
    expect(second.get_by_role("button", name="Archive")).to_have_count(0)
    assert steps.id_in_address(page, "run") == run
    assert window.script_errors == []
