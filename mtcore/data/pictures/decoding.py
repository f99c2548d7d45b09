"""One picture's bytes as red, green and blue, whatever its format and mode.

A picture is a file from somebody: it is opened by the few decoders named here alone,
and its size is looked at before any of it is decoded.
"""

from __future__ import annotations

import base64
import binascii
import io
import struct
import warnings
import zlib
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

Pixels: TypeAlias = NDArray[np.uint8]
"""Red, green and blue, 0 to 255; the shape is said where it is used."""

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
MOST_PICTURE_BYTES = 64 << 20
MOST_PIXELS = 64_000_000
COLOURS = 3
_SPELLED = "data:image/png;base64,"
_ANY_SPELLED = "data:image/"
# What Pillow's decoders raise on bytes that are no picture of theirs.
_DAMAGE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_TOO_LARGE = f"it says that it has more than {MOST_PIXELS // 10**6} million pixels"


def decode_picture(content: bytes, size: tuple[int, int]) -> Pixels | str:
    """Return a picture brought to a size, or why it cannot be read.

    The first frame of a film; turned as its camera says; what is see-through is white.
    Sides are stretched to the size asked for.

    Args:
        content: The bytes of a file.
        size: Height and width, in pixels.

    Returns:
        Uint8 `(height, width, 3)`, or a phrase such as "it is cut off or damaged".
    """
    height, width = size
    if not content:
        return "it is empty"
    if len(content) > MOST_PICTURE_BYTES:
        return f"it has more than {MOST_PICTURE_BYTES >> 20} MB"
    try:
        with warnings.catch_warnings():
            # Sizes are bounded here; what else Pillow warns about is no harm.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return _TOO_LARGE
                # A JPEG is decoded at a half, a quarter or an eighth if that will do.
                picture.draft("RGB", (width, height))
                colours = _in_colours(ImageOps.exif_transpose(picture))
                brought = colours.resize((width, height), Image.Resampling.BILINEAR)
    except Image.DecompressionBombError:
        return _TOO_LARGE
    except UnidentifiedImageError:
        return f"it is no picture of a kind that is read ({', '.join(FORMATS)})"
    except _DAMAGE:
        return "it is cut off or damaged"
    return np.asarray(brought, dtype=np.uint8)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return height and width that a picture says it has; None where it says none."""
    try:
        with (
            warnings.catch_warnings(),
            Image.open(io.BytesIO(content), formats=FORMATS) as picture,
        ):
            return picture.height, picture.width
    except _DAMAGE:
        return None


def picture_text(pixels: Pixels) -> str:
    """Return pixels, uint8 `(height, width, 3)`, as a text that a cell can hold."""
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return _SPELLED + base64.b64encode(written.getvalue()).decode("ascii")


def picture_bytes(text: str) -> bytes | None:
    """Return the bytes of a picture that a text holds, None where it holds none."""
    if not text.startswith(_ANY_SPELLED):
        return None
    _, comma, spelled = text.partition(";base64,")
    try:
        return base64.b64decode(spelled, validate=True) if comma else None
    except binascii.Error:
        return None


def _in_colours(picture: Image.Image) -> Image.Image:
    """Return a picture of any mode as red, green and blue."""
    mode = picture.mode
    if mode in ("I;16", "I;16L", "I;16B", "I;16N", "I", "F"):
        return _from_deep(picture)
    if mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, layered).convert("RGB")
    return picture.convert("RGB")


def _from_deep(picture: Image.Image) -> Image.Image:
    """Return a picture of more than 8 bits a pixel, its shades brought to 8."""
    shades = np.asarray(picture, dtype=np.float64)
    most = 255.0 if shades.max(initial=0.0) <= 255.0 else 65_535.0
    grey = np.clip(np.nan_to_num(shades) * (255.0 / most), 0.0, 255.0)
    return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
