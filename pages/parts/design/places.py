"""Values of an experiment that is being written, by where they lie in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Plain = dict[str, Any]
"""An experiment as mappings, lists and scalars, perhaps not a whole one."""

Json = Any
"""A mapping, list or scalar within one."""

Place = tuple[str | int, ...]
"""Where a value lies, such as `("heads", 0, "weight")`."""


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
