"""Trunks and edges between heads: what is accepted, refused and kept."""

from __future__ import annotations

from typing import Any

import pytest

from mtcore.errors import ExperimentError
from mtcore.spec import (
    TRUNK_KINDS,
    ExpertTrunk,
    SharedTrunk,
    apply_settings,
    dump_json,
    dump_yaml,
    experiment_from,
    experiment_schema,
    parse_experiment,
)
from mtcore.spec.reads import reading_order


def heads(**reads: list[str]) -> list[dict[str, Any]]:
    """Return regressions of these names, each with what it reads."""
    return [
        {"name": name, "kind": "regression", "columns": [f"y {name}"], "reads": read}
        for name, read in reads.items()
    ]


@pytest.mark.parametrize("kind", TRUNK_KINDS)
def test_every_kind_of_trunk_survives_yaml_and_json(kind: str) -> None:
    made = experiment_from(
        {"heads": heads(a=[]), "trunk": {"kind": kind, "skip": True}}
    )
    assert made.trunk.kind == kind
    assert parse_experiment(dump_yaml(made)) == made
    assert parse_experiment(dump_json(made)) == made


def test_a_trunk_without_a_kind_is_shared() -> None:
    made = experiment_from({"heads": heads(a=[]), "trunk": {"layers": [8]}})
    assert made.trunk == SharedTrunk(layers=(8,))


@pytest.mark.parametrize("kind", ["experts", "separate"])
def test_only_beside_a_shared_trunk_a_head_has_its_own(kind: str) -> None:
    own = [{**head, "own_trunk": True} for head in heads(a=[], b=[])]
    made = experiment_from({"heads": own})
    assert made.head("b").own_trunk
    assert parse_experiment(dump_yaml(made)) == made
    with pytest.raises(ExperimentError, match=f"'a' has a trunk .* kind is {kind}"):
        experiment_from({"heads": own, "trunk": {"kind": kind}})


def test_a_trunk_can_be_made_another_kind_and_back() -> None:
    made = experiment_from({"heads": heads(a=[]), "trunk": {"layers": [8]}})
    mixed = apply_settings(made, ["trunk.kind=experts", "trunk.levels=2"])
    assert mixed.trunk == ExpertTrunk(layers=(8,), levels=2)
    assert apply_settings(mixed, ["trunk.kind=shared"]) == made


def test_reads_are_set_by_the_heads_name() -> None:
    made = experiment_from({"heads": heads(a=[], b=[])})
    changed = apply_settings(made, ["heads.b.reads=[a]"])
    assert changed.head("b").reads == ("a",)


def test_the_schema_knows_every_kind_of_trunk() -> None:
    choices = experiment_schema()["properties"]["trunk"]["discriminator"]["mapping"]
    assert set(choices) == set(TRUNK_KINDS)


@pytest.mark.parametrize(
    ("trunk", "sentence"),
    [
        ({"kind": "tree"}, r"Trunk: kind is 'tree', but must be one of 'shared', 'exp"),
        (
            {"kind": "experts", "shared": 0},
            r"Trunk: shared is 0, but must be 1 or more",
        ),
        ({"kind": "experts", "levels": 3}, r"Trunk: levels is 3, but must be one of 1"),
        (
            {"kind": "experts", "layers": []},
            r"Trunk: layers is \[\].*1 or more entries",
        ),
        ({"kind": "experts", "privat": 1}, r"no field 'privat'.*mean 'private'"),
        ({"private": 1}, r"Trunk: there is no field 'private'\. The fields are layers"),
    ],
)
def test_what_is_wrong_with_a_trunk_is_said(
    trunk: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        experiment_from({"heads": heads(a=[]), "trunk": trunk})


@pytest.mark.parametrize(
    ("reads", "sentence"),
    [
        ({"a": ["a"]}, r"Head 'a' reads itself\. Take it out"),
        ({"a": ["c"], "b": []}, r"Head 'a' reads 'c', which is no head.* are b\."),
        ({"a": ["b", "b"], "b": []}, r"Head 'a' reads a head twice"),
        (
            {"a": ["b"], "b": ["c"], "c": ["a"]},
            r"in a circle: '(\w)' reads '\w' reads '\w' reads '\1'\. Take one",
        ),
    ],
)
def test_heads_that_cannot_be_computed_are_refused(
    reads: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        experiment_from({"heads": heads(**reads)})


def test_heads_without_edges_keep_their_order() -> None:
    names = [f"h{place}" for place in range(12)]
    assert reading_order(dict.fromkeys(names, ())) == tuple(names)


def test_a_head_comes_after_all_it_reads() -> None:
    order = reading_order({"a": ("b", "d"), "b": ("c",), "c": (), "d": ("c",)})
    assert order[0] == "c"
    assert order[-1] == "a"
