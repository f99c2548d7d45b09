"""Drawn pets: is there a cat in the picture, and is there a dog?

Both may be there, or neither. Cats have pointed ears and whiskers, dogs hanging ears
and a tongue; fur, ground, size and place say nothing.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw

from mtcore.data.samples.sample import Columns, Sample
from mtcore.spec import (
    BinaryHead,
    Experiment,
    ImageInput,
    SharedTrunk,
    StratifiedSplit,
    Training,
)

ROWS = 1_200
SIDE = 64
FOLDER = "pictures"
_SEED = 64
_FUR = ((196, 136, 76), (120, 84, 60), (176, 176, 176), (232, 206, 168), (92, 92, 100))
_GROUND = ((150, 200, 140), (170, 200, 230), (230, 220, 190), (200, 170, 190))
_DARK, _TONGUE, _EYE = (30, 26, 30), (224, 96, 112), (60, 120, 50)

Colour: TypeAlias = tuple[int, int, int]

SAMPLE = Sample(
    id="pets",
    title="Pictures of pets: a cat, a dog, both or neither",
    description=(
        f"{ROWS:,} drawn pictures of {SIDE} by {SIDE} pixels in an archive with their "
        "table. One head says whether a cat is there, the other whether a dog is."
    ),
    suffix=".zip",
    experiment=Experiment(
        name="Pictures of pets",
        inputs=(ImageInput(column="picture", size=(SIDE, SIDE)),),
        trunk=SharedTrunk(layers=()),
        heads=(
            BinaryHead(name="cat", columns=("cat",), positive="yes"),
            BinaryHead(name="dog", columns=("dog",), positive="yes"),
        ),
        split=StratifiedSplit(),
        training=Training(epochs=12, batch_size=32, patience=6),
    ),
)


@dataclass(frozen=True, slots=True)
class _Pet:
    """An animal's head in a picture: its middle, half its width, and its fur."""

    x: float
    y: float
    half: float
    fur: Colour


def make_files() -> dict[str, bytes]:
    """Return the pictures as PNG, by the names that the table gives them."""
    random = np.random.default_rng(_SEED)
    return {name: _draw(cat, dog, random) for name, cat, dog in _rows()}


def make_columns() -> Columns:
    """Return the table as it is written."""
    names, cats, dogs = zip(*_rows(), strict=True)
    return {
        "picture": list(names),
        "cat": ["yes" if there else "no" for there in cats],
        "dog": ["yes" if there else "no" for there in dogs],
    }


def _rows() -> list[tuple[str, bool, bool]]:
    random = np.random.default_rng((_SEED, 1))
    there = random.random((ROWS, 2)) < 0.5
    return [
        (f"{FOLDER}/{row:04d}.png", bool(cat), bool(dog))
        for row, (cat, dog) in enumerate(there)
    ]


def _draw(cat: bool, dog: bool, random: np.random.Generator) -> bytes:
    """Return the PNG of a picture with a pet on the left, on the right, or on both."""
    ground = _GROUND[random.integers(len(_GROUND))]
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(picture)
    bush = random.integers(0, SIDE, 2)
    pen.ellipse([*(bush - 6), *(bush + 6)], fill=tuple(int(c * 0.85) for c in ground))
    places = random.permutation([17.0, 47.0])
    for there, draw, place in (
        (cat, _draw_cat, places[0]),
        (dog, _draw_dog, places[1]),
    ):
        pet = _Pet(
            float(place + random.uniform(-3.0, 3.0)),
            float(33.0 + random.uniform(-6.0, 6.0)),
            float(random.uniform(9.5, 12.5)),
            _FUR[random.integers(len(_FUR))],
        )
        if there:
            draw(pen, pet)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_cat(pen: ImageDraw.ImageDraw, pet: _Pet) -> None:
    x, y, half = pet.x, pet.y, pet.half
    for side in (-1.0, 1.0):
        tip = (x + side * half * 0.85, y - half * 1.6)
        foot = [
            (x + side * half * 0.1, y - half * 0.7),
            (x + side * half, y - half * 0.1),
        ]
        pen.polygon([tip, *foot], fill=pet.fur, outline=_DARK)
    _oval(pen, x, y, half, half * 0.9, pet.fur)
    for side in (-1.0, 1.0):
        _oval(pen, x + side * half * 0.42, y - half * 0.15, 1.8, 2.4, _EYE)
        for fall in (-1.0, 1.5):
            start, end = (x + side * 3.0, y + half * 0.4), half * 1.25
            pen.line([start, (x + side * end, y + half * 0.4 + fall * 2)], fill=_DARK)
    _oval(pen, x, y + half * 0.3, 1.5, 1.2, _DARK)


def _draw_dog(pen: ImageDraw.ImageDraw, pet: _Pet) -> None:
    x, y, half = pet.x, pet.y, pet.half
    _oval(pen, x, y, half * 0.85, half, pet.fur)
    shade: Colour = (pet.fur[0] // 2, pet.fur[1] // 2, pet.fur[2] // 2)
    for side in (-1.0, 1.0):
        _oval(
            pen, x + side * half * 0.85, y + half * 0.1, half * 0.3, half * 0.8, shade
        )
        _oval(pen, x + side * half * 0.35, y - half * 0.3, 1.6, 1.6, _DARK)
    _oval(pen, x, y + half * 0.75, half * 0.22, half * 0.45, _TONGUE)
    _oval(pen, x, y + half * 0.3, half * 0.38, half * 0.25, _DARK)


def _oval(  # noqa: PLR0913
    pen: ImageDraw.ImageDraw,
    x: float,
    y: float,
    wide: float,
    high: float,
    colour: Colour,
) -> None:
    pen.ellipse([x - wide, y - high, x + wide, y + high], fill=colour)
