"""What labels and rows weigh."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.data.tables.targets import head_targets
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.rows.labels import read_labels, read_row_weights, weights_of_classes
from mtcore.errors import ColumnError, ExperimentError
from mtcore.spec import MulticlassHead
from tests.engine.workshop import HEADS, experiment, parts, workshop

pytestmark = pytest.mark.engine


def test_balanced_classes_weigh_the_same_in_total() -> None:
    heads = [{**HEADS[3], "class_weight": "balanced"}]
    changed = experiment(heads=heads)
    table = workshop()
    encoding = fit_encoding(changed, table, parts())
    labels = read_labels(changed, encoding, table, np.ones(table.rows))
    train = parts().train
    classes, weights = labels.targets[train, 0], labels.weights[train, 0]
    totals = [weights[classes == k].sum() for k in range(3)]
    np.testing.assert_allclose(totals, np.mean(totals), rtol=1e-4)
    assert weights.mean() == pytest.approx(1.0, abs=1e-4)


def test_a_class_weight_that_names_no_class_is_refused() -> None:
    head = MulticlassHead(name="fault", columns=("fault",), class_weight={"rust": 2.0})
    facts = fit_encoding(experiment(), workshop(), parts()).heads["fault"]
    with pytest.raises(ExperimentError, match="weighs the class 'rust', but"):
        weights_of_classes(head, facts)


def test_a_missing_label_weighs_nothing_and_is_no_nan() -> None:
    changed = experiment()
    table = workshop()
    encoding = fit_encoding(changed, table, parts())
    labels = read_labels(changed, encoding, table, np.ones(table.rows))
    targets = head_targets(changed, encoding.heads, table)
    missing = np.isnan(np.concatenate(list(targets.values()), axis=1))
    assert np.isfinite(labels.targets).all()
    assert np.array_equal(labels.weights == 0.0, missing)


def test_row_weights_have_a_mean_of_one_and_missing_ones_count_as_that() -> None:
    table, split = workshop(), parts()
    weights = read_row_weights(experiment(row_weight="importance"), table, split.train)
    missing = np.isnan(table.numbers("importance"))
    known = weights[split.train][~missing[split.train]]
    assert missing.any()
    assert known.mean() == pytest.approx(1.0)
    assert (weights[missing] == 1.0).all()


def test_negative_row_weights_are_refused() -> None:
    changed = experiment(row_weight="heat", heads=[HEADS[0]])
    with pytest.raises(ColumnError, match="column 'heat' holds negative"):
        read_row_weights(changed, workshop(), parts().train)
