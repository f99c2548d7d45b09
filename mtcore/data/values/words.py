"""Words of a text, told apart exactly as the network's own first layer does it."""

from __future__ import annotations

import re

# What Keras's TextVectorization takes out, and where TensorFlow cuts.
_PUNCTUATION = re.compile(r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']""")
_BLANKS = re.compile(r"[ \t\n\v\f\r]+")
# Only these letters have a small form for TensorFlow.
_SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order: small letters, no punctuation.

    Examples:
        >>> words_of("It's LATE, again!")
        ['its', 'late', 'again']
    """
    plain = _PUNCTUATION.sub("", text.translate(_SMALL))
    return [word for word in _BLANKS.split(plain) if word]
