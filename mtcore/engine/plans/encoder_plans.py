"""The shapes of what reads texts and pictures, before their features join the others.

Words are codes: 0 is padding, 1 an unknown word, 2 and more a word. The bytes of a
picture lie four to a code, so that all rows are numbers and codes and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mtcore.spec.inputs import Augmentation, ImageEncoder, TextEncoder

# Words that a convolution over texts sees at once.
WORDS_AT_ONCE = 5
# A convolution over pictures: filters, and pixels a side that one sees and one pools.
FILTERS = 32
PIXELS_AT_ONCE = 3
POOLED = 2
# The filters of each convolution of `small` after which a picture is halved, and of
# those two between them that a shortcut leads past.
STAGES = (16, 32, 64)
SHORTCUT = 32
COLOURS = 3
BYTES_A_CODE = 4


@dataclass(frozen=True, slots=True)
class TextPlan:
    """A column of texts as rows of codes.

    Args:
        encoder: `pool` (mean and most of the words' embeddings), `conv` (one
            convolution and the most of it), `lstm` or `gru` (the state after the last
            word).
        vocabulary: Codes there are, with padding and the unknown word.
        length: Words of a text that are read.
        embedding: Numbers a word becomes.
        units: Numbers a text becomes; with `pool` twice the embedding's.
        word_dropout: Share of words left out at random while training.
    """

    encoder: TextEncoder
    vocabulary: int
    length: int
    embedding: int
    units: int
    word_dropout: float = 0.0

    @property
    def width(self) -> int:
        """Features the column becomes."""
        return 2 * self.embedding if self.encoder == "pool" else self.units

    @property
    def parameters(self) -> int:
        """Trained numbers of the encoder."""
        match self.encoder:
            case "pool":
                read = 0
            case "conv":
                read = (WORDS_AT_ONCE * self.embedding + 1) * self.units
            case "lstm":
                read = 4 * (self.embedding + self.units + 1) * self.units
            case "gru":
                read = 3 * (self.embedding + self.units + 2) * self.units
        return self.vocabulary * self.embedding + read


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """A column of pictures: convolutions, laid flat, and a Dense layer.

    Args:
        height: Of each picture, in pixels, at least 4.
        width: Of each picture, in pixels, at least 4.
        encoder: `conv` (one convolution, pooled) or `small` (five of them).
        units: Features the column becomes.
        augment: What is changed at random while training.
    """

    height: int
    width: int
    encoder: ImageEncoder = "conv"
    units: int = 128
    augment: tuple[Augmentation, ...] = ()

    @property
    def codes(self) -> int:
        """Codes that hold a picture's bytes: red, green, blue, pixel by pixel."""
        return -(-self.height * self.width * COLOURS // BYTES_A_CODE)

    @property
    def flat(self) -> int:
        """Numbers that the Dense layer reads of a picture."""
        sides = (self.height, self.width)
        match self.encoder:
            case "conv":
                rows, columns = (
                    (side - PIXELS_AT_ONCE + 1) // POOLED for side in sides
                )
                return rows * columns * FILTERS
            case "small":
                rows, columns = (side >> len(STAGES) for side in sides)
                return (rows * columns + 1) * STAGES[-1]

    @property
    def parameters(self) -> int:
        """Trained numbers of the encoder."""
        area = PIXELS_AT_ONCE**2
        dense = (self.flat + 1) * self.units
        match self.encoder:
            case "conv":
                return (area * COLOURS + 1) * FILTERS + dense
            case "small":
                seen = (COLOURS, *STAGES)
                halving = sum(
                    (area * before + 1) * after for before, after in pairwise(seen)
                )
                return halving + 2 * (area * SHORTCUT + 1) * SHORTCUT + dense


def pack_pictures(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the bytes of pictures, four to a code.

    Args:
        pixels: Uint8 `(rows, height, width, 3)`.

    Returns:
        Int32 `(rows, codes)`, as `ImagePlan.codes` counts them; the last holds zeros
        where the bytes do not fill it.
    """
    flat = pixels.reshape(len(pixels), -1)
    free = -flat.shape[1] % BYTES_A_CODE
    return np.pad(flat, [(0, 0), (0, free)]).view(np.int32)
