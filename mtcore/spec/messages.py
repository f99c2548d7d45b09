"""Plain sentences for what pydantic finds wrong with an experiment."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from mtcore.errors import ExperimentError
from mtcore.spec.experiment import Experiment
from mtcore.spec.heads import HEAD_KINDS
from mtcore.spec.inputs import INPUT_KINDS
from mtcore.spec.reading import Reading
from mtcore.spec.split import GroupSplit
from mtcore.spec.training import Training
from mtcore.spec.trunk import TRUNK_KINDS, SharedTrunk

Place = tuple[int | str, ...]

_PARTS: dict[str, Any] = {
    "reading": Reading,
    "split": GroupSplit,
    "training": Training,
    "trunk": SharedTrunk,
}


def sentence_for(error: ValidationError, given: object) -> ExperimentError:
    """Return the first finding as a sentence that names the head or column.

    Args:
        error: What pydantic raised.
        given: The mapping that was validated, for names and received values.
    """
    finding = error.errors(include_url=False)[0]
    place = finding["loc"]
    message = str(finding["msg"])
    if finding["type"] == "value_error":
        plain = message.removeprefix("Value error, ")
    else:
        plain = _plain(finding, place, given)
    return ExperimentError(plain, where=_owner(place, given))


def _plain(finding: Mapping[str, Any], place: Place, given: object) -> str:
    field = next((p for p in reversed(place) if isinstance(p, str)), "experiment")
    subject = _subject(place, given)
    received = _shown(finding.get("input"))
    match finding["type"]:
        case "missing":
            return f"{subject}: '{field}' is missing. Add it."
        case "extra_forbidden":
            return _unknown_field(subject, field, place)
        case "union_tag_not_found":
            return f"{subject}: 'kind' is missing. Add it, such as {_kinds(place)}."
        case "string_too_short":
            return f"{subject}: {field} is empty. Give it a text."
        case "union_tag_invalid":
            field, received = "kind", f"'{finding['ctx']['tag']}'"
        case _:
            pass
    return f"{subject}: {field} is {received}, but {_expectation(finding)}."


def _expectation(finding: Mapping[str, Any]) -> str:
    """Return the rest of a sentence: what a field must be instead."""
    context = finding.get("ctx", {})
    match finding["type"]:
        case "literal_error":
            return f"must be one of {str(context['expected']).replace(' or ', ', ')}"
        case "union_tag_invalid":
            return f"must be one of {context['expected_tags']}"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            return f"must be {_bound(finding['type'], context)}"
        case "finite_number" | "float_parsing" | "float_type":
            return "must be a finite number"
        case "int_from_float" | "int_parsing" | "int_type":
            return "must be a whole number"
        case "too_short":
            return f"must have {context['min_length']} or more entries"
        case "tuple_type":
            return "must be a list"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "must hold named fields"
        case _:
            said = str(finding["msg"])
            return f"{said[:1].lower()}{said[1:]}"


def _unknown_field(subject: str, field: str, place: Place) -> str:
    fields = _fields_beside(place)
    near = difflib.get_close_matches(field, fields, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return (
        f"{subject}: there is no field '{field[:60]}'.{hint} The fields are "
        f"{', '.join(fields)}."
    )


def _fields_beside(place: Place) -> list[str]:
    model: Any = Experiment
    for part in place[:-1]:
        if part in HEAD_KINDS and "heads" in place:
            model = HEAD_KINDS[str(part)]
        elif part in INPUT_KINDS and "inputs" in place:
            model = INPUT_KINDS[str(part)]
        elif part in _PARTS:
            model = _PARTS[str(part)]
        elif part in TRUNK_KINDS and place[0] == "trunk":
            model = TRUNK_KINDS[str(part)]
    return list(model.model_fields)


def _subject(place: Place, given: object) -> str:
    match place:
        case ("heads", int(), *_):
            return f"Head '{_owner(place, given)}'"
        case ("inputs", int(), *_):
            return f"Input '{_owner(place, given)}'"
        case (str() as part, _, *_):
            return part.capitalize()
        case ("trunk" | "split" as part,):
            return part.capitalize()
        case _:
            return "Experiment"


def _owner(place: Place, given: object) -> str | None:
    """Return the name of the head or column that the place lies in."""
    match place:
        case (("heads" | "inputs") as part, int() as index, *_):
            entries = given.get(part) if isinstance(given, Mapping) else None
            if isinstance(entries, Sequence) and index < len(entries):
                entry = entries[index]
                if isinstance(entry, Mapping):
                    named = entry.get("name") or entry.get("column")
                    return str(named)[:80] if named is not None else str(index + 1)
            return str(index + 1)
        case (str() as part, *_):
            return part
        case _:
            return None


def _kinds(place: Place) -> str:
    return ", ".join(HEAD_KINDS if "heads" in place else INPUT_KINDS)


def _bound(kind: str, context: Mapping[str, Any]) -> str:
    match kind:
        case "greater_than_equal":
            return f"{context['ge']:g} or more"
        case "greater_than":
            return f"above {context['gt']:g}"
        case "less_than_equal":
            return f"{context['le']:g} or less"
        case _:
            return f"below {context['lt']:g}"


def _shown(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
