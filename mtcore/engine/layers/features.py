"""From a row's numbers, codes, texts and pictures to what the first layer reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

import numpy as np

from mtcore.engine.backend import Tensor, keras, tf
from mtcore.engine.plans.encoder_plans import (
    COLOURS,
    FILTERS,
    PIXELS_AT_ONCE,
    POOLED,
    SHORTCUT,
    STAGES,
    WORDS_AT_ONCE,
    ImagePlan,
    TextPlan,
)
from mtcore.engine.plans.plan import CategoryPlan, NetworkPlan

# Below all numbers that a word becomes.
LEAST = -1e9

Parts = Mapping[str, Tensor]
"""What a network is given, by the names of `feature_inputs`."""

Recurrent = Callable[[TextPlan, str], Tensor]
"""Makes the recurrent layer of a text, by its plan and name."""

Embedding = Callable[[CategoryPlan, str], Tensor]
"""Makes the embedding layer of a category, by its plan and name."""


def feature_inputs(plan: NetworkPlan) -> dict[str, Tensor]:
    """Return the Keras inputs of a network by name.

    `dense` float32 `(batch, plan.dense_width)`, `codes` int32 `(batch, categories and
    words)`, `image_0`, … uint8 `(batch, height, width, 3)`; those that the plan has
    none of are left out.
    """
    inputs: dict[str, Tensor] = {}
    if plan.dense_width:
        inputs["dense"] = keras.Input((plan.dense_width,), name="dense")
    codes = len(plan.categories) + sum(text.length for text in plan.texts)
    if codes:
        inputs["codes"] = keras.Input((codes,), name="codes", dtype="int32")
    for place, image in enumerate(plan.images):
        shape, name = (image.height, image.width, COLOURS), f"image_{place}"
        inputs[name] = keras.Input(shape, name=name, dtype="uint8")
    return inputs


def unpack(plan: NetworkPlan, dense: Tensor, codes: Tensor) -> dict[str, Tensor]:
    """Return rows of numbers and codes as a network takes them.

    Args:
        plan: The network's shape.
        dense: Float32 `(batch, plan.dense_width)`.
        codes: Int32 `(batch, plan.codes_width)`.
    """
    parts: dict[str, Tensor] = {}
    if plan.dense_width:
        parts["dense"] = dense
    start = len(plan.categories) + sum(text.length for text in plan.texts)
    if start:
        parts["codes"] = codes[:, :start]
    for place, image in enumerate(plan.images):
        packed = codes[:, start : start + image.codes]
        start += image.codes
        size = image.height * image.width * COLOURS
        pixels = tf.reshape(tf.bitcast(packed, tf.uint8), [packed.shape[0], -1])
        shape = [packed.shape[0], image.height, image.width, COLOURS]
        parts[f"image_{place}"] = tf.reshape(pixels[:, :size], shape)
    return parts


def connect_features(
    plan: NetworkPlan,
    given: Parts,
    recurrent: Recurrent,
    prefix: str = "",
    embedding: Embedding | None = None,
) -> Tensor:
    """Return what the first layer reads, float32 `(batch, plan.input_width)`.

    Args:
        plan: The network's shape.
        given: As `feature_inputs` names them.
        recurrent: Keras's own layers, or faster ones of the same numbers.
        prefix: Before the names of layers that one head alone reads.
        embedding: Keras's own layers by default, or faster ones of the same numbers.
    """
    embedded = embedding or keras_embedding
    parts: list[Tensor] = []
    if plan.dense_width:
        dense = given["dense"]
        parts.append(dense[:, : plan.features])
        if plan.binned:
            parts.append(_piecewise_linear(dense[:, plan.features :], plan.binned))
    parts += [
        _category(
            category, given["codes"][:, place], f"{prefix}embedding_{place}", embedded
        )
        for place, category in enumerate(plan.categories)
    ]
    start = len(plan.categories)
    for place, text in enumerate(plan.texts):
        words = given["codes"][:, start : start + text.length]
        start += text.length
        parts.append(_text(text, words, f"{prefix}text_{place}", recurrent))
    parts += [
        _image(image, given[f"image_{place}"], f"{prefix}image_{place}")
        for place, image in enumerate(plan.images)
    ]
    joined = keras.layers.Concatenate(name=f"{prefix}features")
    return joined(parts) if len(parts) > 1 else parts[0]


def keras_recurrent(text: TextPlan, name: str) -> Tensor:
    """Return Keras's own recurrent layer of a text."""
    kind = keras.layers.LSTM if text.encoder == "lstm" else keras.layers.GRU
    return kind(text.units, name=f"{name}_{text.encoder}")


def keras_embedding(category: CategoryPlan, name: str) -> Tensor:
    """Return Keras's own embedding layer of a category."""
    return keras.layers.Embedding(category.values + 2, category.units, name=name)


def _piecewise_linear(positions: Tensor, bins: Sequence[int]) -> Tensor:
    """Return clip(p - k, 0, 1) for every bin k of every quantity.

    Args:
        positions: Float32 `(batch, quantities)`.
        bins: Bins of each quantity, above 0.
    """
    most = max(bins)
    starts = np.arange(most, dtype=np.float32)
    shares = keras.ops.clip(keras.ops.expand_dims(positions, -1) - starts, 0.0, 1.0)
    flat = keras.ops.reshape(shares, (-1, most * len(bins)))
    used = [row * most + k for row, count in enumerate(bins) for k in range(count)]
    if len(used) == most * len(bins):
        return flat
    return keras.ops.take(flat, np.asarray(used, dtype=np.int32), axis=1)


def _category(
    category: CategoryPlan, codes: Tensor, name: str, embedding: Embedding
) -> Tensor:
    if category.units:
        return embedding(category, name)(codes)
    # An unknown value is -1 here, which is all zeros.
    return keras.ops.one_hot(codes - 1, category.width, dtype="float32")


def _text(text: TextPlan, codes: Tensor, name: str, recurrent: Recurrent) -> Tensor:
    words = keras.layers.Embedding(
        text.vocabulary, text.embedding, name=f"{name}_words"
    )(codes)
    match text.encoder:
        case "pool":
            return _pooled(words, codes)
        case "conv":
            convolution = keras.layers.Conv1D(
                text.units,
                WORDS_AT_ONCE,
                padding="same",
                activation="relu",
                name=f"{name}_conv",
            )
            return keras.ops.max(convolution(words), axis=1)
        case "lstm" | "gru":
            return recurrent(text, name)(words)
        case _:
            assert_never(text.encoder)


def _pooled(words: Tensor, codes: Tensor) -> Tensor:
    """Return mean and most of each number over a text's words, `(batch, 2 · width)`."""
    there = keras.ops.expand_dims(keras.ops.not_equal(codes, 0), -1)
    known = keras.ops.cast(there, "float32")
    # An empty text is all zeros: neither 0 / 0 nor the most of nothing.
    some = keras.ops.minimum(keras.ops.sum(known, axis=1), 1.0)
    count = keras.ops.maximum(keras.ops.sum(known, axis=1), 1.0)
    mean = keras.ops.sum(words * known, axis=1) / count
    most = keras.ops.max(keras.ops.where(there, words, LEAST), axis=1)
    return keras.ops.concatenate([mean, most * some], axis=1)


def _image(image: ImagePlan, pixels: Tensor, name: str) -> Tensor:
    """Return what is seen in pictures; all zeros of one that is missing: all black."""
    scaled = keras.layers.Rescaling(1.0 / 255.0, name=f"{name}_scaled")(pixels)
    match image.encoder:
        case "conv":
            convolved = _convolution(FILTERS, f"{name}_conv", padding="valid")(scaled)
            seen = keras.layers.MaxPooling2D(POOLED, name=f"{name}_pooled")(convolved)
            flat = keras.layers.Flatten(name=f"{name}_flat")(seen)
        case "small":
            seen = _small(scaled, name)
            laid = keras.layers.Flatten(name=f"{name}_flat")(seen)
            # What is there, wherever it is, beside what is where.
            flat = keras.ops.concatenate([laid, keras.ops.max(seen, axis=(1, 2))], 1)
        case _:
            assert_never(image.encoder)
    layer = keras.layers.Dense(image.units, activation="relu", name=f"{name}_units")
    there = keras.ops.max(scaled, axis=(1, 2, 3)) > 0.0
    return layer(flat) * keras.ops.expand_dims(keras.ops.cast(there, "float32"), -1)


def _small(scaled: Tensor, name: str) -> Tensor:
    """Return pictures halved three times, the middle past a shortcut (He and others).

    "Deep residual learning for image recognition", 2016.
    """
    seen = scaled - 0.5
    for place, filters in enumerate(STAGES):
        seen = _convolution(filters, f"{name}_stage_{place}")(seen)
        seen = keras.layers.MaxPooling2D(POOLED, name=f"{name}_halved_{place}")(seen)
        if filters == SHORTCUT:
            inner = _convolution(SHORTCUT, f"{name}_inner")(seen)
            outer = _convolution(SHORTCUT, f"{name}_outer", activation=None)(inner)
            seen = keras.ops.relu(seen + outer)
    return seen


def _convolution(
    filters: int,
    name: str,
    *,
    padding: str = "same",
    activation: str | None = "relu",
) -> Tensor:
    return keras.layers.Conv2D(
        filters,
        PIXELS_AT_ONCE,
        padding=padding,
        activation=activation,
        name=name,
    )
