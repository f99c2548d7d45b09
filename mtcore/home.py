"""Where Branchboard keeps everything a session would miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one installation.

    Args:
        root: An absolute path; made when first written to, never on reading.
    """

    root: Path

    @property
    def datasets(self) -> Path:
        """One folder a data set: original bytes, Parquet and profile."""
        return self.root / "datasets"

    @property
    def uploads(self) -> Path:
        """Files on their way into the library."""
        return self.root / "uploads"

    @property
    def drafts(self) -> Path:
        """One JSON file an experiment that is being designed."""
        return self.root / "drafts"

    @property
    def database(self) -> Path:
        """The SQLite file of the default run store."""
        return self.root / "runs.db"

    @property
    def artifacts(self) -> Path:
        """Models, predictions and reports, a folder a run."""
        return self.root / "artifacts"

    @property
    def checkpoints(self) -> Path:
        """Where an interrupted run goes on from, a folder a run."""
        return self.root / "checkpoints"

    @property
    def cache(self) -> Path:
        """What can be computed again: summaries and downloaded artifacts."""
        return self.root / "cache"

    @property
    def cluster(self) -> Path:
        """The local scheduler's address, keys and process ids."""
        return self.root / "cluster"

    @property
    def logs(self) -> Path:
        """Log files of the server, the scheduler and the workers."""
        return self.root / "logs"


def find_home(environment: Mapping[str, str], working_directory: Path) -> Home:
    """Return the home that the environment names, or the default one.

    Args:
        environment: Such as `os.environ`; `BRANCHBOARD_HOME` is looked up in it.
        working_directory: Where the default, `.branchboard/`, lies.
    """
    named = environment.get("BRANCHBOARD_HOME", "").strip()
    root = Path(named).expanduser() if named else working_directory / ".branchboard"
    return Home(root.absolute())
