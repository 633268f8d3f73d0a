"""Finds what a caption claims: type, colours, finish, package, how many, how it stands, and what no photo tells.

A small grammar over tokens (`beauty_vlm.language.reading`): fixed phrases, the vocabulary's words with what modifies
them, and what denies them; `beauty_vlm.language.scopes` tells what each is said of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from beauty_vlm.language import scopes
from beauty_vlm.language.fixed_phrases import PHRASES
from beauty_vlm.language.reading import Reading, phrase, read
from beauty_vlm.language.scopes import Scope
from beauty_vlm.language.wording import Word, wording
from beauty_vlm.vocabulary import type_groups
from beauty_vlm.vocabulary.speech import speech

__all__ = ["FORBIDDEN", "KINDS", "Mention", "Scope", "find"]

# What no photo tells: never claimed unless the user gave it.
FORBIDDEN = ("ingredient", "spf", "brand", "wear", "price", "benefit")
# A mention's "packaging" is what a package is made of. A claim of the kind "packaging" or "background" is anything
# that is said of those.
KINDS = ("type", "colour", "finish", "undertone", "depth", "packaging", "background", "state", "count", *FORBIDDEN)

PACKAGING_NOUNS = "|".join(sorted(speech().nouns["packaging"]))
PACKAGING_MATERIALS = "|".join(m.term for m in speech().materials if m.term not in speech().leaning_materials)
BACKGROUND_NOUNS = "|".join(sorted(speech().nouns["background"]))

LEADS = {
    "ingredient": phrase(r"(?:infused|enriched|formulated|made|packed|loaded|fortified) with|contains|containing"),
    "brand": phrase(r"by|from"),
}
HEDGE = re.compile(r"\b(probably|perhaps|possibly|maybe|likely)\s+(?:an?\s+|the\s+)?$", re.IGNORECASE)
GOES_ON_DENYING = (("or",), (",", "or"), (",",))
# Of a product itself only these say how deep its colour is: a light powder is a light texture.
DEEP = frozenset(["dark", "deep", "pale", "very deep", "very dark", "very light", "very pale"])


@dataclass(frozen=True, slots=True)
class Mention:
    """One word or phrase of a text. `term` is the vocabulary's word for it, or a colour family's name.

    `span` is its [start, end) in the text, which reads `text`; what denies it ("without shimmer") is part of it.
    What is `hedged` ("probably a lip gloss") is a guess, and no claim.
    `depth` and `undertone` are the modifiers that a colour was given, `tint` the colour that leans it ("brownish red").
    """

    kind: str
    term: str
    span: tuple[int, int]
    scope: Scope = "material"
    depth: str | None = None
    undertone: str | None = None
    tint: str | None = None
    negated: bool = False
    text: str = ""
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A mention by its tokens, [first, after)."""

    first: int
    after: int
    word: Word
    depth: str | None = None
    undertone: str | None = None
    tint: str | None = None
    negated: bool = False


def find(text: str) -> list[Mention]:
    """The mentions in `text`, in order, none overlapping another; the longest reading wins."""
    return list(_find(text))


# A caption is weighed, ranked and checked: each time the same sentences are read.
@lru_cache(maxsize=512)
def _find(text: str) -> tuple[Mention, ...]:
    reading = read(text)
    found = _without_textures(reading, list(_found(reading)))
    clause = scopes.Clause(reading, [(one.first, one.after, one.word.kind) for one in found])
    found = _denied(reading, found, clause)
    groups = {group.name for group in type_groups()}
    mentions = []
    for one in found:
        word, scope = one.word, clause.scope(one.first, one.after)
        if word.kind == "packaging" or (word.kind == "finish" and word.term == "sheer" and scope == "packaging"):
            material = _material(reading, one, clause)
            if material is None:
                continue
            word, scope = material, "packaging"
        elif word.kind not in ("colour", "finish", "depth", "undertone"):
            scope = "material"
        if word.kind == "type" and one.negated and word.term in groups:  # "no beauty product"
            continue
        if scope == "background" and word.term in ("stone", "sheer"):  # the surface, not its colour
            continue
        span = reading.span(one.first, one.after)
        written = text[slice(*span)]
        term = word.term or " ".join(reading.tokens[one.first : one.after])
        hedged = hedge(text[: span[0]]) is not None
        mentions.append(
            Mention(word.kind, term, span, scope, one.depth, one.undertone, one.tint, one.negated, written, hedged)
        )
    return tuple(mentions)


def hedge(before: str) -> str | None:
    """The adverb, in lower case, that makes a guess of what follows this text: "probably"; None without one."""
    found = HEDGE.search(before)
    return found[1].lower() if found else None


def _found(reading: Reading) -> Iterator[_Found]:
    """What is said, in order: at each token the longest of what may begin there."""
    phrases: dict[int, _Found] = {}
    for kind, term, pattern in PHRASES:
        for first, after, _ in reading.matches(pattern):
            if first not in phrases or phrases[first].after < after:
                phrases[first] = _Found(first, after, Word(kind, term))
    at = 0
    while at < len(reading.tokens):
        here = (
            phrases.get(at),
            _colour(reading, at),
            _single(reading, at),
            _depth(reading, at),
            _undertone(reading, at),
            _count(reading, at),
        )
        longest = max((one for one in here if one), key=lambda one: one.after, default=None)
        if longest is None:
            at += 1
            continue
        yield _with_lead(reading, longest)
        at = longest.after


def _lookup(reading: Reading, at: int) -> tuple[Word | None, int]:
    """The longest word of the lists that begins at a token, and the token after it."""
    known = wording()
    for length in known.lengths.get(_token(reading, at), ()):
        tokens = reading.tokens[at : at + length]
        text = " ".join(tokens)
        if len(tokens) < length:
            continue
        if word := known.words.get(text):
            return word, at + length
        if term := known.materials.get(text):
            return Word("packaging", term), at + length
    return None, at


def _single(reading: Reading, at: int) -> _Found | None:
    word, after = _lookup(reading, at)
    if word is None or word.kind == "colour":
        return None
    if word.term == "brush or tool" and reading.tokens[at] in ("brush", "mirror", "puff", "sponge", "comb"):
        before = reading.tokens[at - 1] if at else ""
        company = before in ("its", "the") or reading.tokens[max(at - 2, 0) : at] == ("with", "a")
        if company or wording().nouns.get(_token(reading, after)) == "packaging":  # part of the product, or beside it
            return None
    return _Found(at, after, word)


def _colour(reading: Reading, at: int) -> _Found | None:
    """A colour with its depth and undertone before it ("deep, warm brown") and its tint ("brownish red")."""
    depth, undertone, place = None, None, at
    word, after = _lookup(reading, place)
    while word is None or word.kind != "colour":
        step, kind = _modifier(reading, place)
        if step == place or (kind == "depth" and depth) or (kind == "undertone" and undertone):
            return None
        said = " ".join(reading.tokens[place:step])
        depth, undertone = (said, undertone) if kind == "depth" else (depth, said.split()[0])
        place = step
        if _token(reading, place) == ",":
            place += 1
        word, after = _lookup(reading, place)
    tint = None
    other, end = _lookup(reading, after)
    if other and other.kind == "colour" and other.term != "cream":
        tint, word, after = word.term, other, end
    if _token(reading, after) in speech().not_colours or (undertone is None and _is_product(reading, place, after)):
        return None
    return _Found(at, after, word, depth, undertone, tint)


def _is_product(reading: Reading, first: int, after: int) -> bool:
    """Whether "cream" is no colour here: a texture ("a cream blush"), or the product ("filled with pink cream")."""
    if reading.tokens[first:after] != ("cream",):
        return False
    following, _ = _lookup(reading, after)
    if following is not None and following.kind == "type":
        return following.term in speech().cream_textures
    before = reading.tokens[first - 1] if first else ""
    named = wording().nouns.get(_token(reading, after)) or (following and following.kind in ("colour", "packaging"))
    listed = before in ("in", "is", "and", ",", "with") and reading.tokens[max(first - 2, 0)] != "filled"
    return not (named or listed)


def _modifier(reading: Reading, at: int) -> tuple[int, str]:
    """The token after a depth or undertone word that begins at one, and which it is; the same token for neither."""
    said = speech()
    if _token(reading, at) in said.undertones:
        return at + (2 if _token(reading, at + 1) == "toned" else 1), "undertone"
    for length in (2, 1):
        if " ".join(reading.tokens[at : at + length]) in said.depths and at + length <= len(reading.tokens):
            return at + length, "depth"
    return at, ""


def _depth(reading: Reading, at: int) -> _Found | None:
    """ "deep in depth", "a dark shade", "a dark lipstick", "a dark background"."""
    after, kind = _modifier(reading, at)
    if kind != "depth":
        return None
    said = " ".join(reading.tokens[at:after])
    if reading.tokens[after : after + 2] == ("in", "depth"):
        return _Found(at, after + 2, Word("depth", said))
    following = _token(reading, after)
    noun = wording().nouns.get(following)
    word, _ = _lookup(reading, after)
    deep = said in DEEP and ((word is not None and word.kind == "type") or noun == "packaging")
    return (
        _Found(at, after, Word("depth", said))
        if following in speech().grammar["shade_nouns"] or deep or noun == "background"
        else None
    )


def _undertone(reading: Reading, at: int) -> _Found | None:
    """ "warm undertone", "warm-toned", "its undertone is warm"."""
    said = speech().undertones
    first, second, third = (_token(reading, at + step) for step in range(3))
    if first in said and second in ("undertone", "undertones", "toned", "tone", "tones"):
        return _Found(at, at + 2, Word("undertone", first))
    if first in ("undertone", "undertones") and second in ("is", "are") and third in said:
        return _Found(at, at + 3, Word("undertone", third))
    return None


def _count(reading: Reading, at: int) -> _Found | None:
    """ "three lipsticks", "12 shades", "a single mascara": a number with a noun for things close behind it."""
    token = _token(reading, at)
    number = "1" if token == "single" else speech().numbers.get(token)
    if number is None and token.isdecimal() and token.isascii() and 1 < int(token) < 100:
        number = token
    if number is None:
        return None
    for place in range(at + 1, min(at + 6, len(reading.tokens))):
        token = reading.tokens[place]
        if not token[0].isalnum() or token in ("of", "in", "with", "on"):
            return None
        word, _ = _lookup(reading, place)
        plural = word is not None and word.kind == "type" and (word.plural or number == "1")
        if token in wording().counted or plural:
            return _Found(at, at + 1, Word("count", number))
    return None


def _with_lead(reading: Reading, one: _Found) -> _Found:
    """With what leads to it: "infused with vitamin E", "by Maybelline"."""
    pattern = LEADS.get(one.word.kind)
    if pattern is None:
        return one
    for length in (2, 1):
        first = one.first - length
        if first >= 0 and pattern.fullmatch(" ".join(reading.tokens[first : one.first])):
            return replace(one, first=first)
    return one


def _without_textures(reading: Reading, found: list[_Found]) -> list[_Found]:
    """In "a powder blush" and "a cream blush" the first word is a texture, neither a type nor a colour."""
    kept = []
    for one, after in zip_longest(found, found[1:]):
        joined = after is not None and one.after == after.first and after.word.kind == "type"
        if not (joined and one.word.kind == "type"):
            kept.append(one)
    return kept


def _denied(reading: Reading, found: list[_Found], clause: scopes.Clause) -> list[_Found]:
    """The same with what denies each: "not shimmery", "no shimmer or glitter", "shimmer-free"."""
    grammar = speech().grammar
    result: list[_Found] = []
    for one in found:
        before = result[-1] if result else None
        least = before.after if before else 0
        place = one.first
        while place > least and reading.tokens[place - 1] in grammar["after_denials"]:
            place -= 1
        between = reading.tokens[least : one.first]
        if one.word.kind == "count":
            result.append(one)
        elif place > least and reading.tokens[place - 1] in grammar["denials"]:
            result.append(replace(one, first=place - 1, negated=True))
        elif place > least + 1 and reading.tokens[place - 2 : place] == ("free", "of"):
            result.append(replace(one, first=place - 2, negated=True))
        elif one.word.kind == "finish" and _token(reading, one.after) == "free":
            result.append(replace(one, after=one.after + 1, negated=True))
        elif before and before.negated and before.word.kind == one.word.kind and between in GOES_ON_DENYING:
            result.append(replace(one, negated=True))
        else:
            result.append(one)
    return result


def _material(reading: Reading, one: _Found, clause: scopes.Clause) -> Word | None:
    """What a package is said to be made of; None where the word is said of something else ("a glass table")."""
    words = wording().materials
    tokens = reading.tokens[one.first : one.after]
    term = next((words[text] for k in range(len(tokens)) if (text := " ".join(tokens[k:])) in words), None)
    if term is None:
        return None
    if term == "foam" and _token(reading, one.after) == "pump":  # what comes out of it
        return None
    noun = "packaging" if _token(reading, one.after) in wording().counted else clause.noun_after(one.after)
    if noun is not None or one.word.term in speech().leaning_materials:
        leaning = noun == "packaging"
        return Word("packaging", term) if leaning else None
    by_itself = clause.ends(one.after) and clause.led_to(one.first, ("in", "of", "from"))
    return Word("packaging", term) if by_itself else None


def _token(reading: Reading, at: int) -> str:
    return reading.tokens[at] if 0 <= at < len(reading.tokens) else ""
