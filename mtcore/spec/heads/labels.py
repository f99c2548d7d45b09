"""Reading classes out of cells, shared by the kinds that predict classes."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray, RowArray, TextArray
from mtcore.errors import ExperimentError
from mtcore.spec.heads.target_encoding import TargetEncoding

TRUE_WORDS = frozenset({"1", "true", "t", "yes", "y", "on", "ja", "oui", "si", "sí"})
FALSE_WORDS = frozenset({"0", "false", "f", "no", "n", "off", "nein", "non"})


def distinct_values(cells: TextArray) -> tuple[str, ...]:
    """Return the values that occur, numbers in their order, then texts."""
    found = {str(cell) for cell in cells if cell is not None}
    return tuple(sorted(found, key=_natural_order))


def positive_value(values: tuple[str, ...]) -> str:
    """Return which of two values means "yes": a true word, or else the last.

    Examples:
        >>> positive_value(("no", "yes")), positive_value(("0", "1"))
        ('yes', '1')
        >>> positive_value(("female", "male"))
        'male'
    """
    for value in values:
        if value.strip().lower() in TRUE_WORDS:
            return value
    for value in values:
        if value.strip().lower() in FALSE_WORDS:
            return next(other for other in values if other != value)
    return values[-1]


def positions(cells: TextArray, classes: tuple[str, ...]) -> FloatArray:
    """Return each cell's place in `classes`, `(rows,)`, NaN for any other cell."""
    place = {name: float(index) for index, name in enumerate(classes)}
    codes = [place.get(str(cell), np.nan) if cell is not None else np.nan
             for cell in cells]  # fmt: skip
    return np.asarray(codes, dtype=np.float64)


def class_shares(codes: FloatArray, count: int) -> tuple[tuple[float, ...], int]:
    """Return each class's share of the labelled rows and how many there are."""
    labelled = codes[~np.isnan(codes)].astype(np.int64)
    counts = np.bincount(labelled, minlength=count)
    total = int(counts.sum())
    shares = counts / max(total, 1)
    return tuple(float(share) for share in shares), total


def require_classes(
    name: str, column: str, values: tuple[str, ...], wanted: str = "several"
) -> None:
    """Refuse a target of fewer than two classes.

    Args:
        name: The head's.
        column: The head's.
        values: Those that occur in the column.
        wanted: How many classes the kind of head is for, as people say it.

    Raises:
        ExperimentError: One value occurs, or none.
    """
    if len(values) < 2:
        held = f"only '{values[0]}'" if values else "no value"
        msg = (
            f"Head '{name}' has nothing to learn: column '{column}' holds {held}. "
            f"Pick a column with {wanted} classes."
        )
        raise ExperimentError(msg, where=name)


def require_labels(name: str, column: str, codes: FloatArray, rows: RowArray) -> None:
    """Refuse a target that no training row is labelled with.

    Raises:
        ExperimentError: No row of `rows` has a label.
    """
    if np.isnan(codes[rows]).all():
        msg = (
            f"Head '{name}' has no labelled row to learn from: column '{column}' is "
            "empty in all training rows. Pick another column or another split."
        )
        raise ExperimentError(msg, where=name)


def fit_classes(
    name: str,
    column: str,
    cells: TextArray,
    classes: tuple[str, ...],
    train_rows: RowArray,
) -> TargetEncoding:
    """Return the shares of classes among the training rows of a head's column.

    Raises:
        ExperimentError: No training row has a label.
    """
    codes = positions(cells, classes)
    require_labels(name, column, codes, train_rows)
    shares, labelled = class_shares(codes[train_rows], len(classes))
    return TargetEncoding(
        classes=classes, constant=shares, prior=shares, labelled=labelled
    )


def shown(values: tuple[str, ...], limit: int = 5) -> str:
    """Return the first few values as people would list them.

    Examples:
        >>> shown(("a", "b", "c"), limit=2)
        'a, b, …'
    """
    listed = ", ".join(value[:40] for value in values[:limit])
    return f"{listed}, …" if len(values) > limit else listed


def _natural_order(value: str) -> tuple[int, float, str]:
    try:
        return (0, float(value), value)
    except ValueError:
        return (1, 0.0, value)
