"""How sure metrics are: sums over resamples beside the metrics on repeated rows."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import average_precision_score, roc_auc_score

from mtcore.evaluation.bootstrap import REPEATED, metric_intervals
from mtcore.evaluation.bootstrap.draws import draw_again
from mtcore.evaluation.metrics import METRICS, score
from tests.evaluation.heads import (
    Case,
    binary_case,
    every_kind,
    multiclass_case,
    regression_case,
)

CASES = every_kind()
EVERY_METRIC = [(kind, name) for kind, names in METRICS.items() for name in names]


def intervals_of(case: Case, seed: int = 0) -> dict[str, tuple[float, float] | None]:
    scores = score(case.head, case.encoding, case.targets, case.outputs)
    answers = case.targets, case.outputs, None
    return metric_intervals(case.head, case.encoding, answers, scores, seed)


@pytest.mark.parametrize(("kind", "name"), EVERY_METRIC)
def test_a_metric_on_a_resample_is_that_on_its_rows_repeated(
    kind: str, name: str
) -> None:
    case = CASES[kind]
    targets, outputs = case.targets[case.known], case.outputs[case.known]
    draws = draw_again(len(targets), seed=3, resamples=4)
    repeated = REPEATED[kind][name](draws, targets, outputs, case.encoding)
    expected = [
        METRICS[kind][name].function(
            np.repeat(targets, times, axis=0),
            np.repeat(outputs, times, axis=0),
            case.encoding,
        )
        for times in draws.counts.astype(np.int64)
    ]
    np.testing.assert_allclose(repeated, np.asarray(expected, float), rtol=2e-5)


@pytest.mark.parametrize("kind", CASES)
def test_every_metric_has_an_interval_around_its_value(kind: str) -> None:
    case = CASES[kind]
    scores = score(case.head, case.encoding, case.targets, case.outputs)
    found = intervals_of(case)
    assert list(found) == list(scores)
    for name, ends in found.items():
        assert ends is not None
        value = scores[name]
        assert value is not None
        assert ends[0] < value < ends[1]


def test_the_interval_of_a_mean_is_as_wide_as_its_standard_error_says() -> None:
    case = regression_case(rows=1_500)
    off = np.abs(case.targets - case.outputs)[case.known]
    error = off.std() / np.sqrt(len(off))
    ends = intervals_of(case)["mae"]
    assert ends is not None
    width = 2 * norm.ppf(0.975) * error
    assert ends[1] - ends[0] == pytest.approx(width, rel=0.12)


def test_the_interval_of_an_area_covers_other_rows_as_often_as_it_says() -> None:
    truth = roc_auc_score(*_many_binary())
    held, repetitions = 0, 60
    for seed in range(repetitions):
        case = binary_case(rows=200, seed=seed)
        ends = intervals_of(case, seed)["auc"]
        assert ends is not None
        held += ends[0] <= truth <= ends[1]
    # Two standard errors of such a share, and the bias of percentiles of few rows.
    error = np.sqrt(0.95 * 0.05 / repetitions)
    assert held / repetitions > 0.95 - 2 * error - 0.02


def _many_binary() -> tuple[np.ndarray, np.ndarray]:
    case = binary_case(rows=200_000, seed=999)
    return case.targets[case.known][:, 0], case.outputs[case.known][:, 0]


def test_many_rows_in_groups_are_as_sure_as_rows_one_by_one() -> None:
    case = binary_case(rows=20_000)
    actual, chance = case.targets[case.known][:, 0], case.outputs[case.known][:, 0]
    random = np.random.default_rng(1)
    for name, metric in (("auc", roc_auc_score), ("average_precision", _precision)):
        one_by_one = []
        for _ in range(150):
            rows = random.integers(0, len(actual), len(actual))
            one_by_one.append(metric(actual[rows], chance[rows]))
        ends = intervals_of(case)[name]
        assert ends is not None
        width = 2 * norm.ppf(0.975) * np.std(one_by_one)
        assert ends[1] - ends[0] == pytest.approx(width, rel=0.25)


def _precision(actual: np.ndarray, chance: np.ndarray) -> float:
    return float(average_precision_score(actual, chance))


def test_the_same_seed_draws_the_same_rows() -> None:
    case = binary_case()
    assert intervals_of(case, 1) == intervals_of(case, 1)
    assert intervals_of(case, 1) != intervals_of(case, 2)


def test_of_few_rows_or_many_classes_nothing_is_said() -> None:
    assert set(intervals_of(regression_case(rows=9)).values()) == {None}
    many = intervals_of(multiclass_case(rows=2_000, classes=50))
    assert many["auc"] is None
    assert many["accuracy"] is not None


def test_a_hundred_thousand_rows_are_drawn_in_seconds() -> None:
    case = binary_case(rows=100_000)
    begun = time.process_time()
    intervals_of(case)
    assert time.process_time() - begun < 10.0
