"""One server and one Chromium for all browser tests, windows of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    ViewportSize,
    WebError,
    expect,
    sync_playwright,
)

from mtcore.home import Home
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import ROOT, RunningServer, running_server
from tests.conftest import end_cluster

WINDOW = ViewportSize(width=1440, height=1000)
# Long, as a shared machine stalls at times; a test that passes does not wait for it.
PATIENCE_MS = 180_000
ASKED = Path(__file__).with_name("asked.js")
PICTURES = ROOT / "test-results"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that drives a browser, by the window it asks for."""
    for item in items:
        if "window" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A dashboard with an empty home; its scheduler and workers end with it."""
    home = Home(tmp_path_factory.mktemp("dashboard") / "home")
    with running_server(home) as running:
        yield running
    end_cluster(home)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium that can reach this machine and nothing else."""
    path = find_chromium()
    assert path is not None, "No Chromium was found: `make chromium` installs one"
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, nowhere]
        )
        yield opened
        opened.close()


class Window:
    """A browser window that keeps account of what its pages ask for.

    Args:
        context: Without open tabs.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.asked_outside: list[str] = []
        self.script_errors: list[str] = []
        self._context = context
        context.on("request", self._note_request)
        context.on("weberror", self._note_error)

    def open(self, address: str) -> Page:
        """Open an address in a new tab and return the tab."""
        page = self._context.new_page()
        page.on("websocket", lambda connection: self._note(connection.url))
        page.goto(address)
        return page

    def tabs(self) -> list[Page]:
        """Return the open tabs, oldest first."""
        return self._context.pages

    def close(self) -> None:
        """Close the tabs, and forget what they stored."""
        for tab in self.tabs():
            if tab.url.startswith("http"):
                tab.evaluate("localStorage.clear()")
            tab.close()
        self._context.clear_cookies()
        self._context.remove_listener("request", self._note_request)
        self._context.remove_listener("weberror", self._note_error)

    def _note_request(self, request: Request) -> None:
        self._note(request.url)

    def _note_error(self, error: WebError) -> None:
        self.script_errors.append(str(error.error))

    def _note(self, url: str) -> None:
        found = urlsplit(url)
        if found.scheme not in {"data", "blob", "about"} and (
            found.hostname != "127.0.0.1"
        ):
            self.asked_outside.append(url)


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A profile that loads and compiles the dashboard's scripts once for all tests."""
    context = browser.new_context(
        viewport=WINDOW, locale="en-GB", reduced_motion="reduce"
    )
    context.add_init_script(path=ASKED)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def window(profile: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Window]:
    """A fresh window; a failed test leaves a picture of each tab in test-results/."""
    made = Window(profile)
    failed_before = request.session.testsfailed
    yield made
    if request.session.testsfailed > failed_before:
        PICTURES.mkdir(exist_ok=True)
        for number, tab in enumerate(made.tabs()):
            tab.screenshot(
                path=PICTURES / f"{request.node.name}-{number}.png", full_page=True
            )
    made.close()


@pytest.fixture
def loads_csv(tmp_path: Path) -> Path:
    """A file of 400 buildings with the targets heating and cooling."""
    from tests.tables import write_building_loads

    return write_building_loads(tmp_path, rows=400)
