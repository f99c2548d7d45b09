"""Metrics of rows that count more or less, held against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from mtcore.arrays import FloatArray
from mtcore.evaluation.bootstrap import REPEATED
from mtcore.evaluation.bootstrap.draws import draw_again
from mtcore.evaluation.metrics import METRICS, score
from mtcore.evaluation.reports import RegressionReport, build_report
from mtcore.evaluation.reports.weighted import weigh_metrics
from tests.evaluation.heads import (
    Case,
    binary_case,
    count_case,
    every_kind,
    multiclass_case,
    ordinal_case,
    quantile_case,
    regression_case,
)

CASES = every_kind()
EVERY_METRIC = [(kind, name) for kind, names in METRICS.items() for name in names]
CLOSE = {"rel": 1e-9, "abs": 1e-12}


def weights_for(case: Case) -> FloatArray:
    """Return weights of 0 to 3, other ones for each row."""
    random = np.random.default_rng(5)
    return random.integers(0, 4, len(case.targets)).astype(np.float64)


def weighted(case: Case) -> tuple[dict[str, float | None], FloatArray]:
    """Return a head's weighted metrics, and the weights of its labelled rows."""
    held = weights_for(case)
    found = score(case.head, case.encoding, case.targets, case.outputs, held)
    return found, held[case.known]


@pytest.mark.parametrize(("kind", "name"), EVERY_METRIC)
def test_a_row_of_weight_three_counts_as_three_rows(kind: str, name: str) -> None:
    case = CASES[kind]
    times = weights_for(case).astype(np.int64)
    repeated = score(
        case.head,
        case.encoding,
        np.repeat(case.targets, times, axis=0),
        np.repeat(case.outputs, times, axis=0),
    )
    plain = score(case.head, case.encoding, case.targets, case.outputs)
    found, _ = weighted(case)
    assert found[name] == pytest.approx(repeated[name], **CLOSE)
    assert found[name] != pytest.approx(plain[name], rel=1e-6)


def test_weighted_errors_of_numbers_are_scikit_learns() -> None:
    case = regression_case()
    found, held = weighted(case)
    pair = case.targets[case.known, 0], case.outputs[case.known, 0]
    for name, function in {
        "mae": reference.mean_absolute_error,
        "rmse": reference.root_mean_squared_error,
        "r2": reference.r2_score,
    }.items():
        assert found[name] == pytest.approx(
            function(*pair, sample_weight=held), **CLOSE
        )


def test_weighted_metrics_of_two_classes_are_scikit_learns() -> None:
    case = binary_case()
    found, held = weighted(case)
    actual, chance = case.targets[case.known, 0], case.outputs[case.known, 0]
    for name, function, said in (
        ("accuracy", reference.accuracy_score, chance >= 0.5),
        ("auc", reference.roc_auc_score, chance),
        ("average_precision", reference.average_precision_score, chance),
        ("log_loss", reference.log_loss, chance),
        ("brier", reference.brier_score_loss, chance),
        ("f1", reference.f1_score, chance >= 0.5),
    ):
        expected = function(actual, said, sample_weight=held)
        assert found[name] == pytest.approx(expected, **CLOSE), name


def test_weighted_metrics_of_several_classes_are_scikit_learns() -> None:
    case = multiclass_case()
    found, held = weighted(case)
    actual, chances = case.targets[case.known, 0], case.outputs[case.known]
    named = chances.argmax(axis=1)
    chances = chances / chances.sum(axis=1, keepdims=True)
    assert found["accuracy"] == pytest.approx(
        reference.accuracy_score(actual, named, sample_weight=held), **CLOSE
    )
    assert found["macro_f1"] == pytest.approx(
        reference.f1_score(actual, named, average="macro", sample_weight=held), **CLOSE
    )
    assert found["log_loss"] == pytest.approx(
        reference.log_loss(actual, chances, sample_weight=held), rel=1e-6
    )


def test_weighted_metrics_of_counts_ranges_and_ranks_are_scikit_learns() -> None:
    case = count_case()
    found, held = weighted(case)
    pair = case.targets[case.known, 0], case.outputs[case.known, 0]
    assert found["poisson_deviance"] == pytest.approx(
        reference.mean_poisson_deviance(*pair, sample_weight=held), **CLOSE
    )
    assert found["d2"] == pytest.approx(
        reference.d2_tweedie_score(*pair, sample_weight=held, power=1), **CLOSE
    )
    case = quantile_case()
    found, held = weighted(case)
    actual, quantiles = case.targets[case.known, 0], case.outputs[case.known]
    losses = [
        reference.mean_pinball_loss(
            actual, quantiles[:, place], sample_weight=held, alpha=level
        )
        for place, level in enumerate(case.encoding.levels)
    ]
    assert found["pinball"] == pytest.approx(np.mean(losses), **CLOSE)
    case = ordinal_case()
    found, held = weighted(case)
    assert found["qwk"] is not None
    assert 0.0 < found["qwk"] < 1.0


@pytest.mark.parametrize("kind", CASES)
def test_rows_that_all_weigh_nothing_say_nothing(kind: str) -> None:
    case = CASES[kind]
    nothing = np.zeros(len(case.targets))
    found = score(case.head, case.encoding, case.targets, case.outputs, nothing)
    assert set(found.values()) == {None}


@pytest.mark.parametrize(("kind", "name"), EVERY_METRIC)
def test_intervals_are_of_the_weighted_metric(kind: str, name: str) -> None:
    case = CASES[kind]
    found, held = weighted(case)
    targets, outputs = case.targets[case.known], case.outputs[case.known]
    draws = draw_again(len(targets), seed=3, resamples=4, weights=held)
    repeated = REPEATED[kind][name](draws, targets, outputs, case.encoding)
    assert repeated[0] == pytest.approx(found[name], rel=2e-5)
    assert np.ptp(repeated) > 0.0


def test_a_report_weighs_its_metrics_and_counts_its_rows() -> None:
    case = regression_case()
    answers = case.targets, case.outputs
    rows = np.arange(len(case.targets))
    plain = build_report(case.head, case.encoding, *answers, rows)
    held = weights_for(case)
    found = weigh_metrics(plain, case.head, case.encoding, answers, held)
    assert isinstance(plain, RegressionReport)
    assert isinstance(found, RegressionReport)
    assert found.metrics == weighted(case)[0]
    assert found.columns[0].metrics["mae"] == found.metrics["mae"]
    assert found.columns[0].residuals == plain.columns[0].residuals
    same = weigh_metrics(plain, case.head, case.encoding, answers, None)
    assert same == plain
