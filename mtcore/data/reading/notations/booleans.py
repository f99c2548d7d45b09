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
    ("아니요", "예"),
    ("nem", "igen"),
    ("ei", "kyllä"),
    ("ні", "так"),
    ("tidak", "ya"),
    ("không", "có"),
    ("لا", "نعم"),
    ("nu", "da"),
    ("ne", "da"),
    ("✗", "✓"),
    ("✘", "✔"),
    ("☐", "☑"),
)
"""(no, yes) in small letters."""

LONGEST_WORD = max(len(word) for pair in PAIRS for word in pair)
MOST_SPELLINGS = 64  # a column with more is none of noes and yeses
_LETTERS = {"n": ("no", "yes"), "y": ("no", "yes"), "f": ("false", "true"),
            "t": ("false", "true")}  # fmt: skip
_ENGLISH = (("no", "yes"), ("false", "true"), ("off", "on"))
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
    return _mixed(folded, counts)


def _mixed(folded: set[str], counts: Mapping[str, int]) -> dict[str, str] | None:
    """Return the spellings where people wrote yes, Y, TRUE and 1 in one column.

    A letter alone may stand for more than a truth, so its whole word has to occur too.
    """
    noes = {pair[0] for pair in _ENGLISH} | _ZEROS
    yeses = {pair[1] for pair in _ENGLISH} | _ONES
    for letter, pair in _LETTERS.items():
        if folded & set(pair):
            (noes if letter in "nf" else yeses).add(letter)
    no, yes = folded & noes, folded & yeses
    in_words = any(word.isalpha() for word in folded)
    if folded != no | yes or not no or not yes or not in_words:
        return None
    spelled: dict[str, str] = {}
    for side in (no, yes):
        there = [cell for cell in counts if cell.casefold() in side]
        usual = max(there, key=lambda cell: counts[cell])
        spelled |= dict.fromkeys(sorted(side), usual)
    return spelled


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
