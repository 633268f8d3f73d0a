"""Renders looked at in several processes, each with models of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

from beauty_vlm.analysis import Analyzer
from beauty_vlm.models.loader import Loader, Settings
from data.described import Task

Found = TypeVar("Found")
EMBEDDED = Settings()
_analyzer: Analyzer | None = None  # a worker's own


def _begin(settings: Settings) -> None:
    """One thread a worker: two workers of one thread describe more than one worker of two."""
    global _analyzer
    import torch

    torch.set_num_threads(1)
    _analyzer = Analyzer(Loader(settings))


def _apply(work: Callable[[Analyzer, Task], Found], task: Task) -> Found:
    assert _analyzer is not None
    return work(_analyzer, task)


def spread(
    work: Callable[[Analyzer, Task], Found], todo: Sequence[Task], workers: int, settings: Settings = EMBEDDED
) -> Iterator[Found]:
    """What `work`, which must be picklable, makes of each task with the models of `settings`, as they are done.

    The workers are spawned, since torch's threads do not survive a fork. Raises BrokenProcessPool where one is killed.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(settings,))
    try:
        for done in as_completed([pool.submit(_apply, work, task) for task in todo]):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)
