"""The kind of head that fits a target column, from what the column holds."""

from __future__ import annotations

from mtcore.data.profile.held import Held
from mtcore.data.profile.profile import ColumnProfile
from mtcore.data.suggestions.hints import number_hint
from mtcore.data.suggestions.reasons import Reason
from mtcore.errors import ColumnError
from mtcore.spec import BinaryHead, Head, MulticlassHead, RegressionHead
from mtcore.spec.heads.labels import positive_value


def suggest_head(column: ColumnProfile, held: Held) -> tuple[Head, Reason]:
    """Return the head that fits a target column, and why.

    Args:
        column: As profiled.
        held: Its values without those that stand for "missing".

    Raises:
        ColumnError: There is nothing to learn in the column.
    """
    name = column.name
    if held.distinct < 2:
        what = f"only '{held.values[0]}'" if held.values else "no value"
        msg = (
            f"Column '{name}' holds {what}, so there is nothing to predict. Pick "
            "another column."
        )
        raise ColumnError(msg, where=name)
    if held.distinct == 2 and held.complete:
        first, second = sorted(held.values)
        positive = positive_value((first, second))
        holds = f"'{first}' and '{second}'; '{positive}' is taken as the positive one."
        return (
            BinaryHead(name=name, columns=(name,), positive=positive),
            Reason(
                name,
                f"Head {{}} is binary, as its column holds {holds}",
                f"Heads {{}} are binary, as their columns hold {holds}",
            ),
        )
    match column.kind:
        case "number":
            hint = number_hint(column, held)
            return (
                RegressionHead(name=name, columns=(name,)),
                Reason(
                    name,
                    f"Head {{}} is a regression, as its column holds numbers.{hint}",
                    f"Heads {{}} are regressions, as their columns hold numbers.{hint}",
                ),
            )
        case "category" | "boolean":
            holds = f"{held.distinct:,} different values"
            return (
                MulticlassHead(name=name, columns=(name,)),
                Reason(
                    name,
                    f"Head {{}} is multiclass, as its column holds {holds}.",
                    f"Heads {{}} are multiclass, as their columns hold {holds} each.",
                ),
            )
        case "datetime" | "text" | "image" | "id" | "constant":
            held_here = {"datetime": "dates", "id": "ids"}.get(column.kind, column.kind)
            msg = (
                f"Column '{name}' can't be predicted, as it holds {held_here} "
                f"({column.reason}). Pick a column of numbers or categories."
            )
            raise ColumnError(msg, where=name)
