"""Takes docs/screenshot.png from the running app: `make screenshot`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from mtcore.home import Home
from tests.browser import steps
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import running_server
from tests.conftest import end_cluster
from tests.tables import write_building_loads

PICTURE = Path(__file__).parent / "screenshot.png"
WINDOW = ViewportSize(width=1280, height=1120)


def take_screenshot(folder: Path, chromium: str) -> None:
    """Train on a small table in a real server and take a picture of the results."""
    home = Home(folder / "home")
    with running_server(home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        page = browser.new_page(viewport=WINDOW)
        page.goto(server.url)
        steps.upload(page, write_building_loads(folder))
        steps.go_to_design(page)
        steps.choose_target(page, "heating")
        steps.start_training(page)
        steps.see_results(page)
        # The trees are trained in the background; the picture shows them beside.
        expect(page.get_by_text("being trained in the background")).to_have_count(
            0, timeout=120_000
        )
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        steps.settle(page)
        page.screenshot(path=PICTURE)
        browser.close()
    end_cluster(home)


if __name__ == "__main__":
    found = find_chromium()
    if found is None:
        sys.exit("No Chromium was found: `make chromium` installs one.")
    with tempfile.TemporaryDirectory() as name:
        take_screenshot(Path(name), found)
