"""Pairs of words that say no and yes, in the languages that files come in."""

from __future__ import annotations

from collections.abc import Mapping

PAIRS: tuple[tuple[str, str], ...] = (
    ("0", "1"),
    ("0.0", "1.0"),
    ("-", "+"),
    ("false", "true"),
    ("f", "t"),
    ("no", "yes"),
    ("n", "y"),
    ("off", "on"),
    ("nein", "ja"),
    ("nee", "ja"),
    ("nej", "ja"),
    ("falsch", "wahr"),
    ("non", "oui"),
    ("faux", "vrai"),
    ("no", "si"),
    ("no", "sí"),
    ("no", "sì"),
    ("falso", "verdadero"),
    ("falso", "vero"),
    ("não", "sim"),
    ("nao", "sim"),
    ("falso", "verdadeiro"),
    ("nie", "tak"),
    ("ne", "ano"),
    ("нет", "да"),
    ("否", "是"),
    ("いいえ", "はい"),
)
"""(no, yes) in small letters."""


def spellings_of(counts: Mapping[str, int]) -> dict[str, str] | None:
    """Return how to spell each cell of a column of noes and yeses.

    Args:
        counts: How often each cell occurs, missing ones left out.

    Returns:
        The column's own spelling by the cell in small letters: the most frequent one;
        None where the cells are not a pair of noes and yeses.

    >>> spellings_of({"Yes": 2, "YES": 1, "no": 3})
    {'no': 'no', 'yes': 'Yes'}
    >>> spellings_of({"yes": 2, "maybe": 1}) is None
    True
    """
    folded = {cell.casefold() for cell in counts}
    for pair in PAIRS:
        if folded == set(pair):
            return {word: _most_frequent(word, counts) for word in pair}
    return None


def _most_frequent(word: str, counts: Mapping[str, int]) -> str:
    spelled = [cell for cell in counts if cell.casefold() == word]
    return max(spelled, key=lambda cell: counts[cell])
