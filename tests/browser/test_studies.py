"""Twins of the heads and a sweep over their weights, reached by clicks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Window
from tests.browser.server import RunningServer
from tests.tables import write_building_loads

# Many short trainings, on a machine that may be busy with others.
pytestmark = pytest.mark.timeout(600)


def trained_loads(page: Page, path: Path) -> str:
    """Train both loads for a few epochs, open the results and return the run's id."""
    steps.upload(page, path)
    steps.go_to_design(page)
    expect(steps.head_names(page)).to_have_count(1)
    steps.choose_target(page, "heating")
    steps.set_number(page, "Epochs at most", 6)
    run = steps.start_training(page)
    steps.see_results(page)
    return run


def test_from_results_to_twins_and_a_front_of_weights(
    server: RunningServer, window: Window, tmp_path: Path
) -> None:
    page = window.open(server.url)
    run = trained_loads(page, write_building_loads(tmp_path, rows=300))
    page.get_by_role("button", name="Train the twins").click()
    expect(page.get_by_role("button", name="Train the twins again")).to_be_visible(
        timeout=steps.TRAINS_WITHIN_MS
    )
    expect(page.get_by_text("Over 2 heads")).to_be_visible()
    expect(page.get_by_role("button", name="Split off")).to_have_count(2)

    page.get_by_role("button", name="Train the weightings").click()
    expect(page.get_by_role("button", name="Train the weightings again")).to_be_visible(
        timeout=steps.TRAINS_WITHIN_MS
    )
    front = page.locator(".st-key-weight_front")
    # The line, and 16 weightings with two more trainings of the run's own.
    expect(front.locator(".scatterlayer .trace .points path")).to_have_count(18)
    dial = page.get_by_role("slider", name=re.compile("heating"))
    dial.press("ArrowRight")
    page.wait_for_url("**/results?*point=*")
    steps.settle(page)
    page.get_by_role("button", name="Train this weighting").click()
    page.wait_for_url("**/train?*run=*")
    assert steps.id_in_address(page, "run") != run
    assert window.script_errors == []
