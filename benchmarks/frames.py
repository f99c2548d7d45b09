"""Times of what a page and its server say to each other."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(slots=True)
class Frames:
    """A page's reruns, timed at its socket.

    Args:
        asked: When each rerun was asked for, seconds of a steady clock.
        answered: When each script run ended.
    """

    asked: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note the frames of the page's socket from now on."""
        page.on("websocket", self._follow)

    def last_rerun_s(self) -> float:
        """Return the seconds from the last request to the end of its script run."""
        return self.answered[-1] - self.asked[-1]

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framesent", self._note_request)
        socket.on("framereceived", self._note_answer)

    def _note_request(self, frame: str | bytes) -> None:
        now = time.perf_counter()
        message = BackMsg()
        message.ParseFromString(_bytes(frame))
        if message.WhichOneof("type") == "rerun_script":
            self.asked.append(now)

    def _note_answer(self, frame: str | bytes) -> None:
        now = time.perf_counter()
        message = ForwardMsg()
        message.ParseFromString(_bytes(frame))
        if message.WhichOneof("type") == "script_finished":
            self.answered.append(now)


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
