"""Finds what a caption claims: type, colours, finish, package, how many, how it stands, and what no photo tells.

`beauty_vlm.language.grammar` finds the words with what modifies them, `beauty_vlm.language.scopes` tells what each is
said of; here they become claims, with what denies them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from beauty_vlm.language import scopes
from beauty_vlm.language.grammar import Found, found_in, token_at
from beauty_vlm.language.reading import Reading, read
from beauty_vlm.language.scopes import Scope
from beauty_vlm.language.wording import Word, wording
from beauty_vlm.vocabulary import type_groups
from beauty_vlm.vocabulary.speech import speech

__all__ = ["FORBIDDEN", "KINDS", "Mention", "Scope", "find"]

# What no photo tells: never claimed unless the user gave it.
FORBIDDEN = ("ingredient", "spf", "brand", "wear", "price", "benefit")
# A mention's "packaging" is what a package is made of. A claim of the kind "packaging" or "background" is anything
# that is said of those, "others" what is said of pieces of other shades.
KINDS = (
    "type", "colour", "finish", "undertone", "depth", "packaging", "background", "others", "state", "count", *FORBIDDEN
)  # fmt: skip

PACKAGING_NOUNS = "|".join(sorted(speech().nouns["packaging"]))
PACKAGING_MATERIALS = "|".join(m.term for m in speech().materials if m.term not in speech().leaning_materials)
BACKGROUND_NOUNS = "|".join(sorted(speech().nouns["background"]))

HEDGE = re.compile(r"\b(probably|perhaps|possibly|maybe|likely)\s+(?:an?\s+|the\s+)?$", re.IGNORECASE)
HEDGE_REACHES = 40  # characters: searched for from the start, a long list would take the square of its length
GOES_ON_DENYING = (("or",), (",", "or"), (",",))


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


def find(text: str) -> list[Mention]:
    """The mentions in `text`, in order, none overlapping another; the longest reading wins."""
    return list(_find(text))


# A caption is weighed, ranked and checked: each time the same sentences are read.
@lru_cache(maxsize=512)
def _find(text: str) -> tuple[Mention, ...]:
    reading = read(text)
    found = _without_textures(reading, list(found_in(reading)))
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
    found = HEDGE.search(before, max(0, len(before) - HEDGE_REACHES))
    return found[1].lower() if found else None


def _without_textures(reading: Reading, found: list[Found]) -> list[Found]:
    """In "a powder blush" and "a cream blush" the first word is a texture, neither a type nor a colour."""
    kept = []
    for one, after in zip_longest(found, found[1:]):
        joined = after is not None and one.after == after.first and after.word.kind == "type"
        if not (joined and one.word.kind == "type"):
            kept.append(one)
    return kept


def _denied(reading: Reading, found: list[Found], clause: scopes.Clause) -> list[Found]:
    """The same with what denies each: "not shimmery", "no shimmer or glitter", "shimmer-free"."""
    grammar = speech().grammar
    result: list[Found] = []
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
        elif one.word.kind == "finish" and token_at(reading, one.after) == "free":
            result.append(replace(one, after=one.after + 1, negated=True))
        elif before and before.negated and before.word.kind == one.word.kind and between in GOES_ON_DENYING:
            result.append(replace(one, negated=True))
        else:
            result.append(one)
    return result


def _material(reading: Reading, one: Found, clause: scopes.Clause) -> Word | None:
    """What a package is said to be made of; None where the word is said of something else ("a glass table")."""
    words = wording().materials
    tokens = reading.tokens[one.first : one.after]
    term = next((words[text] for k in range(len(tokens)) if (text := " ".join(tokens[k:])) in words), None)
    if term is None:
        return None
    if term == "foam" and token_at(reading, one.after) == "pump":  # what comes out of it
        return None
    noun = "packaging" if token_at(reading, one.after) in wording().counted else clause.noun_after(one.after)
    if noun is not None or one.word.term in speech().leaning_materials:
        leaning = noun == "packaging"
        return Word("packaging", term) if leaning else None
    by_itself = clause.ends(one.after) and clause.led_to(one.first, ("in", "of", "from"))
    return Word("packaging", term) if by_itself else None
