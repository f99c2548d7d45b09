"""Whose answers a head's answers are: the network's, trees', or both."""

from __future__ import annotations


def blend_words(share: float | None) -> str | None:
    """Return who answers for a head, None where trees were not asked for.

    Args:
        share: Of the trees, from 0 to 1.

    Examples:
        >>> blend_words(0.6)
        'Answers: 0.4 network + 0.6 trees'
        >>> blend_words(0.0)
        'Answers: network alone, as trees would not help'
    """
    if share is None:
        return None
    if share <= 0.0:
        return "Answers: network alone, as trees would not help"
    if share >= 1.0:
        return "Answers: trees alone, as the network would not help"
    return f"Answers: {1.0 - share:.1f} network + {share:.1f} trees"
