"""How fast the dashboard answers, in a real Chromium on a real server.

    python benchmarks/pages.py [--json]

Prints a line a figure with what was asked of it, or one JSON object; those of
`benchmarks/results.py` come last.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import results
from benchmarks.figures import Figure, show_figures, timed
from benchmarks.reruns import visitor
from mtcore.home import Home
from mtcore.runs.store.listing import LATELY_S
from mtcore.runs.store.store import RunStore
from tests.browser import steps
from tests.browser.server import RunningServer
from tests.tables import write_building_loads

UPLOAD_MB = 50
RERUNS = 20
QUESTIONS = 10
MANY_RUNS = 500
VISITS = 5
PAGES = ("", "data", "design", "train", "results", "what_if", "compare")


def measure(server: RunningServer, browser: Browser, folder: Path) -> Iterator[Figure]:
    """Yield the figures one after the other, as a person would meet them."""
    yield Figure("server at rest", server.memory_bytes() / 1e6, "MB", 500)
    yield from _cold_pages(server, browser)
    page = browser.new_page()
    page.goto(server.url)
    steps.upload(page, write_building_loads(folder))
    page.get_by_role("button", name="Design a model").click()
    steps.wait_for_design(page)
    draft = urlsplit(page.url).query
    yield from _training(page, "cold")
    steps.see_results(page)
    page.get_by_role("button", name="Run again with changes").first.click()
    steps.wait_for_design(page)
    yield from _training(page, "warm")
    steps.see_results(page)
    steps.follow_step(page, "What-if")
    yield from _what_if(page)
    steps.follow_step(page, "Compare")
    page.goto(server.url)
    steps.settle(page)
    yield _rerun(server, "Home", "", "", 50)
    yield _rerun(server, "Data", "data", draft)
    yield _rerun(server, "Design", "design", draft)
    yield _rerun(server, "Compare", "compare", "")
    yield Figure("server after two runs", server.memory_bytes() / 1e6, "MB", 500)
    _add_runs(server.home)
    yield _compare(page, server)
    path = _big_table(folder)
    page.goto(server.url)
    steps.settle(page)
    seconds = timed(lambda: steps.upload(page, path))
    yield Figure(f"upload of {UPLOAD_MB} MB, imported", seconds, "s")
    steps.settle(page)
    yield Figure("server after the upload", server.memory_bytes() / 1e6, "MB", 600)
    page.close()
    yield from results.measure(server, browser, folder)


def _cold_pages(server: RunningServer, browser: Browser) -> Iterator[Figure]:
    """Yield how long each page takes as the first address of a new browser."""
    for name in PAGES:
        context = browser.new_context()
        page = context.new_page()

        def opened(page: Page = page, name: str = name) -> None:
            page.goto(f"{server.url}/{name}")
            page.get_by_test_id("stHeading").first.wait_for()
            steps.settle(page)

        yield Figure(f"cold visit of /{name}", timed(opened), "s")
        context.close()


# Looked for at each frame, where waiting for an element looks twice a second.
_ALIVE = """() => document.querySelector("[data-testid=stMain]")
    ?.textContent.includes("so far")"""


def _training(page: Page, kind: str) -> Iterator[Figure]:
    """Yield the times from the click on Train to a sign of life and a curve."""
    start = time.perf_counter()
    steps.train_button(page).click()
    page.wait_for_function(_ALIVE)
    alive = time.perf_counter()
    steps.wait_for_curve(page)
    curve = time.perf_counter()
    yield Figure(f"first sign of life, {kind} program", alive - start, "s", 1)
    most = 5 if kind == "cold" else 2
    yield Figure(f"first point on the chart, {kind} program", curve - start, "s", most)


# From the key to the frame that shows all answers, by the browser's own clock: what
# drives it looks from outside and costs time of its own.
_ANSWERED = """([answers, before]) => {
    const changed = () => [...document.querySelectorAll(answers)]
        .every((value, place) => value.innerText !== before[place]);
    window.answered = new Promise(done => addEventListener("keydown", event => {
        const drawn = () => done(performance.now() - event.timeStamp);
        const look = () => changed() ? setTimeout(drawn) : requestAnimationFrame(look);
        look();
    }, { once: true, capture: true }));
}"""


def _what_if(page: Page) -> Iterator[Figure]:
    """Yield how long it is from a changed input to other answers, on screen."""
    field = page.get_by_role("spinbutton", name="X3")
    expect(page.locator(steps.ANSWERS).first).to_be_visible()
    times = []
    for number in range(QUESTIONS):
        before = steps.answers(page)
        field.fill(str(250 + 15 * number))
        page.evaluate(_ANSWERED, [steps.ANSWERS, before])
        field.press("Enter")
        times.append(page.evaluate("window.answered"))
        steps.settle(page)
    name = "what-if answer of all heads"
    yield Figure(f"{name}, median", statistics.median(times), "ms", 100)
    yield Figure(f"{name}, slowest", max(times), "ms", 300)


def _rerun(
    server: RunningServer, name: str, page: str, query: str, most: float | None = None
) -> Figure:
    """Return the median time of a page's script when nothing has changed."""
    with visitor(server.url) as visit:
        visit.rerun_ms(page, query)
        times = [visit.rerun_ms(page, query) for _ in range(RERUNS)]
    return Figure(f"rerun of {name}", statistics.median(times), "ms", most)


def _add_runs(home: Home) -> None:
    """Add runs that came to what the latest one came to."""
    store = RunStore(home, None)
    run = store.list()[0]
    assert run.summary is not None
    for number in range(MANY_RUNS):
        other = run.experiment.model_copy(update={"name": f"Run {number}"})
        made = store.create(other, run.dataset_id, dataset_name=run.dataset_name)
        store.finish(made, run.summary, "epochs")
    # Those that ended a moment ago are read anew at each look, which few are in use.
    time.sleep(LATELY_S)


def _compare(page: Page, server: RunningServer) -> Figure:
    """Return the median time in which Compare opens when the server knows all runs."""

    def opened() -> None:
        page.goto(f"{server.url}/compare")
        page.get_by_role("heading", name="Scores").wait_for()
        steps.settle(page)

    opened()
    seconds = statistics.median(timed(opened) for _ in range(VISITS))
    return Figure(f"Compare with {MANY_RUNS} runs", seconds, "s", 1)


def _big_table(folder: Path) -> Path:
    """Write a CSV of about 50 MB: 20 columns of numbers and two of words."""
    draw = np.random.default_rng(0)
    path = folder / "big.csv"
    words = np.array(["north", "south", "east", "west"])
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"x{n}" for n in range(20)) + ",side,state\n")
        while file.tell() < UPLOAD_MB * 1_000_000:
            numbers = draw.normal(size=(20_000, 20)).round(4)
            sides = words[draw.integers(0, 4, (20_000, 2))]
            lines = (
                f"{','.join(map(str, row))},{side},{state}\n"
                for row, (side, state) in zip(
                    numbers.tolist(), sides.tolist(), strict=True
                )
            )
            file.writelines(lines)
    return path


if __name__ == "__main__":
    show_figures(__doc__, measure)
