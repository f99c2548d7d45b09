"""Experiments that are being designed: saved at every change, one JSON file each."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, final

import orjson

from mtcore.errors import MissingError
from mtcore.home import Home

_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """An experiment on its way; it may be unfinished, so it is plain data.

    Args:
        id: 16 hexadecimal digits.
        dataset_id: The data set it is meant for.
        experiment: As `spec.plain_data` gives it, perhaps with faults still in it.
        parent_run: The run whose experiment it started from.
        updated: When it was last saved, UTC.
    """

    id: str
    dataset_id: str
    experiment: Mapping[str, Any]
    parent_run: str | None
    updated: datetime


@final
class Drafts:
    """Keeps drafts under home. Several processes may use it at the same time.

    Args:
        home: Where the files are kept.
    """

    def __init__(self, home: Home) -> None:
        self._root = home.drafts

    def create(
        self,
        dataset_id: str,
        experiment: Mapping[str, Any],
        parent_run: str | None = None,
    ) -> Draft:
        """Save a new draft and return it.

        Args:
            dataset_id: The data set it is meant for.
            experiment: As plain data.
            parent_run: The run it starts from, for "Run again with changes".
        """
        self._root.mkdir(parents=True, exist_ok=True)
        draft_id = secrets.token_hex(_ID_BYTES)
        return self._write(draft_id, dataset_id, experiment, parent_run)

    def get(self, draft_id: str) -> Draft:
        """Return a draft.

        Raises:
            MissingError: There is none with this id.
        """
        path = self._root / f"{draft_id}.json"
        if not _is_id(draft_id) or not path.is_file():
            msg = (
                f"There is no draft '{draft_id[:40]}'. Open Design from a data set or "
                "a run to start one."
            )
            raise MissingError(msg, where=draft_id)
        return _read(path)

    def save(self, draft_id: str, experiment: Mapping[str, Any]) -> Draft:
        """Replace a draft's experiment and return the draft.

        Raises:
            MissingError: There is none with this id.
        """
        before = self.get(draft_id)
        return self._write(draft_id, before.dataset_id, experiment, before.parent_run)

    def list(self) -> tuple[Draft, ...]:
        """Return all drafts, the one saved last first."""
        if not self._root.is_dir():
            return ()
        drafts = [_read(path) for path in self._root.glob("*.json")]
        return tuple(sorted(drafts, key=lambda draft: draft.updated, reverse=True))

    def delete(self, draft_id: str) -> None:
        """Remove a draft; one that is gone already is no error."""
        if _is_id(draft_id):
            (self._root / f"{draft_id}.json").unlink(missing_ok=True)

    def _write(
        self,
        draft_id: str,
        dataset_id: str,
        experiment: Mapping[str, Any],
        parent_run: str | None,
    ) -> Draft:
        draft = Draft(
            draft_id, dataset_id, dict(experiment), parent_run, datetime.now(UTC)
        )
        content = orjson.dumps(draft)
        with tempfile.NamedTemporaryFile(dir=self._root, delete=False) as file:
            file.write(content)
        Path(file.name).replace(self._root / f"{draft_id}.json")
        return draft


def _is_id(text: str) -> bool:
    # An id comes from the address bar: only what `create` made may name a file.
    hexadecimal = all(letter in "0123456789abcdef" for letter in text)
    return hexadecimal and len(text) == 2 * _ID_BYTES


def _read(path: Path) -> Draft:
    stored = orjson.loads(path.read_bytes())
    stored["updated"] = datetime.fromisoformat(stored["updated"])
    return Draft(**stored)
