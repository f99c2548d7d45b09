"""Ranges and sets hold the truth as often as they promise, of every kind of head."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.evaluation.conformal import (
    Calibration,
    Intervals,
    Ranges,
    Sets,
    bounds_of,
    conformal_quantile,
    interval_columns,
)
from mtcore.evaluation.conformal.scores import conformity_scores
from mtcore.spec import CountHead, QuantileHead, RegressionHead, TargetEncoding
from mtcore.spec.intervals import LEVELS, Wanted
from tests.evaluation.heads import Case, every_kind, ordinal_case, regression_case

CASES = every_kind()
NUMBER = TargetEncoding(mean=(0.0,), scale=(1.0,), constant=(0.0,), labelled=9)
LOAD = RegressionHead(name="load", columns=("y",))


def calibrated(cases: dict[str, Case], seed: int = 0) -> Intervals:
    """Return intervals of heads whose validation rows are like their test rows."""
    rows = len(next(iter(cases.values())).targets)
    cells = sum(len(case.head.columns) for case in cases.values())
    calibration = Calibration(rows, cells, seed)
    for case in cases.values():
        answered = case.targets, case.outputs
        calibration.add(case.head, case.encoding, answered, answered)
    return calibration.finish()


@pytest.mark.parametrize(
    ("rows", "level", "rank"), [(9, 0.9, 9), (19, 0.95, 19), (99, 0.9, 90), (4, 0.8, 4)]
)
def test_the_quantile_has_the_rank_of_the_paper(
    rows: int, level: float, rank: int
) -> None:
    scores = np.random.default_rng(0).permutation(rows) + 1.0
    assert conformal_quantile(scores, level) == rank


@pytest.mark.parametrize("kind", CASES)
def test_too_few_rows_promise_nothing_and_reach_everywhere(kind: str) -> None:
    assert conformal_quantile(np.zeros(8), 0.9) is None
    case = CASES[kind]
    reach = [None] * len(case.head.columns)
    bounds = bounds_of(case.head, case.encoding, case.outputs, reach)
    if isinstance(bounds, Ranges):
        assert bounds.high.min() == math.inf
        assert bounds.low.max() == (0.0 if kind == "count" else -math.inf)
    else:
        assert bounds.members.all()


def test_coverage_over_two_hundred_repetitions_is_what_was_promised() -> None:
    repetitions, rows = 200, 60
    random = np.random.default_rng(11)
    shares: dict[float, list[float]] = {level: [] for level in LEVELS}
    for _ in range(repetitions):
        # Errors of any shape: here skewed and with heavy tails.
        scores = np.abs(random.standard_t(2, rows)) + random.exponential(1.0, rows)
        later = np.abs(random.standard_t(2, 400)) + random.exponential(1.0, 400)
        for level in LEVELS:
            reach = conformal_quantile(scores, level)
            assert reach is not None
            shares[level].append((later <= reach).mean())
    for level, found in shares.items():
        # At least the level, and hardly more: by one row in sixty.
        exact = math.ceil((rows + 1) * level - 1e-9) / (rows + 1)
        error = np.std(found) / np.sqrt(repetitions)
        assert abs(np.mean(found) - exact) < 3 * error
        assert level <= exact <= level + 1 / (rows + 1)


def _drawn(seed: int) -> dict[str, Case]:
    """Return two heads whose errors are large together."""
    random = np.random.default_rng(seed)
    shared = random.exponential(1.0, (200, 1))
    cases = {}
    for name, scale in (("small", 0.1), ("large", 50.0)):
        head = RegressionHead(name=name, columns=(name,))
        targets = scale * shared * random.normal(size=(200, 1))
        encoding = NUMBER.model_copy(update={"scale": (scale,)})
        cases[name] = Case(head, encoding, targets, np.zeros((200, 1)))
    return cases


def test_joint_ranges_hold_together_as_often_as_promised() -> None:
    together, apart = [], []
    for seed in range(200):
        found = calibrated(_drawn(seed), seed)
        assert found.joint_by == "largest_score"
        joint = found.joint[1]
        assert joint is not None
        together.append(joint.share)
        apart.append(found.heads["small"][0].held[1])
    error = np.std(together) / np.sqrt(len(together))
    assert abs(np.mean(together) - 0.9) < 3 * error + 1 / 101
    assert np.mean([one.share for one in apart if one]) < np.mean(together) + 0.02


def test_few_rows_with_all_labels_are_made_surer_one_by_one() -> None:
    cases = _drawn(0)
    for place, case in enumerate(cases.values()):
        case.targets[place::2] = np.nan
    found = calibrated(cases)
    assert found.joint_by == "bonferroni"
    assert found.joint == (None, None, None)
    for (cell,) in found.heads.values():
        # 95 % each for 90 % together.
        assert cell.joint[1] == cell.reach[2]


@pytest.mark.parametrize("kind", CASES)
def test_what_lies_within_reach_is_what_scores_no_more(kind: str) -> None:
    case = CASES[kind]
    scores = conformity_scores(case.head, case.encoding, case.targets, case.outputs)
    known = ~np.isnan(scores)
    assert (known == ~np.isnan(case.targets)).all()
    reach = [float(np.quantile(column[~np.isnan(column)], 0.7)) for column in scores.T]
    bounds = bounds_of(case.head, case.encoding, case.outputs, reach)
    held = bounds.holds(case.targets)
    within = scores <= np.asarray(reach)
    assert not held[~known].any()
    # Sets hold the predicted class and classes in between besides.
    assert (held | ~within)[known].all()
    if isinstance(bounds, Ranges):
        assert (held == within)[known].mean() > 0.99
    else:
        assert bounds.sizes().min() >= 1


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_is_calibrated_measured_and_named(kind: str) -> None:
    case = CASES[kind]
    found = calibrated({kind: case})
    assert found.calibrated_on + found.measured_on == len(case.targets)
    for cell in found.heads[case.head.name]:
        held = cell.held[1]
        assert held is not None
        assert held.low <= held.share <= held.high
        assert held.share > 0.8
        assert cell.reach[0] <= cell.reach[1] <= cell.reach[2]
    columns = interval_columns(
        case.head, case.encoding, found, Wanted(0.9), case.outputs
    )
    assert all(name.startswith(f"{case.head.name}: ") for name in columns)
    assert {len(cells) for cells in columns.values()} == {len(case.targets)}


def test_quantiles_are_widened_by_what_they_miss() -> None:
    head = QuantileHead(name="delay", columns=("y",), levels=(0.1, 0.9))
    outputs = np.array([[2.0, 4.0]])
    actual = np.array([[5.0]])
    assert conformity_scores(head, NUMBER, actual, outputs) == 1.0
    assert conformity_scores(head, NUMBER, actual - 2.5, outputs) == -0.5
    wider = bounds_of(head, NUMBER, outputs, [1.0])
    assert isinstance(wider, Ranges)
    assert (wider.low[0, 0], wider.high[0, 0]) == (1.0, 5.0)
    crossed = bounds_of(head, NUMBER, outputs, [-2.0])
    assert isinstance(crossed, Ranges)
    assert crossed.low[0, 0] == crossed.high[0, 0] == 3.0


def test_a_deviation_makes_the_ranges_of_noisy_rows_wider() -> None:
    head = RegressionHead(name="load", columns=("y",), loss="gaussian_nll")
    bounds = bounds_of(head, NUMBER, np.array([[1.0, 0.5], [1.0, 2.0]]), [2.0])
    np.testing.assert_allclose(bounds.sizes()[:, 0], [2.0, 8.0])


def test_counts_reach_whole_numbers_from_nought_on() -> None:
    head = CountHead(name="visits", columns=("y",))
    bounds = bounds_of(head, NUMBER, np.array([[1.2], [40.0]]), [1.0])
    assert isinstance(bounds, Ranges)
    # (√(1.2 + 3/8) + 1)² - 3/8 = 4.71; (√(40 + 3/8) ± 1)² - 3/8 = 28.3 and 53.7.
    assert bounds.low[:, 0].tolist() == [0.0, 29.0]
    assert bounds.high[:, 0].tolist() == [4.0, 53.0]


def test_sets_of_ranks_have_no_gaps() -> None:
    case = ordinal_case()
    outputs = np.array([[0.4, 0.15, 0.45, 0.0]])
    bounds = bounds_of(case.head, case.encoding, outputs, [0.65])
    assert isinstance(bounds, Sets)
    assert bounds.members[0, 0].tolist() == [True, True, True, False]


def test_calibration_rows_are_half_of_the_test_rows_and_follow_the_seed() -> None:
    case = regression_case(rows=301)
    first, again, other = (calibrated({"load": case}, seed) for seed in (0, 0, 1))
    assert (first.calibrated_on, first.measured_on) == (151, 150)
    assert first == again
    assert first != other


def test_an_answer_that_is_no_number_counts_neither_way() -> None:
    case = regression_case(rows=300)
    outputs: FloatArray = case.outputs.copy()
    outputs[:50] = np.nan
    found = calibrated({"load": Case(case.head, case.encoding, case.targets, outputs)})
    (cell,) = found.heads["load"]
    assert cell.held[1] is not None
    assert cell.rows + cell.held[1].rows == int(case.known[50:].sum())
