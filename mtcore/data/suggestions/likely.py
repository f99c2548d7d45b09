"""Which columns of a file a person most likely wants to predict."""

from __future__ import annotations

import re

from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.suggestions.inputs import usable_input

MAX_CLASSES = 50
_TARGET_WORDS = frozenset(
    {"y", "target", "label", "class", "outcome", "response", "output", "result"}
)
_LAST_NUMBER = re.compile(r"[\s_.-]*\d{1,2}$")


def likely_targets(profile: Profile) -> tuple[str, ...]:
    """Return the columns named like targets, or else the last that can be one.

    A guess to start from, shown as such: Y1 and Y2, `label`, `target_3`; by custom the
    last column of a table otherwise. Empty where no column can be predicted.
    """
    possible = [column for column in profile.columns if can_be_target(column)]
    # Dates, texts and pictures are learned from and never predicted.
    beside = any(
        usable_input(column) is not None
        for column in profile.columns
        if not can_be_target(column)
    )
    named = tuple(
        column.name
        for column in possible
        if _LAST_NUMBER.sub("", column.name.strip().lower()) in _TARGET_WORDS
    )
    if named and (beside or len(named) < len(possible)):
        return named
    if beside or len(possible) > 1:
        return tuple(column.name for column in possible[-1:])
    return ()


def can_be_target(column: ColumnProfile) -> bool:
    """Return whether a head can predict a column: numbers, or a few categories."""
    match column.kind:
        case "number":
            return column.distinct > 1
        case "category" | "boolean":
            return 1 < column.distinct <= MAX_CLASSES
        case "datetime" | "text" | "image" | "id" | "constant":
            return False
