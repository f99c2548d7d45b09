"""Dropout whose random numbers are a function of seed, step and layer alone.

A counter is hashed where the framework's own generator would be called: with XLA on a
CPU that one made a training step 20 times slower.
"""

from __future__ import annotations

import math

from mtcore.engine.backend import Tensor, tf

# The multipliers of MurmurHash3's finaliser, and the golden ratio for the counter.
GOLDEN = 0x9E3779B1
FIRST_FACTOR = 0x85EBCA6B
SECOND_FACTOR = 0xC2B2AE35


def drop(values: Tensor, rate: float, seed: Tensor, step: Tensor, place: int) -> Tensor:
    """Return values with a share set to 0 and the others scaled up to make up for it.

    Args:
        values: Float32 `(batch, units)`.
        rate: The share, in [0, 1).
        seed: Of the experiment, int32.
        step: Steps since training began, int32.
        place: Which of the network's dropout layers this is.
    """
    shape = values.shape
    numbers = random_words(math.prod(shape), seed, step, place)
    kept = tf.cast(numbers >= tf.constant(int(rate * 2**32), tf.uint32), tf.float32)
    return values * tf.reshape(kept, shape) / (1.0 - rate)


def random_words(count: int, seed: Tensor, step: Tensor, place: int) -> Tensor:
    """Return uniform 32-bit words, uint32 `(count,)`."""
    key = _mixed(tf.cast(seed, tf.uint32) + _word(place * GOLDEN))
    key = _mixed(key ^ tf.cast(step, tf.uint32))
    counter = tf.cast(tf.range(count), tf.uint32) * _word(GOLDEN)
    return _mixed(_mixed(counter ^ key) + key)


def _mixed(words: Tensor) -> Tensor:
    words = (words ^ tf.bitwise.right_shift(words, _word(16))) * _word(FIRST_FACTOR)
    words = (words ^ tf.bitwise.right_shift(words, _word(13))) * _word(SECOND_FACTOR)
    return words ^ tf.bitwise.right_shift(words, _word(16))


def _word(number: int) -> Tensor:
    return tf.constant(number % 2**32, tf.uint32)
