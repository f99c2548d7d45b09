"""A model's answers for whole tables, written batch by batch and read head by head."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits.turns import HeldOut
from mtcore.data.tables.stored import Rows, read_batches
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.evaluation.metrics import Weights
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.evaluation.weighting import counted
from mtcore.spec import Experiment

if TYPE_CHECKING:
    from mtcore.engine.encode.encoding import Encoding

# Of a part with more rows, as many are judged, drawn once and for all: a share of them
# is right within 0.1 % in 99.7 of 100 draws.
MOST_JUDGED = 2_000_000
_WEIGHT = "weight"


class Answering(Protocol):
    """A model that answers for the rows of a table."""

    @property
    def encoding(self) -> Encoding:
        """What its training learned about inputs and targets."""

    def predict(self, table: Table) -> dict[str, FloatArray]:
        """Return every head's outputs by its name, float64 `(rows, width)`."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a head says about the rows of one part.

    Args:
        rows: Their numbers in the table, `(rows,)`; a sample where there are too many.
        targets: `(rows, k)`, NaN where there is no label.
        outputs: `(rows, width)`.
        labelled: Rows of the whole part that carry a label of this head.
        weights: How much each row counts, `(rows,)`; None: all alike.
    """

    rows: RowArray
    targets: FloatArray
    outputs: FloatArray
    labelled: int
    weights: Weights = None


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers.

    Args:
        model: For all rows.
        held_out: Answers that stand for the model's own where it learned from the
            rows that are to judge it.
    """

    model: Answering
    held_out: HeldOut | None = None


def write_answers(
    folder: Path,
    experiment: Experiment,
    table: Rows,
    parts: Mapping[str, RowArray],
    respondent: Respondent,
) -> None:
    """Write `<part>.parquet` for each part: row, targets and outputs a column each.

    Where rows have weights, those as they were given are one more column.

    Args:
        folder: An existing one.
        experiment: Its heads give the columns `h0/target/0`, `h0/output/0` and so on.
        table: Every row, with inputs and targets.
        parts: The rows of each part, ascending.
        respondent: Who answers.

    Raises:
        ColumnError: The table lacks a column.
    """
    writers: dict[str, pq.ParquetWriter] = {}
    start = 0
    with ExitStack() as files:
        for batch in table.batches():
            cells = _cells(experiment, batch, respondent, start)
            for part, rows in parts.items():
                low, high = np.searchsorted(rows, (start, start + batch.rows))
                chosen = cells.take(pa.array(rows[low:high] - start))
                chosen = chosen.add_column(0, "row", pa.array(rows[low:high]))
                if part not in writers:
                    path = folder / f"{part}.parquet"
                    writers[part] = files.enter_context(
                        pq.ParquetWriter(path, chosen.schema, compression="zstd")
                    )
                if len(chosen):
                    writers[part].write_table(chosen)
            start += batch.rows


def read_answers(path: Path, head_id: str, most: int = MOST_JUDGED) -> Answers:
    """Return what one head says about the rows of a part.

    Args:
        path: As `write_answers` wrote it.
        head_id: `h0`, `h1`, …
        most: More rows than this are drawn from.
    """
    rows: list[RowArray] = []
    found: dict[str, list[FloatArray]] = {"target": [], "output": []}
    labelled = start = 0
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        drawn = sample_rows(file.metadata.num_rows, most)
    columns = {
        what: [name for name in names if name.startswith(f"{head_id}/{what}/")]
        for what in found
    }
    weighted = [name for name in names if name == _WEIGHT]
    given: list[FloatArray] = []
    asked = ["row", *columns["target"], *columns["output"], *weighted]
    for batch in read_batches(path, asked):
        low, high = np.searchsorted(drawn, (start, start + batch.num_rows))
        here = drawn[low:high] - start
        start += batch.num_rows
        rows.append(batch.column("row").to_numpy()[here])
        given += [batch.column(name).to_numpy()[here] for name in weighted]
        for what, parts in found.items():
            values = _side_by_side(batch, columns[what])
            parts.append(values[here])
            if what == "target":
                labelled += int((~np.isnan(values).all(axis=1)).sum())
    return Answers(
        np.concatenate(rows),
        np.concatenate(found["target"]),
        np.concatenate(found["output"]),
        labelled,
        counted(np.concatenate(given)) if given else None,
    )


def _cells(
    experiment: Experiment, batch: Table, respondent: Respondent, start: int
) -> pa.Table:
    """Return targets and outputs of the batch from some row on, a column each."""
    model, held_out = respondent.model, respondent.held_out
    targets = head_targets(experiment, model.encoding.heads, batch)
    outputs = model.predict(batch)
    if held_out is not None:
        low, high = np.searchsorted(held_out.rows, (start, start + batch.rows))
        for name, values in held_out.outputs.items():
            outputs[name][held_out.rows[low:high] - start] = values[low:high]
    columns: dict[str, pa.Array] = {}
    for name, head_id in experiment.head_ids().items():
        double = model.encoding.heads[name].needs_double
        for what, values, kind in (
            ("target", targets[name], np.float64),
            # The network answers in single precision but for few heads, so nothing is
            # lost.
            ("output", outputs[name], np.float64 if double else np.float32),
        ):
            for place in range(values.shape[1]):
                column = values[:, place].astype(kind)
                columns[f"{head_id}/{what}/{place}"] = pa.array(column)
    weight = experiment.row_weight
    if weight is not None and weight in batch.column_names:
        columns[_WEIGHT] = pa.array(batch.numbers(weight))
    return pa.table(columns)


def _side_by_side(batch: pa.Table, columns: list[str]) -> FloatArray:
    return np.stack(
        [batch.column(name).to_numpy().astype(np.float64) for name in columns], axis=1
    )
