"""Which trainings a study consists of, and the experiments they are of."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.runs.store.study import Twins, WeightSweep
from mtcore.search.simplex import simplex_design
from mtcore.search.trials import next_trial, planned_trials, trial_count
from mtcore.search.variants import split_off, twin_of, variant_of
from mtcore.spec import Experiment, SeparateTrunk, experiment_from, plain_data
from tests.search.points import LOADS, point


def stays_valid(experiment: Experiment) -> bool:
    """Return whether an experiment would be read from a file as it is."""
    return experiment_from(plain_data(experiment)) == experiment


def test_twins_are_all_heads_together_and_each_alone_from_the_same_seeds() -> None:
    trials = planned_trials(LOADS, Twins(seeds=2))
    assert [(trial.alone, trial.network) for trial in trials] == [
        (None, 0), (None, 1), ("heating", 0), ("heating", 1),
        ("cooling", 0), ("cooling", 1), ("site", 0), ("site", 1),
    ]  # fmt: skip
    assert trials[0].weights == {"heating": 2.0, "cooling": 1.0, "site": 1.0}
    assert trials[-1].weights == {"site": 1.0}
    assert [trial.place for trial in trials] == list(range(8))
    assert trial_count(LOADS, Twins(seeds=2)) == 8


def test_the_next_trial_is_the_first_that_is_not_done() -> None:
    done = [point(place, {"heating": 1.0}) for place in (0, 1, 3)]
    following = next_trial(LOADS, Twins(seeds=1), done)
    assert following is not None
    assert (following.place, following.alone) == (2, "cooling")
    done.append(point(2, {"heating": 1.0}))
    assert next_trial(LOADS, Twins(seeds=1), done) is None


def test_a_twin_is_the_same_recipe_with_one_head() -> None:
    twin = twin_of(LOADS, "site")
    [head] = twin.heads
    assert (head.name, head.reads, head.weight) == ("site", (), 1.0)
    assert (twin.training.monitor, twin.training.balance) == (None, "static")
    assert (twin.trunk, twin.split, twin.seed) == (LOADS.trunk, LOADS.split, LOADS.seed)
    assert twin_of(LOADS, "heating").training.monitor == "heating"
    assert variant_of(LOADS, None) is LOADS
    assert stays_valid(twin)


def test_of_two_heads_one_network_with_separate_trunks_splits_one_off() -> None:
    two = LOADS.model_copy(update={"heads": LOADS.heads[:2]})
    [apart] = split_off(two, "cooling")
    assert isinstance(apart.experiment.trunk, SeparateTrunk)
    assert apart.experiment.trunk.layers == two.trunk.layers
    assert apart.experiment.heads == two.heads
    assert stays_valid(apart.experiment)


def test_of_more_heads_one_network_with_a_trunk_of_its_own_splits_one_off() -> None:
    whole, _, _ = split_off(LOADS, "heating")
    assert whole.what == "own_trunk"
    owns = {head.name: head.own_trunk for head in whole.experiment.heads}
    assert owns == {"heating": True, "cooling": False, "site": False}
    assert whole.experiment.trunk == LOADS.trunk
    assert stays_valid(whole.experiment)
    assert [way.what for way in split_off(whole.experiment, "heating")] == [
        "alone", "others",
    ]  # fmt: skip
    assert not twin_of(whole.experiment, "heating").heads[0].own_trunk


def test_of_more_heads_two_experiments_do_too() -> None:
    _, alone, others = split_off(LOADS, "heating")
    assert [head.name for head in alone.experiment.heads] == ["heating"]
    assert [head.name for head in others.experiment.heads] == ["cooling", "site"]
    assert others.experiment.heads[1].reads == ()
    assert others.experiment.training.monitor is None
    assert others.experiment.training.balance == "famo"
    assert stays_valid(alone.experiment)
    assert stays_valid(others.experiment)


def test_a_sweep_begins_with_the_runs_own_weights_and_covers_all_others() -> None:
    sweep = WeightSweep(points=5, repeats=1)
    two = LOADS.model_copy(update={"heads": LOADS.heads[:2]})
    trials = planned_trials(two, sweep)
    weights = [tuple(trial.weights.values()) for trial in trials]
    assert weights[:2] == [(2.0, 1.0), (2.0, 1.0)]
    assert [trial.network for trial in trials] == [0, 1, 0, 0, 0, 0]
    assert weights[2:] == [(1.75, 0.25), (1.25, 0.75), (0.75, 1.25), (0.25, 1.75)]


def test_a_head_that_moves_no_trunk_is_left_as_it_is() -> None:
    still = LOADS.heads[2].model_copy(update={"weight": 0.0})
    experiment = LOADS.model_copy(update={"heads": (*LOADS.heads[:2], still)})
    for trial in planned_trials(experiment, WeightSweep()):
        assert trial.weights["site"] == 0.0
        assert min(trial.weights["heating"], trial.weights["cooling"]) > 0.0


def test_points_of_three_heads_follow_the_recurrence() -> None:
    # The root of x³ = x + 1 is 1.32472, so the steps are 0.754878 and 0.569840; the
    # first numbers are 0.254878 and 0.069840, the gaps of which are the shares.
    first = simplex_design(3, 2)[0]
    np.testing.assert_allclose(first, [0.069840, 0.185038, 0.745122], atol=1e-6)


@pytest.mark.parametrize("heads", [2, 3, 5])
def test_a_design_fills_the_simplex_evenly(heads: int) -> None:
    shares = simplex_design(heads, 400)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert (shares > 0.0).all()
    np.testing.assert_allclose(shares.mean(axis=0), 1.0 / heads, atol=0.01)
    # Of uniform shares, a head has more than half in 2^(1 - heads) of the points.
    most = (shares > 0.5).mean(axis=0)
    np.testing.assert_allclose(most, 0.5 ** (heads - 1), atol=0.02)
