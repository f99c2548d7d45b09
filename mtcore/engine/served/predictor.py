"""A trained model that answers for tables, from memory or from a folder."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Protocol, final

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.engine.backend import Model, keras
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.rows.rows import (
    as_tensors,
    compiled_call,
    raw_columns,
    rows_at_once,
)
from mtcore.errors import MissingError
from mtcore.spec import Experiment
from mtcore.trees.blend import Blend, load_blend, save_blend

PREDICTED_AT_ONCE = 8_192
MODEL_FILE = "model.keras"
ENCODING_FILE = "encoding.json"
TREES_FILE = "trees.npz"


@final
class Predictor:
    """Answers for rows of a table, all heads together.

    Args:
        experiment: What was trained; gives heads their names.
        encoding: Fitted on its training rows.
        model: The raw-column model.
        blend: Trees that have a part in the answers, or None.
    """

    def __init__(
        self,
        experiment: Experiment,
        encoding: Encoding,
        model: Model,
        blend: Blend | None = None,
    ) -> None:
        self.encoding = encoding
        self.model = model
        self.blend = blend
        self._names = {head: name for name, head in experiment.head_ids().items()}
        self._call = compiled_call(model)
        self._rows_at_once = rows_at_once(encoding, PREDICTED_AT_ONCE)

    def predict(self, table: Table) -> dict[str, FloatArray]:
        """Return every head's outputs by its name, float64 `(rows, width)`.

        Numbers in their targets' units, probabilities for classes. Missing cells,
        unknown categories and values out of range are answered for too.

        Args:
            table: Any rows that have the input columns.

        Raises:
            ColumnError: The table lacks an input column.
        """
        batches = [*table.batches(self._rows_at_once)] if table.rows else [table]
        blocks = [
            self._call(as_tensors(raw_columns(self.encoding, batch)))
            for batch in batches
        ]
        outputs = {
            name: np.concatenate([block[head].numpy() for block in blocks]).astype(
                np.float64
            )
            for head, name in self._names.items()
        }
        return outputs if self.blend is None else self.blend.mix(outputs, table)


class Servable(Protocol):
    """A trained model with what is needed to feed it."""

    @property
    def encoding(self) -> Encoding:
        """How its inputs are encoded."""

    @property
    def model(self) -> Model:
        """The raw-column model."""

    @property
    def blend(self) -> Blend | None:
        """Trees that have a part in its answers."""


def save_model(trained: Servable, folder: Path) -> None:
    """Write a trained model into a folder.

    `model.keras`, `encoding.json`, and `trees.npz` where trees have a part in the
    answers: the Keras model is the network alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # Keras copies variables in a way that NumPy 2 warns about.
        warnings.simplefilter("ignore", DeprecationWarning)
        trained.model.save(folder / MODEL_FILE)
    (folder / ENCODING_FILE).write_text(
        trained.encoding.model_dump_json(), encoding="utf-8"
    )
    if trained.blend is not None:
        save_blend(trained.blend, folder / TREES_FILE)


def load_predictor(folder: Path, experiment: Experiment) -> Predictor:
    """Return the trained model that a folder holds, ready to answer.

    Args:
        folder: As `save_model` wrote it.
        experiment: What was trained.

    Raises:
        MissingError: The folder holds no model, or its trees can't be read.
    """
    if not (folder / MODEL_FILE).is_file():
        msg = f"There is no trained model in '{folder.name}'. Train the run again."
        raise MissingError(msg)
    text = (folder / ENCODING_FILE).read_text(encoding="utf-8")
    model = keras.models.load_model(folder / MODEL_FILE, compile=False)
    trees = folder / TREES_FILE
    blend = load_blend(trees) if trees.is_file() else None
    return Predictor(experiment, Encoding.model_validate_json(text), model, blend)
