"""Pairs of words that say no and yes, in the languages that files come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

PAIRS: tuple[tuple[str, str], ...] = (
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

MOST_SPELLINGS = 64  # a column with more is none of noes and yeses
_ZEROS = frozenset({"0", "0.0", "0.00", "0,0", "0,00"})
_ONES = frozenset({"1", "1.0", "1.00", "1,0", "1,00"})


def spellings_of(counts: Mapping[str, int]) -> dict[str, str] | None:
    """Return how to spell each cell of a column of noes and yeses.

    Args:
        counts: How often each cell occurs, missing ones left out.

    Returns:
        The column's own spelling by the cell in small letters: the most frequent one;
        None where the cells are not a pair of noes and yeses. Zeros and ones are
        spelled without decimals.

    >>> spellings_of({"Yes": 2, "YES": 1, "no": 3})
    {'no': 'no', 'yes': 'Yes'}
    >>> spellings_of({"yes": 2, "maybe": 1}) is None
    True
    """
    if len(counts) > MOST_SPELLINGS:
        return None
    folded = {cell.casefold() for cell in counts}
    if folded <= _ZEROS | _ONES and folded & _ZEROS and folded & _ONES:
        return {word: word[0] for word in sorted(folded)}
    for pair in PAIRS:
        if folded == set(pair):
            return _spelled_alike(pair, counts)
    return None


def _spelled_alike(pair: tuple[str, str], counts: Mapping[str, int]) -> dict[str, str]:
    """Return both words in the capitals that most cells have."""
    styles: Counter[str] = Counter()
    for cell, times in counts.items():
        styles[_style(cell)] += times
    usual = max(styles, key=lambda style: styles[style])
    spelled = {}
    for word in pair:
        there = [cell for cell in counts if cell.casefold() == word]
        alike = [cell for cell in there if _style(cell) == usual]
        spelled[word] = max(alike or there, key=lambda cell: counts[cell])
    return spelled


def _style(cell: str) -> str:
    return "upper" if cell.isupper() else "lower" if cell.islower() else "title"
