"""How sure a difference between two models is: paired draws of the same rows."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.evaluation.differences import difference_interval
from tests.evaluation.heads import binary_case, regression_case


def test_the_interval_of_a_mean_is_that_of_the_paired_differences() -> None:
    case = regression_case(rows=2_000)
    random = np.random.default_rng(1)
    before = case.targets + random.normal(0.0, 1.0, case.targets.shape)
    after = case.targets + 0.9 * (before - case.targets)
    ends = difference_interval(
        case.head, "mae", case.encoding, case.targets, (before, after)
    )
    assert ends is not None
    # Errors are a tenth smaller, row by row: the mean difference is normal.
    changes = np.abs(after - case.targets) - np.abs(before - case.targets)
    changes = changes[case.known]
    error = changes.std() / np.sqrt(len(changes))
    # Of 400 resamples an end is known to about a sixth of the error.
    assert ends[0] == pytest.approx(changes.mean() - 1.96 * error, abs=0.5 * error)
    assert ends[1] == pytest.approx(changes.mean() + 1.96 * error, abs=0.5 * error)


def test_the_same_answers_differ_by_nothing() -> None:
    case = binary_case()
    for metric in ("accuracy", "auc", "log_loss"):
        same = (case.outputs, case.outputs.copy())
        ends = difference_interval(case.head, metric, case.encoding, case.targets, same)
        assert ends == (0.0, 0.0)


def test_a_better_model_is_told_from_chance_and_a_shuffled_one_too() -> None:
    case = binary_case()
    shuffled = case.outputs[np.random.default_rng(0).permutation(len(case.outputs))]
    ends = difference_interval(
        case.head, "auc", case.encoding, case.targets, (shuffled, case.outputs)
    )
    assert ends is not None
    assert ends[0] > 0.0


def test_of_few_labelled_rows_nothing_is_said() -> None:
    case = regression_case(rows=40)
    targets = case.targets.copy()
    targets[9:] = np.nan
    both = (case.outputs, case.outputs + 1.0)
    assert difference_interval(case.head, "mae", case.encoding, targets, both) is None
