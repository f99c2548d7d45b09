"""A column's distribution as a drawing of a few hundred bytes, for cards in rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mtcore.charts.style import DATA
from mtcore.data.profile.profile import ColumnProfile

_HEIGHT_PX = 44
_LEAST_PX = 1.5  # so that a bar of few rows is still seen
_MOST_BARS = 20
_FEWEST_BARS = 8  # so that two values are no two blocks
_QUANTITIES = ("number", "datetime")


def small_distribution(column: ColumnProfile) -> str:
    """Return HTML of bars: how often each range or value of a column occurs.

    Bars of ranges stand side by side; those of values have a gap between them, the
    most frequent first. There is no text in it but its name for who cannot see it.

    Args:
        column: As profiled.
    """
    if column.kind in _QUANTITIES and column.histogram:
        counts = [count for _, _, count in column.histogram]
        return _bars(counts, 1, f"Rows of {column.name} by ranges of equal width")
    counts = [count for _, count in column.top[:_MOST_BARS]]
    return _bars(counts, 3, f"Rows of {column.name} by value, most frequent first")


def _bars(counts: Sequence[int], gap_px: int, said: str) -> str:
    most = max(counts, default=0) or 1
    heights = [
        max(count / most * _HEIGHT_PX, _LEAST_PX) if count else 0.0 for count in counts
    ]
    heights += [0.0] * (_FEWEST_BARS - len(heights))
    bars = "".join(
        f'<div style="flex:1;height:{height:.1f}px;background:{DATA}"></div>'
        for height in heights
    )
    return (
        f'<div role="img" aria-label="{escape(said)}" style="display:flex;'
        f'align-items:flex-end;gap:{gap_px}px;height:{_HEIGHT_PX}px">{bars}</div>'
    )
