"""How fast a large run's results are: on screen, and worked out in the background.

    python benchmarks/results.py [--json]

Trains four heads on a few of 111,112 rows with 50 inputs, and judges on 100,000. Prints
a line a figure with what was asked of it, or one JSON object.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import Figure, show_figures, timed
from benchmarks.reruns import visitor
from mtcore.evaluation.importance import ImportanceSheet
from mtcore.runs.store.file_names import BASELINES_FILE, IMPORTANCE_FILE, SEGMENTS_FILE
from mtcore.runs.workspace import Workspace, open_workspace
from mtcore.spec import Experiment, experiment_from
from mtcore.whatif.goals import Condition, Free, Goal
from tests.browser import steps
from tests.browser.server import RunningServer

ROWS, INPUTS, TEST = 111_112, 50, 0.9
VISITS = 5
WITHIN_S = 300.0
_GOAL_INPUTS = 6


def measure(server: RunningServer, browser: Browser, folder: Path) -> Iterator[Figure]:
    """Yield the figures one after the other."""
    workspace = open_workspace(server.home)
    path = folder / "many.csv"
    _table().to_csv(path, index=False)
    dataset = workspace.import_file(path)
    run = workspace.start_run(_experiment(), dataset.id)
    _wait(lambda: workspace.runs.status(run) == "FINISHED")
    yield _importance(workspace, run)
    workspace.boosted_scores(run)
    workspace.work_out_segments(run)
    for name in (BASELINES_FILE, SEGMENTS_FILE):
        _wait(lambda name=name: workspace.runs.has_artifact(run, name))
    yield from _pages(server, browser, run)
    yield _goal(workspace, run)
    workspace.close()


def _importance(workspace: Workspace, run: str) -> Figure:
    """Return how long the sheet of importances takes, in the background."""
    workspace.work_out_importance(run)
    _wait(lambda: workspace.runs.has_artifact(run, IMPORTANCE_FILE))
    content = workspace.runs.artifact(run, IMPORTANCE_FILE).read_bytes()
    sheet = ImportanceSheet.model_validate_json(content)
    name = f"importance of {INPUTS} inputs, 4 heads, {sheet.rows:,} rows"
    return Figure(name, sheet.seconds, "s", 10)


def _pages(server: RunningServer, browser: Browser, run: str) -> Iterator[Figure]:
    """Yield how long Results takes to stand, and to show something else."""
    address = f"{server.url}/results?run={run}"
    tested = f"{TEST * ROWS:,.0f} test rows"
    page = browser.new_page()
    seconds = [timed(lambda: _visit(page, address)) for _ in range(1 + VISITS)]
    yield Figure(f"Results on {tested}, first visit", seconds[0], "s")
    warm = float(np.median(seconds[1:]))
    yield Figure(f"Results on {tested}, warm visit", warm, "s", 1)
    name = f"Results on {tested}, another"
    yield Figure(f"{name} part", timed(lambda: _other_part(page)), "s", 1)
    yield Figure(f"{name} head", timed(lambda: _other_head(page)), "s", 1)
    yield Figure(f"{name} tab", timed(lambda: _other_tab(page)), "s", 1)
    steps.follow_step(page, "Train")
    yield Figure(f"{name[:-9]}, from Train", timed(lambda: _follow(page)), "s", 1)
    with visitor(server.url) as visit:
        times = [visit.rerun_ms("results", f"run={run}") for _ in range(1 + VISITS)]
    name = f"rerun of Results on {tested}"
    yield Figure(name, float(np.median(times[1:])), "ms", 1_000)


def _goal(workspace: Workspace, run: str) -> Figure:
    """Return how long a goal on two heads takes that no row may reach."""
    row = {f"x{place}": 0.0 for place in range(INPUTS)}
    conditions = (
        Condition("y1", 0, "y1", low=4.0),
        Condition("y2", 0, "y2", high=-4.0),
    )
    free = tuple(Free(name, "number", -3.0, 3.0) for name in list(row)[:_GOAL_INPUTS])
    workspace.predict(run, [row])
    begun = time.perf_counter()
    workspace.seek(run, Goal(dict(row), conditions, free))
    seconds = time.perf_counter() - begun
    return Figure(f"goal on two heads, {len(free)} inputs free", seconds, "s", 5)


def _visit(page: Page, address: str) -> None:
    """Open the page by its address, which loads all of the browser's part anew."""
    page.goto(address)
    _wait_for_charts(page, "actual_against_predicted", "residuals")


def _follow(page: Page) -> None:
    """Go to the page by a link of another one, as people mostly do."""
    steps.follow_step(page, "Results")
    _wait_for_charts(page, "actual_against_predicted", "residuals")


def _other_part(page: Page) -> None:
    """Look at other rows, until their charts are drawn."""
    title = page.locator(".st-key-actual_against_predicted .gtitle-subtitle")
    before = title.first.text_content()
    page.get_by_role("radio", name="Validation").click()
    page.wait_for_function(
        """before => document.querySelector(
            '.st-key-actual_against_predicted .gtitle-subtitle'
        )?.textContent !== before""",
        arg=before,
    )
    _wait_for_charts(page, "actual_against_predicted", "residuals")


def _other_head(page: Page) -> None:
    """Look at another head, until its chart is drawn."""
    page.get_by_role("radio", name="y3").click()
    _wait_for_charts(page, "roc", "pr", "threshold", "confusion")


def _other_tab(page: Page) -> None:
    """Look at all heads together, until that chart is drawn."""
    page.get_by_role("tab", name="All heads together").click()
    _wait_for_charts(page, "error_correlations", "wrong_at_once")


def _wait_for_charts(page: Page, *keys: str) -> None:
    """Wait until charts are drawn, the script has ended and the page can be used."""
    # Looked for at each frame, where waiting for an element looks twice a second.
    page.wait_for_function(
        "keys => keys.every(key => document.querySelector(`.st-key-${key} .main-svg`))",
        arg=keys,
    )
    steps.settle(page)
    # The browser has nothing to do: nothing keeps it from answering a click.
    page.evaluate("new Promise(done => requestIdleCallback(() => done()))")


def _table() -> pd.DataFrame:
    draw = np.random.default_rng(0)
    inputs = draw.normal(size=(ROWS, INPUTS)).round(4)
    frame = pd.DataFrame(inputs, columns=[f"x{place}" for place in range(INPUTS)])
    noise = draw.normal(0.0, 0.1, (2, ROWS))
    frame["y1"] = inputs[:, 0] + inputs[:, 1] ** 2 + noise[0]
    frame["y2"] = inputs[:, 2] * inputs[:, 3] + inputs[:, 0] + noise[1]
    frame["y3"] = np.where(inputs[:, 4] > 0, "yes", "no")
    frame["y4"] = np.where(inputs[:, 5] > 1, "a", np.where(inputs[:, 6] > 0, "b", "c"))
    return frame


def _experiment() -> Experiment:
    kinds = ("regression", "regression", "binary", "multiclass")
    return experiment_from(
        {
            "name": "Many rows",
            "inputs": [
                {"column": f"x{place}", "kind": "number"} for place in range(INPUTS)
            ],
            "heads": [
                {"name": f"y{place}", "kind": kind, "columns": [f"y{place}"]}
                for place, kind in enumerate(kinds, start=1)
            ],
            "split": {"kind": "random", "validation": 0.05, "test": TEST},
            "training": {"epochs": 5},
        }
    )


def _wait(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + WITHIN_S
    while not done():
        if time.monotonic() > until:
            sys.exit(f"Waited {WITHIN_S:.0f} s in vain.")
        time.sleep(0.2)


if __name__ == "__main__":
    show_figures(__doc__, measure)
