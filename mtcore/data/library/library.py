"""The data sets of an installation: original bytes, Parquet and profile, by content."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, final

import orjson

from mtcore.data.library.dataset import Dataset, load_dataset
from mtcore.data.library.importing import id_of_file, import_file, write_json
from mtcore.data.pictures.album import PICTURES_FILE
from mtcore.data.queries.parquet_rows import read_rows
from mtcore.data.tables.stored import Rows, open_rows
from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.spec.inputs import ColumnKind
from mtcore.spec.reading import Reading

__all__ = ["Dataset", "Library"]

if TYPE_CHECKING:
    import pandas as pd

_BLOCK = 1 << 20
_DELETED = ".deleted"


@final
class Library:
    """Keeps data sets under home. Several processes may use one at the same time.

    A data set is written in a folder of its own and then renamed, so that a half
    imported one is never seen. The same bytes read in the same way are one data set.

    Args:
        home: Where data sets are kept.
    """

    def __init__(self, home: Home) -> None:
        self._root = home.datasets

    def add(
        self,
        path: Path,
        options: Reading | None = None,
        missing: Sequence[str] = (),
        name: str | None = None,
        *,
        pictures: Path | None = None,
    ) -> Dataset:
        """Return the data set of a file, imported now if it was not before.

        Args:
            path: A file that `read_table` reads.
            options: How to read it, where finding out by itself is not wanted.
            missing: Cells that count as missing besides the usual ones.
            name: What people call it; the file's name by default.
            pictures: A folder or archive with the pictures that the table names, where
                the file is not an archive of both.

        Raises:
            ReadingError: The file cannot be read as a table.
        """
        reading = options or Reading()
        shown = (name or path.name).strip() or "Untitled"
        kept = path.with_name(PICTURES_FILE)
        if pictures is None and path.parent.parent == self._root and kept.is_file():
            # A data set that is read anew keeps its pictures.
            pictures = kept
        dataset_id = id_of_file(path, reading, missing, pictures)
        folder = self._root / dataset_id
        if folder.exists():
            return self.get(dataset_id)
        self._root.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".import-", dir=self._root))
        try:
            import_file(path, work, reading, missing, shown, pictures)
            try:
                work.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
            # Imported anew, so the copy that was once deleted is not needed.
            shutil.rmtree(self._root / _DELETED / dataset_id, ignore_errors=True)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return self.get(dataset_id)

    def get(self, dataset_id: str) -> Dataset:
        """Return a data set by its id.

        Raises:
            MissingError: There is none.
        """
        return load_dataset(self._folder_of(dataset_id))

    def list(self) -> tuple[Dataset, ...]:
        """Return all data sets, the newest first."""
        return _all_in(self._root)

    def deleted(self) -> tuple[Dataset, ...]:
        """Return the data sets that can be restored, the newest first."""
        return _all_in(self._root / _DELETED)

    def delete(self, dataset_id: str) -> None:
        """Put a data set aside; `restore` brings it back.

        Raises:
            MissingError: There is none.
        """
        folder = self._folder_of(dataset_id)
        aside = self._root / _DELETED / dataset_id
        aside.parent.mkdir(exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)

    def restore(self, dataset_id: str) -> Dataset:
        """Bring a deleted data set back.

        Raises:
            MissingError: It was never deleted, or is gone for good.
        """
        aside = self._root / _DELETED / dataset_id
        if not _is_id(dataset_id) or not aside.is_dir():
            message = (
                f"Data set '{dataset_id[:40]}' is not among the deleted ones. "
                "Import the file again."
            )
            raise MissingError(message, where=dataset_id)
        folder = self._root / dataset_id
        if folder.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(folder)
        return self.get(dataset_id)

    def purge_deleted(self) -> None:
        """Remove deleted data sets for good."""
        shutil.rmtree(self._root / _DELETED, ignore_errors=True)

    def rename(self, dataset_id: str, name: str) -> Dataset:
        """Give a data set another name.

        Raises:
            MissingError: There is none.
        """
        folder = self._folder_of(dataset_id)
        facts = json.loads((folder / "dataset.json").read_text("utf-8"))
        facts["name"] = name.strip() or facts["name"]
        write_json(folder / "dataset.json", facts)
        return self.get(dataset_id)

    def retype(self, dataset_id: str, column: str, kind: ColumnKind) -> Dataset:
        """Take a column for another kind from now on.

        Its values stay as they are, and so do experiments that name its kind already.

        Args:
            dataset_id: Which data set.
            column: Its column.
            kind: What people say that it holds.

        Raises:
            MissingError: There is no such data set.
            ColumnError: It has no such column.
        """
        dataset = self.get(dataset_id)
        before = dataset.profile.column(column).kind
        for name in ("report.json", "profile.json"):
            record = orjson.loads((dataset.folder / name).read_bytes())
            for entry in record["columns"]:
                if entry["name"] == column and before != kind:
                    entry["kind"] = kind
                    entry["reason"] = f"set by hand, taken for {before} before"
            write_json(dataset.folder / name, record)
        return dataset

    def table(
        self,
        dataset_id: str,
        columns: Sequence[str] | None = None,
        missing: Sequence[str] = (),
    ) -> Rows:
        """Return the rows of a data set, in its file where they are very many.

        Args:
            dataset_id: Which one.
            columns: The columns to load; all by default.
            missing: Cells that count as missing besides empty ones.

        Raises:
            MissingError: There is no such data set.
            ColumnError: A column is not in it.
        """
        return open_rows(self.get(dataset_id).parquet, columns, missing)

    def preview(self, dataset_id: str, rows: int = 100) -> pd.DataFrame:
        """Return the first rows of a data set, to look at."""
        cells = read_rows(self.get(dataset_id).parquet, 0, rows)
        frame: pd.DataFrame = cells.to_pandas()
        return frame

    def row(self, dataset_id: str, row: int) -> dict[str, object]:
        """Return one row as a record: numbers, texts, moments or None.

        Args:
            dataset_id: Which data set.
            row: Its number, from 0.

        Raises:
            MissingError: There is no such data set or row.
        """
        dataset = self.get(dataset_id)
        if not 0 <= row < dataset.rows:
            message = (
                f"'{dataset.name}' has no row {row}. Ask for a row "
                f"from 0 to {dataset.rows - 1}."
            )
            raise MissingError(message, where=dataset_id)
        record: dict[str, object]
        record = read_rows(dataset.parquet, row, 1).to_pylist()[0]
        return record

    def _folder_of(self, dataset_id: str) -> Path:
        folder = self._root / dataset_id
        if not _is_id(dataset_id) or not folder.is_dir():
            message = (
                f"There is no data set '{dataset_id[:40]}'. Choose one from the "
                "list, or import the file again."
            )
            raise MissingError(message, where=dataset_id)
        return folder


def _is_id(text: str) -> bool:
    return len(text) == 16 and all(letter in "0123456789abcdef" for letter in text)


def _all_in(folder: Path) -> tuple[Dataset, ...]:
    if not folder.is_dir():
        return ()
    there = [load_dataset(entry) for entry in folder.iterdir() if _is_id(entry.name)]
    return tuple(sorted(there, key=lambda dataset: dataset.created, reverse=True))
