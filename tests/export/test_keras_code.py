"""The Keras code of a model builds exactly that model, and no name becomes code."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.engine.backend import Model
from mtcore.engine.encode.encoding import Encoding, fit_encoding
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.served.served_model import build_served_model
from mtcore.export.code.keras_code import keras_code
from mtcore.spec import Experiment
from tests.engine.wired import EMBEDDED, wire
from tests.engine.workshop import HEADS, experiment, parts, workshop
from tests.export.untrained import untrained

pytestmark = pytest.mark.engine

EXPERTS = {"kind": "experts", "shared": 2, "private": 2, "layers": [6, 4]}
CHAINED = [
    {**HEADS[0], "reads": ["fault", "both"]},
    HEADS[1],
    {**HEADS[3], "reads": ["both"]},
]
HOSTILE = (
    '"""\nimport os; os.abort()\n"""',
    "'); raise SystemExit('",
    "a\\",
    "{x}\u202e\u2028é",
)


@pytest.fixture(scope="module")
def served() -> Predictor:
    return untrained(experiment(), workshop(), parts())


WIRINGS: dict[str, dict[str, Any]] = {
    "mmoe": {"trunk": {**EXPERTS, "private": 0, "dropout": 0.1}},
    "cgc": {"trunk": {**EXPERTS, "skip": True}, "inputs": EMBEDDED},
    "ple": {"trunk": {**EXPERTS, "levels": 2, "dropout": 0.1}, "heads": CHAINED},
    "separate": {"trunk": {"kind": "separate", "layers": [6, 4]}, "heads": CHAINED},
    "separate features": {
        "trunk": {"kind": "separate", "layers": [6, 4], "skip": True},
        "inputs": EMBEDDED,
    },
    "own trunk": {
        "trunk": {"layers": [6, 4], "dropout": 0.1, "skip": True},
        "heads": [HEADS[0], {**HEADS[1], "own_trunk": True}, HEADS[3]],
        "inputs": EMBEDDED,
    },
    "own trunks alone": {"heads": [{**HEADS[0], "own_trunk": True}]},
    "no trunk": {"trunk": {"kind": "separate", "layers": []}},
    "chained": {"trunk": {"layers": [5], "skip": True}, "heads": CHAINED},
}


def built_by(code: str) -> Model:
    """Run the code in a namespace of its own and return what it builds."""
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(code, "<written>", "exec"), names)
    return names["build_model"]()


def test_the_code_builds_layers_of_the_same_names_and_shapes(
    served: Predictor,
) -> None:
    twin = built_by(keras_code(experiment(), served.encoding))
    ours = {v.path: tuple(v.shape) for v in served.model.weights}
    assert {v.path: tuple(v.shape) for v in twin.weights} == ours
    assert twin.count_params() == served.model.count_params()
    assert {name: out.shape for name, out in twin.output.items()} == {
        name: out.shape for name, out in served.model.output.items()
    }


def test_with_the_weights_of_a_run_it_answers_as_that_run_does(
    served: Predictor,
) -> None:
    twin = built_by(keras_code(experiment(), served.encoding))
    twin.set_weights(served.model.get_weights())
    answers = Predictor(experiment(), served.encoding, twin).predict(workshop())
    for name, outputs in served.predict(workshop()).items():
        assert np.array_equal(answers[name], outputs)


def test_the_code_of_several_networks_builds_their_mean() -> None:
    changed = experiment("cost", "fault", training={"seeds": 2})
    averaged = untrained(changed, workshop(), parts())
    twin = built_by(keras_code(changed, averaged.encoding))
    assert twin.count_params() == averaged.model.count_params()
    twin.set_weights(averaged.model.get_weights())
    answers = Predictor(changed, averaged.encoding, twin).predict(workshop())
    for name, outputs in averaged.predict(workshop()).items():
        assert np.array_equal(answers[name], outputs)


@pytest.mark.parametrize("name", WIRINGS)
def test_every_wiring_is_written_as_it_is_served(name: str) -> None:
    changed = experiment(**WIRINGS[name])
    wired = wire(changed)
    code = keras_code(changed, wired.encoding)
    weights = {n: value.astype(np.float32) for n, value in wired.weights().items()}
    model = build_served_model(changed, wired.encoding, [weights])
    twin = built_by(code)
    assert {v.path: tuple(v.shape) for v in twin.weights} == {
        v.path: tuple(v.shape) for v in model.weights
    }
    twin.set_weights(model.get_weights())
    table = workshop(40)
    answers = Predictor(changed, wired.encoding, twin).predict(table)
    served = Predictor(changed, wired.encoding, model).predict(table)
    for head, outputs in served.items():
        assert np.array_equal(answers[head], outputs)


@pytest.mark.parametrize(
    "changed",
    [
        experiment("cost", trunk={"layers": []}),
        experiment(
            "fault", trunk={"layers": [5], "dropout": 0.1, "activation": "gelu"}
        ),
        experiment("marks", inputs=[{"column": "<b>site</b>", "kind": "category"}]),
        experiment("cost", inputs=[{"column": "load (%)", "kind": "category"}]),
        experiment("both", inputs=[{"column": "always 7", "kind": "number"}]),
    ],
)
def test_every_shape_of_network_can_be_written(changed: Experiment) -> None:
    encoding = fit_encoding(changed, workshop(), parts())
    twin = built_by(keras_code(changed, encoding))
    assert list(twin.output) == list(changed.head_ids().values())


def test_names_from_files_stay_text() -> None:
    words = list(HOSTILE) * 6
    table = Table(pa.table({HOSTILE[0]: words, HOSTILE[1]: np.arange(24.0)}))
    changed = experiment(
        inputs=[{"column": HOSTILE[0], "kind": "category"}],
        heads=[{"name": HOSTILE[2], "kind": "regression", "columns": [HOSTILE[1]]}],
        name=HOSTILE[3],
    )
    rows = np.arange(24)
    encoding = fit_encoding(changed, table, RowSplit(rows[:16], rows[16:20], rows[20:]))
    code = keras_code(changed, encoding)
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(code, "<written>", "exec"), names)
    assert names["COLUMNS"] == {"c0": HOSTILE[0]}
    assert names["HEADS"] == {"h0": HOSTILE[2]}
    assert sorted(names["VOCABULARIES"]["c0"]) == sorted(HOSTILE)
    assert shape_of(code) == shape_of(keras_code(*harmless(changed, encoding)))


def harmless(changed: Experiment, encoding: Encoding) -> tuple[Experiment, Encoding]:
    """Return the same experiment and encoding with every text replaced by 'x'."""
    given = encoding.inputs[0].model_copy(
        update={"column": "x", "vocabulary": ("x",) * 4}
    )
    [head] = changed.heads
    plain = changed.model_copy(
        update={"heads": (head.model_copy(update={"name": "x"}),), "name": "x"}
    )
    return plain, Encoding(inputs=(given,), heads={"x": encoding.heads[head.name]})


def shape_of(code: str) -> list[str]:
    """Return the kind of every node of a program, its texts left out."""
    return [type(node).__name__ for node in ast.walk(ast.parse(code))]
