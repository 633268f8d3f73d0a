"""Finds the words of the vocabulary in a caption: types, colours, finishes, and what each is said of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from beauty_vlm.vocabulary import families, finishes, product_types, shade_terms, type_groups

Kind = Literal["type", "colour", "finish"]
Scope = Literal["material", "packaging", "background"]

# Everyday words beside the vocabulary's own.
COLOUR_SYNONYMS = {"gray": "grey", "silver": "light grey", "maroon": "burgundy", "rose gold": "copper"}
FINISH_SYNONYMS = {
    "shimmery": "shimmer", "shimmering": "shimmer", "pearly": "shimmer", "fine pearl": "shimmer",
    "glittery": "glitter", "sparkling": "glitter", "shiny": "glossy", "high shine": "glossy",
    "wet-looking": "glossy", "velvety": "matte", "without shine": "matte", "reflects no light": "matte",
    "foil-like": "metallic", "even sheen": "satin", "translucent": "sheer", "see-through": "sheer",
}  # fmt: skip
PACKAGING_NOUNS = (
    "tube|cap|case|casing|bottle|jar|lid|compact|box|packaging|package|container|handle|pump|dropper|stopper|pot|bag|"
    "pouch|label|carton"
)
# What packages are made of: said of a package, also where it has no noun ("it comes in black lacquer").
PACKAGING_MATERIALS = "plastic|lacquer|metal|glass|wood|soft-touch|cardboard|leather|foil|chrome|acrylic"
BACKGROUND_NOUNS = "background|backdrop|surface|table|cloth|counter|floor|wall|marble"
DEPTH_WORDS = "very light|very deep|light|medium|deep|dark|pale"
UNDERTONE_WORDS = "warm|cool|neutral"
# What makes of a type's word something else: a denial ("no beauty product"), or a texture.
NO_TYPE = re.compile(r"\b(no|not an?|crushed|broken)\s+$", re.IGNORECASE)
# A colour is said of the noun that follows it unless one of these comes between.
STOPS = "a|an|the|its|their|in|with|on|of|from|to|at|by|next|beside|near|over|under|against|is|are|has"


@dataclass(frozen=True, slots=True)
class Mention:
    """One word or phrase of a text. `term` is the vocabulary's word for it, or a colour family's name.

    `span` is its [start, end) in the text. `depth` and `undertone` are the modifiers that a colour was given.
    """

    kind: Kind
    term: str
    span: tuple[int, int]
    scope: Scope = "material"
    depth: str | None = None
    undertone: str | None = None


def find(text: str) -> list[Mention]:
    """The mentions in `text`, in order, none overlapping another; the longest reading wins."""
    words = _words()
    found = []
    for match in _pattern().finditer(text):
        kind, term = words[_key(match["word"])]
        if kind == "type" and NO_TYPE.search(text[: match.start("word")]):
            continue
        scope = _scope(text, match) if kind != "type" else "material"
        mention = Mention(kind, term, match.span(), scope, _key(match["depth"]), _key(match["undertone"]))
        if kind != "colour" and (match["depth"] or match["undertone"]):  # "a light powder": not a colour's depth
            mention = Mention(kind, term, match.span("word"), scope)
        found.append(mention)
    return _without_textures(text, found)


def _without_textures(text: str, found: list[Mention]) -> list[Mention]:
    """In "a powder blush" and "a cream blush" the first word is a texture, neither a type nor a colour."""
    kept = []
    for mention, after in zip_longest(found, found[1:]):
        joined = after is not None and after.kind == "type" and text[mention.span[1] : after.span[0]] == " "
        if joined and (mention.kind == "type" or (mention.kind == "colour" and mention.term == "cream")):
            continue
        kept.append(mention)
    return kept


def _scope(text: str, match: re.Match[str]) -> Scope:
    """What a colour or finish is said of: the noun that follows it in the same phrase, or "the background
    is".
    """
    if re.search(r"\b(background|backdrop) (is|was) (an? )?$", text[: match.start()], re.IGNORECASE):
        return "background"
    stops = rf"(?:{STOPS})\b|{_type_words()}"
    between = rf"(?:[ -]+(?!{stops})[\w-]+?){{0,3}}?[ -]+"
    after = text[match.end() :]
    if re.match(rf"{between}(?:(?:{PACKAGING_NOUNS})s?|{PACKAGING_MATERIALS})\b", after, re.IGNORECASE):
        return "packaging"
    return "background" if re.match(rf"{between}(?:{BACKGROUND_NOUNS})\b", after, re.IGNORECASE) else "material"


def _key(words: str | None) -> str | None:
    """Lower case, "make-up" as "makeup", single spaces."""
    return None if words is None else " ".join(words.lower().replace("make-up", "makeup").split())


@lru_cache(maxsize=1)
def _words() -> dict[str | None, tuple[Kind, str]]:
    """Every word that is looked for, with its kind and term."""
    words: dict[str | None, tuple[Kind, str]] = {}
    for product in product_types():
        phrasings = (re.sub(r"^(an?|the) ", "", phrase) for phrase in product.phrasings)
        for phrase in (product.label, product.plural, *phrasings):
            words.setdefault(_key(phrase), ("type", product.label))
            words.setdefault(_key(phrase.replace("eyebrow", "brow")), ("type", product.label))
    words |= {group.name: ("type", group.name) for group in type_groups()}
    for finish in finishes():
        words[finish.label] = ("finish", finish.label)
    words |= {word: ("finish", label) for word, label in FINISH_SYNONYMS.items()}
    words |= {term.name: ("colour", term.name) for term in shade_terms()}
    words |= {family: ("colour", family) for family in families()}
    return words | {word: ("colour", name) for word, name in COLOUR_SYNONYMS.items()}


@lru_cache(maxsize=1)
def _type_words() -> str:
    return "(?:" + "|".join(_spelt(word) for word, (kind, _) in _words().items() if kind == "type") + r")\b"


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=lambda word: -len(word or ""))
    return re.compile(
        rf"\b(?:(?P<depth>{DEPTH_WORDS})(?:, | ))?(?:(?P<undertone>{UNDERTONE_WORDS})(?:, | ))?"
        rf"(?P<word>{'|'.join(_spelt(word) for word in longest_first)})\b",
        re.IGNORECASE,
    )


def _spelt(word: str | None) -> str:
    return re.escape(word or "").replace("makeup", "make-?up").replace(r"\ ", r"\s+")
