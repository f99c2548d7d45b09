"""The columns that a model is given, each with the kind it is read as."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mtcore.spec.base import Frozen, Text

ColumnKind = Literal[
    "number", "category", "boolean", "datetime", "text", "image", "id", "constant"
]
"""What a column of a file holds, as the profile found it."""


class _Input(Frozen):
    column: Text = Field(min_length=1)


class NumberInput(_Input):
    """A quantity: scaled robustly and encoded piecewise linearly."""

    kind: Literal["number"] = "number"


class CategoryInput(_Input):
    """One of several values without an order; unseen values are 'unknown'."""

    kind: Literal["category"] = "category"


class BooleanInput(_Input):
    """One of two values; a missing cell is neither."""

    kind: Literal["boolean"] = "boolean"


class DatetimeInput(_Input):
    """A moment: given to the model as calendar features."""

    kind: Literal["datetime"] = "datetime"


Input = Annotated[
    NumberInput | CategoryInput | BooleanInput | DatetimeInput,
    Field(discriminator="kind"),
]

INPUT_KINDS: dict[str, type[NumberInput | CategoryInput | BooleanInput | DatetimeInput]]
INPUT_KINDS = {
    "number": NumberInput,
    "category": CategoryInput,
    "boolean": BooleanInput,
    "datetime": DatetimeInput,
}
