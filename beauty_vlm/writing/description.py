"""Makes the description: the caption, held against what was measured, and mended where it is wrong.

A word that the photo contradicts is replaced by the measured one, or its phrase is left out; what cannot be seen or
checked is not said. Nothing is added but what was measured: never a brand, an ingredient or a benefit.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import Claim, Length, Mend, ProductType
from beauty_vlm.vocabulary import MAKEUP, TOOL
from beauty_vlm.writing.closing import NO_SHIMMER, OTHERS, SHADE_UNSURE, close, unjudged_sentence
from beauty_vlm.writing.guesses import GUESS, shade_guess, type_guess
from beauty_vlm.writing.judging import Measured, Verdict, judge_finish, judge_type, same_type
from beauty_vlm.writing.lexicon import split
from beauty_vlm.writing.mending import (
    ENOUGH,
    OTHER_PRODUCT,
    PACKAGE,
    UNCHECKED,
    UNMEASURED_SURFACE,
    UNSURE_FORM,
    judged_mentions,
    left_out,
    mend,
    of_surface,
    tells_unsure_form,
)
from beauty_vlm.writing.page import Page
from beauty_vlm.writing.phrases import Phrase, Word, parse, strange, well_formed
from beauty_vlm.writing.shading import SAID_ALREADY, shade_words
from beauty_vlm.writing.type_words import PLURALS, contradicted_type, found, product_mentions, spoken_type

SHADE_UNSEEN = "The shade cannot be seen in this photo."
SHADE_PERHAPS_UNSEEN = "The shade can probably not be seen in this photo."
# The probability that material is visible up to which it is said plainly that none is: of 86 such among 1,000 renders
# that no training saw 98.8% were hidden, of those up to twice as likely 95%.
SURELY_HIDDEN = 0.1
NOTHING_KNOWN = "This is perhaps no beauty product at all."
SAYS_UNSEEN = re.compile(
    r"\b(shade|colour)s? (cannot be seen|can probably not be seen|is hidden|is not visible)"
    r"|\bno (shade|colour) is visible",
    re.I,
)
# "No shade is visible" with its "no" lost, as our captioner often writes of a hidden shade.
SAYS_SEEN = re.compile(r"\b(?<!no )(shade|colou?r)s? (is|are|can be) (visible|seen)\b", re.I)
SAYS_NO_PRODUCT = re.compile(r"\b(no|not an?) (beauty|cosmetic) product\b", re.I)
SAYS_SHADE = re.compile(r"^(the (shade|colou?r)|its (shade|colou?r)) is\b", re.I)
SAYS_SURFACE = re.compile(r"^(the|its) surface\b", re.I)
SAYS_PACKAGE = re.compile(r"^it comes in\b", re.I)
IN_PACKAGE = re.compile(rf"\bin (?:[\w-]+ ){{1,4}}(?:{PACKAGE.pattern})", re.I)
MEASURED_PACKAGE = re.compile(r"^the package is\b", re.I)
MEASURED_OTHERS = re.compile(rf"^{OTHERS}.*\(#[0-9a-f]{{6}}\)", re.I)
MEASURED_SHADE = re.compile(r"^the shades? (is|are)\b.*\(#[0-9a-f]{6}\)", re.I)
SURE_FINISH = re.compile(r"^the finish is [\w-]+\.?$", re.I)
# A caption is speech when it has this many words, of which this share differ, as an untrained model's do not.
FEWEST_WORDS = 2
DISTINCT_SHARE = 0.5
FEWEST_SENTENCE_WORDS = 4
MOST_SENTENCES = 6  # after the first; the grammar of the renders has five
PASSES = 4
MEASURED_INSTEAD = "what is measured is said instead"
MATERIAL_VISIBLE = "the product's material is visible"


@dataclass(frozen=True, slots=True)
class Description:
    """The final text and what it claims; each claim's span indexes `text` and reads as the claim's text.

    `mends` lists what of the caption did not reach the text, in the order in which it was found.
    """

    text: str
    claims: tuple[Claim, ...]
    mends: tuple[Mend, ...] = ()


def describe(caption: str, measured: Measured, length: Length = "normal") -> Description:
    """The description of `length` made from a raw caption; which may be empty or wrong.

    What is returned has passed its own check: describing it again changes nothing.
    """
    made = _draft(caption, measured, length)
    lost = [Mend(sentence, "", MEASURED_INSTEAD) for sentence in _own_sentences(caption)]
    made = replace(made, mends=(*lost, *made.mends))
    for _ in range(PASSES):
        again = _draft(made.text, measured, length)
        if again.text == made.text:
            return made
        made = replace(again, mends=made.mends + again.mends)
    return _without_caption(caption, "it does not stand its own check", measured, length)


def _draft(caption: str, measured: Measured, length: Length) -> Description:
    page = Page()
    sentences = _sentences(caption, measured)
    if reason := _unusable(sentences, measured):
        return _without_caption(caption, reason, measured, length)
    contradicted = contradicted_type(sentences, measured.product_type)
    first = next(number for number, sentence in enumerate(sentences) if _names_a_product(sentence))
    page.mends += [Mend(sentence, "", "it names no product") for sentence in sentences[:first]]
    mended = mend(sentences[first].rstrip(".!?"), measured, contradicted, exactly=length == "detailed")
    page.mends += mended.mends
    page.phrases(mended.phrases)
    if not mended.phrases or not well_formed(page.text):
        return _without_caption(caption, "no sentence is left of it", measured, length)
    if guess := type_guess(measured, many=any(word.final in PLURALS.values() for word in mended.phrases[0].words)):
        page.sentence(*guess)
    says_unseen = False
    unseen = _unseen_sentence(measured)
    for sentence in sentences[first + 1 :]:
        if SAYS_UNSEEN.search(sentence):
            says_unseen = True
            if sentence != unseen:
                page.mends.append(Mend(sentence, "", MEASURED_INSTEAD if unseen else MATERIAL_VISIBLE))
            continue
        judged = judged_mentions(sentence, measured, contradicted)
        if fallen := _fallen(judged):
            page.mends.append(left_out(sentence, *fallen))
            continue
        reason = _reason_to_leave_out(sentence, judged, measured, contradicted, length)
        if reason is None and _is_said(sentence, page.text):
            reason = SAID_ALREADY
        if reason is None and _count(page.text) > MOST_SENTENCES:
            reason = ENOUGH
        if reason is not None:
            page.mends.append(Mend(sentence, "", reason))
            continue
        page.sentence(sentence, judged)
    lost_colour = any(_says_colour(one.said) for one in page.mends)
    if unseen and (says_unseen or lost_colour or _tells_unseen(measured, length)):
        page.sentence(unseen)
    close(page, measured, length)
    return Description(page.text, tuple(page.claims), tuple(page.mends))


def _without_caption(caption: str, reason: str, measured: Measured, length: Length) -> Description:
    """A description from the measurements alone, for when the captioner has said nothing of use."""
    page = Page()
    _plain(page, measured, length)
    supposed = page.text == NOTHING_KNOWN  # what follows is said of it if it is a product
    if guess := type_guess(measured):
        page.sentence(*guess)
        if supposed and (shade := shade_guess(measured, "normal")):
            page.sentence(*shade)
    if not supposed:
        unseen = _unseen_sentence(measured)
        if unseen and (_tells_unseen(measured, length) or _says_colour(caption) or SAYS_UNSEEN.search(caption)):
            page.sentence(unseen)
        close(page, measured, length)
    mends = (Mend(caption, page.text, reason),) if caption.strip() != page.text else ()
    return Description(page.text, tuple(page.claims), mends)


def _sentences(caption: str, measured: Measured) -> list[str]:
    """The caption's sentences without those that are added here."""
    text = caption.replace(unjudged_sentence(measured) or "\0", "").replace(SHADE_UNSURE, "").replace(NO_SHIMMER, "")
    return [sentence for sentence in split(text) if not _is_like_ours(sentence)]


def _own_sentences(caption: str) -> list[str]:
    """Those of a caption that read like one of ours, which a caption that speaks of a product need not."""
    return [sentence for sentence in split(caption) if _is_like_ours(sentence)]


def _is_like_ours(sentence: str) -> bool:
    own = (MEASURED_PACKAGE, MEASURED_SHADE, MEASURED_OTHERS, SURE_FINISH, GUESS)
    return any(words.match(sentence) for words in own)


def _is_unseen(measured: Measured) -> bool:
    return not measured.shade.visible and measured.shade.unjudged is None


def _unseen_sentence(measured: Measured) -> str | None:
    """That the shade is hidden, as surely as that is known; None where it is not, and of tools, which have none."""
    if not _is_unseen(measured) or measured.product_type.label == TOOL:
        return None
    return SHADE_UNSEEN if measured.visible <= SURELY_HIDDEN else SHADE_PERHAPS_UNSEEN


def _tells_unseen(measured: Measured, length: Length) -> bool:
    """Whether a hidden shade is worth a sentence though the caption says nothing of it: of skin care and scents, whose
    shade nobody asks for, in a detailed description alone.
    """
    return length == "detailed" or (length == "normal" and same_type(MAKEUP, measured.product_type.label))


def _says_colour(text: str) -> bool:
    return any(mention.kind == "colour" and mention.scope == "material" for mention in found(text))


def _is_said(sentence: str, text: str) -> bool:
    """Whether the text has the sentence, or names a package where the sentence names one."""
    packaged = SAYS_PACKAGE.match(sentence) and IN_PACKAGE.search(text)
    return bool(packaged) or sentence.rstrip(".!?").lower() in text.lower()


def _count(text: str) -> int:
    return len(re.findall(r"[.!?](?:\s|$)", text))


def _names_a_product(sentence: str) -> bool:
    return bool(product_mentions(sentence))


def _unusable(sentences: list[str], measured: Measured) -> str | None:
    """Why nothing of the caption is believed, or None: it is no speech, or it names no product that is known, and
    what does may name anything."""
    caption = " ".join(sentences)
    if not caption:
        return "it is empty"
    if not _is_speech(caption):
        return "it is no sentence"
    if not _sees_the_same_kind(caption, measured.product_type):
        return "caption and tagger do not agree that there is a beauty product"
    return None if any(_names_a_product(sentence) for sentence in sentences) else "it names no product that is known"


def _is_speech(caption: str) -> bool:
    words = re.findall(r"[^\W\d_]+", caption.lower())
    if len(words) < FEWEST_WORDS or "[" in caption or "##" in caption:
        return False
    repeated = any(one == two == three for one, two, three in zip(words, words[1:], words[2:], strict=False))
    return not repeated and len(Counter(words[:24])) >= DISTINCT_SHARE * len(words[:24])


def _sees_the_same_kind(caption: str, product_type: ProductType) -> bool:
    """Whether caption and tagger agree that there is a beauty product, or is none: the tagger is the better judge."""
    return product_type.accepted and not SAYS_NO_PRODUCT.search(caption)


def _fallen(judged: list[tuple[Mention, Verdict]]) -> tuple[Mention, Verdict] | None:
    """The first claim of a later sentence that does not stand: the first is mended, a later one can be spared."""
    return next(
        (
            (mention, verdict)
            for mention, verdict in judged
            if verdict.instead is not None or (mention.kind == "type" and verdict.verdict != "supported")
        ),
        None,
    )


def _reason_to_leave_out(
    sentence: str,
    judged: list[tuple[Mention, Verdict]],
    measured: Measured,
    contradicted: str | None,
    length: Length,
) -> str | None:
    """Why a later sentence, whose claims stand, is not said, or None."""
    phrases = parse(sentence.rstrip(".!?"), judged)
    for phrase in phrases:
        if word := strange(phrase):
            return UNCHECKED.format(word)
    if SAYS_SEEN.search(sentence):
        return "the product's material is not visible" if _is_unseen(measured) else "the shade itself tells"
    if not judged:
        return UNCHECKED.format(sentence)
    if measured.shade.main is not None and length == "detailed" and SAYS_SHADE.match(sentence):
        return "the measured shade is said instead"
    if contradicted and not same_type(contradicted, measured.product_type.label) and PACKAGE.search(sentence):
        return OTHER_PRODUCT
    finish = any(mention.kind == "finish" and verdict.verdict == "supported" for mention, verdict in judged)
    if not finish and (SAYS_SURFACE.match(sentence) or any(of_surface(phrase) for phrase in phrases)):
        return UNMEASURED_SURFACE
    if SAYS_PACKAGE.match(sentence) and tells_unsure_form(sentence, measured.product_type):
        return UNSURE_FORM
    if not well_formed(sentence) or len(sentence.split()) < FEWEST_SENTENCE_WORDS:
        return "it is no sentence"
    return None


def _plain(page: Page, measured: Measured, length: Length) -> None:
    """One sentence from the measurements alone."""
    product_type, finish = measured.product_type, measured.finish
    if not product_type.accepted:
        page.sentence(NOTHING_KNOWN)
        return
    label = spoken_type(product_type.word.label, measured)
    mention = Mention("type", product_type.word.label, (0, 0))
    phrases = [Phrase((Word("a"), Word(label, mention, judge_type(mention, product_type, None))))]
    if finish is not None and length != "short":
        mention = Mention("finish", finish.label, (0, 0))
        verdict = judge_finish(mention, measured)
        if verdict.instead is None:
            phrases.append(Phrase((Word("a"), Word(finish.label, mention, verdict), Word("finish")), ("with",)))
    if shade := shade_words(measured):
        phrases.insert(1, Phrase(shade, ("with" if shade[1:] and not phrases[1:] else "in",)))
    page.phrases(phrases)
