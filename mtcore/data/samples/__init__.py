"""Tables to try Branchboard on, made by our own code.

The same sample is the same file on every machine: to the byte where it is a table, and
to the pixel where it is an archive of pictures.
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import TextIO

from mtcore.data.samples import digits, mixed, pets, sensors
from mtcore.data.samples.sample import Columns, Sample
from mtcore.errors import MissingError

SAMPLES: tuple[Sample, ...] = (
    sensors.SAMPLE,
    mixed.SAMPLE,
    digits.SAMPLE,
    pets.SAMPLE,
)
_TABLES = {
    sensors.SAMPLE.id: sensors.make_columns,
    mixed.SAMPLE.id: mixed.make_columns,
    digits.SAMPLE.id: digits.make_columns,
    pets.SAMPLE.id: pets.make_columns,
}
_PICTURES = {pets.SAMPLE.id: pets.make_files}
# So that the time of writing does not change the file.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

__all__ = ["SAMPLES", "Sample", "find_sample", "write_sample"]


def find_sample(sample_id: str) -> Sample:
    """Return the sample of this id.

    Raises:
        MissingError: There is none.
    """
    for sample in SAMPLES:
        if sample.id == sample_id:
            return sample
    names = ", ".join(sample.id for sample in SAMPLES)
    msg = f"There is no sample '{sample_id}'. The samples are {names}."
    raise MissingError(msg)


def write_sample(sample_id: str, folder: Path) -> Path:
    """Write a sample as a file and return its path.

    Args:
        sample_id: Of one of `SAMPLES`.
        folder: Where the file goes; made if it is not there.

    Raises:
        MissingError: There is no such sample.
    """
    sample = find_sample(sample_id)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / sample.file_name
    columns = _TABLES[sample_id]()
    if sample_id in _PICTURES:
        _write_archive(columns, _PICTURES[sample_id](), path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            _write_csv(columns, file)
    return path


def _write_csv(columns: Columns, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))


def _write_archive(columns: Columns, pictures: dict[str, bytes], path: Path) -> None:
    table = io.StringIO()
    _write_csv(columns, table)
    files = {path.with_suffix(".csv").name: table.getvalue().encode(), **pictures}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)
