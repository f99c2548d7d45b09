"""What else a column of numbers may be, which nobody can tell from its values alone."""

from __future__ import annotations

from mtcore.data.profile.held import Held
from mtcore.data.profile.profile import ColumnProfile
from mtcore.data.queries.spreads import LEVELS

# Whole numbers that start higher than this hardly ever count something.
MOST_COUNTED_FROM = 10.0
# How far the largest hundredth lies from the median, in widths of the middle half: a
# normal distribution's 1.7, an exponential's 3.6, a log-normal's 6.
HEAVY_TAIL = 5.0


def number_hint(column: ColumnProfile, held: Held) -> str:
    """Return sentences on other ways to predict numbers, each after a blank.

    Args:
        column: As profiled.
        held: Its values without those that stand for "missing".
    """
    hints = (_kind_hint(column, held), _tail_hint(column))
    return "".join(f" {hint}" for hint in hints if hint)


def _kind_hint(column: ColumnProfile, held: Held) -> str:
    if not all(value.lstrip("-").isdigit() for value in held.values):
        return ""
    if held.complete:
        return (
            f"Numbers of only {held.distinct} different values may be codes (then make "
            "the head multiclass), ranks (ordinal) or counts (count)."
        )
    if column.minimum is not None and 0.0 <= column.minimum < MOST_COUNTED_FROM:
        return "If these whole numbers count something, make the head a count."
    return ""


def _tail_hint(column: ColumnProfile) -> str:
    levels = dict(zip(LEVELS, column.quantiles, strict=False))
    if len(levels) < len(LEVELS):
        return ""
    middle = levels[0.75] - levels[0.25]
    reach = max(levels[0.99] - levels[0.5], levels[0.5] - levels[0.01])
    if not 0.0 < HEAVY_TAIL * middle < reach:
        return ""
    return (
        "Some values lie far from the rest: if these should weigh less, set log_target."
    )
