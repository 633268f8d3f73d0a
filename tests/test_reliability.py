"""How claims are weighed by measurement and caption, and how the weights are fitted."""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the packages of requirements-train.txt are not installed")

from hypothesis import given, settings
from hypothesis import strategies as st
from test_description import BLACK, BRICK, PLUM, measured

from beauty_vlm.colour import ciede2000
from beauty_vlm.evaluation.truths import Truth
from beauty_vlm.report import ProductType, Score, Shade
from beauty_vlm.writing import borders, weighing
from beauty_vlm.writing.description import describe
from beauty_vlm.writing.judging import Measured
from beauty_vlm.writing.reliability import EVIDENCE, FILE, Agreement, Hearing, Reliability, Witnesses, log_odds, read
from beauty_vlm.writing.weighing import type_words, weigh
from data.fit_reliability import RIGHT, Example, Row, fit, fitted, heard, least_bar, said, to_markdown, write

OF_COLOUR = {"uncertainty": 1.0, "share": 0.5}
FITTED = Reliability(
    type=Witnesses(agrees=2.0, differs=-2.0, bar=0.8),
    shade=Witnesses(-9.5, {**OF_COLOUR, "visible": 1.0, "segmented": 0.6}, 3.0, -3.0, 0.9),
    finish=Witnesses(-6.9, {"score": 1.0, "visible": 1.0}, 2.0, -2.0, 0.8),
    shimmer_free=Witnesses(-6.9, {"score": 1.0, "visible": 1.0}, 0.5, -2.0, 0.9),
    package_colour=Witnesses(0.0, OF_COLOUR),
)
TOP = (Score("lipstick", 0.7), Score("lip gloss", 0.15), Score("blush", 0.1), Score("serum", 0.05))


def seen(uncertainty: float = 1.0, finish: str = "satin") -> Measured:
    made = measured("lipstick", BRICK, packaging=BLACK, finish=finish)
    assert made.shade.main is not None
    main = replace(made.shade.main, uncertainty=uncertainty)
    return replace(made, shade=Shade(True, main, (main,)), product_type=ProductType("lipstick", 0.7, True, TOP))


def test_a_caption_that_says_the_same_makes_a_claim_surer_and_one_that_differs_less_sure() -> None:
    agreeing, silent, differing = (
        weigh(seen(), caption, FITTED) for caption in ("a satin red lipstick", "a thing", "a matte blue mascara")
    )
    assert agreeing.trust.shade > silent.trust.shade > differing.trust.shade
    assert agreeing.finish and silent.finish and differing.finish
    assert agreeing.finish.score > silent.finish.score > differing.finish.score
    assert agreeing.product_type.word.label == "lipstick"
    assert silent.product_type.word.label == "lip product"
    assert differing.product_type.word.label == "makeup product"
    # The lipstick is no likelier than .24 then, and of the shade nothing is sure.
    assert describe("a thing", differing).text == "A makeup product. The finish is perhaps satin."
    assert describe("", agreeing).text == "A lipstick in brick red with a satin finish."


def test_a_caption_that_sees_shimmer_speaks_against_that_there_is_none() -> None:
    plain = replace(seen(), shimmer_free=Score("shimmer-free", 0.95))
    satin, silent, glitter = (
        weigh(plain, text, FITTED) for text in ("a satin lipstick", "a thing", "a glitter lipstick")
    )
    assert satin.shimmer_free and silent.shimmer_free and glitter.shimmer_free
    assert satin.shimmer_free.score > silent.shimmer_free.score > 0.9 > glitter.shimmer_free.score
    unsure = replace(silent, trust=replace(silent.trust, finish_bar=0.99))  # a sure finish says it by itself
    assert describe("A lipstick.", unsure).text.endswith("No shimmer is visible.")
    assert "shimmer" not in describe("A lipstick.", glitter).text


def test_a_word_for_the_type_counts_its_groups() -> None:
    words = dict(type_words(seen().product_type, "a lip gloss"))
    assert words["lipstick"] == Hearing({"score": log_odds(0.7)}, "differs")
    assert words["lip product"].agreement == "agrees"
    assert words["lip product"].evidence["score"] == pytest.approx(log_odds(0.85))


def test_what_is_not_accepted_stays_so() -> None:
    unsure = replace(seen(), product_type=replace(seen().product_type, accepted=False))
    assert weigh(unsure, "a lipstick", FITTED).product_type == unsure.product_type


def test_nothing_is_said_of_what_was_not_measured() -> None:
    nothing = Measured(ProductType("lipstick", 0.9, True, TOP), Shade(False, None, ()), None)
    assert weighing.hearings(nothing, "a matte red lipstick in a black tube") == {}


@settings(max_examples=50, deadline=None)
@given(st.data(), st.sampled_from(get_args(Agreement)), st.sampled_from(sorted(EVIDENCE)))
def test_stronger_evidence_is_never_less_likely(data: st.DataObject, agreement: Agreement, kind: str) -> None:
    value = st.floats(-7, 7, allow_subnormal=False)
    evidence = {name: data.draw(value) for name in EVIDENCE[kind]}
    stronger = {**evidence, (name := data.draw(st.sampled_from(EVIDENCE[kind]))): data.draw(value)}
    low, high = sorted((evidence, stronger), key=lambda one: one[name])
    for witnesses in (getattr(FITTED, kind), getattr(read(FILE), kind)):
        probabilities = [witnesses.probability(Hearing(one, agreement)) for one in (low, high)]
        assert 0 <= probabilities[0] <= probabilities[1] <= 1


def test_a_colour_s_error_is_round_in_ciede2000() -> None:
    swatch = seen(uncertainty=4.0).shade.main
    assert swatch is not None
    apart: list[float] = []
    borders.probability(lambda one: bool(apart.append(float(ciede2000(one.lab, swatch.lab)))), swatch)
    assert np.quantile(apart, 0.68) == pytest.approx(4.0, rel=0.25)
    assert borders.probability(lambda one: True, swatch) == 1.0
    assert borders.probability(lambda one: one.lab[0] > swatch.lab[0], swatch) == pytest.approx(0.5, abs=0.15)


def test_the_shipped_weights_are_read_and_a_broken_file_is_named(tmp_path: Path) -> None:
    shipped = read(FILE)
    assert all(0 < one.bar <= RIGHT and one.agrees >= 0 >= one.differs for one in (shipped.shade, shipped.type))
    write(FITTED, tmp_path / "r.json")
    assert read(tmp_path / "r.json") == FITTED
    broken = asdict(FITTED)
    broken["shade"]["bar"] = "high"
    (tmp_path / "r.json").write_text(json.dumps(broken))
    with pytest.raises(ValueError, match=r"r\.json: shade"):
        read(tmp_path / "r.json")
    for weights in ({"score": 1.0}, {**FITTED.shade.weights, "share": "much"}, [1.0]):
        broken = asdict(FITTED)
        broken["shade"]["weights"] = weights
        (tmp_path / "r.json").write_text(json.dumps(broken))
        with pytest.raises(ValueError, match=r"r\.json: shade: weights"):
            read(tmp_path / "r.json")
    (tmp_path / "r.json").write_text("[]")
    with pytest.raises(ValueError, match=r"r\.json must have"):
        read(tmp_path / "r.json")


def test_fitted_weights_are_those_that_made_the_data() -> None:
    dice, true = np.random.default_rng(0), Witnesses(0.5, {"score": 1.5, "visible": 0.5}, 1.0, -2.0)
    rows = []
    for _ in range(3000):
        evidence = {name: float(dice.normal(0, 2)) for name in true.weights}
        hearing = Hearing(evidence, get_args(Agreement)[dice.integers(3)])
        rows.append(Row(hearing, bool(dice.random() < true.probability(hearing))))
    found = fitted("finish", rows)
    assert found.weights == pytest.approx(true.weights, abs=0.35)
    assert (found.bias, found.agrees, found.differs) == pytest.approx((true.bias, true.agrees, true.differs), abs=0.35)
    assert fitted("type", []) == Witnesses(bar=RIGHT)


def test_each_kind_of_claim_has_its_evidence() -> None:
    assert set(EVIDENCE) == {field.name for field in fields(Reliability)}
    for kind, one in weighing.hearings(seen(), "a red lipstick").items():
        assert set(EVIDENCE[kind]) <= set(one.evidence)


def test_the_bar_is_the_least_at_which_enough_is_right() -> None:
    assert least_bar(lambda bar: [True] * 100 + [False] * (0 if bar >= 0.6 else 10)) == pytest.approx(0.6, abs=0.02)
    assert least_bar(lambda bar: [True] * 20) == RIGHT  # too few to tell
    assert least_bar(lambda bar: []) == least_bar(lambda bar: [], essential=True) == RIGHT

    def few(bar: float) -> list[bool]:
        return [True] * 90 + [False] * 10 if bar < 0.5 else [True] * 60 + [False] * 3 if bar < 0.8 else [True] * 2

    assert least_bar(few) == RIGHT
    assert few(least_bar(few, essential=True)) == few(0.5)


def test_a_fit_trusts_the_agreeing_and_says_what_is_right() -> None:
    right = Truth("a.jpg", "lipstick", BRICK, "satin", True)
    wrong = Truth("b.jpg", "mascara", PLUM, "matte", True)
    examples = [Example(right, seen(), "a satin red lipstick")] * 60 + [Example(wrong, seen(), "a thing")] * 20
    found = fit([heard(one) for one in examples])
    for kind in ("shade", "finish"):
        witnesses = getattr(found, kind)
        assert witnesses.agrees > 0
        claims = weighing.hearings(seen(), "a satin red lipstick"), weighing.hearings(seen(), "a thing")
        agreeing, silent = (witnesses.probability(one[kind]) for one in claims)
        assert agreeing >= witnesses.bar > silent


def test_what_may_be_no_material_makes_its_claims_less_sure() -> None:
    whole = weigh(seen(), "a satin red lipstick", FITTED)
    half = weigh(replace(seen(), visible=0.5), "a satin red lipstick", FITTED)
    blurred = weigh(replace(seen(), segmented=0.5), "a satin red lipstick", FITTED)
    assert whole.finish and half.finish and blurred.finish
    assert half.trust.shade < whole.trust.shade > blurred.trust.shade
    assert half.finish.score < whole.finish.score == blurred.finish.score
    assert half.trust.type == whole.trust.type
    assert "The shade is" not in describe("", whole).text and "brick" in describe("", whole).text
    assert "in brick red" not in describe("", half).text


def test_the_guess_is_of_the_types_that_the_word_holds() -> None:
    made = weigh(seen(), "a blush", FITTED)  # "blush" is named, and is no lip product
    assert made.product_type.word.label == "makeup product"
    assert made.trust.type is not None and made.trust.type.label == "blush"
    top = (Score("lipstick", 0.5), Score("lip gloss", 0.45), Score("blush", 0.03))
    close = replace(seen(), product_type=ProductType("lipstick", 0.5, True, top))
    heard = weigh(close, "a lip gloss", FITTED)
    assert heard.product_type.word.label == "lip product"
    assert heard.trust.type is not None and heard.trust.type.label == "lip gloss"
    likely = FITTED.type.probability(Hearing({"score": log_odds(0.45)}, "agrees"))
    assert heard.trust.type.score == pytest.approx(likely, abs=1e-4)


def test_other_pieces_are_as_sure_as_all_pieces_together_explain_the_material() -> None:
    made = seen()
    assert made.shade.main is not None
    main, other = replace(made.shade.main, share=0.5), replace(made.shade.main, share=0.2, uncertainty=3.0)
    shared = replace(made, shade=replace(made.shade, main=main, others=(other, replace(other, uncertainty=9.0))))
    near, far = weigh(shared, "a thing", FITTED).trust.others
    alone = replace(made, shade=replace(made.shade, main=replace(other, share=0.9)))
    assert near == pytest.approx(weigh(alone, "a thing", FITTED).trust.shade)
    assert far < near


def test_a_hidden_shade_teaches_and_counts_against_what_is_said() -> None:
    hidden = Example(
        Truth("c.jpg", "lipstick", None, shade_visible=False), replace(seen(), visible=0.8), "a satin lipstick"
    )
    one = heard(hidden)
    for kind in ("shade", "finish"):
        assert [row.right for row in one.rows[kind]] == [False]
        assert [word.right for word in one.words[kind]] == [False] * len(one.words[kind]) != []
        witnesses = getattr(FITTED, kind)
        assert all(word.probability(witnesses) < 0.9 for word in one.words[kind])
        assert said(kind, witnesses, [one])(0.0) == [False] and said(kind, witnesses, [one])(0.9) == []


@pytest.mark.parametrize(
    ("finish", "visible", "taught"),
    [
        ("satin", True, [True]),
        ("glitter", True, [False]),
        ("metallic", True, [False]),
        (None, True, []),
        (None, False, []),
    ],
)
def test_what_shimmers_teaches_when_to_deny_it(finish: str | None, visible: bool, taught: list[bool]) -> None:
    plain = replace(seen(), shimmer_free=Score("shimmer-free", 0.9))
    one = heard(Example(Truth("a.jpg", "lipstick", None, finish, visible), plain, "a thing"))
    assert [row.right for row in one.rows.get("shimmer_free", ())] == taught


def test_the_broadest_word_for_a_type_is_said_in_any_case_and_makes_no_room_for_wrong_ones() -> None:
    one = pickle.loads(
        pickle.dumps(heard(Example(Truth("a.jpg", "lip gloss", None), seen(), "a thing")))
    )  # from a worker
    assert [word.right for word in one.words["type"]] == [False, True, True]
    assert [row.right for row in one.rows["type"]] == [False, True, True, True]
    assert said("type", FITTED.type, [one])(0.99) == []
    assert said("type", FITTED.type, [one])(0.3) == [False]


def test_the_table_sets_hard_views_beside_their_renders() -> None:
    right = Truth("", "lipstick", BRICK, "satin", True)
    found = []
    for number in range(20):
        truth = replace(right, file=f"{number}.jpg")
        found.append(heard(Example(truth, seen(), "a satin red lipstick")))
        found.append(heard(Example(replace(truth, product_type="mascara"), seen(), "a thing", hard=True)))
    lines = [line.split(" | ") for line in to_markdown(found).splitlines()]
    assert [line[1:] for line in lines if line[0] == "| type"] == [
        ["renders", lines[2][2], "20", "1.000", "20", "1.000 |"],
        ["hard views", lines[3][2], "20", "0.000", "20", "1.000 |"],  # a makeup product is what both are
    ]
