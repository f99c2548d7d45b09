"""Changes to an experiment that is being written, as pure functions on plain data.

A draft may be no whole experiment for a while (a head without a name, a list of layers
with a typing error), so these work on what `plain_data` gives and leave judging to
`read_draft`. None of them changes what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mtcore.data.inputs import usable_input
from mtcore.data.profile import Profile
from mtcore.spec import HEAD_KINDS, TRUNK_KINDS

Plain = dict[str, Any]
"""An experiment as mappings, lists and scalars, perhaps not a whole one."""

Json = Any
"""A mapping, list or scalar within one."""

Place = tuple[str | int, ...]
"""Where a value lies, such as `("heads", 0, "weight")`."""

SPLITS_WITH_COLUMN = frozenset({"group", "time", "given"})
_KEPT_BY_KIND = ("name", "columns", "weight", "layers", "own_trunk", "reads")


def value_at(plain: Json, place: Place) -> Json:
    """Return the value at a place, None where a list is too short to have it."""
    found = plain
    for part in place:
        if isinstance(part, int) and part >= len(found):
            return None
        found = found[part]
    return found


def replaced(plain: Json, place: Place, value: object) -> Json:
    """Return the experiment with one value replaced.

    Examples:
        >>> replaced({"heads": [{"weight": 1}]}, ("heads", 0, "weight"), 2)
        {'heads': [{'weight': 2}]}
    """
    first, *rest = place
    if rest:
        value = replaced(plain[first], tuple(rest), value)
    if isinstance(first, int):
        return [*plain[:first], value, *plain[first + 1 :]]
    return {**plain, first: value}


def layers_from(text: str) -> list[int] | str:
    """Return units a layer as numbers, or the text itself where it holds others.

    Examples:
        >>> layers_from("64, 32"), layers_from(""), layers_from("64, x")
        ([64, 32], [], '64, x')
    """
    parts = [part for part in text.replace(",", " ").split() if part]
    if all(part.isdecimal() and len(part) < 6 for part in parts):
        return [int(part) for part in parts]
    return text


def levels_from(text: str) -> list[float] | str:
    """Return levels as numbers, or the text itself where it holds others.

    Examples:
        >>> levels_from("0.1, 0.5 0.9"), levels_from("0.1; x")
        ([0.1, 0.5, 0.9], '0.1; x')
    """
    try:
        return [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        return text


def text_of_layers(layers: object) -> str:
    """Return units a layer as people type them."""
    if isinstance(layers, str):
        return layers
    if isinstance(layers, Iterable):
        return ", ".join(str(units) for units in layers)
    return ""


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
    inputs = _with_usable(inputs, freed, profile)
    return _with_known_names({**plain, "heads": kept, "inputs": inputs})


def with_head_columns(plain: Plain, index: int, columns: Sequence[str]) -> Plain:
    """Return the experiment with a head's columns set, and those out of the inputs.

    What named classes of the columns before is taken out of the head.
    """
    head = {**plain["heads"][index], "columns": list(columns)}
    if "positive" in head:
        head["positive"] = None
    if isinstance(head.get("class_weight"), dict):
        head["class_weight"] = None
    if "order" in head:
        head["order"] = None
    changed = replaced(plain, ("heads", index), head)
    inputs = plain["inputs"]
    if inputs is not None:
        inputs = [given for given in inputs if given["column"] not in columns]
    return {**changed, "inputs": inputs}


def with_head_kind(plain: Plain, index: int, kind: str) -> Plain:
    """Return the experiment with a head of another kind; loss and metrics follow."""
    before = plain["heads"][index]
    kept = {field: before[field] for field in _KEPT_BY_KIND if field in before}
    head_class = HEAD_KINDS[kind]
    if head_class.one_column:
        kept["columns"] = kept["columns"][:1]
    fresh = {
        name: list(field.default) if isinstance(field.default, tuple) else field.default
        for name, field in head_class.model_fields.items()
        if name not in ("name", "columns")
    }
    changed: Plain = replaced(plain, ("heads", index), {**fresh, **kept, "kind": kind})
    return changed


def with_head_name(plain: Plain, index: int, name: str) -> Plain:
    """Return the experiment with a head renamed; what names it follows."""
    before = plain["heads"][index]["name"]
    changed: Plain = replaced(plain, ("heads", index, "name"), name)
    changed["heads"] = [
        {**head, "reads": [name if other == before else other for other in read]}
        if before in (read := reads_of(head))
        else head
        for head in changed["heads"]
    ]
    if plain["training"]["monitor"] == before:
        changed = replaced(changed, ("training", "monitor"), name)
    return changed


def with_head_copied(plain: Plain, index: int) -> Plain:
    """Return the experiment with a second head of the same columns behind a head."""
    names = {head["name"] for head in plain["heads"]}
    head = plain["heads"][index]
    copy = {**head, "name": free_name(head["name"], names)}
    heads = plain["heads"]
    return {**plain, "heads": [*heads[: index + 1], copy, *heads[index + 1 :]]}


def without_head(plain: Plain, index: int, profile: Profile) -> Plain:
    """Return the experiment without a head; its columns become inputs again."""
    heads = [head for place, head in enumerate(plain["heads"]) if place != index]
    changed = _with_known_names({**plain, "heads": heads})
    still = targets_of(changed)
    freed = [name for name in plain["heads"][index]["columns"] if name not in still]
    return {**changed, "inputs": _with_usable(plain["inputs"], freed, profile)}


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


def reads_of(head: Plain) -> list[str]:
    """Return the names of the heads that a head reads."""
    return list(head.get("reads") or ())


def readable_heads(plain: Plain, index: int) -> list[str]:
    """Return the heads that a head can read without reading itself in the end.

    Examples:
        >>> a, b = {"name": "a", "reads": []}, {"name": "b", "reads": ["a"]}
        >>> c = {"name": "c"}
        >>> readable_heads({"heads": [a, b, c]}, 0)
        ['c']
    """
    reads = {head["name"]: reads_of(head) for head in plain["heads"]}
    behind = {plain["heads"][index]["name"]}
    for _ in reads:
        behind |= {name for name, read in reads.items() if behind & set(read)}
    return [name for name in reads if name not in behind]


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


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number behind it where it is taken.

    Examples:
        >>> free_name("load", {"load", "load 2"})
        'load 3'
    """
    names = set(taken)
    number = 1
    candidate = name
    while candidate in names:
        number += 1
        candidate = f"{name} {number}"
    return candidate


def targets_of(plain: Plain) -> list[str]:
    """Return the columns that some head predicts, each once, in order."""
    columns = (column for head in plain["heads"] for column in head["columns"])
    return list(dict.fromkeys(columns))


def _with_known_names(plain: Plain) -> Plain:
    """Return the experiment without references to heads that it has no more."""
    names = {head["name"] for head in plain["heads"]}
    heads = [
        {**head, "reads": [other for other in read if other in names]}
        if (read := reads_of(head))
        else head
        for head in plain["heads"]
    ]
    changed: Plain = {**plain, "heads": heads}
    if changed["training"]["monitor"] not in names:
        changed = replaced(changed, ("training", "monitor"), None)
    return changed


def _with_usable(
    inputs: list[Plain] | None, columns: Iterable[str], profile: Profile
) -> list[Plain] | None:
    """Return the inputs and those of the columns that can be one, in file order."""
    if inputs is None:
        return None
    order = {column.name: place for place, column in enumerate(profile.columns)}
    found = (usable_input(profile.column(name)) for name in columns if name in order)
    added = [given.model_dump(mode="json") for given in found if given]
    return sorted([*inputs, *added], key=lambda given: order.get(given["column"], -1))
