"""What sets experiments apart: every setting of each, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mtcore.spec import Experiment, plain_data
from pages.parts.run_words import NOTHING
from pages.parts.text import visible

_APART = " · "
_TRUNK_WORDS = {
    "shared": "shared experts",
    "private": "own experts a head",
    "levels": "levels of experts",
    "skip": "linear skip",
}
_LEFT_OUT = frozenset({"name", "reading"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of several experiments.

    Args:
        name: Such as "Training · learning rate".
        cells: As people read them, one an experiment; a dash where it has no such
            setting.
    """

    name: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether two experiments have different values."""
        return len(set(self.cells)) > 1


def settings_of(experiments: Sequence[Experiment]) -> tuple[Setting, ...]:
    """Return the settings of experiments side by side, in the order of the file.

    Heads are matched by name and inputs by column, so that an order alone is no
    difference.
    """
    flat = [dict(_settings(experiment)) for experiment in experiments]
    names = _in_order([list(settings) for settings in flat])
    return tuple(
        Setting(name, tuple(settings.get(name, NOTHING) for settings in flat))
        for name in names
    )


def settings_frame(
    settings: Sequence[Setting], columns: Sequence[str], *, only_different: bool
) -> pd.DataFrame:
    """Return settings as a table to show.

    Args:
        settings: As `settings_of` gives them.
        columns: What each experiment is called; all different.
        only_different: Leave out what all experiments share.
    """
    shown = [entry for entry in settings if entry.differs or not only_different]
    table: dict[str, list[str]] = {"Setting": [entry.name for entry in shown]}
    for index, column in enumerate(columns):
        table[column] = [entry.cells[index] for entry in shown]
    return pd.DataFrame(table)


def _settings(experiment: Experiment) -> Iterator[tuple[str, str]]:
    plain = plain_data(experiment)
    for field, value in plain.items():
        if field in _LEFT_OUT:
            continue
        match field:
            case "heads":
                for head in value:
                    yield from _of_head(head)
            case "inputs" if value is not None:
                yield "Inputs", f"{len(value)} columns"
                for entry in value:
                    column = visible(entry["column"], 60)
                    rest = [str(v) for k, v in entry.items() if k != "column"]
                    yield f"Input{_APART}{column}", ", ".join(rest)
            case "inputs":
                yield "Inputs", "all that are of use"
            case _ if isinstance(value, dict):
                for key, inner in value.items():
                    word = _TRUNK_WORDS.get(key, _word(key).lower())
                    yield f"{_word(field)}{_APART}{word}", _text(inner)
            case _:
                yield _word(field), _text(value)


def _of_head(head: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = visible(head["name"], 60)
    for key, value in head.items():
        if key != "name":
            yield f"Head {name}{_APART}{_word(key).lower()}", _text(value)


def _in_order(lists: Sequence[Sequence[str]]) -> list[str]:
    """Return all names once; those that only later lists have, after their neighbour.

    Examples:
        >>> _in_order([["a", "c"], ["a", "b", "c"]])
        ['a', 'b', 'c']
    """
    merged: list[str] = []
    for names in lists:
        place = 0
        for name in names:
            if name in merged:
                place = merged.index(name) + 1
            else:
                merged.insert(place, name)
                place += 1
    return merged


def _word(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _text(value: object) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(_text(entry) for entry in value) or "none"
        case dict():
            pairs = (f"{visible(key, 40)}: {_text(v)}" for key, v in value.items())
            return ", ".join(pairs)
        case float():
            return f"{value:g}"
        case _:
            return visible(value, 120)
