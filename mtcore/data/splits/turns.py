"""Which rows each of several networks holds out, so that together they learn from all.

With few rows a validation part of its own is costly, and what it says is chance. Where
networks take turns, each holds out another part of the training and validation rows:
every row judges one network and teaches the others, as in cross-validation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits.splits import RowSplit, strata
from mtcore.data.splits.stratify import label_codes, stratified_parts
from mtcore.data.tables.stored import Rows, StoredTable
from mtcore.errors import InputError
from mtcore.spec import Experiment, GroupSplit, StratifiedSplit

# So that turns draw other numbers than splits do.
_STREAM = 0x70BE


@dataclass(frozen=True, slots=True)
class Turns:
    """Rows that judge and rows that teach.

    Args:
        held: The rows that are held out together, ascending, no row in two of them.
        learned: All rows that may be learned from, those of `held` included, ascending.
    """

    held: tuple[RowArray, ...]
    learned: RowArray

    @property
    def rotate(self) -> bool:
        """Whether there is more than one turn."""
        return len(self.held) > 1

    @property
    def all_held(self) -> RowArray:
        """Every row that is held out at some time, ascending."""
        return np.sort(np.concatenate(self.held))


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Answers for rows by models that did not learn from them.

    Args:
        rows: Row numbers of the table, ascending.
        outputs: `(rows, width)` by the head's name.
    """

    rows: RowArray
    outputs: dict[str, FloatArray]

    def among(self, rows: RowArray) -> HeldOut:
        """Return the answers for those of the rows that are among some others."""
        kept = np.isin(self.rows, rows)
        outputs = {name: values[kept] for name, values in self.outputs.items()}
        return HeldOut(self.rows[kept], outputs)


def take_turns(experiment: Experiment, table: Rows, split: RowSplit) -> Turns:
    """Return the rows that each network holds out.

    Args:
        experiment: Whether its networks take turns, how many there are, and how rows
            were split: classes keep their shares and groups stay together.
        table: Every row, with the columns that the split names. Networks take no turns
            on a stored table, which has rows enough.
        split: Its test rows are in no turn.

    Returns:
        One turn a network, or the validation part alone where there are none to take.

    Raises:
        InputError: There are too few rows or groups.
    """
    learned = np.sort(np.concatenate([split.train, split.validation]))
    if not experiment.training.rotates or isinstance(table, StoredTable):
        return Turns((split.validation,), learned)
    count = experiment.training.seeds
    random = np.random.default_rng((_STREAM, experiment.seed))
    match experiment.split:
        case StratifiedSplit():
            codes = strata(experiment, table)[learned]
            parts = stratified_parts(codes, np.full(count, 1.0 / count), random)
        case GroupSplit():
            cells = table.categories(experiment.split.column)[learned]
            parts = _whole_groups(label_codes(cells), count, random)
        case _:
            parts = random.permutation(np.arange(len(learned)) % count)
    held = tuple(learned[parts == place] for place in range(count))
    if any(not len(rows) for rows in held):
        what = "groups" if experiment.split.kind == "group" else "rows"
        msg = (
            f"{count} networks can't take turns, as there are fewer {what} than that "
            "besides the test part. Average fewer networks or turn `rotate` off."
        )
        raise InputError(msg, where="training")
    return Turns(held, learned)


def _whole_groups(group: RowArray, count: int, random: np.random.Generator) -> RowArray:
    """Deal groups out, large ones first, to the part with the fewest rows."""
    sizes = np.bincount(group)
    order = random.permutation(np.flatnonzero(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    filled = np.zeros(count, dtype=np.int64)
    part = np.zeros(len(sizes), dtype=np.int64)
    for this in order:
        part[this] = int(np.argmin(filled))
        filled[part[this]] += sizes[this]
    return part[group]
