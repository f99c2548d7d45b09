"""Temperature, calibration error and costs of thresholds, by hand and by SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss

from mtcore.evaluation.costs import cheapest
from mtcore.evaluation.reports import BinaryReport, ReliabilityBin
from mtcore.evaluation.reports.binary import Thresholds
from mtcore.evaluation.reports.parts import calibration_error
from mtcore.evaluation.temperature import (
    fit_temperature,
    tempered,
    with_temperature,
)
from tests.charts.gallery import report_of
from tests.evaluation.heads import binary_case, multiclass_case


def test_the_temperature_is_the_one_that_scipy_finds() -> None:
    case = multiclass_case(rows=1_500)
    actual = case.targets[case.known][:, 0].astype(np.int64)
    sure = with_temperature(case.outputs[case.known], 0.4)
    found = minimize_scalar(
        lambda t: log_loss(actual, with_temperature(sure, t), labels=range(5)),
        bounds=(0.1, 10.0),
        method="bounded",
    )
    assert fit_temperature(actual, sure) == pytest.approx(found.x, rel=1e-3)


def test_answers_that_are_too_sure_are_cooled_and_come_true_more_often() -> None:
    case = multiclass_case(rows=3_000)
    sure = with_temperature(case.outputs, 0.5)
    targets = case.targets[:, 0]
    half = slice(0, 1_500), slice(1_500, None)
    found = tempered(
        (targets[half[0]], sure[half[0]]), (targets[half[1]], sure[half[1]])
    )
    assert found is not None
    assert found.temperature > 1.3
    assert found.tempered_log_loss < found.log_loss
    known = case.known[half[1]]
    expected = log_loss(targets[half[1]][known], sure[half[1]][known], labels=range(5))
    assert found.log_loss == pytest.approx(expected, rel=1e-6)
    assert found.error is not None
    assert found.error < 0.05


def test_no_row_changes_its_class() -> None:
    chances = multiclass_case().outputs
    for temperature in (0.3, 4.0):
        warmed = with_temperature(chances, temperature)
        assert (warmed.argmax(axis=1) == chances.argmax(axis=1)).all()
        np.testing.assert_allclose(warmed.sum(axis=1), 1.0)


def test_without_labels_there_is_no_temperature() -> None:
    nothing = np.array([np.nan]), np.array([[0.5, 0.5]])
    something = np.array([1.0]), np.array([[0.5, 0.5]])
    assert tempered(nothing, something) is None
    assert tempered(something, nothing) is None


def test_the_calibration_error_weighs_bins_by_their_rows() -> None:
    bins = [
        ReliabilityBin(predicted=0.2, observed=0.3, low=0.0, high=1.0, rows=30),
        ReliabilityBin(predicted=0.9, observed=0.9, low=0.0, high=1.0, rows=10),
    ]
    assert calibration_error(bins) == pytest.approx(0.075)
    assert calibration_error([]) is None


def test_the_cheapest_threshold_follows_the_prices() -> None:
    table = Thresholds(
        threshold=(0.0, 0.5, 1.0),
        true_negative=(0, 60, 80),
        false_positive=(80, 20, 0),
        false_negative=(0, 5, 20),
        true_positive=(20, 15, 0),
    )
    found = cheapest(table, false_alarm=1.0, miss=1.0, asked=1.0)
    # 80, 25 and 20 rows are wrong.
    assert (found.threshold, found.cost, found.at) == (1.0, 20.0, 20.0)
    dear = cheapest(table, false_alarm=1.0, miss=10.0, asked=0.5)
    # 80, 20 + 50 and 200.
    assert (dear.threshold, dear.cost, dear.at) == (0.5, 70.0, 70.0)
    free = cheapest(table, false_alarm=0.0, miss=0.0, asked=0.0)
    assert free.threshold == 0.5


def test_prices_find_bayes_threshold_where_chances_are_true() -> None:
    report = report_of(binary_case(rows=60_000))
    assert isinstance(report, BinaryReport)
    # A miss three times as dear as a false alarm: from 1 / (1 + 3) on.
    found = cheapest(report.thresholds, false_alarm=1.0, miss=3.0, asked=0.5)
    assert found.threshold == pytest.approx(0.25, abs=0.04)
    assert found.cost < found.at
