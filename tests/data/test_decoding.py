"""Pictures of any format and mode become red, green and blue, or a reason why not."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from mtcore.data.pictures import decoding
from mtcore.data.pictures.decoding import (
    Pixels,
    decode_picture,
    picture_bytes,
    picture_size,
    picture_text,
)
from tests.data.picture_files import BLUE, RED, halves, png_that_says, written

SIZE = (6, 8)


def decoded(content: bytes) -> Pixels:
    pixels = decode_picture(content, SIZE)
    assert not isinstance(pixels, str), pixels
    assert pixels.shape == (*SIZE, 3)
    assert pixels.dtype == np.uint8
    return pixels


def near(pixels: Pixels, column: int, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(pixels[:, column].astype(int) - colour) < 40).all())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_every_format_gives_its_colours_at_the_size_asked_for(form: str) -> None:
    pixels = decoded(written(halves(), form))
    assert near(pixels, 1, RED)
    assert near(pixels, 6, BLUE)


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_every_mode_gives_three_colours(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    if mode == "I;16":
        shades = np.linspace(0, 65_535, 240).reshape(12, 20)
        picture = Image.fromarray(shades.astype(np.uint16))
    else:
        picture = halves().convert(mode)
    pixels = decoded(written(picture, form))
    assert pixels.any()
    if mode in ("L", "1", "LA", "I;16"):
        assert (pixels[..., 0] == pixels[..., 2]).all()


def test_sixteen_bits_keep_their_shades() -> None:
    shades = np.full((12, 20), 32_768, dtype=np.uint16)
    pixels = decoded(written(Image.fromarray(shades)))
    assert set(np.unique(pixels)) <= {127, 128}


def test_what_is_see_through_is_white() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert (decoded(written(clear)) == 255).all()


def test_a_picture_is_turned_as_its_camera_says() -> None:
    upright = halves()
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = decoded(written(lying, "JPEG", exif=exif))
    assert near(pixels, 1, RED)
    assert near(pixels, 6, BLUE)


def test_a_film_gives_its_first_frame() -> None:
    red, blue = (Image.new("RGB", (9, 9), colour) for colour in (RED, BLUE))
    film = written(red, "GIF", save_all=True, append_images=[blue])
    assert near(decoded(film), 3, RED)


def test_a_header_of_gigabytes_is_refused_before_anything_is_decoded() -> None:
    for sides in ((30_000, 30_000), (9_000, 9_000)):
        reason = decode_picture(png_that_says(*sides), SIZE)
        assert reason == "it says that it has more than 64 million pixels"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"no picture at all", "no picture of a kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture of a kind"),
        (written(halves(300, 300))[:400], "cut off or damaged"),
        (written(halves(300, 300), "JPEG")[:700], "cut off or damaged"),
        (png_that_says(500, 500), "cut off or damaged"),
    ],
)
def test_what_cannot_be_seen_says_why(content: bytes, reason: str) -> None:
    found = decode_picture(content, SIZE)
    assert isinstance(found, str)
    assert reason in found


def test_a_file_of_too_many_bytes_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decoding, "MOST_PICTURE_BYTES", 1 << 20)
    found = decode_picture(b"\0" * ((1 << 20) + 1), SIZE)
    assert found == "it has more than 1 MB"


def test_a_picture_in_a_cell_comes_back_as_it_was() -> None:
    pixels = decoded(written(halves()))
    content = picture_bytes(picture_text(pixels))
    assert content is not None
    again = decode_picture(content, SIZE)
    assert np.array_equal(again, pixels)


@pytest.mark.parametrize(
    "text", ["cat.png", "data:image/png;base64,%%%", "data:image/png,abc", ""]
)
def test_other_texts_hold_no_picture(text: str) -> None:
    assert picture_bytes(text) is None


def test_the_size_is_read_from_the_header() -> None:
    assert picture_size(written(halves(12, 20))) == (12, 20)
    assert picture_size(b"nothing") is None
