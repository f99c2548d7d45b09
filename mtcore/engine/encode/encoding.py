"""How a table's columns become numbers for a network: plain data, no TensorFlow."""

from __future__ import annotations

from collections import Counter

import numpy as np

from mtcore.arrays import FloatArray, RowArray, TextArray
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import read_targets
from mtcore.data.values.words import words_of
from mtcore.engine.encode.input_encoding import (
    CYCLE_S,
    CategoryEncoding,
    Cycle,
    DatetimeEncoding,
    ImageEncoding,
    InputEncoding,
    NumberEncoding,
    TextEncoding,
)
from mtcore.engine.encode.quantities import fit_scaling
from mtcore.errors import ExperimentError
from mtcore.spec import (
    BooleanInput,
    CategoryInput,
    DatetimeInput,
    Experiment,
    ImageInput,
    Input,
    NumberInput,
    TargetEncoding,
    TextInput,
)
from mtcore.spec.base import Frozen

# Up to so many rows: the most bins of one quantity. On smooth tables of some thousand
# rows more bins only help to learn the noise: R² of air quality falls from .87 to .83
# between 4 bins and 32.
BINS_BY_ROWS: tuple[tuple[float, int], ...] = ((20_000, 4), (np.inf, 32))
# The most bins of all quantities together.
ALL_BINS = 2_048
# Beyond so many distinct values, one that occurs once teaches nothing.
MANY_VALUES = 100
MAX_VOCABULARY = 10_000
# Of a text: padding, and words that are not in the vocabulary.
RESERVED_CODES = 2
# The share of texts that are read to their end, and the steps and limit of what is.
READ_WHOLE = 0.95
ROUND_LENGTH = 8
MOST_LENGTH = 400


class Encoding(Frozen):
    """All that training learned from the rows before the network saw them.

    Args:
        inputs: One entry an input column, in the experiment's order.
        heads: What each head learned about its targets, by the head's name.
    """

    inputs: tuple[InputEncoding, ...]
    heads: dict[str, TargetEncoding]


def fit_encoding(experiment: Experiment, table: Table, split: RowSplit) -> Encoding:
    """Return how inputs and targets are encoded, from the training rows.

    Args:
        experiment: With its inputs listed.
        table: Every row, with all input and target columns.
        split: Its training rows are the ones learned from.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: No inputs are listed, or a head cannot use its target.
    """
    if experiment.inputs is None:
        msg = "The experiment lists no inputs. List the columns to learn from."
        raise ExperimentError(msg, where="inputs")
    bins = _bins_a_quantity(experiment.inputs, table.rows)
    heads = {
        head.name: head.fit_targets(read_targets(head, table), split.train)
        for head in experiment.heads
    }
    inputs = tuple(
        _fit_input(given, table, split.train, bins) for given in experiment.inputs
    )
    return Encoding(inputs=inputs, heads=heads)


def _bins_a_quantity(inputs: tuple[Input, ...], rows: int) -> int:
    quantities = sum(given.kind in ("number", "datetime") for given in inputs)
    most = next(bins for limit, bins in BINS_BY_ROWS if rows <= limit)
    return min(most, ALL_BINS // max(quantities, 1))


def _fit_input(
    given: Input, table: Table, train_rows: RowArray, bins: int
) -> InputEncoding:
    column = given.column
    match given:
        case NumberInput():
            values = table.numbers(column)
            scaling = fit_scaling(values, values[train_rows], bins)
            return NumberEncoding(column=column, scaling=scaling)
        case DatetimeInput():
            values = table.timestamps(column)
            scaling = fit_scaling(values, values[train_rows], bins)
            cycles = _cycles_in(values)
            return DatetimeEncoding(column=column, scaling=scaling, cycles=cycles)
        case CategoryInput() | BooleanInput():
            return _fit_category(given, table, train_rows)
        case TextInput():
            return _fit_text(given, table, train_rows)
        case ImageInput():
            return ImageEncoding(column=column, reading=given)


def _fit_category(
    given: CategoryInput | BooleanInput, table: Table, train_rows: RowArray
) -> CategoryEncoding:
    cells = table.categories(given.column)
    distinct = {cell for cell in cells if cell is not None}
    counts = Counter(cell for cell in cells[train_rows] if cell is not None)
    least = 2 if len(distinct) > MANY_VALUES else 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kept = [value for value, count in ranked if count >= least]
    return CategoryEncoding(
        kind=given.kind,
        column=given.column,
        vocabulary=tuple(kept[:MAX_VOCABULARY]),
        values=min(len(distinct), MAX_VOCABULARY),
    )


def _fit_text(given: TextInput, table: Table, train_rows: RowArray) -> TextEncoding:
    counts: Counter[str] = Counter()
    cells = table.categories(given.column)
    for cell in cells[train_rows]:
        counts.update(words_of(cell or ""))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    # What occurs once is learned as an unknown word: so there are some to learn from.
    least = 2 if len(ranked) > MANY_VALUES else 1
    known = [word for word, count in ranked if count >= least]
    vocabulary = tuple(known[: given.vocabulary - RESERVED_CODES])
    return TextEncoding(
        column=given.column,
        vocabulary=vocabulary,
        reading=given,
        length=given.length or _length_of(cells),
    )


def _length_of(cells: TextArray) -> int:
    """Return the words that nearly all texts have at most, a round number of them.

    It depends on all rows and is round, so that another split or another file of the
    same kind asks for the same network.
    """
    counts = [len(words_of(cell)) for cell in cells if cell is not None]
    if not counts:
        return ROUND_LENGTH
    most = np.quantile(counts, READ_WHOLE, method="higher")
    rounded = -(-int(most) // ROUND_LENGTH) * ROUND_LENGTH
    return min(max(rounded, ROUND_LENGTH), MOST_LENGTH)


def _cycles_in(seconds: FloatArray) -> tuple[Cycle, ...]:
    """Return the cycles that moments differ in and that their span can show."""
    known = seconds[np.isfinite(seconds)]
    if known.size == 0:
        return ()
    span = float(known.max() - known.min())
    time_of_day = np.unique(np.mod(known, CYCLE_S["day"])).size > 1
    wide_enough: dict[Cycle, bool] = {
        "day": bool(time_of_day),
        "week": span > 2 * CYCLE_S["day"],
        "year": span > CYCLE_S["year"] / 6,
    }
    return tuple(cycle for cycle, varies in wide_enough.items() if varies)
