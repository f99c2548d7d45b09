"""Columns that say which rows belong together, or when: what a split should respect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.reading.columns.kinds import is_named_like_an_id, words_of_name
from mtcore.data.splits.splits import PARTS, SPELLINGS

_NAMES_OF_GROUPS = frozenset(
    {"subject", "subjects", "patient", "person", "participant", "respondent", "user",
     "customer", "client", "household", "family", "student", "pupil", "employee",
     "worker", "driver", "player", "animal", "mouse", "donor", "speaker", "author",
     "account", "session", "device", "machine", "vehicle", "engine", "batch", "subj",
     "pid", "uid", "userid", "patientid", "customerid", "subjectid", "kunde", "proband"}
)  # fmt: skip
_FEWEST_GROUPS = 5
# Fewer values of a column that is merely called an id are rather classes than groups.
_FEWEST_IDS = 30
_ROWS_A_GROUP = 2.0
# A value that holds more of the rows than this, and than some values' even share, is a
# class of rows that new rows belong to as well: to set it aside whole skews all parts.
_MOST_OF_ROWS = 0.1
_MOST_EVEN_SHARES = 3.0
_MOST_MISSING = 0.1
_DAY_S = 86_400.0


def part_column(profile: Profile, taken: Iterable[str]) -> ColumnProfile | None:
    """Return the column whose cells say train, validation and test; None without one.

    Args:
        profile: Of all columns.
        taken: Columns that cannot be it, such as targets.
    """
    not_free = set(taken)
    for column in profile.columns:
        said = {SPELLINGS.get(value.strip().lower()) for value, _ in column.top}
        if column.name not in not_free and said == set(PARTS) and not column.missing:
            return column
    return None


def group_column(profile: Profile, taken: Iterable[str]) -> ColumnProfile | None:
    """Return the column that tells whose rows they are; None where there is none.

    Known by its name, by holding the same few values again and again, and by none of
    them holding a large part of the rows. Of several the one with the most values is
    taken.

    Args:
        profile: Of all columns.
        taken: Columns that cannot be it, such as targets.
    """
    not_free = set(taken)
    found = [
        column
        for column in profile.columns
        if column.name not in not_free and _is_group(column)
    ]
    return max(found, key=lambda column: column.distinct, default=None)


def time_columns(profile: Profile, taken: Iterable[str]) -> Sequence[ColumnProfile]:
    """Return the columns that say on which day a row is of, in the file's order."""
    not_free = set(taken)
    return [
        column
        for column in profile.columns
        if column.kind == "datetime"
        and column.name not in not_free
        and column.maximum is not None
        and column.maximum > _DAY_S
    ]


def group_reason(column: ColumnProfile) -> str:
    """Return why rows with the same value should stay together."""
    each = (column.rows - column.missing) / column.distinct
    return (
        f"Column '{column.name}' holds {column.distinct:,} values, {each:,.0f} rows "
        f"each: with several rows per {column.name}, a random split would flatter, as "
        "it judges on those it was taught with."
    )


def _is_group(column: ColumnProfile) -> bool:
    if column.kind not in ("number", "category", "id"):
        return False
    if column.kind == "number" and not _is_whole(column):
        return False
    named = bool(words_of_name(column.name) & _NAMES_OF_GROUPS)
    fewest = _FEWEST_GROUPS if named else _FEWEST_IDS
    present = column.rows - column.missing
    largest = max((count for _, count in column.top), default=0)
    even_share = 1.0 / max(column.distinct, 1)
    most = max(_MOST_OF_ROWS, _MOST_EVEN_SHARES * even_share) * present
    return (
        (named or is_named_like_an_id(column.name))
        and column.missing <= _MOST_MISSING * column.rows
        and fewest <= column.distinct <= present / _ROWS_A_GROUP
        and largest <= most
    )


def _is_whole(column: ColumnProfile) -> bool:
    return all(value.lstrip("-").isdigit() for value, _ in column.top)
