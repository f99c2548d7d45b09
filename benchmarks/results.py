"""How fast a large run's results are: on screen, and worked out in the background.

    python benchmarks/results.py [--json]

Trains four heads on a few of 111,112 rows with 50 inputs, and judges on 100,000. Prints
a line a figure with what was asked of it, or one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.pages import Figure, show_figure
from benchmarks.reruns import visitor
from mtcore.evaluation.importance import ImportanceSheet
from mtcore.home import Home
from mtcore.runs.names import IMPORTANCE_FILE
from mtcore.runs.workspace import Workspace, open_workspace
from mtcore.spec import Experiment, experiment_from
from mtcore.whatif.goals import Condition, Free, Goal
from tests.browser import steps
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import RunningServer, running_server
from tests.conftest import end_cluster

ROWS, INPUTS, TEST = 111_112, 50, 0.9
VISITS = 5
WITHIN_S = 300.0
_GOAL_INPUTS = 6


def measure(
    server: RunningServer, browser: Browser, workspace: Workspace
) -> Iterator[Figure]:
    """Yield the figures one after the other."""
    path = workspace.home.root / "many.csv"
    _table().to_csv(path, index=False)
    dataset = workspace.import_file(path)
    run = workspace.start_run(_experiment(), dataset.id)
    _wait(lambda: workspace.runs.status(run) == "FINISHED")
    workspace.work_out_importance(run)
    _wait(lambda: workspace.runs.has_artifact(run, IMPORTANCE_FILE))
    content = workspace.runs.artifact(run, IMPORTANCE_FILE).read_bytes()
    sheet = ImportanceSheet.model_validate_json(content)
    name = f"importance of {INPUTS} inputs, 4 heads, {sheet.rows:,} rows"
    yield Figure(name, sheet.seconds, "s", 10)
    address = f"{server.url}/results?run={run}"
    page = browser.new_page()
    seconds = [_visit(page, address) for _ in range(1 + VISITS)]
    tested = f"{TEST * ROWS:,.0f} test rows"
    yield Figure(f"Results on {tested}, first visit", seconds[0], "s")
    yield Figure(f"Results on {tested}, warm visit", float(np.median(seconds[1:])), "s")
    with visitor(server.url) as visit:
        times = [visit.rerun_ms("results", f"run={run}") for _ in range(1 + VISITS)]
    name = f"rerun of Results on {tested}"
    yield Figure(name, float(np.median(times[1:])), "ms", 1_000)
    yield _goal(workspace, run)


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


def _visit(page: Page, address: str) -> float:
    """Return the seconds until the page stands and its script has ended."""
    begun = time.perf_counter()
    page.goto(address)
    page.get_by_text("All heads together", exact=True).first.wait_for()
    steps.settle(page)
    return time.perf_counter() - begun


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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
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
                workspace = open_workspace(home)
                for figure in measure(server, browser, workspace):
                    figures.append(figure)
                    if not asked.json:
                        show_figure(figure)
                workspace.close()
        finally:
            browser.close()
            end_cluster(home)
    if asked.json:
        print(json.dumps({"figures": [asdict(figure) for figure in figures]}))


if __name__ == "__main__":
    main()
