"""Exporting a run's model to a file or a folder that others can use without us."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from mtcore.errors import InputError
from mtcore.export.exported import Exported
from mtcore.export.models.model_words import describe_names, input_names, output_names
from mtcore.spec import Experiment

if TYPE_CHECKING:
    from mtcore.engine.backend import Model
    from mtcore.engine.served.predictor import Servable


def export_keras(experiment: Experiment, trained: Servable, path: Path) -> Exported:
    """Write the whole answer as a `.keras` file.

    Raises:
        InputError: The trees are too many to be kept in layers.
    """
    from mtcore.engine.served.whole_model import save_keras

    told = describe_names(experiment, trained)
    save_keras(_whole(experiment, trained), _as_json(told), path)
    return Exported(path, _notes(told, trained))


def export_savedmodel(
    experiment: Experiment, trained: Servable, folder: Path
) -> Exported:
    """Write the whole answer as a SavedModel folder.

    Raises:
        InputError: The trees are too many to be kept in layers.
    """
    from mtcore.engine.served.whole_model import save_savedmodel

    told = describe_names(experiment, trained)
    shutil.rmtree(folder, ignore_errors=True)
    save_savedmodel(_whole(experiment, trained), _as_json(told), folder)
    return Exported(folder, _notes(told, trained))


def export_onnx(experiment: Experiment, trained: Servable, path: Path) -> Exported:
    """Write the networks as ONNX, categories as codes.

    Raises:
        InputError: Something reads the inputs that ONNX has no layers for.
    """
    from mtcore.engine.served.coded_model import coded_model, save_onnx
    from mtcore.engine.served.whole_model import Names

    for given in trained.encoding.inputs:
        if given.kind not in ("number", "datetime", "category", "boolean"):
            msg = (
                f"ONNX has no layers that read the {given.kind} column "
                f"'{given.column}'. Export keras or savedmodel instead."
            )
            raise InputError(msg, where=given.column)
    told = describe_names(experiment, trained)
    names = Names(input_names(trained.encoding), output_names(experiment))
    save_onnx(coded_model(trained, names), _as_json(told).decode(), path)
    notes = [
        "It takes numbers, seconds since 1970 UTC for moments, and a code for each "
        "category: 0 unknown, 1 missing, 2 and more its values in the order that the "
        "metadata 'columns' tells."
    ]
    if _is_blended(trained):
        notes.append(
            "It holds the networks alone: the run blends their answers with those of "
            "trees. The Keras model has both."
        )
    return Exported(path, (*notes, *_renamed(told)))


def _whole(experiment: Experiment, trained: Servable) -> Model:
    from mtcore.engine.served.whole_model import Names, whole_model

    names = Names(input_names(trained.encoding), output_names(experiment))
    return whole_model(experiment, trained, names)


def _as_json(told: dict[str, Any]) -> bytes:
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _notes(told: dict[str, Any], trained: Servable) -> tuple[str, ...]:
    """Return what people should know about a model of Keras's."""
    notes = [
        "It takes raw columns and gives every head's answer in its own units; "
        "columns.json inside it says which is which."
    ]
    if _is_blended(trained):
        notes.append("It answers as the run does: the trees are in it as layers.")
    return (*notes, *_renamed(told))


def _is_blended(trained: Servable) -> bool:
    return trained.blend is not None and bool(trained.blend.forests)


def _renamed(told: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """Return which columns and heads are called otherwise in the file."""
    notes = []
    for what, group, key in (
        ("Input", told["inputs"], "column"),
        ("Output", told["outputs"], "head"),
    ):
        renamed = [
            f"'{given[key]}' is called '{name}'"
            for name, given in group.items()
            if given[key] != name
        ]
        notes += _few(what, renamed)
    return notes


def _few(what: str, renamed: Sequence[str], most: int = 5) -> list[str]:
    if not renamed:
        return []
    more = f" and {len(renamed) - most} more" if len(renamed) > most else ""
    names = ", ".join(renamed[:most])
    return [f"{what} names that TensorFlow does not take: {names}{more}."]
