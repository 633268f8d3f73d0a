"""The word lists of this folder, read from YAML once and checked, as frozen records.

Whoever edits a list and breaks it gets a ValueError naming the file and the entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from beauty_vlm.colour import hex_to_lab
from beauty_vlm.report import Lab

OTHER = "other"  # the label for a photo that shows no such product
TOOL = "brush or tool"  # its bristles and handle are material to look at, but no shade that one wears
SHIMMER_FREE = "shimmer-free"  # what a finish is called that is none of those that shimmer
UNPACKED = (OTHER, TOOL)  # they have no package to speak of, nor one that opens
MAKEUP = "makeup product"  # the group of types whose shade and shimmer are asked for
MANY_SHADES = ("eyeshadow palette", "makeup set")  # one shade does not tell their others
FOLDER = Path(__file__).parent
UNDERTONE_BANDS = ("skin", "hue")
DEPTH_BANDS = ("skin", "colour")
MODIFIERS = ("depth", "undertone")


@dataclass(frozen=True, slots=True)
class ProductTypeTerm:
    """A product type: its label, the plural, and noun phrases for zero-shot prompts."""

    label: str
    plural: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeGroup:
    """A word for several product types at once, and their labels."""

    name: str
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class FinishTerm:
    """A surface finish: its label, noun phrases for zero-shot prompts, and whether it `shimmers`, as pearl, flakes and
    metal do.
    """

    label: str
    phrasings: tuple[str, ...]
    shimmers: bool = False


@dataclass(frozen=True, slots=True)
class PackagingTerm:
    """What a package is made of, or how it stands: its label and noun phrases for zero-shot prompts."""

    label: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShadeTerm:
    """A shade word; its region is the colours nearest (CIEDE2000) to one of its anchors.

    `undertone` and `depth` say how those are judged (UNDERTONE_BANDS, DEPTH_BANDS); `modifiers` which of
    the two words may stand before the name.
    """

    name: str
    family: str
    anchors: tuple[Lab, ...]
    undertone: str
    depth: str
    modifiers: tuple[str, ...]


@lru_cache(maxsize=1)
def product_types() -> tuple[ProductTypeTerm, ...]:
    """The product types in tagging order. Raises ValueError when product_types.yaml is wrong."""
    return read_product_types(FOLDER / "product_types.yaml")


@lru_cache(maxsize=1)
def type_groups() -> tuple[TypeGroup, ...]:
    """Groups of product types, narrower ones first. Raises ValueError when product_types.yaml is wrong."""
    return read_groups(FOLDER / "product_types.yaml")


@lru_cache(maxsize=1)
def prompt_templates() -> tuple[str, ...]:
    """Prompt templates, each with one `{}`. Raises ValueError when product_types.yaml is wrong."""
    return read_templates(FOLDER / "product_types.yaml")


@lru_cache(maxsize=1)
def finishes() -> tuple[FinishTerm, ...]:
    """The finishes in tagging order. Raises ValueError when finishes.yaml is wrong."""
    return read_finishes(FOLDER / "finishes.yaml")


@lru_cache(maxsize=1)
def shimmering() -> frozenset[str]:
    """The labels of the finishes that shimmer. Raises ValueError when finishes.yaml is wrong."""
    return frozenset(term.label for term in finishes() if term.shimmers)


@lru_cache(maxsize=1)
def packaging_materials() -> tuple[PackagingTerm, ...]:
    """What packages are made of, in tagging order. Raises ValueError when packaging.yaml is wrong."""
    return read_packaging(FOLDER / "packaging.yaml", "materials")


@lru_cache(maxsize=1)
def packaging_states() -> tuple[PackagingTerm, ...]:
    """How packages stand, in tagging order. Raises ValueError when packaging.yaml is wrong."""
    return read_packaging(FOLDER / "packaging.yaml", "states")


@lru_cache(maxsize=1)
def package_parts() -> dict[str, frozenset[str]]:
    """Forms and parts of packages and the product types that come with each; what is not among them any may have.
    Raises ValueError when packaging.yaml is wrong.
    """
    return read_parts(FOLDER / "packaging.yaml", [term.label for term in product_types()])


@lru_cache(maxsize=1)
def shade_visibilities() -> tuple[PackagingTerm, ...]:
    """Whether a product's own colour can be seen: yes, then no. Raises ValueError when packaging.yaml is wrong."""
    return read_packaging(FOLDER / "packaging.yaml", "visibilities")


@lru_cache(maxsize=1)
def shade_terms() -> tuple[ShadeTerm, ...]:
    """The shade words. Raises ValueError when shades.yaml is wrong."""
    return read_shades(FOLDER / "shades.yaml")


def read_product_types(path: Path) -> tuple[ProductTypeTerm, ...]:
    """The product types of a file; raises ValueError naming file and entry."""
    terms = []
    for where, entry in _entries(path, "types"):
        _only(entry, {"label", "plural", "phrasings"}, where)
        label, plural = _text(entry, "label", where), _text(entry, "plural", where)
        terms.append(ProductTypeTerm(label, plural, _texts(entry, "phrasings", where)))
    _distinct((term.label for term in terms), path)
    return tuple(terms)


def read_groups(path: Path) -> tuple[TypeGroup, ...]:
    """The groups of product types of a file; raises ValueError naming file and entry."""
    labels = {term.label for term in read_product_types(path)}
    groups = []
    for where, entry in _entries(path, "groups"):
        _only(entry, {"name", "types"}, where)
        types = frozenset(_texts(entry, "types", where))
        if unknown := sorted(types - labels):
            raise ValueError(f"{where}: {', '.join(unknown)} is no product type of this file")
        groups.append(TypeGroup(_text(entry, "name", where), types))
    _distinct((group.name for group in groups), path)
    return tuple(sorted(groups, key=lambda group: len(group.types)))


def read_templates(path: Path) -> tuple[str, ...]:
    """The prompt templates of a file; raises ValueError naming file and entry."""
    templates = _texts(_document(path), "templates", path.name)
    for template in templates:
        if template.count("{}") != 1 or template.count("{") + template.count("}") != 2:
            raise ValueError(f"{path.name}: template {template!r} must hold exactly one {{}}")
    return templates


def read_finishes(path: Path) -> tuple[FinishTerm, ...]:
    """The finishes of a file; raises ValueError naming file and entry."""
    terms = []
    for where, entry in _entries(path, "finishes"):
        _only(entry, {"label", "phrasings", "shimmers"}, where)
        shimmers = entry.get("shimmers", False)
        if not isinstance(shimmers, bool):
            raise ValueError(f"{where}: 'shimmers' must be true or false")
        terms.append(FinishTerm(_text(entry, "label", where), _texts(entry, "phrasings", where), shimmers))
    _distinct((term.label for term in terms), path)
    return tuple(terms)


def read_packaging(path: Path, section: str) -> tuple[PackagingTerm, ...]:
    """One section of a packaging file ("materials", …); raises ValueError naming file and entry."""
    terms = []
    for where, entry in _entries(path, section):
        _only(entry, {"label", "phrasings"}, where)
        terms.append(PackagingTerm(_text(entry, "label", where), _texts(entry, "phrasings", where)))
    _distinct((term.label for term in terms), path)
    return tuple(terms)


def read_parts(path: Path, types: Collection[str]) -> dict[str, frozenset[str]]:
    """The "parts" of a packaging file, each with its product types; raises ValueError naming file and entry."""
    parts = _document(path).get("parts")
    if not isinstance(parts, Mapping):
        raise ValueError(f"{path.name}: 'parts' must map each to product types")
    for name, with_it in parts.items():
        if not isinstance(with_it, list) or not set(with_it) <= set(types):
            raise ValueError(f"{path.name}: part {name!r} must have a list of product types")
    return {name: frozenset(with_it) for name, with_it in parts.items()}


def read_shades(path: Path) -> tuple[ShadeTerm, ...]:
    """The shade words of a file; raises ValueError naming file and entry."""
    families = _document(path).get("families")
    if not isinstance(families, Mapping):
        raise ValueError(f"{path.name}: 'families' must map each to undertone, depth and modifiers")
    for name, family in families.items():
        where = f"{path.name}: family {name!r}"
        if not isinstance(family, Mapping):
            raise ValueError(f"{where} must be a mapping")
        for key, bands in (("undertone", UNDERTONE_BANDS), ("depth", DEPTH_BANDS)):
            if family.get(key) not in bands:
                raise ValueError(f"{where}: {key!r} must be one of {', '.join(bands)}")
        _modifiers(family, where)
    terms = [_shade(entry, families, where) for where, entry in _entries(path, "terms")]
    _distinct((term.name for term in terms), path)
    return tuple(terms)


def _shade(entry: Mapping[str, Any], families: Mapping[str, Any], where: str) -> ShadeTerm:
    _only(entry, {"name", "family", "anchors", "modifiers"}, where)
    family = families.get(_text(entry, "family", where))
    if family is None:
        raise ValueError(f"{where}: family {entry['family']!r} is not among the families")
    anchors = tuple(_anchor(anchor, where) for anchor in _texts(entry, "anchors", where))
    modifiers = _modifiers(entry if "modifiers" in entry else family, where)
    name, judged = _text(entry, "name", where), (family["undertone"], family["depth"])
    return ShadeTerm(name, entry["family"], anchors, *judged, modifiers)


def _anchor(text: str, where: str) -> Lab:
    try:
        lightness, a, b = (float(value) for value in hex_to_lab(text))
    except ValueError as error:
        raise ValueError(f"{where}: anchor {error}") from None
    return lightness, a, b


def _modifiers(entry: Mapping[str, Any], where: str) -> tuple[str, ...]:
    words = entry.get("modifiers")
    if not isinstance(words, Sequence) or isinstance(words, str) or not set(words) <= set(MODIFIERS):
        raise ValueError(f"{where}: 'modifiers' must be a list of {' and '.join(MODIFIERS)}, or empty")
    return tuple(words)


def _document(path: Path) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name} is not readable YAML: {error}") from None
    if not isinstance(document, Mapping):
        raise ValueError(f"{path.name}: the file must be a mapping of sections")
    return document


def _entries(path: Path, section: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The entries of a section, each with the words an error names it by."""
    entries = _document(path).get(section)
    if not isinstance(entries, list) or not entries:
        raise ValueError(f"{path.name}: section {section!r} must be a list that is not empty")
    named = []
    for number, entry in enumerate(entries, start=1):
        where = f"{path.name}: {section} entry {number}"
        if not isinstance(entry, Mapping):
            raise ValueError(f"{where} must be a mapping")
        name = entry.get("label", entry.get("name"))
        named.append((f"{where} ({name})" if name else where, entry))
    return named


def _only(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(str(key) for key in set(entry) - known):
        raise ValueError(f"{where}: unknown key {', '.join(unknown)}")


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: {key!r} must be a text that is not empty")
    return value


def _texts(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = entry.get(key)
    if not isinstance(values, list) or not values:
        raise ValueError(f"{where}: {key!r} must be a list that is not empty")
    return tuple(_text({key: value}, key, where) for value in values)


def _distinct(names: Iterable[str], path: Path) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(f"{path.name}: {twice[0]!r} stands twice")
