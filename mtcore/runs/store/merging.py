"""What two people write about one run at the same time, with nothing of it lost."""

from __future__ import annotations

from collections.abc import Sequence


def merged_note(known: str, mine: str, theirs: str) -> str:
    """Return a note that holds what both wrote.

    Args:
        known: What it was before, as I saw it.
        mine: What I made of it.
        theirs: What it is by now.

    Examples:
        >>> merged_note("draft", "draft, good", "draft")
        'draft, good'
        >>> merged_note("draft", "good", "too slow").splitlines()
        ['too slow', 'good']
    """
    if theirs in (known, mine):
        return mine
    return theirs if mine == known else f"{theirs}\n{mine}".strip()


def merged_labels(
    known: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> list[str]:
    """Return their labels without those that I took off, and with those I put on.

    Args:
        known: What they were before, as I saw them.
        mine: What I made of them.
        theirs: What they are by now.

    Examples:
        >>> merged_labels(["a", "b"], ["a", "c"], ["a", "b", "d"])
        ['a', 'd', 'c']
    """
    taken_off = set(known) - set(mine)
    kept = [label for label in theirs if label not in taken_off]
    return [*kept, *(label for label in mine if label not in {*known, *kept})]
