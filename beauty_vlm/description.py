"""Makes the description: the caption, held against what was measured, and repaired where it is wrong.

A word that the photo contradicts is replaced by the measured one, or its sentence is left out; what cannot be
seen is not said. Nothing is added but what was measured: never a brand, an ingredient or a benefit.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from beauty_vlm import mentions
from beauty_vlm.judging import (
    MANY_SHADES,
    Measured,
    Verdict,
    borne_out,
    evidence_of,
    holds,
    judge,
    judge_finish,
    judge_type,
    modifiers_true,
    naming,
    same_type,
)
from beauty_vlm.mentions import Mention
from beauty_vlm.page import Page
from beauty_vlm.report import Claim, Length, ProductType

OTHER = "other"  # the vocabulary's label for a photo that shows no such product
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
JOINED = re.compile(r"(,|\band|\bwith|\bbeside|\bnext to|\bnear)\s+(an?|the)\s+$", re.IGNORECASE)
# A caption is speech when it has this many words, of which this share differ, as an untrained model's do not.
FEWEST_WORDS = 2
DISTINCT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Description:
    """The final text and what it claims; each claim's span indexes `text` and reads as the claim's text."""

    text: str
    claims: tuple[Claim, ...]


def describe(caption: str, measured: Measured, length: Length = "normal") -> Description:
    """The description of `length` made from a raw caption; which may be empty or wrong."""
    page = Page()
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
        judged = [(mention, judge(mention, measured, contradicted_type)) for mention in mentions.find(sentence)]
        judged = _without_company(sentence, _with_other_shades(judged, measured), measured)
        cut_colour |= any(m.kind == "colour" and m.scope == "material" and v.instead == "" for m, v in judged)
        if number and (any(v.instead is not None for _, v in judged) or not modifiers_true(sentence, measured)):
            continue  # the first sentence is repaired, a later one can be spared
        page.sentence(sentence, judged)
    if not page.text or _lacks_the_shade(page, measured):
        page = Page()
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


def _lacks_the_shade(page: Page, measured: Measured) -> bool:
    """Whether the text says nothing of a shade that was measured: it is what people come for."""
    known = measured.shade.main is not None and measured.product_type.accepted
    return known and not any(claim.kind == "colour" for claim in page.claims)


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
    if not product_type.accepted or not named or any(borne_out(name, product_type) for name in named):
        return None
    return named[0]


def _with_other_shades(judged: list[tuple[Mention, Verdict]], measured: Measured) -> list[tuple[Mention, Verdict]]:
    """Of several wrong colours each takes the next measured shade that is not named yet; the rest are cut."""
    shades = naming(measured.shade)
    colours = [m for m, v in judged if m.kind == "colour" and m.scope == "material" and v.instead is None]
    said = {swatch.name for swatch in shades if any(holds(mention, swatch) for mention in colours)}
    result = []
    for mention, verdict in judged:
        if mention.kind == "colour" and mention.scope == "material" and verdict.instead:
            free = next((swatch for swatch in shades if swatch.name not in said), None)
            if free is None:
                verdict = replace(verdict, instead="")
            else:
                said.add(free.name)
                evidence = f"{evidence_of(free)}; the caption said {mention.term}"
                verdict = Verdict("supported", evidence, instead=free.name)
        result.append((mention, verdict))
    return result


def _without_company(
    sentence: str, judged: list[tuple[Mention, Verdict]], measured: Measured
) -> list[tuple[Mention, Verdict]]:
    """Products said to stand beside the one that was tagged are cut: nothing was seen of them."""
    result = []
    for mention, verdict in judged:
        beside = JOINED.search(sentence[: mention.span[0]])
        if mention.kind == "type" and verdict.verdict == "unseen" and beside and measured.product_type.accepted:
            verdict = replace(verdict, instead="")
        result.append((mention, verdict))
    return result


def _plain(page: Page, measured: Measured, length: Length) -> None:
    """One sentence from the measurements alone, for when the captioner has said nothing of use."""
    product_type, shade, finish = measured.product_type, measured.shade, measured.finish
    if not product_type.accepted:
        page.sentence(NOTHING_KNOWN, [])
        return
    label = product_type.word.label
    parts: list[tuple[str, Mention, Verdict]] = [
        (
            "A ",
            Mention("type", label, (0, 0)),
            judge_type(Mention("type", label, (0, 0)), product_type, None),
        )
    ]
    words = [label]
    if shade.main is not None:
        parts.append(
            (" in ", Mention("colour", shade.main.name, (0, 0)), Verdict("supported", evidence_of(shade.main)))
        )
        words.append(shade.main.name)
    if finish is not None and length != "short":
        mention = Mention("finish", finish.label, (0, 0))
        parts.append((" with a ", mention, judge_finish(mention, finish)))
        words.append(finish.label)
    sentence, judged = "", []
    for (joint, mention, verdict), word in zip(parts, words, strict=True):
        sentence += joint
        judged.append((replace(mention, span=(len(sentence), len(sentence) + len(word))), verdict))
        sentence += word
    page.sentence(sentence + (" finish" if len(parts) > 1 and parts[-1][1].kind == "finish" else ""), judged)


def _measured_sentence(page: Page, measured: Measured) -> None:
    """The last sentence of a detailed description: the shade as measured."""
    main = measured.shade.main
    assert main is not None
    swatches = naming(measured.shade)[:LISTED_SHADES] if measured.product_type.label in MANY_SHADES else [main]
    sentence = "The measured shade is " if len(swatches) == 1 else "The measured shades are "
    judged = []
    for number, swatch in enumerate(swatches):
        sentence += "" if number == 0 else " and " if number == len(swatches) - 1 else ", "
        span = (len(sentence), len(sentence) + len(swatch.name))
        judged.append((Mention("colour", swatch.name, span), Verdict("supported", evidence_of(swatch))))
        sentence += f"{swatch.name} ({swatch.hex})"
    if len(swatches) == 1:
        sentence += f", {main.depth} in depth with a {main.undertone} undertone"
    page.sentence(sentence, judged)
