"""Several networks trained one after another and averaged into one model."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np
import pytest

from mtcore.engine.program import program_cache
from mtcore.engine.progress import Progress
from mtcore.engine.served.predictor import load_predictor, save_model
from mtcore.engine.training.averaging import seed_of
from mtcore.engine.training.trainer import Trained, train
from mtcore.spec import Experiment
from tests.engine.test_trainer import broken_after, by_epoch, quick_clock
from tests.engine.workshop import experiment, parts, workshop

pytestmark = pytest.mark.engine
NETWORKS = 3


def averaged(**training: object) -> Experiment:
    plain = {"seeds": NETWORKS, "epochs": 4}
    return experiment("cost", "fault", "marks", training=plain | training)


@pytest.fixture(scope="module")
def told() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def trained(told: list[Progress]) -> Trained:
    # On a clock that only looks move on, no stall makes a later epoch a long one.
    looks = count()
    return train(
        averaged(), workshop(), parts(), report=told.append,
        clock=lambda: 0.001 * next(looks),
    )  # fmt: skip


def test_the_answer_is_the_mean_of_what_each_seed_gives_alone(trained: Trained) -> None:
    alone = [
        train(
            averaged(seeds=1).model_copy(update={"seed": seed_of(0, place)}),
            workshop(),
            parts(),
        )
        for place in range(NETWORKS)
    ]
    answers = [each.predict(workshop()) for each in alone]
    for name, outputs in trained.predict(workshop()).items():
        mean = np.mean([answer[name] for answer in answers], axis=0)
        assert outputs == pytest.approx(mean, rel=1e-5, abs=1e-5)
        assert not np.allclose(answers[0][name], answers[1][name])
    assert trained.parameters == sum(each.parameters for each in alone)
    assert trained.epochs == sum(each.epochs for each in alone)
    assert trained.networks == NETWORKS


def test_another_number_of_networks_compiles_nothing_new(trained: Trained) -> None:
    built = program_cache.programs_built()
    fewer = train(averaged(seeds=2, epochs=1), workshop(), parts())
    assert program_cache.programs_built() == built
    assert 2 * trained.parameters == NETWORKS * fewer.parameters


def test_epochs_of_one_network_are_counted_after_those_of_the_other(
    trained: Trained, told: list[Progress]
) -> None:
    ended = [progress for progress in told if progress.metrics]
    assert [progress.epoch for progress in ended] == list(range(1, 13))
    assert [progress.network for progress in ended] == [1] * 4 + [2] * 4 + [3] * 4
    assert {(progress.networks, progress.epochs) for progress in ended} == {(3, 12)}
    left = [progress.seconds_left or 0.0 for progress in ended]
    assert left[0] > left[4] > left[8] > left[11] == 0.0
    monitor = [progress.metrics["validation/loss"] for progress in ended]
    assert trained.best_epoch == int(np.argmin(monitor)) + 1


def test_networks_that_patience_ends_early_leave_fewer_epochs_to_come() -> None:
    told: list[Progress] = []
    changed = averaged(epochs=60, patience=2, learning_rate=0.03)
    result = train(changed, workshop(), parts(), report=told.append)
    ended = [progress for progress in told if progress.metrics]
    assert [progress.epoch for progress in ended] == list(range(1, result.epochs + 1))
    most = [progress.epochs for progress in ended]
    assert result.ended_by == "patience"
    assert most[0] == 180
    assert most[-1] < 180


def test_a_stop_keeps_the_networks_that_are_done() -> None:
    told: list[Progress] = []
    result = train(
        averaged(), workshop(), parts(), report=told.append,
        stop=lambda: sum(bool(progress.metrics) for progress in told) >= 10,
    )  # fmt: skip
    assert (result.ended_by, result.networks, result.epochs) == ("stop", 2, 10)
    assert 1 <= result.best_epoch <= 8


def test_a_stop_in_the_first_network_keeps_its_best_epoch() -> None:
    told: list[Progress] = []
    result = train(
        averaged(), workshop(), parts(), report=told.append,
        stop=lambda: sum(bool(progress.metrics) for progress in told) >= 2,
    )  # fmt: skip
    assert (result.ended_by, result.networks, result.epochs) == ("stop", 1, 2)


@pytest.mark.parametrize("stop_after", [2, 5, 11])
def test_an_interrupted_average_goes_on_in_the_network_it_was_in(
    stop_after: int, trained: Trained, told: list[Progress], tmp_path: Path
) -> None:
    before: list[Progress] = []
    with pytest.raises(KeyboardInterrupt):
        train(
            averaged(), workshop(), parts(), checkpoint=tmp_path,
            report=broken_after(stop_after, before), clock=quick_clock(),
        )  # fmt: skip
    after: list[Progress] = []
    resumed = train(
        averaged(), workshop(), parts(), checkpoint=tmp_path, report=after.append
    )
    assert by_epoch(before + after) == by_epoch(told)
    assert min(by_epoch(after)) > (stop_after - 1) // 4 * 4
    assert resumed.best_epoch == trained.best_epoch
    for name, outputs in resumed.predict(workshop()).items():
        assert np.array_equal(outputs, trained.predict(workshop())[name])


def test_the_mean_is_in_the_model_file(trained: Trained, tmp_path: Path) -> None:
    save_model(trained, tmp_path)
    loaded = load_predictor(tmp_path, averaged())
    for name, outputs in trained.predict(workshop()).items():
        assert np.array_equal(loaded.predict(workshop())[name], outputs)
