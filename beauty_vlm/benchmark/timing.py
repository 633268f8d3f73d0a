"""Times that can be compared although the machine is shared: the ways under test take turns in one process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is measured: at most `repeats` rounds, and after two of them no longer than `seconds`."""

    repeats: int
    seconds: float


FULL, QUICK = Effort(25, 60.0), Effort(10, 5.0)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a call: median, 95th percentile and the least, over `rounds` calls."""

    p50_ms: float
    p95_ms: float
    least_ms: float
    rounds: int

    @classmethod
    def of(cls, seconds: list[float]) -> Latency:
        """The summary of at least one time."""
        p50, p95 = np.percentile(seconds, [50, 95]) * 1000
        return cls(round(float(p50), 2), round(float(p95), 2), round(min(seconds) * 1000, 2), len(seconds))


def take_turns(works: Mapping[str, Work], effort: Effort, warm_up: bool = True) -> dict[str, Latency]:
    """The latency of each, measured in rounds in which each runs once, so that a busy machine slows all alike."""
    if warm_up:
        for work in works.values():
            work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    begin = time.perf_counter()
    for turn in range(effort.repeats):
        if turn >= 2 and time.perf_counter() - begin > effort.seconds:
            break
        for name, work in works.items():
            seconds[name].append(seconds_of(work))
    return {name: Latency.of(times) for name, times in seconds.items()}


def seconds_of(work: Work) -> float:
    """Seconds that one call takes, its work on a GPU included."""
    _finish_device()
    begin = time.perf_counter()
    work()
    _finish_device()
    return time.perf_counter() - begin


def _finish_device() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    elif torch.backends.mps.is_available():
        torch.mps.synchronize()
