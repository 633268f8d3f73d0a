"""Guesses: what is likeliest of a photo where nothing is sure, said as a guess and never as a claim.

From even odds on it is "probably", below it "perhaps", as readers mostly take these words (Mosteller and Youtz, Stat.
Sci. 5 (1990) 2-12).
"""

from __future__ import annotations

import re
from dataclasses import replace

from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import Evidence, Length, Swatch, percent
from beauty_vlm.vocabulary import MANY_SHADES, OTHER
from beauty_vlm.writing import borders
from beauty_vlm.writing.colour_words import name_probability, surely_modified
from beauty_vlm.writing.judging import Measured, Verdict, guess_evidence, guessed_type
from beauty_vlm.writing.lexicon import article
from beauty_vlm.writing.phrases import Judged
from beauty_vlm.writing.type_words import PLURALS, SPOKEN

PROBABLY = 0.5
PERHAPS = 0.3  # what is less likely is not worth a guess
GUESS = re.compile(
    r"^((if it is one, )?(probably|perhaps) (?!the\b)|(the|one) (shade|finish) (is|has)\b.*\b(probably|perhaps)\b)",
    re.IGNORECASE,
)

Sentence = tuple[str, Judged]


def type_guess(measured: Measured, many: bool = False) -> Sentence | None:
    """The likeliest type where only a broader word is sure, or not even that it is a beauty product; None where it is
    sure itself, unlikely, or no such product. `many`: several were named by the broader word.
    """
    guess, accepted = guessed_type(measured), measured.product_type.accepted
    if accepted and measured.product_type.word.label == guess.label:
        return None
    if guess.label == OTHER or guess.score < PERHAPS:
        return None
    said = adverb(guess.score)
    begin = f"{said.capitalize()} " if accepted else f"If it is one, {said} "
    label = SPOKEN.get(guess.label, guess.label)
    if many:
        label = PLURALS[label]
    else:
        begin += f"{article(label)} "
    mention = Mention("type", guess.label, (len(begin), len(begin) + len(label)), hedged=True)
    return begin + label, [(mention, Verdict("unseen", guess_evidence(guess)))]


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
    types = {measured.product_type.label, guessed_type(measured).label}
    one = "One" if types & set(MANY_SHADES) else "The"
    begin = f"{one} shade is "
    judged: list[tuple[Mention, Verdict]] = []
    if length == "detailed" and one == "The":
        begin, judged = _with_modifiers(begin, measured, main)
    begin += f"{adverb(share)} "
    mention = Mention("colour", name, (len(begin), len(begin) + len(name)), hedged=True)
    text = f"measured {main.name}, {main.hex}, ±{main.uncertainty or 0:.1f}"
    doubt = "too little to be sure" if measured.product_type.accepted else "if it is such a product"
    text += f"; {percent(share)} likely, {doubt}"
    evidence = Evidence(text, probability=round(share, 4), measured=main.hex, region="material")
    end = f" ({main.hex})" if length == "detailed" else ""
    return begin + name + end, [*judged, (mention, Verdict("unseen", evidence))]


def _with_modifiers(begin: str, measured: Measured, main: Swatch) -> tuple[str, list[tuple[Mention, Verdict]]]:
    """`begin` ("The shade is ") with the main shade's depth and undertone, where these are sure though its name is not:
    "The shade is medium in depth with a warm undertone, ".
    """
    judged: list[tuple[Mention, Verdict]] = []
    said = [
        ("depth", main.depth, f"{main.depth} in depth"),
        ("undertone", main.undertone, f"{main.undertone} undertone"),
    ]
    for kind, term, text in said:
        if surely_modified(kind, term, main, measured.trust):
            begin += " with a " if judged else "of a " if kind == "undertone" else ""
            evidence = Evidence(f"measured {term} {kind}, {main.hex}", measured=main.hex, region="material")
            mention = Mention(kind, term, (len(begin), len(begin) + len(text)))
            judged.append((mention, Verdict("supported", evidence)))
            begin += text
    return begin + ", " if judged else begin, judged


def joined(shade: Sentence, finish: Sentence) -> Sentence:
    """A guess at the shade and one at the finish in one sentence."""
    (first, judged), (second, others) = shade, finish
    text = second.replace("The finish is", "the finish", 1)
    shift = len(first) + len(", ") + len(text) - len(second)
    return f"{first}, {text}", [
        *judged,
        *((replace(m, span=(m.span[0] + shift, m.span[1] + shift)), v) for m, v in others),
    ]


def finish_guess(measured: Measured) -> Sentence | None:
    """The likeliest finish, None where none is seen, one is sure, or none is likely."""
    finish = measured.finish
    if finish is None or measured.shade.main is None or not PERHAPS <= finish.score < measured.trust.finish_bar:
        return None
    begin = f"The finish is {adverb(finish.score)} "
    mention = Mention("finish", finish.label, (len(begin), len(begin) + len(finish.label)), hedged=True)
    evidence = Evidence(f"likeliest: {finish.told}", probability=finish.score, region="material")
    return begin + finish.label, [(mention, Verdict("unseen", evidence))]


def adverb(probability: float) -> str:
    """How a guess of this probability is hedged."""
    return "probably" if probability >= PROBABLY else "perhaps"
