"""The files of a run: models, predictions and reports, wherever the store has them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import final
from urllib.parse import unquote, urlparse

from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.runs.store.connection import Connection, plain_errors


@final
class Artifacts:
    """Reads and writes the files of runs.

    Files under home are written beside their place and renamed, so that a reader never
    sees half of one. Those of a server are downloaded once into the cache.

    Args:
        home: Its cache is used.
        connection: The store that knows where files are.
    """

    def __init__(self, home: Home, connection: Connection) -> None:
        self._cache = home.cache / "artifacts"
        self._own = home.artifacts
        self._connection = connection

    def find(self, run_id: str, name: str) -> Path:
        """Return a file or folder of a run.

        Args:
            run_id: Which run.
            name: Its path within the run's files, such as `reports.json`.

        Raises:
            MissingError: The run has no such file.
            RunError: The store does not answer.
        """
        local = self._local_folder(run_id)
        if local is not None:
            path = local / name
        else:
            path = self._cache / run_id / name
            if not path.exists():
                self._download(run_id, name)
        if not path.exists():
            msg = (
                f"Run '{run_id[:40]}' has no '{name}'. It is made when the run "
                "finishes; train again if its files were removed."
            )
            raise MissingError(msg, where=run_id)
        return path

    def keep(self, run_id: str, source: Path, folder: str | None = None) -> None:
        """Add a file, or a folder with all that is in it, to a run.

        Args:
            run_id: Which run.
            source: What to add; it stays where it is.
            folder: Where to put it within the run's files.

        Raises:
            RunError: The store refuses, or the disk is full.
        """
        local = self._local_folder(run_id)
        with plain_errors(self._connection.uri, run_id):
            if local is not None:
                _place(source, local / (folder or "") / source.name)
            elif source.is_dir():
                inside = f"{folder}/{source.name}" if folder else source.name
                self._connection.client.log_artifacts(run_id, str(source), inside)
            else:
                self._connection.client.log_artifact(run_id, str(source), folder)

    def remove(self, run_id: str) -> None:
        """Give back the space of a run's files, where they are under home."""
        local = self._local_folder(run_id)
        for folder in (local and local.parent, self._cache / run_id):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _local_folder(self, run_id: str) -> Path | None:
        with plain_errors(self._connection.uri, run_id):
            uri = self._connection.client.get_run(run_id).info.artifact_uri
        address = urlparse(uri)
        if address.scheme not in ("", "file"):
            return None
        # The whole home may have been moved or copied since the run was made.
        own = self._own / run_id / "artifacts"
        return own if own.exists() else Path(unquote(address.path))

    def _download(self, run_id: str, name: str) -> None:
        target = self._cache / run_id / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._cache) as work:
            with plain_errors(self._connection.uri, run_id):
                known = self._connection.client.list_artifacts(
                    run_id, str(Path(name).parent) if "/" in name else None
                )
                if name not in {entry.path for entry in known}:
                    return
                there = self._connection.client.download_artifacts(run_id, name, work)
            if not target.exists():
                Path(there).replace(target)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as work:
        copy = Path(work) / source.name
        if source.is_dir():
            shutil.copytree(source, copy)
            shutil.rmtree(target, ignore_errors=True)
        else:
            shutil.copyfile(source, copy)
        copy.replace(target)
