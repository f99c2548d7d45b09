"""The ground that every part of an experiment stands on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Frozen(BaseModel):
    """A part of an experiment: immutable, hashable, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _as_text(value: object) -> object:
    """Return a scalar as people typed it, since YAML reads `2020` as a number."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return value


def _as_tuple(value: object) -> object:
    """Return one scalar as a tuple of one, since people write `columns: Y1`."""
    if isinstance(value, str | int | float):
        return (value,)
    return value


Text = Annotated[str, BeforeValidator(_as_text)]
"""A text that may have been written as a bare number or truth value."""

Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_tuple)]
"""Several texts, or a single one written without brackets."""
