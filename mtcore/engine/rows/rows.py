"""Encoded rows, padded to a size that programs are compiled for."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtcore.data.tables.table import BATCH_ROWS, Table
from mtcore.engine.backend import Model, Tensor, keras, on_processor, tf
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import (
    CategoryEncoding,
    DatetimeEncoding,
    ImageEncoding,
    InputEncoding,
    NumberEncoding,
    TextEncoding,
)
from mtcore.engine.plans.encoder_plans import COLOURS, pack_pictures
from mtcore.engine.plans.planning import plan_image
from mtcore.engine.rows.labels import Labels, SingleArray
from mtcore.engine.rows.preprocessing import network_inputs, raw_inputs

ENCODED_AT_ONCE = 8_192
# Bytes of pictures that are worked on at once; a convolution makes some 40 of each.
PICTURE_BYTES_AT_ONCE = 3_000_000
SMALLEST_BUCKET = 64


@dataclass(frozen=True, slots=True)
class EncodedRows:
    """Rows as a program reads them.

    Args:
        numbers: Float32 `(bucket, dense + 2 · targets)`: dense inputs, targets, and
            their weights. Rows after the last real one weigh 0.
        codes: `(bucket, plan.codes_width)`, as `held_codes` gives them: of categories,
            of texts' words, and the bytes of pictures.
        rows: How many rows are real; the bucket has at least one more.
    """

    numbers: Tensor
    codes: Tensor
    rows: int

    @property
    def bucket(self) -> int:
        """Rows with padding."""
        return int(self.numbers.shape[0])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Real rows of each block; rows in memory are a single one."""
        return (self.rows,)

    @property
    def blank(self) -> EncodedRows:
        """Rows of the shape that programs get, to compile for it."""
        return self

    def read(self, places: Sequence[int]) -> Generator[EncodedRows]:
        """Yield the blocks at some places."""
        for _ in places:
            yield self


class RowBlocks(Protocol):
    """Encoded rows in blocks that programs take one after another."""

    @property
    def rows(self) -> int:
        """Real rows in all blocks."""

    @property
    def bucket(self) -> int:
        """Rows of a block, with padding."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Real rows of each block."""

    @property
    def blank(self) -> EncodedRows:
        """Rows of the shape that programs get, to compile for it."""

    def read(self, places: Sequence[int]) -> Generator[EncodedRows]:
        """Yield the blocks at some places, in that order."""


def bucket_of(rows: int) -> int:
    """Return the padded size of so many rows: a quarter power of 2 above them.

    Examples:
        >>> bucket_of(0), bucket_of(63), bucket_of(64), bucket_of(1000)
        (64, 64, 80, 1024)
    """
    size = SMALLEST_BUCKET
    while 2 * size <= rows:
        size *= 2
    return next(
        size * quarters // 4 for quarters in range(4, 9) if size * quarters // 4 > rows
    )


def held_codes(codes: NDArray[np.int32]) -> Tensor:
    """Return codes as a tensor where the networks train.

    A graph takes int32 tensors from the processor's memory, and copies all of them to
    a GPU at every step. There they are held as float32 numbers of the same bits, which
    programs read as int32 again.

    Args:
        codes: Int32 of any shape.
    """
    return tf.constant(codes if on_processor() else codes.view(np.float32))


def rows_at_once(encoding: Encoding, most: int) -> int:
    """Return how many rows are worked on together: fewer where they hold pictures."""
    pixels = sum(
        math.prod(given.reading.size)
        for given in encoding.inputs
        if isinstance(given, ImageEncoding)
    )
    if not pixels:
        return most
    return max(min(most, PICTURE_BYTES_AT_ONCE // (pixels * COLOURS)), 1)


def raw_columns(encoding: Encoding, table: Table) -> dict[str, NDArray[np.generic]]:
    """Return a table's input columns as the served model takes them.

    Raises:
        ColumnError: The table lacks a column.
    """
    return {
        f"c{place}": _raw_column(given, table)
        for place, given in enumerate(encoding.inputs)
    }


def _raw_column(given: InputEncoding, table: Table) -> NDArray[np.generic]:
    match given:
        case CategoryEncoding() | TextEncoding():
            cells = table.categories(given.column)
            texts = ["" if cell is None else cell for cell in cells]
            return np.array(texts, dtype=object).reshape(-1, 1)
        case DatetimeEncoding():
            return table.timestamps(given.column).reshape(-1, 1)
        case NumberEncoding():
            return table.numbers(given.column).reshape(-1, 1)
        case ImageEncoding():
            return table.pictures(given.column, *given.reading.size)


def as_tensors(columns: dict[str, NDArray[np.generic]]) -> dict[str, Tensor]:
    """Return raw columns as tensors: strings, uint8 of pictures, or float64."""
    kinds = {np.dtype(np.object_): tf.string, np.dtype(np.uint8): tf.uint8}
    return {
        name: tf.constant(values, kinds.get(values.dtype, tf.float64))
        for name, values in columns.items()
    }


class ColumnEncoder:
    """Turns tables into the numbers that a network reads.

    Args:
        encoding: Fitted on training rows.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._images = [
            given for given in encoding.inputs if isinstance(given, ImageEncoding)
        ]
        others = [given for given in encoding.inputs if given not in self._images]
        self._encoding = encoding.model_copy(update={"inputs": tuple(others)})
        raw = raw_inputs(self._encoding)
        parts = network_inputs(self._encoding, raw)
        self._call = compiled_call(keras.Model(raw, parts)) if raw else None
        widths = {name: int(part.shape[-1]) for name, part in parts.items()}
        self.dense_width = widths.get("dense", 0)
        self._words = widths.get("codes", 0)
        images = [plan_image(given.reading) for given in self._images]
        self.codes_width = self._words + sum(image.codes for image in images)
        self.rows_at_once = rows_at_once(encoding, BATCH_ROWS)

    def encode(self, table: Table, labels: Labels) -> EncodedRows:
        """Return the encoded rows of a table, padded.

        Args:
            table: The rows.
            labels: Of the same rows.

        Raises:
            ColumnError: The table lacks a column.
        """
        bucket, dense = bucket_of(table.rows), self.dense_width
        width = dense + labels.targets.shape[1] + labels.weights.shape[1]
        numbers = np.zeros((bucket, width), dtype=np.float32)
        codes = np.zeros((bucket, self.codes_width), dtype=np.int32)
        numbers[: table.rows, dense:] = np.hstack([labels.targets, labels.weights])
        start = 0
        for batch in table.batches(self.rows_at_once):
            rows = slice(start, start + batch.rows)
            numbers[rows, :dense], codes[rows] = self.encode_inputs(batch)
            start += batch.rows
        return EncodedRows(tf.constant(numbers), held_codes(codes), table.rows)

    def encode_inputs(self, table: Table) -> tuple[SingleArray, NDArray[np.int32]]:
        """Return dense numbers `(rows, dense_width)` and codes `(rows, codes_width)`.

        Raises:
            ColumnError: The table lacks a column.
        """
        dense = np.zeros((table.rows, self.dense_width), dtype=np.float32)
        codes = np.zeros((table.rows, self._words), dtype=np.int32)
        columns = as_tensors(raw_columns(self._encoding, table))
        for start in range(0, table.rows, ENCODED_AT_ONCE):
            if self._call is None:
                break
            found = self._call(_block(columns, start))
            rows = slice(start, start + ENCODED_AT_ONCE)
            if self.dense_width:
                dense[rows] = found["dense"].numpy()
            if self._words:
                codes[rows] = found["codes"].numpy()
        packed = [
            pack_pictures(table.pictures(given.column, *given.reading.size))
            for given in self._images
        ]
        return dense, np.hstack([codes, *packed]) if packed else codes


def compiled_call(model: Model) -> Callable[[dict[str, Tensor]], dict[str, Tensor]]:
    """Return a raw-column model as one graph for any number of rows."""
    signature = {
        given.name: tf.TensorSpec(given.shape, given.dtype) for given in model.inputs
    }
    call: Callable[[dict[str, Tensor]], dict[str, Tensor]] = tf.function(
        lambda columns: model(columns, training=False),
        input_signature=[signature],
        autograph=False,
    )
    return call


def _block(columns: dict[str, Tensor], start: int) -> dict[str, Tensor]:
    stop = start + ENCODED_AT_ONCE
    return {name: values[start:stop] for name, values in columns.items()}
