"""The way to the workers: found or started, then asked, through Dask."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import TypeVar, final

from distributed import Client, Future, KilledWorker, Security, fire_and_forget
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError
from filelock import FileLock, Timeout

from mtcore.errors import ClusterError
from mtcore.home import Home
from mtcore.runs.cluster.errands import Errand, TaskName, answer_plainly
from mtcore.runs.cluster.keys import find_key, security_of
from mtcore.runs.cluster.processes import (
    end_processes,
    find_scheduler,
    listens,
    start_processes,
)
from mtcore.runs.cluster.sending import send_errand

Answer = TypeVar("Answer")
CONNECTS_WITHIN_S = 30.0
LOCK_WAIT_S = 60.0
ANSWERS_WITHIN_S = 180.0
# What a person asked for goes before programs compiled ahead of need.
PREPARE_PRIORITY = -10


@final
class Cluster:
    """A scheduler and its workers, this machine's own or a team's.

    Nothing is started or connected to before it is needed. Safe to use from threads;
    several servers of one home share one scheduler.

    Args:
        home: Where the local scheduler's address, keys and logs are.
        address: A team's scheduler, such as `tls://host:8786`; its certificates are
            taken from Dask's own configuration. None = one on this machine.
    """

    def __init__(self, home: Home, address: str | None) -> None:
        self._home = home
        self._address = address
        # That a scheduler has ended is found and told when it is needed next.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._prepared: dict[str, Future] = {}

    def connect(self) -> None:
        """Find the scheduler, or start one, and connect.

        Raises:
            ClusterError: No scheduler answers.
        """
        self._connected()

    def alive(self) -> bool:
        """Return whether the scheduler answers; starts nothing."""
        client = self._client
        return client is not None and client.status == "running"

    def submit_training(self, run_id: str, arguments: tuple[object, ...]) -> None:
        """Queue a training; it is done whether anybody waits for it or not.

        Args:
            run_id: The task's key: the same run is never queued twice.
            arguments: What `train_run_in_turn` gets.
        """
        errand: Errand = ("train_run_in_turn", arguments)
        fire_and_forget(send_errand(self._connected(), errand, run_id, "train"))

    def known_trainings(self) -> frozenset[str]:
        """Return the run ids that a worker trains or has queued."""
        processing = self._connected().processing()
        return frozenset(str(key) for keys in processing.values() for key in keys)

    def ask(
        self,
        kind: type[Answer],
        task: TaskName,
        *arguments: object,
        timeout_s: float = ANSWERS_WITHIN_S,
    ) -> Answer:
        """Return what a task answers.

        Args:
            kind: The answer's type.
            task: Run in the worker that answers questions.
            arguments: What it gets: plain data.
            timeout_s: How long to wait.

        Raises:
            BranchboardError: What the task raised.
            ClusterError: No worker answered in time.
        """
        future = self._connected().submit(
            answer_plainly, task, arguments, resources={"ask": 1}, pure=False
        )
        try:
            answer = future.result(timeout=timeout_s)
        except TimeoutError as error:
            future.cancel()
            way_out = "Try again in a moment; their logs tell more."
            if self._address is not None:
                way_out = "Some must have the resources train, ask and background."
            msg = (
                f"The workers did not answer within {timeout_s:.0f} seconds. {way_out}"
            )
            raise ClusterError(msg) from error
        except KilledWorker as error:
            msg = (
                "The worker ended while it answered, most likely because memory ran "
                "out. Ask for less at once."
            )
            raise ClusterError(msg) from error
        except (CommClosedError, FutureCancelledError) as error:
            msg = "The connection to the workers was lost. Try again."
            raise ClusterError(msg) from error
        if not isinstance(answer, kind):
            msg = "The workers are of another version. Restart them with the server."
            raise ClusterError(msg)
        return answer

    def background(self, key: str, task: TaskName, *arguments: object) -> None:
        """Have a task done beside the questions, whether anybody waits or not.

        Args:
            key: The same key is never queued twice.
            task: Run in the worker that answers questions.
            arguments: What it gets: plain data.
        """
        errand = (task, arguments)
        fire_and_forget(send_errand(self._connected(), errand, key, "background"))

    def prepare(self, about: str, key: str, task: TaskName, *arguments: object) -> None:
        """Have the training worker do something ahead of need, after all trainings.

        Args:
            about: Whatever was still to be prepared for it before is dropped.
            key: What is prepared; asked for again, it is done once.
            task: What to do.
            arguments: What it gets: plain data.
        """
        client = self._connected()
        before = self._prepared.get(about)
        if before is not None:
            if before.key == key and before.status in ("pending", "finished"):
                return
            before.cancel()
        self._prepared[about] = send_errand(
            client, (task, arguments), key, "train", PREPARE_PRIORITY
        )

    def close(self) -> None:
        """Let go of the scheduler, which goes on."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close(timeout=2)

    def stop(self) -> None:
        """End the scheduler and workers of this machine with all that they do."""
        self.close()
        if self._address is None and self._home.cluster.is_dir():
            with self._locked():
                end_processes(self._home)

    def _connected(self) -> Client:
        with self._lock:
            if self._client is not None and self._client.status == "running":
                return self._client
            if self._client is not None:
                self._client.close(timeout=0)
            self._prepared = {}
            self._client = self._connect()
            return self._client

    def _connect(self) -> Client:
        address, security = self._find()
        try:
            return Client(
                address,
                security=security,
                timeout=CONNECTS_WITHIN_S,
                set_as_default=False,
                name="branchboard",
            )
        except OSError as error:
            msg = (
                f"The scheduler at {address} does not let us in. Check that the "
                "certificate configured here is the one it trusts."
            )
            raise ClusterError(msg) from error

    def _find(self) -> tuple[str, Security]:
        if self._address is not None:
            return self._address, _team_security(self._address)
        with self._locked():
            key, certificate = find_key(self._home.cluster)
            address = find_scheduler(self._home)
            if address is None:
                address = start_processes(self._home, key, certificate)
        return address, security_of(key, certificate)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        folder = self._home.cluster
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        try:
            with FileLock(folder / "lock", timeout=LOCK_WAIT_S):
                yield
        except Timeout as error:
            msg = (
                "Another server has been starting the workers for a minute. Try again; "
                f"if this goes on, end the process that holds '{folder / 'lock'}'."
            )
            raise ClusterError(msg) from error


def _team_security(address: str) -> Security:
    """Return what Dask's own configuration says about certificates.

    Raises:
        ClusterError: Nothing answers at the address, or it asks for a certificate
            and none is configured.
    """
    security = Security()
    if address.startswith("tls://") and security.tls_ca_file is None:
        msg = (
            f"The scheduler at {address} asks for a certificate and none is "
            "configured. Set ca-file, client.key and client.cert under "
            "distributed.comm.tls in Dask's configuration."
        )
        raise ClusterError(msg)
    if not listens(address):
        msg = (
            f"No scheduler answers at '{address}'. Check that it runs and that "
            "BRANCHBOARD_SCHEDULER names it, such as tls://host:8786."
        )
        raise ClusterError(msg)
    return security
