"""A text's claims held against labels: which of the things that it says are true, and which truths it says.

CHAIR (Rohrbach et al., Object Hallucination in Image Captioning, EMNLP 2018) counts objects that are said and not
there; here it is types, colours, finishes and packages over the vocabulary, and whatever no photo tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from beauty_vlm.colour import hex_to_lab
from beauty_vlm.evaluation.truths import Truth
from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import FORBIDDEN, Mention
from beauty_vlm.report import Swatch
from beauty_vlm.vocabulary import (
    MANY_SHADES,
    OTHER,
    SHIMMER_FREE,
    UNPACKED,
    name_colour,
    product_types,
    shade_terms,
    shimmering,
    type_groups,
)
from beauty_vlm.writing.colour_words import depth_true, holds, undertone_true
from beauty_vlm.writing.description import SAYS_UNSEEN
from beauty_vlm.writing.judging import (
    FINISH_OF_MATERIALS,
    OPPOSITES,
    SHADE_COLOURED,
    looks_like,
    same_type,
)

# "Unseeable" is what no photo tells: a claim of an ingredient, a brand, a price is wrong whatever the labels say.
# A guess ("probably a lip gloss") is none of the claims, and counted by itself.
GUESS = "guess"
BROADER = "broader type"  # "a lip product" of a lipstick: true, but it does not say the type
ANY = "any type"  # "a beauty product": it says no more than that the photo was accepted, and is counted by itself
HIDDEN = "hidden"  # that the shade cannot be seen
KINDS = (
    "type", BROADER, "colour", "finish", SHIMMER_FREE, "undertone", "depth", "packaging", "state", HIDDEN, "unseeable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim of a text: its kind (one of KINDS, ANY or GUESS), its words, whether the labels bear it out, and
    whether it is `denied` ("not glossy"), which may be right but says no fact.
    """

    kind: str
    text: str
    correct: bool
    denied: bool = False


def check(text: str, truth: Truth) -> list[Checked]:
    """The claims of `text` that the labels can judge; what the labels do not tell is left out."""
    found = []
    for mention in mentions.find(text):
        correct = _correct(mention, truth)
        if correct is not None:
            kind = "unseeable" if mention.kind in FORBIDDEN else mention.kind
            kind = _kind_of_type(mention.term) if kind == "type" else kind
            kind = "packaging" if mention.scope == "packaging" else kind
            kind = SHIMMER_FREE if kind == "finish" and mention.negated and mention.term in shimmering() else kind
            kind = GUESS if mention.hedged else kind
            found.append(Checked(kind, text[slice(*mention.span)], correct, mention.negated))
    if truth.shade_visible is not None:
        for said in SAYS_UNSEEN.finditer(text):
            kind = GUESS if "probably" in said[0].lower() else HIDDEN
            found.append(Checked(kind, said[0], not truth.shade_visible))
    return found


@lru_cache(maxsize=64)
def _kind_of_type(word: str) -> str:
    group = next((one for one in type_groups() if one.name == word), None)
    if group is None:
        return "type"
    return ANY if {term.label for term in product_types()} - group.types <= {OTHER} else BROADER


def facts(truth: Truth) -> tuple[str, ...]:
    """The kinds of claim that a full description of the photo makes and the labels can confirm."""
    single = truth.shade_hex is not None and truth.product_type not in MANY_SHADES
    known = {
        "type": truth.product_type is not None,
        "colour": single,
        "finish": truth.finish is not None,
        "packaging": truth.packaging_colour is not None or truth.packaging_material is not None,
    }
    return tuple(kind for kind, is_known in known.items() if is_known)


def _correct(mention: Mention, truth: Truth) -> bool | None:
    """Whether the labels bear a claim out; what denies one turns it round."""
    if mention.kind in FORBIDDEN:
        return False
    correct = _true(mention, truth)
    return None if correct is None else correct != mention.negated


def _true(mention: Mention, truth: Truth) -> bool | None:
    if mention.kind == "type":
        return None if truth.product_type is None else same_type(mention.term, truth.product_type)
    if mention.kind == "state":
        return _is_state(mention.term, truth)
    if mention.scope == "background" or mention.kind == "count":
        return None
    if mention.scope == "packaging":
        return _of_packaging(mention, truth)
    if truth.shade_visible is False:
        # A shade or finish that cannot be seen was made up; that something is not so may be true.
        return None if mention.negated else False
    if mention.scope == "others":  # one label does not tell of them
        return None
    if mention.kind == "finish":
        if truth.finish is None:
            return None
        denied = shimmering() if mention.negated and mention.term in shimmering() else {mention.term}
        return truth.finish in denied  # "no shimmer": neither glitter nor a metallic sheen
    if truth.shade_hex is None or truth.product_type in MANY_SHADES:  # one label does not tell their others
        return None
    swatch = _swatch(truth.shade_hex)
    if mention.kind == "undertone":
        return undertone_true(mention.term, swatch)
    return depth_true(mention.term, swatch) if mention.kind == "depth" else holds(mention, swatch)


def _of_packaging(mention: Mention, truth: Truth) -> bool | None:
    if mention.kind == "colour":
        return None if truth.packaging_colour is None else _is_packaging(mention.term, truth.packaging_colour)
    if truth.packaging_material is None:
        return None
    if mention.kind == "finish":
        return truth.packaging_material in FINISH_OF_MATERIALS.get(mention.term, ())
    if mention.kind != "packaging" or mention.term == SHADE_COLOURED:
        return None
    return truth.packaging_material in looks_like(mention.term)


def _is_state(said: str, truth: Truth) -> bool | None:
    """A product that hides its material is closed; one that shows it may be, beside a swatch or in a clear package."""
    if truth.packaging_state is not None:
        if said in OPPOSITES or said == truth.packaging_state:
            return said == truth.packaging_state
        return None  # a swatch or a hand may go with any package
    if truth.shade_visible is False and truth.product_type not in UNPACKED:
        return {"closed": True, "open": False, "swatch": False}.get(said)
    return None


def _swatch(shade_hex: str) -> Swatch:
    lightness, a, b = (float(value) for value in hex_to_lab(shade_hex))
    name = name_colour((lightness, a, b))
    return Swatch(name.phrase, shade_hex, (lightness, a, b), 1.0, name.undertone, name.depth)


def _is_packaging(said: str, colour: str) -> bool:
    """A package's colour is labelled in words: any word for it, or for its family, will do."""
    labelled = {mention.term for mention in mentions.find(colour) if mention.kind == "colour"} | {colour}
    related = {shade.family for shade in shade_terms() if shade.name in labelled}
    return said in labelled | related or any(shade.name == said and shade.family in labelled for shade in shade_terms())
