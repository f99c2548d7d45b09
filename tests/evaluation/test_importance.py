"""What heads rest on, where it is known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import log_loss, mean_poisson_deviance

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.evaluation.importance import (
    ImportanceSheet,
    Judging,
    Shuffled,
    alike_inputs,
    shuffled_importance,
)
from mtcore.evaluation.row_losses import row_losses
from mtcore.spec import Experiment, TargetEncoding, experiment_from
from tests.evaluation.heads import every_kind

CASES = every_kind()
ROWS = 3_000


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_has_a_loss_a_row_and_none_without_a_label(kind: str) -> None:
    case = CASES[kind]
    losses = row_losses(case.head, case.encoding, case.targets, case.outputs)
    assert (np.isfinite(losses) == case.known).all()
    assert np.nanmean(losses) > 0.0


def test_losses_of_classes_and_counts_are_those_of_scikit_learn() -> None:
    classes, counts = CASES["multiclass"], CASES["count"]
    found = row_losses(classes.head, classes.encoding, classes.targets, classes.outputs)
    known = classes.known
    expected = log_loss(
        classes.targets[known, 0], classes.outputs[known], labels=range(5)
    )
    assert np.nanmean(found) == pytest.approx(expected)
    found = row_losses(counts.head, counts.encoding, counts.targets, counts.outputs)
    known = counts.known
    expected = mean_poisson_deviance(counts.targets[known], counts.outputs[known])
    assert np.nanmean(found) == pytest.approx(expected)


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    names = ("a", "b", "twin", "noise", "site")
    kinds = ("number",) * 4 + ("category",)
    return experiment_from(
        {
            "inputs": [
                {"column": name, "kind": kind}
                for name, kind in zip(names, kinds, strict=True)
            ],
            "heads": [
                {"name": "first", "kind": "regression", "columns": ["y"]},
                {"name": "second", "kind": "regression", "columns": ["z"]},
            ],
        }
    )


@pytest.fixture(scope="module")
def table() -> Table:
    random = np.random.default_rng(2)
    a, b, noise = random.normal(size=(3, ROWS))
    site = random.choice(["north", "south"], ROWS)
    twin = a + random.normal(0.0, 0.05, ROWS)
    columns = {"a": a, "b": b, "twin": twin, "noise": noise, "site": site}
    columns |= {"y": 2.0 * a, "z": a + b + (site == "north")}
    records = [
        dict(zip(columns, row, strict=True))
        for row in zip(*(c.tolist() for c in columns.values()), strict=True)
    ]
    return Table.from_records(records)


def exact(rows: Table) -> dict[str, FloatArray]:
    """Answer as the targets were made, with half of `a` taken from its twin."""
    a = (rows.numbers("a") + rows.numbers("twin")) / 2.0
    north = (rows.categories("site") == "north").astype(np.float64)
    second = a + rows.numbers("b") + north
    return {"first": 2.0 * a[:, None], "second": second[:, None]}


@pytest.fixture(scope="module")
def judging(experiment: Experiment, table: Table) -> Judging:
    encodings = {
        "first": TargetEncoding(mean=(0.0,), scale=(2.0,), constant=(0.0,), labelled=9),
        "second": TargetEncoding(
            mean=(0.5,), scale=(1.5,), constant=(0.5,), labelled=9
        ),
    }
    return Judging(experiment, encodings, exact, table)


def test_inputs_that_say_the_same_go_together(
    experiment: Experiment, table: Table
) -> None:
    assert abs(spearmanr(table.numbers("a"), table.numbers("twin"))[0]) > 0.8
    groups = alike_inputs(experiment, table)
    assert groups == (("a", "twin"), ("b",), ("noise",), ("site",))
    assert all(len(group) == 1 for group in alike_inputs(experiment, table, 0.9999))


def test_a_shuffled_input_costs_each_head_what_it_brought(
    judging: Judging, experiment: Experiment, table: Table
) -> None:
    sheet = shuffled_importance(judging, alike_inputs(experiment, table), seed=0)
    assert sheet.rows == ROWS
    assert sheet.groups[0].columns == ("a", "twin")
    by_columns = {line.columns: line for line in (*sheet.groups, *sheet.members)}
    # A shuffled input of variance v adds 2v to the error, and y has the variance 4v.
    whole, half = by_columns["a", "twin"], by_columns["a",]
    assert whole.shares["first"] == pytest.approx(2.0, abs=0.1)
    assert half.shares["first"] == pytest.approx(0.5, abs=0.05)
    assert by_columns["b",].shares["first"] == pytest.approx(0.0, abs=1e-9)
    # z has the variance 1 + 1 + 1/4.
    assert by_columns["b",].shares["second"] == pytest.approx(2 / 2.25, abs=0.06)
    assert by_columns["site",].shares["second"] == pytest.approx(0.5 / 2.25, abs=0.03)
    assert by_columns["noise",].shares == {"first": 0.0, "second": 0.0}


def test_the_strongest_input_of_each_group_leads() -> None:
    def line(share: float, *columns: str) -> Shuffled:
        return Shuffled(columns=columns, shares={"y": share}, errors={"y": 0.0})

    sheet = ImportanceSheet(
        groups=(line(0.9, "a", "b", "c"), line(0.5, "d"), line(0.2, "e", "f")),
        members=(
            *(line(0.1, "a"), line(0.3, "b"), line(0.2, "c")),
            *(line(0.1, "e"), line(0.2, "f")),
        ),
    )
    assert sheet.leading_columns() == ["b", "d", "f", "c", "e", "a"]
    assert ImportanceSheet().leading_columns() == []


def test_the_same_seed_gives_the_same_sheet(judging: Judging) -> None:
    sheets = [shuffled_importance(judging, [["b"]], seed) for seed in (1, 1, 2)]
    assert sheets[0].groups == sheets[1].groups
    assert sheets[0].groups != sheets[2].groups


def test_a_head_without_labels_has_no_share(judging: Judging, table: Table) -> None:
    bare = table.with_cells("y", [None] * ROWS)
    alone = Judging(judging.experiment, judging.encodings, exact, bare)
    [line] = shuffled_importance(alone, [["b"]], seed=0).groups
    assert line.shares["first"] is None
    assert line.errors["first"] is None
    assert line.mean_share() == line.shares["second"]


def test_of_many_inputs_each_is_judged_on_fewer_rows(judging: Judging) -> None:
    sheet = shuffled_importance(judging, [["b"]] * 120, seed=0)
    assert (sheet.rows, sheet.repeats) == (2_500, 2)
    assert sheet.groups[0].shares["second"] == pytest.approx(2 / 2.25, abs=0.08)
