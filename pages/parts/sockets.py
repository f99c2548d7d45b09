"""The sockets on which the server talks to browsers."""

from __future__ import annotations

import contextlib
import os
import socket

import psutil


def send_at_once() -> None:
    """Have small messages leave without waiting until those before have arrived.

    Streamlit binds its socket itself and names no protocol, so asyncio does not take
    its connections for TCP and leaves Nagle's algorithm on: what a new visitor sees, in
    many small messages, stood still for 40 ms, as long as Linux puts off its
    acknowledgements. New connections inherit what is set on the socket that listens.
    """
    for connection in psutil.Process().net_connections("tcp"):
        # One may have been closed meanwhile, and Windows names no descriptors.
        with (
            contextlib.suppress(OSError),
            socket.socket(fileno=os.dup(connection.fd)) as same,
        ):
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
