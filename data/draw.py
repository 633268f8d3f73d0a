"""The random choices of one render, all from one generator, so that a seed fixes the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Draw:
    """A thin, typed face of `numpy.random.Generator` for parametric models."""

    def __init__(self, seed: int | tuple[int, ...]) -> None:
        self.rng = np.random.default_rng(seed)

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def integer(self, low: int, high: int) -> int:
        """An integer of [low, high], both ends included."""
        return int(self.rng.integers(low, high + 1))

    def normal(self, scale: float) -> float:
        return float(self.rng.normal(0.0, scale))

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def choice(self, *items: T) -> T:
        return items[int(self.rng.integers(len(items)))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, in proportion to its weight."""
        keys = list(weights)
        p = np.array([weights[k] for k in keys], float)
        return keys[int(self.rng.choice(len(keys), p=p / p.sum()))]

    def sign(self) -> int:
        return self.choice(-1, 1)
