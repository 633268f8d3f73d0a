"""The grammar of what is said: at each token the longest phrase or word that begins there, with its modifiers.

Fixed phrases, the vocabulary's words, and colours, depths, undertones and numbers with what belongs to them. What each
is said of, and what denies it, is `beauty_vlm.language.mentions`' business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from beauty_vlm.language.fixed_phrases import PHRASES
from beauty_vlm.language.reading import Reading, phrase
from beauty_vlm.language.wording import Word, wording
from beauty_vlm.vocabulary import TOOL
from beauty_vlm.vocabulary.speech import speech

LEADS = {
    "ingredient": phrase(r"(?:infused|enriched|formulated|made|packed|loaded|fortified) with|contains|containing"),
    "brand": phrase(r"by|from"),
}
# Of a product itself only these say how deep its colour is: a light powder is a light texture.
DEEP = frozenset(["dark", "deep", "pale", "very deep", "very dark", "very light", "very pale"])


@dataclass(frozen=True, slots=True)
class Found:
    """A mention by its tokens, [first, after)."""

    first: int
    after: int
    word: Word
    depth: str | None = None
    undertone: str | None = None
    tint: str | None = None
    negated: bool = False


def found_in(reading: Reading) -> Iterator[Found]:
    """What is said, in order: at each token the longest of what may begin there."""
    phrases: dict[int, Found] = {}
    for kind, term, pattern in PHRASES:
        for first, after, _ in reading.matches(pattern):
            if first not in phrases or phrases[first].after < after:
                phrases[first] = Found(first, after, Word(kind, term))
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
    for length in known.lengths.get(token_at(reading, at), ()):
        tokens = reading.tokens[at : at + length]
        text = " ".join(tokens)
        if len(tokens) < length:
            continue
        if word := known.words.get(text):
            return word, at + length
        if term := known.materials.get(text):
            return Word("packaging", term), at + length
    return None, at


def _single(reading: Reading, at: int) -> Found | None:
    word, after = _lookup(reading, at)
    if word is None or word.kind == "colour":
        return None
    if word.term == TOOL and reading.tokens[at] in ("brush", "mirror", "puff", "sponge", "comb"):
        before = reading.tokens[at - 1] if at else ""
        company = before in ("its", "the") or reading.tokens[max(at - 2, 0) : at] == ("with", "a")
        if company or wording().nouns.get(token_at(reading, after)) == "packaging":  # part of the product, or beside it
            return None
    return Found(at, after, word)


def _colour(reading: Reading, at: int) -> Found | None:
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
        if token_at(reading, place) == ",":
            place += 1
        word, after = _lookup(reading, place)
    tint = None
    other, end = _lookup(reading, after)
    if other and other.kind == "colour" and other.term != "cream":
        tint, word, after = word.term, other, end
    if token_at(reading, after) in speech().not_colours or (undertone is None and _is_product(reading, place, after)):
        return None
    return Found(at, after, word, depth, undertone, tint)


def _is_product(reading: Reading, first: int, after: int) -> bool:
    """Whether "cream" is no colour here: a texture ("a cream blush"), or the product ("filled with pink cream")."""
    if reading.tokens[first:after] != ("cream",):
        return False
    following, _ = _lookup(reading, after)
    if following is not None and following.kind == "type":
        return following.term in speech().cream_textures
    before = reading.tokens[first - 1] if first else ""
    named = wording().nouns.get(token_at(reading, after)) or (following and following.kind in ("colour", "packaging"))
    listed = before in ("in", "is", "and", ",", "with") and reading.tokens[max(first - 2, 0)] != "filled"
    return not (named or listed)


def _modifier(reading: Reading, at: int) -> tuple[int, str]:
    """The token after a depth or undertone word that begins at one, and which it is; the same token for neither."""
    said = speech()
    if token_at(reading, at) in said.undertones:
        return at + (2 if token_at(reading, at + 1) == "toned" else 1), "undertone"
    for length in (2, 1):
        if " ".join(reading.tokens[at : at + length]) in said.depths and at + length <= len(reading.tokens):
            return at + length, "depth"
    return at, ""


def _depth(reading: Reading, at: int) -> Found | None:
    """ "deep in depth", "a dark shade", "a dark lipstick", "a dark background"."""
    after, kind = _modifier(reading, at)
    if kind != "depth":
        return None
    said = " ".join(reading.tokens[at:after])
    if reading.tokens[after : after + 2] == ("in", "depth"):
        return Found(at, after + 2, Word("depth", said))
    following = token_at(reading, after)
    noun = wording().nouns.get(following)
    word, _ = _lookup(reading, after)
    deep = said in DEEP and ((word is not None and word.kind == "type") or noun == "packaging")
    return (
        Found(at, after, Word("depth", said))
        if following in speech().grammar["shade_nouns"] or deep or noun == "background"
        else None
    )


def _undertone(reading: Reading, at: int) -> Found | None:
    """ "warm undertone", "warm-toned", "its undertone is warm"."""
    said = speech().undertones
    first, second, third = (token_at(reading, at + step) for step in range(3))
    if first in said and second in ("undertone", "undertones", "toned", "tone", "tones"):
        return Found(at, at + 2, Word("undertone", first))
    if first in ("undertone", "undertones") and second in ("is", "are") and third in said:
        return Found(at, at + 3, Word("undertone", third))
    return None


def _count(reading: Reading, at: int) -> Found | None:
    """ "three lipsticks", "12 shades", "a single mascara": a number with a noun for things close behind it."""
    token = token_at(reading, at)
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
            return Found(at, at + 1, Word("count", number))
    return None


def _with_lead(reading: Reading, one: Found) -> Found:
    """With what leads to it: "infused with vitamin E", "by Maybelline"."""
    pattern = LEADS.get(one.word.kind)
    if pattern is None:
        return one
    for length in (2, 1):
        first = one.first - length
        if first >= 0 and pattern.fullmatch(" ".join(reading.tokens[first : one.first])):
            return replace(one, first=first)
    return one


def token_at(reading: Reading, at: int) -> str:
    """The token, "" before the first and after the last."""
    return reading.tokens[at] if 0 <= at < len(reading.tokens) else ""
