"""One network trained again and again: nothing is compiled or encoded twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from mtcore.engine.program import program_cache
from mtcore.engine.progress import Progress
from mtcore.engine.training import prepared
from mtcore.engine.training.averaging import seed_of
from mtcore.engine.training.repeats import Repeats
from mtcore.engine.training.trainer import Trained, train
from tests.engine.workshop import experiment, parts, workshop

pytestmark = pytest.mark.engine
EVEN = {"cost": 1.0, "fault": 1.0}
UNEVEN = {"cost": 1.5, "fault": 0.5}


CASES = ((EVEN, 0), (UNEVEN, 0), (EVEN, 2))


@pytest.fixture(scope="module")
def alone() -> list[Trained]:
    """Each case trained by itself, before the program is lent out for longer."""
    plain = experiment("cost", "fault", training={"epochs": 4})
    return [
        train(
            plain.model_copy(
                update={
                    "seed": seed_of(0, place),
                    "heads": tuple(
                        head.model_copy(update={"weight": weights[head.name]})
                        for head in plain.heads
                    ),
                }
            ),
            workshop(),
            parts(),
        )
        for weights, place in CASES
    ]


@pytest.fixture(scope="module")
def repeats(alone: list[Trained]) -> Iterator[Repeats]:
    assert alone
    # Seeds, turns and trees of a run's recipe are of no account here.
    asked = {"seeds": 3, "rotate": True, "blend": "trees", "epochs": 4}
    with Repeats(
        experiment("cost", "fault", training=asked), workshop(), parts()
    ) as it:
        yield it


@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_repeat_is_what_training_that_experiment_gives(
    repeats: Repeats, alone: list[Trained], case: int
) -> None:
    found, whole = repeats.train(*CASES[case]), alone[case]
    assert (found.epochs, found.best_epoch) == (whole.epochs, whole.best_epoch)
    assert found.parameters == whole.parameters
    answers = repeats.answers(found.weights, workshop())
    for name, outputs in whole.predict(workshop()).items():
        assert np.array_equal(answers[name], outputs)


def test_other_weights_and_seeds_compile_and_encode_nothing(
    repeats: Repeats, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = program_cache.programs_built()
    program = repeats._program
    traces = program.traces
    monkeypatch.delattr(prepared, "fit_encoding")
    for place, share in enumerate((0.1, 0.5, 0.9)):
        repeats.train({"cost": share, "fault": 1.0 - share}, place)
    assert (program_cache.programs_built(), program.traces) == (built, traces)


def test_a_repeat_tells_how_far_it_is_and_ends_when_asked(repeats: Repeats) -> None:
    told: list[Progress] = []
    found = repeats.train(EVEN, 0, told.append, lambda: len(told) > 2)
    assert found.ended_by == "stop"
    assert 1 <= found.epochs < 4
    assert max(progress.epoch for progress in told) == found.epochs


def test_numbers_learned_as_logarithms_are_smeared_for_each_network() -> None:
    plain = experiment("cost", training={"epochs": 2})
    head = plain.heads[0].model_copy(update={"log_target": True})
    logs = plain.model_copy(update={"heads": (head,)})
    alone = [
        train(logs.model_copy(update={"seed": seed_of(0, place)}), workshop(), parts())
        for place in (0, 1)
    ]
    with Repeats(logs, workshop(), parts()) as again:
        for place, whole in enumerate(alone):
            found = again.train({"cost": 1.0}, place)
            answers = again.answers(found.weights, workshop())
            assert np.array_equal(answers["cost"], whole.predict(workshop())["cost"])
