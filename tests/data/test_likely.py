"""The guess at what a person wants to predict."""

from __future__ import annotations

import pytest

from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.suggestions.likely import MAX_CLASSES, likely_targets
from mtcore.spec.inputs import ColumnKind


def column(name: str, kind: ColumnKind = "number", distinct: int = 20) -> ColumnProfile:
    return ColumnProfile(
        name=name, kind=kind, reason="", rows=100, missing=0, distinct=distinct,
        minimum=None, maximum=None, mean=None, deviation=None, quantiles=(),
        examples=(), top=(), histogram=(),
    )  # fmt: skip


def guess(*columns: ColumnProfile) -> tuple[str, ...]:
    return likely_targets(Profile(100, columns))


@pytest.mark.parametrize(
    ("names", "targets"),
    [
        (("X1", "X2", "Y1", "Y2"), ("Y1", "Y2")),
        (("label", "a", "b"), ("label",)),
        (("a", "Target_1", "b", "target 2"), ("Target_1", "target 2")),
        (("a", "b", "price"), ("price",)),
        (("years", "yield", "a"), ("a",)),
    ],
)
def test_targets_are_known_by_their_names_or_stand_last(
    names: tuple[str, ...], targets: tuple[str, ...]
) -> None:
    assert guess(*(column(name) for name in names)) == targets


def test_what_no_head_can_predict_is_not_guessed() -> None:
    columns = (
        column("a"),
        column("b"),
        column("c", "category", MAX_CLASSES + 1),
        column("note", "text"),
        column("when", "datetime"),
        column("same", "number", 1),
    )
    assert guess(*columns) == ("b",)


def test_a_table_full_of_targets_leaves_inputs() -> None:
    assert guess(column("y1"), column("y2"), column("y3")) == ("y3",)


def test_one_usable_column_is_not_enough_to_learn_anything() -> None:
    assert guess(column("a"), column("id", "id")) == ()


def test_one_target_beside_a_text_is_enough() -> None:
    assert guess(column("review", "text"), column("liked", "boolean", 2)) == ("liked",)
    assert guess(column("when", "datetime"), column("y1"), column("y2")) == ("y1", "y2")
    assert guess(column("photo", "image"), column("liked", "boolean", 2)) == ()
