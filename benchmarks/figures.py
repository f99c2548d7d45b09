"""Figures of the dashboard, measured on a real server in a real Chromium."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from mtcore.home import Home
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import RunningServer, running_server
from tests.conftest import end_cluster


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured.

    Args:
        name: In words.
        value: In the unit.
        unit: Of value and limit.
        most: What was asked for, None where nothing was.
    """

    name: str
    value: float
    unit: str
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the figure is as good as was asked."""
        return self.most is None or self.value <= self.most


Measure = Callable[[RunningServer, Browser, Path], Iterator[Figure]]
"""Takes a server, a browser and an empty folder, and yields figures one by one."""


def show_figures(description: str | None, measure: Measure) -> None:
    """Print what is measured as it comes, or one JSON object where that is asked for.

    Args:
        description: What the program is there for.
        measure: Run once.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    path = find_chromium()
    if path is None:
        sys.exit("No Chromium was found: `make chromium` installs one.")
    figures = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        home = Home(Path(name) / "home")
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        try:
            with running_server(home) as server:
                for figure in measure(server, browser, Path(name)):
                    figures.append(figure)
                    if not asked.json:
                        _show(figure)
        finally:
            browser.close()
            end_cluster(home)
    if asked.json:
        print(json.dumps({"figures": [asdict(figure) for figure in figures]}))


def timed(action: Callable[[], None]) -> float:
    """Return the seconds that something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _show(figure: Figure) -> None:
    """Print a figure beside what was asked of it."""
    digits = 0 if figure.unit in {"MB", "ms"} else 2
    limit = "" if figure.most is None else f"asked ≤ {figure.most:g} {figure.unit}"
    mark = "" if figure.holds else "  MISSED"
    value = f"{figure.value:,.{digits}f} {figure.unit}"
    print(f"{figure.name:45} {value:>10}   {limit}{mark}", flush=True)
