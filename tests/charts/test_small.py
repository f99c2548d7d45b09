"""The bars of a column's card."""

from __future__ import annotations

import re

from mtcore.charts.small import small_distribution
from tests.charts.gallery import column
from tests.charts.networks import HOSTILE


def heights(drawn: str) -> list[float]:
    return [
        float(height) for height in re.findall(r"height:([\d.]+)px;background", drawn)
    ]


def test_bars_are_as_high_as_their_rows_are_many() -> None:
    counts = (100, 50, 1, 0)
    bins = tuple((float(n), n + 1.0, count) for n, count in enumerate(counts))
    drawn = small_distribution(column(histogram=bins))
    assert heights(drawn)[:4] == [44.0, 22.0, 1.5, 0.0]


def test_a_column_without_a_value_has_no_bar() -> None:
    drawn = small_distribution(column(histogram=(), top=(), distinct=0))
    assert not any(heights(drawn))


def test_a_hostile_name_stays_inside_its_attribute() -> None:
    drawn = small_distribution(column(name=f'" onload="x {HOSTILE}'))
    assert re.findall(r"<(?!/?div)", drawn) == []
    assert 'aria-label="Rows of &quot; onload=&quot;x' in drawn
