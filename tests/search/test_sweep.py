"""Weightings beside the run's own: gains, the front, and where the dial snaps to."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.runs.store.study import Point, WeightSweep
from mtcore.search.proposals import propose_weights
from mtcore.search.sweep import (
    Weighting,
    best_of,
    chance_of,
    is_more_than_chance,
    pareto_front,
    turned,
    weightings_of,
    with_weights,
)
from mtcore.search.trials import next_trial, trial_count
from tests.search.points import LOADS, point

TWO = LOADS.model_copy(update={"heads": LOADS.heads[:2]})
OWN = {"heating": 2.0, "cooling": 1.0}


def swept(
    *points: tuple[dict[str, float], float | None, float], repeats: int = 0
) -> tuple[Weighting, ...]:
    """Return weightings of two heads; the run's own have the errors 2 and 4."""
    done: list[Point] = [
        point(0, {"heating": 2.0, "cooling": 4.0}, weights=OWN),
    ]
    for network in range(1, 1 + repeats):
        # Errors that lie a tenth off, once above and once below.
        off = 1.0 + 0.1 * (-1) ** network
        errors = {"heating": 2.0 * off, "cooling": 4.0 * off}
        done.append(point(network, errors, network=network, weights=OWN))
    for weights, heating, cooling in points:
        errors = {"heating": heating, "cooling": cooling}
        done.append(point(len(done), errors, weights=weights))
    return weightings_of(TWO, done)


def test_a_gain_is_relative_to_the_runs_own_weights() -> None:
    own, other = swept(({"heating": 1.0, "cooling": 1.0}, 1.5, 4.4))
    assert (own.own, other.own) == (True, False)
    assert own.gains == {"heating": 0.0, "cooling": 0.0}
    assert other.gains == pytest.approx({"heating": 0.25, "cooling": -0.1})
    assert other.mean_gain == pytest.approx(0.075)
    assert other.worst_gain == pytest.approx(-0.1)
    assert other.shares == {"heating": 0.5, "cooling": 0.5}


def test_weights_in_the_same_ratio_are_the_runs_own() -> None:
    weightings = swept(({"heating": 1.3333, "cooling": 0.6667}, 1.0, 4.0))
    assert [weighting.own for weighting in weightings] == [True, True]


def test_without_the_runs_own_weights_or_an_error_there_is_nothing_to_compare() -> None:
    alone = point(3, {"heating": 1.0, "cooling": 1.0})
    assert weightings_of(TWO, [alone]) == ()
    assert weightings_of(TWO, []) == ()
    assert len(swept(({"heating": 1.0, "cooling": 1.0}, None, 4.4))) == 1


def test_the_front_holds_what_nothing_is_better_than() -> None:
    errors = np.array([[1, 4], [2, 2], [2, 3], [3, 3], [4, 1], [2, 2]], np.float64)
    assert pareto_front(errors).tolist() == [True, True, False, False, True, True]
    three = np.array([[1, 2, 3], [1, 2, 4], [3, 1, 9]], np.float64)
    assert pareto_front(three).tolist() == [True, False, True]
    assert pareto_front(np.empty((0, 2))).tolist() == []


def test_the_front_is_that_of_all_heads() -> None:
    weightings = swept(
        ({"heating": 3.0, "cooling": 1.0}, 1.0, 5.0),
        ({"heating": 1.0, "cooling": 3.0}, 2.5, 4.5),
    )
    assert [weighting.on_front for weighting in weightings] == [True, True, False]


def test_a_lucky_seed_of_the_runs_own_weights_is_not_on_the_front() -> None:
    own, repeat = swept(repeats=1)
    assert repeat.errors["heating"] < own.errors["heating"]
    assert (own.on_front, repeat.on_front) == (True, False)


def test_a_turn_snaps_to_the_trained_weighting_next_to_it() -> None:
    even = {"heating": 1.0, "cooling": 1.0, "site": 1.0}
    weights = [
        own := {"heating": 2.0, "cooling": 1.0, "site": 1.0},
        even,
        {"heating": 0.3, "cooling": 2.4, "site": 0.3},
        {"heating": 0.3, "cooling": 1.35, "site": 1.35},
    ]
    done = [
        point(place, dict.fromkeys(given, 1.0), weights=given)
        for place, given in enumerate(weights)
    ]
    weightings = weightings_of(LOADS, done)
    now = weightings[0]
    assert now.shares == {name: weight / 4 for name, weight in own.items()}
    # Two have a share of 0.1; the others' shares are alike now, and so in the last.
    assert turned(weightings, now, "heating", 0.1) is weightings[3]
    assert turned(weightings, now, "heating", 0.35) is weightings[1]
    assert turned(weightings, now, "cooling", 0.8) is weightings[2]


def test_a_point_opens_as_the_run_with_its_weights() -> None:
    weightings = swept(({"heating": 0.5, "cooling": 1.5}, 1.5, 4.4))
    opened = with_weights(TWO, weightings[1])
    assert [head.weight for head in opened.heads] == [0.5, 1.5]
    assert opened.model_copy(update={"heads": TWO.heads}) == TWO


def test_the_best_is_no_lucky_seed_of_the_runs_own_weights() -> None:
    weightings = swept(({"heating": 1.0, "cooling": 1.0}, 1.95, 3.9), repeats=1)
    assert weightings[1].mean_gain > weightings[2].mean_gain
    assert best_of(weightings) is weightings[2]


def test_a_gain_that_seeds_alone_explain_is_not_called_one() -> None:
    weightings = swept(repeats=2)
    # The gains 0, 0.1 and -0.1 deviate by 0.1; a further one from their mean by more.
    spread = chance_of(weightings)
    assert spread == pytest.approx(0.1 * (4 / 3) ** 0.5)
    assert is_more_than_chance(0.35, spread)
    assert not is_more_than_chance(0.34, spread)
    assert chance_of(swept()) is None
    assert not is_more_than_chance(9.0, None)


def test_what_is_searched_for_lies_where_heads_gain_and_is_the_same_each_time() -> None:
    # The more cooling weighs, the better for both; heating pays nothing.
    done = [
        point(
            place,
            {"heating": 2.0, "cooling": 4.0 - share},
            weights={"heating": 2.0 * (1.0 - share), "cooling": 2.0 * share},
        )
        for place, share in enumerate([1 / 3, *np.linspace(0.05, 0.95, 19).tolist()])
    ]
    proposed = []
    for _ in range(8):
        trial = next_trial(TWO, WeightSweep(points=2, repeats=0, searched=40), done)
        assert trial is not None
        assert trial.place == len(done)
        assert sum(trial.weights.values()) == pytest.approx(2.0, abs=1e-3)
        share = trial.weights["cooling"] / 2.0
        proposed.append(share)
        errors = {"heating": 2.0, "cooling": 4.0 - share}
        done.append(point(trial.place, errors, weights=trial.weights))
    assert np.median(proposed) > 0.7
    assert propose_weights(TWO, done) == propose_weights(TWO, done)


def test_a_search_ends_after_as_many_weightings_as_were_asked_for() -> None:
    study = WeightSweep(points=2, repeats=0, searched=1)
    done = [point(place, {"heating": 1.0, "cooling": 1.0}) for place in range(3)]
    assert next_trial(TWO, study, done) is None
    assert trial_count(TWO, study) == 3
