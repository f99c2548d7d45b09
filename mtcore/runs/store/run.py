"""A run as people see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mtcore.runs.store.study import Study
from mtcore.runs.store.summary import RunSummary
from mtcore.spec import Experiment
from mtcore.spec.base import Frozen

Status = Literal["SCHEDULED", "RUNNING", "INTERRUPTED", "FINISHED", "FAILED", "KILLED"]
"""MLflow's statuses, and INTERRUPTED: RUNNING without a sign of life."""

EndedBy = Literal["epochs", "patience", "stop"]

Stage = Literal[
    "waiting", "resuming", "reading", "encode", "compile", "train", "trees", "finish",
    "judging", "saving",
]  # fmt: skip
"""What a run is doing; the engine's stages and those around them."""

ACTIVE: frozenset[Status] = frozenset({"SCHEDULED", "RUNNING", "INTERRUPTED"})
INTERRUPTED_AFTER_S = 15.0


class RunProgress(Frozen):
    """How far a run is.

    Args:
        stage: What it is doing.
        epoch: Epochs done.
        epochs: Epochs at most.
        seconds_left: An estimate, or None.
        network: Which of the networks to be averaged is trained, from 1.
        networks: How many there are.
        program: How its epochs run, for whoever trains the same again.
    """

    stage: Stage
    epoch: int = 0
    epochs: int = 0
    seconds_left: float | None = None
    network: int = 1
    networks: int = 1
    program: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One training of one experiment on one data set.

    Args:
        id: As the store made it.
        name: What people call it.
        status: What became of it.
        ended_by: Why training ended, where it did; `stop` = a person's wish.
        created: When it was asked for, UTC.
        ended: When it ended, UTC.
        dataset_id: What it is trained on.
        dataset_name: What people called that when the run was made.
        parent: The run it was made from with changes, or that it is a study of.
        experiment: All that decides what is built, trained and judged.
        progress: How far it is, or was when it ended.
        failure: Why it failed, in plain words.
        summary: What it came to; there once it has finished.
        heartbeat: Its last sign of life, UTC.
        stopping: Whether a person asked it to stop.
        deleted_at: When it was deleted, UTC; it can still be restored.
        study: The question that it answers about its parent; None = it makes a model.
        note: What people wrote about it.
        labels: Words that people tell runs apart by.
        archived: Whether it is kept out of the way, in no list unless asked for.
    """

    id: str
    name: str
    status: Status
    ended_by: EndedBy | None
    created: datetime
    ended: datetime | None
    dataset_id: str
    dataset_name: str
    parent: str | None
    experiment: Experiment
    progress: RunProgress | None
    failure: str | None
    summary: RunSummary | None
    heartbeat: datetime | None
    stopping: bool = False
    deleted_at: datetime | None = None
    study: Study | None = None
    note: str = ""
    labels: tuple[str, ...] = ()
    archived: bool = False

    @property
    def deleted(self) -> bool:
        """Whether it was deleted and can still be restored."""
        return self.deleted_at is not None
