"""Texts from cells to features: words, codes, encoders, and the served model."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from mtcore.data.values.words import words_of
from mtcore.engine.backend import keras
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.encode.input_encoding import TextEncoding
from mtcore.engine.plans.description import describe
from mtcore.engine.progress import Progress
from mtcore.engine.rows.labels import read_labels
from mtcore.engine.rows.rows import ColumnEncoder
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.training.trainer import Trained, train
from mtcore.export.code.keras_code import keras_code
from mtcore.spec import TextEncoder, experiment_from
from tests.engine.reviews import halves, reading, reviews

pytestmark = pytest.mark.engine

ODD = (
    "It's LATE, again!",
    "ÄRGER  über\tdie\nCrew …",
    "a-b_c/d [UNK] <b>bold</b> 50% @you #tag",
    "nb\u00a0space thin\u2009space\vtab",
    "",
    "  !!! ",
)


@pytest.fixture(scope="module", params=get_args(TextEncoder))
def trained(request: pytest.FixtureRequest) -> tuple[str, Trained, dict[str, float]]:
    told: list[Progress] = []
    result = train(reading(request.param), reviews(), halves(), report=told.append)
    metrics = [progress.metrics for progress in told if progress.metrics]
    return request.param, result, metrics[result.best_epoch - 1]


def test_words_are_told_apart_as_keras_does_it() -> None:
    layer = keras.layers.TextVectorization(output_mode="int")
    for text in ODD:
        layer.adapt(np.array([text, "x"], dtype=object))
        known = set(layer.get_vocabulary()) - {"", "[UNK]", "x"}
        assert known == set(words_of(text)) - {"x"}, text


def test_codes_are_padded_in_front_and_words_beyond_the_vocabulary_are_unknown() -> (
    None
):
    experiment, table = reading("pool"), reviews()
    encoding = fit_encoding(experiment, table, halves())
    given = encoding.inputs[1]
    assert isinstance(given, TextEncoding)
    assert len(given.vocabulary) == 10
    labels = read_labels(experiment, encoding, table, np.ones(table.rows))
    codes = ColumnEncoder(encoding).encode(table, labels).codes.numpy()
    known = {word: place + 2 for place, word in enumerate(given.vocabulary)}
    for row, cell in enumerate(table.categories("review")):
        words = [known.get(word, 1) for word in words_of(cell or "")][:6]
        assert codes[row].tolist() == [0] * (6 - len(words)) + words


def test_what_is_served_is_what_was_trained(
    trained: tuple[str, Trained, dict[str, float]],
) -> None:
    _, result, metrics = trained
    rows = halves().validation
    truth = reviews().categories("happy")[rows] == "yes"
    chances = result.predict(reviews())["happy"][rows, 0]
    right = ((chances > 0.5) == truth).mean()
    assert right == pytest.approx(metrics["validation/h0/epoch_accuracy"])
    loss = -np.log(np.where(truth, chances, 1.0 - chances)).mean()
    share = result.encoding.heads["happy"].prior[-1]
    entropy = -share * np.log(share) - (1.0 - share) * np.log(1.0 - share)
    assert loss / entropy == pytest.approx(metrics["validation/h0/loss"], rel=1e-4)


def test_an_empty_text_is_answered_for(
    trained: tuple[str, Trained, dict[str, float]],
) -> None:
    outputs = trained[1].predict(reviews())
    assert np.isfinite(outputs["topic"]).all()


def test_the_code_of_a_text_model_builds_that_model(
    trained: tuple[str, Trained, dict[str, float]],
) -> None:
    encoder, result, _ = trained
    names: dict[str, object] = {"__name__": "written"}
    code = keras_code(reading(encoder), result.encoding)
    exec(compile(code, "<written>", "exec"), names)
    twin = names["build_model"]()  # type: ignore[operator]
    twin.set_weights(result.model.get_weights())
    answers = Predictor(reading(encoder), result.encoding, twin).predict(reviews())
    for name, outputs in result.predict(reviews()).items():
        np.testing.assert_allclose(answers[name], outputs, atol=1e-6)


def test_a_text_model_is_described_with_all_its_numbers(
    trained: tuple[str, Trained, dict[str, float]],
) -> None:
    encoder, result, _ = trained
    told = describe(reading(encoder), result.encoding)
    assert told.parameters == result.parameters
    assert "6 words" in told.layers[1].detail


def test_the_missions_third_row_is_built_to_the_letter() -> None:
    text = {"column": "review", "kind": "text", "encoder": "lstm", "length": 100}
    experiment = experiment_from(
        {
            "inputs": [{**text, "vocabulary": 10_000, "embedding": 128, "units": 128}],
            "trunk": {"layers": [64]},
            "heads": [
                {"name": "sentiment", "kind": "binary", "columns": ["happy"]},
                {"name": "topic", "kind": "multiclass", "columns": ["topic"]},
            ],
        }
    )
    encoding = fit_encoding(experiment, reviews(), halves())
    layers = keras.layers
    words = keras.Input((100,))
    made = layers.LSTM(128)(layers.Embedding(10_000, 128)(words))
    made = layers.Dense(64, activation="relu")(made)
    heads = [layers.Dense(1, "sigmoid")(made), layers.Dense(3, "softmax")(made)]
    twin = keras.Model(words, heads)
    assert describe(experiment, encoding).parameters == twin.count_params()
    losses = [head.loss for head in experiment.heads]
    assert losses == ["binary_crossentropy", "categorical_crossentropy"]


def test_texts_are_read_as_far_as_most_of_them_go() -> None:
    table = reviews()
    given = reading("pool").inputs or ()
    experiment = reading("pool").model_copy(
        update={"inputs": (given[1].model_copy(update={"length": None}),)}
    )
    [text] = fit_encoding(experiment, table, halves()).inputs
    assert isinstance(text, TextEncoding)
    counts = [len(words_of(cell)) for cell in table.categories("review") if cell]
    assert np.mean(np.array(counts) <= text.length) >= 0.95
    assert text.length == 8
