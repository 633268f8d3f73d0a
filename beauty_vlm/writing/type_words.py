"""Words for product types: which a caption names, whether they are borne out, and what one calls a type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import ProductType
from beauty_vlm.vocabulary import product_types, type_groups
from beauty_vlm.vocabulary.speech import speech
from beauty_vlm.writing.judging import Measured, Verdict, borne_out, same_type

BRONZER_OR_HIGHLIGHTER = "bronzer or highlighter"
HIGHLIGHTING, MATTE = ("shimmer", "glitter", "metallic"), "matte"  # finishes; a satin one may be either
SPOKEN = {"powder": "face powder"}  # labels that mean something else in a sentence
PLURALS = {
    **{term.label: term.plural for term in product_types()},
    **{group.name: f"{group.name}s" for group in type_groups()},
    **{word: f"{word}s" for word in ("face powder", "bronzer", "highlighter")},
}


@lru_cache(maxsize=256)
def found(text: str) -> tuple[Mention, ...]:
    """The mentions in a text; sentences come up again, in other candidates and in the check of what was made."""
    return tuple(mentions.find(text))


def product_mentions(sentence: str) -> list[Mention]:
    """The products that a sentence names, and does not deny."""
    return [mention for mention in found(sentence) if mention.kind == "type" and not mention.negated]


def contradicted_type(sentences: Iterable[str], product_type: ProductType) -> str | None:
    """The type that a caption takes the product for, when the tagger does not bear it out and no word that it does
    bear out is there.

    When the right one is named too, the other may well stand beside it in the photo.
    """
    named = [mention.term for sentence in sentences for mention in product_mentions(sentence)]
    if not product_type.accepted or not named or any(borne_out(name, product_type) for name in named):
        return None
    return named[0]


def spoken_type(label: str, measured: Measured) -> str:
    """What one calls a type in a sentence. Which of "bronzer or highlighter" it is, only a sure finish tells."""
    finish = measured.finish
    if label == BRONZER_OR_HIGHLIGHTER and finish is not None and finish.score >= measured.trust.finish_bar:
        known = "highlighter" if finish.label in HIGHLIGHTING else "bronzer" if finish.label == MATTE else None
        return known or label
    return SPOKEN.get(label, label)


def _tells_more(said: str, spoken: str) -> bool:
    """Whether a word is one of "bronzer or highlighter" where it is not known which, or the other."""
    one = {"bronzer", "bronzers", "highlighter", "highlighters"}
    wide = {BRONZER_OR_HIGHLIGHTER, PLURALS[BRONZER_OR_HIGHLIGHTER]}
    return said in one | wide and said not in (spoken, PLURALS[spoken]) and spoken in one | wide


def _is_narrower(said: str) -> bool:
    """Whether a word says more than the type that it stands for, as "night cream" does."""
    words = speech().narrower_types
    plain = said.replace("-", " ")
    return plain in words or plain.removesuffix("s") in words


def with_spoken_type(mention: Mention, verdict: Verdict, sentence: str, measured: Measured) -> tuple[Mention, Verdict]:
    """A claim and its verdict, whose word for a type, where it is mended, is the one that is spoken."""
    if mention.kind == "depth" and verdict.instead:  # "a medium lipstick": the shade's word tells
        return mention, replace(verdict, instead="")
    if mention.kind != "type":
        return mention, verdict
    said = sentence[slice(*mention.span)].lower()
    spoken = spoken_type(mention.term, measured)
    stands = verdict.verdict == "supported" and verdict.instead is None
    if stands and _tells_more(said, spoken):
        verdict = replace(verdict, instead=mention.term, said=said, broader=spoken == BRONZER_OR_HIGHLIGHTER)
    elif stands and _is_narrower(said):
        verdict = replace(verdict, instead=mention.term, said=said, broader=True)
    if not verdict.instead:
        return mention, verdict
    label = spoken_type(verdict.instead, measured)
    # Of another product it is not known how many there are.
    if said in PLURALS.values() and same_type(mention.term, measured.product_type.label):
        label = PLURALS.get(label, f"{label}s")
    return mention, replace(verdict, instead=label)
