"""What the server sends leaves at once."""

from __future__ import annotations

import socket

from pages.parts.sockets import send_at_once


def test_connections_of_a_socket_that_listens_send_small_messages_at_once() -> None:
    # Bound as Streamlit binds its own: without the name of a protocol.
    with socket.socket(socket.AF_INET) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert not _at_once(listening)
        send_at_once()
        assert _at_once(listening)
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert _at_once(accepted)


def _at_once(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
