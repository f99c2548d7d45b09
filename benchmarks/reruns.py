"""Reruns of a page's script, timed at a socket like the one that a browser holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

# So that a rerun does not meet what the one before left to be cleared away.
PAUSE_S = 0.1


class Visitor:
    """A visitor who draws nothing, so that no browser takes the server's processor.

    Args:
        socket: An open session.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def rerun_ms(self, page: str = "", query: str = "") -> float:
        """Return the milliseconds from asking for a page to the end of its script.

        Args:
            page: Its name in the address; empty for Home.
            query: The ids in the address.
        """
        time.sleep(PAUSE_S)
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        begun = time.perf_counter()
        self._socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(self._socket.recv(decode=False))
            if answer.WhichOneof("type") == "script_finished":
                return 1_000 * (time.perf_counter() - begun)


@contextmanager
def visitor(url: str) -> Iterator[Visitor]:
    """Yield a visitor of the server at an address such as http://127.0.0.1:8501."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        origin=url,  # type: ignore[arg-type]
    ) as socket:
        yield Visitor(socket)
