"""Reading a file into the library and counting its labels, away from the server.

It needs as little as it can: the first file of a fresh worker is read before what the
other tasks need is imported.
"""

from __future__ import annotations

from pathlib import Path

from mtcore.data.library.library import Library
from mtcore.data.splits.coverage import Coverage, count_labels, needed_columns
from mtcore.data.tables.stored import give_memory_back
from mtcore.home import Home
from mtcore.spec import Experiment, Reading


def read_file(
    path: str, reading_json: str, missing: tuple[str, ...], name: str, home_root: str
) -> str:
    """Import a file and return the id of its data set.

    Args:
        path: The file, on a disk that this process sees.
        reading_json: A `Reading` as JSON.
        missing: Cells that count as missing besides the usual ones.
        name: What people call it.
        home_root: Where data sets are kept.

    Raises:
        ReadingError: The file cannot be read as a table.
    """
    reading = Reading.model_validate_json(reading_json)
    return Library(Home(Path(home_root))).add(Path(path), reading, missing, name).id


def count_coverage(experiment_json: str, dataset_id: str, home_root: str) -> Coverage:
    """Count which parts of a data set hold which labels.

    Args:
        experiment_json: Its heads and its split, as JSON.
        dataset_id: The rows.
        home_root: Where data sets are kept.

    Raises:
        ColumnError: A column is missing or cannot be used.
        InputError: A part would be empty.
    """
    experiment = Experiment.model_validate_json(experiment_json)
    library = Library(Home(Path(home_root)))
    columns = needed_columns(experiment)
    rows = library.table(dataset_id, columns, experiment.missing)
    coverage = count_labels(experiment, rows)
    del rows
    give_memory_back()
    return coverage
