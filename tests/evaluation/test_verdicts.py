"""Verdicts say what the figures say, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mtcore.evaluation.metrics import Scores, metrics_of
from mtcore.evaluation.verdicts import Evidence, Verdict, summary_sentence, verdict
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
)

LOAD = RegressionHead(name="load", columns=("Y1",))
LOADS = RegressionHead(name="loads", columns=("Y1", "Y2"))
RETURNED = BinaryHead(name="returned", columns=("returned",))
FAULT = MulticlassHead(name="fault", columns=("fault",))
VISITS = CountHead(name="visits", columns=("visits",))
DELAY = QuantileHead(name="delay", columns=("minutes",))
GRADE = OrdinalHead(name="grade", columns=("grade",))
ANIMALS = MultilabelHead(name="animals", columns=("cat", "dog"))


def numbers(r2: float | None, mae: float) -> Scores:
    return {**dict.fromkeys(metrics_of("regression")), "r2": r2, "mae": mae}


def ranking(auc: float | None, accuracy: float = 0.9, **others: float) -> Scores:
    usual = {"log_loss": 0.3, "f1": 0.5}
    return {
        **dict.fromkeys(metrics_of("binary")),
        "auc": auc,
        "accuracy": accuracy,
        **usual,
        **others,
    }


def judged(
    head: Head,
    test: Scores,
    constant: Scores,
    boosted: Scores | None,
    labelled: Mapping[str, int],
    trees: float | None = None,
) -> Verdict:
    return verdict(head, Evidence(test, constant, boosted, labelled, trees))


MEAN = numbers(-0.01, 8.9)
COMMON = ranking(0.5, 0.88, log_loss=0.36, f1=0.0)


def test_a_good_regression_is_ready_to_use_and_says_why() -> None:
    found = judged(LOAD, numbers(0.97, 0.5), MEAN, None, {"test": 115})
    assert found == Verdict(
        level="good",
        sentence="Explains 97 % of the variation on 115 unseen rows; typical error "
        "0.5, against 8.9 for always predicting the mean. Ready to use.",
    )


@pytest.mark.parametrize(
    ("r2", "level"),
    [
        (0.95, "good"),
        (0.7, "fair"),
        (0.3, "weak"),
        (0.05, "useless"),
        (-2.0, "useless"),
    ],
)
def test_levels_follow_the_explained_share(r2: float, level: str) -> None:
    found = judged(LOAD, numbers(r2, 1.0), MEAN, None, {"test": 5_000})
    assert found.level == level


def test_worse_than_the_mean_is_said_plainly() -> None:
    found = judged(LOAD, numbers(-0.4, 11.0), MEAN, None, {"test": 300})
    assert "Explains none of the variation" in found.sentence
    assert found.sentence.endswith("Not usable: worse than always predicting the mean.")


def test_a_little_below_the_mean_is_not_called_worse_than_it() -> None:
    # The typical error is smaller, and so small a lag may be chance.
    found = judged(
        LOAD, numbers(-0.004, 8.7), numbers(-0.001, 8.9), None, {"test": 860}
    )
    assert found.sentence.endswith(
        "typical error 8.7, against 8.9 for always predicting the mean. "
        "Not usable: no better than always predicting the mean."
    )


def test_a_head_that_learns_medians_is_held_against_the_median() -> None:
    head = LOAD.model_copy(update={"loss": "mae"})
    found = judged(head, numbers(0.95, 0.5), MEAN, None, {"test": 300})
    assert "always predicting the median" in found.sentence


def test_an_average_over_columns_names_no_common_error() -> None:
    found = judged(LOADS, numbers(0.95, 0.5), MEAN, None, {"test": 500})
    assert "on average over its 2 columns" in found.sentence
    assert "typical error" not in found.sentence


def test_few_rows_are_called_too_few() -> None:
    found = judged(LOAD, numbers(0.99, 0.1), MEAN, None, {"test": 8})
    assert found.level == "unknown"
    assert found.sentence.endswith("But 8 test rows are too few to tell.")


def test_no_row_says_nothing() -> None:
    found = judged(LOAD, numbers(None, 0.0), MEAN, None, {"train": 90})
    assert found.level == "unknown"
    assert "No test row carries this label" in found.sentence


def test_a_figure_that_may_as_well_be_lower_is_called_uncertain() -> None:
    found = judged(LOAD, numbers(0.92, 0.5), MEAN, None, {"test": 25})
    assert "Looks ready to use. With 25 test rows this is uncertain" in found.sentence
    assert "86 to 98 %" in found.sentence


def test_good_is_not_said_where_weak_is_as_likely() -> None:
    chance = {"test": 24}
    found = judged(RETURNED, ranking(0.91), COMMON, None, chance)
    assert found.level == "fair"
    assert "uncertain" in found.sentence


def test_a_constant_test_column_cannot_be_judged() -> None:
    found = judged(LOAD, numbers(None, 0.5), MEAN, None, {"test": 40})
    assert found.level == "unknown"
    assert "hold one value only" in found.sentence


def test_trees_far_ahead_lower_the_verdict() -> None:
    trees = numbers(0.99, 0.2)
    found = judged(LOAD, numbers(0.91, 0.8), MEAN, trees, {"test": 5_000})
    assert found.level == "fair"
    assert "Far behind gradient-boosted trees (99 %)" in found.sentence


@pytest.mark.parametrize(
    ("share", "found_by"),
    [
        (None, "hold more: train longer"),
        (0.0, "hold more: train longer"),
        (0.4, "more than the network and the trees beside it found: train longer"),
        (1.0, "more than the averaged trees found that answer here alone"),
    ],
)
def test_what_may_help_is_said_to_whoever_answers(
    share: float | None, found_by: str
) -> None:
    trees = numbers(0.9, 0.2)
    found = judged(LOAD, numbers(0.4, 2.0), MEAN, trees, {"test": 5_000}, share)
    assert found_by in found.sentence
    assert ("train longer" in found.sentence) == (share != 1.0)


@pytest.mark.parametrize("share", [None, 0.5, 1.0])
def test_what_is_ready_to_use_is_not_told_to_train_longer(share: float | None) -> None:
    trees = numbers(0.99, 0.2)
    found = judged(LOAD, numbers(0.97, 0.8), MEAN, trees, {"test": 5_000}, share)
    assert found.level == "good"
    assert "Even nearer come gradient-boosted trees (99 %). Ready" in found.sentence
    assert "train" not in found.sentence


@pytest.mark.parametrize(
    ("theirs", "words"),
    [(0.6, "Behind"), (0.5, "Level with"), (0.3, "Ahead of")],
)
def test_the_verdict_says_where_trees_stand(theirs: float, words: str) -> None:
    found = judged(LOAD, numbers(0.5, 3.0), MEAN, numbers(theirs, 3.0), {"test": 900})
    assert f"{words} gradient-boosted trees" in found.sentence


@pytest.mark.parametrize(("theirs", "words"), [(0.6, "behind"), (0.4, "ahead of")])
def test_what_few_rows_cannot_tell_apart_may_be_chance(
    theirs: float, words: str
) -> None:
    found = judged(LOAD, numbers(0.5, 3.0), MEAN, numbers(theirs, 3.0), {"test": 90})
    assert f"A little {words} gradient-boosted trees" in found.sentence
    assert "which may be chance" in found.sentence


def test_inputs_that_say_little_are_named_as_the_reason() -> None:
    weak = numbers(0.2, 7.0)
    found = judged(LOAD, weak, MEAN, numbers(0.21, 7.0), {"test": 2_000})
    assert "the inputs seem to say little about it" in found.sentence


def test_a_ranking_is_told_in_times_and_beside_the_common_answer() -> None:
    found = judged(RETURNED, ranking(0.914), COMMON, None, {"test": 6_781})
    assert found.level == "good"
    assert found.sentence.startswith(
        "Ranks a positive row above a negative one 91 times in 100 on 6,781 unseen "
        "rows; 90 % of the answers are right, against 88 % for always giving the more "
        "common answer."
    )


def test_a_ranking_that_calls_no_row_positive_says_so() -> None:
    found = judged(RETURNED, ranking(0.93, f1=0.0), COMMON, None, {"test": 6_000})
    assert "finds no positive row: choose a lower one" in found.sentence


def test_probabilities_worse_than_the_share_are_warned_of() -> None:
    extreme = ranking(0.93, log_loss=0.9)
    found = judged(RETURNED, extreme, COMMON, None, {"test": 6_000})
    assert "trust the order, not the figures" in found.sentence


def test_classes_are_held_against_the_most_common_one() -> None:
    base = {**dict.fromkeys(metrics_of("multiclass")), "accuracy": 0.3}
    for accuracy, level in (
        (0.95, "good"),
        (0.7, "fair"),
        (0.42, "weak"),
        (0.31, "useless"),
    ):
        test = {**base, "accuracy": accuracy}
        found = judged(FAULT, test, base, None, {"test": 5_000})
        assert found.level == level
        assert "against 30 % for always giving the most common class" in found.sentence


def test_labels_are_judged_by_how_many_are_right() -> None:
    none = dict.fromkeys(metrics_of("multilabel"))
    test = {**none, "hamming": 0.02, "micro_f1": 0.94}
    found = judged(ANIMALS, test, {**none, "hamming": 0.3}, None, {"test": 900})
    assert found.level == "good"
    assert "98 % of the labels are right" in found.sentence
    assert "F1 over all labels 0.94" in found.sentence


def test_counts_are_judged_by_their_explained_deviance() -> None:
    none = dict.fromkeys(metrics_of("count"))
    test = {**none, "d2": 0.85, "mae": 1.2}
    constant = {**none, "d2": -0.001, "mae": 3.4}
    found = judged(VISITS, test, constant, None, {"test": 900})
    assert found == Verdict(
        level="good",
        sentence="Explains 85 % of the deviance on 900 unseen rows; typical error "
        "1.2, against 3.4 for always predicting the mean. Ready to use.",
    )
    nothing = judged(VISITS, {**test, "d2": None}, constant, None, {"test": 40})
    assert "hold one value only" in nothing.sentence


def test_ranges_are_judged_by_the_loss_removed_and_by_what_they_hold() -> None:
    test: Scores = {"pinball": 1.0, "coverage": 0.79, "width": 4.0}
    constant: Scores = {"pinball": 4.0, "coverage": 0.8, "width": 15.0}
    found = judged(DELAY, test, constant, None, {"test": 900})
    assert found == Verdict(
        level="good",
        sentence="Removes 75 % of the pinball loss of always predicting the same "
        "quantiles on 900 unseen rows; 79 % lie between the outermost levels, 80 % "
        "should. Ready to use.",
    )
    narrow = judged(DELAY, {**test, "coverage": 0.6}, constant, None, {"test": 900})
    assert "too narrow to be relied on" in narrow.sentence
    trees: Scores = {"pinball": 0.2, "coverage": 0.8, "width": 3.0}
    behind = judged(DELAY, test, constant, trees, {"test": 900})
    assert "Far behind gradient-boosted trees (95 %)" in behind.sentence


def test_ranks_are_judged_by_their_agreement() -> None:
    test: Scores = {"mae": 0.41, "qwk": 0.86, "accuracy": 0.62}
    constant: Scores = {"mae": 1.1, "qwk": 0.0, "accuracy": 0.3}
    found = judged(GRADE, test, constant, None, {"test": 900})
    assert found == Verdict(
        level="good",
        sentence="Agrees with 900 unseen rows by a weighted kappa of 0.86; off by 0.41 "
        "ranks on average, against 1.1 for always giving the middle rank; 62 % are "
        "exactly right. Ready to use.",
    )
    unknown = judged(GRADE, {**test, "qwk": None}, constant, None, {"test": 40})
    assert unknown.level == "unknown"


def given(level: str) -> Verdict:
    return Verdict.model_validate({"level": level, "sentence": ""})


def test_a_run_is_summed_up_in_one_sentence() -> None:
    both = {"heating": given("good"), "cooling": given("good")}
    assert summary_sentence(both) == "Both heads are ready to use."
    mixed = {**both, "cooling": given("useless")}
    assert summary_sentence(mixed) == (
        "heating is ready to use; cooling is no better than a constant answer."
    )
    many = {f"head {place}": given("fair") for place in range(14)}
    assert summary_sentence(many) == "All 14 heads are rough guides."
    assert summary_sentence({"y": given("unknown")}) == "y can't be judged."
    split = {**many, "x": given("weak")}
    assert summary_sentence(split) == (
        "14 heads are rough guides; x is too weak to rely on."
    )
