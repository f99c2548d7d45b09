"""Raw columns to dense numbers, in standard Keras layers and ops only.

The same graph encodes the training rows and stands at the front of the model that is
served, so what is served is what was trained.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import Tensor, keras
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import (
    CYCLE_S,
    CategoryEncoding,
    DatetimeEncoding,
    ImageEncoding,
    InputEncoding,
    NumberEncoding,
    Scaling,
    TextEncoding,
)
from mtcore.engine.plans.encoder_plans import COLOURS
from mtcore.engine.plans.planning import HARMONICS

# Where smooth clipping levels off, in interquartile ranges from the median.
CLIP = 3.0
# Farther out, squares would overflow; smooth clipping gives ±3 long before.
FARTHEST = 1e6
LARGEST = 1e300
BEYOND = 1.7e308
# No cell holds it, so the word for unknown values is never read as a value.
UNKNOWN = "\x00unknown"


def raw_inputs(encoding: Encoding) -> dict[str, Tensor]:
    """Return one Keras input a column, by the names `c0`, `c1` and so on.

    Numbers are float64 with NaN for missing, moments float64 seconds since 1970 UTC,
    categories and texts strings with an empty one for missing, all of shape `(batch,
    1)`; pictures uint8 `(batch, height, width, 3)`, black all over where one is
    missing. Column names crash TensorFlow when they hold blanks or brackets;
    `Encoding.inputs` gives them by position.
    """
    return {
        f"c{place}": _raw_input(given, f"c{place}")
        for place, given in enumerate(encoding.inputs)
    }


def _raw_input(given: InputEncoding, name: str) -> Tensor:
    match given:
        case ImageEncoding():
            shape = (*given.reading.size, COLOURS)
            return keras.Input(shape, name=name, dtype="uint8")
        case CategoryEncoding() | TextEncoding():
            return keras.Input((1,), name=name, dtype="string")
        case NumberEncoding() | DatetimeEncoding():
            return keras.Input((1,), name=name, dtype="float64")


def network_inputs(encoding: Encoding, raw: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return all that a network takes from raw columns, as `feature_inputs` names it.

    Args:
        encoding: One entry a raw column.
        raw: As `raw_inputs` gives them.
    """
    dense, codes = encode_inputs(encoding, raw)
    parts = {"dense": dense, "codes": codes}
    there = {name: part for name, part in parts.items() if part is not None}
    pictures = [
        column
        for given, column in zip(encoding.inputs, raw.values(), strict=True)
        if isinstance(given, ImageEncoding)
    ]
    return there | {f"image_{place}": part for place, part in enumerate(pictures)}


def encode_inputs(
    encoding: Encoding, raw: dict[str, Tensor]
) -> tuple[Tensor | None, Tensor | None]:
    """Return a network's numbers and codes from raw columns.

    Args:
        encoding: One entry a raw column.
        raw: As `raw_inputs` gives them; pictures are passed over.

    Returns:
        Dense numbers, float32 `(batch, plan.dense_width)`, and codes, int32
        `(batch, categories and words)`: the codes of all categories, then those of
        each text's words; None where the encoding has no such column.
    """
    columns = list(zip(encoding.inputs, raw.values(), strict=True))
    quantities = [
        (given, column)
        for given, column in columns
        if isinstance(given, NumberEncoding | DatetimeEncoding)
    ]
    codes = [
        _code(given, column)
        for given, column in columns
        if isinstance(given, CategoryEncoding)
    ]
    codes += [
        _words(given, column)
        for given, column in columns
        if isinstance(given, TextEncoding)
    ]
    dense = _quantities(quantities) if quantities else None
    return dense, _joined(codes, "int32") if codes else None


def _quantities(
    columns: Sequence[tuple[NumberEncoding | DatetimeEncoding, Tensor]],
) -> Tensor:
    scalings = [given.scaling for given, _ in columns]
    values = _joined([column for _, column in columns], "float64")
    missing = keras.ops.isnan(values)
    centre = np.array([scaling.centre for scaling in scalings])
    filled = keras.ops.where(missing, centre, values)
    filled = keras.ops.clip(filled, -LARGEST, LARGEST)
    features = [_clipped_smoothly(filled, scalings)]
    can_miss = _places(scaling.can_miss for scaling in scalings)
    if can_miss.size:
        flags = keras.ops.take(missing, can_miss, axis=1)
        features.append(keras.ops.cast(flags, "float64"))
    features += [
        _cycle(column, CYCLE_S[cycle])
        for given, column in columns
        if isinstance(given, DatetimeEncoding)
        for cycle in given.cycles
    ]
    binned = _places(scaling.bins > 0 for scaling in scalings)
    if binned.size:
        chosen = keras.ops.take(filled, binned, axis=1)
        features.append(_positions(chosen, [scalings[place] for place in binned]))
    return keras.ops.cast(_joined(features, "float64"), "float32")


def _clipped_smoothly(filled: Tensor, scalings: Sequence[Scaling]) -> Tensor:
    """Return x/√(1+(x/3)²) of robustly scaled values, `(batch, quantities)`."""
    centre = np.array([scaling.centre for scaling in scalings])
    scale = np.array([scaling.scale for scaling in scalings])
    # Divided first, as the difference of two huge numbers would be infinite.
    scaled = keras.ops.clip(filled / scale - centre / scale, -FARTHEST, FARTHEST)
    return scaled / keras.ops.sqrt(1.0 + keras.ops.square(scaled / CLIP))


def _positions(filled: Tensor, scalings: Sequence[Scaling]) -> Tensor:
    """Return how many bins lie below each value, the last one in part.

    The network turns a position p into piecewise-linear features clip(p - k, 0, 1).
    """
    most = max(max(len(scaling.edges) - 1 for scaling in scalings), 1)
    lefts = np.full((len(scalings), most), BEYOND)
    widths = np.ones((len(scalings), most))
    for row, scaling in enumerate(scalings):
        edges: FloatArray = np.asarray(scaling.edges)
        if edges.size:
            lefts[row, : edges.size - 1] = edges[:-1]
            widths[row, : edges.size - 1] = np.diff(edges)
    shares = (keras.ops.expand_dims(filled, -1) - lefts) / widths
    return keras.ops.sum(keras.ops.clip(shares, 0.0, 1.0), axis=-1)


def _cycle(seconds: Tensor, period_s: float) -> Tensor:
    """Return sine and cosine of where moments are in a cycle; 0 where missing."""
    missing = keras.ops.isnan(seconds)
    known = keras.ops.where(missing, 0.0, seconds)
    share = keras.ops.mod(keras.ops.clip(known, -1e15, 1e15), period_s) / period_s
    waves = []
    for harmonic in range(1, HARMONICS + 1):
        angle = share * (2.0 * math.pi * harmonic)
        waves += [keras.ops.sin(angle), keras.ops.cos(angle)]
    return keras.ops.where(missing, 0.0, _joined(waves, "float64"))


def _code(given: CategoryEncoding, cells: Tensor) -> Tensor:
    """Return codes `(batch, 1)`: 0 unknown, 1 missing, 2 and more a value."""
    lookup = keras.layers.StringLookup(
        vocabulary=["", *given.vocabulary],
        mask_token=None,
        oov_token=UNKNOWN,
        num_oov_indices=1,
    )
    return lookup(cells)


def _words(given: TextEncoding, cells: Tensor) -> Tensor:
    """Return the codes of a text's first words, `(batch, length)`, padded in front.

    In front, so that a recurrent layer ends with the last word.
    """
    length = given.length
    lookup = keras.layers.TextVectorization(
        max_tokens=given.reading.vocabulary,
        standardize="lower_and_strip_punctuation",
        output_sequence_length=length,
        vocabulary=list(given.vocabulary),
    )
    codes = keras.ops.cast(lookup(cells), "int32")
    count = keras.ops.sum(keras.ops.cast(codes > 0, "int32"), axis=1, keepdims=True)
    places = keras.ops.mod(count + np.arange(length, dtype=np.int32), length)
    return keras.ops.take_along_axis(codes, places, axis=1)


def _joined(parts: Sequence[Tensor], dtype: str) -> Tensor:
    if len(parts) == 1:
        return keras.ops.cast(parts[0], dtype)
    parts = [keras.ops.cast(part, dtype) for part in parts]
    return keras.ops.concatenate(parts, axis=1)


def _places(chosen: Iterable[bool]) -> np.ndarray:
    return np.flatnonzero(list(chosen)).astype(np.int32)
