"""Pictures from a table's cells to a model that is served and written as code."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from mtcore.data.tables.table import Table
from mtcore.engine.backend import keras, tf
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.layers.augmentation import augmented
from mtcore.engine.plans.description import describe
from mtcore.engine.plans.encoder_plans import ImagePlan, TextPlan
from mtcore.engine.plans.plan import CategoryPlan, NetworkPlan, TrunkPlan
from mtcore.engine.rows.rows import raw_columns
from mtcore.engine.served.predictor import Predictor, load_predictor, save_model
from mtcore.engine.training.trainer import Trained, train
from mtcore.export.code.keras_code import keras_code
from mtcore.spec import ImageEncoder, experiment_from
from mtcore.trees.features import build_features
from tests.engine.photos import SIDES, UNSEEN, photos, pictures, seeing, thirds

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
]


@pytest.fixture(scope="module", params=get_args(ImageEncoder))
def trained(request: pytest.FixtureRequest) -> tuple[str, Trained]:
    return request.param, train(seeing(request.param, 12), photos(), thirds())


def test_a_model_learns_from_the_pictures_of_a_table(
    trained: tuple[str, Trained],
) -> None:
    table, result = photos(seed=5), trained[1]
    seen = np.arange(table.rows) % UNSEEN != 3
    red = table.categories("red") == "yes"
    right = (result.predict(table)["red"][:, 0] > 0.5) == red
    assert right[seen].mean() > 0.9


def test_all_pictures_that_are_missing_are_answered_alike(
    trained: tuple[str, Trained],
) -> None:
    records = [{"photo": cell, "lens": 50.0} for cell in (None, "gone.png", "")]
    answers = trained[1].predict(Table.from_records(records))
    for outputs in answers.values():
        assert np.isfinite(outputs).all()
        assert (outputs == outputs[0]).all()


def test_a_saved_model_answers_the_same_to_pixels(
    trained: tuple[str, Trained], tmp_path: Path
) -> None:
    encoder, result = trained
    save_model(result, tmp_path)
    expected = result.predict(photos())
    loaded = load_predictor(tmp_path, seeing(encoder))
    for name, outputs in loaded.predict(photos()).items():
        np.testing.assert_allclose(outputs, expected[name], atol=1e-6)
    model = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert model.input["c1"].shape == (None, *SIDES, 3)
    assert model.input["c1"].dtype == "uint8"
    answers = model.predict(raw_columns(result.encoding, photos()), verbose=0)
    np.testing.assert_allclose(answers["h0"], expected["red"], atol=1e-6)


def test_the_code_of_a_picture_model_builds_that_model(
    trained: tuple[str, Trained],
) -> None:
    encoder, result = trained
    names: dict[str, object] = {"__name__": "written"}
    code = keras_code(seeing(encoder), result.encoding)
    exec(compile(code, "<written>", "exec"), names)
    twin = names["build_model"]()  # type: ignore[operator]
    assert {v.path: tuple(v.shape) for v in twin.weights} == {
        v.path: tuple(v.shape) for v in result.model.weights
    }
    twin.set_weights(result.model.get_weights())
    answers = Predictor(seeing(encoder), result.encoding, twin).predict(photos())
    for name, outputs in result.predict(photos()).items():
        np.testing.assert_allclose(answers[name], outputs, atol=1e-6)


def test_a_picture_model_is_described_with_all_its_numbers(
    trained: tuple[str, Trained],
) -> None:
    encoder, result = trained
    told = describe(seeing(encoder), result.encoding)
    assert told.parameters == result.parameters
    assert "12 by 10" in told.layers[1].detail


def test_the_missions_second_row_is_built_to_the_letter() -> None:
    experiment = experiment_from(
        {
            "inputs": [
                {
                    "column": "photo",
                    "kind": "image",
                    "encoder": "conv",
                    "size": [64, 64],
                }
            ],
            "trunk": {"layers": []},
            "heads": [
                {"name": "cat", "kind": "binary", "columns": ["red"]},
                {"name": "dog", "kind": "binary", "columns": ["bright"]},
            ],
        }
    )
    encoding = fit_encoding(experiment, photos(), thirds())
    layers = keras.layers
    seen = keras.Input((64, 64, 3))
    made = layers.Conv2D(32, (3, 3), activation="relu")(seen)
    made = layers.Flatten()(layers.MaxPooling2D((2, 2))(made))
    made = layers.Dense(128, activation="relu")(made)
    heads = [layers.Dense(1, activation="sigmoid")(made) for _ in range(2)]
    twin = keras.Model(seen, heads)
    assert describe(experiment, encoding).parameters == twin.count_params()
    assert [head.loss for head in experiment.heads] == ["binary_crossentropy"] * 2


def test_trees_see_the_colours_of_a_pictures_patches() -> None:
    table = photos()
    found = build_features(seeing("conv"), table, thirds().train)
    assert found.matrix.shape == (table.rows, 1 + 4 * 4 * 3)
    missing = np.isnan(found.matrix[:, 1:]).all(axis=1)
    assert np.array_equal(missing, np.arange(table.rows) % UNSEEN == 3)
    pixels, _, _ = pictures()
    expected = pixels[0, :3, :3].reshape(-1, 3).mean(axis=0)
    np.testing.assert_allclose(found.matrix[0, 1:4], expected)


def test_words_are_left_out_at_random_and_nothing_else() -> None:
    texts = (TextPlan("pool", 50, 40, 4, 4, 0.25), TextPlan("lstm", 50, 10, 4, 4))
    trunk = TrunkPlan("shared", ())
    category = CategoryPlan(3, 0)
    plan = NetworkPlan(0, (), (category,), trunk, "relu", 0.0, (), texts)
    codes = np.random.default_rng(0).integers(1, 50, (60, 51)).astype(np.int32)
    parts = {"codes": tf.constant(codes)}
    changed = augmented(plan, parts, tf.constant(3), tf.constant(5))["codes"].numpy()
    assert np.array_equal(
        changed[:, [0, *range(41, 51)]], codes[:, [0, *range(41, 51)]]
    )
    left_out = changed[:, 1:41] == 0
    assert np.array_equal(changed[:, 1:41][~left_out], codes[:, 1:41][~left_out])
    assert 0.2 < left_out.mean() < 0.3


def test_flips_mirror_some_pictures_and_shifts_move_them() -> None:
    pixels, _, _ = pictures(60)
    seed, step = tf.constant(3), tf.constant(11)

    def changed(*ways: str) -> np.ndarray:
        image = ImagePlan(*SIDES, augment=ways)  # type: ignore[arg-type]
        plan = NetworkPlan(
            0, (), (), TrunkPlan("shared", ()), "relu", 0.0, (), images=(image,)
        )
        parts = {"image_0": tf.constant(pixels)}
        return augmented(plan, parts, seed, step)["image_0"].numpy()

    assert np.array_equal(changed(), pixels)
    flipped = changed("flip")
    same = (flipped == pixels).all(axis=(1, 2, 3))
    mirrored = (flipped == pixels[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all()
    assert 15 < mirrored.sum() < 45
    shifted = changed("shift")
    moved = [
        {
            (down, right)
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
            if np.array_equal(
                np.pad(picture, [(1, 1), (1, 1), (0, 0)], "edge")[
                    1 + down : 1 + down + SIDES[0], 1 + right : 1 + right + SIDES[1]
                ],
                found,
            )
        }
        for picture, found in zip(pixels, shifted, strict=True)
    ]
    assert all(len(ways) == 1 for ways in moved)
    assert len(set.union(*moved)) == 9
    assert np.array_equal(changed("shift"), shifted)
