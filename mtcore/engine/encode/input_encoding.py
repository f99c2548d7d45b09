"""What the engine learned about each input column, as plain data without TensorFlow."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mtcore.spec import ImageInput, TextInput
from mtcore.spec.base import Frozen

Cycle = Literal["day", "week", "year"]

CYCLE_S: dict[Cycle, float] = {
    "day": 86_400.0,
    "week": 604_800.0,
    "year": 365.2425 * 86_400.0,
}
"""Seconds after which a calendar feature repeats."""


class Scaling(Frozen):
    """How a quantity becomes numbers that a network learns well from.

    Args:
        centre: Median of the training rows, in the column's unit; fills missing cells.
        scale: Interquartile range of the training rows, in that unit, above 0.
        edges: Bin edges of the piecewise-linear encoding, ascending, in that unit;
            none, or two and more.
        bins: Bins that the network has room for, at least `len(edges) - 1`. It
            depends on all rows, so that another split does not change the network.
        can_miss: Whether cells of the column are missing somewhere in the table.
    """

    centre: float
    scale: float = Field(gt=0.0)
    edges: tuple[float, ...] = ()
    bins: int = Field(default=0, ge=0)
    can_miss: bool = False


class NumberEncoding(Frozen):
    """A quantity: scaled, smoothly clipped, and encoded piecewise linearly."""

    kind: Literal["number"] = "number"
    column: str
    scaling: Scaling


class DatetimeEncoding(Frozen):
    """A moment: elapsed time as a quantity, and where it is in each cycle.

    Args:
        column: Read as seconds since 1970 UTC.
        scaling: Of the elapsed seconds.
        cycles: The cycles that the column's values differ in.
    """

    kind: Literal["datetime"] = "datetime"
    column: str
    scaling: Scaling
    cycles: tuple[Cycle, ...] = ()


class CategoryEncoding(Frozen):
    """One of several values.

    Args:
        kind: As the experiment reads the column.
        column: Read as text.
        vocabulary: Values of the training rows, the most frequent first. Any other
            value is unknown; the empty text stands for a missing cell.
        values: Values that the network has room for, at least `len(vocabulary)`.
    """

    kind: Literal["category", "boolean"] = "category"
    column: str
    vocabulary: tuple[str, ...]
    values: int = Field(ge=0)


class TextEncoding(Frozen):
    """Words as codes: 0 is padding, 1 an unknown word, 2 and more a word.

    Args:
        column: Read as text.
        vocabulary: Words of the training rows, the most frequent first.
        reading: How the network reads them.
        length: Words of a text that are read.
    """

    kind: Literal["text"] = "text"
    column: str
    vocabulary: tuple[str, ...]
    reading: TextInput
    length: int = Field(ge=1)


class ImageEncoding(Frozen):
    """A picture as uint8 red, green and blue; black all over where there is none.

    Args:
        column: Names pictures of the data set.
        reading: How the network sees them.
    """

    kind: Literal["image"] = "image"
    column: str
    reading: ImageInput


Worded = CategoryEncoding | TextEncoding
"""Encodings of columns that are strings."""

InputEncoding = Annotated[
    NumberEncoding | DatetimeEncoding | CategoryEncoding | TextEncoding | ImageEncoding,
    Field(discriminator="kind"),
]
