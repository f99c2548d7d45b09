"""Whether the texts of a column are phrases, which say more than which one it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

_MARKS = ".,;:!?()\"'"
_FEWEST_WORDS = 3.0  # a phrase, on average
_FEWEST_NAMED = 5  # different phrases, where the column is named like a text
_FEWEST_UNNAMED = 50
_SHARED = 1.5  # phrases that a word is in, on average
_CODED = 0.5  # of the texts
_SMALL = 0.5  # of the words behind the first; names, titles and streets have capitals


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of some different texts.

    Args:
        texts: How many texts there are.
        words: Words a text, on average.
        shared: Texts that a word is in, on average.
        small: The share of the words behind the first that begin with a small letter;
            numbers are not words.
        coded: The share of texts that begin with a number, as addresses and the names
            of an official list do.
    """

    texts: int
    words: float
    shared: float
    small: float
    coded: float

    def are_telling(self, *, named: bool) -> bool:
        """Return whether the texts are made of words rather than each a word.

        Args:
            named: Whether the column is named like one of texts.
        """
        return (
            self.texts >= (_FEWEST_NAMED if named else _FEWEST_UNNAMED)
            and self.words >= _FEWEST_WORDS
            and self.shared >= _SHARED
            and self.small >= _SMALL
            and self.coded < _CODED
        )


def phrases_of(texts: Collection[str]) -> Phrases | None:
    """Return what words some texts are made of; None where they are single words.

    >>> phrases_of(["a small thing", "one small thing"])
    Phrases(texts=2, words=3.0, shared=1.5, small=1.0, coded=0.0)
    """
    split = [text.split() for text in texts]
    count = sum(map(len, split))
    if count < 2 * len(split):
        return None
    texts_of_words = Counter(
        word for words in split for word in {w.strip(_MARKS).lower() for w in words}
    )
    behind = [word for words in split for word in words[1:] if word[0].isalpha()]
    small = sum(word[0].islower() for word in behind) / max(len(behind), 1)
    shared = texts_of_words.total() / max(len(texts_of_words), 1)
    coded = sum(any(c.isdigit() for c in words[0]) for words in split) / len(split)
    return Phrases(len(split), count / len(split), shared, small, coded)
