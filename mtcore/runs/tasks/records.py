"""Rows to ask a model about, with the pictures that they name in them."""

from __future__ import annotations

from collections.abc import Mapping

from mtcore.data.pictures.album import album_of
from mtcore.data.pictures.decoding import picture_bytes, picture_text
from mtcore.errors import MissingError
from mtcore.runs.store.run import Run
from mtcore.runs.tasks.held import library_at
from mtcore.spec import ImageInput

Record = Mapping[str, object]


def whole_record(run: Run, record: Record, home_root: str) -> dict[str, object]:
    """Return a row with a cell for every input of a run.

    A picture that the run's data set has is put in the place of its name.
    """
    whole: dict[str, object] = {}
    for given in run.experiment.inputs or ():
        cell = record.get(given.column)
        if isinstance(given, ImageInput) and isinstance(cell, str):
            cell = _picture(run, cell, given.size, home_root)
        whole[given.column] = cell
    return whole


def _picture(run: Run, name: str, size: tuple[int, int], home_root: str) -> str:
    if picture_bytes(name) is not None:
        return name
    try:
        album = album_of(library_at(home_root).get(run.dataset_id).parquet)
    except MissingError:
        return name
    if album is None or album.problem(name) is not None:
        return name
    return picture_text(album.pixels([name], size)[0])
