"""Renders looked at in several processes, each with models of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

from beauty_vlm.analysis import Analyzer
from beauty_vlm.models.loader import Loader
from data.described import Task

Found = TypeVar("Found")
_analyzer: Analyzer | None = None  # a worker's own


def _begin() -> None:
    """One thread a worker: two workers of one thread describe more than one worker of two."""
    global _analyzer
    import torch

    torch.set_num_threads(1)
    _analyzer = Analyzer(Loader())


def _apply(work: Callable[[Analyzer, Task], Found], task: Task) -> Found:
    assert _analyzer is not None
    return work(_analyzer, task)


def spread(work: Callable[[Analyzer, Task], Found], todo: Sequence[Task], workers: int) -> Iterator[Found]:
    """What `work`, which must be picklable, makes of each task, as they are done.

    The workers are spawned, since torch's threads do not survive a fork. Raises BrokenProcessPool where one is killed.
    """
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        for done in as_completed([pool.submit(_apply, work, task) for task in todo]):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)
