"""Runs of several networks: lines break where the next one begins."""

from __future__ import annotations

import numpy as np

from mtcore.charts.learning_curves import learning_curves
from mtcore.charts.networks import alone, broken, network_starts, one_network
from mtcore.charts.run_curves import RunCurve, run_curves

EPOCHS = np.arange(1, 7)
LOSSES = np.array([0.9, 0.5, 0.4, 0.8, 0.6, 0.3])
LOGGED = {
    "train/network": (EPOCHS, np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])),
    "train/h0/loss": (EPOCHS, LOSSES),
    "validation/h0/loss": (EPOCHS[1::2], LOSSES[1::2]),
}
BROKEN_EPOCHS = [1, 2, 3, None, 4, 5, 6]


def drawn(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def test_a_run_of_one_network_has_no_starts() -> None:
    assert network_starts({"train/h0/loss": (EPOCHS, LOSSES)}) == ()
    assert network_starts({"train/network": (EPOCHS, np.ones(6))}) == ()


def test_a_line_is_broken_between_networks_only() -> None:
    epochs, values = broken(EPOCHS, LOSSES, (1, 4, 9))
    assert drawn(epochs) == BROKEN_EPOCHS
    assert drawn(values) == [0.9, 0.5, 0.4, None, 0.8, 0.6, 0.3]


def test_learning_curves_jump_from_no_network_to_the_next() -> None:
    figure = learning_curves(LOGGED, ["heating"])
    assert drawn(figure.data[0].x) == BROKEN_EPOCHS
    assert drawn(figure.data[1].x) == [2, None, 4, 6]
    assert "2 networks, one after another" in " ".join(
        figure.layout.title.subtitle.text.split("<br>")
    )


def test_networks_of_compared_runs_begin_at_one_and_the_same_epoch() -> None:
    second = alone(LOGGED, 5)
    assert second["validation/h0/loss"][0].tolist() == [1, 3]
    assert second["train/h0/loss"][0].tolist() == [1, 2, 3]
    assert second["train/h0/loss"][1].tolist() == [0.8, 0.6, 0.3]
    assert alone(LOGGED, 3)["train/h0/loss"][0].tolist() == [1, 2, 3]
    curves = [
        RunCurve(name, *alone(LOGGED, epoch)["train/h0/loss"])
        for name, epoch in (("first", 3), ("second", 6))
    ]
    lines = run_curves("heating", 0, curves).data
    assert lines[0].x.tolist() == lines[2].x.tolist() == [1, 2, 3]
    only = {"train/h0/loss": (EPOCHS, LOSSES)}
    assert alone(only, 3)["train/h0/loss"][0].tolist() == EPOCHS.tolist()


def test_one_network_is_taken_out_of_a_history() -> None:
    second = one_network(LOGGED, 5)
    assert second["train/h0/loss"][0].tolist() == [4, 5, 6]
    assert second["validation/h0/loss"][1].tolist() == [0.8, 0.3]
    assert one_network(LOGGED, 3)["train/h0/loss"][0].tolist() == [1, 2, 3]
    only = {"train/h0/loss": (EPOCHS, LOSSES)}
    assert one_network(only, 3) is only
