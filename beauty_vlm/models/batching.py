"""Requests that wait at the same time go through a model as one batch. Pays on a GPU, where a batch costs one item."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
Result = TypeVar("Result")

WAIT_S = 0.004  # much less than one caption takes, and enough for requests that were sent together
MOST = 32


class Batcher(Generic[Key, Item, Result]):
    """Gathers calls from several threads. Only calls of one key share a batch."""

    def __init__(
        self, work: Callable[[Key, Sequence[Item]], Sequence[Result]], wait_s: float = WAIT_S, most: int = MOST
    ) -> None:
        """`work` is told the key and at most `most` items, and returns as many results; never two calls at once."""
        self._work, self._wait_s, self._most = work, wait_s, most
        self._waiting: list[_Request[Key, Item, Result]] = []
        self._changing = threading.Lock()
        self._working = threading.Lock()

    def __call__(self, key: Key, item: Item) -> Result:
        """The result for `item`. Raises what `work` raised for its batch."""
        request: _Request[Key, Item, Result] = _Request(key, item)
        with self._changing:
            self._waiting.append(request)
        # Whoever gets to work takes along those who wait; most find their own work done when their turn comes.
        with self._working:
            if not request.done:
                time.sleep(self._wait_s)
                self._run(self._take(request))
        if request.error is not None:
            raise request.error
        return request.results[0]

    def _take(self, first: _Request[Key, Item, Result]) -> list[_Request[Key, Item, Result]]:
        with self._changing:
            others = [other for other in self._waiting if other.key == first.key and other is not first]
            batch = [first, *others][: self._most]
            self._waiting = [request for request in self._waiting if request not in batch]
        return batch

    def _run(self, batch: list[_Request[Key, Item, Result]]) -> None:
        try:
            results = self._work(batch[0].key, [request.item for request in batch])
            for request, result in zip(batch, results, strict=True):
                request.results.append(result)
        except Exception as error:
            for request in batch:
                request.error = error
        finally:
            for request in batch:
                request.done = True


class _Request(Generic[Key, Item, Result]):
    def __init__(self, key: Key, item: Item) -> None:
        self.key, self.item = key, item
        self.results: list[Result] = []
        self.error: Exception | None = None
        self.done = False
