"""Mends the sentence that names the product: wrong words give way to measured ones, what nothing bears out is left
out with its phrase, and a measured shade that it does not say is put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import Evidence, Mend, ProductType
from beauty_vlm.vocabulary import MANY_SHADES
from beauty_vlm.writing.judging import OTHER_PARTS, Measured, Verdict, has_parts, judge, same_type
from beauty_vlm.writing.lexicon import ARTICLES, BARE, DETERMINERS, POINTING, SHOWN_AS, SURFACE, TEXTURES, VERBS
from beauty_vlm.writing.phrases import Phrase, Word, has_content, listed, parse, strange, unclaimed
from beauty_vlm.writing.shading import SAID_ALREADY, coloured, shade_words
from beauty_vlm.writing.type_words import PLURALS, found, with_spoken_type

MOST_PHRASES = 6  # behind the product's name; a caption of ours has at most four
# Products that are their own package: "in a black pencil", but "in pencil form".
WORN = "worn"
PACKAGELESS = ("swatch", WORN)  # states that show no package
OWN_FORMS = ("pencil", "pen", "stick", "crayon")
FORM = re.compile(rf"\b(?:{mentions.PACKAGING_NOUNS}|{'|'.join(OWN_FORMS)})s?\b", re.IGNORECASE)
PACKAGE = re.compile(rf"\b(?:(?:{mentions.PACKAGING_NOUNS})s?|{mentions.PACKAGING_MATERIALS})\b", re.IGNORECASE)
BACKGROUND = re.compile(rf"\b(?:{mentions.BACKGROUND_NOUNS})s?\b", re.IGNORECASE)

UNCHECKED = "nothing here can check {!r}"
BEGINNING = "the sentence begins with the product"
ENOUGH = "the description is long enough"
DEPENDENT = "it was said of what is left out"
OTHER_PRODUCT = "the caption took it for another product"
NO_PACKAGE = "no package is visible"
UNSURE_FORM = "what form the package has is no surer than the product's type"
UNMEASURED_SURFACE = "nothing sure is known of the surface"
UNSAID = "the caption does not say the measured shade"


@dataclass(slots=True)
class Mended:
    """A sentence in phrases, true now, and what was done to it; no phrases when it names no product."""

    phrases: list[Phrase]
    mends: list[Mend] = field(default_factory=list)


def judged_mentions(sentence: str, measured: Measured, contradicted: str | None) -> list[tuple[Mention, Verdict]]:
    """The claims of a sentence with their verdicts; none of colour stands where colour cannot be judged."""
    judged = [(mention, judge(mention, measured, contradicted)) for mention in found(sentence)]
    if measured.shade.unjudged is None:
        return judged
    evidence = Evidence(measured.shade.unjudged)
    return [
        (mention, Verdict("unseen", evidence, "", mention.term) if mention.kind == "colour" else verdict)
        for mention, verdict in judged
    ]


def mend(sentence: str, measured: Measured, contradicted: str | None, exactly: bool = False) -> Mended:
    """`sentence` made true. `contradicted` is the type that it takes the product for, when that is wrong.

    `exactly` also replaces a neighbouring shade's name by the measured one, which is not contradicted: for where that
    is read beside it.
    """
    judged = [with_spoken_type(m, v, sentence, measured) for m, v in judged_mentions(sentence, measured, contradicted)]
    phrases = parse(sentence, judged)
    head = next((at for at, phrase in enumerate(phrases) if _product(phrase) is not None), None)
    if head is None:
        return Mended([])
    done = Mended([], [Mend(phrase.text, "", BEGINNING) for phrase in phrases[:head]])
    wrong_product = contradicted is not None and not same_type(contradicted, measured.product_type.label)
    tails = _kept(phrases[head + 1 :], measured, wrong_product, done)
    noun = _head(phrases[head], measured, any(set(phrase.joint) & VERBS for phrase in tails), done)
    phrases = _once(coloured([noun, *tails], measured, exactly))
    for number, phrase in enumerate(phrases):
        if number == 0 or not (cut := _emptied(phrase)):
            done.mends += [_mend_of(word) for word in phrase.words if word.verdict and word.verdict.instead is not None]
            words = _with_article_or_form([word for word in phrase.words if not word.cut])
            comma = phrase.comma or any(_is_plainer_state(word) for word in words)  # "with its wand out": ", open"
            done.phrases.append(replace(phrase, words=tuple(words), joint=_joint(phrase, measured), comma=comma))
        else:
            assert cut.verdict is not None
            done.mends.append(left_out(phrase.text, cut.mention, cut.verdict))
    _say_the_shade(done, measured)
    return done


def _product(phrase: Phrase) -> int | None:
    """Where the phrase names the product."""
    return next((at for at, word in enumerate(phrase.words) if word.is_kind("type") and _is_supported(word)), None)


def _is_supported(word: Word) -> bool:
    affirmed = word.mention is not None and not word.mention.negated
    return affirmed and word.verdict is not None and word.verdict.verdict == "supported" and not word.cut


def _head(phrase: Phrase, measured: Measured, goes_on: bool, done: Mended) -> Phrase:
    """The product's own phrase: an article, what is known of it, its name."""
    at = _product(phrase)
    assert at is not None
    noun = phrase.words[at]
    first = max((n for n, word in enumerate(phrase.words[:at]) if _is_determiner(word)), default=-1)
    before: list[Word] = []
    after: list[Word] = []
    for number, word in enumerate(phrase.words):
        if number == at or _is_determiner(word):
            continue
        fitting = word.mention is not None or word.text in (TEXTURES if number < at else SHOWN_AS)
        if number < first or not fitting:
            done.mends.append(Mend(word.text, "", BEGINNING if number < first else UNCHECKED.format(word.text)))
        elif word.is_kind("type"):
            done.mends.append(_mend_of(replace(word, verdict=replace(word.verdict or _NONE, instead=""))))
        else:
            (before if number < at else after).append(word)
    determiner = [Word(phrase.words[first].text)] if first >= 0 else []
    plural = noun.final in PLURALS.values()
    pointing = bool(determiner) and determiner[0].text in POINTING
    if not plural and (not determiner or (pointing and not goes_on)):
        determiner = [Word("a")]
    elif plural and determiner and (determiner[0].text in ARTICLES or (pointing and not goes_on)):
        determiner = []
    return Phrase((*determiner, *before, noun, *after))


def _is_determiner(word: Word) -> bool:
    return word.mention is None and word.text in DETERMINERS


_NONE = Verdict("unseen", Evidence(""))


def _kept(tails: Iterable[Phrase], measured: Measured, wrong_product: bool, done: Mended) -> list[Phrase]:
    """The phrases behind the product's that may stay, if their claims do."""
    kept: list[Phrase] = []
    lost: Phrase | None = None  # the phrase before, where it was left out
    tails = list(tails)
    states = {word.mention.term for phrase in tails for word in phrase.words if _stands(word) and word.mention}
    for phrase in tails:
        reason = _reason_to_leave_out(phrase, measured, wrong_product)
        if reason is None and any(word.final in states for word in phrase.words if _is_plainer_state(word)):
            reason = SAID_ALREADY  # "wand out, cap off" of what may have no wand: "cap off"
        if reason is None and lost is not None and not phrase.comma and not _is_of_the_product(phrase):
            reason = DEPENDENT
        if reason is None and any(phrase.words == other.words for other in kept):
            reason = SAID_ALREADY
        if reason is None and len(kept) == MOST_PHRASES:
            reason = ENOUGH
        if reason is not None:
            done.mends.append(Mend(phrase.text, "", reason))
            lost = phrase
            continue
        if lost is not None and phrase.joint[:1] == ("and",):  # "with a cat and its cap": "with its cap"
            phrase = replace(phrase, joint=phrase.joint[1:] or lost.joint)
        lost = None
        kept.append(phrase)
    return kept


def _reason_to_leave_out(phrase: Phrase, measured: Measured, wrong_product: bool) -> str | None:
    if word := strange(phrase):
        return UNCHECKED.format(word)
    for said in phrase.words:
        if said.is_kind("type") and said.verdict is not None:
            if said.verdict.verdict != "supported":
                return said.verdict.evidence.text
            if said.verdict.instead is not None or "and" in phrase.joint:
                return SAID_ALREADY
    if wrong_product and not (_is_of_the_product(phrase) or BACKGROUND.search(phrase.text) or _is_state(phrase)):
        return OTHER_PRODUCT
    if FORM.search(phrase.text) and shows_no_package(measured) and not _is_of_the_product(phrase):
        return NO_PACKAGE
    if of_surface(phrase) and not BACKGROUND.search(phrase.text):
        return UNMEASURED_SURFACE
    if phrase.joint[:1] == ("in",) and tells_unsure_form(phrase.text, measured.product_type):
        return UNSURE_FORM
    if phrase.scopes <= {"packaging"} and not has_parts(measured.product_type.label, phrase.text):
        return OTHER_PARTS
    word = unclaimed(phrase)
    return UNCHECKED.format(word) if word else None


def _is_of_state(word: Word) -> bool:
    return word.mention is not None and word.mention.kind == "state"


def _stands(word: Word) -> bool:
    """Whether a word tells how the product stands, as the caption has it."""
    return _is_of_state(word) and word.verdict is not None and word.verdict.instead is None


def _is_plainer_state(word: Word) -> bool:
    """Whether a plain "open" takes a word's place that names a part of the package."""
    return _is_of_state(word) and not word.cut and not _stands(word)


def _is_state(phrase: Phrase) -> bool:
    """Whether a phrase says how the product stands and no more, which does not hang on what it is, as where it is worn
    does.
    """
    return bool(phrase.words) and all(
        word.mention is not None and word.mention.kind == "state" and word.mention.term != WORN for word in phrase.words
    )


def shows_no_package(measured: Measured) -> bool:
    """Whether it is sure that the photo shows what came out of a package: a swatch, or make-up that is worn."""
    state = measured.packaging.state if measured.packaging else None
    return state is not None and state.label in PACKAGELESS and state.score >= measured.trust.state_bar


def of_surface(phrase: Phrase) -> bool:
    """Whether a phrase says how the product's surface looks, beside a finish that stands or without one."""
    words = any(word.mention is None and word.text in SURFACE for word in phrase.words)
    return words and not any(word.is_kind("finish") for word in phrase.said)


def tells_unsure_form(text: str, product_type: ProductType) -> bool:
    """Whether a text says "a tube" or "a pot" of a product whose type is not sure: nothing else tells of the form."""
    return product_type.word.label != product_type.label and FORM.search(text) is not None


def _is_of_the_product(phrase: Phrase) -> bool:
    """Whether a phrase says something measured of the material."""
    return any(word.is_kind("colour") or word.is_kind("finish") for word in phrase.said)


def _once(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with a finish that is said again cut."""
    said: set[str] = set()
    result = []
    for phrase in phrases:
        words = []
        for word in phrase.words:
            if word.is_kind("finish") and not word.cut:
                if said and word.verdict is not None:
                    verdict = replace(word.verdict, instead="", said=word.text, evidence=Evidence(SAID_ALREADY))
                    word = replace(word, verdict=verdict)
                said.add(word.final)
            words.append(word)
        result.append(replace(phrase, words=tuple(words)))
    return result


def _emptied(phrase: Phrase) -> Word | None:
    """For which word a phrase is left out after its words were cut: nothing is left of it, or its end is gone."""
    cut = [word for word in phrase.words if word.verdict is not None and word.cut]
    if not cut:
        return None
    rest = [word for word in phrase.words if word.mention is not None or has_content([word])]
    left = [word for word in phrase.words if not word.cut]
    gone = rest[-1].cut and not (rest[-1].listed and any(not word.cut for word in _list_of(rest)))
    if has_content(left) and not gone and not all(word.text in BARE or not has_content([word]) for word in left):
        return None
    return cut[-1]


def _list_of(words: list[Word]) -> list[Word]:
    """The list that ends with the last of the words."""
    start = next(at for at in range(len(words) - 1, -1, -1) if not words[at].listed)
    return words[start:]


def _mend_of(word: Word) -> Mend:
    assert word.verdict is not None
    return replace(left_out(word.text, word.mention, word.verdict), instead=word.verdict.instead or "")


def left_out(text: str, mention: Mention | None, verdict: Verdict) -> Mend:
    """The mend of a text that is left out for what became of a claim in it."""
    evidence = verdict.evidence
    return Mend(text, "", evidence.text, mention.kind if mention else None, verdict.of_caption, evidence)


def _with_article_or_form(words: list[Word]) -> list[Word]:
    """The words without an article that no noun follows ("in a plum"); "a pencil" by itself as "pencil form"."""
    if not words or words[0].text not in ARTICLES:
        return words
    if all(word.is_kind("colour") for word in words[1:]):
        return words[1:]
    if len(words) == 2 and words[1].text in OWN_FORMS:
        return [words[1], Word("form")]
    return words


def _joint(phrase: Phrase, measured: Measured) -> tuple[str, ...]:
    """One product has one shade and is "in" it; a palette comes "with" several."""
    colours = [word for word in phrase.words if word.is_kind("colour") and not word.cut]
    colours_only = all(word.cut or word in colours or word.text in ARTICLES for word in phrase.words)
    many = measured.product_type.label in MANY_SHADES and len(colours) > 1
    if colours_only and (phrase.joint == ("of",) or (phrase.joint == ("with",) and not many)):
        return ("in",)
    return phrase.joint


def _say_the_shade(done: Mended, measured: Measured) -> None:
    """Put the measured shade in where the sentence does not say it: it is what people come for."""
    said = any(word.is_kind("colour") for phrase in done.phrases for word in phrase.words)
    if said or measured.shade.main is None or not measured.product_type.accepted:
        return
    words = shade_words(measured)
    if not words:
        return
    head, *tails = done.phrases
    following = tails[0] if tails and not tails[0].comma else None
    if len(words) == 1 and following is not None and (following.joint[:1] == ("in",) or set(following.joint) & VERBS):
        at = _product(head) or 0
        while at and head.words[at - 1].mention is None and head.words[at - 1].text in TEXTURES:
            at -= 1
        done.phrases = [replace(head, words=(*head.words[:at], *words, *head.words[at:])), *tails]
        instead = words[0].text
    else:
        doubled = following is not None and following.joint[:1] in (("with",), ("without",))
        joint = "with" if len(words) > 1 and not doubled else "in"
        done.phrases = [head, Phrase(words, (joint,)), *tails]
        instead = " ".join([joint, *listed([(word.text, word.listed) for word in words])])
    done.mends.append(Mend("", instead, UNSAID))
