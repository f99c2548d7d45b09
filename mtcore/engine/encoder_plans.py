"""The shapes of what reads texts and pictures, before their features join the others.

Words are codes: 0 is padding, 1 an unknown word, 2 and more a word. The bytes of a
picture lie four to a code, so that all rows are numbers and codes and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.spec.inputs import TextEncoder

# Words that a convolution over texts sees at once.
WORDS_AT_ONCE = 5
# A convolution over pictures: filters, and pixels a side that one sees and one pools.
FILTERS = 32
PIXELS_AT_ONCE = 3
POOLED = 2
COLOURS = 3
BYTES_A_CODE = 4


@dataclass(frozen=True, slots=True)
class TextPlan:
    """A column of texts as rows of codes.

    Args:
        encoder: `pool` (mean of the words' embeddings), `conv` (one convolution and
            the most of it), `lstm` or `gru` (the state after the last word).
        vocabulary: Codes there are, with padding and the unknown word.
        length: Words of a text that are read.
        embedding: Numbers a word becomes.
        units: Numbers a text becomes; with `pool` these are the embedding's.
    """

    encoder: TextEncoder
    vocabulary: int
    length: int
    embedding: int
    units: int

    @property
    def width(self) -> int:
        """Features the column becomes."""
        return self.embedding if self.encoder == "pool" else self.units

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
    """A column of pictures: one convolution, pooled and laid flat.

    Args:
        height: Of each picture, in pixels, at least 4.
        width: Of each picture, in pixels, at least 4.
    """

    height: int
    width: int

    @property
    def codes(self) -> int:
        """Codes that hold a picture's bytes: red, green, blue, pixel by pixel."""
        return -(-self.height * self.width * COLOURS // BYTES_A_CODE)

    @property
    def features(self) -> int:
        """Features the column becomes."""
        rows, columns = (
            (side - PIXELS_AT_ONCE + 1) // POOLED for side in (self.height, self.width)
        )
        return rows * columns * FILTERS


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
