"""The raw-column model with codes in place of words, as ONNX knows no vocabularies."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mtcore.engine.backend import Model, Tensor, keras
from mtcore.engine.served.predictor import Servable
from mtcore.engine.served.whole_model import Names

OPSET = 17


def coded_model(trained: Servable, names: Names) -> Model:
    """Return the networks' model, categories given as int64 codes.

    0 is an unknown value, 1 a missing cell, and 2 and more a value, in the order of
    its vocabulary.

    Args:
        trained: Its inputs are numbers, moments and categories.
        names: What inputs and outputs are called.

    Returns:
        A functional model from `(batch, 1)` a column to `(batch, width)` a head.
    """
    model = _without_words(trained.model)
    given = {
        tensor.name: keras.Input(
            (1,), dtype=_dtype(tensor), name=names.inputs[tensor.name]
        )
        for tensor in trained.model.inputs
    }
    answers = model(given)
    return keras.Model(
        {names.inputs[own]: tensor for own, tensor in given.items()},
        {name: answers[own] for own, name in names.outputs.items()},
        name="networks",
    )


def save_onnx(model: Model, told: str, path: Path) -> None:
    """Write a model of codes as ONNX; what its columns are stands in its metadata."""
    import onnx

    # Keras exports a model that has been called once.
    model({given.name: keras.ops.zeros((1, 1), given.dtype) for given in model.inputs})
    with _quiet_conversion():
        model.export(str(path), format="onnx", opset_version=OPSET, verbose=False)
    written = onnx.load(path)
    written.metadata_props.add(key="columns", value=told)
    onnx.save(written, path)


def _without_words(model: Model) -> Model:
    """Return a model with the same weights whose vocabularies let codes through."""

    def copied(layer: Tensor) -> Tensor:
        if isinstance(layer, keras.layers.StringLookup):
            return keras.layers.Identity(dtype="int64", name=layer.name)
        if isinstance(layer, keras.Model):
            return _without_words(layer)
        return layer.__class__.from_config(layer.get_config())

    inputs = {
        tensor.name: keras.Input((1,), dtype=_dtype(tensor), name=tensor.name)
        for tensor in model.inputs
    }
    copy = keras.models.clone_model(model, input_tensors=inputs, clone_function=copied)
    copy.set_weights(model.get_weights())
    return copy


def _dtype(tensor: Tensor) -> str:
    return "int64" if tensor.dtype == "string" else str(tensor.dtype)


@contextmanager
def _quiet_conversion() -> Iterator[None]:
    """Hear nothing of what the converter finds remarkable about shapes and NumPy."""
    logger = logging.getLogger("tf2onnx")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
