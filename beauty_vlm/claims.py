"""A text's claims held against labels: which of the things that it says are true, and which truths it says.

CHAIR (Rohrbach et al., Object Hallucination in Image Captioning, EMNLP 2018) counts objects that are said and not
there; here it is types, colours and finishes over the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

from beauty_vlm import mentions
from beauty_vlm.colour import hex_to_lab
from beauty_vlm.judging import MANY_SHADES, same_type
from beauty_vlm.mentions import Mention
from beauty_vlm.truths import Truth
from beauty_vlm.vocabulary import may_name, shade_terms

KINDS = ("type", "colour", "finish", "packaging")


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim of a text: its kind (one of KINDS), its words, and whether the labels bear it out."""

    kind: str
    text: str
    correct: bool


def check(text: str, truth: Truth) -> list[Checked]:
    """The claims of `text` that the labels can judge; what the labels do not tell is left out."""
    found = []
    for mention in mentions.find(text):
        correct = _correct(mention, truth)
        if correct is not None:
            kind = "packaging" if mention.scope == "packaging" else mention.kind
            found.append(Checked(kind, text[slice(*mention.span)], correct))
    return found


def facts(truth: Truth) -> tuple[str, ...]:
    """The kinds of claim that a full description of the photo makes and the labels can confirm."""
    single = truth.shade_hex is not None and truth.product_type not in MANY_SHADES
    known = {"type": truth.product_type is not None, "colour": single, "finish": truth.finish is not None}
    return tuple(kind for kind, is_known in known.items() if is_known)


def _correct(mention: Mention, truth: Truth) -> bool | None:
    if mention.kind == "type":
        return None if truth.product_type is None else same_type(mention.term, truth.product_type)
    if mention.scope == "background":
        return None
    if mention.scope == "packaging":
        colour = truth.packaging_colour if mention.kind == "colour" else None
        return None if colour is None else _is_packaging(mention.term, colour)
    if truth.shade_visible is False:
        return False  # a shade or finish that cannot be seen was made up
    if mention.kind == "finish":
        return None if truth.finish is None else mention.term == truth.finish
    if truth.shade_hex is None or truth.product_type in MANY_SHADES:  # one label does not tell their others
        return None
    return may_name(mention.term, hex_to_lab(truth.shade_hex))


def _is_packaging(said: str, colour: str) -> bool:
    """A package's colour is labelled in words: any word for it, or for its family, will do."""
    labelled = {mention.term for mention in mentions.find(colour) if mention.kind == "colour"} | {colour}
    related = {shade.family for shade in shade_terms() if shade.name in labelled}
    return said in labelled | related or any(shade.name == said and shade.family in labelled for shade in shade_terms())
