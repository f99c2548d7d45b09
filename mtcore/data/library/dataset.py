"""One file as it was imported: where it lies and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import final

import orjson

from mtcore.data.profile.profile import Profile
from mtcore.data.reading import ReadingReport
from mtcore.spec.reading import Reading


@final
@dataclass(frozen=True, slots=True)
class Dataset:
    """One file as it was imported.

    Args:
        id: 16 hexadecimal digits: the content and how it was read.
        name: What people call it.
        rows: How many rows it has.
        bytes: The size of the original file.
        created: When it was imported, UTC.
        folder: Where it lies.
    """

    id: str
    name: str
    rows: int
    bytes: int
    created: datetime
    folder: Path

    @property
    def parquet(self) -> Path:
        """The typed table."""
        return self.folder / "table.parquet"

    @property
    def original(self) -> Path:
        """The file's bytes as they came."""
        return self.folder / "original"

    @property
    def report(self) -> ReadingReport:
        """What was read and what was not."""
        content = orjson.loads((self.folder / "report.json").read_bytes())
        return ReadingReport.from_json(content)

    @property
    def profile(self) -> Profile:
        """What each column holds."""
        content = orjson.loads((self.folder / "profile.json").read_bytes())
        return Profile.from_json(content)

    @property
    def reading(self) -> Reading:
        """How a person said it is to be read; a field left out was found."""
        facts = orjson.loads((self.folder / "dataset.json").read_bytes())
        return Reading.model_validate(facts["reading"])

    @property
    def missing(self) -> tuple[str, ...]:
        """Cells that a person said are missing when it was read."""
        facts = orjson.loads((self.folder / "dataset.json").read_bytes())
        return tuple(facts["missing"])

    @property
    def disk_bytes(self) -> int:
        """The space that all its files take."""
        return sum(f.stat().st_size for f in self.folder.iterdir() if f.is_file())


def load_dataset(folder: Path) -> Dataset:
    """Return the data set that lies in a folder of the library."""
    facts = orjson.loads((folder / "dataset.json").read_bytes())
    return Dataset(
        id=folder.name,
        name=facts["name"],
        rows=facts["rows"],
        bytes=facts["bytes"],
        created=datetime.fromisoformat(facts["created"]),
        folder=folder,
    )
