"""A run's predictions as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.data.values.spreadsheets import defused
from mtcore.evaluation.conformal import interval_columns
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Head, MultilabelHead, TargetEncoding
from mtcore.spec.intervals import Wanted
from pages.parts.run_facts import SPLITS, SplitName, intervals_of, target_encodings

_RANGES = Wanted(0.9)


def predictions_csv(workspace: Workspace, run: Run) -> bytes:
    """Return every row's labels and predictions, in the order of the data set.

    Columns: `row` (from 0), `part`, and for each head `<head>: actual`, `<head>`, what
    `predict` gives besides, and the range or set that holds nine of ten truths of rows
    like the test rows; of training rows it holds more. Texts that a spreadsheet would
    run as a formula begin with an apostrophe.
    """
    frames = []
    names: tuple[str, ...] = ()
    for split in SPLITS:
        names, cells = zip(*_columns(workspace, run, split), strict=True)
        # Counted, as heads may have any name, even that of another column.
        frames.append(pd.DataFrame(dict(enumerate(cells))))
    frame = pd.concat(frames, ignore_index=True)
    frame = frame.iloc[np.argsort(frame[0].to_numpy())].copy()
    for place in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[place]):
            frame[place] = frame[place].map(_defused_cell)
    header = [defused(name) for name in names]
    content: str = frame.to_csv(index=False, header=header)
    # Excel takes a file without this mark for its own old encoding.
    return content.encode("utf-8-sig")


def _columns(
    workspace: Workspace, run: Run, split: SplitName
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the columns of one part of the rows with their names."""
    path = workspace.runs.artifact(run.id, f"predictions/{split}.parquet")
    table = pq.read_table(path)
    yield "row", table.column("row").to_numpy()
    yield "part", np.full(table.num_rows, split, dtype=object)
    encodings = target_encodings(workspace, run)
    intervals = intervals_of(workspace, run)
    for head, head_id in zip(
        run.experiment.heads, run.experiment.head_ids().values(), strict=True
    ):
        encoding = encodings[head.name]
        yield from _actual(head, encoding, _block(table, f"{head_id}/target/"))
        outputs = _block(table, f"{head_id}/output/")
        yield from head.decode(outputs, encoding).items()
        if intervals is not None:
            yield from interval_columns(
                head, encoding, intervals, _RANGES, outputs
            ).items()


def _block(table: pa.Table, prefix: str) -> FloatArray:
    names = [name for name in table.column_names if name.startswith(prefix)]
    columns = [table.column(f"{prefix}{place}") for place in range(len(names))]
    return np.stack([c.to_numpy().astype(np.float64) for c in columns], axis=1)


def _actual(
    head: Head, encoding: TargetEncoding, targets: FloatArray
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield a head's labels as people read them, empty where there is none."""
    if isinstance(head, MultilabelHead):
        for place, label in enumerate(encoding.classes):
            yield f"{head.name}: {label}: actual", targets[:, place]
    elif head.target_kind == "number":
        for place, column in enumerate(head.columns):
            name = head.name if len(head.columns) == 1 else f"{head.name}: {column}"
            yield f"{name}: actual", targets[:, place]
    else:
        names = np.asarray([*encoding.classes, None], dtype=object)
        known = ~np.isnan(targets[:, 0])
        places = np.where(known, targets[:, 0], len(encoding.classes))
        yield f"{head.name}: actual", names[places.astype(np.int64)]


def _defused_cell(cell: object) -> object:
    return defused(cell) if isinstance(cell, str) else cell
