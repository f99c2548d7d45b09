"""Where a head is weak, where that is known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error

from mtcore.data.tables.table import Table
from mtcore.evaluation.segments import MISSING, OTHERS, head_segments, part_columns
from mtcore.spec import RegressionHead, TargetEncoding
from tests.evaluation.heads import every_kind

ROWS = 600
HEAD = RegressionHead(name="load", columns=("y",), metrics=("mae",))
ENCODING = TargetEncoding(mean=(0.0,), scale=(1.0,), constant=(0.0,), labelled=ROWS)


@pytest.fixture(scope="module")
def table() -> Table:
    towns = ["Ulm", "Bonn", None]
    return Table.from_records(
        [
            {
                "town": towns[n % 3],
                "size": float(n),
                "floors": float(n % 2),
                "street": f"street {n % 40}",
                "day": f"2024-01-{n % 28 + 1:02d}",
            }
            for n in range(ROWS)
        ]
    )


def test_columns_are_parted_by_what_they_hold(table: Table) -> None:
    town, size, floors, street, day = part_columns(
        table,
        {
            "town": "category",
            "size": "number",
            "floors": "number",
            "street": "category",
            "day": "datetime",
        },
    )
    assert town.values == (MISSING, "Bonn", "Ulm")
    assert np.bincount(town.codes).tolist() == [200, 200, 200]
    assert size.values[0] == "0 to 119.8"
    assert np.bincount(size.codes).tolist() == [120] * 5
    assert floors.values == ("0", "1", MISSING)
    assert street.values[-1] == OTHERS
    assert len(street.values) == 12
    assert day.values[0].startswith("2024-01-01")


def test_the_weak_segment_comes_first_with_its_own_metric(table: Table) -> None:
    random = np.random.default_rng(3)
    targets = np.zeros((ROWS, 1))
    outputs = random.normal(0.0, 1.0, (ROWS, 1))
    bonn = np.arange(ROWS) % 3 == 1
    outputs[bonn] *= 3.0
    parted = part_columns(table, {"floors": "number", "town": "category"})
    found = head_segments(HEAD, ENCODING, (targets, outputs), parted)
    worst = found.segments[0]
    assert (worst.column, worst.value, worst.rows) == ("town", "Bonn", 200)
    assert worst.surely > 0
    expected = mean_absolute_error(targets[bonn], outputs[bonn])
    assert worst.score == pytest.approx(expected)
    assert found.score == pytest.approx(mean_absolute_error(targets, outputs))
    # Nine times the loss in a third of the rows: 27 / 11 of the mean.
    assert worst.excess == pytest.approx(27 / 11 - 1, abs=0.25)
    assert all(one.surely <= 0 for one in found.segments[1:])


def test_rows_without_a_label_and_small_segments_are_left_out(table: Table) -> None:
    targets = np.full((ROWS, 1), np.nan)
    targets[:45] = 0.0
    parted = part_columns(table, {"town": "category", "street": "category"})
    found = head_segments(HEAD, ENCODING, (targets, np.ones((ROWS, 1))), parted)
    assert found.rows == 45
    assert {one.rows for one in found.segments if one.column == "town"} == {15}
    assert {one.value for one in found.segments if one.column == "street"} == {OTHERS}


@pytest.mark.parametrize("kind", every_kind())
def test_every_kind_has_segments(kind: str) -> None:
    case = every_kind()[kind]
    rows = len(case.targets)
    halves = Table.from_records([{"half": "ab"[n % 2]} for n in range(rows)])
    answers = case.targets, case.outputs
    parted = part_columns(halves, {"half": "category"})
    found = head_segments(case.head, case.encoding, answers, parted)
    assert {one.value for one in found.segments} == {"a", "b"}
    assert all(one.score is not None for one in found.segments)
