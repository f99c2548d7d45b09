"""Did sharing help? Gains and intervals by hand, and sentences that claim no more."""

from __future__ import annotations

import pytest
from scipy import stats

from mtcore.runs.store.study import Point
from mtcore.search.judging import errors_of, judged_by
from mtcore.search.sharing import (
    gain_of,
    mean_gain,
    overall_sentence,
    sharing_of,
    train_seconds,
)
from mtcore.spec import parse_experiment
from tests.search.points import LOADS, point

TWO = LOADS.model_copy(update={"heads": LOADS.heads[:2]})


def study(
    together: list[tuple[float, float]], heating: list[float], cooling: list[float]
) -> list[Point]:
    """Return the points of two heads: with each other, and alone."""
    points = [
        point(place, {"heating": first, "cooling": second}, network=place)
        for place, (first, second) in enumerate(together)
    ]
    for name, errors in (("heating", heating), ("cooling", cooling)):
        points += [
            point(len(points), {name: error}, alone=name, network=network)
            for network, error in enumerate(errors)
        ]
    return points


def test_a_gain_is_the_share_of_the_error_alone_that_is_gone() -> None:
    gain = gain_of([3.0, 4.0, 5.0], [4.0, 5.0, 6.0])
    assert gain is not None
    assert gain.value == pytest.approx(0.2)
    # Both variances are 1, so Welch's is Student's interval of 4 degrees of freedom.
    reach = 2.776445 * (2 / 3) ** 0.5 / 5
    assert gain.low == pytest.approx(0.2 - reach, rel=1e-6)
    assert gain.high == pytest.approx(0.2 + reach, rel=1e-6)


def test_the_interval_is_welch_s() -> None:
    ours, theirs = [1.0, 1.4, 1.1, 1.3], [1.9, 2.0, 1.95]
    gain = gain_of(ours, theirs)
    known = stats.ttest_ind(theirs, ours, equal_var=False).confidence_interval(0.95)
    assert gain is not None
    mean = sum(theirs) / 3
    assert gain.low == pytest.approx(known.low / mean)
    assert gain.high == pytest.approx(known.high / mean)


def test_one_seed_has_no_interval_and_nothing_to_divide_by_no_gain() -> None:
    alone = gain_of([1.0], [2.0])
    assert alone is not None
    assert (alone.value, alone.low, alone.high) == (0.5, None, None)
    assert gain_of([1.0, 2.0], [0.0, 0.0]) is None
    assert gain_of([], [1.0]) is None


def test_delta_m_is_the_mean_of_the_heads_relative_gains() -> None:
    points = study([(0.9, 4.0), (1.1, 4.4)], [2.0, 2.0], [4.0, 4.0])
    heads = sharing_of(TWO, points)
    assert [head.gain and round(head.gain.value, 6) for head in heads] == [0.5, -0.05]
    mean = mean_gain(heads)
    assert mean is not None
    # Seed by seed (0.45 + 1.0) / 2 and (0.55 + 1.1) / 2 of the error alone.
    assert mean.value == pytest.approx(1 - (0.725 + 0.825) / 2)
    # The twins do not vary: one degree of freedom, with a quantile of 12.7062.
    reach = 12.7062 * (0.005 / 2) ** 0.5
    assert mean.high == pytest.approx(mean.value + reach, rel=1e-5)


@pytest.mark.parametrize(
    ("together", "alone", "outcome", "words"),
    [
        ([0.50, 0.51, 0.49], [1.0, 1.01, 0.99], "helps", "50 % lower than alone"),
        ([1.50, 1.51, 1.49], [1.0, 1.01, 0.99], "hurts", "50 % higher than alone"),
        ([0.8, 1.3, 0.9], [1.0, 1.2, 0.8], "open", "3 seeds can't tell"),
        ([1.0, 1.001, 0.999], [1.0, 1.001, 0.999], "same", "makes no difference"),
        ([0.9], [1.0], "open", "One seed can't tell"),
        ([0.9, 0.8], [], "unknown", "Not trained yet"),
        ([0.9, 0.8], [0.0, 0.0], "unknown", "can't be computed"),
    ],
)
def test_a_sentence_says_what_the_interval_allows(
    together: list[float], alone: list[float], outcome: str, words: str
) -> None:
    points = study([(error, 1.0) for error in together], alone, [1.0])
    heating = sharing_of(TWO, points)[0]
    assert heating.outcome == outcome
    assert words in heating.sentence


def test_there_is_no_delta_m_while_a_twin_is_missing() -> None:
    points = study([(0.9, 4.0)], [2.0], [])
    assert mean_gain(sharing_of(TWO, points)) is None


def test_on_the_whole_nothing_is_claimed_that_chance_explains() -> None:
    unsure = gain_of([0.8, 1.3, 0.9], [1.0, 1.2, 0.8])
    sure = gain_of([0.50, 0.51, 0.49], [1.0, 1.01, 0.99])
    assert unsure is not None
    assert sure is not None
    assert "not sure whether sharing helps" in overall_sentence(unsure, 2)
    assert "sharing lowers the error by 50 %" in overall_sentence(sure, 2)


def test_time_is_told_apart_for_shared_networks_and_twins() -> None:
    points = study([(0.9, 4.0), (0.9, 4.0)], [2.0], [])
    assert train_seconds(points) == (4.0, 2.0)


def test_every_head_is_judged_by_an_error() -> None:
    experiment = parse_experiment("""
heads:
  - {name: one, kind: regression, columns: [a]}
  - {name: several, kind: regression, columns: [a, b]}
  - {name: chances, kind: binary, columns: [c]}
  - {name: balanced, kind: binary, columns: [c], class_weight: balanced}
  - {name: focal, kind: multiclass, columns: [d], loss: focal}
  - {name: classes, kind: multiclass, columns: [d]}
  - {name: labels, kind: multilabel, columns: [e, f]}
  - {name: number, kind: count, columns: [g]}
  - {name: range, kind: quantile, columns: [a]}
  - {name: order, kind: ordinal, columns: [h], order: [low, high]}
""")
    assert {head.name: judged_by(head).name for head in experiment.heads} == {
        "one": "rmse", "several": "rrmse", "chances": "log_loss",
        "balanced": "accuracy", "focal": "accuracy", "classes": "log_loss",
        "labels": "hamming", "number": "poisson_deviance", "range": "pinball",
        "order": "mae",
    }  # fmt: skip


def test_what_an_accuracy_lacks_is_its_error() -> None:
    head = parse_experiment(
        "heads: [{name: site, kind: binary, columns: [s], loss: focal}]"
    ).heads[0]
    done = point(0, {"site": 0.1})
    scores = done.heads["site"].model_copy(update={"test": {"accuracy": 0.9}})
    done = done.model_copy(update={"heads": {"site": scores}})
    assert errors_of(head, [done], "test") == [pytest.approx(0.1)]
    assert errors_of(head, [done], "validation") == [None]
