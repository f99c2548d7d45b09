"""Which rows make up each step."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mtcore.engine.rows.rows import bucket_of
from mtcore.engine.training.epoch_order import epoch_order, steps_of


@given(st.integers(1, 500), st.integers(1, 64), st.integers(0, 3))
def test_every_row_is_in_one_step_and_steps_are_even(
    rows: int, batch_size: int, epoch: int
) -> None:
    steps = steps_of(rows, batch_size)
    order = epoch_order(rows, batch_size, (steps + 2) * batch_size, 0, epoch)
    batches = order.reshape(-1, batch_size)
    real = (batches < rows).sum(axis=1)
    assert sorted(order[order < rows]) == list(range(rows))
    assert real[:steps].max() - real[:steps].min() <= 1
    assert real[steps:].sum() == 0
    assert order.max() <= rows


def test_the_order_is_a_function_of_seed_and_epoch() -> None:
    first = epoch_order(100, 8, 104, seed=1, epoch=2)
    assert np.array_equal(first, epoch_order(100, 8, 104, seed=1, epoch=2))
    assert not np.array_equal(first, epoch_order(100, 8, 104, seed=1, epoch=3))
    assert not np.array_equal(first, epoch_order(100, 8, 104, seed=2, epoch=2))


@given(st.integers(0, 10**7))
def test_a_bucket_has_room_for_one_more_row_and_wastes_a_quarter_at_most(
    rows: int,
) -> None:
    bucket = bucket_of(rows)
    assert bucket > rows
    assert bucket <= max(64, 1.25 * rows + 1)
