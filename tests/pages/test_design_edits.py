"""Changes to an experiment that is being written."""

from __future__ import annotations

import copy

import pytest

from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.spec import Experiment, experiment_from, plain_data
from mtcore.spec.inputs import ColumnKind
from pages.parts.design.edits import (
    with_row_weight,
    with_split_kind,
    with_targets,
    with_trunk_kind,
)
from pages.parts.design.head_edits import (
    free_name,
    readable_heads,
    with_head_columns,
    with_head_copied,
    with_head_kind,
    with_head_name,
    without_head,
)
from pages.parts.design.inputs import InputRow, input_rows, with_edits
from pages.parts.design.places import Plain, layers_from, replaced, text_of_layers


def column(name: str, kind: ColumnKind = "number") -> ColumnProfile:
    return ColumnProfile(
        name=name, kind=kind, reason="", rows=100, missing=0, distinct=50, minimum=0.0,
        maximum=1.0, mean=0.5, deviation=0.1, quantiles=(), examples=(), top=(),
        histogram=(),
    )  # fmt: skip


NAMES = ("a", "b", "c", "y", "z")
PROFILE = Profile(100, (*map(column, NAMES), column("t", "id")))


@pytest.fixture
def plain() -> Plain:
    """Two regressions from three numbers; the best epoch is chosen by one of them."""
    return plain_data(
        experiment_from(
            {
                "inputs": [{"column": name, "kind": "number"} for name in "abc"],
                "heads": [
                    {"name": "y", "kind": "regression", "columns": ["y"], "weight": 2},
                    {"name": "z", "kind": "regression", "columns": ["z"]},
                ],
                "training": {"monitor": "z"},
            }
        )
    )


def names(plain: Plain) -> list[str]:
    return [given["column"] for given in plain["inputs"]]


def test_a_new_target_leaves_the_inputs_and_gets_a_head(plain: Plain) -> None:
    head = {**plain["heads"][0], "name": "b", "columns": ["b"]}
    edited = with_targets(plain, ["y", "z", "b"], [head], PROFILE)
    assert [head["name"] for head in edited["heads"]] == ["y", "z", "b"]
    assert names(edited) == ["a", "c"]
    assert isinstance(experiment_from(edited), Experiment)


def test_a_target_that_goes_is_an_input_again_in_its_place(plain: Plain) -> None:
    edited = with_targets(plain, ["z"], [], PROFILE)
    assert names(edited) == ["a", "b", "c", "y"]
    assert edited["heads"][0]["name"] == "z"


def test_heads_that_stay_keep_what_was_edited(plain: Plain) -> None:
    edited = with_targets(plain, ["y"], [], PROFILE)
    assert edited["heads"] == [plain["heads"][0]]


def test_a_monitor_goes_with_its_head_and_follows_its_name(plain: Plain) -> None:
    assert with_head_name(plain, 1, "new")["training"]["monitor"] == "new"
    assert with_head_name(plain, 0, "new")["training"]["monitor"] == "z"
    assert without_head(plain, 1, PROFILE)["training"]["monitor"] is None


def test_without_any_target_the_draft_is_kept_and_is_no_experiment(
    plain: Plain,
) -> None:
    edited = with_targets(plain, [], [], PROFILE)
    assert edited["heads"] == []
    assert edited["training"] == {**plain["training"], "monitor": None}


def test_a_head_of_another_kind_keeps_name_weight_and_columns(plain: Plain) -> None:
    edited = with_head_kind(plain, 0, "binary")
    head = experiment_from(edited).heads[0]
    assert (head.kind, head.name, head.weight) == ("binary", "y", 2.0)
    assert head.loss == "binary_crossentropy"


def test_a_kind_for_one_column_takes_the_first_of_several(plain: Plain) -> None:
    several = with_head_columns(plain, 0, ["b", "y"])
    assert names(several) == ["a", "c"]
    assert with_head_kind(several, 0, "multiclass")["heads"][0]["columns"] == ["b"]


def test_other_columns_take_the_named_classes_out_of_a_head(plain: Plain) -> None:
    binary = with_head_kind(plain, 0, "binary")
    binary["heads"][0] |= {"positive": "yes", "class_weight": {"yes": 2.0}}
    head = with_head_columns(binary, 0, ["b"])["heads"][0]
    assert (head["positive"], head["class_weight"]) == (None, None)


def test_a_head_of_ranks_or_levels_brings_its_fields(plain: Plain) -> None:
    ranks = with_head_kind(plain, 0, "ordinal")["heads"][0]
    assert (ranks["loss"], ranks["order"]) == ("corn", None)
    levels = with_head_kind(plain, 0, "quantile")
    assert levels["heads"][0]["levels"] == [0.1, 0.5, 0.9]
    assert isinstance(experiment_from(levels), Experiment)
    ordered = with_head_kind(plain, 0, "ordinal")
    ordered["heads"][0]["order"] = ["low", "high"]
    assert with_head_columns(ordered, 0, ["b"])["heads"][0]["order"] is None


def test_a_copied_head_has_a_name_of_its_own(plain: Plain) -> None:
    edited = with_head_copied(plain, 0)
    assert [head["name"] for head in edited["heads"]] == ["y", "y 2", "z"]
    assert free_name("y", {"y", "y 2"}) == "y 3"


def test_another_split_keeps_its_shares_and_asks_for_a_column(plain: Plain) -> None:
    plain["split"]["test"] = 0.3
    split = with_split_kind(plain, "time", "t")["split"]
    assert split == {"kind": "time", "column": "t", "validation": 0.15, "test": 0.3}
    assert "column" not in with_split_kind(plain, "stratified", None)["split"]


def test_a_column_of_row_weights_is_no_input(plain: Plain) -> None:
    edited = with_row_weight(plain, "b")
    assert (edited["row_weight"], names(edited)) == ("b", ["a", "c"])
    assert with_row_weight(edited, "")["row_weight"] is None


@pytest.mark.parametrize(
    ("typed", "layers"),
    [("64,32", [64, 32]), ("64 32", [64, 32]), ("", []), ("64; x", "64; x")],
)
def test_typed_layers_are_numbers_or_stay_as_typed(
    typed: str, layers: list[int] | str
) -> None:
    assert layers_from(typed) == layers
    assert layers_from(text_of_layers(layers)) == layers


def test_no_edit_changes_what_it_was_given(plain: Plain) -> None:
    before = copy.deepcopy(plain)
    with_targets(plain, ["y"], [], PROFILE)
    with_head_kind(plain, 0, "binary")
    with_head_columns(plain, 0, ["a"])
    without_head(plain, 0, PROFILE)
    with_head_copied(plain, 1)
    with_split_kind(plain, "group", "a")
    assert plain == before


def test_every_column_but_targets_can_be_an_input(plain: Plain) -> None:
    rows = input_rows(plain, PROFILE)
    assert list(rows) == ["a", "b", "c", "t"]
    assert rows["t"] == InputRow(used=False, kind="number")


def test_cells_changed_in_the_table_change_their_rows_only(plain: Plain) -> None:
    rows = input_rows(plain, PROFILE)
    edits = {0: {"used": False}, 1: {"kind": "category"}, 9: {"used": True}}
    edited = with_edits(rows, edits)
    assert edited["a"] == InputRow(used=False, kind="number")
    assert edited["b"] == InputRow(used=True, kind="category")
    assert edited["c"] == rows["c"]
    assert with_edits(rows, {1: {"kind": "nonsense"}})["b"] == rows["b"]


def reading(plain: Plain, **reads: list[str]) -> Plain:
    """Return the experiment with heads that read others."""
    heads = [{**head, "reads": reads.get(head["name"], [])} for head in plain["heads"]]
    return {**plain, "heads": heads}


def test_a_head_that_is_renamed_is_still_read(plain: Plain) -> None:
    changed = with_head_name(reading(plain, z=["y"]), 0, "load")
    assert [head["reads"] for head in changed["heads"]] == [[], ["load"]]
    assert experiment_from(changed).head("z").reads == ("load",)


def test_a_head_that_is_removed_is_read_no_more(plain: Plain) -> None:
    chained = reading(plain, z=["y"])
    for changed in (
        without_head(chained, 0, PROFILE),
        with_targets(chained, ["z"], [], PROFILE),
    ):
        assert [head["reads"] for head in changed["heads"]] == [[]]


def test_a_task_that_changes_leaves_what_a_head_reads(plain: Plain) -> None:
    changed = with_head_kind(reading(plain, z=["y"]), 1, "binary")
    assert changed["heads"][1]["reads"] == ["y"]


def test_a_head_can_read_those_that_do_not_wait_for_it(plain: Plain) -> None:
    copied = reading(with_head_copied(plain, 1), z=["y"])
    assert readable_heads(copied, 0) == ["z 2"]
    assert readable_heads(copied, 1) == ["y", "z 2"]
    chained = reading(copied, **{"z": ["y"], "z 2": ["z"]})
    assert readable_heads(chained, 0) == []


def test_a_trunk_of_another_kind_keeps_what_both_have(plain: Plain) -> None:
    plain["trunk"]["layers"] = [9, 7]
    mixed = with_trunk_kind(plain, "experts")
    assert experiment_from(mixed).trunk.model_dump() == {
        "kind": "experts", "layers": (9, 7), "activation": "relu", "dropout": 0.0,
        "skip": False, "shared": 4, "private": 1, "levels": 1,
    }  # fmt: skip
    assert with_trunk_kind(mixed, "shared") == plain


def test_trunks_of_heads_own_go_with_the_shared_one(plain: Plain) -> None:
    own = replaced(plain, ("heads", 1, "own_trunk"), True)
    assert experiment_from(own).heads[1].own_trunk
    mixed = with_trunk_kind(own, "experts")
    assert not any(head.own_trunk for head in experiment_from(mixed).heads)
    assert with_head_kind(own, 1, "quantile")["heads"][1]["own_trunk"]


def test_experts_always_have_a_layer(plain: Plain) -> None:
    plain["trunk"]["layers"] = []
    assert with_trunk_kind(plain, "experts")["trunk"]["layers"]
    assert with_trunk_kind(plain, "separate")["trunk"]["layers"] == []
