"""What workers make of a finished run in the background, asked for once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson

from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.runs.cluster.cluster import Cluster
from mtcore.runs.cluster.errands import TaskName
from mtcore.runs.cluster.task_keys import (
    BASELINES_KEY,
    IMPORTANCE_KEY,
    SEGMENTS_KEY,
    TAKEAWAY_KEY,
)
from mtcore.runs.store.file_names import BASELINES_FILE
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.summary import Score
from mtcore.runs.store.takeaways import (
    Takeaway,
    TakeawayName,
    forget_takeaway,
    read_takeaway,
    takeaways_folder,
)
from mtcore.runs.workspace.asking import Asking

Scores = Mapping[str, Mapping[str, Score]]
"""Metric values by head and metric."""


class Making(Asking):
    """The part of a workspace that has things made of runs and finds what was made.

    Args:
        home: Where it is kept.
        runs: The run store.
        cluster: The way to the workers.
        place: The home's folder and the store's address, as tasks take them.
    """

    def __init__(
        self,
        home: Home,
        runs: RunStore,
        cluster: Cluster,
        place: tuple[str, str | None],
    ) -> None:
        super().__init__(cluster, place)
        self.home = home
        self.runs = runs
        self._asked: set[str] = set()

    def boosted_scores(self, run_id: str, part: str = "test") -> Scores | None:
        """Return the metrics of gradient-boosted trees beside a finished run.

        None while they are being made, which begins now if it has not; no heads where
        they could not be made.

        Args:
            run_id: A finished run.
            part: `validation` or `test`.
        """
        try:
            content = self.runs.artifact(run_id, BASELINES_FILE).read_bytes()
        except MissingError:
            self._have_made(BASELINES_KEY, "judge_baselines", run_id)
            return None
        boosted: dict[str, Scores] = orjson.loads(content)["boosted"]
        return boosted.get(part, {})

    def work_out_importance(self, run_id: str) -> None:
        """Have what a finished run's heads rest on worked out; returns at once."""
        self._have_made(IMPORTANCE_KEY, "judge_importance", run_id)

    def work_out_segments(self, run_id: str) -> None:
        """Have where a finished run's heads are weak worked out; returns at once."""
        self._have_made(SEGMENTS_KEY, "judge_segments", run_id)

    def take_away(self, run_id: str, name: TakeawayName) -> None:
        """Have something made of a finished run in the background; returns at once.

        Args:
            run_id: A finished run.
            name: What to make. What was made before is forgotten.
        """
        forget_takeaway(self.home, run_id, name)
        key = TAKEAWAY_KEY.format(name, run_id)
        self.cluster.background(key, "make_takeaway", run_id, name, *self._place)

    def takeaway(self, run_id: str, name: TakeawayName) -> Takeaway | None:
        """Return what was made of a run, or why not; None while it is not there."""
        return read_takeaway(self.home, run_id, name)

    def takeaway_file(self, run_id: str, file: str) -> Path:
        """Return where a file that was made of a run lies."""
        return takeaways_folder(self.home, run_id) / file

    def _have_made(self, key: str, task: TaskName, run_id: str) -> None:
        """Have something about a run made in the background, asked for once."""
        name = key.format(run_id)
        if name not in self._asked:
            self._asked.add(name)
            self.cluster.background(name, task, run_id, *self._place)
