"""What a process keeps between tasks: stores, tables and loaded models."""

from __future__ import annotations

import math
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, final

from mtcore.data.library.library import Library
from mtcore.data.pictures.decoding import COLOURS
from mtcore.data.tables.stored import (
    MOST_BYTES,
    Rows,
    StoredTable,
    open_rows,
    stored_columns,
)
from mtcore.data.tables.table import Table
from mtcore.errors import ClusterError, ColumnError
from mtcore.home import Home
from mtcore.runs.cluster.warmth import wait_until_warm
from mtcore.runs.store.deletions import last_deletion
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore
from mtcore.spec import Experiment, ImageInput

if TYPE_CHECKING:
    from mtcore.engine.served.predictor import Predictor

MOST_MODELS = 6
MOST_TABLES = 3
RUN_KNOWN_S = 30.0
TABLE_VARIABLE = "BRANCHBOARD_TABLE_MB"
Key = TypeVar("Key")
Value = TypeVar("Value")


class _Slot(Generic[Value]):
    """A place for one thing, and a lock for whoever makes it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made: list[Value] = []


@final
class Latest(Generic[Key, Value]):
    """The few things used last; safe to use from threads.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._slots: OrderedDict[Key, _Slot[Value]] = OrderedDict()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is held under a key, made now if it is not there.

        Whoever asks for the same meanwhile waits, so that nothing is made twice.
        """
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            while len(self._slots) > self._most:
                self._slots.popitem(last=False)
        with slot.lock:
            if not slot.made:
                slot.made.append(make())
            return slot.made[0]


_models: Latest[tuple[str, str], Predictor] = Latest(MOST_MODELS)
_runs: Latest[tuple[str, str | None, str, int, bytes], Run] = Latest(MOST_MODELS)
_tables: Latest[tuple[str, str, tuple[str, ...], tuple[str, ...], int], Rows] = Latest(
    MOST_TABLES
)


@cache
def store_at(home_root: str, tracking_uri: str | None) -> RunStore:
    """Return the run store of a home."""
    return RunStore(home_at(home_root), tracking_uri)


def known_run(run_id: str, home_root: str, tracking_uri: str | None) -> Run:
    """Return a run as it was half a minute ago at most; for questions to its model.

    Reading a run takes longer than its model's answer, and nothing that an answer
    rests on changes once there is a model. A deletion is heard of at once, or within
    that time where a server with another home makes it in a store that both use.

    Raises:
        MissingError: There is none with this id, or it was deleted.
    """
    when = int(time.monotonic() / RUN_KNOWN_S)
    return _runs.get(
        (home_root, tracking_uri, run_id, when, last_deletion(Home(Path(home_root)))),
        lambda: store_at(home_root, tracking_uri).get(run_id),
    )


def library_at(home_root: str) -> Library:
    """Return the data sets of a home."""
    return Library(home_at(home_root))


def home_at(home_root: str) -> Home:
    """Return a home that this process must be able to see.

    Raises:
        ClusterError: It does not, as on another machine without that folder.
    """
    root = Path(home_root)
    if not root.is_dir():
        msg = (
            f"The worker does not see the folder '{root}'. Put BRANCHBOARD_HOME on a "
            "disk that the server and all workers share."
        )
        raise ClusterError(msg)
    return Home(root)


def scratch_folder(home_root: str) -> Path:
    """Return the folder under home for what is needed while a task runs."""
    folder = home_at(home_root).cache
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def rows_for(
    experiment: Experiment,
    dataset_id: str,
    home_root: str,
    columns: tuple[str, ...] | None = None,
) -> Rows:
    """Return columns of a data set, all rows; from its file where it is large.

    Args:
        experiment: Says what counts as missing.
        dataset_id: Which data set.
        home_root: See the package.
        columns: Which columns; by default all that training needs.

    Raises:
        ColumnError: The data set lacks a column.
    """
    asked = needed_columns(experiment) if columns is None else columns
    parquet = library_at(home_root).get(dataset_id).parquet
    most = most_table_bytes()
    key = (home_root, dataset_id, asked, experiment.missing, most)
    return _tables.get(
        key,
        lambda: open_rows(
            parquet,
            asked,
            experiment.missing,
            most_bytes=most,
            picture_bytes=picture_bytes(experiment),
        ),
    )


def picture_bytes(experiment: Experiment) -> int:
    """Return the bytes that a row's pictures take as pixels."""
    return sum(
        math.prod(given.size) * COLOURS
        for given in experiment.inputs or ()
        if isinstance(given, ImageInput)
    )


def most_table_bytes() -> int:
    """Return the bytes of cells that a table in memory may have.

    `BRANCHBOARD_TABLE_MB` sets it, in megabytes.
    """
    given = os.environ.get(TABLE_VARIABLE, "").strip()
    return int(float(given) * 1e6) if given else MOST_BYTES


def input_rows(experiment: Experiment, dataset_id: str, home_root: str) -> Rows:
    """Return the inputs of a trained experiment from any data set, all rows.

    Raises:
        ColumnError: The data set has none of them. One that it lacks among others is
            there with all cells missing.
    """
    columns = [given.column for given in experiment.inputs or ()]
    dataset = library_at(home_root).get(dataset_id)
    names = set(stored_columns(dataset.parquet))
    there = [column for column in columns if column in names]
    if not there:
        shown = ", ".join(f"'{column}'" for column in columns[:5])
        msg = (
            f"'{dataset.name}' has none of the columns that the run was trained on, "
            f"such as {shown}. Choose rows with the same columns."
        )
        raise ColumnError(msg, where=columns[0] if columns else None)
    absent = [column for column in columns if column not in names]
    return StoredTable(dataset.parquet, there, experiment.missing, absent)


def needed_columns(experiment: Experiment) -> tuple[str, ...]:
    """Return the columns that training reads: inputs, targets, weight and split."""
    columns = [given.column for given in experiment.inputs or ()]
    columns += experiment.target_columns()
    if experiment.row_weight is not None:
        columns.append(experiment.row_weight)
    match experiment.split.kind:
        case "group" | "time" | "given":
            columns.append(experiment.split.column)
        case "random" | "stratified":
            pass
    return tuple(dict.fromkeys(columns))


def predictor_of(run: Run, home_root: str, tracking_uri: str | None) -> Predictor:
    """Return a finished run's model, loaded once in this process.

    Raises:
        MissingError: The run has no model.
    """
    wait_until_warm()
    from mtcore.engine.served.predictor import load_predictor

    def load() -> Predictor:
        folder = store_at(home_root, tracking_uri).artifact(run.id, "model")
        predictor = load_predictor(folder, run.experiment)
        # The first answer takes longest: nobody should wait for it.
        columns = [given.column for given in run.experiment.inputs or ()]
        predictor.predict(Table.from_records([dict.fromkeys(columns)]))
        return predictor

    return _models.get((home_root, run.id), load)
