"""Refuses and records every look-up or connection that leaves this machine.

Python imports a module of this name by itself in every process whose path holds it,
so a server started with this folder on PYTHONPATH is watched, and so is all that it
starts. Only with OUTSIDE_CALLS in the environment, the file to record to, does it act.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path

WATCHED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}
HERE = {"", "localhost", socket.gethostname()}


def leaves_this_machine(address: object) -> bool:
    """Return whether an address is neither a local path nor this machine.

    Args:
        address: What a socket call was given: a host, a (host, port, …) tuple, a path
            of a local socket, or None.
    """
    if isinstance(address, tuple):
        address = address[0] if address else None
    elif isinstance(address, str | bytes) and os.sep in os.fsdecode(address):
        return False
    if address is None:
        return False
    host = os.fsdecode(address) if isinstance(address, str | bytes) else str(address)
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host not in HERE
    return not (found.is_loopback or found.is_unspecified)


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Record and refuse what leaves; an audit hook.

    Raises:
        OSError: As a machine without any network would answer.
    """
    place = WATCHED.get(event)
    if place is None or not leaves_this_machine(arguments[place]):
        return
    # One write of a short line to a file opened for appending is never mixed up.
    with Path(os.environ["OUTSIDE_CALLS"]).open("a") as record:
        record.write(f"{event} {arguments[place]} by {' '.join(sys.argv)[:200]}\n")
    message = f"{event} {arguments[place]} was refused: it leaves this machine"
    raise OSError(message)


if os.environ.get("OUTSIDE_CALLS"):
    sys.addaudithook(watch)
