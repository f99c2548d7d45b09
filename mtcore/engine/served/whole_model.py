"""A run's whole answer as one Keras model, and how that is written to the disk."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from mtcore.engine.backend import Model, keras
from mtcore.engine.served.predictor import Servable
from mtcore.engine.served.tree_layers import connect_blend
from mtcore.spec import Experiment

COLUMNS_FILE = "columns.json"
"""Beside the model: what its inputs and outputs are, in people's words."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the inputs and outputs of a model are called.

    Args:
        inputs: By `c0`, `c1`, …
        outputs: By `h0`, `h1`, …
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def whole_model(experiment: Experiment, trained: Servable, names: Names) -> Model:
    """Return a model that answers as the run does, trees included.

    It is made of standard Keras layers and ops, so that Keras alone loads it.

    Args:
        experiment: What was trained.
        trained: The network, with what feeds it and the trees beside it.
        names: What inputs and outputs are called.

    Returns:
        A functional model from raw columns, `(batch, 1)` each, to each head's answers,
        `(batch, width)`.

    Raises:
        InputError: The trees are too many to be kept in layers.
    """
    given = {
        tensor.name: keras.Input(
            tensor.shape[1:], dtype=tensor.dtype, name=names.inputs[tensor.name]
        )
        for tensor in trained.model.inputs
    }
    answers = dict(trained.model(given))
    if trained.blend is not None:
        heads = experiment.head_ids()
        columns = {
            encoded.column: given[f"c{place}"]
            for place, encoded in enumerate(trained.encoding.inputs)
        }
        by_name = {name: answers[own] for name, own in heads.items()}
        mixed = connect_blend(trained.blend, columns, by_name)
        answers = {own: mixed[name] for name, own in heads.items()}
    return keras.Model(
        {names.inputs[own]: tensor for own, tensor in given.items()},
        {name: answers[own] for own, name in names.outputs.items()},
        name="run",
    )


def save_keras(model: Model, told: bytes, path: Path) -> None:
    """Write a model as a `.keras` file, with `columns.json` among its parts."""
    with warnings.catch_warnings():
        # Keras copies variables in a way that NumPy 2 warns about.
        warnings.simplefilter("ignore", DeprecationWarning)
        model.save(path)
    with ZipFile(path, "a") as file:
        file.writestr(COLUMNS_FILE, told)


def save_savedmodel(model: Model, told: bytes, folder: Path) -> None:
    """Write a model as a SavedModel, with `assets.extra/columns.json`.

    Its signature `serving_default` takes a tensor a column and gives one a head.
    """
    archive = keras.export.ExportArchive()
    # To find the tables of words Keras traces each model that it is told of, and every
    # model inside it. A model's variables are found by its endpoint alone.
    for layer in _layers_of(model):
        archive.track(layer)
    archive.add_endpoint("serve", model.__call__, [model.input])
    archive.write_out(folder, verbose=False)
    extra = folder / "assets.extra"
    extra.mkdir(exist_ok=True)
    (extra / COLUMNS_FILE).write_bytes(told)


def _layers_of(model: Model) -> Iterator[Model]:
    """Yield the layers of a model and of the models inside it, but no model."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _layers_of(layer)
        else:
            yield layer
