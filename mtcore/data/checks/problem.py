"""What can be wrong with an experiment, and the change that would put it right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mtcore.errors import ExperimentError
from mtcore.spec import Experiment, Head, Input, experiment_from, plain_data

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fix:
    """One click that puts a problem right.

    Args:
        label: What the click does, as a button says it.
        experiment: The whole experiment after it.
    """

    label: str
    experiment: Experiment


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about an experiment that a person should know before training.

    Args:
        severity: An `error` keeps it from being trained, a `warning` does not.
        where: The head, column or field it is about, as people name it.
        sentence: What is wrong and the way out.
        fix: A change that puts it right, where there is an obvious one.
    """

    severity: Severity
    where: str
    sentence: str
    fix: Fix | None = None


Problems = Iterator[Problem]


def changed(experiment: Experiment, label: str, **fields: object) -> Fix | None:
    """Return the fix that sets some fields, or None where that would not hold.

    Args:
        experiment: What to start from.
        label: What the click does.
        fields: New values by the experiment's field names.
    """
    plain: dict[str, Any] = plain_data(experiment)
    try:
        return Fix(label, experiment_from({**plain, **fields}))
    except ExperimentError:
        return None


def with_head(
    experiment: Experiment, head: Head, label: str, **fields: object
) -> Fix | None:
    """Return the fix that rebuilds one head, its other fields kept where they fit."""
    plain = plain_data(experiment)
    heads = []
    for entry in plain["heads"]:
        if entry["name"] != head.name:
            heads.append(entry)
        elif "kind" in fields:
            kept = ("name", "columns", "weight", "layers")
            heads.append({**{key: entry[key] for key in kept}, **fields})
        else:
            heads.append({**entry, **fields})
    return changed(experiment, label, heads=heads)


def without_head(experiment: Experiment, head: Head) -> Fix | None:
    """Return the fix that takes a head away."""
    plain = plain_data(experiment)
    heads = [entry for entry in plain["heads"] if entry["name"] != head.name]
    training = plain["training"]
    if training["monitor"] == head.name:
        training = {**training, "monitor": None}
    return changed(
        experiment, f"Remove head '{head.name}'", heads=heads, training=training
    )


def without_column(experiment: Experiment, column: str) -> Fix | None:
    """Return the fix that takes a column out of the inputs."""
    label = f"Leave column '{column}' out"
    if experiment.inputs is None:
        return changed(experiment, label, exclude=[*experiment.exclude, column])
    inputs = [given for given in experiment.inputs if given.column != column]
    return changed(experiment, label, inputs=plain_inputs(inputs))


def plain_inputs(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    """Return inputs as plain data."""
    return [given.model_dump(mode="json") for given in inputs]
