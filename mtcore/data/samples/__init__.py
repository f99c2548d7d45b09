"""Tables to try Branchboard on, made by our own code.

The same sample is the same file on every machine, to the byte.
"""

from __future__ import annotations

import csv
from pathlib import Path

from mtcore.data.samples import digits, mixed, sensors
from mtcore.data.samples.sample import Columns, Sample
from mtcore.errors import MissingError

SAMPLES: tuple[Sample, ...] = (sensors.SAMPLE, mixed.SAMPLE, digits.SAMPLE)
_TABLES = {
    sensors.SAMPLE.id: sensors.make_columns,
    mixed.SAMPLE.id: mixed.make_columns,
    digits.SAMPLE.id: digits.make_columns,
}

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
    """Write a sample as a CSV file and return its path.

    Args:
        sample_id: Of one of `SAMPLES`.
        folder: Where the file goes; made if it is not there.

    Raises:
        MissingError: There is no such sample.
    """
    sample = find_sample(sample_id)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / sample.file_name
    _write_csv(_TABLES[sample_id](), path)
    return path


def _write_csv(columns: Columns, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
