"""Encoded rows, padded to a size that programs are compiled for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.data.table import Table
from mtcore.engine.backend import Model, Tensor, keras, tf
from mtcore.engine.encoding import Encoding
from mtcore.engine.input_encoding import CategoryEncoding, DatetimeEncoding
from mtcore.engine.labels import Labels
from mtcore.engine.preprocessing import encode_inputs, raw_inputs

ENCODED_AT_ONCE = 8_192
SMALLEST_BUCKET = 64


@dataclass(frozen=True, slots=True)
class EncodedRows:
    """Rows as a program reads them.

    Args:
        numbers: Float32 `(bucket, dense + 2 · targets)`: dense inputs, targets, and
            their weights. Rows after the last real one weigh 0.
        codes: Int32 `(bucket, categories)`.
        rows: How many rows are real; the bucket has at least one more.
    """

    numbers: Tensor
    codes: Tensor
    rows: int

    @property
    def bucket(self) -> int:
        """Rows with padding."""
        return int(self.numbers.shape[0])


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


def raw_columns(encoding: Encoding, table: Table) -> dict[str, NDArray[np.generic]]:
    """Return a table's input columns as the served model takes them, `(rows, 1)`.

    Raises:
        ColumnError: The table lacks a column.
    """
    columns: dict[str, NDArray[np.generic]] = {}
    for place, given in enumerate(encoding.inputs):
        if isinstance(given, CategoryEncoding):
            cells = table.categories(given.column)
            texts = ["" if cell is None else cell for cell in cells]
            values = np.array(texts, dtype=object)
        elif isinstance(given, DatetimeEncoding):
            values = table.timestamps(given.column)
        else:
            values = table.numbers(given.column)
        columns[f"c{place}"] = values.reshape(-1, 1)
    return columns


def as_tensors(columns: dict[str, NDArray[np.generic]]) -> dict[str, Tensor]:
    """Return raw columns as tensors: strings, or float64."""
    return {
        name: tf.constant(
            values, tf.string if values.dtype == np.object_ else tf.float64
        )
        for name, values in columns.items()
    }


class ColumnEncoder:
    """Turns tables into the numbers that a network reads.

    Args:
        encoding: Fitted on training rows.
    """

    def __init__(self, encoding: Encoding) -> None:
        raw = raw_inputs(encoding)
        dense, codes = encode_inputs(encoding, raw)
        parts = {"dense": dense, "codes": codes}
        there = {name: part for name, part in parts.items() if part is not None}
        self._encoding = encoding
        self._call = compiled_call(keras.Model(raw, there))

    def encode(self, table: Table, labels: Labels) -> EncodedRows:
        """Return the encoded rows of a table, padded.

        Args:
            table: The rows.
            labels: Of the same rows.

        Raises:
            ColumnError: The table lacks a column.
        """
        columns = as_tensors(raw_columns(self._encoding, table))
        blocks = [
            self._call(_block(columns, start))
            for start in range(0, table.rows, ENCODED_AT_ONCE)
        ]
        found = {
            name: np.concatenate([block[name].numpy() for block in blocks])
            for name in blocks[0]
        }
        empty = np.zeros((table.rows, 0), dtype=np.float32)
        dense, codes = found.get("dense", empty), found.get("codes", empty)
        numbers = np.concatenate([dense, labels.targets, labels.weights], axis=1)
        bucket = bucket_of(table.rows)
        return EncodedRows(
            _padded(numbers, bucket),
            _padded(codes.astype(np.int32), bucket),
            table.rows,
        )


def compiled_call(model: Model) -> Callable[[dict[str, Tensor]], dict[str, Tensor]]:
    """Return a raw-column model as one graph for any number of rows."""
    signature = {
        given.name: tf.TensorSpec((None, 1), given.dtype) for given in model.inputs
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


def _padded(values: NDArray[np.generic], bucket: int) -> Tensor:
    padding = [(0, bucket - len(values)), (0, 0)]
    return tf.constant(np.pad(values, padding))
