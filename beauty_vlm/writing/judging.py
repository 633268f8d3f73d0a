"""Judges a claim: what a word of a caption says, held against what was measured on the photo.

A claim is true, false, or not to be seen. False ones give way to the measured word or are cut; what cannot be seen is
cut too, a product's type alone excepted where no type is certain.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from beauty_vlm.colour import ciede2000
from beauty_vlm.language.mentions import FORBIDDEN, Mention, Scope
from beauty_vlm.report import Evidence, Packaging, ProductType, Score, Shade, percent
from beauty_vlm.vocabulary import (
    COLOUR_TOLERANCE,
    MANY_SHADES,
    name_colour,
    package_parts,
    shade_terms,
    shimmering,
    type_groups,
)
from beauty_vlm.vocabulary.speech import speech
from beauty_vlm.writing.colour_words import (
    DEPTH_SYNONYMS,
    evidence_of,
    holds,
    naming,
    sure_name,
    surely,
    surely_modified,
)
from beauty_vlm.writing.reliability import Trust

# How the materials of packaging.yaml look: a package's finish is told by them.
FINISH_OF_MATERIALS = {
    "matte": ("matte plastic",),
    "glossy": ("glossy plastic", "clear glass or plastic"),
    "metallic": ("metal",),
    "sheer": ("clear glass or plastic",),
}
OPPOSITES = {"open": "closed", "closed": "open"}
SHADE_COLOURED = "shade-coloured"
UNMEASURED = "nothing here measures this"
OTHER_PARTS = "such a product has no such part"
UNSURE = "the {}'s colour is too uncertain for it"
SURFACES = {"material": "product", "packaging": "package", "others": "other piece"}  # what a scope is called


@dataclass(frozen=True, slots=True)
class Measured:
    """What the photo shows. `surroundings` holds the colours of packaging and background, each as a Shade.

    `finish` is None when no material is visible; `shimmer_free`, how likely that finish is none that shimmers, then and
    of what is no make-up. `visible` is the probability that the photo shows the
    product's material, `segmented` that which the pixels taken for it have of being it, on average. `trust` is how far
    colours and scores are to be believed, by `beauty_vlm.writing.weighing`.
    """

    product_type: ProductType
    shade: Shade
    finish: Score | None
    surroundings: Mapping[Scope, Shade] = field(default_factory=dict)
    packaging: Packaging | None = None
    trust: Trust = field(default_factory=Trust)
    visible: float = 1.0
    segmented: float = 1.0
    shimmer_free: Score | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim: supported, contradicted or unseen, with the evidence.

    `instead` replaces what was said, and is supported; None leaves it, "" cuts it out. `said` is then what the caption
    said, which the photo contradicts, unless `instead` is but the `broader` word for it.
    """

    verdict: str
    evidence: Evidence
    instead: str | None = None
    said: str | None = None
    broader: bool = False

    @property
    def of_caption(self) -> str:
        """The verdict on what the caption said: where a measured word stands instead, the photo contradicts it."""
        if self.broader:
            return "unseen"
        return "contradicted" if self.instead else self.verdict


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
    """What becomes of one claim; `contradicted_type` is the type that the caption takes the product for, wrongly."""
    if mention.kind in FORBIDDEN:
        return _judge_unseeable(mention)
    if mention.negated:
        return _judge_denied(mention, measured)
    if mention.kind == "type":
        guess = guessed_type(measured)
        if mention.hedged and measured.product_type.accepted and mention.term == guess.label:
            return Verdict("unseen", guess_evidence(guess))
        return judge_type(mention, measured.product_type, contradicted_type)
    truth, evidence, instead = _truth(mention, measured)
    if truth and mention.kind == "state" and not surely_has_parts(measured.product_type, mention.text):
        return Verdict("supported", evidence, mention.term, mention.text, broader=True)  # "wand out" is "open" for sure
    return _verdict(mention, truth, evidence, instead)


def guessed_type(measured: Measured) -> Score:
    """The likeliest type and its probability: by both witnesses, where they were heard."""
    product_type = measured.product_type
    return measured.trust.type or Score(product_type.label, product_type.score)


def guess_evidence(guess: Score) -> Evidence:
    """Of the likeliest type, where it is not likely enough to be said of the product."""
    text = f"likeliest: {guess.told}; too little to be sure"
    return Evidence(text, probability=guess.score)


def judge_type(mention: Mention, product_type: ProductType, contradicted: str | None) -> Verdict:
    word = product_type.word
    evidence = _type_evidence(product_type)
    if mention.term == contradicted:
        group = next((group.types for group in type_groups() if group.name == word.label), frozenset[str]())
        said = mention.text or mention.term  # a lip product may well be the lipstick that it is called
        return Verdict("supported", evidence, instead=word.label, said=said, broader=contradicted in group)
    if product_type.accepted and borne_out(mention.term, product_type):
        return Verdict("supported", evidence)
    unseen = "only the product itself is checked" if product_type.accepted else "no type is certain"
    return Verdict("unseen", Evidence(unseen))


def judge_finish(mention: Mention, measured: Measured) -> Verdict:
    if mention.scope != "material":
        evidence = Evidence(f"the finish of the {mention.scope} is not measured", region=mention.scope)
        return _verdict(mention, None, evidence)
    return _verdict(mention, *_finish_truth(mention, measured))


def _verdict(mention: Mention, truth: bool | None, evidence: Evidence, instead: str = "") -> Verdict:
    """`instead` is the measured word for a claim that is false. What stands instead is supported."""
    if truth:
        return Verdict("supported", evidence)
    said = mention.text or mention.term
    if truth is None:
        return Verdict("unseen", evidence, "", said)
    return Verdict("supported" if instead else "contradicted", evidence, instead, said)


def _judge_unseeable(mention: Mention) -> Verdict:
    """What no photo tells. What the user gave of it is said in a sentence of its own, as theirs."""
    return Verdict("contradicted", Evidence("nothing in a photo tells of it"), "", mention.text or mention.term)


def _judge_denied(mention: Mention, measured: Measured) -> Verdict:
    """ "Not shimmery" is true where "shimmery" is false; where that is true, "shimmer" stands instead."""
    if mention.kind == "type":
        product_type = measured.product_type
        truth = borne_out(mention.term, product_type) if product_type.accepted else None
        return _verdict(mention, None if truth is None else not truth, _type_evidence(product_type))
    truth, evidence, _ = _truth(mention, measured)
    adjective = re.match(r"(not|non|never)\b", mention.text, re.IGNORECASE) and mention.kind in ("finish", "colour")
    return _verdict(mention, None if truth is None else not truth, evidence, mention.term if adjective else "")


def _truth(mention: Mention, measured: Measured) -> tuple[bool | None, Evidence, str]:
    """Whether what a mention says is so, denied or not, None where it cannot be seen; and the measured word for it."""
    packaging, trust = measured.packaging or Packaging(None, None, None), measured.trust
    surface = measured.shade if mention.scope == "material" else measured.surroundings.get(mention.scope)
    if mention.scope == "packaging" and surface is None and packaging.colour:
        surface = Shade(True, packaging.colour, (packaging.colour,))
    if mention.kind == "finish":
        if mention.scope == "packaging":
            return _package_truth(packaging.material, FINISH_OF_MATERIALS.get(mention.term, ()), trust.material_bar)
        if mention.scope == "background":
            return None, Evidence(UNMEASURED, region="background"), ""
        return _finish_truth(mention, measured)
    if mention.kind == "packaging" and mention.term == SHADE_COLOURED:
        return _same_colour_truth(measured, surface)
    if mention.kind == "packaging":
        return _material_truth(mention, packaging.material, trust.material_bar)
    if mention.kind == "state":
        return _state_truth(mention, packaging.state, measured)
    if mention.kind == "count":
        return None, Evidence(UNMEASURED), ""
    if mention.kind == "colour":
        single = mention.scope == "material" and measured.product_type.label not in MANY_SHADES
        truth, evidence, instead = _colour_truth(mention, surface, trust, single)
        if truth and mention.scope == "background" and surface is not None and not _is_own_name(mention, surface):
            truth = False  # a light grey sweep is near white, and is not white
        return truth, evidence, instead if mention.scope == "material" else ""
    return _modifier_truth(mention, surface, trust)


def _is_own_name(mention: Mention, surface: Shade) -> bool:
    """Whether a word is what a surface's colours are called, or their family."""
    terms = [name_colour(swatch.lab).term for swatch in naming(surface)]
    return mention.term in terms or mention.term in {term.family for term in shade_terms() if term.name in terms}


def _colour_truth(
    mention: Mention, shade: Shade | None, trust: Trust, single: bool
) -> tuple[bool | None, Evidence, str]:
    """`single`: the surface has one colour, the main one."""
    if shade is None or shade.main is None:
        return None, Evidence(f"no {mention.scope} is visible", region=mention.scope), ""
    swatches = naming(shade)[: 1 if single else None]
    if held := next((swatch for swatch in swatches if surely(mention, swatch, trust)), None):
        return True, evidence_of(held, mention.term, mention.scope), ""
    instead = sure_name(shade.main, trust, mention.scope)
    if instead is None or any(holds(mention, swatch) for swatch in swatches):
        unsure = Evidence(UNSURE.format(SURFACES.get(mention.scope, mention.scope)), region=mention.scope)
        return (None, unsure, "") if instead is None else (False, unsure, instead)
    return False, evidence_of(shade.main, mention.term, mention.scope), instead


def _modifier_truth(mention: Mention, shade: Shade | None, trust: Trust) -> tuple[bool | None, Evidence, str]:
    """An undertone or a depth by itself is said of the main swatch."""
    main = shade.main if shade is not None else None
    if main is None:
        return None, Evidence(f"no {mention.scope} is visible", region=mention.scope), ""
    name, measured = mention.kind, main.undertone if mention.kind == "undertone" else main.depth
    evidence = Evidence(f"measured {measured} {name}, {main.hex}", measured=main.hex, region=mention.scope)
    # The sentences of ours that say the measured one must not stand beside another.
    own = DEPTH_SYNONYMS.get(mention.term, mention.term) == measured
    if own and surely_modified(name, measured, main, trust, mention.scope):
        return True, evidence, ""
    if not surely_modified(name, measured, main, trust, mention.scope):
        return None, Evidence(UNSURE.format(SURFACES.get(mention.scope, mention.scope)), region=mention.scope), ""
    tail = re.search(r"(?: undertones?| in depth|-toned)$", mention.text, re.IGNORECASE)
    return False, evidence, f"{measured}{tail[0]}" if tail else measured if name == "depth" else ""


def _finish_truth(mention: Mention, measured: Measured) -> tuple[bool | None, Evidence, str]:
    finish = measured.finish
    if finish is None:
        return None, Evidence("no material is visible"), ""
    if finish.score < measured.trust.finish_bar and mention.term in shimmering() and shimmer_free(measured):
        assert measured.shimmer_free is not None
        return False, _scored(measured.shimmer_free), ""
    truth = mention.term == finish.label if finish.score >= measured.trust.finish_bar else None
    return truth, _scored(finish), finish.label


def shimmer_free(measured: Measured) -> bool:
    """Whether it is sure that the product's surface does not shimmer."""
    free = measured.shimmer_free
    return free is not None and free.score >= measured.trust.shimmer_free_bar


def _scored(score: Score) -> Evidence:
    return Evidence(score.told, probability=score.score, region="material")


def _same_colour_truth(measured: Measured, packaging: Shade | None) -> tuple[bool | None, Evidence, str]:
    """Whether a package has the product's own colour."""
    shade, trust = measured.shade, measured.trust
    if shade.main is None or packaging is None or packaging.main is None or trust.shade < trust.shade_bar:
        return None, Evidence(UNMEASURED, region="packaging"), ""
    pairs = [(float(ciede2000(one.lab, other.lab)), one) for one in naming(packaging) for other in naming(shade)]
    distance, nearest = min(pairs, key=lambda pair: pair[0])
    text = f"the packaging is {nearest.name}, {nearest.hex}"
    evidence = Evidence(text, None, nearest.hex, shade.main.hex, round(distance, 2), "packaging")
    return distance <= COLOUR_TOLERANCE, evidence, ""


def _material_truth(mention: Mention, seen: Score | None, bar: float) -> tuple[bool | None, Evidence, str]:
    truth, evidence, _ = _package_truth(seen, looks_like(mention.term), bar)
    word = speech().material_words.get(seen.label, "") if seen is not None else ""
    if truth and seen is not None and mention.term not in (word, *seen.label.split()[:1]):
        # "Glass" of what is clear glass or plastic; "clear" of it is true.
        return None, replace(evidence, text=f"{evidence.text}: more than {mention.term} looks so"), ""
    return truth, evidence, word


def looks_like(material: str) -> frozenset[str]:
    """The measured materials of packages that look like one that is said; none where nothing measured does."""
    return next((entry.labels for entry in speech().materials if entry.term == material), frozenset())


def _package_truth(seen: Score | None, labels: Collection[str], bar: float) -> tuple[bool | None, Evidence, str]:
    """Whether what is seen of a package, from a probability of `bar` on, is one of some labels."""
    if seen is None:
        return None, Evidence(UNMEASURED, region="packaging"), ""
    evidence = Evidence(seen.told, probability=seen.score, region="packaging")
    return seen.label in labels if seen.score >= bar else None, evidence, ""


def _state_truth(mention: Mention, seen: Score | None, measured: Measured) -> tuple[bool | None, Evidence, str]:
    truth, evidence, _ = _package_truth(seen, (mention.term,), measured.trust.state_bar)
    if mention.term not in OPPOSITES:
        # A swatch beside a package may go with any state of that, and a box or a hand with all.
        return truth or None, evidence if truth else Evidence(UNMEASURED), ""
    return truth, evidence, ""


def surely_has_parts(product_type: ProductType, text: str) -> bool:
    """Whether packages of each type that the product may be, by the word for it, come with all parts that a text
    names.
    """
    word = product_type.word.label
    may_be = next((group.types for group in type_groups() if group.name == word), frozenset([word]))
    return all(has_parts(label, text) for label in may_be)


def has_parts(label: str, text: str) -> bool:
    """Whether packages of a product type come with all parts that a text names."""
    parts = package_parts()
    named = (word.removesuffix("s") for word in re.findall(r"[a-z-]+", text.lower()))
    return all(label in parts[word] for word in named if word in parts)


def _type_evidence(product_type: ProductType) -> Evidence:
    word = product_type.word
    text = word.told
    if word.label != product_type.label:
        text += f" (nearest type: {product_type.label}, {percent(product_type.score)})"
    return Evidence(text, probability=word.score)
