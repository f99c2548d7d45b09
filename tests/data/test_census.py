"""What is counted while rows go by is what a look at all of them gives."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from mtcore.data.queries.spreads import NO_SPREAD
from mtcore.data.reading.columns import census
from mtcore.data.reading.columns.census import Census
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    Plan,
    TextPlan,
)
from mtcore.data.reading.notations.dates import DateFormats
from mtcore.data.reading.notations.numbers import NumberFormat

NUMBERS = NumberPlan(NumberFormat(), stored=True)
MOMENTS = DatePlan(DateFormats((), 1.0), stored=True)


def counted(table: pa.Table, rows_a_batch: int) -> Census:
    """Return the census of a table that comes in batches."""
    found = Census(len(table), table.num_columns)
    for batch in table.to_batches(rows_a_batch):
        found.add(batch)
    return found


def test_values_add_up_over_batches() -> None:
    table = pa.table(
        {
            "number": pa.array([2.0, None, 0.0, -0.0, 3.5, 2.0]),
            "text": ["a b", "c", "a b", None, "x.png", "a b"],
            "moment": pa.array(
                [datetime(1970, 1, 1, 0, 0, n % 3) for n in range(6)],
                pa.timestamp("us"),
            ),
            "nothing": pa.array([None] * 6, pa.float64()),
        }
    )
    found = counted(table, 2)
    plans: dict[int, Plan] = {0: NUMBERS, 1: TextPlan(), 2: MOMENTS, 3: NUMBERS}
    number, text, moment, nothing = found.measures(plans).values()
    assert (number.read, number.distinct, number.whole) == (5, 3, 4)
    assert (number.low, number.high) == (0.0, 3.5)
    assert (text.read, text.distinct, text.pictures) == (5, 3, 1)
    assert text.words == pytest.approx((2 * 3 + 1 + 1) / 5)
    assert text.letters == pytest.approx((3 * 3 + 1 + 5) / 5)
    assert (moment.read, moment.distinct) == (6, 3)
    assert (nothing.read, nothing.distinct) == (0, 0)
    looks = list(found.looks())
    ends = looks[0][0].ends
    assert (ends.minimum, ends.maximum, ends.mean) == (0.0, 3.5, 1.5)
    assert ends.deviation == pytest.approx(np.std([2, 0, 0, 3.5, 2]))
    assert looks[0][1] == (("0", 2), ("2", 2), ("3.5", 1))
    assert looks[1] == (NO_SPREAD, (("a b", 3), ("c", 1), ("x.png", 1)))
    assert looks[2][1][0] == ("1970-01-01", 2)
    assert looks[2][0].ends.mean == pytest.approx(1.0)
    assert looks[3] == (NO_SPREAD, ())


def test_a_share_tells_how_many_values_differ_where_these_are_very_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(census, "FEW_VALUES", 500)
    random = np.random.default_rng(0)
    rows = 60_000
    table = pa.table(
        {
            "some": random.integers(0, 8_000, rows).astype(float) / 100,
            "all": np.arange(rows),
            "few": random.integers(0, 400, rows),
            "words": [f"w{n}" for n in range(rows)],
        }
    )
    plans: dict[int, Plan] = {0: NUMBERS, 1: NUMBERS, 2: NUMBERS, 3: TextPlan()}
    found = counted(table, 5_000).measures(plans)
    assert found[0].distinct == pytest.approx(8_000, rel=0.2)
    assert (found[1].distinct, found[2].distinct) == (rows, 400)
    assert 3 not in found  # a share of the texts is asked for


def test_numbers_too_great_to_add_up_have_no_mean() -> None:
    table = pa.table({"x": [1.7e308, -1.7e308, 1.7e308, 1.7e308]})
    ((spread, _),) = counted(table, 2).looks()
    assert spread.ends.maximum == 1.7e308
    assert (spread.ends.mean, spread.ends.deviation) == (None, None)


def test_a_number_that_is_kept_as_its_text_is_asked_for() -> None:
    table = pa.table({"id": ["007", "008"], "open": ["yes", "no"]})
    plans: dict[int, Plan] = {
        0: NUMBERS,
        1: BooleanPlan({"no": "no", "yes": "yes"}, stored=True),
    }
    assert list(counted(table, 2).measures(plans)) == [1]
