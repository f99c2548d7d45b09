"""Permutation importance on raw columns: one shuffle judges all heads at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.evaluation.importance.sheet import ImportanceSheet, Shuffled
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.evaluation.row_losses import row_losses
from mtcore.spec import Experiment, TargetEncoding

MOST_ROWS = 5_000
# Few rows are shuffled more often, as each shuffle says less.
_ANSWERS_A_LINE = 10_000
# Of hundreds of inputs each is judged on fewer rows, so that the sheet takes no longer.
_ANSWERS, _FEWEST_ANSWERS_A_LINE = 600_000, 2_000
_FEWEST_REPEATS, _MOST_REPEATS = 2, 10
# So that these orders differ from what splits, first weights and shuffling draw.
_STREAM = 0x1A9B

Predict = Callable[[Table], dict[str, FloatArray]]
Losses = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Judging:
    """What is judged and on what.

    Args:
        experiment: Names heads and inputs.
        encodings: What each head learned about its targets.
        predict: Answers for a table's rows.
        table: Test rows, with inputs and targets; 5,000 are plenty.
    """

    experiment: Experiment
    encodings: Mapping[str, TargetEncoding]
    predict: Predict
    table: Table

    def losses(self, table: Table, targets: Mapping[str, FloatArray]) -> Losses:
        """Return every head's loss a row of a table, given the rows' true targets."""
        outputs = self.predict(table)
        return {
            head.name: row_losses(
                head,
                self.encodings[head.name],
                targets[head.name],
                outputs[head.name],
            )
            for head in self.experiment.heads
        }


def shuffled_importance(
    judging: Judging, groups: Sequence[Sequence[str]], seed: int
) -> ImportanceSheet:
    """Return how much worse every head gets as inputs are shuffled.

    Breiman, Random Forests (2001), section 10, on raw columns and test rows, several
    columns in one order where they go together. The rise of a head's mean loss is told
    as a share of its best constant prediction's loss, so that heads compare.

    Args:
        judging: What is judged and on what.
        groups: The inputs, those that go together in one group; see `alike_inputs`.
        seed: The same seed shuffles in the same orders.
    """
    begun = time.monotonic()
    alone = [column for group in groups if len(group) > 1 for column in group]
    rows, repeats = rows_and_repeats(len(groups) + len(alone), judging.table.rows)
    table = judging.table.take(sample_rows(judging.table.rows, rows))
    targets = head_targets(judging.experiment, judging.encodings, table)
    random = np.random.default_rng((_STREAM, seed))
    orders = [random.permutation(table.rows) for _ in range(repeats)]
    before = judging.losses(table, targets)
    constant = _constant_losses(judging, targets)

    def line(columns: Sequence[str]) -> Shuffled:
        risen = []
        for order in orders:
            after = judging.losses(table.shuffled(columns, order), targets)
            risen.append({name: after[name] - before[name] for name in before})
        shares, errors = {}, {}
        for name, loss in constant.items():
            rises = np.stack([one[name] for one in risen])
            shares[name], errors[name] = _share(rises, loss)
        return Shuffled(columns=tuple(columns), shares=shares, errors=errors)

    lines = [line(group) for group in groups]
    return ImportanceSheet(
        rows=table.rows,
        repeats=repeats,
        groups=tuple(sorted(lines, key=lambda one: -one.mean_share())),
        members=tuple(line([column]) for column in alone),
        seconds=time.monotonic() - begun,
    )


def rows_and_repeats(lines: int, rows: int) -> tuple[int, int]:
    """Return how many rows judge each line of a sheet, and how often it is shuffled.

    Args:
        lines: Inputs and groups of inputs.
        rows: Test rows that are there.

    Examples:
        >>> rows_and_repeats(50, 5_000), rows_and_repeats(200, 5_000)
        ((5000, 2), (1500, 2))
        >>> rows_and_repeats(8, 300), rows_and_repeats(3_000, 5_000)
        ((300, 10), (1000, 2))
    """
    answers = min(_ANSWERS_A_LINE, _ANSWERS // max(lines, 1))
    answers = max(answers, _FEWEST_ANSWERS_A_LINE)
    judged = min(rows, answers // _FEWEST_REPEATS)
    repeats = -(-answers // max(judged, 1))
    return judged, min(max(repeats, _FEWEST_REPEATS), _MOST_REPEATS)


def _constant_losses(
    judging: Judging, targets: Mapping[str, FloatArray]
) -> dict[str, float]:
    """Return the mean loss of each head's best constant prediction on the rows."""
    found = {}
    for head in judging.experiment.heads:
        encoding = judging.encodings[head.name]
        rows = targets[head.name]
        outputs = np.tile(head.constant_outputs(encoding), (len(rows), 1))
        losses = row_losses(head, encoding, rows, outputs)
        known = losses[np.isfinite(losses)]
        found[head.name] = float(known.mean()) if known.size else np.nan
    return found


def _share(rises: FloatArray, constant: float) -> tuple[float | None, float | None]:
    """Return a rise as a share of the constant's loss, and its standard error.

    Args:
        rises: `(repeats, rows)`, NaN where a row has no label.
        constant: The constant prediction's mean loss.
    """
    known = rises[:, np.isfinite(rises).all(axis=0)]
    if not known.size or not constant > 0.0:
        return None, None
    # Over rows, with what all repeats say of each: repeats are not independent rows.
    by_row = known.mean(axis=0) / constant
    error = float(by_row.std() / np.sqrt(len(by_row)))
    return float(by_row.mean()), error
