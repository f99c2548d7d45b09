"""The columns that a model is given, each with the kind it is read as."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mtcore.spec.base import Frozen, Text

ColumnKind = Literal[
    "number", "category", "boolean", "datetime", "text", "image", "id", "constant"
]
"""What a column of a file holds, as the profile found it."""


TextEncoder = Literal["pool", "conv", "lstm", "gru"]
"""How a text becomes features."""

ImageEncoder = Literal["conv", "small"]
"""How a picture becomes features."""

Augmentation = Literal["flip", "shift"]
"""What is changed about a picture at random each time that it is learned from."""

Side = Annotated[int, Field(ge=8, le=1_024)]
PICTURE_SIDE = 64


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


class TextInput(_Input):
    """Free text: cut into words, each with a learned embedding.

    Args:
        encoder: `pool` (mean and most of the words' embeddings), `conv` (phrases of
            five words), `lstm` or `gru` (word by word, the slowest).
        vocabulary: The most words that are told apart, with padding and unknown.
        length: Words of a text that are read, from its start; by default as many as
            95 of 100 texts have at most.
        embedding: Numbers a word becomes.
        units: Numbers a text becomes; `pool` makes two of each of the embedding's.
        word_dropout: Share of words left out at random while training, in [0, 1):
            few texts are then not learned by heart (Iyyer and others 2015).
    """

    kind: Literal["text"] = "text"
    encoder: TextEncoder = "pool"
    vocabulary: int = Field(default=10_000, ge=10, le=200_000)
    length: int | None = Field(default=None, ge=5, le=2_000)
    embedding: int = Field(default=64, ge=1, le=1_024)
    units: int = Field(default=64, ge=1, le=1_024)
    word_dropout: float = Field(default=0.0, ge=0.0, lt=1.0)


class ImageInput(_Input):
    """A picture: brought to one size, and read by convolutions.

    Args:
        encoder: `conv` (one convolution, pooled, laid flat) or `small` (five
            convolutions, two with a shortcut past them, that halve it three times).
        size: Height and width that every picture is brought to, in pixels.
        units: Numbers a picture becomes.
        augment: While training, `flip` mirrors half the pictures and `shift` moves
            each by up to a sixteenth of its sides.
    """

    kind: Literal["image"] = "image"
    encoder: ImageEncoder = "conv"
    size: tuple[Side, Side] = (PICTURE_SIDE, PICTURE_SIDE)
    units: int = Field(default=128, ge=1, le=1_024)
    augment: tuple[Augmentation, ...] = ()


AnyInput = (
    NumberInput | CategoryInput | BooleanInput | DatetimeInput | TextInput | ImageInput
)
Input = Annotated[AnyInput, Field(discriminator="kind")]

INPUT_KINDS: dict[str, type[AnyInput]] = {
    "number": NumberInput,
    "category": CategoryInput,
    "boolean": BooleanInput,
    "datetime": DatetimeInput,
    "text": TextInput,
    "image": ImageInput,
}
