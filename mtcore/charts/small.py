"""A column's distribution as a drawing of a few hundred bytes, for cards in rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mtcore.charts.style import DATA
from mtcore.data.profile import ColumnProfile

_WIDTH, _HEIGHT = 240, 44
_LEAST_PX = 1.5  # so that a bar of few rows is still seen
_MOST_BARS = 20
_QUANTITIES = ("number", "datetime")


def small_distribution(column: ColumnProfile) -> str:
    """Return an SVG of how often each range or value of a column occurs.

    Bars of ranges stand side by side; those of values have a gap between them, the
    most frequent first.

    Args:
        column: As profiled.
    """
    if column.kind in _QUANTITIES and column.histogram:
        counts = [count for _, _, count in column.histogram]
        said = f"Rows of {column.name} by ranges of equal width"
        return _bars(counts, 0.5, said)
    counts = [count for _, count in column.top[:_MOST_BARS]]
    return _bars(counts, 3.0, f"Rows of {column.name} by value, most frequent first")


def _bars(counts: Sequence[int], gap: float, said: str) -> str:
    width = _WIDTH / max(len(counts), 8)
    most = max(counts, default=0) or 1
    drawn = []
    for place, count in enumerate(counts):
        height = max(count / most * _HEIGHT, _LEAST_PX) if count else 0.0
        drawn.append(
            f'<rect x="{place * width:.1f}" y="{_HEIGHT - height:.1f}" '
            f'width="{max(width - gap, 0.5):.1f}" height="{height:.1f}"/>'
        )
    return (
        f'<svg role="img" aria-label="{escape(said)}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="100%" height="{_HEIGHT}" preserveAspectRatio="none" fill="{DATA}">'
        f"{''.join(drawn)}</svg>"
    )
