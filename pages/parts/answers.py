"""Questions that take a while, asked in the background and answered by a later rerun.

A page that waits for a worker would stand still, so it asks here, goes on, and draws
the answer once it is there. A question that failed stays failed until it is forgotten.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar, final

import streamlit as st

Value = TypeVar("Value")
_MOST_KEPT = 200
_THREADS = 4


def ask(about: str, question: Callable[[], Value]) -> Future[Value]:
    """Return the question's answer as far as it is known; it is asked only once.

    Args:
        about: Everything that the answer depends on, such as ids and contents.
        question: Finds the answer; run in a thread, so it must draw nothing.
    """
    return _asked().ask(about, question)


def answer_so_far(about: str) -> Future[Any] | None:
    """Return a question's answer, or its failure, if it is known; asks nothing."""
    return _asked().answered(about)


def forget_answer(about: str) -> None:
    """Have a question asked again, after it failed say."""
    _asked().forget(about)


@final
class _Asked:
    """The questions of all visitors, the latest 200 by what they are about."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="answers")
        self._lock = threading.Lock()
        self._futures: OrderedDict[str, Future[Any]] = OrderedDict()

    def ask(self, about: str, question: Callable[[], Value]) -> Future[Value]:
        with self._lock:
            future = self._futures.get(about) or self._threads.submit(question)
            self._futures[about] = future
            self._futures.move_to_end(about)
            while len(self._futures) > _MOST_KEPT:
                self._futures.popitem(last=False)
            return future

    def answered(self, about: str) -> Future[Any] | None:
        with self._lock:
            future = self._futures.get(about)
        return future if future is not None and future.done() else None

    def forget(self, about: str) -> None:
        with self._lock:
            self._futures.pop(about, None)


@st.cache_resource(show_spinner=False)
def _asked() -> _Asked:
    return _Asked()
