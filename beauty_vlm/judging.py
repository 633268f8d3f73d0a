"""Judges a claim: what a word of a caption says, held against what was measured on the photo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from beauty_vlm import mentions
from beauty_vlm.mentions import Mention, Scope
from beauty_vlm.report import ProductType, Score, Shade, Swatch
from beauty_vlm.vocabulary import may_name, type_groups

# Smaller parts of a surface do not give it its name.
NAMING_SHARE = 0.1
DEPTHS = ("very light", "light", "medium", "deep", "very deep")
DEPTH_SYNONYMS = {"dark": "deep", "pale": "light"}
MANY_SHADES = ("eyeshadow palette", "makeup set")  # their measured sentence lists several


@dataclass(frozen=True, slots=True)
class Measured:
    """What the photo shows. `surroundings` holds the colours of packaging and background, each as a Shade.

    `finish` is None when no material is visible.
    """

    product_type: ProductType
    shade: Shade
    finish: Score | None
    surroundings: Mapping[Scope, Shade] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim: supported or unseen, with the evidence in words.

    `instead` replaces what was said; None leaves it, "" cuts it out.
    """

    verdict: str
    evidence: str
    instead: str | None = None


def same_type(said: str, label: str) -> bool:
    """An eyeshadow palette may be called an eyeshadow, or an eye product."""
    group = next((group for group in type_groups() if group.name == said), None)
    return label in group.types if group else said == label or said in label.split(" ")


def borne_out(said: str, product_type: ProductType) -> bool:
    """Whether a word for the type is no narrower than what the tagger is sure enough of."""
    word = product_type.word.label
    group = next((group for group in type_groups() if group.name == word), None)
    if group is None:
        return same_type(said, word)
    broader = next((one for one in type_groups() if one.name == said), None)
    return broader is not None and group.types <= broader.types


def judge(mention: Mention, measured: Measured, contradicted_type: str | None) -> Verdict:
    if mention.kind == "type":
        return judge_type(mention, measured.product_type, contradicted_type)
    if mention.kind == "finish":
        return judge_finish(mention, measured.finish)
    if mention.scope == "material":
        return judge_shade(mention, measured.shade)
    surface = measured.surroundings.get(mention.scope)
    held = surface is not None and any(holds(mention, swatch) for swatch in naming(surface))
    if held:
        return Verdict("supported", f"the {mention.scope} has this colour")
    return Verdict("contradicted", f"the {mention.scope} has another colour", instead="")


def judge_type(mention: Mention, product_type: ProductType, contradicted: str | None) -> Verdict:
    word = product_type.word
    evidence = f"{word.label}, {word.score:.0%}"
    if word.label != product_type.label:
        evidence += f" (nearest type: {product_type.label}, {product_type.score:.0%})"
    if mention.term == contradicted:
        return Verdict("supported", f"{evidence}; the caption said {mention.term}", instead=word.label)
    if product_type.accepted and borne_out(mention.term, product_type):
        return Verdict("supported", evidence)
    return Verdict("unseen", "only the product itself is checked" if product_type.accepted else "no type is certain")


def judge_finish(mention: Mention, finish: Score | None) -> Verdict:
    if mention.scope != "material":
        return Verdict("unseen", f"the finish of the {mention.scope} is not measured")
    if finish is None:
        return Verdict("unseen", "no material is visible", instead="")
    evidence = f"{finish.label}, {finish.score:.0%}"
    if mention.term == finish.label:
        return Verdict("supported", evidence)
    return Verdict("supported", f"{evidence}; the caption said {mention.term}", instead=finish.label)


def judge_shade(mention: Mention, shade: Shade) -> Verdict:
    if shade.main is None:
        return Verdict("unseen", "no material is visible", instead="")
    for swatch in naming(shade):
        if holds(mention, swatch):
            return Verdict("supported", evidence_of(swatch))
    return Verdict("supported", f"{evidence_of(shade.main)}; the caption said {mention.term}", instead=shade.main.name)


def naming(shade: Shade) -> list[Swatch]:
    """The main swatch and all others that are large enough to be what a word meant."""
    return [swatch for number, swatch in enumerate(shade.palette) if number == 0 or swatch.share >= NAMING_SHARE]


def holds(mention: Mention, swatch: Swatch) -> bool:
    """Whether a colour's word and its modifiers are true of a swatch."""
    near = may_name(mention.term, swatch.lab)
    return near and _depth_true(mention.depth, swatch) and _undertone_true(mention.undertone, swatch)


def _depth_true(said: str | None, swatch: Swatch) -> bool:
    """One step beside the measured depth is a matter of taste."""
    depth = DEPTH_SYNONYMS.get(said or "", said)
    return depth is None or abs(DEPTHS.index(depth) - DEPTHS.index(swatch.depth)) <= 1


def _undertone_true(said: str | None, swatch: Swatch) -> bool:
    return said is None or said == swatch.undertone or "neutral" in (said, swatch.undertone)


def modifiers_true(sentence: str, measured: Measured) -> bool:
    """Whether "deep in depth" and "with a warm undertone" are true of the main swatch."""
    main = measured.shade.main
    undertone = re.search(rf"\b({mentions.UNDERTONE_WORDS}) undertone", sentence, re.IGNORECASE)
    depth = re.search(rf"\b({mentions.DEPTH_WORDS}) in depth", sentence, re.IGNORECASE)
    if main is None:
        return not (undertone or depth)
    return _depth_true(depth and depth[1].lower(), main) and _undertone_true(undertone and undertone[1].lower(), main)


def evidence_of(swatch: Swatch) -> str:
    return f"measured {swatch.name}, {swatch.hex}"
