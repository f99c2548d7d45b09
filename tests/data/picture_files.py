"""Small pictures in the formats and modes that people have."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

RED, BLUE = (250, 10, 20), (10, 20, 250)


def halves(height: int = 12, width: int = 20) -> Image.Image:
    """Return a picture that is red on the left and blue on the right."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2], pixels[:, width // 2 :] = RED, BLUE
    return Image.fromarray(pixels)


def written(picture: Image.Image, form: str = "PNG", **settings: object) -> bytes:
    """Return a picture's bytes in a format."""
    file = io.BytesIO()
    picture.save(file, form, **settings)
    return file.getvalue()


def plain(colour: tuple[int, int, int], side: int = 10) -> bytes:
    """Return the PNG of a square of one colour."""
    return written(Image.new("RGB", (side, side), colour))


def png_that_says(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header claims any size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return (
            struct.pack(">L", len(content))
            + checked
            + struct.pack(">L", zlib.crc32(checked))
        )

    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )
