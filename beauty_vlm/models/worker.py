"""One thread that does all computing, for a machine whose processors every step uses anyway."""

from __future__ import annotations

import contextvars
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class Worker:
    """Runs calls one after the other on a thread of its own, made when first needed. Safe to call from any thread.

    Each thread that computes with torch brings OpenMP a team of threads of its own, and teams that are more threads
    than processors wait asleep instead of spinning. A web server calls from changing threads; so that there is one
    team, everything computes on this one.
    """

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="compute", initializer=self._begin)
        self._thread: int | None = None
        self._process = os.getpid()

    def __call__(self, work: Callable[[], Result]) -> Result:
        """What `work` returns or raises. It sees the caller's context variables, and may call the worker itself."""
        if threading.get_ident() == self._thread:
            return work()
        if self._process != os.getpid():  # threads do not outlive a fork
            self._start()
        return self._pool.submit(contextvars.copy_context().run, work).result()

    def _begin(self) -> None:
        self._thread = threading.get_ident()
