"""Names that server and workers share."""

from __future__ import annotations

import hashlib

import orjson

from mtcore.spec import Experiment

BASELINES_FILE = "baselines.json"
"""Among a run's files: the scores of gradient-boosted trees beside it."""

BASELINES_KEY = "baselines-{}"
"""The key of the task that makes them, by the run's id."""

INTERVALS_FILE = "intervals.json"
"""Among a run's files: how far ranges reach around its answers."""

IMPORTANCE_FILE = "importance.json"
"""Among a run's files: what its heads rest on."""

IMPORTANCE_KEY = "importance-{}"
"""The key of the task that works it out, by the run's id."""

JOINT_FILE = "joint.json"
"""Among a run's files: how the mistakes of its heads go together."""

TEMPERATURES_FILE = "temperatures.json"
"""Among a run's files: what a temperature does to the probabilities of its heads."""

SEGMENTS_FILE = "segments.json"
"""Among a run's files: its metrics by the values of columns."""

SEGMENTS_KEY = "segments-{}"
"""The key of the task that works them out, by the run's id."""

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
