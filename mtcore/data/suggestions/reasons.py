"""Why something was chosen, said once where it holds for several heads or columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was chosen for one head or column.

    Args:
        name: Of the head or column.
        one: A sentence about it, with `{}` for its name in quotation marks.
        several: The same of several, with `{}` for their names.
    """

    name: str
    one: str
    several: str


def told_together(reasons: Iterable[Reason]) -> list[str]:
    """Return a sentence for each different reason, in the order of the first of each.

    Examples:
        >>> alike = "Heads {} are counts."
        >>> told_together([Reason("a", "Head {} is a count.", alike)])
        ["Head 'a' is a count."]
        >>> told_together([Reason(n, "Head {} is a count.", alike) for n in "abc"])
        ["Heads 'a', 'b' and 'c' are counts."]
    """
    alike: dict[tuple[str, str], list[str]] = {}
    for reason in reasons:
        alike.setdefault((reason.one, reason.several), []).append(reason.name)
    return [
        # A name may hold braces of its own, which `format` would read.
        (one if len(names) == 1 else several).replace("{}", _named(names), 1)
        for (one, several), names in alike.items()
    ]


def _named(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        quoted.append(f"{len(names) - MOST_NAMED:,} more")
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)
