"""The share of trees: what held-out rows say, and a half where they say little."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.trees.shares import share_of_trees


def answers(
    rows: int, network_error: float, trees_error: float
) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(0)
    truth = random.normal(size=(rows, 1))
    return (
        truth,
        truth + network_error * random.normal(size=(rows, 1)),
        truth + trees_error * random.normal(size=(rows, 1)),
    )


def test_independent_errors_are_weighed_by_the_inverse_of_their_squares() -> None:
    # Errors of 1 and 2: four fifths of the better one.
    assert share_of_trees(*answers(5_000, 2.0, 1.0)) == 0.8
    assert share_of_trees(*answers(5_000, 1.0, 2.0)) == 0.2


def test_the_worse_one_gets_nothing_where_many_rows_say_so() -> None:
    assert share_of_trees(*answers(5_000, 0.1, 3.0)) == 0.0
    assert share_of_trees(*answers(5_000, 3.0, 0.1)) == 1.0


@pytest.mark.parametrize("rows", [1, 3, 5])
def test_a_few_rows_cannot_turn_it_over(rows: int) -> None:
    assert 0.4 <= share_of_trees(*answers(rows, 3.0, 0.1)) <= 0.6
    assert 0.4 <= share_of_trees(*answers(rows, 0.1, 3.0)) <= 0.6


def test_without_any_label_both_count_alike() -> None:
    truth, network, trees = answers(20, 1.0, 1.0)
    assert share_of_trees(np.full_like(truth, np.nan), network, trees) == 0.5


def test_rows_without_a_label_have_no_say() -> None:
    truth, network, trees = answers(300, 2.0, 1.0)
    some = truth.copy()
    some[100:] = np.nan
    expected = share_of_trees(truth[:100], network[:100], trees[:100])
    assert share_of_trees(some, network, trees) == expected
