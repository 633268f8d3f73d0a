"""Guesses: what is likeliest of a photo where nothing is sure, said as a guess and never as a claim.

From even odds on it is "probably", below it "perhaps", as readers mostly take these words (Mosteller and Youtz, Stat.
Sci. 5 (1990) 2-12).
"""

from __future__ import annotations

import re

from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import Evidence, Length
from beauty_vlm.vocabulary import OTHER
from beauty_vlm.writing import borders
from beauty_vlm.writing.judging import MANY_SHADES, Measured, Verdict, guess_evidence, name_probability
from beauty_vlm.writing.lexicon import article
from beauty_vlm.writing.phrases import Judged

PROBABLY = 0.5
PERHAPS = 0.3  # what is less likely is not worth a guess
GUESS = re.compile(r"^((probably|perhaps) an? |(the|one) (shade|finish) is (probably|perhaps) )", re.I)

Sentence = tuple[str, Judged]


def type_guess(measured: Measured) -> Sentence | None:
    """The likeliest type where only a broader word is sure, and None where it is sure itself, or unlikely."""
    product_type = measured.product_type
    label, score = product_type.label, product_type.score
    if not product_type.accepted or product_type.word.label == label or label == OTHER or score < PERHAPS:
        return None
    begin = f"{_adverb(score).capitalize()} {article(label)} "
    mention = Mention("type", label, (len(begin), len(begin) + len(label)), hedged=True)
    return begin + label, [(mention, Verdict("unseen", guess_evidence(product_type)))]


def shade_guess(measured: Measured, length: Length) -> Sentence | None:
    """The likeliest word for the main shade, the most telling of the likely ones; None where none is likely, or where
    the shade cannot be judged at all.
    """
    main = measured.shade.main
    if main is None or measured.shade.unjudged is not None:
        return None
    likely = [(name, measured.trust.shade * name_probability(name, main)) for name in borders.names(main)]
    best = next(((name, share) for least in (PROBABLY, PERHAPS) for name, share in likely if share >= least), None)
    if best is None:
        return None
    name, share = best
    one = "One" if measured.product_type.label in MANY_SHADES else "The"
    begin = f"{one} shade is {_adverb(share)} "
    mention = Mention("colour", name, (len(begin), len(begin) + len(name)), hedged=True)
    text = f"measured {main.name}, {main.hex}, ±{main.uncertainty or 0:.1f}; {share:.0%} likely, too little to be sure"
    evidence = Evidence(text, probability=round(share, 4), measured=main.hex, region="material")
    end = f" ({main.hex})" if length == "detailed" else ""
    return begin + name + end, [(mention, Verdict("unseen", evidence))]


def finish_guess(measured: Measured) -> Sentence | None:
    """The likeliest finish, None where none is seen, one is sure, or none is likely."""
    finish = measured.finish
    if finish is None or measured.shade.main is None or not PERHAPS <= finish.score < measured.trust.finish_bar:
        return None
    begin = f"The finish is {_adverb(finish.score)} "
    mention = Mention("finish", finish.label, (len(begin), len(begin) + len(finish.label)), hedged=True)
    evidence = Evidence(f"likeliest: {finish.label}, {finish.score:.0%}", probability=finish.score, region="material")
    return begin + finish.label, [(mention, Verdict("unseen", evidence))]


def _adverb(probability: float) -> str:
    return "probably" if probability >= PROBABLY else "perhaps"
