"""Every metric, held against scikit-learn or worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from mtcore.evaluation.metrics import METRICS, metrics_of, score, score_columns
from mtcore.spec import HEAD_KINDS
from tests.evaluation.heads import (
    Case,
    binary_case,
    count_case,
    every_kind,
    multiclass_case,
    multilabel_case,
    ordinal_case,
    quantile_case,
    regression_case,
)

EXACT = {"rel": 1e-12, "abs": 1e-12}


def scores(case: Case) -> dict[str, float | None]:
    return score(case.head, case.encoding, case.targets, case.outputs)


def test_every_kind_has_exactly_the_metrics_it_names() -> None:
    assert set(METRICS) == set(HEAD_KINDS)
    for kind, head in HEAD_KINDS.items():
        assert tuple(metrics_of(kind)) == head.available_metrics


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_regression_metrics_are_scikit_learns(seed: int) -> None:
    case = regression_case(seed=seed)
    actual, predicted = case.targets[case.known, 0], case.outputs[case.known, 0]
    found = scores(case)
    assert found["mae"] == pytest.approx(
        reference.mean_absolute_error(actual, predicted), **EXACT
    )
    assert found["rmse"] == pytest.approx(
        reference.root_mean_squared_error(actual, predicted), **EXACT
    )
    assert found["r2"] == pytest.approx(reference.r2_score(actual, predicted), **EXACT)


def test_relative_rmse_is_1_for_the_training_mean() -> None:
    case = regression_case()
    mean = np.full_like(case.outputs, case.encoding.mean[0])
    found = score(case.head, case.encoding, case.targets, mean)
    assert found["rrmse"] == pytest.approx(1.0, **EXACT)


def test_relative_rmse_by_hand() -> None:
    case = regression_case(rows=2)
    targets, outputs = np.array([[5.2 + 3.0], [5.2 - 4.0]]), np.array([[5.2], [4.2]])
    found = score(case.head, case.encoding, targets, outputs)
    assert found["rrmse"] == pytest.approx(np.sqrt((9 + 9) / (9 + 16)), **EXACT)


def test_several_columns_give_the_mean_of_theirs() -> None:
    case = regression_case(columns=3)
    alone = score_columns(case.head, case.encoding, case.targets, case.outputs)
    assert list(alone) == ["y0", "y1", "y2"]
    for name, value in scores(case).items():
        mean = np.mean([part[name] for part in alone.values()])
        assert value == pytest.approx(mean, **EXACT)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_binary_metrics_are_scikit_learns(seed: int) -> None:
    case = binary_case(seed=seed)
    actual, chance = case.targets[case.known, 0], case.outputs[case.known, 0]
    called = chance >= 0.5
    expected = {
        "accuracy": reference.accuracy_score(actual, called),
        "auc": reference.roc_auc_score(actual, chance),
        "average_precision": reference.average_precision_score(actual, chance),
        "log_loss": reference.log_loss(actual, chance),
        "brier": reference.brier_score_loss(actual, chance),
        "f1": reference.f1_score(actual, called),
    }
    assert scores(case) == pytest.approx(expected, **EXACT)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_multiclass_metrics_are_scikit_learns(seed: int) -> None:
    case = multiclass_case(seed=seed)
    actual, chances = case.targets[case.known, 0], case.outputs[case.known]
    called = chances.argmax(axis=1)
    expected = {
        "accuracy": reference.accuracy_score(actual, called),
        "macro_f1": reference.f1_score(actual, called, average="macro"),
        "log_loss": reference.log_loss(actual, chances),
        "auc": reference.roc_auc_score(actual, chances, multi_class="ovr"),
    }
    assert scores(case) == pytest.approx(expected, **EXACT)


def test_classes_that_do_not_occur_are_left_out_of_the_means() -> None:
    case = multiclass_case(rows=4)
    targets = np.array([[0.0], [0.0], [1.0], [1.0]])
    outputs = np.zeros((4, 5))
    outputs[[0, 1, 2, 3], [0, 1, 1, 1]] = 1.0
    found = score(case.head, case.encoding, targets, outputs)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert found["auc"] == pytest.approx((0.75 + 0.75) / 2)


def test_probabilities_of_single_precision_are_taken_as_they_are() -> None:
    case = multiclass_case()
    rounded = case.outputs.astype(np.float32).astype(np.float64)
    found = score(case.head, case.encoding, case.targets, rounded)
    assert found == pytest.approx(scores(case), rel=1e-6)


def test_multilabel_metrics_are_scikit_learns() -> None:
    case = multilabel_case()
    known = ~np.isnan(case.targets)
    by_label = [
        (case.targets[known[:, label], label], case.outputs[known[:, label], label])
        for label in range(3)
    ]
    expected = {
        "macro_f1": np.mean([reference.f1_score(t, o >= 0.5) for t, o in by_label]),
        "micro_f1": reference.f1_score(case.targets[known], case.outputs[known] >= 0.5),
        "auc": np.mean([reference.roc_auc_score(t, o) for t, o in by_label]),
        "hamming": np.mean(case.targets[known] != (case.outputs[known] >= 0.5)),
    }
    assert scores(case) == pytest.approx(expected, **EXACT)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_count_metrics_are_scikit_learns(seed: int) -> None:
    case = count_case(seed=seed)
    actual, predicted = case.targets[case.known, 0], case.outputs[case.known, 0]
    expected = {
        "mae": reference.mean_absolute_error(actual, predicted),
        "poisson_deviance": reference.mean_poisson_deviance(actual, predicted),
        "d2": reference.d2_tweedie_score(actual, predicted, power=1),
    }
    assert scores(case) == pytest.approx(expected, **EXACT)


def test_explained_deviance_by_hand() -> None:
    case = count_case(rows=2)
    found = score(
        case.head, case.encoding, np.array([[0.0], [4.0]]), np.array([[1.0], [4.0]])
    )
    assert found["poisson_deviance"] == pytest.approx(1.0)
    assert found["d2"] == pytest.approx(1.0 - 1.0 / (4.0 * np.log(2.0)))


def test_a_predicted_count_of_0_and_counts_that_do_not_vary_break_nothing() -> None:
    case = count_case(rows=2)
    same = np.array([[3.0], [3.0]])
    found = score(case.head, case.encoding, same, np.array([[0.0], [3.0]]))
    assert found["d2"] is None
    assert found["poisson_deviance"] is not None
    negative = score(case.head, case.encoding, -same, same)
    assert negative["poisson_deviance"] is None


def test_quantile_metrics_are_scikit_learns_or_counted() -> None:
    case = quantile_case()
    actual, low = case.targets[case.known, 0], case.outputs[case.known, 0]
    middle, high = case.outputs[case.known, 1], case.outputs[case.known, 2]
    losses = [
        reference.mean_pinball_loss(actual, predicted, alpha=level)
        for predicted, level in ((low, 0.1), (middle, 0.5), (high, 0.9))
    ]
    inside = [a <= y <= b for a, y, b in zip(low, actual, high, strict=True)]
    expected = {
        "pinball": np.mean(losses),
        "coverage": np.mean(inside),
        "width": np.mean(high - low),
    }
    assert scores(case) == pytest.approx(expected, **EXACT)


def test_a_single_level_covers_what_is_not_above_it_and_has_no_width() -> None:
    case = quantile_case(rows=4, levels=(0.75,))
    targets, outputs = np.array([[1.0], [2.0], [3.0], [9.0]]), np.full((4, 1), 3.0)
    found = score(case.head, case.encoding, targets, outputs)
    assert found == {"pinball": pytest.approx(1.3125), "coverage": 0.75, "width": None}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ordinal_metrics_are_scikit_learns(seed: int) -> None:
    case = ordinal_case(seed=seed)
    actual, chances = case.targets[case.known, 0].astype(int), case.outputs[case.known]
    ranks = (np.cumsum(chances[:, ::-1], axis=1)[:, ::-1][:, 1:] > 0.5).sum(axis=1)
    expected = {
        "mae": reference.mean_absolute_error(actual, ranks),
        "qwk": reference.cohen_kappa_score(actual, ranks, weights="quadratic"),
        "accuracy": reference.accuracy_score(actual, ranks),
    }
    assert scores(case) == pytest.approx(expected, **EXACT)


def test_agreement_by_hand() -> None:
    case = ordinal_case(rows=3)
    certain = np.eye(4)[[0, 1, 3]]
    found = score(case.head, case.encoding, np.array([[0.0], [1.0], [2.0]]), certain)
    # Squared distances: 1 as observed; 2/3 + (4/3 - 1)² + 14/9 a row if by chance.
    assert found["mae"] == pytest.approx(1 / 3)
    assert found["qwk"] == pytest.approx(1.0 - (1 / 3) / (2 / 3 + 1 / 9 + 14 / 9))


def test_one_rank_alone_has_no_agreement_but_a_distance() -> None:
    case = ordinal_case(rows=3)
    found = score(case.head, case.encoding, np.ones((3, 1)), case.outputs[:3])
    assert found["qwk"] is None
    assert found["mae"] is not None


def test_of_two_values_that_should_be_nominal_neither_is_better() -> None:
    coverage = metrics_of("quantile")["coverage"]
    assert coverage.gain(0.9, 0.7) == 0.0
    assert coverage.skill(0.9, 0.7) is None


def test_without_labels_no_metric_can_be_computed() -> None:
    for case in every_kind().values():
        nothing = np.full_like(case.targets, np.nan)
        found = score(case.head, case.encoding, nothing, case.outputs)
        assert set(found.values()) == {None}
        assert score(case.head, case.encoding, nothing[:0], case.outputs[:0]) == found


def test_an_output_that_is_no_number_leaves_every_metric_unknown() -> None:
    for case in every_kind().values():
        broken = case.outputs.copy()
        broken[np.flatnonzero(case.known)[0], 0] = np.nan
        found = score(case.head, case.encoding, case.targets, broken)
        assert set(found.values()) == {None}


def test_unlabelled_rows_change_nothing() -> None:
    for case in every_kind().values():
        kept = case.known
        found = score(case.head, case.encoding, case.targets[kept], case.outputs[kept])
        assert found == scores(case)


def test_the_order_of_rows_changes_nothing() -> None:
    order = np.random.default_rng(3).permutation(400)
    for case in every_kind().values():
        rows = order[order < len(case.targets)]
        found = score(case.head, case.encoding, case.targets[rows], case.outputs[rows])
        assert found == pytest.approx(scores(case), rel=1e-9)


def test_targets_that_do_not_vary_have_no_explained_share() -> None:
    case = regression_case(rows=3)
    same = np.full((3, 1), 7.0)
    found = score(case.head, case.encoding, same, same + 1.0)
    assert found["r2"] is None
    assert found["mae"] == 1.0


def test_a_mean_over_columns_never_hides_one_that_has_no_value() -> None:
    case = regression_case(columns=2)
    targets = case.targets.copy()
    targets[:, 1] = 4.0
    found = score(case.head, case.encoding, targets, case.outputs)
    assert found["r2"] is None
    targets[:, 1] = np.nan
    alone = score_columns(case.head, case.encoding, targets, case.outputs)
    assert score(case.head, case.encoding, targets, case.outputs) == alone["y0"]
    assert set(alone["y1"].values()) == {None}


def test_one_class_alone_has_no_ranking_but_an_accuracy() -> None:
    case = binary_case(rows=3)
    found = score(
        case.head, case.encoding, np.zeros((3, 1)), np.array([[0.1], [0.2], [0.7]])
    )
    assert found["auc"] is None
    assert found["average_precision"] is None
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["f1"] == 0.0


def test_f1_is_unknown_where_nothing_is_or_was_called_positive() -> None:
    case = binary_case(rows=2)
    found = score(case.head, case.encoding, np.zeros((2, 1)), np.full((2, 1), 0.1))
    assert found["f1"] is None


def test_a_certain_mistake_has_a_finite_log_loss() -> None:
    case = binary_case(rows=2)
    found = score(
        case.head, case.encoding, np.array([[1.0], [0.0]]), np.array([[0.0], [0.0]])
    )
    expected = reference.log_loss([1.0, 0.0], [0.0, 0.0])
    assert found["log_loss"] == pytest.approx(expected)


def test_huge_numbers_give_no_metric_rather_than_infinity() -> None:
    case = regression_case(rows=2)
    found = score(
        case.head, case.encoding, np.array([[1e200], [-1e200]]), np.zeros((2, 1))
    )
    assert found["rmse"] is None
    assert found["mae"] == pytest.approx(1e200)


@pytest.mark.parametrize(
    ("kind", "name", "value", "constant", "skill"),
    [
        ("regression", "r2", 0.9, 0.0, 0.9),
        ("regression", "rmse", 1.0, 4.0, 0.75),
        ("binary", "auc", 0.75, 0.5, 0.5),
        ("binary", "accuracy", 0.8, 0.9, -1.0),
        ("binary", "accuracy", 1.0, 1.0, None),
        ("multilabel", "hamming", None, 0.2, None),
    ],
)
def test_skill_is_the_share_of_the_way_to_perfection(
    kind: str, name: str, value: float | None, constant: float, skill: float | None
) -> None:
    found = metrics_of(kind)[name].skill(value, constant)
    assert found == (None if skill is None else pytest.approx(skill))
