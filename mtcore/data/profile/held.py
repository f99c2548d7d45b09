"""What a column holds once an experiment's missing markers are taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtcore.data.profile.profile import ColumnProfile


@dataclass(frozen=True, slots=True)
class Held:
    """The values of one column.

    Args:
        rows: Cells in all.
        missing: Cells without a value, the markers counted too.
        distinct: Different values.
        frequent: The most frequent values with their counts, at most 20.
    """

    rows: int
    missing: int
    distinct: int
    frequent: tuple[tuple[str, int], ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The most frequent values without their counts."""
        return tuple(value for value, _ in self.frequent)

    @property
    def complete(self) -> bool:
        """Whether `frequent` lists every value there is."""
        return len(self.frequent) >= self.distinct


def held_values(column: ColumnProfile, missing: Sequence[str]) -> Held:
    """Return a column's values without those that stand for "missing".

    Args:
        column: As profiled, where a marker that was not applied counts as a value.
        missing: The experiment's markers.
    """
    markers = {marker.strip() for marker in missing}
    numbers = {_number(marker) for marker in markers} - {None}
    marked = [
        (value, count)
        for value, count in column.top
        if value in markers or _number(value) in numbers
    ]
    gone = {value for value, _ in marked}
    return Held(
        rows=column.rows,
        missing=column.missing + sum(count for _, count in marked),
        distinct=column.distinct - len(marked),
        frequent=tuple(entry for entry in column.top if entry[0] not in gone),
    )


def holds_numbers(column: ColumnProfile) -> bool:
    """Return whether a column's most frequent values are all numbers.

    An id or a constant is kept as text and may be numbers all the same.
    """
    return all(_number(value) is not None for value, _ in column.top)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
