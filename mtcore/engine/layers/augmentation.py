"""Texts and pictures changed at random each time that they are learned from.

What is drawn is a function of the seed and the step, as dropout is, so that the same
seed gives the same model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.layers.dropout import random_words
from mtcore.engine.plans.plan import NetworkPlan

# A picture is moved by up to this share of its sides; its edge is drawn out.
SHIFT = 16
# Places that no dropout has: one a text, and one a kind of change and picture.
_TEXT_PLACE, _IMAGE_PLACE = 1_000, 2_000


def augmented(
    plan: NetworkPlan, parts: Mapping[str, Tensor], seed: Tensor, step: Tensor
) -> dict[str, Tensor]:
    """Return what a network is given, changed where the plan asks for it.

    Args:
        plan: The network's shape.
        parts: As `unpack` gives them.
        seed: Of the experiment, int32.
        step: Steps since training began, int32.
    """
    changed = dict(parts)
    if any(text.word_dropout for text in plan.texts):
        changed["codes"] = _without_some_words(plan, parts["codes"], seed, step)
    for place, image in enumerate(plan.images):
        name = f"image_{place}"
        drawn = image_place(place)
        if "flip" in image.augment:
            changed[name] = _flipped(changed[name], seed, step, drawn)
        if "shift" in image.augment:
            for axis, side in ((1, image.height), (2, image.width)):
                moves = _moves(changed[name].shape[0], side, seed, step, drawn + axis)
                changed[name] = _moved(changed[name], moves, axis)
    return changed


def image_place(place: int) -> int:
    """Return where the random words of a picture begin: two more follow for shifts.

    Args:
        place: Of the picture among those of a row.
    """
    return _IMAGE_PLACE + 4 * place


def _without_some_words(
    plan: NetworkPlan, codes: Tensor, seed: Tensor, step: Tensor
) -> Tensor:
    """Return codes with some of the words made padding."""
    start = len(plan.categories)
    parts = [codes[:, :start]]
    for place, text in enumerate(plan.texts):
        words = codes[:, start : start + text.length]
        start += text.length
        shape = [codes.shape[0], text.length]
        drawn = random_words(math.prod(shape), seed, step, _TEXT_PLACE + place)
        kept = drawn >= tf.constant(int(text.word_dropout * 2**32), tf.uint32)
        parts.append(words * tf.cast(tf.reshape(kept, shape), tf.int32))
    return tf.concat(parts, 1)


def _flipped(pixels: Tensor, seed: Tensor, step: Tensor, place: int) -> Tensor:
    words = random_words(pixels.shape[0], seed, step, place)
    chosen = tf.reshape(words % 2 == 0, [-1, 1, 1, 1])
    return tf.where(chosen, tf.reverse(pixels, [2]), pixels)


def _moves(rows: int, side: int, seed: Tensor, step: Tensor, place: int) -> Tensor:
    """Return by how many pixels each picture moves, int32 `(rows,)`."""
    most = max(side // SHIFT, 1)
    words = random_words(rows, seed, step, place) % tf.constant(2 * most + 1, tf.uint32)
    return tf.cast(words, tf.int32) - most


def _moved(pixels: Tensor, moves: Tensor, axis: int) -> Tensor:
    side = pixels.shape[axis]
    places = tf.clip_by_value(tf.range(side) + moves[:, tf.newaxis], 0, side - 1)
    return tf.gather(pixels, places, axis=axis, batch_dims=1)
