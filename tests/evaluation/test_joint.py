"""Mistakes of several heads on the same rows, by hand and by SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from mtcore.evaluation.joint import (
    JointJudge,
    JointReport,
    independent,
    joint_sentence,
)
from mtcore.evaluation.row_losses import row_losses, row_mistakes
from mtcore.spec import BinaryHead, RegressionHead, TargetEncoding
from tests.evaluation.heads import Case, every_kind

CASES = every_kind()
NUMBER = TargetEncoding(mean=(0.0,), scale=(2.0,), constant=(0.0,), labelled=4)
CLASSES = TargetEncoding(classes=("no", "yes"), constant=(0.5,), labelled=4)
SIZE = RegressionHead(name="size", columns=("size",))
LATE = BinaryHead(name="late", columns=("late",))


def judged(*cases: Case) -> JointReport:
    judge = JointJudge()
    for case in cases:
        rows = 100 + np.arange(len(case.targets), dtype=np.int64)
        answers = case.targets, case.outputs
        judge.add(case.head, case.encoding, answers, rows)
    return judge.report()


@pytest.fixture
def few() -> JointReport:
    """Four rows: right in both, wrong in size, wrong in both, late not labelled."""
    size = np.array([[0.0], [0.0], [0.0], [0.0]])
    said = np.array([[0.5], [3.0], [-4.0], [9.0]])
    late, chance = np.array([[1.0], [0.0], [1.0], [np.nan]]), np.full((4, 1), 0.9)
    chance[1, 0] = chance[2, 0] = 0.1
    return judged(Case(SIZE, NUMBER, size, said), Case(LATE, CLASSES, late, chance))


def test_rows_are_counted_by_how_many_heads_are_wrong(few: JointReport) -> None:
    assert few.heads == ("size", "late")
    assert few.wrong == (0.75, pytest.approx(1 / 3))
    assert few.complete == 3
    assert few.counts == (1, 1, 1)
    # On complete rows size is wrong in 2 of 3 and late in 1 of 3.
    np.testing.assert_allclose(few.expected, [2 / 3, 5 / 3, 2 / 3])
    assert few.all_right == pytest.approx(1 / 3)


def test_the_rows_that_several_heads_get_wrong_are_named(few: JointReport) -> None:
    (worst,) = few.worst
    assert (worst.row, worst.heads, worst.labelled) == (102, ("size", "late"), 2)


def test_too_few_rows_have_no_correlation(few: JointReport) -> None:
    assert few.correlations == ((None, None), (None, None))


def test_losses_correlate_as_spearman_says() -> None:
    one, other = CASES["binary"], CASES["count"]
    report = judged(one, other)
    losses = [
        row_losses(c.head, c.encoding, c.targets, c.outputs) for c in (one, other)
    ]
    both = one.known & other.known
    expected = spearmanr(losses[0][both], losses[1][both])[0]
    assert report.correlations[0][1] == pytest.approx(expected)
    assert report.correlations[1][0] == pytest.approx(expected)
    assert report.correlations[0][0] is None


def test_mistakes_that_come_together_are_said_to() -> None:
    wrong = np.random.default_rng(0).random((400, 1)) < 0.3
    targets = np.zeros((400, 1))
    size = Case(SIZE, NUMBER, targets, np.where(wrong, 5.0, 0.0))
    late = Case(LATE, CLASSES, targets, np.where(wrong, 0.9, 0.1))
    report = judged(size, late)
    sentence = joint_sentence(report)
    assert report.counts[1] == 0
    assert "more than if they failed independently" in sentence
    assert f"{int(wrong.sum())} rows are wrong in several heads" in sentence


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_has_rows_right_and_wrong(kind: str) -> None:
    case = CASES[kind]
    wrong = row_mistakes(case.head, case.encoding, case.targets, case.outputs)
    assert 0.0 < wrong[case.known].mean() < 1.0


def test_independent_mistakes_follow_the_binomial() -> None:
    wrong = np.tile(np.arange(10) < 2, (3, 1)).astype(np.float64)
    np.testing.assert_allclose(independent(wrong), [0.512, 0.384, 0.096, 0.008])


def test_without_complete_rows_that_is_said() -> None:
    targets = np.array([[np.nan], [1.0]])
    report = judged(
        Case(SIZE, NUMBER, targets, np.zeros((2, 1))),
        Case(LATE, CLASSES, targets[::-1], np.full((2, 1), 0.5)),
    )
    assert report.all_right is None
    assert "No row of this part" in joint_sentence(report)
