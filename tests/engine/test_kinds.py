"""Heads whose outputs are no plain numbers or classes, from training to serving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtcore.data.table import Table
from mtcore.data.targets import head_targets
from mtcore.engine.predictor import Predictor, load_predictor, save_model
from mtcore.engine.trainer import Trained, train
from mtcore.evaluation.baselines import constant_outputs
from mtcore.evaluation.metrics import Scores, score
from mtcore.export.keras_code import keras_code
from mtcore.spec import HEAD_KINDS
from tests.engine.kinds import HEADS, day_book, experiment, parts

pytestmark = pytest.mark.engine

NAMES = [head["name"] for head in HEADS]


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(experiment(), day_book(), parts())


def scores_of(trained: Trained, name: str, *, constant: bool = False) -> Scores:
    """Return a head's metrics on test rows, or those of its constant prediction."""
    head, facts = experiment().head(name), trained.encoding.heads[name]
    test = parts().test
    targets = head_targets(experiment(), trained.encoding.heads, day_book())[name][test]
    outputs = trained.predict(day_book())[name][test]
    if constant:
        outputs = constant_outputs(head, facts, len(test))
    return score(head, facts, targets, outputs)


@pytest.mark.parametrize(
    ("name", "metric", "most"),
    [
        ("calls", "poisson_deviance", 0.6),
        ("wait", "pinball", 0.6),
        ("one level", "pinball", 0.6),
        ("grade", "mae", 0.6),
    ],
)
def test_every_head_beats_its_constant_by_far(
    trained: Trained, name: str, metric: str, most: float
) -> None:
    ours, theirs = (scores_of(trained, name, constant=c)[metric] for c in (False, True))
    assert ours is not None
    assert theirs is not None
    assert ours < most * theirs


def test_saved_and_loaded_heads_answer_the_same(
    trained: Trained, tmp_path: Path
) -> None:
    save_model(trained, tmp_path)
    loaded = load_predictor(tmp_path, experiment()).predict(day_book())
    for name, outputs in trained.predict(day_book()).items():
        assert np.array_equal(loaded[name], outputs)


def test_the_written_code_builds_the_model_that_is_served(trained: Trained) -> None:
    names: dict[str, Any] = {"__name__": "written"}
    code = keras_code(experiment(), trained.encoding)
    exec(compile(code, "written.py", "exec"), names)
    twin = names["build_model"]()
    twin.set_weights(trained.model.get_weights())
    answers = Predictor(experiment(), trained.encoding, twin).predict(day_book())
    for name, outputs in trained.predict(day_book()).items():
        assert np.array_equal(answers[name], outputs)


@pytest.mark.parametrize("name", NAMES)
def test_a_head_decodes_to_named_columns_of_all_rows(
    trained: Trained, name: str
) -> None:
    head, facts = experiment().head(name), trained.encoding.heads[name]
    outputs = trained.predict(day_book())[name]
    assert outputs.shape[1] == head.width(facts)
    decoded = head.decode(outputs, facts)
    assert next(iter(decoded)) == name
    assert {column.shape for column in decoded.values()} == {(day_book().rows,)}


def test_predicted_counts_are_above_0(trained: Trained) -> None:
    outputs = trained.predict(day_book())["calls"]
    assert (outputs > 0.0).all()


def test_predicted_quantiles_never_cross_wherever_they_are_asked(
    trained: Trained,
) -> None:
    random = np.random.default_rng(3)
    corners = [
        {"load": load, "heat": heat}
        for load, heat in random.normal(0.0, 1e3, (500, 2)).tolist()
    ]
    asked = Table.from_records([*corners, {"load": None, "heat": None}])
    assert (np.diff(trained.predict(asked)["wait"], axis=1) >= 0.0).all()


def test_as_many_rows_lie_below_a_level_as_should(trained: Trained) -> None:
    wait = day_book().numbers("wait")
    outputs = trained.predict(day_book())
    known = ~np.isnan(wait)
    below = (wait[known, None] <= outputs["wait"][known]).mean(axis=0)
    np.testing.assert_allclose(below, [0.1, 0.5, 0.9], atol=0.08)
    alone = (wait[known] <= outputs["one level"][known, 0]).mean()
    assert alone == pytest.approx(0.75, abs=0.08)


def test_chances_of_ranks_add_up_and_are_never_below_0(trained: Trained) -> None:
    outputs = trained.predict(day_book())["grade"]
    assert outputs.shape[1] == 4
    assert (outputs >= 0.0).all()
    np.testing.assert_allclose(outputs.sum(axis=1), 1.0, rtol=1e-6)
    assert outputs[:, 3].max() < 0.05


def test_the_kinds_here_and_in_the_workshop_are_all_there_are() -> None:
    here = {head["kind"] for head in HEADS}
    assert here | {"regression", "binary", "multiclass", "multilabel"} == set(
        HEAD_KINDS
    )
