"""Whether a photo shows the colour of a product at all: a closed opaque package does not, a tool has none, and neither
has what is no beauty product.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from beauty_vlm.report import ProductType, Score
from beauty_vlm.vocabulary import OTHER, TOOL, UNPACKED, packaging_states

LIKELIER = 0.5  # that it is no beauty product than that it is one
CLOSED = "closed"
# Where the question was not asked: a package that is closed with SURE shows no more of its product than a window or a
# clear tube does; less than FEW of the photo is then as likely the package's own paint. Chosen on the held-out renders
# of seed 11, where the F1 of "no shade to be seen" among beauty products rose from .69 to .73, and confirmed on those
# of seed 12 (.57, .74).
SURE = 0.9
FEW = 0.03

FITTED = Path(__file__).with_suffix(".json")  # written by `python -m data.fit_visibility`
QUESTION = "visible"
SUREST = 1e-3  # a probability nearer to 0 or 1 says no more than this: scores are rounded, and the logit has no end
LEAST = 1e-4  # of the photo: less material is none


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic regression for "a shade is to be seen", and the probability from which it is believed.

    `weights` and `means` by the names of `evidence`; what a photo lacks counts as its mean.
    """

    intercept: float
    weights: dict[str, float]
    means: dict[str, float]
    threshold: float

    def probability(self, found: dict[str, float]) -> float:
        """That a shade is to be seen, 0..1, given some or all of the evidence."""
        known = {name: value for name, value in found.items() if name in self.weights}
        total = self.intercept + sum(self.weights[name] * (value - self.means[name]) for name, value in known.items())
        return 1.0 / (1.0 + math.exp(-total))


@lru_cache(maxsize=1)
def fitted() -> Fit:
    """The coefficients beside this module."""
    return Fit(**json.loads(FITTED.read_text(encoding="utf-8")))


def evidence(state: Score | None, material: float, visible: Score | None) -> dict[str, float]:
    """What tells whether a shade is to be seen: the logits of "closed" and of "shade visible", where they were asked,
    and the decimal logarithm of the part of the photo that was taken for material.

    Of a state that is not "closed" the rest of the probability is shared among the others.
    """
    found = {"material": math.log10(max(material, LEAST))}
    if visible is not None:
        found[QUESTION] = _logit(visible.score)
    if state is not None:
        others = len(packaging_states()) - 1
        found[CLOSED] = _logit(state.score if state.label == CLOSED else (1.0 - state.score) / others)
    return found


@dataclass(frozen=True, slots=True)
class Sight:
    """Whether what was segmented as material is believed, and measured; and the `probability` that it is some and shows
    a shade, by which claims are weighed. What is measured is not: most of what is wrongly taken for a tool has a shade
    after all.
    """

    shown: bool
    probability: float


def sight(product_type: ProductType, state: Score | None, material: float, visible: Score | None = None) -> Sight:
    """What is to be believed of a photo's material.

    `state` is the package's, `material` the part of the photo (0..1) that the material covers, `visible` the tagger's
    probability that a shade is to be seen; None where it was not asked. The probability is that the product is of a
    kind that has a shade, times what the fit says of such products.
    """
    if has_none(product_type):
        return Sight(False, 0.0)
    shaded = max(0.0, 1.0 - sum(score.score for score in product_type.top if score.label in UNPACKED))
    if visible is None:
        return Sight(not is_ruled_out(state, material), shaded)
    chance = fitted().probability(evidence(state, material, visible))
    return Sight(chance >= fitted().threshold, shaded * chance)


def is_ruled_out(state: Score | None, material: float) -> bool:
    """Whether a package is so surely closed, and so little of the photo (0..1) taken for material, that it is paint."""
    return state is not None and state.label == CLOSED and state.score >= SURE and material < FEW


def has_none(product_type: ProductType) -> bool:
    """Whether the product is of a kind that has no shade: a tool, or no beauty product."""
    return product_type.word.label == TOOL or (product_type.label == OTHER and product_type.score >= LIKELIER)


def _logit(probability: float) -> float:
    bounded = min(max(probability, SUREST), 1.0 - SUREST)
    return math.log(bounded / (1.0 - bounded))
