"""Training with every kind of trunk: it learns, and heads stay apart that should."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtcore.engine.program.program_cache import lease
from mtcore.engine.served.gate_reading import read_gates
from mtcore.engine.served.predictor import load_predictor, save_model
from mtcore.engine.training.trainer import Trained, train
from mtcore.spec import Experiment
from tests.engine.bench import Bench
from tests.engine.workshop import HEADS, experiment, parts, workshop

pytestmark = pytest.mark.engine

EXPERTS = {"kind": "experts", "shared": 2, "private": 1, "levels": 2, "layers": [8]}
SEPARATE = {"kind": "separate", "layers": [8]}
# The fault follows from the same reading as the cost: one head reads the other.
CHAINED = [HEADS[0], {**HEADS[3], "reads": ["cost"], "layers": [4]}]


def built(
    trunk: dict[str, Any], *, weights: tuple[float, float] = (1.0, 1.0), **recipe: int
) -> Experiment:
    """Return an experiment; those of one trunk are all trained by one program."""
    return experiment(
        trunk={"skip": True, "dropout": 0.05, **trunk},
        heads=[
            {**head, "weight": weight}
            for head, weight in zip(CHAINED, weights, strict=True)
        ],
        training={"epochs": 30, "patience": 30, **recipe},
    )


@pytest.fixture(scope="module")
def expert() -> Trained:
    return train(built(EXPERTS), workshop(), parts())


@pytest.fixture(scope="module")
def separate() -> Trained:
    return train(built(SEPARATE), workshop(), parts())


@pytest.mark.parametrize("name", ["expert", "separate"])
def test_what_is_trained_beats_the_constant(
    name: str, request: pytest.FixtureRequest
) -> None:
    trained: Trained = request.getfixturevalue(name)
    table = workshop().take(parts().test)
    outputs = trained.predict(table)
    cost = table.numbers("cost")
    errors = np.abs(outputs["cost"][:, 0] - cost)
    constant = np.abs(np.nanmean(workshop().numbers("cost")) - cost)
    assert np.nanmean(errors) < 0.5 * np.nanmean(constant)
    named = np.array(["belt", "leak", "none"])[outputs["fault"].argmax(axis=1)]
    cells = table.categories("fault")
    most = max(np.mean(cells == value) for value in named)
    assert np.mean(named == cells) > most + 0.1


def test_gates_add_up_to_one_and_are_read_for_every_head_and_level(
    expert: Trained,
) -> None:
    rows = workshop().take(parts().validation)
    report = read_gates(built(EXPERTS), expert, rows)
    assert report is not None
    assert report.rows == len(parts().validation)
    assert [(one.head, one.level) for one in report.readings] == [
        ("cost", 1), ("fault", 1), ("cost", 2), ("fault", 2),
    ]  # fmt: skip
    for one in report.readings:
        assert len(one.means) == len(report.experts) == 3
        assert sum(one.means) == pytest.approx(1.0, abs=1e-6)
        assert max(one.deviations) > 0.0


def test_the_gates_of_every_averaged_network_are_read_by_themselves() -> None:
    rows = workshop().take(parts().validation)
    first, both = (
        read_gates(asked, train(asked, workshop(), parts()), rows)
        for asked in (built(EXPERTS, epochs=1, seeds=seeds) for seeds in (1, 2))
    )
    assert first is not None
    assert both is not None
    assert (first.networks, both.networks) == ((1,), (1, 2))
    for level in both.levels:
        means = [one.means for one in both.level(level)]
        alone = [one.means for one in first.level(level)]
        np.testing.assert_allclose(means, alone, rtol=1e-5)
        others = [one.means for one in both.level(level, network=2)]
        assert np.abs(np.subtract(means, others)).max() > 0.01


def test_other_trunks_have_no_gates(separate: Trained) -> None:
    assert read_gates(built(SEPARATE), separate, workshop()) is None


def test_a_saved_model_of_experts_is_loaded_with_its_gates(
    expert: Trained, tmp_path: Path
) -> None:
    save_model(expert, tmp_path)
    loaded = load_predictor(tmp_path, built(EXPERTS))
    expected = expert.predict(workshop())
    for name, outputs in loaded.predict(workshop()).items():
        assert np.array_equal(outputs, expected[name])
    rows = workshop()
    assert read_gates(built(EXPERTS), loaded, rows) == read_gates(
        built(EXPERTS), expert, rows
    )


def test_separate_heads_train_as_if_the_others_were_not_there() -> None:
    changed = built(SEPARATE)
    bench = Bench(changed)
    with lease(bench.key) as program:
        bench.epoch(program)
        before = program.weights()
        # The other head's loss counts fifty times, and it moves elsewhere.
        scales = bench.arguments.scales * np.array([1.0, 50.0])
        bench.epoch(program, replace(bench.arguments, scales=scales))
        after = program.weights()
    for name, value in before.items():
        if name.startswith("h0"):
            assert np.array_equal(value, after[name]), name
    assert not np.array_equal(before["h1_raw/bias"], after["h1_raw/bias"])


@pytest.mark.parametrize("trunk", [EXPERTS, SEPARATE], ids=["experts", "separate"])
def test_a_head_of_weight_zero_moves_nothing_that_others_read(
    trunk: dict[str, Any],
) -> None:
    bench = Bench(built(trunk, weights=(1.0, 0.0)))
    with lease(bench.key) as program:
        bench.started(program)
        start = program.weights()
        bench.epoch(program)
        before = program.weights()
        scales = bench.arguments.scales * np.array([1.0, 50.0])
        bench.epoch(program, replace(bench.arguments, scales=scales))
        after = program.weights()
        own = {v.path.split("/")[-2] for v in program.network.parts[2]}
    for name, value in before.items():
        if name.split("/")[0] not in own:
            assert np.array_equal(value, after[name]), name
    assert not np.allclose(before["h1_raw/kernel"], start["h1_raw/kernel"], atol=1e-4)
