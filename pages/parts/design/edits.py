"""Changes to an experiment that is being written, as pure functions on plain data.

A draft may be no whole experiment for a while (a head without a name, a list of layers
with a typing error), so these work on what `plain_data` gives and leave judging to
`read_draft`. None of them changes what it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtcore.data.profile.profile import Profile
from mtcore.data.suggestions.inputs import usable_input
from mtcore.spec import TRUNK_KINDS
from pages.parts.design.head_edits import (
    free_name,
    targets_of,
    with_known_names,
    with_usable,
)
from pages.parts.design.places import Plain

SPLITS_WITH_COLUMN = frozenset({"group", "time", "given"})


def with_targets(
    plain: Plain, targets: Sequence[str], new_heads: Sequence[Plain], profile: Profile
) -> Plain:
    """Return the experiment with these columns predicted, and no others.

    Heads that stay are left as they were edited; columns that no head predicts any
    more become inputs again where they are of use.

    Args:
        plain: What was edited so far.
        targets: The columns to predict.
        new_heads: One for each target that no head predicts yet.
        profile: Of the data's columns.
    """
    kept = []
    for head in plain["heads"]:
        columns = [column for column in head["columns"] if column in targets]
        if columns:
            kept.append({**head, "columns": columns})
    names = {head["name"] for head in kept}
    for head in new_heads:
        kept.append({**head, "name": free_name(head["name"], names)})
        names.add(kept[-1]["name"])
    freed = [column for column in targets_of(plain) if column not in targets]
    inputs = plain["inputs"]
    if inputs is not None:
        inputs = [given for given in inputs if given["column"] not in targets]
    inputs = with_usable(inputs, freed, profile)
    return with_known_names({**plain, "heads": kept, "inputs": inputs})


def with_trunk_kind(plain: Plain, kind: str) -> Plain:
    """Return the experiment with a trunk of another kind; what both have is kept.

    Only beside a shared trunk do heads have trunks of their own.
    """
    before = plain["trunk"]
    fields = TRUNK_KINDS[kind].model_fields
    fresh = TRUNK_KINDS[kind]().model_dump(mode="json")
    kept = {name: value for name, value in before.items() if name in fields}
    if kind == "experts" and not kept["layers"]:
        kept["layers"] = fresh["layers"]
    heads = plain["heads"]
    if kind != "shared":
        heads = [
            {**head, "own_trunk": False} if head.get("own_trunk") else head
            for head in heads
        ]
    return {**plain, "heads": heads, "trunk": {**fresh, **kept, "kind": kind}}


def with_inputs(plain: Plain, kinds: Mapping[str, str], profile: Profile) -> Plain:
    """Return the experiment with the given inputs; those of before stay as they were.

    Args:
        plain: What was edited so far.
        kinds: Each input column's kind, in the file's order.
        profile: Of the data's columns.
    """
    before = {given["column"]: given for given in plain["inputs"] or ()}
    inputs = []
    for column, kind in kinds.items():
        given = before.get(column, {})
        if given.get("kind") != kind:
            usable = usable_input(profile.column(column))
            natural = usable is not None and usable.kind == kind
            fresh = usable.model_dump(mode="json") if usable and natural else {}
            given = {**fresh, "column": column, "kind": kind}
        inputs.append(given)
    exclude = [column for column in plain["exclude"] if column not in kinds]
    return {**plain, "inputs": inputs, "exclude": exclude}


def with_split_kind(plain: Plain, kind: str, column: str | None) -> Plain:
    """Return the experiment with another kind of split, its shares kept.

    Networks take no turns where rows that are there to judge would teach.
    """
    before, training = plain["split"], plain["training"]
    if kind in ("time", "given"):
        training = {**training, "rotate": False}
    split: Plain = {"kind": kind}
    if kind in SPLITS_WITH_COLUMN:
        split["column"] = before.get("column") or column or ""
    split |= {"validation": before["validation"], "test": before["test"]}
    return {**plain, "split": split, "training": training}


def with_row_weight(plain: Plain, column: object) -> Plain:
    """Return the experiment with its rows weighed by a column, which is no input."""
    inputs = plain["inputs"]
    if inputs is not None and column:
        inputs = [given for given in inputs if given["column"] != column]
    return {**plain, "row_weight": column or None, "inputs": inputs}
