"""The keys of tasks, agreed on by server and workers: none is queued twice."""

from __future__ import annotations

import hashlib

import orjson

from mtcore.spec import Experiment

BASELINES_KEY = "baselines-{}"
"""The key of the task that makes trees beside a run, by the run's id."""

IMPORTANCE_KEY = "importance-{}"
"""The key of the task that works out what its heads rest on, by the run's id."""

SEGMENTS_KEY = "segments-{}"
"""The key of the task that works out where it is weak, by the run's id."""

TAKEAWAY_KEY = "takeaway-{}-{}"
"""The key of the task that makes a file to take away, by its name and the run's id."""

# What a program is called with, so that it is not compiled for it.
_ARGUMENTS = (
    *("epochs", "learning_rate", "patience", "monitor"),
    *("balance_rate", "balance_decay", "measure_every"),
)


def program_key(experiment: Experiment, dataset_id: str) -> str:
    """Return the key of the task that compiles an experiment's program.

    It is the same for experiments that share one.
    """
    plain = experiment.model_dump(mode="json", exclude={"name", "reading", "exclude"})
    for head in plain["heads"]:
        for field in ("name", "weight", "metrics"):
            head.pop(field)
    for field in _ARGUMENTS:
        plain["training"].pop(field)
    plain.pop("seed")
    content = orjson.dumps([dataset_id, plain], option=orjson.OPT_SORT_KEYS)
    return f"prepare-{hashlib.sha256(content).hexdigest()[:24]}"
