"""Scaling and bins of quantities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mtcore.engine.encode.quantities import bin_edges, fit_scaling

REALS = st.floats(-1e300, 1e300)


def test_scaling_takes_median_and_interquartile_range_of_training_rows_only() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 1e9])
    scaling = fit_scaling(values, values[:5], bins=0)
    assert (scaling.centre, scaling.scale) == (2.0, 2.0)


def test_a_value_held_by_most_rows_gets_one_edge_and_the_others_share_the_rest() -> (
    None
):
    values = np.concatenate([np.zeros(900), np.linspace(1.0, 100.0, 100)])
    edges = bin_edges(values, 8)
    assert len(edges) == 9
    assert edges[:2] == (0.0, 1.0)
    plain = np.unique(np.quantile(values, np.linspace(0.0, 1.0, 9)))
    assert len(plain) == 2, "plain quantiles would have collapsed"


def test_few_distinct_values_are_the_edges_themselves() -> None:
    assert bin_edges(np.array([3.0, 1.0, 1.0, 2.0]), 16) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("held", [[], [np.nan, np.nan], [5.0, 5.0, 5.0]])
def test_a_column_without_variation_has_no_bins_and_a_usable_scale(
    held: list[float],
) -> None:
    values = np.array(held, dtype=np.float64)
    scaling = fit_scaling(values, values, bins=16)
    assert scaling.edges == ()
    assert scaling.bins == 0
    assert scaling.scale > 0.0


@given(arrays(np.float64, st.integers(1, 60), elements=REALS), st.integers(0, 12))
def test_any_values_give_finite_scales_and_ascending_edges(
    values: np.ndarray, bins: int
) -> None:
    scaling = fit_scaling(values, values, bins)
    assert np.isfinite([scaling.centre, scaling.scale]).all()
    assert scaling.scale > 0.0
    assert list(scaling.edges) == sorted(set(scaling.edges))
    assert len(scaling.edges) != 1
    assert max(len(scaling.edges) - 1, 0) <= scaling.bins <= bins
