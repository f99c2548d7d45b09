"""Charts of how heads share the training: what is drawn and what adds up."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.charts.ledger import REGULARISATION, ledger_areas, ledger_lines
from mtcore.charts.sharing import (
    gradient_cosines,
    gradient_shares,
    heads_on_trunk,
    pair_means,
)
from mtcore.charts.style import head_colour
from tests.charts.gallery import pulls
from tests.charts.networks import head_names


def test_a_pair_s_cosine_is_the_mean_of_its_epochs_on_both_sides() -> None:
    means = pair_means(pulls(3, 4), 3, "cosine")
    expected = np.mean(0.5 - np.exp(-np.arange(1, 5) / 20.0))
    assert means[0, 2] == means[2, 0] == pytest.approx(expected)
    assert np.isnan(np.diag(means)).all()


def test_heads_that_were_not_measured_are_left_out_of_the_map() -> None:
    drawn = gradient_cosines(pulls(2, 5), head_names(4)).data[0]
    assert len(drawn.x) == 2
    assert not gradient_cosines({}, head_names(2)).data
    assert not gradient_shares({}, head_names(2)).data


def test_areas_have_the_heads_colours_and_reach_the_total() -> None:
    figure = ledger_areas(pulls(2, 6), head_names(2))
    *layers, own, total = figure.data
    assert [layer.line.color for layer in layers] == [head_colour(0), head_colour(1)]
    assert own.name == REGULARISATION
    np.testing.assert_allclose(layers[0].y + layers[1].y + own.y, total.y)


def test_the_lines_of_an_epoch_add_up_to_its_total() -> None:
    history = pulls(3, 6)
    lines = ledger_lines(history, head_names(3), 4)
    assert [line.name for line in lines] == [*head_names(3), REGULARISATION]
    total = history["ledger/total"][1][3]
    assert sum(line.part for line in lines) == pytest.approx(total)
    assert ledger_lines(history, head_names(3), 99) == ()


def test_a_head_with_a_trunk_of_its_own_is_none_of_those_on_the_trunk() -> None:
    epochs = np.array([1, 2])
    history = {"gradient_share/h1": (epochs, np.ones(2))}
    assert heads_on_trunk(history, ["own", "shared"]) == ["shared"]
