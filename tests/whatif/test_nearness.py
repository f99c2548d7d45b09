"""Rows that are like none that were trained on."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, experiment_from
from mtcore.whatif.nearness import FAR_FROM, Neighbourhood, neighbourhood


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return experiment_from(
        {
            "inputs": [
                {"column": "area", "kind": "number"},
                {"column": "baths", "kind": "number"},
                {"column": "town", "kind": "category"},
            ],
            "heads": [{"name": "rent", "kind": "regression", "columns": ["rent"]}],
        }
    )


def flats(rows: int = 400) -> list[dict[str, object]]:
    """Return flats with a bath for every fifty square metres or so."""
    random = np.random.default_rng(5)
    area = random.uniform(20.0, 200.0, rows)
    baths = area / 50.0 + random.normal(0.0, 0.1, rows)
    towns = random.choice(["Ulm", "Bonn"], rows)
    return [
        {"area": float(a), "baths": float(b), "town": str(t)}
        for a, b, t in zip(area, baths, towns, strict=True)
    ]


@pytest.fixture(scope="module")
def near(experiment: Experiment) -> Neighbourhood:
    found = neighbourhood(experiment, Table.from_records(flats()))
    assert found is not None
    return found


def farness(near: Neighbourhood, **changes: object) -> float:
    row = {"area": 110.0, "baths": 2.2, "town": "Ulm"} | changes
    return float(near.farness(Table.from_records([row]))[0])


def test_a_row_among_others_is_near(near: Neighbourhood) -> None:
    assert farness(near) < 0.9


def test_a_row_within_all_ranges_but_like_no_other_is_far(near: Neighbourhood) -> None:
    assert farness(near, area=25.0, baths=3.9) >= FAR_FROM


def test_a_class_that_was_never_met_is_far(near: Neighbourhood) -> None:
    assert farness(near, town="Kiel") >= FAR_FROM
    assert farness(near, town=None) >= FAR_FROM


def test_training_rows_are_as_far_as_they_say(near: Neighbourhood) -> None:
    later = Table.from_records(flats(1_400)[400:])
    far = float((near.farness(later) >= 0.95).mean())
    # One in twenty, within three deviations of such a share and of the quantile.
    assert abs(far - 0.05) < 3 * np.sqrt(0.05 * 0.95 * (1 / 1_000 + 1 / 400))


def test_of_few_rows_nothing_is_told(experiment: Experiment) -> None:
    assert neighbourhood(experiment, Table.from_records(flats(19))) is None
