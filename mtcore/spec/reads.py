"""Which heads read which others' outputs, and in what order they can be computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def reading_order(reads: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the heads so that each comes after those it reads.

    Args:
        reads: For each head, the heads whose outputs it reads.

    Raises:
        ValueError: A head reads itself, one twice, or an unknown one, or heads read
            one another in a circle.

    Examples:
        >>> reading_order({"price": ["demand"], "demand": []})
        ('demand', 'price')
    """
    for name, read in reads.items():
        _check_names(name, read, list(reads))
    try:
        return tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        circle: list[str] = error.args[1]
        named = " reads ".join(f"'{name}'" for name in reversed(circle))
        msg = (
            f"Heads cannot read one another in a circle: {named}. Take one of these "
            "out of the other's reads."
        )
        raise ValueError(msg) from error


def _check_names(name: str, read: Sequence[str], heads: Sequence[str]) -> None:
    for other in read:
        if other == name:
            msg = f"Head '{name}' reads itself. Take it out of its own reads."
            raise ValueError(msg)
        if other not in heads:
            others = ", ".join(head for head in heads if head != name) or "none"
            msg = (
                f"Head '{name}' reads '{other}', which is no head. The other heads are "
                f"{others}."
            )
            raise ValueError(msg)
    if len(set(read)) < len(read):
        msg = f"Head '{name}' reads a head twice. Name each head once."
        raise ValueError(msg)
