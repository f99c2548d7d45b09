"""What training learns from columns before the network sees them."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.data.splits.splits import RowSplit, split_rows
from mtcore.engine.encode.encoding import Encoding, fit_encoding
from mtcore.engine.encode.input_encoding import CategoryEncoding, DatetimeEncoding
from mtcore.engine.plans.planning import plan_network
from mtcore.errors import ColumnError, ExperimentError
from mtcore.spec import apply_settings
from tests.engine.workshop import experiment, parts, workshop


def test_an_encoding_survives_json() -> None:
    encoding = fit_encoding(experiment(), workshop(), parts())
    assert Encoding.model_validate_json(encoding.model_dump_json()) == encoding


def test_the_vocabulary_holds_training_values_only_but_has_room_for_all() -> None:
    table = workshop()
    sites = table.categories("<b>site</b>")
    split = RowSplit(
        np.flatnonzero(sites != "west"), np.flatnonzero(sites == "west"), np.array([0])
    )
    given = fit_encoding(experiment(), table, split).inputs[3]
    assert isinstance(given, CategoryEncoding)
    assert sorted(given.vocabulary) == ["north", "ost [1]", "süd"]
    assert given.values == 4


def test_another_seed_and_split_ask_for_the_same_network() -> None:
    table = workshop()
    plans = set()
    for seed in range(4):
        changed = experiment(seed=seed, split={"kind": "random"})
        encoding = fit_encoding(changed, table, split_rows(changed, table))
        plans.add(plan_network(changed, encoding))
    assert len(plans) == 1


def test_head_weights_and_learning_rate_are_no_part_of_the_network() -> None:
    table, split = workshop(), parts()
    first = experiment()
    second = apply_settings(first, ["heads.cost.weight=3", "training.epochs=9"])
    assert plan_network(first, fit_encoding(first, table, split)) == plan_network(
        second, fit_encoding(second, table, split)
    )


def test_days_have_a_week_and_a_year_but_no_time_of_day() -> None:
    given = fit_encoding(experiment(), workshop(), parts()).inputs[5]
    assert isinstance(given, DatetimeEncoding)
    assert given.cycles == ("week", "year")


def test_an_experiment_without_listed_inputs_is_refused() -> None:
    with pytest.raises(ExperimentError, match="lists no inputs"):
        fit_encoding(experiment(inputs=None), workshop(), parts())


def test_a_missing_input_column_is_named() -> None:
    wrong = experiment(inputs=[{"column": "lod (%)", "kind": "number"}])
    with pytest.raises(ColumnError, match=r"no column 'lod \(%\)'"):
        fit_encoding(wrong, workshop(), parts())
