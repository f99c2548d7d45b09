"""Can each head learn from the columns it names?"""

from __future__ import annotations

from mtcore.data.checks.columns import unknown_column
from mtcore.data.checks.problem import Fix, Problem, Problems, with_head, without_head
from mtcore.data.profile.held import Held, held_values, holds_numbers
from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Experiment,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
)
from mtcore.spec.heads.ordinal import MOST_RANKS

MAX_CLASSES = 1_000
FEW_ROWS_A_CLASS = 10
MANY_UNLABELLED = 0.5


def target_problems(experiment: Experiment, profile: Profile) -> Problems:
    """Yield what keeps heads from learning, and what makes it hard."""
    known = {column.name: column for column in profile.columns}
    for head in experiment.heads:
        for name in head.columns:
            if name not in known:
                yield unknown_column(
                    f"Head '{head.name}' predicts column '{name}'",
                    name,
                    profile,
                    without_head(experiment, head),
                )
                continue
            yield from _column_problems(experiment, head, known[name])


def _column_problems(
    experiment: Experiment, head: Head, column: ColumnProfile
) -> Problems:
    held = held_values(column, experiment.missing)
    remove = without_head(experiment, head)
    if held.distinct < 2:
        yield _error(head, _nothing_to_learn(head, column.name, held), remove)
        return
    match head:
        case RegressionHead() | QuantileHead():
            found = _number_problem(experiment, head, column, held)
        case BinaryHead():
            found = _binary_problem(experiment, head, column.name, held)
        case MulticlassHead():
            found = _multiclass_problem(experiment, head, column, held)
        case MultilabelHead():
            found = _multilabel_problem(experiment, head, column.name, held)
        case CountHead():
            found = _number_problem(experiment, head, column, held)
            found = found or _count_problem(experiment, head, column, held)
        case OrdinalHead():
            found = _ordinal_problem(experiment, head, column, held)
    if found is not None:
        yield found
        return
    if isinstance(head, OrdinalHead):
        yield from _order_warnings(head, column, held)
    yield from _label_warnings(head, column.name, held)


def _number_problem(
    experiment: Experiment, head: Head, column: ColumnProfile, held: Held
) -> Problem | None:
    if column.kind == "number" or holds_numbers(column):
        return None
    held_kind = {"datetime": "dates", "text": "texts", "id": "ids"}
    what = held_kind.get(column.kind, "categories")
    kind = "binary" if held.distinct == 2 else "multiclass"
    fix = without_head(experiment, head)
    if what == "categories" and len(head.columns) == 1:
        fix = with_head(
            experiment, head, f"Make '{head.name}' a {kind} head", kind=kind
        )
        way_out = f"Use a {kind} head or pick a column of numbers."
    else:
        way_out = "Pick a column of numbers."
    sentence = (
        f"Head '{head.name}' is a {head.kind} but column '{column.name}' holds {what} "
        f"({_listed(held)}). {way_out}"
    )
    return _error(head, sentence, fix)


def _count_problem(
    experiment: Experiment, head: CountHead, column: ColumnProfile, held: Held
) -> Problem | None:
    wrong = [value for value in held.values if not value.isdigit()]
    if not wrong and not experiment.missing and (column.minimum or 0.0) < 0.0:
        wrong = [f"{column.minimum:g}"]
    if not wrong:
        return None
    sentence = (
        f"Head '{head.name}' counts whole numbers from 0 on, but column "
        f"'{column.name}' holds {wrong[0][:40]}. Use a regression head or pick another "
        "column."
    )
    label = f"Make '{head.name}' a regression head"
    return _error(head, sentence, with_head(experiment, head, label, kind="regression"))


def _binary_problem(
    experiment: Experiment, head: BinaryHead, column: str, held: Held
) -> Problem | None:
    if held.distinct != 2:
        sentence = (
            f"Head '{head.name}' is binary but column '{column}' holds "
            f"{held.distinct:,} values ({_listed(held)}). Use a multiclass head or "
            "pick another column."
        )
        fix = with_head(
            experiment, head, f"Make '{head.name}' a multiclass head", kind="multiclass"
        )
        return _error(head, sentence, fix)
    if head.positive is not None and head.positive not in held.values:
        sentence = (
            f"Head '{head.name}' calls '{head.positive}' positive but column "
            f"'{column}' holds {_listed(held)}. Choose one of these."
        )
        fix = with_head(
            experiment, head, "Let the positive class be found", positive=None
        )
        return _error(head, sentence, fix)
    return _class_weight_problem(experiment, head, column, held)


def _multiclass_problem(
    experiment: Experiment, head: MulticlassHead, column: ColumnProfile, held: Held
) -> Problem | None:
    if held.distinct > MAX_CLASSES:
        numbers = column.kind == "number"
        way_out = (
            "Use a regression head for a number."
            if numbers
            else "Is it an id? Pick another column."
        )
        fix = (
            with_head(
                experiment,
                head,
                f"Make '{head.name}' a regression head",
                kind="regression",
            )
            if numbers
            else without_head(experiment, head)
        )
        sentence = (
            f"Head '{head.name}' would have {held.distinct:,} classes, as column "
            f"'{column.name}' holds so many values; {MAX_CLASSES:,} is the most. "
            f"{way_out}"
        )
        return _error(head, sentence, fix)
    return _class_weight_problem(experiment, head, column.name, held)


def _multilabel_problem(
    experiment: Experiment, head: MultilabelHead, column: str, held: Held
) -> Problem | None:
    if held.distinct == 2:
        return None
    rest = [name for name in head.columns if name != column]
    sentence = (
        f"Head '{head.name}' has a label for each column, but column '{column}' holds "
        f"{held.distinct:,} values ({_listed(held)}) instead of two. Leave it out or "
        "use a multiclass head for it."
    )
    label = f"Take '{column}' out of head '{head.name}'"
    return _error(head, sentence, with_head(experiment, head, label, columns=rest))


def _ordinal_problem(
    experiment: Experiment, head: OrdinalHead, column: ColumnProfile, held: Held
) -> Problem | None:
    fix = None
    if held.distinct > MOST_RANKS:
        sentence = (
            f"Head '{head.name}' would have {held.distinct:,} ranks, as column "
            f"'{column.name}' holds so many values; {MOST_RANKS} is the most. "
        )
        if column.kind == "number":
            sentence += "Use a regression head for a number."
            label = f"Make '{head.name}' a regression head"
            fix = with_head(experiment, head, label, kind="regression")
        else:
            sentence += "Pick another column."
            fix = without_head(experiment, head)
        return _error(head, sentence, fix)
    left_out = [name for name in held.values if name not in (head.order or held.values)]
    if left_out:
        sentence = (
            f"Head '{head.name}' orders {', '.join(head.order or ())}, but column "
            f"'{column.name}' holds '{left_out[0][:40]}' too. Add it to the order."
        )
        label = "Put what is missing last"
        order = [*(head.order or ()), *left_out]
        return _error(head, sentence, with_head(experiment, head, label, order=order))
    return None


def _order_warnings(head: OrdinalHead, column: ColumnProfile, held: Held) -> Problems:
    if head.order is not None or column.kind == "number" or holds_numbers(column):
        return
    names = sorted(held.values)
    yield Problem(
        "warning",
        head.name,
        f"Head '{head.name}' takes the classes of column '{column.name}' in the order "
        f"of the alphabet: {', '.join(name[:40] for name in names[:6])}"
        f"{', …' if held.distinct > 6 else ''}. Give their order if it is another.",
    )


def _class_weight_problem(
    experiment: Experiment,
    head: BinaryHead | MulticlassHead,
    column: str,
    held: Held,
) -> Problem | None:
    if not isinstance(head.class_weight, dict) or not held.complete:
        return None
    for name in head.class_weight:
        if name not in held.values:
            sentence = (
                f"Head '{head.name}' weighs a class '{name}' but column '{column}' "
                f"holds {_listed(held)}. Correct the name or leave the weight out."
            )
            fix = with_head(
                experiment, head, "Remove the class weights", class_weight=None
            )
            return _error(head, sentence, fix)
    return None


def _label_warnings(head: Head, column: str, held: Held) -> Problems:
    labelled = held.rows - held.missing
    if held.missing > MANY_UNLABELLED * held.rows:
        yield Problem(
            "warning",
            head.name,
            f"Head '{head.name}' can learn from {labelled:,} of {held.rows:,} rows "
            f"only, as column '{column}' is empty in the others. They still teach the "
            "other heads.",
        )
    if head.target_kind != "category":
        return
    rare = [value for value, count in held.frequent if count < FEW_ROWS_A_CLASS]
    if rare:
        named = ", ".join(f"'{value[:40]}'" for value in rare[:3])
        more = f" and {len(rare) - 3} more" if len(rare) > 3 else ""
        yield Problem(
            "warning",
            head.name,
            f"Head '{head.name}' has classes with fewer than {FEW_ROWS_A_CLASS} rows "
            f"({named}{more}): what it says about them can hardly be judged. Join them "
            "with others or collect more rows.",
        )


def _nothing_to_learn(head: Head, column: str, held: Held) -> str:
    if held.distinct < 1:
        return (
            f"Head '{head.name}' has nothing to learn from: column '{column}' is "
            "empty. Pick another column."
        )
    classes = "two classes" if head.target_kind == "category" else "different values"
    return (
        f"Head '{head.name}' has nothing to learn: column '{column}' holds only "
        f"'{held.values[0] if held.values else ''}'. Pick a column with {classes}."
    )


def _error(head: Head, sentence: str, fix: Fix | None) -> Problem:
    return Problem("error", head.name, sentence, fix)


def _listed(held: Held, limit: int = 5) -> str:
    shown = ", ".join(value[:40] for value in held.values[:limit])
    return f"{shown}, …" if held.distinct > limit else shown
