"""Figures over photos: bootstrap estimates, calibration, recall, ratios. Pure functions of arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

CALIBRATION_BINS = 15  # as in Guo et al. 2017
RESAMPLES = 2000  # enough that a 95% bound moves by less than .005 between seeds
SEED = 0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `n` photos, or claims, with its 95% interval; all None when there is nothing to count."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def estimate(statistic: Callable[..., float], *columns: NDArray[Any]) -> Estimate:
    """`statistic` of the columns (each (N,)) and its 95% percentile bootstrap interval, photos drawn with
    replacement.

    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. The seed is fixed: the same
    outcomes give the same interval. One photo has no interval. A statistic that is not finite counts as unknown. Of a
    share that is none or all, draws would tell no interval: it has the `exact` one.
    """
    n = len(columns[0])
    value = float(statistic(*columns)) if n else np.nan
    if not np.isfinite(value):
        return Estimate(None, None, None, n)
    if n == 1:
        return Estimate(value, None, None, 1)
    if statistic is np.mean and value in (0.0, 1.0) and np.isin(columns[0], (0.0, 1.0)).all():
        return exact(int(value * n), n)
    dice = np.random.default_rng(SEED)
    draws = (dice.integers(0, n, n) for _ in range(RESAMPLES))
    values = [float(statistic(*(column[draw] for column in columns))) for draw in draws]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Estimate(value, float(low), float(high), n)


def pooled(part: Floats, whole: Floats) -> Estimate:
    """The sum of `part` over that of `whole`, both counts of each photo (N,), as `ratio`; `n` is the latter sum.

    Of none or all the interval is exact, as in `estimate`, of as many trials as photos have any: what is counted of one
    photo does not come out by itself.
    """
    right, count, photos = int(part.sum()), int(whole.sum()), int((whole > 0).sum())
    if photos == 1:
        return Estimate(right / count, None, None, count)
    if photos and right in (0, count):
        return replace(exact(photos if right else 0, photos), n=count)
    return replace(estimate(ratio, part, whole), n=count)


def exact(hits: int, count: int) -> Estimate:
    """The share of `hits` among `count` > 0 trials, with its exact 95% interval.

    Clopper and Pearson, The use of confidence or fiducial limits, Biometrika 26 (1934) 404-413.
    """
    interval = binomtest(hits, count).proportion_ci(method="exact")
    return Estimate(hits / count, float(interval.low), float(interval.high), count)


def bins_of(confidence: Floats, bins: int = CALIBRATION_BINS) -> NDArray[np.int64]:
    """The number of the bin of each confidence (N,) in 0..1: open below and closed above; 0 goes to the first."""
    return np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)


def expected_calibration_error(confidence: Floats, correct: Floats, bins: int = CALIBRATION_BINS) -> float:
    """Mean |accuracy - confidence| over equal bins of confidence (0..1), weighted by their sizes.

    Both arrays are (N,), N > 0. Guo et al., On Calibration of Modern Neural Networks, ICML 2017, equation 3.
    """
    gap = np.bincount(bins_of(confidence, bins), weights=correct - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(confidence))


def macro_recall(types: NDArray[np.int64], correct: Floats) -> float:
    """The mean over the types that occur of the share of each that is correct; both arrays (N,), N > 0."""
    counts = np.bincount(types)
    hits = np.bincount(types, weights=correct)
    occurs = counts > 0
    return float((hits[occurs] / counts[occurs]).mean())


def f1(said: Floats, true: Floats) -> float:
    """The harmonic mean of precision and recall of the ones in `said` against those in `true`, both (N,) of 0
    and 1; not a number when `true` holds no one.
    """
    if not true.any():
        return float("nan")
    return float(2 * (said * true).sum() / (said + true).sum())


def ratio(part: Floats, whole: Floats) -> float:
    """The sum of `part` over the sum of `whole`, both (N,); not a number when the latter is 0.

    The micro-average of claims over photos: a bootstrap over photos keeps each photo's claims together.
    """
    total = float(whole.sum())
    return float(part.sum()) / total if total else float("nan")
