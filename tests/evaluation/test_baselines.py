"""What networks are compared with: constants, and boosted trees on the same rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import RowSplit, split_rows
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import read_targets
from mtcore.errors import ExperimentError
from mtcore.evaluation.baselines import (
    boosted_baselines,
    boosted_outputs,
    constant_outputs,
)
from mtcore.evaluation.metrics import Scores, score
from mtcore.spec import (
    BinaryHead,
    BooleanInput,
    CategoryInput,
    CountHead,
    DatetimeInput,
    Experiment,
    Head,
    MulticlassHead,
    MultilabelHead,
    NumberInput,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)
from mtcore.trees.features import build_features
from tests.tables import building_loads

ROWS = 900


def orders() -> Table:
    """Return a table where every target is a simple law of the inputs."""
    random = np.random.default_rng(0)
    age = random.uniform(0.0, 10.0, ROWS)
    town = random.choice(["Ulm", "Bonn", "Kiel"], ROWS)
    dry = random.random(ROWS) < 0.5
    month = random.integers(1, 13, ROWS)
    cost = np.where(town == "Bonn", 50.0, 10.0) + 5.0 * age
    fault = np.where(age < 3.0, "low", np.where(town == "Ulm", "leak", "belt"))
    unlabelled = random.random(ROWS) < 0.2
    return Table(
        pa.table(
            {
                "age": pa.array(np.where(random.random(ROWS) < 0.1, np.nan, age)),
                "town": pa.array(town),
                "dry": pa.array(np.where(dry, "yes", "no")),
                "day": pa.array([f"2024-{m:02d}-01" for m in month]),
                "cost": pa.array(cost, mask=unlabelled),
                "wet": pa.array(np.where(dry, "0", "1"), mask=unlabelled),
                "fault": pa.array(fault, mask=unlabelled),
                "summer": pa.array(np.where((month > 5) & (month < 9), "1", "0")),
                "calls": pa.array(
                    random.poisson(np.where(dry, 2.0, 9.0)), mask=unlabelled
                ),
                "same": pa.array(np.full(ROWS, 4.0)),
            }
        )
    )


INPUTS = (
    NumberInput(column="age"),
    CategoryInput(column="town"),
    BooleanInput(column="dry"),
    DatetimeInput(column="day"),
)
HEADS = (
    RegressionHead(name="cost", columns=("cost",)),
    BinaryHead(name="wet", columns=("wet",)),
    MulticlassHead(name="fault", columns=("fault",)),
    MultilabelHead(name="both", columns=("wet", "summer")),
    CountHead(name="calls", columns=("calls",)),
    QuantileHead(name="range", columns=("cost",), levels=(0.2, 0.8)),
    OrdinalHead(name="grade", columns=("fault",), order=("low", "belt", "leak")),
)
EXPERIMENT = Experiment(inputs=INPUTS, heads=HEADS)


def learned(head: Head, table: Table, split: RowSplit) -> TargetEncoding:
    return head.fit_targets(read_targets(head, table), split.train)


def scores_on_test_rows(
    head: Head, table: Table, split: RowSplit, outputs: FloatArray
) -> Scores:
    encoding = learned(head, table, split)
    targets = head.encode_targets(read_targets(head, table), encoding)
    return score(head, encoding, targets[split.test], outputs[split.test])


@pytest.fixture(scope="module", name="found")
def _found() -> dict[str, Scores]:
    table = orders()
    split = split_rows(EXPERIMENT, table)
    encodings = {head.name: learned(head, table, split) for head in HEADS}
    outputs = boosted_baselines(EXPERIMENT, table, split, encodings)
    for head in HEADS:
        width = head.width(encodings[head.name])
        assert outputs[head.name].shape == (ROWS, width)
        assert np.isfinite(outputs[head.name]).all()
    return {
        head.name: scores_on_test_rows(head, table, split, outputs[head.name])
        for head in HEADS
    }


@pytest.mark.parametrize(
    ("head", "metric", "least"),
    [("cost", "r2", 0.9), ("wet", "auc", 0.99), ("fault", "accuracy", 0.9),
     ("both", "micro_f1", 0.95), ("calls", "d2", 0.5),
     ("range", "coverage", 0.4), ("grade", "qwk", 0.8)],
)  # fmt: skip
def test_trees_find_a_law_in_numbers_classes_and_moments(
    found: dict[str, Scores], head: str, metric: str, least: float
) -> None:
    value = found[head][metric]
    assert value is not None
    assert value >= least


def test_trees_of_several_levels_never_cross() -> None:
    table = orders()
    split = split_rows(EXPERIMENT, table)
    levels = (0.1, 0.3, 0.5, 0.7, 0.9)
    head = QuantileHead(name="range", columns=("calls",), levels=levels)
    encoding = learned(head, table, split)
    experiment = Experiment(inputs=INPUTS, heads=(head,))
    outputs = boosted_outputs(experiment, table, split, head, encoding)
    assert (np.diff(outputs, axis=1) >= 0.0).all()
    assert np.unique(outputs, axis=0).shape[0] > 10


def test_trees_explain_the_building_loads() -> None:
    frame = building_loads()
    table = Table(pa.Table.from_pandas(frame))
    inputs = tuple(NumberInput(column=f"X{place}") for place in range(1, 9))
    head = RegressionHead(name="loads", columns=("heating", "cooling"))
    experiment = Experiment(inputs=inputs, heads=(head,))
    split = split_rows(experiment, table)
    encoding = learned(head, table, split)
    outputs = boosted_outputs(experiment, table, split, head, encoding)
    value = scores_on_test_rows(head, table, split, outputs)["r2"]
    assert value is not None
    assert value > 0.98


def test_test_rows_are_never_learned_from() -> None:
    table = orders()
    split = split_rows(EXPERIMENT, table)
    head = HEADS[0]
    encoding = learned(head, table, split)
    outputs = boosted_outputs(EXPERIMENT, table, split, head, encoding)
    cost = table.numbers("cost")
    cost[split.test] = 1e6
    changed = Table(
        pa.table(
            {
                "cost": cost,
                **{given.column: table.categories(given.column) for given in INPUTS},
            }
        )
    )
    again = boosted_outputs(EXPERIMENT, changed, split, head, encoding)
    np.testing.assert_allclose(again, outputs)


def test_a_constant_prediction_is_the_same_in_every_row() -> None:
    table = orders()
    split = split_rows(EXPERIMENT, table)
    for head in HEADS:
        encoding = learned(head, table, split)
        outputs = constant_outputs(head, encoding, 5)
        assert outputs.shape == (5, head.width(encoding))
        assert (outputs == head.constant_outputs(encoding)).all()


def test_a_target_with_one_training_value_gets_the_constant() -> None:
    table = orders()
    split = split_rows(EXPERIMENT, table)
    head = RegressionHead(name="same", columns=("same",))
    encoding = TargetEncoding(mean=(4.0,), scale=(1.0,), constant=(4.0,), labelled=9)
    experiment = Experiment(inputs=INPUTS, heads=(head,))
    outputs = boosted_outputs(experiment, table, split, head, encoding)
    assert (outputs == 4.0).all()


def test_rows_of_no_weight_are_not_learned_from() -> None:
    table = orders()
    weighted = Table(
        pa.table(
            {
                "age": table.numbers("age"),
                "town": table.categories("town"),
                "cost": table.numbers("cost"),
                "weight": np.where(table.categories("town") == "Bonn", 0.0, 1.0),
            }
        )
    )
    head = HEADS[0]
    experiment = Experiment(inputs=INPUTS[:2], heads=(head,), row_weight="weight")
    split = split_rows(experiment, weighted)
    encoding = learned(head, weighted, split)
    outputs = boosted_outputs(experiment, weighted, split, head, encoding)
    bonn = weighted.categories("town") == "Bonn"
    known = ~np.isnan(weighted.numbers("age"))
    expected = 10.0 + 5.0 * weighted.numbers("age")
    off = np.abs(outputs[:, 0] - expected)
    assert np.nanmedian(off[bonn & known]) < 3.0


def test_rare_and_unknown_categories_share_a_code() -> None:
    names = [f"town {place}" for place in range(400)] + ["new"]
    table = Table.from_records([{"town": name} for name in names])
    experiment = Experiment(inputs=(CategoryInput(column="town"),), heads=HEADS[:1])
    features = build_features(experiment, table, np.arange(400))
    codes = features.matrix[:, 0]
    assert codes.max() == 254.0
    assert codes[-1] == 254.0
    assert features.categorical.tolist() == [True]


def test_a_moment_becomes_itself_month_weekday_and_hour() -> None:
    records = [{"day": "2024-03-05T18:30:00"}, {"day": None}]
    table = Table.from_records(records)
    experiment = Experiment(inputs=(DatetimeInput(column="day"),), heads=HEADS[:1])
    features = build_features(experiment, table, np.array([0]))
    assert features.matrix[0, 1:].tolist() == [3.0, 1.0, 18.5]
    assert np.isnan(features.matrix[1]).all()


def test_inputs_must_be_listed() -> None:
    with pytest.raises(ExperimentError, match="doesn't list its inputs"):
        build_features(Experiment(heads=HEADS), orders(), np.arange(3))
