"""A home with really trained runs: heads of all kinds, labels missing, a hostile name.

Run as a script, it trains them, so that the process of the tests stays without
TensorFlow, as the server's is.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mtcore.data.library.library import Library
from mtcore.home import Home, find_home
from mtcore.runs.store.store import RunStore
from mtcore.spec import Experiment, apply_settings, experiment_from
from tests.fresh_python import ROOT, fresh_python
from tests.tables import building_loads

HOSTILE = "![x](http://host.example/b.png) <b>bold</b>"
ROWS = 400
UNLABELLED = 60


@dataclass(frozen=True, slots=True)
class TrainedHome:
    """Two finished runs on one data set; the second has other weights, and trees.

    Args:
        home: Where they are.
        first: A run's id.
        second: The newer run's id.
        dataset: Their data set's id.
    """

    home: Home
    first: str
    second: str
    dataset: str

    def copy(self, root: Path) -> Home:
        """Return a home with the same runs, for a test to change."""
        shutil.copytree(self.home.root, root)
        return Home(root)


def experiment() -> Experiment:
    """Return an experiment with a head of every kind, small enough for seconds."""
    inputs = [{"column": f"X{n}", "kind": "number"} for n in range(1, 9)]
    return experiment_from(
        {
            "name": "Loads of all kinds",
            "inputs": [*inputs, {"column": "site", "kind": "category"}],
            "trunk": {"layers": [16]},
            "heads": [
                {"name": "heating", "kind": "regression", "columns": ["heating"]},
                {"name": HOSTILE, "kind": "binary", "columns": ["costly"]},
                {"name": "size", "kind": "multiclass", "columns": ["size"]},
                {
                    "name": "flags",
                    "kind": "multilabel",
                    "columns": ["tall", "glazed"],
                },
                {"name": "visits", "kind": "count", "columns": ["visits"]},
                {
                    "name": "spread",
                    "kind": "regression",
                    "columns": ["heating"],
                    "loss": "gaussian_nll",
                },
                {"name": "range", "kind": "quantile", "columns": ["heating"]},
                {
                    "name": "class",
                    "kind": "ordinal",
                    "columns": ["size"],
                    "order": ["small", "medium", "=large"],
                },
            ],
            "training": {"epochs": 6, "batch_size": 32, "learning_rate": 0.01},
        }
    )


def loads_of_all_kinds() -> pd.DataFrame:
    """Return buildings with targets of every kind; the first rows lack one label."""
    frame = building_loads(ROWS)
    heating = frame["heating"].to_numpy()
    frame["site"] = np.where(frame["X6"] % 2 == 0, "north", "south")
    cooling = frame["cooling"]
    frame["costly"] = np.where(cooling > cooling.median(), "yes", "no")
    thirds = np.quantile(heating, [1 / 3, 2 / 3])
    names = np.asarray(["small", "medium", "=large"], dtype=object)
    frame["size"] = names[np.searchsorted(thirds, heating)]
    frame["tall"] = np.where(frame["X5"] > 5, 1, 0)
    frame["glazed"] = np.where(frame["X7"] > 0.2, 1, 0)
    visits = np.random.default_rng(0).poisson(heating / 10.0).astype(np.float64)
    frame["visits"] = np.where(np.arange(ROWS) % 9 == 0, np.nan, visits)
    frame.loc[: UNLABELLED - 1, "costly"] = None
    return frame


def train_home(root: Path) -> TrainedHome:
    """Return the home in which the runs have been trained, or are now.

    Args:
        root: Its folder; what another process trained there is taken.
    """
    told = root / "trained.txt"
    if not told.exists():
        told.write_text(
            fresh_python("-m", "tests.pages.trained", folder=ROOT, home=root)
        )
    first, second, dataset = told.read_text().split()[-3:]
    return TrainedHome(Home(root), first, second, dataset)


def _train_all(home: Home) -> None:
    from mtcore.runs.tasks.judging.baselines import judge_baselines
    from mtcore.runs.tasks.judging.importance import judge_importance
    from mtcore.runs.tasks.judging.segments import judge_segments
    from mtcore.runs.tasks.training.training import train_run

    home.root.mkdir(parents=True, exist_ok=True)
    path = home.root / "loads.csv"
    loads_of_all_kinds().to_csv(path, index=False)
    dataset = Library(home).add(path)
    runs = RunStore(home, None)
    first = experiment()
    changes = [
        "name=Heating counts more",
        "heads.heating.weight=3",
        "training.epochs=4",
        "training.seeds=2",
        "training.blend=trees",
    ]
    made = []
    for wanted in (first, apply_settings(first, changes)):
        run_id = runs.create(wanted, dataset.id, dataset_name=dataset.name)
        train_run(run_id, str(home.root))
        judge_baselines(run_id, str(home.root))
        judge_importance(run_id, str(home.root))
        judge_segments(run_id, str(home.root))
        made.append(run_id)
    print(*made, dataset.id)


if __name__ == "__main__":
    _train_all(find_home(os.environ, Path.cwd()))
