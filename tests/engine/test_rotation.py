"""Networks that take turns, and trees beside them, from columns to a served model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtcore.data.turns import take_turns
from mtcore.engine import program_cache
from mtcore.engine.backend import tf
from mtcore.engine.predictor import Predictor, load_predictor, save_model
from mtcore.engine.progress import Progress
from mtcore.engine.rotation import rotated
from mtcore.engine.rows import EncodedRows
from mtcore.engine.trainer import Trained, train
from mtcore.runs.tasks.outcome import judge
from mtcore.spec import Experiment
from tests.engine.workshop import experiment, parts, workshop

pytestmark = pytest.mark.engine
NETWORKS = 3


def turning(**training: object) -> Experiment:
    plain = {"seeds": NETWORKS, "rotate": True, "epochs": 4, "blend": "trees"}
    return experiment("cost", "fault", training=plain | training)


@pytest.fixture(scope="module")
def told() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def trained(told: list[Progress]) -> Trained:
    return train(turning(), workshop(), parts(), report=told.append)


def test_each_network_gets_all_rows_but_those_it_holds_out() -> None:
    numbers = np.arange(140.0, dtype=np.float32).reshape(70, 2)
    codes = np.arange(70, dtype=np.int32)[:, np.newaxis]
    whole = [
        EncodedRows(tf.constant(numbers[rows]), tf.constant(codes[rows]), real)
        for rows, real in ((slice(0, 50), 49), (slice(50, 70), 18))
    ]
    rows = (np.arange(100, 149), np.arange(200, 218))
    held = (np.arange(100, 120), np.arange(120, 205), np.arange(205, 218))
    data_of = rotated((whole[0], whole[1]), rows, held)
    seen = []
    for place, turn in enumerate(held):
        taught, judged = data_of(place)
        assert (taught.rows, judged.rows) == (
            67 - np.isin(np.concatenate(rows), turn).sum(),
            np.isin(np.concatenate(rows), turn).sum(),
        )
        assert not taught.numbers.numpy()[taught.rows :].any()
        seen += judged.codes.numpy()[: judged.rows, 0].tolist()
    assert sorted(seen) == [*range(49), *range(50, 68)]
    for part in range(2):
        assert len({data_of(place)[part].bucket for place in range(3)}) == 1


def test_taking_turns_and_trees_compile_one_program(trained: Trained) -> None:
    built = program_cache.programs_built()
    again = train(turning(epochs=2, blend="none"), workshop(), parts())
    assert program_cache.programs_built() == built
    assert again.parameters == trained.parameters
    assert again.blend is None


def test_the_shares_are_said_and_the_answers_follow_them(trained: Trained) -> None:
    assert trained.blend is not None
    shares = trained.blend.shares
    assert set(shares) == {"cost", "fault"}
    network = Predictor(turning(), trained.encoding, trained.model)
    own, mixed = network.predict(workshop()), trained.predict(workshop())
    assert shares["cost"] > 0.0
    assert not np.allclose(own["cost"], mixed["cost"])
    assert mixed["fault"].sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_rows_held_out_are_answered_by_the_network_that_held_them_out() -> None:
    asked = turning(blend="none", epochs=3)
    whole = train(asked, workshop(), parts())
    assert whole.held_out is not None
    turns = take_turns(asked, workshop, parts())
    assert np.array_equal(whole.held_out.rows, turns.learned)
    for place, rows in enumerate(turns.held):
        network = whole.model.get_layer(f"network_{place}")
        alone = Predictor(asked, whole.encoding, network).predict(workshop())
        said = whole.held_out.outputs["fault"][np.isin(turns.learned, rows)]
        assert np.array_equal(said, alone["fault"][rows])


def test_validation_rows_are_judged_by_models_that_did_not_learn_from_them(
    trained: Trained,
) -> None:
    judged = judge(turning(), workshop(), parts(), trained)
    rows = parts().validation
    assert trained.held_out is not None
    known = trained.held_out.outputs["cost"][np.isin(trained.held_out.rows, rows)]
    assert np.array_equal(judged.outputs["cost"][rows], known)
    served = trained.predict(workshop())["cost"]
    assert not np.array_equal(served[rows], known)
    others = np.setdiff1d(np.arange(240), rows)
    assert np.array_equal(judged.outputs["cost"][others], served[others])


def test_trees_are_a_stage_of_their_own(trained: Trained, told: list[Progress]) -> None:
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == ["encode", "compile", "train", "trees", "finish"]
    assert trained.networks == NETWORKS


def test_a_stop_leaves_the_trees_out_and_judges_by_what_was_held_out() -> None:
    told: list[Progress] = []
    result = train(
        turning(), workshop(), parts(), report=told.append,
        stop=lambda: sum(bool(progress.metrics) for progress in told) >= 6,
    )  # fmt: skip
    assert (result.ended_by, result.networks, result.blend) == ("stop", 1, None)
    turns = take_turns(turning(), workshop, parts())
    assert result.held_out is not None
    assert np.array_equal(result.held_out.rows, turns.held[0])
    judged = judge(turning(), workshop(), parts(), result)
    report = judged.reports["validation"]["fault"]
    assert report.rows == np.isin(turns.held[0], parts().validation).sum()


def test_what_is_kept_answers_as_what_was_trained(
    trained: Trained, tmp_path: Path
) -> None:
    save_model(trained, tmp_path)
    loaded = load_predictor(tmp_path, turning())
    for name, outputs in trained.predict(workshop()).items():
        assert np.array_equal(loaded.predict(workshop())[name], outputs)
