"""Cells of one Arrow column as numbers, moments or texts, and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, TextArray
from mtcore.data.values.moments import seconds_since_1970


def text_of_number(number: float) -> str:
    """Return the shortest text of a number; whole ones without decimals.

    >>> text_of_number(3.0), text_of_number(0.25)
    ('3', '0.25')
    """
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    return repr(float(number))


def column_of(values: Sequence[object]) -> pa.Array:
    """Return values of one column as numbers, moments or texts.

    Args:
        values: As in a record, `(rows,)`; None where a cell is missing.
    """
    present = [value for value in values if value is not None]
    numeric = (int, float, np.integer, np.floating)
    if all(isinstance(v, numeric) and not isinstance(v, bool) for v in present):
        return pa.array([None if v is None else float(str(v)) for v in values])
    if all(isinstance(v, datetime) for v in present):
        seconds = [None if v is None else seconds_since_1970(str(v)) for v in values]
        micros = [s if s is None or math.isnan(s) else round(s * 1e6) for s in seconds]
        return pa.array(micros, pa.float64()).cast(pa.int64()).cast(pa.timestamp("us"))
    return pa.array([_spelling(v) for v in values], pa.string())


def _spelling(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool() | np.bool_():
            return str(bool(value)).lower()
        case int() | float() | np.integer() | np.floating():
            number = float(value)
            return None if math.isnan(number) else text_of_number(number)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return present(str(value))


def present(word: str) -> str | None:
    """Return a text without blanks around it; None where nothing is left."""
    return word.strip() or None


def is_text(cells: pa.ChunkedArray) -> bool:
    """Return whether cells are neither numbers nor moments."""
    kind = cells.type
    return not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_timestamp(kind)
    )


def is_moment(cells: pa.ChunkedArray) -> bool:
    """Return whether cells are moments."""
    return bool(pa.types.is_timestamp(cells.type))


def encoded_words(cells: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return texts as places in a dictionary of those that are different."""
    return pc.cast(cells, pa.string()).combine_chunks().dictionary_encode()


def places_of(encoded: pa.DictionaryArray) -> NDArray[np.int32]:
    """Return each row's place in the dictionary; one past its end where missing."""
    places: NDArray[np.int32]
    places = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy()
    return places


def numbers_in(cells: pa.ChunkedArray) -> FloatArray:
    """Return texts as numbers, `(rows,)`; NaN where one is none."""
    encoded = encoded_words(cells)
    values = [number_of(word) for word in encoded.dictionary.to_pylist()]
    table = np.array([*values, math.nan], dtype=np.float64)
    found: FloatArray = table[places_of(encoded)]
    return found


def number_of(word: str) -> float:
    """Return the number that a text spells; NaN where it is none."""
    try:
        return float(word)
    except ValueError:
        return math.nan


def seconds_in(cells: pa.ChunkedArray) -> FloatArray:
    """Return moments as seconds since 1970 UTC, `(rows,)`; NaN where missing."""
    micros = pc.cast(pc.cast(cells, pa.timestamp("us"), safe=False), pa.int64())
    whole = pc.cast(micros, pa.float64(), safe=False).to_numpy()
    seconds: FloatArray = whole.astype(np.float64) / 1e6
    return seconds


def spelled(numbers: FloatArray, text_of: Callable[[float], str]) -> TextArray:
    """Return numbers as texts, `(rows,)`; None where one is NaN."""
    distinct, places = np.unique(numbers, return_inverse=True)
    words: list[str | None]
    words = [None if math.isnan(value) else text_of(value) for value in distinct]
    texts: TextArray = np.array([*words, None], dtype=object)[places]
    return texts
