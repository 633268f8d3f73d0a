"""Gives each word for a product's colour to a shade that was measured."""

from __future__ import annotations

from dataclasses import replace

from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import Evidence, Swatch
from beauty_vlm.vocabulary import MANY_SHADES, families, name_colour
from beauty_vlm.writing.colour_words import DEPTH_SYNONYMS, evidence_of, naming, sure_name, surely
from beauty_vlm.writing.judging import Measured, Verdict
from beauty_vlm.writing.phrases import Phrase, Word
from beauty_vlm.writing.reliability import Trust

LISTED_SHADES = 3  # of a palette, as its captions list them
SAID_ALREADY = "this is said already"


def coloured(phrases: list[Phrase], measured: Measured, exactly: bool) -> list[Phrase]:
    """The phrases with each word for the material's colour given to one measured shade, or cut.

    A palette's wrong colours take the shades that are not named yet, in order; any other product has one shade. A word
    that names a shade again is cut.
    """
    swatches, many = distinct(measured), measured.product_type.label in MANY_SHADES
    words = [word for phrase in phrases for word in phrase.words if _names_a_shade(word)]
    given = _shades_of(words, swatches, many, measured.trust)
    verdicts: dict[int, Verdict | None] = {}
    for number, word in enumerate(words):
        swatch = given.get(number)
        assert word.mention is not None and word.verdict is not None
        if swatch is None:
            evidence = word.verdict.evidence if word.verdict.instead is not None else Evidence(SAID_ALREADY)
            verdict = Verdict(word.verdict.verdict, evidence, "", word.text)
        elif surely(word.mention, swatch, measured.trust) and not (exactly and _is_neighbour(word.mention, swatch)):
            verdict = Verdict("supported", evidence_of(swatch, word.mention.term))
        else:
            verdict = Verdict("supported", _why_not(word.mention, swatch, measured.trust), swatch.name, word.text)
        verdicts[id(word)] = verdict
    return [
        replace(
            phrase,
            words=tuple(replace(w, verdict=verdicts[id(w)]) if id(w) in verdicts else w for w in phrase.words),
        )
        for phrase in phrases
    ]


def _names_a_shade(word: Word) -> bool:
    """Whether a word says of the product that it has a colour; one that is denied is judged already."""
    return word.is_kind("colour") and not word.cut and word.mention is not None and not word.mention.negated


def _why_not(mention: Mention, swatch: Swatch, trust: Trust) -> Evidence:
    """The evidence against a colour's word that gives way to a swatch's own name: how far they are apart, or, of one
    that may be said of the swatch too, that it is the name beside.
    """
    if not surely(mention, swatch, trust):
        return evidence_of(swatch, mention.term)
    own = evidence_of(swatch)
    return replace(own, text=f"{own.text}; {mention.term} lies beside it", claimed=None, delta_e=None)


def _is_neighbour(mention: Mention, swatch: Swatch) -> bool:
    """Whether a colour's word is another shade's name than the measured one, and no word for its family, or says
    another depth or undertone.
    """
    depth = DEPTH_SYNONYMS.get(mention.depth or "", mention.depth)
    if depth not in (None, swatch.depth) or mention.undertone not in (None, swatch.undertone):
        return True
    return mention.term not in families() and mention.term != name_colour(swatch.lab).term


def _shades_of(words: list[Word], swatches: list[Swatch], many: bool, trust: Trust) -> dict[int, Swatch]:
    """For each word, by its number, the shade that it names or is to name; none where all are named."""
    given: dict[int, Swatch] = {}
    free = list(swatches)

    def give(number: int, swatch: Swatch) -> None:
        given[number] = swatch
        free.remove(swatch)

    true = [
        (n, [s for s in swatches if word.mention and surely(word.mention, s, trust)]) for n, word in enumerate(words)
    ]
    for number, named in true:  # a shade's own name is not taken for its neighbour
        own = next((swatch for swatch in named if swatch in free and swatch.name == words[number].text), None)
        if own is not None:
            give(number, own)
    for number, named in true:
        if number not in given and (swatch := next((one for one in named if one in free), None)):
            give(number, swatch)
    if many:
        for number, named in true:
            if number not in given and not named and free:
                give(number, free[0])
    elif words and swatches and swatches[0] in free:
        given[0] = swatches[0]
    return given


def shade_words(measured: Measured) -> tuple[Word, ...]:
    """The measured shade as claims: a palette's first few, any other product's main one."""
    swatches = distinct(measured)[:LISTED_SHADES]
    return tuple(
        Word(s.name, Mention("colour", s.name, (0, 0)), Verdict("supported", evidence_of(s)), listed=number > 0)
        for number, s in enumerate(swatches)
    )


def distinct(measured: Measured) -> list[Swatch]:
    """The shades that give the product its name, by what may be said of each, one of each name, the main one first."""
    named: dict[str, Swatch] = {}
    many = measured.product_type.label in MANY_SHADES
    for swatch in naming(measured.shade)[: None if many else 1]:
        if (name := sure_name(swatch, measured.trust)) is not None:
            named.setdefault(name, replace(swatch, name=name))
    return list(named.values())
