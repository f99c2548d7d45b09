"""What a script draws at random while training: the run's own numbers.

They follow from the seed and the step alone, as `mtcore.engine.layers.dropout` and
`mtcore.engine.layers.augmentation` have them.
"""

from __future__ import annotations

WORDS = '''

def mixed_up(words):
    """Return 32-bit words with every bit of each mixed into all of its others."""
    words = (words ^ tf.bitwise.right_shift(words, 16)) * 0x85EBCA6B
    words = (words ^ tf.bitwise.right_shift(words, 13)) * 0xC2B2AE35
    return words ^ tf.bitwise.right_shift(words, 16)


def random_words(count, seed, step, place):
    """Return uniform 32-bit words, a function of seed, step and place alone."""
    golden = 0x9E3779B1
    key = mixed_up(tf.cast(seed, tf.uint32) + place * golden % 2**32)
    key = mixed_up(key ^ tf.cast(step, tf.uint32))
    counter = tf.cast(tf.range(count), tf.uint32) * golden
    return mixed_up(mixed_up(counter ^ key) + key)
'''

AUGMENTING = '''

def mirrored(pixels, words):
    """Return pictures, half of them mirrored: those whose word is even."""
    return tf.where(words[:, None, None, None] % 2 == 0, pixels[:, :, ::-1], pixels)


def moved(pixels, words, axis):
    """Return pictures moved by up to a sixteenth of a side, their edge drawn out."""
    side = pixels.shape[axis]
    most = max(side // 16, 1)
    moves = tf.cast(words % (2 * most + 1), tf.int32) - most
    places = tf.clip_by_value(tf.range(side) + moves[:, None], 0, side - 1)
    return tf.gather(pixels, places, axis=axis, batch_dims=1)


def augmented(pixels, ways, place, seed, step):
    """Return pictures changed as the run changed them in this step."""
    count = tf.shape(pixels)[0]
    if "flip" in ways:
        pixels = mirrored(pixels, random_words(count, seed, step, place))
    if "shift" in ways:
        for axis in (1, 2):
            words = random_words(count, seed, step, place + axis)
            pixels = moved(pixels, words, axis)
    return pixels
'''

AUGMENT = """            for name, (place, ways) in AUGMENT.items():
                columns[name] = augmented(columns[name], ways, place, self.seed, step)
"""
