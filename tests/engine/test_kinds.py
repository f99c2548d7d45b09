"""Heads whose outputs are no plain numbers or classes, from training to serving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.engine.layers.network import variable_name
from mtcore.engine.served.predictor import Predictor, load_predictor, save_model
from mtcore.engine.served.served_model import build_served_model
from mtcore.engine.training.averaging import seed_of
from mtcore.engine.training.trainer import Trained, train
from mtcore.evaluation.baselines import constant_outputs
from mtcore.evaluation.metrics import Scores, score
from mtcore.evaluation.reports import RegressionReport, build_report
from mtcore.export.code.keras_code import keras_code
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
        ("both", "mae", 0.6),
        ("amount", "mae", 0.8),
        ("time", "rmse", 0.3),
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
    exec(compile(code, "<written>", "exec"), names)
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
    assert next(iter(decoded)).startswith(name)
    assert {column.shape for column in decoded.values()} == {(day_book().rows,)}


def test_deviations_are_wider_where_the_noise_is(trained: Trained) -> None:
    outputs = trained.predict(day_book())["both"]
    assert outputs.shape[1] == 4
    assert (outputs[:, 2:] > 0.0).all()
    heat = day_book().numbers("heat")
    truth = 1.0 + heat**2
    assert np.corrcoef(outputs[:, 2], truth)[0, 1] > 0.6
    assert outputs[:, 2].mean() == pytest.approx(truth.mean(), rel=0.25)


def test_normal_ranges_hold_the_rows_that_they_say(trained: Trained) -> None:
    head, facts = experiment().head("both"), trained.encoding.heads["both"]
    targets = head_targets(experiment(), trained.encoding.heads, day_book())["both"]
    outputs = trained.predict(day_book())["both"]
    report = build_report(head, facts, targets, outputs, np.arange(day_book().rows))
    assert isinstance(report, RegressionReport)
    for entry in report.columns[0].levels:
        assert entry.share == pytest.approx(entry.level, abs=0.08)


def test_a_log_target_answers_with_means_in_the_targets_unit(trained: Trained) -> None:
    amount = day_book().numbers("amount")[parts().train]
    known = ~np.isnan(amount)
    answered = trained.predict(day_book())["amount"][parts().train, 0]
    [log] = trained.encoding.heads["amount"].logs
    assert log.stretch > 1.05
    plain = log.model_copy(update={"stretch": 1.0, "lift": 0.0})
    medians = unsmeared(trained).predict(day_book())["amount"][parts().train, 0]
    assert (amount[known] > medians[known]).mean() == pytest.approx(0.5, abs=0.08)
    off = abs(answered[known].mean() - amount[known].mean())
    assert off < 0.5 * abs(medians[known].mean() - amount[known].mean())
    smeared = plain.smeared(amount[known], medians[known])
    assert smeared.stretch == pytest.approx(log.stretch, rel=1e-3)


def test_neighbouring_whole_numbers_at_2_to_the_53_are_told_apart(
    trained: Trained,
) -> None:
    time = day_book().numbers("time")
    answered = trained.predict(day_book())["time"][:, 0]
    assert np.corrcoef(answered - 2.0**53, time - 2.0**53)[0, 1] > 0.99
    assert len(np.unique(answered)) > 500


def unsmeared(trained: Trained) -> Predictor:
    """Return the model as it is before its logarithms become means."""
    heads = dict(trained.encoding.heads)
    [log] = heads["amount"].logs
    bare = log.model_copy(update={"stretch": 1.0, "lift": 0.0})
    heads["amount"] = heads["amount"].model_copy(update={"logs": (bare,)})
    encoding = trained.encoding.model_copy(update={"heads": heads})
    weights = {variable_name(v): v.numpy() for v in trained.model.trainable_variables}
    model = build_served_model(experiment(), encoding, [weights])
    return Predictor(experiment(), encoding, model)


def test_several_networks_answer_with_the_mixture_of_their_distributions() -> None:
    several = experiment(seeds=2, epochs=3)
    together = train(several, day_book(), parts())
    alone = [
        train(
            experiment(epochs=3).model_copy(update={"seed": seed_of(0, place)}),
            day_book(),
            parts(),
        )
        for place in range(2)
    ]
    first, second = (each.predict(day_book())["both"] for each in alone)
    found = together.predict(day_book())["both"]
    mean = (first[:, :2] + second[:, :2]) / 2.0
    np.testing.assert_allclose(found[:, :2], mean, rtol=1e-4, atol=1e-4)
    square = (np.square(first) + np.square(second)) / 2.0
    variance = square[:, 2:] + square[:, :2] - np.square(mean)
    np.testing.assert_allclose(found[:, 2:], np.sqrt(variance), rtol=1e-3)
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(keras_code(several, together.encoding), "<written>", "exec"), names)
    twin = names["build_model"]()
    twin.set_weights(together.model.get_weights())
    answers = Predictor(several, together.encoding, twin).predict(day_book())
    for name, outputs in together.predict(day_book()).items():
        assert np.array_equal(answers[name], outputs)


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
    assert here | {"binary", "multiclass", "multilabel"} == set(HEAD_KINDS)
