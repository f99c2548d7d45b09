"""Networks that take turns, and trees beside them, from columns to a served model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtcore.data.splits.turns import take_turns
from mtcore.engine.backend import tf
from mtcore.engine.program import program_cache
from mtcore.engine.progress import Progress
from mtcore.engine.rows.rows import EncodedRows
from mtcore.engine.served.predictor import Predictor, load_predictor, save_model
from mtcore.engine.training.rotation import rotated
from mtcore.engine.training.trainer import Trained, train
from mtcore.runs.tasks.judging.answers import read_answers
from mtcore.runs.tasks.judging.outcome import judge
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
    assert np.array_equal(whole.held_out.rows, parts().validation)
    turns = take_turns(asked, workshop(), parts())
    for place, rows in enumerate(turns.held):
        network = whole.model.get_layer(f"network_{place}")
        alone = Predictor(asked, whole.encoding, network).predict(workshop())
        known = np.intersect1d(rows, parts().validation)
        said = whole.held_out.outputs["fault"][np.isin(parts().validation, known)]
        assert np.array_equal(said, alone["fault"][known])


def test_validation_rows_are_judged_by_models_that_did_not_learn_from_them(
    trained: Trained, tmp_path: Path
) -> None:
    judge(turning(), workshop(), parts(), trained, tmp_path)
    assert trained.held_out is not None
    served = trained.predict(workshop())["cost"]
    kept = tmp_path / "predictions"
    said = read_answers(kept / "validation.parquet", "h0")
    assert np.array_equal(said.rows, parts().validation)
    honest = trained.held_out.outputs["cost"]
    assert said.outputs == pytest.approx(honest, rel=1e-6)
    assert not np.allclose(said.outputs, served[said.rows], rtol=1e-3)
    for part in ("train", "test"):
        said = read_answers(kept / f"{part}.parquet", "h0")
        assert said.outputs == pytest.approx(served[said.rows], rel=1e-6)


def test_trees_are_a_stage_of_their_own(trained: Trained, told: list[Progress]) -> None:
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == ["encode", "compile", "train", "trees", "finish"]
    assert trained.networks == NETWORKS


def test_a_stop_leaves_the_trees_out_and_judges_by_what_was_held_out(
    tmp_path: Path,
) -> None:
    told: list[Progress] = []
    result = train(
        turning(), workshop(), parts(), report=told.append,
        stop=lambda: sum(bool(progress.metrics) for progress in told) >= 6,
    )  # fmt: skip
    assert (result.ended_by, result.networks, result.blend) == ("stop", 1, None)
    turns = take_turns(turning(), workshop(), parts())
    assert result.held_out is not None
    known = np.intersect1d(turns.held[0], parts().validation)
    assert np.array_equal(result.held_out.rows, known)
    judged = judge(turning(), workshop(), parts(), result, tmp_path)
    assert judged.reports["validation"]["fault"].rows == len(known)


def test_what_is_kept_answers_as_what_was_trained(
    trained: Trained, tmp_path: Path
) -> None:
    save_model(trained, tmp_path)
    loaded = load_predictor(tmp_path, turning())
    for name, outputs in trained.predict(workshop()).items():
        assert np.array_equal(loaded.predict(workshop())[name], outputs)
