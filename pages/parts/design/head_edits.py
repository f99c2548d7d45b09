"""Changes to the heads of an experiment that is being written, and what follows.

As in `design_edits`, a draft may be no whole experiment, and nothing is changed that is
given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mtcore.data.profile.profile import Profile
from mtcore.data.suggestions.inputs import usable_input
from mtcore.spec import HEAD_KINDS
from pages.parts.design.places import Plain, replaced

_KEPT_BY_KIND = ("name", "columns", "weight", "layers", "own_trunk", "reads")


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
    changed = with_known_names({**plain, "heads": heads})
    still = targets_of(changed)
    freed = [name for name in plain["heads"][index]["columns"] if name not in still]
    return {**changed, "inputs": with_usable(plain["inputs"], freed, profile)}


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


def with_known_names(plain: Plain) -> Plain:
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


def with_usable(
    inputs: list[Plain] | None, columns: Iterable[str], profile: Profile
) -> list[Plain] | None:
    """Return the inputs and those of the columns that can be one, in file order."""
    if inputs is None:
        return None
    order = {column.name: place for place, column in enumerate(profile.columns)}
    found = (usable_input(profile.column(name)) for name in columns if name in order)
    added = [given.model_dump(mode="json") for given in found if given]
    return sorted([*inputs, *added], key=lambda given: order.get(given["column"], -1))
