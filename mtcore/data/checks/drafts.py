"""Problems of an experiment that is still being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtcore.data.checks.problem import Fix, Problem
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment, experiment_from


def read_draft(
    plain: Mapping[str, Any],
) -> tuple[Experiment | None, tuple[Problem, ...]]:
    """Return the experiment that a draft holds, or what keeps it from being one.

    Args:
        plain: An experiment as plain data, perhaps not a whole one.

    Returns:
        The experiment and no problem, or None and one error whose fix is the nearest
        whole experiment where there is an obvious one.
    """
    try:
        return experiment_from(dict(plain)), ()
    except ExperimentError as error:
        fix = _nearest(dict(plain))
        problem = Problem("error", error.where or "experiment", error.message, fix)
        return None, (problem,)


def _nearest(plain: dict[str, Any]) -> Fix | None:
    """Return the first small change that makes the draft whole."""
    heads = [head for head in plain.get("heads") or () if isinstance(head, dict)]
    targets = {name for head in heads for name in _names(head.get("columns"))}
    inputs = [given for given in plain.get("inputs") or () if isinstance(given, dict)]
    training = plain.get("training") or {}
    free = [given for given in inputs if given.get("column") not in targets]
    whole = [head for head in heads if head.get("columns")]
    changes: list[tuple[str, dict[str, Any]]] = [
        ("Take the targets out of the inputs", {"inputs": free}),
        ("Remove the heads without columns", {"heads": whole}),
        ("Set every weight to 1", {"heads": [{**head, "weight": 1.0} for head in
                                             heads]}),
        ("Use the mean of all heads", {"training": {**training, "monitor": None}}),
        ("Use each head's usual loss", {"heads": [_without(head, "loss") for head in
                                                  heads]}),
        ("Use every other column as an input", {"inputs": None}),
    ]  # fmt: skip
    for label, change in changes:
        try:
            return Fix(label, experiment_from({**plain, **change}))
        except ExperimentError:
            continue
    return None


def _without(head: dict[str, Any], field: str) -> dict[str, Any]:
    return {key: value for key, value in head.items() if key != field}


def _names(columns: object) -> tuple[str, ...]:
    if isinstance(columns, str):
        return (columns,)
    return tuple(columns) if isinstance(columns, list | tuple) else ()
