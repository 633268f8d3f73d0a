"""Makes the description: the caption, held against what was measured, and repaired where it is wrong.

A word that the photo contradicts is replaced by the measured one, or its sentence is left out; what cannot be
seen is not said. Nothing is added but what was measured: never a brand, an ingredient or a benefit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from beauty_vlm import mentions
from beauty_vlm.mentions import Mention, Scope
from beauty_vlm.report import Claim, Length, ProductType, Score, Shade, Swatch
from beauty_vlm.vocabulary import may_name, type_groups

# Smaller parts of a surface do not give it its name.
NAMING_SHARE = 0.1
DEPTHS = ("very light", "light", "medium", "deep", "very deep")
DEPTH_SYNONYMS = {"dark": "deep", "pale": "light"}
OTHER = "other"  # the vocabulary's label for a photo that shows no such product
MANY_SHADES = ("eyeshadow palette", "makeup set")  # their measured sentence lists several
LISTED_SHADES = 4
SHADE_UNSEEN = "The shade cannot be seen in this photo."
NOTHING_KNOWN = "No beauty product can be made out in this photo."
SAYS_UNSEEN = re.compile(
    r"\b(shade|colour)s? (cannot be seen|is hidden|is not visible)|\bno (shade|colour) is visible", re.I
)
PACKAGE_PHRASE = re.compile(
    rf",? in (?:an? )?(?:(?!with\b|and\b)[\w-]+ ){{0,4}}?"
    rf"(?:(?:{mentions.PACKAGING_NOUNS})s?|(?:{mentions.PACKAGING_MATERIALS})(?: (?!with\b|and\b)[\w-]+){{0,2}})\b",
    re.IGNORECASE,
)
# A package that is said to be closed hides its product, and an open one shows it: what was seen of it tells.
CLOSED_WORDS = re.compile(r"(,|\band)? (?:fully |still )?closed\b(?! (?:by|with|off))", re.IGNORECASE)
OPEN_WORDS = re.compile(
    r",? (?:half |wide )?open\b(?:,? (?:flat|lid up))?|,? (?:cap|lid) off\b|,? twisted up\b", re.IGNORECASE
)
SAYS_NO_PRODUCT = re.compile(r"\b(no|not an?) (beauty|cosmetic) product\b", re.I)

# After a cut: the phrase ends here, so that "in a", "with" or "and" before it lead to nothing; or it goes on.
PHRASE_ENDS = re.compile(r"\s*($|[.,;!?]|(in|with|on|and|next|beside|standing|lying)\b)", re.IGNORECASE)
LEADS_TO_NOTHING = re.compile(r"(,|\s+(in|with|and|has|is|of|a|an|the|beside|next to|near))*\s*$", re.IGNORECASE)
JOINED = re.compile(r"(,|\band|\bwith|\bbeside|\bnext to|\bnear)\s+(an?|the)\s+$", re.IGNORECASE)
LOOSE_JOINT = re.compile(r"\s*(,|\s+and)\s+$", re.IGNORECASE)

# A caption is speech when it has this many words, of which this share differ, as an untrained model's do not.
FEWEST_WORDS = 2
DISTINCT_SHARE = 0.5


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
class Description:
    """The final text and what it claims; each claim's span indexes `text` and reads as the claim's text."""

    text: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """`instead` replaces what was said; None leaves it, "" cuts it out."""

    verdict: str
    evidence: str
    instead: str | None = None


def describe(caption: str, measured: Measured, length: Length = "normal") -> Description:
    """The description of `length` made from a raw caption; which may be empty or wrong."""
    page = _Page()
    believed = _is_speech(caption) and _sees_the_same_kind(caption, measured.product_type)
    # What names no product that is known may name anything.
    believed = believed and any(mention.kind == "type" for mention in mentions.find(caption.split(". ")[0]))
    contradicted_type = _contradicted_type(caption, measured.product_type)
    if contradicted_type and not same_type(contradicted_type, measured.product_type.label):
        # What was taken for another product was given that product's package and pose.
        for said in (PACKAGE_PHRASE, OPEN_WORDS, CLOSED_WORDS):
            caption = said.sub("", caption)
    sentences = re.split(r"(?<=[.!?])\s+", caption.strip()) if believed else []
    said_unseen = cut_colour = False
    for number, written in enumerate(sentences):
        sentence = (OPEN_WORDS if not measured.shade.visible else CLOSED_WORDS).sub("", written)
        if SAYS_UNSEEN.search(sentence):
            if measured.shade.visible:
                continue
            said_unseen = True
        judged = [(mention, _judge(mention, measured, contradicted_type)) for mention in mentions.find(sentence)]
        judged = _without_company(sentence, _with_other_shades(judged, measured), measured)
        cut_colour |= any(m.kind == "colour" and m.scope == "material" and v.instead == "" for m, v in judged)
        if number and (any(v.instead is not None for _, v in judged) or not _modifiers_true(sentence, measured)):
            continue  # the first sentence is repaired, a later one can be spared
        page.sentence(sentence, judged)
    if not page.text or _lacks_the_shade(page, measured):
        page = _Page()
        _plain(page, measured, length)
    if (
        not measured.shade.visible
        and page.text != NOTHING_KNOWN
        and not said_unseen
        and (cut_colour or length == "detailed")
    ):
        page.sentence(SHADE_UNSEEN, [])
    if length == "detailed" and measured.shade.main is not None and page.text != NOTHING_KNOWN:
        _measured_sentence(page, measured)
    return Description(page.text, tuple(page.claims))


def _lacks_the_shade(page: _Page, measured: Measured) -> bool:
    """Whether the text says nothing of a shade that was measured: it is what people come for."""
    known = measured.shade.main is not None and measured.product_type.accepted
    return known and not any(claim.kind == "colour" for claim in page.claims)


class _Page:
    """The text as it grows, with the claims in it."""

    def __init__(self) -> None:
        self.text = ""
        self.claims: list[Claim] = []

    def sentence(self, sentence: str, judged: list[tuple[Mention, _Verdict]]) -> None:
        """Add one sentence, its mentions replaced or cut as judged."""
        if self.text:
            self.text += " "
        begin, at, cut = len(self.text), 0, False
        for number, (mention, verdict) in enumerate(judged):
            start, end = mention.span
            self._add(sentence[at:start], cut and start > at)
            if cut := verdict.instead == "":
                end = _end_of_cut(sentence, end, judged[number + 1][0].span[0] if judged[number + 1 :] else None)
            else:
                said = sentence[start:end]
                self._claim(mention, said if verdict.instead is None else verdict.instead, verdict)
            at = end
        self._add(sentence[at:], cut)
        if any(verdict.instead == "" for _, verdict in judged):
            self._close_list(begin)
        written = re.sub(r"[\s,;]+$", "", self.text[begin:])
        self.text = self.text[:begin] + written[:1].upper() + written[1:]
        if written and written[-1] not in ".!?":
            self.text += "."
        self.claims = [replace(claim, text=self.text[slice(*claim.span)]) for claim in self.claims]

    def _close_list(self, begin: int) -> None:
        """Where the end of a list of colours was cut, "plum, gold" becomes "plum and gold"."""
        colours = [claim for claim in self.claims if claim.span[0] >= begin and claim.kind == "colour"]
        joints = [self.text[one.span[1] : other.span[0]] for one, other in pairwise(colours)]
        for number, joint in enumerate(joints):
            last = number + 1 == len(joints) or joints[number + 1] not in (", ", " and ")
            if joint == ", " and last:
                start, end = colours[number].span[1], colours[number + 1].span[0]
                self.text = f"{self.text[:start]} and {self.text[end:]}"
                moved = len(" and ") - len(joint)
                self.claims = [
                    replace(claim, span=(claim.span[0] + moved, claim.span[1] + moved))
                    if claim.span[0] >= end
                    else claim
                    for claim in self.claims
                ]
                return

    def _claim(self, mention: Mention, said: str, verdict: _Verdict) -> None:
        self._add(said)
        kind = mention.kind if mention.scope == "material" else mention.scope
        span = (len(self.text) - len(said), len(self.text))
        self.claims.append(Claim(said, span, kind, verdict.verdict, verdict.evidence))

    def _add(self, piece: str, after_cut: bool = False) -> None:
        """Add a piece of text; after a cut, what led to the words that are gone goes too."""
        if after_cut and PHRASE_ENDS.match(piece):
            self.text = LEADS_TO_NOTHING.sub("", self.text)
        elif after_cut:
            self.text = LOOSE_JOINT.sub(" ", self.text).lstrip()
        if self.text.endswith(" ") or not self.text:
            piece = piece.lstrip()
        if piece.startswith((",", ".", ";")):
            self.text = self.text.rstrip()
        article = re.search(r"\b(an?) $", self.text, re.IGNORECASE)
        if article and piece[:1].isalpha():
            right = "an" if piece[0].lower() in "aeiou" else "a"
            if article[1].lower() != right:
                right = right.capitalize() if article[1][0].isupper() else right
                self.text = f"{self.text[: article.start()]}{right} "
        self.text += piece


def _is_speech(caption: str) -> bool:
    words = re.findall(r"[^\W\d_]+", caption.lower())
    if len(words) < FEWEST_WORDS or "[" in caption or "##" in caption:
        return False
    repeated = any(one == two == three for one, two, three in zip(words, words[1:], words[2:], strict=False))
    return not repeated and len(Counter(words[:24])) >= DISTINCT_SHARE * len(words[:24])


def _sees_the_same_kind(caption: str, product_type: ProductType) -> bool:
    """Whether caption and tagger agree that there is a beauty product, or is none: the tagger is the better judge."""
    if product_type.label == OTHER:
        return False
    return not (product_type.accepted and SAYS_NO_PRODUCT.search(caption))


def _contradicted_type(caption: str, product_type: ProductType) -> str | None:
    """The type that the caption takes the product for, when the tagger does not bear it out and no word that it
    does bear out is there.

    When the right one is named too, the other may well stand beside it in the photo.
    """
    named = [mention.term for mention in mentions.find(caption) if mention.kind == "type"]
    if not product_type.accepted or not named or any(_borne_out(name, product_type) for name in named):
        return None
    return named[0]


def same_type(said: str, label: str) -> bool:
    """An eyeshadow palette may be called an eyeshadow, or an eye product."""
    group = next((group for group in type_groups() if group.name == said), None)
    return label in group.types if group else said == label or said in label.split(" ")


def _borne_out(said: str, product_type: ProductType) -> bool:
    """Whether a word for the type is no narrower than what the tagger is sure enough of."""
    word = product_type.word.label
    group = next((group for group in type_groups() if group.name == word), None)
    if group is None:
        return same_type(said, word)
    broader = next((one for one in type_groups() if one.name == said), None)
    return broader is not None and group.types <= broader.types


def _judge(mention: Mention, measured: Measured, contradicted_type: str | None) -> _Verdict:
    if mention.kind == "type":
        return _judge_type(mention, measured.product_type, contradicted_type)
    if mention.kind == "finish":
        return _judge_finish(mention, measured.finish)
    if mention.scope == "material":
        return _judge_shade(mention, measured.shade)
    surface = measured.surroundings.get(mention.scope)
    held = surface is not None and any(_holds(mention, swatch) for swatch in _naming(surface))
    if held:
        return _Verdict("supported", f"the {mention.scope} has this colour")
    return _Verdict("contradicted", f"the {mention.scope} has another colour", instead="")


def _judge_type(mention: Mention, product_type: ProductType, contradicted: str | None) -> _Verdict:
    word = product_type.word
    evidence = f"{word.label}, {word.score:.0%}"
    if word.label != product_type.label:
        evidence += f" (nearest type: {product_type.label}, {product_type.score:.0%})"
    if mention.term == contradicted:
        return _Verdict("supported", f"{evidence}; the caption said {mention.term}", instead=word.label)
    if product_type.accepted and _borne_out(mention.term, product_type):
        return _Verdict("supported", evidence)
    return _Verdict("unseen", "only the product itself is checked" if product_type.accepted else "no type is certain")


def _judge_finish(mention: Mention, finish: Score | None) -> _Verdict:
    if mention.scope != "material":
        return _Verdict("unseen", f"the finish of the {mention.scope} is not measured")
    if finish is None:
        return _Verdict("unseen", "no material is visible", instead="")
    evidence = f"{finish.label}, {finish.score:.0%}"
    if mention.term == finish.label:
        return _Verdict("supported", evidence)
    return _Verdict("supported", f"{evidence}; the caption said {mention.term}", instead=finish.label)


def _judge_shade(mention: Mention, shade: Shade) -> _Verdict:
    if shade.main is None:
        return _Verdict("unseen", "no material is visible", instead="")
    for swatch in _naming(shade):
        if _holds(mention, swatch):
            return _Verdict("supported", _evidence(swatch))
    return _Verdict("supported", f"{_evidence(shade.main)}; the caption said {mention.term}", instead=shade.main.name)


def _with_other_shades(judged: list[tuple[Mention, _Verdict]], measured: Measured) -> list[tuple[Mention, _Verdict]]:
    """Of several wrong colours each takes the next measured shade that is not named yet; the rest are cut."""
    shades = _naming(measured.shade)
    colours = [m for m, v in judged if m.kind == "colour" and m.scope == "material" and v.instead is None]
    said = {swatch.name for swatch in shades if any(_holds(mention, swatch) for mention in colours)}
    result = []
    for mention, verdict in judged:
        if mention.kind == "colour" and mention.scope == "material" and verdict.instead:
            free = next((swatch for swatch in shades if swatch.name not in said), None)
            if free is None:
                verdict = replace(verdict, instead="")
            else:
                said.add(free.name)
                evidence = f"{_evidence(free)}; the caption said {mention.term}"
                verdict = _Verdict("supported", evidence, instead=free.name)
        result.append((mention, verdict))
    return result


def _without_company(
    sentence: str, judged: list[tuple[Mention, _Verdict]], measured: Measured
) -> list[tuple[Mention, _Verdict]]:
    """Products said to stand beside the one that was tagged are cut: nothing was seen of them."""
    result = []
    for mention, verdict in judged:
        beside = JOINED.search(sentence[: mention.span[0]])
        if mention.kind == "type" and verdict.verdict == "unseen" and beside and measured.product_type.accepted:
            verdict = replace(verdict, instead="")
        result.append((mention, verdict))
    return result


def _naming(shade: Shade) -> list[Swatch]:
    """The main swatch and all others that are large enough to be what a word meant."""
    return [swatch for number, swatch in enumerate(shade.palette) if number == 0 or swatch.share >= NAMING_SHARE]


def _holds(mention: Mention, swatch: Swatch) -> bool:
    """Whether a colour's word and its modifiers are true of a swatch."""
    near = may_name(mention.term, swatch.lab)
    return near and _depth_true(mention.depth, swatch) and _undertone_true(mention.undertone, swatch)


def _depth_true(said: str | None, swatch: Swatch) -> bool:
    """One step beside the measured depth is a matter of taste."""
    depth = DEPTH_SYNONYMS.get(said or "", said)
    return depth is None or abs(DEPTHS.index(depth) - DEPTHS.index(swatch.depth)) <= 1


def _undertone_true(said: str | None, swatch: Swatch) -> bool:
    return said is None or said == swatch.undertone or "neutral" in (said, swatch.undertone)


def _modifiers_true(sentence: str, measured: Measured) -> bool:
    """Whether "deep in depth" and "with a warm undertone" are true of the main swatch."""
    main = measured.shade.main
    undertone = re.search(rf"\b({mentions.UNDERTONE_WORDS}) undertone", sentence, re.IGNORECASE)
    depth = re.search(rf"\b({mentions.DEPTH_WORDS}) in depth", sentence, re.IGNORECASE)
    if main is None:
        return not (undertone or depth)
    return _depth_true(depth and depth[1].lower(), main) and _undertone_true(undertone and undertone[1].lower(), main)


def _end_of_cut(sentence: str, end: int, following: int | None) -> int:
    """Where a cut ends that began with a word: after its noun ("a plum shade"), or at the next word of its list."""
    if noun := re.match(r" (shade|colou?r|hue|tone|finish|texture|look)s?\b", sentence[end:], re.IGNORECASE):
        return end + noun.end()
    listed = following is not None and re.fullmatch(r",? and |, ", sentence[end:following], re.IGNORECASE)
    return following if listed and following is not None else end


def _plain(page: _Page, measured: Measured, length: Length) -> None:
    """One sentence from the measurements alone, for when the captioner has said nothing of use."""
    product_type, shade, finish = measured.product_type, measured.shade, measured.finish
    if not product_type.accepted:
        page.sentence(NOTHING_KNOWN, [])
        return
    label = product_type.word.label
    parts: list[tuple[str, Mention, _Verdict]] = [
        (
            "A ",
            Mention("type", label, (0, 0)),
            _judge_type(Mention("type", label, (0, 0)), product_type, None),
        )
    ]
    words = [label]
    if shade.main is not None:
        parts.append((" in ", Mention("colour", shade.main.name, (0, 0)), _Verdict("supported", _evidence(shade.main))))
        words.append(shade.main.name)
    if finish is not None and length != "short":
        mention = Mention("finish", finish.label, (0, 0))
        parts.append((" with a ", mention, _judge_finish(mention, finish)))
        words.append(finish.label)
    sentence, judged = "", []
    for (joint, mention, verdict), word in zip(parts, words, strict=True):
        sentence += joint
        judged.append((replace(mention, span=(len(sentence), len(sentence) + len(word))), verdict))
        sentence += word
    page.sentence(sentence + (" finish" if len(parts) > 1 and parts[-1][1].kind == "finish" else ""), judged)


def _measured_sentence(page: _Page, measured: Measured) -> None:
    """The last sentence of a detailed description: the shade as measured."""
    main = measured.shade.main
    assert main is not None
    swatches = _naming(measured.shade)[:LISTED_SHADES] if measured.product_type.label in MANY_SHADES else [main]
    sentence = "The measured shade is " if len(swatches) == 1 else "The measured shades are "
    judged = []
    for number, swatch in enumerate(swatches):
        sentence += "" if number == 0 else " and " if number == len(swatches) - 1 else ", "
        span = (len(sentence), len(sentence) + len(swatch.name))
        judged.append((Mention("colour", swatch.name, span), _Verdict("supported", _evidence(swatch))))
        sentence += f"{swatch.name} ({swatch.hex})"
    if len(swatches) == 1:
        sentence += f", {main.depth} in depth with a {main.undertone} undertone"
    page.sentence(sentence, judged)


def _evidence(swatch: Swatch) -> str:
    return f"measured {swatch.name}, {swatch.hex}"
