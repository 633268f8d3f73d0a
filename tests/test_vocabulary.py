"""The word lists are complete and checked; every colour has one name, and the name fits."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beauty_vlm import vocabulary
from beauty_vlm.colour import ciede2000, hex_to_lab, srgb_to_lab
from beauty_vlm.vocabulary import colour_margin, look_up, name_colour, shade_terms, term_distance, terms
from beauty_vlm.vocabulary.naming import DEPTHS, KEPT

LABELS = [
    "lipstick",
    "lip gloss",
    "lip liner",
    "foundation",
    "concealer",
    "powder",
    "blush",
    "bronzer or highlighter",
    "eyeshadow",
    "eyeshadow palette",
    "mascara",
    "eyeliner",
    "brow product",
    "nail polish",
    "perfume",
    "skincare cream",
    "serum",
    "cleanser",
    "sunscreen",
    "brush or tool",
    "makeup set",
    "other",
]

bytes_ = st.integers(0, 255)


def test_the_product_types_stand_in_order_with_four_or_more_phrasings() -> None:
    types = vocabulary.product_types()
    assert [term.label for term in types] == LABELS
    assert all(len(term.phrasings) >= 4 and term.plural != term.label for term in types)
    phrasings = [phrase for term in types for phrase in term.phrasings]
    assert len(set(phrasings)) == len(phrasings), "one phrasing for two types cannot tell them apart"


def test_the_finishes_and_templates() -> None:
    labels = [term.label for term in vocabulary.finishes()]
    assert labels == ["matte", "satin", "glossy", "shimmer", "glitter", "metallic", "sheer"]
    assert vocabulary.shimmering() == {"shimmer", "glitter", "metallic"}
    assert len(vocabulary.prompt_templates()) >= 3
    assert all("a serum" in template.format("a serum") for template in vocabulary.prompt_templates())


def test_packages_have_materials_and_states() -> None:
    asked = (vocabulary.packaging_materials(), vocabulary.packaging_states(), vocabulary.shade_visibilities())
    for terms_of in asked:
        assert all(len(term.phrasings) >= 3 for term in terms_of)
        phrasings = [phrase for term in terms_of for phrase in term.phrasings]
        assert len(set(phrasings)) == len(phrasings)


@pytest.mark.parametrize("text", ["materials: []", "materials:\n  - label: glass", "states: {}", "materials: [3]"])
def test_a_broken_packaging_list_names_its_entry(tmp_path: Path, text: str) -> None:
    (tmp_path / "packaging.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"packaging\.yaml"):
        terms.read_packaging(tmp_path / "packaging.yaml", "materials")


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("#000000", "black"),
        ("#ffffff", "white"),
        ("#8f3a32", "brick red"),
        ("#f2b8a0", "peach"),
        ("#c8102e", "true red"),
        ("#ff0000", "bright red"),
        ("#722f37", "wine"),
        ("#800020", "burgundy"),
        ("#b76e79", "dusty rose"),
        ("#8a2a4f", "deep berry"),
        ("#c9a68a", "warm beige"),
        ("#0a0a3c", "navy"),
        ("#36454f", "charcoal"),
        ("#ff7f50", "tangerine"),
        ("#3b261f", "espresso"),
        ("#808000", "olive"),
    ],
)
def test_known_colours_bear_the_name_of_the_trade(code: str, phrase: str) -> None:
    assert name_colour(hex_to_lab(code)).phrase == phrase


@settings(max_examples=200, deadline=None)
@given(bytes_, bytes_, bytes_)
def test_every_colour_has_one_name_and_lies_inside_its_region(red: int, green: int, blue: int) -> None:
    lab = srgb_to_lab(np.array([red, green, blue], dtype=np.uint8))
    name = name_colour(lab)
    assert name.undertone in ("warm", "neutral", "cool") and name.depth in DEPTHS
    assert colour_margin(lab, name.term) == 0.0
    assert name.phrase.endswith(name.term)
    assert not re.search(r"(light|deep) (\w+ )*(pale|baby|black|white|light|dark|midnight)\b", name.phrase)


def test_every_anchor_bears_its_own_name_and_no_two_words_mean_one_colour() -> None:
    terms_of = [term.name for term in shade_terms() for _ in term.anchors]
    labs = np.array([anchor for term in shade_terms() for anchor in term.anchors])
    assert [name_colour(lab).term for lab in labs] == terms_of
    same_term = np.equal.outer(terms_of, terms_of)
    assert ciede2000(labs[:, None], labs[None])[~same_term].min() > 2.0, "two words for what looks the same"


def test_the_margin_tells_how_far_outside_a_region_a_colour_lies() -> None:
    plum = hex_to_lab("#5b2545")
    assert term_distance(plum, "plum") < 0.01
    assert colour_margin(plum, "mint") == pytest.approx(term_distance(plum, "mint"), abs=0.01)
    assert 0.0 < colour_margin(plum, "berry") < colour_margin(plum, "mint")
    with pytest.raises(ValueError, match="'plumm' is not a shade term"):
        term_distance(plum, "plumm")


@pytest.mark.parametrize(
    ("code", "undertone"),
    [
        ("#808080", "neutral"),
        ("#fafafa", "neutral"),
        ("#d5b892", "warm"),  # golden beige
        ("#d9b3a4", "cool"),  # pink beige
        ("#c9246f", "cool"),  # fuchsia
        ("#c8141f", "warm"),  # a red with yellow in it
        ("#a8122c", "neutral"),
        ("#8a2c51", "cool"),  # berry
        ("#ee7260", "warm"),  # coral
        ("#2f6fbe", "cool"),
        ("#3f9447", "neutral"),
    ],
)
def test_undertones(code: str, undertone: str) -> None:
    assert name_colour(hex_to_lab(code)).undertone == undertone


def test_depth_falls_with_lightness() -> None:
    depths = [DEPTHS.index(name_colour((lightness, 12.0, 20.0)).depth) for lightness in range(95, 5, -5)]
    assert depths == sorted(depths) and set(depths) == set(range(5))


@pytest.mark.parametrize("lab", [(1.0, 2.0), ((50.0, 0.0, 0.0),), (float("nan"), 0.0, 0.0)])
def test_what_is_not_one_colour_is_refused(lab: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="one finite CIELAB colour"):
        name_colour(lab)


FAMILIES = "families: {nude: {undertone: skin, depth: skin, modifiers: []}}\n"
GREY = "anchors: ['#777777']"


def shade_file(term: str) -> str:
    return f"{FAMILIES}terms: [{{{term}}}]"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a list", "the file must be a mapping"),
        ("families: {nude: [", "not readable YAML"),
        ("terms: []", "'families' must map"),
        (
            "families: {nude: {undertone: moon, depth: skin, modifiers: []}}",
            "'nude': 'undertone' must be one of",
        ),
        ("families: {nude: {undertone: hue, depth: colour, modifiers: [x]}}", "family 'nude': 'modifiers'"),
        (FAMILIES, "section 'terms' must be a list"),
        (shade_file(f"name: fog, family: grey, {GREY}"), r"entry 1 \(fog\): family 'grey'"),
        (shade_file("name: fog, family: nude, anchors: ['#77']"), r"entry 1 \(fog\): anchor '#77'"),
        (shade_file("name: fog, family: nude, anchors: []"), r"entry 1 \(fog\): 'anchors' must be a list"),
        (shade_file("name: fog, family: nude, hex: 1"), r"entry 1 \(fog\): unknown key hex"),
        (shade_file(f"family: nude, {GREY}"), "entry 1: 'name' must be a text"),
        (shade_file(f"name: a, family: nude, {GREY}}}, {{name: a, family: nude, {GREY}"), "'a' stands twice"),
        (FAMILIES + "terms: [fog]", "terms entry 1 must be a mapping"),
    ],
)
def test_a_broken_list_of_shades_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"mine.yaml.*{complaint}"):
        terms.read_shades(path)


@pytest.mark.parametrize("template", ["a photo", "{} and {}", "{0} photo", "{} {x}"])
def test_a_template_holds_exactly_one_place(tmp_path: Path, template: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"templates: ['{template}']", encoding="utf-8")
    with pytest.raises(ValueError, match=r"exactly one \{\}"):
        terms.read_templates(path)


def test_a_broken_product_type_or_finish_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("types: [{label: soap, phrasings: [a soap]}]\nfinishes: [{label: dull, phrasings: dull}]")
    with pytest.raises(ValueError, match=r"mine.yaml: types entry 1 \(soap\): 'plural'"):
        terms.read_product_types(path)
    with pytest.raises(ValueError, match=r"mine.yaml: finishes entry 1 \(dull\): 'phrasings'"):
        terms.read_finishes(path)
    path.write_text("finishes: [{label: dull, phrasings: [a dull one], shimmers: seldom}]")
    with pytest.raises(ValueError, match=r"mine.yaml: finishes entry 1 \(dull\): 'shimmers'"):
        terms.read_finishes(path)


def test_groups_hold_every_beauty_type_and_nest() -> None:
    labels = {term.label for term in terms.product_types()}
    groups = terms.type_groups()
    assert groups[-1].types == labels - {"other"}
    assert [len(group.types) for group in groups] == sorted(len(group.types) for group in groups)
    for label in labels - {"other", "perfume", "brush or tool"}:
        assert sum(label in group.types for group in groups) >= 2, label


def test_a_group_of_unknown_types_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "types: [{label: soap, plural: soaps, phrasings: [a soap]}]\ngroups: [{name: bath thing, types: [soap, duck]}]"
    )
    with pytest.raises(ValueError, match=r"groups entry 1 \(bath thing\): duck is no product type"):
        terms.read_groups(path)


def test_colours_looked_up_together_are_named_as_one_by_one() -> None:
    rng = np.random.default_rng(7)
    labs = rng.uniform((0.0, -70.0, -70.0), (100.0, 70.0, 70.0), (60, 3))
    alone = [(name_colour(lab), term_distance(lab, "berry"), colour_margin(lab, "taupe")) for lab in labs]
    look_up(rng.uniform(0.0, 100.0, (KEPT + 1, 3)))  # so that none is remembered
    look_up(rng.uniform(0.0, 100.0, (1, 3)))
    look_up(labs)
    for lab, (name, distance, margin) in zip(labs, alone, strict=True):
        assert name_colour(lab) == name
        assert term_distance(lab, "berry") == pytest.approx(distance, abs=1e-9)
        assert colour_margin(lab, "taupe") == pytest.approx(margin, abs=1e-9)
