"""Every kind of head: what its targets become and what people read back."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.arrays import TextArray
from mtcore.errors import ExperimentError
from mtcore.spec import (
    HEAD_KINDS,
    BinaryHead,
    CountHead,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    experiment_from,
)
from mtcore.spec.heads.log_scale import LogScale

ROWS = np.arange(4)


def cells(*values: str | None) -> TextArray:
    return np.asarray(values, dtype=object)


@pytest.mark.parametrize("kind", HEAD_KINDS)
def test_every_kind_says_what_it_needs_to_be_built(kind: str) -> None:
    head = HEAD_KINDS[kind]
    assert head.losses
    assert head.available_metrics
    assert head.model_fields["loss"].default == head.losses[0]
    assert set(head.model_fields["metrics"].default) <= set(head.available_metrics)


def test_regression_learns_mean_and_deviation_from_training_rows_only() -> None:
    head = RegressionHead(name="price", columns=("Y",))
    raw = [np.asarray([1.0, 3.0, np.nan, 100.0])]
    encoding = head.fit_targets(raw, np.asarray([0, 1, 2]))
    assert encoding.mean == (2.0,)
    assert encoding.scale == (1.0,)
    assert encoding.labelled == 2


def test_the_best_constant_for_absolute_error_is_the_median() -> None:
    raw = [np.asarray([0.0, 1.0, 10.0])]
    head = RegressionHead(name="price", columns=("Y",), loss="mae")
    assert head.fit_targets(raw, np.arange(3)).constant == (1.0,)


def test_infinite_targets_count_as_missing() -> None:
    head = RegressionHead(name="price", columns=("Y",))
    raw = [np.asarray([1.0, np.inf, 3.0, -np.inf])]
    encoding = head.fit_targets(raw, ROWS)
    assert np.isnan(head.encode_targets(raw, encoding)[:, 0]).tolist() == [
        False, True, False, True,
    ]  # fmt: skip


def test_several_regression_columns_decode_to_a_column_each() -> None:
    head = RegressionHead(name="load", columns=("Y1", "Y2"))
    raw = [np.asarray([1.0, 2.0]), np.asarray([3.0, 5.0])]
    encoding = head.fit_targets(raw, np.arange(2))
    decoded = head.decode(np.asarray([[1.5, 4.0]]), encoding)
    assert list(decoded) == ["load: Y1", "load: Y2"]


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        (("no", "yes", None, "no"), "yes"),
        (("0", "1", "1", "0"), "1"),
        (("ill", "no", "ill", "no"), "ill"),
        (("female", "male", "male", "female"), "male"),
    ],
)
def test_the_positive_class_is_found(values: tuple[str, ...], positive: str) -> None:
    head = BinaryHead(name="leaves", columns=("churned",))
    assert head.fit_targets([cells(*values)], ROWS).classes[1] == positive


def test_binary_targets_are_zero_one_or_missing() -> None:
    head = BinaryHead(name="leaves", columns=("churned",))
    raw = [cells("no", "yes", None, "no")]
    encoding = head.fit_targets(raw, ROWS)
    coded = head.encode_targets(raw, encoding)
    assert coded.shape == (4, 1)
    np.testing.assert_array_equal(coded[:, 0], [0.0, 1.0, np.nan, 0.0])
    assert encoding.constant == pytest.approx((1 / 3,))


def test_binary_probabilities_decode_to_the_likelier_class() -> None:
    head = BinaryHead(name="leaves", columns=("churned",))
    encoding = head.fit_targets([cells("no", "yes", "no", "no")], ROWS)
    decoded = head.decode(np.asarray([[0.9], [0.1]]), encoding)
    assert decoded["leaves"].tolist() == ["yes", "no"]
    assert decoded["leaves: no"] == pytest.approx([0.1, 0.9])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            ("a", "b", "c", "a"),
            r"binary but column 'churned' holds 3 values \(a, b, c\)",
        ),
        (("a", "a", None, "a"), r"nothing to learn: column 'churned' holds only 'a'"),
        ((None, None, None, None), r"holds no value"),
    ],
)
def test_a_binary_head_wants_two_classes(
    values: tuple[str | None, ...], sentence: str
) -> None:
    head = BinaryHead(name="leaves", columns=("churned",))
    with pytest.raises(ExperimentError, match=sentence):
        head.fit_targets([cells(*values)], ROWS)


def test_a_positive_class_that_does_not_occur_is_refused() -> None:
    head = BinaryHead(name="leaves", columns=("churned",), positive="maybe")
    with pytest.raises(ExperimentError, match=r"calls 'maybe' positive.*no, yes"):
        head.fit_targets([cells("no", "yes", "no", "no")], ROWS)


def test_classes_that_are_numbers_stand_in_their_order() -> None:
    head = MulticlassHead(name="digit", columns=("d",))
    encoding = head.fit_targets([cells("10", "9", "2", "10")], ROWS)
    assert encoding.classes == ("2", "9", "10")
    assert sum(encoding.prior) == pytest.approx(1.0)


def test_a_multiclass_target_is_the_position_of_its_class() -> None:
    head = MulticlassHead(name="topic", columns=("topic",))
    raw = [cells("b", None, "a", "c")]
    encoding = head.fit_targets(raw, ROWS)
    coded = head.encode_targets(raw, encoding)[:, 0]
    np.testing.assert_array_equal(coded, [1.0, np.nan, 0.0, 2.0])


def test_one_class_is_nothing_to_learn() -> None:
    head = MulticlassHead(name="topic", columns=("topic",))
    with pytest.raises(ExperimentError, match=r"nothing to learn.*only 'a'"):
        head.fit_targets([cells("a", "a", "a", "a")], ROWS)


def test_a_target_without_labels_in_the_training_rows_is_refused() -> None:
    head = MulticlassHead(name="topic", columns=("topic",))
    with pytest.raises(ExperimentError, match="no labelled row to learn from"):
        head.fit_targets([cells(None, None, "a", "b")], np.asarray([0, 1]))


def test_labels_may_hold_together_and_be_missing_one_by_one() -> None:
    head = MultilabelHead(name="animals", columns=("cat", "dog"))
    raw = [cells("yes", "no", None, "yes"), cells("1", "0", "1", None)]
    encoding = head.fit_targets(raw, ROWS)
    coded = head.encode_targets(raw, encoding)
    np.testing.assert_array_equal(
        coded, [[1.0, 1.0], [0.0, 0.0], [np.nan, 1.0], [1.0, np.nan]]
    )
    decoded = head.decode(np.asarray([[0.9, 0.8], [0.1, 0.2]]), encoding)
    assert decoded["animals"].tolist() == ["cat; dog", ""]
    assert decoded["animals: dog"] == pytest.approx([0.8, 0.2])


def test_counts_stay_counts_and_know_their_mean() -> None:
    head = CountHead(name="visits", columns=("n",))
    raw = [np.asarray([0.0, 2.0, np.nan, 7.0])]
    encoding = head.fit_targets(raw, np.asarray([0, 1, 2]))
    assert (encoding.constant, encoding.labelled) == ((1.0,), 2)
    coded = head.encode_targets(raw, encoding)
    np.testing.assert_array_equal(head.learned_targets(coded, encoding), coded)
    assert head.decode(np.asarray([[1.5]]), encoding)["visits"].tolist() == [1.5]


@pytest.mark.parametrize("wrong", [-1.0, 2.5, 2.0**54])
def test_a_count_wants_whole_numbers_from_0_on(wrong: float) -> None:
    head = CountHead(name="visits", columns=("n",))
    raw = [np.asarray([0.0, 2.0, 1.0, wrong])]
    sentence = rf"Head 'visits' counts.*column 'n' holds {wrong:g}".replace("+", r"\+")
    with pytest.raises(ExperimentError, match=sentence):
        head.fit_targets(raw, np.arange(3))


def test_deviations_stand_behind_the_numbers_they_are_of() -> None:
    head = RegressionHead(name="load", columns=("Y1", "Y2"), loss="gaussian_nll")
    raw = [np.asarray([1.0, 3.0]), np.asarray([3.0, 7.0])]
    encoding = head.fit_targets(raw, np.arange(2))
    assert encoding.constant == (2.0, 5.0, 1.0, 2.0)
    decoded = head.decode(np.asarray([[1.5, 4.0, 0.2, 0.3]]), encoding)
    assert {name: value.tolist() for name, value in decoded.items()} == {
        "load: Y1": [1.5], "load: Y2": [4.0],
        "load: Y1: deviation": [0.2], "load: Y2: deviation": [0.3],
    }  # fmt: skip
    alone = RegressionHead(name="load", columns=("Y1",), loss="gaussian_nll")
    found = alone.decode(np.asarray([[1.5, 0.2]]), alone.fit_targets(raw[:1], ROWS[:2]))
    assert list(found) == ["load", "load: deviation"]


def test_a_log_target_is_straight_near_0_and_standardised() -> None:
    head = RegressionHead(name="balance", columns=("b",), log_target=True)
    raw = [np.asarray([-8e3, -1.0, 0.0, 2.0, 1e5])]
    encoding = head.fit_targets(raw, np.arange(5))
    [log] = encoding.logs
    assert log.size == 4001.0
    learned = head.learned_targets(head.encode_targets(raw, encoding), encoding)[:, 0]
    assert (learned.mean(), learned.std()) == (pytest.approx(0.0), pytest.approx(1.0))
    assert learned[3] - learned[1] == pytest.approx(3.0 / 4001.0 / log.deviation)
    assert encoding.constant == (raw[0].mean(),)


def test_smearing_gives_the_mean_of_numbers_that_scatter_as_logarithms() -> None:
    random = np.random.default_rng(0)
    drawn, noise = random.normal(1.0, 0.7, 50_000), random.normal(0.0, 0.9, 50_000)
    log = LogScale(size=10.0, mean=0.0, deviation=1.0)
    numbers, medians = 10.0 * np.sinh(drawn + noise), 10.0 * np.sinh(drawn)
    smeared = log.smeared(numbers, medians)
    # The mean of cosh of a normal error is e to half its variance.
    assert smeared.stretch == pytest.approx(np.exp(0.9**2 / 2), rel=0.02)
    assert smeared.lift == pytest.approx(0.0, abs=0.03)
    means = 10.0 * (smeared.stretch * np.sinh(drawn) + smeared.lift * np.cosh(drawn))
    assert means.mean() == pytest.approx(numbers.mean(), rel=0.01)


def test_deviations_of_a_log_target_are_refused_by_name() -> None:
    head = {"name": "b", "kind": "regression", "columns": ["b"], "log_target": True}
    with pytest.raises(ExperimentError, match=r"^Head 'b' can't learn deviations"):
        experiment_from({"heads": [{**head, "loss": "gaussian_nll"}]})


def test_a_quantile_head_learns_median_spread_and_quantiles() -> None:
    head = QuantileHead(name="delay", columns=("m",), levels=(0.25, 0.5, 0.9))
    raw = [np.asarray([0.0, 1.0, 2.0, 3.0, 1e6])]
    encoding = head.fit_targets(raw, np.arange(5))
    assert encoding.mean == (2.0,)
    assert encoding.scale == pytest.approx((2.0 / 1.349,))
    assert encoding.constant == (1.0, 2.0, 1e6)
    decoded = head.decode(np.asarray([[1.0, 2.0, 5.0]]), encoding)
    assert {name: values.tolist() for name, values in decoded.items()} == {
        "delay": [2.0], "delay: q0.25": [1.0], "delay: q0.5": [2.0],
        "delay: q0.9": [5.0],
    }  # fmt: skip


@pytest.mark.parametrize("levels", [(0.5, 0.1), (0.1, 0.1), (0.0, 0.5), (0.5, 1.0)])
def test_levels_must_rise_between_0_and_1(levels: tuple[float, ...]) -> None:
    heads = [{"name": "delay", "kind": "quantile", "columns": ["m"], "levels": levels}]
    with pytest.raises(ExperimentError, match=r"^Head 'delay': levels are .* rising"):
        experiment_from({"heads": heads})


def test_ranks_follow_the_order_given_or_else_size_and_alphabet() -> None:
    raw = [cells("low", "high", None, "mid")]
    head = OrdinalHead(name="risk", columns=("r",), order=("low", "mid", "high"))
    encoding = head.fit_targets(raw, ROWS)
    assert (encoding.classes, head.units(encoding)) == (("low", "mid", "high"), 2)
    coded = head.encode_targets(raw, encoding)[:, 0]
    np.testing.assert_array_equal(coded, [0.0, 2.0, np.nan, 1.0])
    plain = OrdinalHead(name="stars", columns=("s",))
    stars = plain.fit_targets([cells("10", "9", "1", "9")], ROWS)
    assert stars.classes == ("1", "9", "10")


def test_a_likely_rank_decodes_to_its_class_and_place() -> None:
    head = OrdinalHead(name="risk", columns=("r",), order=("low", "mid", "high"))
    encoding = head.fit_targets([cells("low", "high", "mid", "mid")], ROWS)
    decoded = head.decode(np.asarray([[0.4, 0.15, 0.45]]), encoding)
    assert list(decoded) == [
        "risk", "risk: rank", "risk: low", "risk: mid", "risk: high"
    ]  # fmt: skip
    assert (decoded["risk"].tolist(), decoded["risk: rank"].tolist()) == (["mid"], [2])


def test_an_order_names_all_classes_that_occur_and_each_once() -> None:
    head = OrdinalHead(name="risk", columns=("r",), order=("low", "high"))
    with pytest.raises(ExperimentError, match=r"orders low, high.* holds mid too"):
        head.fit_targets([cells("low", "high", "mid", None)], ROWS)
    twice = {"name": "risk", "kind": "ordinal", "columns": "r", "order": ["a", "a"]}
    with pytest.raises(ExperimentError, match="'risk' names a class twice"):
        experiment_from({"heads": [twice]})


def test_many_ranks_are_a_number() -> None:
    head = OrdinalHead(name="risk", columns=("r",))
    many = cells(*(str(value) for value in range(31)))
    with pytest.raises(ExperimentError, match=r"'risk' would have 31 ranks"):
        head.fit_targets([many], np.arange(31))


def test_numbers_too_large_to_square_are_refused_by_name() -> None:
    head = RegressionHead(name="price", columns=("Y",))
    with pytest.raises(ExperimentError, match=r"'price' can't learn .* 1e\+300 in"):
        head.fit_targets([np.asarray([1.0, 2.0, -1e300])], np.arange(2))


def test_neighbours_at_2_to_the_53_and_at_1e_200_are_told_apart() -> None:
    head = RegressionHead(name="price", columns=("Y",))
    for values in (2.0**53 + np.array([0.0, 2.0, 4.0]), 1e-200 * np.arange(3.0)):
        encoding = head.fit_targets([values], np.arange(3))
        coded = head.encode_targets([values], encoding)
        learned = head.learned_targets(coded, encoding)[:, 0]
        np.testing.assert_allclose(learned, np.sqrt([1.5, 0.0, 1.5]) * [-1, 0, 1])


def test_a_constant_regression_target_is_refused_by_name() -> None:
    head = RegressionHead(name="price", columns=("Y",))
    with pytest.raises(
        ExperimentError, match=r"'price' has nothing to learn: .*'Y' is 2"
    ):
        head.fit_targets([np.full(4, 2.0)], ROWS)
