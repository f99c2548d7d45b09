"""A trained model that answers for tables, from memory or from a folder."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Protocol, final

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.table import Table
from mtcore.engine.backend import Model, keras
from mtcore.engine.encoding import Encoding
from mtcore.engine.rows import as_tensors, compiled_call, raw_columns
from mtcore.errors import MissingError
from mtcore.spec import Experiment

PREDICTED_AT_ONCE = 8_192
MODEL_FILE = "model.keras"
ENCODING_FILE = "encoding.json"


@final
class Predictor:
    """Answers for rows of a table, all heads together.

    Args:
        experiment: What was trained; gives heads their names.
        encoding: Fitted on its training rows.
        model: The raw-column model.
    """

    def __init__(
        self, experiment: Experiment, encoding: Encoding, model: Model
    ) -> None:
        self.encoding = encoding
        self.model = model
        self._names = {head: name for name, head in experiment.head_ids().items()}
        self._call = compiled_call(model)

    def predict(self, table: Table) -> dict[str, FloatArray]:
        """Return every head's outputs by its name, float64 `(rows, width)`.

        Numbers in their targets' units, probabilities for classes. Missing cells,
        unknown categories and values out of range are answered for too.

        Args:
            table: Any rows that have the input columns.

        Raises:
            ColumnError: The table lacks an input column.
        """
        columns = raw_columns(self.encoding, table)
        blocks = []
        for start in range(0, max(table.rows, 1), PREDICTED_AT_ONCE):
            stop = start + PREDICTED_AT_ONCE
            block = {name: values[start:stop] for name, values in columns.items()}
            blocks.append(self._call(as_tensors(block)))
        return {
            name: np.concatenate([block[head].numpy() for block in blocks]).astype(
                np.float64
            )
            for head, name in self._names.items()
        }


class Servable(Protocol):
    """A trained model with what is needed to feed it."""

    @property
    def encoding(self) -> Encoding:
        """How its inputs are encoded."""

    @property
    def model(self) -> Model:
        """The raw-column model."""


def save_model(trained: Servable, folder: Path) -> None:
    """Write a trained model into a folder: `model.keras` and `encoding.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # Keras copies variables in a way that NumPy 2 warns about.
        warnings.simplefilter("ignore", DeprecationWarning)
        trained.model.save(folder / MODEL_FILE)
    (folder / ENCODING_FILE).write_text(
        trained.encoding.model_dump_json(), encoding="utf-8"
    )


def load_predictor(folder: Path, experiment: Experiment) -> Predictor:
    """Return the trained model that a folder holds, ready to answer.

    Args:
        folder: As `save_model` wrote it.
        experiment: What was trained.

    Raises:
        MissingError: The folder holds no model.
    """
    if not (folder / MODEL_FILE).is_file():
        msg = f"There is no trained model in '{folder.name}'. Train the run again."
        raise MissingError(msg)
    text = (folder / ENCODING_FILE).read_text(encoding="utf-8")
    model = keras.models.load_model(folder / MODEL_FILE, compile=False)
    return Predictor(experiment, Encoding.model_validate_json(text), model)
