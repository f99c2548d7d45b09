"""The way to the run store: MLflow's client, its database, and its errors in words."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from filelock import FileLock
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from sqlalchemy.exc import SQLAlchemyError

from mtcore.errors import MissingError, RunError
from mtcore.home import Home

EXPERIMENT_NAME = "Branchboard"
_LOCK_WAIT_S = 60.0
_SQLITE = "sqlite:///"


class Connection:
    """One store of runs, ready to be used.

    The database is created, and MLflow's experiment in it, under a file lock: two
    processes that did it at once would crash.

    Args:
        home: Where the database and the artifacts of the default store lie.
        tracking_uri: An MLflow store, or None for the default one.

    Attributes:
        client: MLflow's own, safe to use from several threads.
        experiment_id: MLflow's experiment that holds the runs.
        artifacts: The folder of the runs' artifacts, None where a server keeps them.
    """

    def __init__(self, home: Home, tracking_uri: str | None) -> None:
        self.uri = tracking_uri or database_uri(home.database)
        # What MLflow tells about its database is for its developers.
        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self.artifacts = None if _is_server(self.uri) else home.artifacts
        with _locked(self.uri), plain_errors(self.uri):
            self.client = MlflowClient(self.uri)
            self.experiment_id = self._experiment()

    def _experiment(self) -> str:
        found = self.client.get_experiment_by_name(EXPERIMENT_NAME)
        if found is not None and found.lifecycle_stage == "deleted":
            self.client.restore_experiment(found.experiment_id)
        if found is not None:
            return str(found.experiment_id)
        location = None if self.artifacts is None else self.artifacts.as_uri()
        made = self.client.create_experiment(
            EXPERIMENT_NAME, artifact_location=location
        )
        return str(made)


@contextlib.contextmanager
def plain_errors(uri: str, run_id: str | None = None) -> Iterator[None]:
    """Turn the store's errors into plain sentences.

    Args:
        uri: Which store it is about.
        run_id: Which run, if one.

    Raises:
        MissingError: The store does not know the run.
        RunError: The store does not answer, or refuses.
    """
    try:
        yield
    except MlflowException as error:
        # An id from the address bar may be one that no run can have.
        no_id = "for parameter 'run_id'" in str(error)
        unknown = error.error_code == "RESOURCE_DOES_NOT_EXIST"
        if run_id is not None and (unknown or no_id):
            raise missing_run(run_id) from error
        raise RunError(_refusal(uri, str(error)), where=run_id) from error
    except (SQLAlchemyError, OSError) as error:
        reason = str(error.args[0] if error.args else error)[:300]
        msg = (
            f"The database of runs can't be used: {reason}. Check that its disk is "
            "there, writable and not full."
        )
        raise RunError(msg, where=run_id) from error


def _refusal(uri: str, reason: str) -> str:
    if not _is_server(uri):
        return f"The store of runs refused: {reason[:300]}"
    # An address may hold a name and a password.
    address = urlsplit(uri)
    shown = f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
    if reason.startswith("API request to"):
        return (
            f"The run store at {shown} does not answer. Check that it runs and that "
            "MLFLOW_TRACKING_URI names it."
        )
    return f"The run store at {shown} refused: {reason[:300]}"


def missing_run(run_id: str) -> MissingError:
    """Return the error for an id that no run has."""
    msg = f"There is no run '{run_id[:40]}'. Choose one from the list of runs."
    return MissingError(msg, where=run_id)


def database_uri(path: Path) -> str:
    """Return the address of an SQLite file."""
    # SQLAlchemy decodes the path, and a question mark would begin its options.
    return _SQLITE + str(path).replace("%", "%25").replace("?", "%3F")


def _is_server(uri: str) -> bool:
    return uri.startswith(("http://", "https://", "databricks"))


@contextlib.contextmanager
def _locked(uri: str) -> Iterator[None]:
    if not uri.startswith(_SQLITE):
        yield
        return
    database = Path(unquote(uri.removeprefix(_SQLITE)))
    with plain_errors(uri):
        database.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{database}.lock", timeout=_LOCK_WAIT_S):
        yield
