"""Ranges and sets as named columns, beside those of `Head.decode`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.conformal.bounds import Ranges, Sets, bounds_of
from mtcore.evaluation.conformal.calibrated import Intervals
from mtcore.spec import Head, MultilabelHead, TargetEncoding
from mtcore.spec.intervals import Wanted

EITHER = "; "


def interval_columns(
    head: Head,
    encoding: TargetEncoding,
    intervals: Intervals,
    wanted: Wanted,
    outputs: FloatArray,
) -> dict[str, NDArray[Any]]:
    """Return a head's ranges or sets as named columns `(rows,)` for people.

    Numbers: `<head>: low 90 %` and `<head>: high 90 %`, or `<head>: <column>: low 90 %`
    where there are several columns. Classes: `<head>: set 90 %`, the classes that are
    not ruled out, joined by "; ". Labels: `<head>: <label>: set 90 %` with yes, no, or
    both. Minus and plus infinity, or all classes, where too few rows could tell.

    Args:
        head: Which head.
        encoding: What the head learned about its targets.
        intervals: Of the run.
        wanted: Which ranges.
        outputs: `(rows, width)`, decoded.
    """
    reach = intervals.reach_of(head.name, wanted)
    bounds = bounds_of(head, encoding, outputs, reach)
    share = f"{100 * wanted.level:g} %"
    match bounds:
        case Ranges():
            return dict(_ends(head, bounds, share))
        case Sets() if isinstance(head, MultilabelHead):
            return {
                f"{head.name}: {label}: set {share}": joined(
                    bounds.members[:, place], ("no", "yes")
                )
                for place, label in enumerate(encoding.classes)
            }
        case Sets():
            members = bounds.members[:, 0]
            return {f"{head.name}: set {share}": joined(members, encoding.classes)}


def joined(members: NDArray[np.bool_], names: tuple[str, ...]) -> NDArray[Any]:
    """Return the names of the classes in each set, joined, `(rows,)`.

    Args:
        members: `(rows, classes)`.
        names: Of the classes.
    """
    # Few different sets occur, and many rows have the same.
    distinct, places = np.unique(members, axis=0, return_inverse=True)
    words = [
        EITHER.join(name for name, held in zip(names, row, strict=True) if held)
        for row in distinct
    ]
    return np.asarray([*words, None], dtype=object)[places.reshape(-1)]


def _ends(head: Head, ranges: Ranges, share: str) -> Iterator[tuple[str, FloatArray]]:
    for place, column in enumerate(head.columns):
        name = head.name if len(head.columns) == 1 else f"{head.name}: {column}"
        yield f"{name}: low {share}", ranges.low[:, place]
        yield f"{name}: high {share}", ranges.high[:, place]
