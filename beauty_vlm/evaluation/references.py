"""Descriptions against reference captions: BLEU-4 and CIDEr by the COCO captions' reference code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

BLEU_ORDER = 4


@dataclass(frozen=True, slots=True)
class ReferenceScores:
    """One value a description, in their order: BLEU-4 (0..1) and CIDEr (0..10)."""

    bleu: tuple[float, ...]
    cider: tuple[float, ...]


def available() -> bool:
    """Whether the reference code is installed."""
    return find_spec("pycocoevalcap") is not None


def scores(compared: Sequence[tuple[str, Sequence[str]]]) -> ReferenceScores | None:
    """Scores of (description, references), or None where `pycocoevalcap` is not installed.

    Papineni et al., BLEU, ACL 2002; Vedantam et al., CIDEr, CVPR 2015 (its document frequencies are those of the
    references given here, so figures of different sets do not compare). Words are lower case without punctuation.
    """
    try:
        from pycocoevalcap.bleu.bleu_scorer import BleuScorer
        from pycocoevalcap.cider.cider import Cider
    except ImportError:
        return None
    said = {row: [_words(text)] for row, (text, _) in enumerate(compared)}
    truth = {row: [_words(text) for text in texts] for row, (_, texts) in enumerate(compared)}
    bleu = BleuScorer(n=BLEU_ORDER)
    for row, texts in truth.items():
        bleu += (said[row][0], texts)
    _, by_order = bleu.compute_score(option="closest", verbose=0)
    _, cider = Cider().compute_score(truth, said)
    return ReferenceScores(tuple(map(float, by_order[BLEU_ORDER - 1])), tuple(map(float, cider)))


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w#'-]+", text.lower()))
