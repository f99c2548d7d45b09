"""The rows of each step, picked inside a program or laid out before it."""

from __future__ import annotations

import weakref
from dataclasses import replace

import numpy as np
import pytest

from mtcore.engine.backend import tf
from mtcore.engine.program.step_rows import StepRows
from mtcore.engine.training.epoch_order import epoch_order
from tests.engine.bench import Bench
from tests.engine.workshop import experiment

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(experiment())


def test_rows_laid_out_before_are_those_that_a_step_would_pick(bench: Bench) -> None:
    size, length = bench.key.batch_size, bench.key.order_length
    order = tf.constant(epoch_order(bench.rows.rows, size, length, 0, 0))
    laid, picked = (
        StepRows(replace(bench.key, kind=kind, device="CPU"))
        for kind in ("xla_epoch", "graph_epoch")
    )
    given, asked = (rows.given(bench.rows, order) for rows in (laid, picked))
    assert "order" in asked
    assert "order" not in given
    for step in (0, bench.steps - 1):
        found, expected = laid.of_step(given, step), picked.of_step(asked, step)
        for one, other in zip(found, expected, strict=True):
            assert one.shape[0] == size
            np.testing.assert_array_equal(one, other)


def test_a_copy_is_made_once_an_epoch_and_can_be_forgotten(bench: Bench) -> None:
    rows = StepRows(replace(bench.key, kind="xla_epoch", device="CPU"))
    order = tf.range(bench.key.order_length) % bench.rows.bucket
    copy = rows.given(bench.rows, order)["numbers"]
    assert rows.given(bench.rows, order)["numbers"] is copy
    assert rows.given(bench.rows, order + 0)["numbers"] is not copy
    held = weakref.ref(copy)
    del copy
    rows.forget()
    assert held() is None
