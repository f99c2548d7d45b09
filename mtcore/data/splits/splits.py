"""Which rows of a table train, choose the epoch, and judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits.stratify import (
    MISSING_CODE,
    label_codes,
    number_codes,
    stratified_parts,
)
from mtcore.data.tables.stored import Rows
from mtcore.errors import ColumnError, InputError
from mtcore.spec import (
    Experiment,
    GivenSplit,
    GroupSplit,
    RandomSplit,
    StratifiedSplit,
    TimeSplit,
)

# So that a split draws other numbers than first weights and shuffling do.
_STREAM = 0x5EED
PARTS = ("train", "validation", "test")
SPELLINGS = {
    "train": "train", "training": "train", "learn": "train", "fit": "train",
    "validation": "validation", "validate": "validation", "valid": "validation",
    "val": "validation", "dev": "validation", "development": "validation",
    "test": "test", "testing": "test", "holdout": "test", "hold-out": "test",
    "hold_out": "test",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowSplit:
    """Row numbers of the three parts, each ascending, no row in two of them.

    Args:
        train: Rows that teach.
        validation: Rows that choose the epoch.
        test: Rows that judge and are used for nothing else.
    """

    train: RowArray
    validation: RowArray
    test: RowArray

    def rows(self, part: str) -> RowArray:
        """Return the rows of `train`, `validation` or `test`."""
        match part:
            case "train":
                return self.train
            case "validation":
                return self.validation
            case "test":
                return self.test
            case _:
                raise KeyError(part)


def split_rows(experiment: Experiment, table: Rows) -> RowSplit:
    """Return which rows go where; the same experiment and table give the same rows.

    Args:
        experiment: Its split, its seed, and for a stratified split its heads.
        table: Every row of the data set, with the columns that the split names.

    Raises:
        ColumnError: The split's column is missing or cannot be used.
        InputError: A part would be empty.
    """
    random = np.random.default_rng((_STREAM, experiment.seed))
    split = experiment.split
    match split:
        case RandomSplit():
            parts = _random_parts(table.rows, split, random)
        case StratifiedSplit():
            codes = strata(experiment, table)
            parts = stratified_parts(codes, _shares(split), random)
        case GroupSplit():
            parts = _group_parts(split, table, random)
        case TimeSplit():
            parts = _time_parts(split, table)
        case GivenSplit():
            parts = _given_parts(split, table)
    train, validation, test = (np.flatnonzero(parts == part) for part in range(3))
    _refuse_empty(experiment, parts)
    return RowSplit(train, validation, test)


AnySplit = RandomSplit | StratifiedSplit | GroupSplit | TimeSplit | GivenSplit


def _shares(split: AnySplit) -> FloatArray:
    train = 1.0 - split.validation - split.test
    return np.asarray([train, split.validation, split.test], dtype=np.float64)


def _random_parts(
    rows: int, split: RandomSplit, random: np.random.Generator
) -> RowArray:
    order = random.permutation(rows)
    test = max(round(rows * split.test), 1)
    validation = max(round(rows * split.validation), 1)
    parts = np.zeros(rows, dtype=np.int64)
    parts[order[:test]] = 2
    parts[order[test : test + validation]] = 1
    return parts


def strata(experiment: Experiment, table: Rows) -> RowArray:
    """Return what each row holds for each head, `(rows, labels)`.

    Numbers are cut into fifths where there is no class to go by, and count as there
    or missing where there is.
    """
    classes = [
        label_codes(table.categories(column))
        for head in experiment.heads
        if head.target_kind == "category"
        for column in head.columns
    ]
    numbers = [
        number_codes(table.numbers(column))
        for head in experiment.heads
        if head.target_kind == "number"
        for column in head.columns
    ]
    if classes:
        numbers = [(codes == MISSING_CODE).astype(np.int64) for codes in numbers]
    return np.stack([*classes, *numbers], axis=1)


def _group_parts(
    split: GroupSplit, table: Rows, random: np.random.Generator
) -> RowArray:
    """Deal whole groups out: large ones first, then at random, where most room is."""
    cells = table.categories(split.column)
    group = label_codes(cells)
    sizes = np.bincount(group)
    groups = np.flatnonzero(sizes)
    if len(groups) < len(PARTS):
        msg = (
            f"The group split needs at least 3 groups, but column '{split.column}' "
            f"holds {len(groups)}. Use a random split or another column."
        )
        raise InputError(msg, where="split")
    shares = _shares(split)
    room = shares * table.rows
    order = random.permutation(groups)
    large = np.where(sizes[order] > room.min(), -sizes[order], 0)
    order = order[np.argsort(large, kind="stable")]
    chosen = np.zeros(len(sizes), dtype=np.int64)
    empty = set(range(len(PARTS)))
    for done, this in enumerate(order):
        open_parts = sorted(empty) if len(order) - done <= len(empty) else range(3)
        part = max(open_parts, key=lambda part: room[part])
        chosen[this] = part
        room[part] -= sizes[this]
        empty.discard(part)
    return chosen[group]


def _time_parts(split: TimeSplit, table: Rows) -> RowArray:
    """Put the latest rows into test, those before them into validation.

    Rows of the same moment stay together. Rows without a moment train.
    """
    moments = table.timestamps(split.column)
    known = np.flatnonzero(~np.isnan(moments))
    order = known[np.argsort(moments[known], kind="stable")]
    times = moments[order]
    parts = np.zeros(len(moments), dtype=np.int64)
    if len(order) == 0:
        msg = (
            f"Column '{split.column}' of the time split holds no date, time or number. "
            "Choose another column or a random split."
        )
        raise ColumnError(msg, where=split.column)
    changes = np.flatnonzero(np.diff(times)) + 1
    if len(changes) < len(PARTS) - 1:
        msg = (
            f"The time split needs at least 3 different moments, but column "
            f"'{split.column}' holds {len(changes) + 1}. Use a random split or another "
            "column."
        )
        raise InputError(msg, where="split")
    rows = len(order)
    test = _nearest(changes[1:], rows * (1.0 - split.test))
    earlier = changes[changes < test]
    validation = _nearest(earlier, rows * (1.0 - split.test - split.validation))
    parts[order[validation:test]] = 1
    parts[order[test:]] = 2
    return parts


def _nearest(places: RowArray, wanted: float) -> int:
    return int(places[np.argmin(np.abs(places - wanted))])


def _given_parts(split: GivenSplit, table: Rows) -> RowArray:
    cells = table.categories(split.column)
    parts = np.full(len(cells), -1, dtype=np.int64)
    unknown: dict[str, None] = {}
    for row, cell in enumerate(cells):
        part = SPELLINGS.get(str(cell).strip().lower()) if cell is not None else None
        if part is None:
            unknown["nothing" if cell is None else f"'{str(cell)[:40]}'"] = None
        else:
            parts[row] = PARTS.index(part)
    if unknown:
        held = ", ".join(list(unknown)[:3])
        msg = (
            f"Column '{split.column}' of the given split must hold train, validation "
            f"or test in every row, but holds {held} too. Correct these rows or use "
            "another split."
        )
        raise ColumnError(msg, where=split.column)
    return parts


def _refuse_empty(experiment: Experiment, parts: RowArray) -> None:
    counts = np.bincount(parts, minlength=len(PARTS))
    for part, count in zip(PARTS, counts, strict=True):
        if count == 0:
            way_out = (
                "Mark some rows with it, or use a random split."
                if experiment.split.kind == "given"
                else "Use larger shares, another split, or a file with more rows."
            )
            msg = (
                f"The {experiment.split.kind} split of {len(parts)} rows leaves no row "
                f"for {part}. {way_out}"
            )
            raise InputError(msg, where="split")
