"""The scheduler and workers of a home of their own: started, found, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import dask
import orjson
import psutil
import pytest
from distributed import Client

from mtcore.errors import ClusterError
from mtcore.home import Home
from mtcore.runs.cluster.cluster import Cluster
from mtcore.runs.cluster.keys import find_key, security_of
from mtcore.runs.cluster.processes import READ_CODE, end_processes, find_scheduler
from tests.runs.conditions import wait_until

pytestmark = pytest.mark.cluster

ROOT = Path(__file__).parents[2]
CONNECT = """
import sys
from pathlib import Path
from mtcore.errors import ClusterError
from mtcore.home import Home
from mtcore.runs.cluster.cluster import Cluster
from mtcore.runs.cluster.processes import find_scheduler

home = Home(Path(sys.argv[1]))
Cluster(home, None).connect()
print(find_scheduler(home))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose scheduler two servers wanted at the same time."""
    return Home(tmp_path_factory.mktemp("processes") / "home")


@pytest.fixture(scope="module", autouse=True)
def _end(started: Home) -> object:
    yield
    end_processes(started)


def processes_of(home: Home) -> dict[str, psutil.Process]:
    record = orjson.loads((home.cluster / "processes.json").read_bytes())
    return {
        name: psutil.Process(entry["pid"])
        for name, entry in record["processes"].items()
    }


def test_two_servers_that_start_at_once_share_one_scheduler(started: Home) -> None:
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", CONNECT, str(started.root)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    addresses = {server.communicate()[0].strip() for server in servers}
    assert [server.returncode for server in servers] == [0, 0]
    assert len(addresses) == 1
    assert addresses.pop().startswith("tls://127.0.0.1:")


def test_they_outlive_the_servers_that_started_them(started: Home) -> None:
    found = processes_of(started)
    assert set(found) == {"scheduler", "train", "ask"}
    for process in found.values():
        assert process.is_running()
        assert os.getsid(process.pid) == process.pid


def test_they_listen_on_this_machine_only(started: Home) -> None:
    # They are started at once, and listen one after another.
    wait_until(lambda: all(map(doors, processes_of(started).values())))
    every = [
        process
        for leader in processes_of(started).values()
        for process in (leader, *leader.children(recursive=True))
    ]
    assert {door for process in every for door in doors(process)} == {"127.0.0.1"}


def doors(process: psutil.Process) -> set[str]:
    """Return the addresses that a process listens at, none if it has ended."""
    try:
        connections = process.net_connections(kind="inet")
    except psutil.NoSuchProcess:
        return set()
    listening = (one for one in connections if one.status == psutil.CONN_LISTEN)
    return {connection.laddr.ip for connection in listening}


def test_a_gpu_is_left_to_the_worker_that_trains(started: Home) -> None:
    found = {
        name: process.environ().get("CUDA_VISIBLE_DEVICES")
        for name, process in processes_of(started).items()
    }
    assert found["train"] == os.environ.get("CUDA_VISIBLE_DEVICES")
    assert found["ask"] == found["scheduler"] == "-1"


def test_nobody_enters_without_the_key(started: Home, tmp_path: Path) -> None:
    address = find_scheduler(started)
    other = security_of(*find_key(tmp_path))
    with pytest.raises(OSError, match=r"Timed out|certificate|ssl"):
        Client(address, security=other, timeout=2)


def test_a_teams_scheduler_is_found_by_its_address(started: Home, home: Home) -> None:
    address = find_scheduler(started)
    key, certificate = find_key(started.cluster)
    team = Cluster(home, address)
    with pytest.raises(ClusterError, match="asks for a certificate"):
        team.connect()
    files = {
        "distributed.comm.tls.ca-file": str(certificate),
        "distributed.comm.tls.client.cert": str(certificate),
        "distributed.comm.tls.client.key": str(key),
    }
    with dask.config.set(files):
        team.connect()
    assert team.alive()
    team.stop()
    assert find_scheduler(started) == address
    assert not home.cluster.exists()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "somewhere", "tcp://a:b:c"])
def test_a_teams_scheduler_that_is_not_there_is_said_so(
    home: Home, address: str
) -> None:
    with pytest.raises(ClusterError, match=f"No scheduler answers at '{address}'"):
        Cluster(home, address).connect()


def test_a_worker_that_is_gone_is_started_again_beside_the_others(
    started: Home,
) -> None:
    before = processes_of(started)
    os.killpg(before["ask"].pid, signal.SIGKILL)
    wait_until(lambda: find_scheduler(started) is None)
    cluster = Cluster(started, None)
    cluster.connect()
    cluster.close()
    after = processes_of(started)
    assert after["ask"].pid != before["ask"].pid
    assert after["scheduler"].pid == before["scheduler"].pid
    assert after["train"].pid == before["train"].pid


def test_a_stale_file_of_a_dead_scheduler_leads_to_a_fresh_one(started: Home) -> None:
    before = processes_of(started)
    before["scheduler"].kill()
    wait_until(lambda: find_scheduler(started) is None)
    assert (started.cluster / "scheduler.json").exists()
    cluster = Cluster(started, None)
    assert not cluster.alive()
    cluster.connect()
    assert cluster.alive()
    cluster.close()
    fresh = processes_of(started)
    assert {p.pid for p in fresh.values()}.isdisjoint(p.pid for p in before.values())
    wait_until(lambda: not any(map(lives, before.values())))


def test_the_workers_stay_with_the_server_that_was_started_last(
    started: Home,
) -> None:
    before = processes_of(started)
    record_file = started.cluster / "processes.json"
    record = orjson.loads(record_file.read_bytes())
    later = record | {"code": "another", "read": READ_CODE + 60.0}
    record_file.write_bytes(orjson.dumps(later))
    cluster = Cluster(started, None)
    with pytest.raises(ClusterError, match="started later than this one"):
        cluster.connect()
    assert processes_of(started) == before
    assert all(map(lives, before.values()))

    earlier = later | {"read": READ_CODE - 60.0}
    record_file.write_bytes(orjson.dumps(earlier))
    cluster.connect()
    cluster.close()
    after = processes_of(started)
    assert {p.pid for p in after.values()}.isdisjoint(p.pid for p in before.values())
    assert orjson.loads(record_file.read_bytes())["read"] == READ_CODE


def test_a_home_that_was_deleted_takes_its_workers_with_it(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    cluster = Cluster(home, None)
    cluster.connect()
    cluster.close()
    leaders = processes_of(home)
    # At once, as they write files in it while they start.
    home.root.rename(tmp_path / "bin")
    wait_until(lambda: not any(map(lives, leaders.values())))


def test_stop_ends_all_of_them(started: Home) -> None:
    ours = processes_of(started)
    every = [
        process
        for leader in ours.values()
        for process in (leader, *leader.children(recursive=True))
    ]
    Cluster(started, None).stop()
    # What was killed may take a moment to give its memory back.
    wait_until(lambda: not any(map(lives, every)))
    assert find_scheduler(started) is None


def lives(process: psutil.Process) -> bool:
    """Return whether a process is there and not just its entry."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
