"""Files of rows for a run that is there already."""

from __future__ import annotations

from mtcore.cli.files import Data
from mtcore.cli.reading_options import ReadingOptions
from mtcore.data.library.library import Dataset, Library
from mtcore.errors import ColumnError, ReadingError
from mtcore.spec import Experiment, Reading


def add_rows(
    library: Library,
    data: Data,
    options: ReadingOptions,
    experiment: Experiment,
    needed: tuple[str, ...],
) -> Dataset:
    """Return a file as a data set, read as the run's own file was where that fits.

    A file in another dialect is read as it is: the run's reading is tried first, and
    left where the columns are not found with it.

    Args:
        library: Where the file is kept.
        data: The file.
        options: What the person asked for; it goes before the run's reading.
        experiment: The run's.
        needed: Columns that the file must have.

    Raises:
        ReadingError: The file can't be read as a table.
        ColumnError: A column that is needed is not there.
    """
    missing = experiment.missing if options.missing is None else options.missing
    readings = [options.over(experiment.reading), options.over(Reading())]
    lacking: list[str] = list(needed)
    failure: ReadingError | None = None
    for reading in dict.fromkeys(readings):
        try:
            dataset = library.add(data.path, reading, missing, pictures=data.pictures)
        except ReadingError as error:
            failure = error
            continue
        failure = None
        names = {column.name for column in dataset.report.columns}
        lacking = [name for name in needed if name not in names]
        if not lacking:
            return dataset
    if failure is not None:
        raise failure
    listed = ", ".join(f"'{name}'" for name in lacking[:5])
    more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
    msg = (
        f"'{data.path.name}' lacks the column(s) {listed}{more} that the run needs. "
        "Use a file with the same columns."
    )
    raise ColumnError(msg, where=lacking[0])
