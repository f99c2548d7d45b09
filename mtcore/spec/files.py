"""Experiments as YAML and JSON, in and out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mtcore.errors import ExperimentError
from mtcore.spec.experiment import Experiment
from mtcore.spec.messages import sentence_for
from mtcore.spec.trunk import TRUNK_KINDS
from mtcore.spec.yaml_text import parse_yaml, write_yaml

MAX_BYTES = 1_000_000


def load_experiment(path: Path) -> Experiment:
    """Return the experiment that a YAML or JSON file holds.

    Raises:
        ExperimentError: The file is missing, too large, not YAML or JSON, or holds
            something else than an experiment.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            msg = (
                f"'{path.name}' is larger than 1 MB, which no experiment is. Is it the "
                "data? Give the data with --data."
            )
            raise ExperimentError(msg)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = (
            f"The experiment '{path}' cannot be read: {error.strerror}. Check its path."
        )
        raise ExperimentError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"'{path.name}' is not a text file, so it holds no experiment."
        raise ExperimentError(msg) from error
    return parse_experiment(text)


def parse_experiment(text: str) -> Experiment:
    """Return the experiment that a YAML or JSON text holds.

    Raises:
        ExperimentError: The text is not YAML, or holds something else.
    """
    return experiment_from(parse_yaml(text))


def experiment_from(given: object) -> Experiment:
    """Return a checked experiment from plain data.

    Args:
        given: Mappings, lists and scalars, as YAML and JSON give them.

    Raises:
        ExperimentError: With the head or column that is wrong and the way out.
    """
    if not isinstance(given, dict):
        msg = (
            "An experiment is a list of named fields such as 'heads:'; this is not. "
            "Make one with 'suggest'."
        )
        raise ExperimentError(msg)
    try:
        return Experiment.model_validate(given)
    except ValidationError as error:
        raise sentence_for(error, given) from error


def dump_yaml(experiment: Experiment) -> str:
    """Return an experiment as YAML that loads to an equal experiment."""
    return write_yaml(plain_data(experiment))


def dump_json(experiment: Experiment) -> str:
    """Return an experiment as JSON, indented for people."""
    return json.dumps(plain_data(experiment), indent=2, ensure_ascii=False)


def plain_data(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment as mappings, lists and scalars, names first."""
    plain: dict[str, Any] = experiment.model_dump(mode="json")
    if plain["reading"] is not None:
        known = {
            key: value for key, value in plain["reading"].items() if value is not None
        }
        plain["reading"] = known or None
    plain["trunk"] = _names_first(plain["trunk"])
    for part in ("heads", "inputs"):
        plain[part] = plain[part] and [_names_first(entry) for entry in plain[part]]
    return plain


def experiment_schema() -> dict[str, Any]:
    """Return the JSON schema of an experiment."""
    return Experiment.model_json_schema()


def apply_settings(experiment: Experiment, settings: Sequence[str]) -> Experiment:
    """Return the experiment with some fields changed.

    Args:
        experiment: What to start from; it stays as it is.
        settings: Each `path=value`, the path's parts joined by dots, heads by name,
            such as `heads.cooling.weight=2` or `training.epochs=50`.

    Raises:
        ExperimentError: A path leads nowhere or a value does not fit.
    """
    plain = plain_data(experiment)
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals:
            msg = f"'{setting}' sets nothing. Write it as path=value, such as seed=1."
            raise ExperimentError(msg)
        _set(plain, path.strip(), parse_yaml(value))
    return experiment_from(plain)


def _set(plain: dict[str, Any], path: str, value: object) -> None:
    entry: dict[str, Any] = plain
    rest = path
    if path.startswith("heads."):
        names = [str(head["name"]) for head in plain["heads"]]
        rest = path.removeprefix("heads.")
        fitting = [name for name in names if rest.startswith(f"{name}.")]
        if not fitting:
            msg = f"'{path}' names no head. The heads are {', '.join(names)}."
            raise ExperimentError(msg)
        name = max(fitting, key=len)
        entry = plain["heads"][names.index(name)]
        rest = rest.removeprefix(f"{name}.")
    elif path == "trunk.kind":
        plain["trunk"] = _fitting(plain["trunk"], str(value))
    *parents, field = rest.split(".")
    for parent in parents:
        if entry.get(parent) is None:
            entry[parent] = {}
        if not isinstance(entry[parent], dict):
            msg = f"'{path}' leads nowhere: '{parent}' holds no named fields."
            raise ExperimentError(msg)
        entry = entry[parent]
    entry[field] = value


def _fitting(trunk: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return a trunk's fields without those that another kind has not."""
    if kind not in TRUNK_KINDS:
        return trunk
    fields = TRUNK_KINDS[kind].model_fields
    return {field: value for field, value in trunk.items() if field in fields}


def _names_first(entry: dict[str, Any]) -> dict[str, Any]:
    first = ("name", "kind", "column", "columns", "loss", "weight")
    order = [key for key in first if key in entry]
    order += [key for key in entry if key not in first]
    return {key: entry[key] for key in order}
