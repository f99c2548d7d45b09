"""A blend: honest shares, one file without code, the same answers after loading."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.data.splits.turns import HeldOut, Turns
from mtcore.data.tables.targets import head_targets, read_targets
from mtcore.errors import MissingError
from mtcore.spec import Experiment, TargetEncoding
from mtcore.trees.blend import Blend, load_blend, save_blend
from mtcore.trees.fitting import fit_blend
from tests.engine.workshop import experiment, parts, workshop

TABLE = workshop()
ALL = experiment()
HELD = parts().validation
TURNS = Turns((HELD,), np.arange(204))


def encodings(asked: Experiment) -> dict[str, TargetEncoding]:
    return {
        head.name: head.fit_targets(read_targets(head, TABLE), parts().train)
        for head in asked.heads
    }


def constant_network() -> dict[str, FloatArray]:
    """Return what a network says that gives every row the same answer."""
    known = encodings(ALL)
    return {
        head.name: np.tile(head.constant_outputs(known[head.name]), (240, 1))
        for head in ALL.heads
    }


@pytest.fixture(scope="module")
def fitted() -> tuple[Blend, HeldOut]:
    network = {name: values[HELD] for name, values in constant_network().items()}
    blend, held_out = fit_blend(
        ALL, TABLE, encodings(ALL), TURNS, HeldOut(HELD, network)
    )
    assert held_out is not None
    return blend, held_out


def test_trees_beat_a_constant_for_every_kind_of_head(
    fitted: tuple[Blend, HeldOut],
) -> None:
    blend, _ = fitted
    assert set(blend.shares) == {head.name for head in ALL.heads}
    assert min(blend.shares.values()) >= 0.6
    network = constant_network()
    mixed = blend.mix(network, TABLE)
    truth = head_targets(ALL, encodings(ALL), TABLE)
    for name in ("cost", "both", "returned [%]", "marks"):
        test = parts().test
        before = np.nanmean(np.square(network[name] - truth[name])[test])
        after = np.nanmean(np.square(mixed[name] - truth[name])[test])
        assert after < 0.8 * before
    assert mixed["fault"].sum(axis=1) == pytest.approx(1.0)


def test_a_share_is_of_the_network_what_it_is_not_of_the_trees(
    fitted: tuple[Blend, HeldOut],
) -> None:
    blend, _ = fitted
    zero = {name: np.zeros_like(v) for name, v in constant_network().items()}
    one = {name: np.ones_like(v) for name, v in zero.items()}
    low, high = blend.mix(zero, TABLE), blend.mix(one, TABLE)
    for name, share in blend.shares.items():
        assert high[name] - low[name] == pytest.approx(1.0 - share)


def test_rows_held_out_are_answered_by_trees_that_did_not_learn_from_them(
    fitted: tuple[Blend, HeldOut],
) -> None:
    blend, held_out = fitted
    known = blend.mix(constant_network(), TABLE)["cost"][HELD]
    truth = TABLE.numbers("cost")[HELD][:, np.newaxis]
    honest_error = np.nanmean(np.abs(held_out.outputs["cost"] - truth))
    assert np.array_equal(held_out.rows, HELD)
    assert honest_error > 1.3 * np.nanmean(np.abs(known - truth))


def test_heads_that_ask_for_no_mean_are_left_to_the_network() -> None:
    heads = [
        {"name": "median", "kind": "regression", "columns": ["cost"], "loss": "mae"},
        {"name": "mean", "kind": "regression", "columns": ["cost"]},
        {"name": "rare", "kind": "binary", "columns": ["returned"],
         "class_weight": "balanced"},
    ]  # fmt: skip
    asked = experiment(heads=heads)
    network = {name: np.zeros((len(HELD), 1)) for name in ("median", "mean", "rare")}
    blend, held_out = fit_blend(
        asked, TABLE, encodings(asked), TURNS, HeldOut(HELD, network)
    )
    assert set(blend.shares) == {"mean"}
    assert held_out is not None
    assert not held_out.outputs["rare"].any()


def test_a_network_that_is_right_is_left_alone() -> None:
    asked = experiment("fault")
    truth = head_targets(asked, encodings(asked), TABLE)["fault"][:, 0]
    right = np.eye(3)[truth.astype(np.int64)]
    blend, held_out = fit_blend(
        asked, TABLE, encodings(asked), TURNS, HeldOut(HELD, {"fault": right[HELD]})
    )
    assert blend.shares["fault"] <= 0.2
    assert held_out is not None
    assert np.argmax(held_out.outputs["fault"], axis=1).tolist() == truth[HELD].tolist()


def test_with_rows_enough_those_that_judge_teach_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mtcore.trees.fitting.MAX_ROWS", 100)
    rows = HELD[:20]
    network = {name: values[rows] for name, values in constant_network().items()}
    asked = experiment("cost")
    blend, held_out = fit_blend(
        asked, TABLE, encodings(asked), TURNS, HeldOut(rows, network)
    )
    assert held_out is None
    nothing = blend.mix({"cost": np.zeros((240, 1))}, TABLE)["cost"]
    trees = nothing[:, 0] / blend.shares["cost"]
    # Trees know the labels of rows that they were grown from by heart.
    known = np.isclose(trees, TABLE.numbers("cost"), rtol=1e-5)
    assert 50 < known.sum() <= 100
    assert not known[rows].any()


def test_a_blend_answers_the_same_after_it_was_kept(
    fitted: tuple[Blend, HeldOut], tmp_path: Path
) -> None:
    blend, _ = fitted
    save_blend(blend, tmp_path / "trees.npz")
    again = load_blend(tmp_path / "trees.npz")
    assert again.shares == blend.shares
    network = constant_network()
    for name, values in blend.mix(network, TABLE).items():
        assert np.array_equal(again.mix(network, TABLE)[name], values)


class _Intruder:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[Path, str]]:
        return Path.write_text, (self._path, "I was here")


def test_nothing_in_the_file_is_ever_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    np.savez(tmp_path / "a.npz", facts=np.array([_Intruder(mark)], dtype=object))
    (tmp_path / "b.npz").write_bytes(pickle.dumps(_Intruder(mark)))
    for name in ("a.npz", "b.npz"):
        with pytest.raises(MissingError, match="can't be read"):
            load_blend(tmp_path / name)
    assert not mark.exists()
