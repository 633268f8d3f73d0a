"""How captions say things: other words for the vocabulary's terms, and the nouns that tell what a word is said of.

Read from speech.yaml once and checked; whoever edits the list and breaks it gets a ValueError naming the entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product as combinations
from pathlib import Path
from typing import Any

import yaml

from beauty_vlm.vocabulary.naming import families
from beauty_vlm.vocabulary.terms import FOLDER, finishes, packaging_materials, product_types, shade_terms

FILE = "speech.yaml"
NOUNS = ("packaging", "background", "material", "others", "counted")
GRAMMAR = ("denials", "after_denials", "shade_nouns", "stops", "copulas", "onto", "housed", "adverbs")


@dataclass(frozen=True, slots=True)
class PackageMaterial:
    """What a package may be said to be made of: the word, others for it, and the measured labels that look like it."""

    term: str
    words: tuple[str, ...]
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Speech:
    """The lists of speech.yaml.

    `types`, `colours` and `finishes` map each word to its term, `narrower_types` holds the words that say more than
    their type, `numbers` a number's word to its digits or "several", `material_words` a measured material to the word
    that takes a wrong one's place. `nouns` holds the singular nouns of each of NOUNS, `grammar` the words of each of
    GRAMMAR.
    """

    types: Mapping[str, str]
    colours: Mapping[str, str]
    finishes: Mapping[str, str]
    materials: tuple[PackageMaterial, ...]
    narrower_types: frozenset[str]
    leaning_materials: frozenset[str]
    material_words: Mapping[str, str]
    not_colours: frozenset[str]
    cream_textures: frozenset[str]
    undertones: tuple[str, ...]
    depths: tuple[str, ...]
    nouns: Mapping[str, frozenset[str]]
    grammar: Mapping[str, frozenset[str]]
    numbers: Mapping[str, str]
    benefits: tuple[str, ...]
    ingredients: tuple[str, ...]
    brands: tuple[str, ...]


@lru_cache(maxsize=1)
def speech() -> Speech:
    """The lists. Raises ValueError when speech.yaml is wrong."""
    return read_speech(FOLDER / FILE)


def read_speech(path: Path) -> Speech:
    """The lists of a file; raises ValueError naming file and entry."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(document, Mapping):
        raise ValueError(f"{path.name}: the file must be a mapping of sections")
    labels = [term.label for term in packaging_materials()]
    materials = [
        PackageMaterial(term, _words(entry, "words"), frozenset(_words(entry, "labels")))
        for term, entry in _section(document, "materials", path).items()
    ]
    for material in materials:
        _known(material.labels, labels, f"{path.name}: material {material.term!r}")
    in_place = dict(_section(document, "materials_in_place_of", path))
    _known(in_place, labels, f"{path.name}: materials_in_place_of")
    cream = frozenset(_words(document, "cream_textures"))
    _known(cream, [term.label for term in product_types()], f"{path.name}: cream_textures")
    nouns, grammar = _section(document, "nouns", path), _section(document, "grammar", path)
    return Speech(
        _synonyms(document, "types", [term.label for term in product_types()], path),
        _synonyms(document, "colours", [*(term.name for term in shade_terms()), *families()], path),
        _synonyms(document, "finishes", [term.label for term in finishes()], path),
        tuple(materials),
        frozenset(_words(document, "narrower_types")),
        frozenset(_words(document, "leaning_materials")),
        in_place,
        frozenset(_words(document, "not_colours")),
        cream,
        _words(document, "undertones"),
        _words(document, "depths"),
        {name: frozenset(_words(nouns, name)) for name in NOUNS},
        {name: frozenset(_words(grammar, name)) for name in GRAMMAR},
        {word: str(number) for word, number in _section(document, "numbers", path).items()},
        *(_words(document, name) for name in ("benefits", "ingredients", "brands")),
    )


def _synonyms(document: Mapping[str, Any], name: str, known: Iterable[str], path: Path) -> dict[str, str]:
    section = _section(document, name, path)
    _known(section, known, f"{path.name}: {name}")
    words: dict[str, str] = {}
    for term, others in section.items():
        for word in (written for other in others for written in _spelt_out(other)):
            if words.setdefault(word, term) != term:
                raise ValueError(f"{path.name}: {word!r} stands for both {words[word]!r} and {term!r}")
    return words


def _spelt_out(phrase: str) -> list[str]:
    """ "face/night cream" stands for "face cream" and "night cream"."""
    return [" ".join(words) for words in combinations(*(word.split("/") for word in phrase.split()))]


def _section(document: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    section = document.get(name)
    if not isinstance(section, Mapping) or not section:
        raise ValueError(f"{path.name}: section {name!r} must be a mapping that is not empty")
    return section


def _words(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    words = entry.get(name)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{FILE}: {name!r} must be a list of texts")
    return tuple(words)


def _known(said: Iterable[str], known: Iterable[str], where: str) -> None:
    if unknown := sorted(set(said) - set(known)):
        raise ValueError(f"{where}: {', '.join(unknown)} is no term of the vocabulary")
