"""The words that captions are searched for, each with its kind and term; and the nouns that tell what a word is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from beauty_vlm.language.reading import read
from beauty_vlm.vocabulary import families, finishes, product_types, shade_terms, type_groups
from beauty_vlm.vocabulary.speech import speech

# Beside the families', colours that have a plural of their own ("browns and golds").
PLURAL_COLOURS = ("gold", "bronze", "coral", "mauve", "plum", "berry")


@dataclass(frozen=True, slots=True)
class Word:
    """What a word or phrase says; `plural` where it is a product type's plural."""

    kind: str
    term: str
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """`words` and `materials` by their tokens, joined by spaces; `lengths` are the numbers of tokens, most first,
    of those that begin with a token.
    """

    words: Mapping[str, Word]
    materials: Mapping[str, str]
    nouns: Mapping[str, str]  # "packaging", "background", "material" or "others" by noun, singular and plural
    counted: frozenset[str]  # nouns that numbers stand before, singular and plural
    lengths: Mapping[str, tuple[int, ...]]


@lru_cache(maxsize=1)
def wording() -> Wording:
    """All words, from the vocabulary's lists."""
    said = speech()
    words: dict[str, Word] = {}
    for kind in ("brand", "benefit", "ingredient"):
        for text in getattr(said, f"{kind}s"):
            words[_plain(text)] = Word(kind, text)
    for kind, synonyms in (("finish", said.finishes), ("colour", said.colours), ("type", said.types)):
        for text, term in synonyms.items():
            words[_plain(text)] = Word(kind, term)
    words |= {_plain(term.label): Word("finish", term.label) for term in finishes()}
    words |= {_plain(family): Word("colour", family) for family in families()}
    words |= {_plain(term.name): Word("colour", term.name) for term in shade_terms()}
    words |= {_plain(group.name): Word("type", group.name) for group in type_groups()}
    words |= {_plain(term.label): Word("type", term.label) for term in product_types() if term.label != "other"}
    words |= {_plural(text): words[text] for text in (*families(), *PLURAL_COLOURS)}
    words |= {_plural(text): Word("type", word.term, True) for text, word in list(words.items()) if word.kind == "type"}
    words |= {_plain(term.plural): Word("type", term.label, True) for term in product_types() if term.label != "other"}
    materials = {_plain(word): entry.term for entry in said.materials for word in (entry.term, *entry.words)}
    nouns = {
        noun: name for name in ("background", "material", "packaging", "others") for noun in _numbers(said.nouns[name])
    }
    lengths: dict[str, set[int]] = {}
    for text in (*words, *materials):
        tokens = text.split()
        lengths.setdefault(tokens[0], set()).add(len(tokens))
    most_first = {token: tuple(sorted(numbers, reverse=True)) for token, numbers in lengths.items()}
    return Wording(words, materials, nouns, frozenset(_numbers(said.nouns["counted"])), most_first)


def _numbers(nouns: Iterable[str]) -> list[str]:
    return [form for noun in nouns for form in (noun, _plural(noun))]


def _plain(text: str) -> str:
    return read(text).plain


def _plural(text: str) -> str:
    if text.endswith(("sh", "s", "x", "ch")):
        return f"{text}es"
    return f"{text[:-1]}ies" if text.endswith("y") and text[-2] not in "aeiou" else f"{text}s"
