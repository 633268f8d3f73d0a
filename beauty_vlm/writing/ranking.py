"""Ranks caption candidates: the one whose claims the photo bears out best, and that the model found likely."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from beauty_vlm.language.mentions import FORBIDDEN
from beauty_vlm.writing.judging import Measured
from beauty_vlm.writing.lexicon import split
from beauty_vlm.writing.mending import judged_mentions
from beauty_vlm.writing.phrases import parse, strange
from beauty_vlm.writing.type_words import contradicted_type

# What one claim counts among a caption's claims, by what became of it: a wrong word is worse than one that says too
# much, and a promise is worse than both.
UNSEEN, CONTRADICTED, FORBIDDEN_CLAIM = 1.0, 2.0, 4.0


class Said(Protocol):
    """What is needed of `beauty_vlm.models.captioner.Candidate`."""

    @property
    def text(self) -> str: ...

    @property
    def log_probability(self) -> float: ...


def support(caption: str, measured: Measured) -> float:
    """The share of a caption's claims that the measurement supports, 0..1, the others by their weights.

    A word that is neither a claim nor known counts as an unseen claim. 0 for a caption without claims.
    """
    sentences = split(caption)
    contradicted = contradicted_type(sentences, measured.product_type)
    judged = [judged_mentions(sentence, measured, contradicted) for sentence in sentences]
    supported = weight = 0.0
    for mention, verdict in (one for claims in judged for one in claims):
        if mention.kind in FORBIDDEN and verdict.instead is not None:
            weight += FORBIDDEN_CLAIM
        elif verdict.verdict == "contradicted" or verdict.instead:
            weight += CONTRADICTED
        elif verdict.verdict == "supported":
            supported += 1
        else:
            weight += UNSEEN
    for sentence, claims in zip(sentences, judged, strict=True):
        weight += UNSEEN * sum(strange(phrase) is not None for phrase in parse(sentence, claims))
    return supported / (supported + weight) if supported else 0.0


def fluency(log_probability: float) -> float:
    """The geometric mean of a caption's token probabilities, 0..1, from the mean of their logarithms."""
    return math.exp(min(log_probability, 0.0))


def score(candidate: Said, measured: Measured) -> float:
    """Support times fluency, 0..1."""
    return support(candidate.text, measured) * fluency(candidate.log_probability)


def best(candidates: Sequence[Said], measured: Measured) -> str:
    """The text of the candidate that scores highest; of equals the earlier, which the model preferred.

    Raises ValueError when there is none.
    """
    if not candidates:
        raise ValueError("There is no candidate to choose from.")
    if len(candidates) == 1:
        return candidates[0].text
    return max(candidates, key=lambda candidate: score(candidate, measured)).text
