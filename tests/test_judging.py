"""Each kind of claim against what was measured: borne out, belied, or not to be seen."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from beauty_vlm.colour import ciede2000, hex_to_lab, lab_to_hex
from beauty_vlm.evaluation.claims import check
from beauty_vlm.evaluation.truths import Truth
from beauty_vlm.language import mentions
from beauty_vlm.report import Packaging, ProductType, Score, Shade, Swatch
from beauty_vlm.vocabulary import colour_margin, may_name, name_colour, nearest_named
from beauty_vlm.writing.colour_words import sure_name
from beauty_vlm.writing.judging import COLOUR_TOLERANCE, Measured, Verdict, judge
from beauty_vlm.writing.reliability import Trust
from data.parse_captions import hand_written

FINISH_BAR, PACKAGING_BAR = Trust().finish_bar, Trust().material_bar
BRICK, GOLD, WHITE = "#8a3324", "#d4af37", "#f8f8f8"
SATIN = Score("satin", 0.8)
LIPSTICK = ProductType("lipstick", 0.9, True, (Score("lipstick", 0.9),))


def swatch(colour: str, uncertainty: float | None = None) -> Swatch:
    lightness, a, b = (float(value) for value in hex_to_lab(colour))
    name = name_colour((lightness, a, b))
    return Swatch(name.phrase, colour, (lightness, a, b), 1.0, name.undertone, name.depth, uncertainty)


def shade(colour: str | None, uncertainty: float | None = None) -> Shade:
    main = swatch(colour, uncertainty) if colour else None
    return Shade(main is not None, main, (main,) if main else ())


def measured(
    colour: str | None = BRICK,
    finish: Score | None = SATIN,
    packaging: Packaging | None = None,
    uncertainty: float | None = None,
) -> Measured:
    return Measured(
        LIPSTICK, shade(colour, uncertainty), finish, packaging=packaging, visible=float(colour is not None)
    )


def package(material: str | None = None, state: str | None = None, score: float = 0.9) -> Packaging:
    return Packaging(None, Score(material, score) if material else None, Score(state, score) if state else None)


def verdict(text: str, seen: Measured, number: int = -1) -> Verdict:
    """The verdict on one of the claims of a text, by default the last."""
    return judge(mentions.find(text)[number], seen, None)


@pytest.mark.parametrize(
    ("text", "seen", "instead"),
    [
        # None: it stays, "": it is cut, a text: that stands instead
        ("a red lipstick with a warm undertone", measured(), None),
        ("a red lipstick with a cool undertone", measured(), "warm undertone"),
        ("a red lipstick, deep in depth", measured(), None),
        ("a red lipstick, very light in depth", measured(), "deep in depth"),
        ("a lipstick in a dark shade", measured(), None),
        ("a lipstick in a pale shade", measured(), "deep"),
        ("warm-toned", measured(None), ""),
        ("a brownish red", measured(), None),
        ("a pinkish red", measured(), "brick red"),
        # finishes by their probability
        ("a satin finish", measured(), None),
        ("a matte finish", measured(), "satin"),
        ("a satin finish", measured(finish=Score("satin", FINISH_BAR - 0.01)), ""),
        ("a matte finish", measured(finish=Score("satin", FINISH_BAR - 0.01)), ""),
        # denials the other way round
        ("not shimmery", measured(), None),
        ("not satin", measured(), "satin"),
        ("without glitter", measured(finish=Score("glitter", 0.8)), ""),
        ("no glitter", measured(None, None), ""),
        ("not red", measured(), "red"),
        ("not blue", measured(), None),
        ("not a mascara", measured(), None),
        ("not a lipstick", measured(), ""),
        ("not closed", measured(packaging=package(state="open")), None),
        # packages
        ("in a clear bottle", measured(packaging=package("clear glass or plastic")), None),
        ("in a glass bottle", measured(packaging=package("clear glass or plastic")), ""),  # or plastic
        ("in a glass bottle", measured(packaging=package("metal")), "metal"),
        ("in a glass bottle", measured(packaging=package("metal", score=PACKAGING_BAR - 0.01)), ""),
        ("in a glass bottle", measured(), ""),
        ("a lacquer tube", measured(packaging=package("glossy plastic")), ""),
        ("a plastic tube", measured(packaging=package("glossy plastic")), None),
        ("a cardboard box", measured(packaging=package("wood")), "wood"),
        ("a shiny tube", measured(packaging=package("glossy plastic")), None),
        ("a shiny tube", measured(packaging=package("matte plastic")), ""),
        ("a shiny tube", measured(), ""),
        ("a gold tube", measured(packaging=Packaging(swatch(GOLD), None, None)), None),
        ("a gold tube", measured(packaging=Packaging(swatch(WHITE), None, None)), ""),
        ("a gold tube", measured(), ""),
        ("a shade-coloured tube", measured(packaging=Packaging(swatch(BRICK), None, None)), None),
        ("a shade-coloured tube", measured(packaging=Packaging(swatch(GOLD), None, None)), ""),
        # open and closed, by what is seen of the package, else of the material
        ("closed", measured(packaging=package(state="closed")), None),
        ("closed", measured(None, None, package(state="open")), ""),
        ("closed", measured(None, None), ""),  # a hidden shade alone does not tell
        ("closed", measured(), ""),
        ("cap off", measured(), ""),
        ("cap off", measured(packaging=package(state="open")), None),
        ("with its dropper out", measured(packaging=package(state="open")), "open"),  # a lipstick has none
        ("cap off", measured(None, None), ""),
        ("shown as a swatch", measured(packaging=package(state="swatch")), None),
        ("shown as a swatch", measured(packaging=package(state="open")), ""),
        ("worn on lips", measured(), ""),
        ("held in a hand", measured(packaging=package(state="open")), ""),
        ("three shades", measured(), ""),
        ("by itself", measured(), ""),
        # what no photo tells
        ("with SPF 30", measured(), ""),
        ("by Maybelline", measured(), ""),
        ('with "NUDE" on it', measured(), ""),
    ],
)
def test_what_becomes_of_a_claim(text: str, seen: Measured, instead: str | None) -> None:
    result = verdict(text, seen)
    assert result.instead == instead
    assert (result.said is None) == (instead is None)
    if instead is None or instead:
        assert result.verdict == "supported"
    else:
        assert result.verdict in ("contradicted", "unseen")
    assert result.evidence.text


def test_no_unseeable_claim_of_a_hand_written_caption_stays() -> None:
    for text, _ in hand_written():
        for mention in mentions.find(text):
            result = judge(mention, measured(), None)
            if mention.kind in mentions.FORBIDDEN:
                assert (result.verdict, result.instead) == ("contradicted", "")
            elif mention.kind in ("count", "packaging"):
                assert result.instead == ""
            elif result.verdict == "unseen":  # a type alone may stay unseen: what stands beside the product
                assert mention.kind == "type" or result.instead == ""


def test_evidence_holds_the_figures() -> None:
    wrong = verdict("a plum lipstick", measured(), 0).evidence
    assert (wrong.measured, wrong.region) == (BRICK, "material") and wrong.claimed is not None
    assert wrong.delta_e == pytest.approx(float(ciede2000(hex_to_lab(BRICK), hex_to_lab(wrong.claimed))), abs=0.5)
    assert may_name("plum", hex_to_lab(wrong.claimed), uncertainty=0.5)
    right = verdict("a red lipstick", measured(), 0).evidence
    assert (right.claimed, right.delta_e) == (BRICK, 0.0)
    assert verdict("a satin finish", measured()).evidence.probability == 0.8
    seen = measured(packaging=package("metal"))
    assert verdict("a metal tube", seen).evidence.probability == 0.9
    assert verdict("a metal tube", seen).evidence.region == "packaging"
    assert verdict("a lipstick", measured()).evidence.probability == 0.9


def test_a_word_is_said_less_near_its_border_the_less_sure_the_measurement_is() -> None:
    beyond = colour_margin(hex_to_lab(BRICK), "cherry red") - COLOUR_TOLERANCE
    assert 0 < beyond < COLOUR_TOLERANCE
    assert verdict("cherry red", measured()).instead == "brick red"
    assert verdict("cherry red", measured(uncertainty=2 * beyond)).instead == "brick red"  # an error is no leave
    sure = Trust(shade_bar=0.97)
    border = hex_to_lab(BRICK) + 1.3 * (nearest_named("cherry red", hex_to_lab(BRICK)) - hex_to_lab(BRICK))
    inside = lab_to_hex(border)
    assert verdict("cherry red", replace(measured(inside, uncertainty=0.01), trust=sure)).instead is None
    assert verdict("cherry red", replace(measured(inside, uncertainty=6.0), trust=sure)).instead is not None
    assert verdict("blue", measured(uncertainty=1000.0)).instead == ""  # what blurs all tells nothing


def test_an_unsure_shade_is_called_by_a_broader_word_and_then_by_none() -> None:
    trust = Trust(shade_bar=0.9)
    said = [sure_name(swatch("#c4596a", off), trust) for off in (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0)]
    assert said[0] == swatch("#c4596a").name
    assert said[-1] is None
    assert sure_name(swatch(BRICK, 8.0), trust) in ("brick red", "red", None)
    last = [number for number, word in enumerate(said) if word is not None][-1]
    assert None not in said[: last + 1]


def test_a_shade_that_may_be_another_surface_s_is_not_said() -> None:
    doubted = replace(measured(), trust=Trust(shade=0.8, shade_bar=0.9))
    for text in ("a red lipstick", "a blue lipstick", "a dark shade", "a warm undertone"):
        result = verdict(text, doubted, 0 if "lipstick" in text else -1)
        assert (result.instead, result.verdict) == ("", "unseen")
        assert "uncertain" in result.evidence.text
    assert verdict("a red lipstick", replace(doubted, trust=Trust(shade=0.95, shade_bar=0.9)), 0).instead is None


def test_the_nearest_colour_of_a_word_lies_on_its_border() -> None:
    lab = hex_to_lab(BRICK)
    nearest = nearest_named("plum", lab)
    assert may_name("plum", nearest) and not may_name("plum", lab)
    assert COLOUR_TOLERANCE / 2 < colour_margin(nearest, "plum") <= COLOUR_TOLERANCE
    assert nearest_named("red", lab) == pytest.approx(tuple(lab))


def test_judging_a_caption_takes_less_than_two_milliseconds() -> None:
    seen = measured(packaging=package("metal", "open"))
    captions = [text for text, _ in hand_written()]
    begin = time.process_time()
    for text in captions:
        for mention in mentions.find(text):
            judge(mention, seen, None)
    assert (time.process_time() - begin) / len(captions) < 0.002


LABELLED = Truth("a.jpg", "lipstick", BRICK, "satin", True, "gold", packaging_material="metal", packaging_state="open")


@pytest.mark.parametrize(
    ("text", "kind", "correct"),
    [
        ("a lipstick", "type", True),
        ("a deep brick red", "colour", True),
        ("a very light brick red", "colour", False),
        ("with a cool undertone", "undertone", False),
        ("deep in depth", "depth", True),
        ("not shimmery", "shimmer-free", True),
        ("in a gold tube", "packaging", True),
        ("in a metal tube", "packaging", True),
        ("in a glass tube", "packaging", False),
        ("in a cardboard box", "packaging", False),
        ("cap off", "state", True),
        ("closed", "state", False),
        ("SPF 30", "unseeable", False),
        ("with vitamin E", "unseeable", False),
        ("a long-lasting formula", "unseeable", False),
    ],
)
def test_claims_against_labels(text: str, kind: str, correct: bool) -> None:
    assert [(claim.kind, claim.correct) for claim in check(text, LABELLED)] == [(kind, correct)]


@pytest.mark.parametrize("text", ["three shades", "by itself", "a white background", "held in a hand"])
def test_what_labels_do_not_tell_is_left_out(text: str) -> None:
    assert check(text, LABELLED) == []


def test_a_hidden_product_is_closed() -> None:
    hidden = Truth("a.jpg", "lipstick", None, shade_visible=False)
    assert [claim.correct for claim in check("closed, cap off, in a red shade", hidden)] == [True, False, False]
