"""Where the product stands, and whether its material can be believed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beauty_vlm.measurement import visibility
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING, exposed, product_box, share, standing_free
from beauty_vlm.measurement.visibility import Fit, evidence, fitted, sight
from beauty_vlm.report import ProductType, Score

LIPSTICK = ProductType("lipstick", 0.9, True, ())
OTHER = ProductType("other", 0.8, False, ())
FIT = Fit(
    0.5,
    {"visible": 0.8, "closed": -0.4, "material": 1.9},
    {"visible": 1.0, "closed": -2.5, "material": -1.4},
    0.6,
)
PROBABILITIES = st.floats(0.0, 1.0, allow_subnormal=False)


def regions(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    found = np.full((100, 200), BACKGROUND, dtype=np.uint8)
    found[top:bottom, left:right] = PACKAGING
    found[top : (top + bottom) // 2, left:right] = MATERIAL
    return found


def test_what_borders_on_the_background_stands_free() -> None:
    found = np.full((100, 200), BACKGROUND, dtype=np.uint8)
    found[10:90, 20:60] = PACKAGING
    found[20:80, 30:50] = MATERIAL  # in its package
    found[10:40, 100:110] = MATERIAL  # an applicator: free but for its stem
    found[40:90, 103:107] = PACKAGING
    found[60:62, 180:182] = MATERIAL  # a speck
    free = standing_free(found)
    assert free[10:40, 100:110].all() and np.count_nonzero(free) == 300
    assert not standing_free(np.full((100, 200), BACKGROUND, dtype=np.uint8)).any()
    filled = np.full((100, 200), MATERIAL, dtype=np.uint8)  # nothing is about it
    assert not standing_free(filled).any()
    # The shade is read on what is free of both, and on all where there is but one kind, or too little of either.
    assert (exposed(found) == free).all()
    assert (exposed(filled) == (filled == MATERIAL)).all()
    alone = np.where(np.arange(200) >= 90, found, BACKGROUND).astype(np.uint8)
    assert (exposed(alone) == (alone == MATERIAL)).all()
    leaked = found.copy()
    leaked[10:40, 100:102] = leaked[10:40, 106:110] = BACKGROUND  # a tenth of the fluid's pixels is enough
    assert np.count_nonzero(exposed(leaked)) == 120
    leaked[10:90, 30:56] = MATERIAL  # a twentieth of much more is not
    leaked[10:90, 20:30] = leaked[10:90, 56:60] = PACKAGING
    leaked[20:40, 102:106] = BACKGROUND
    assert (exposed(leaked) == (leaked == MATERIAL)).all()
    found[10:40, 102:110] = BACKGROUND
    found[12:40, 100:102] = BACKGROUND
    assert (exposed(found) == (found == MATERIAL)).all()


def test_the_box_is_a_square_about_the_product_with_a_margin() -> None:
    assert product_box(regions(90, 40, 110, 60)) == (87, 37, 113, 63)


def test_the_box_ends_at_the_borders() -> None:
    assert product_box(regions(0, 0, 10, 100)) == (0, 0, 67, 100)
    assert product_box(regions(0, 0, 200, 100)) == (0, 0, 200, 100)


def test_nothing_has_no_box() -> None:
    assert product_box(np.full((50, 50), BACKGROUND, dtype=np.uint8)) is None
    assert product_box(regions(90, 40, 92, 42)) is None


def test_shares_are_of_the_photo() -> None:
    assert share(regions(0, 0, 100, 100), MATERIAL) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("product_type", "state", "material", "shown"),
    [
        (LIPSTICK, Score("open", 0.99), 0.01, True),
        (LIPSTICK, Score("closed", 0.95), 0.01, False),
        (LIPSTICK, Score("closed", 0.95), 0.2, True),
        (LIPSTICK, Score("closed", 0.6), 0.01, True),
        (LIPSTICK, None, 0.01, True),
        (ProductType("other", 0.8, False, ()), Score("open", 0.9), 0.3, False),
        (ProductType("other", 0.4, False, ()), Score("open", 0.9), 0.3, True),
        (ProductType("brush or tool", 0.9, True, ()), Score("open", 0.9), 0.3, False),
        (ProductType("brush or tool", 0.4, True, (), Score("beauty product", 0.9)), Score("open", 0.9), 0.3, True),
    ],
)
def test_a_closed_package_and_a_tool_show_no_shade(
    product_type: ProductType, state: Score | None, material: float, shown: bool
) -> None:
    assert sight(product_type, state, material).shown is shown


def said(probability: float) -> Score:
    return Score("shade visible", probability)


def test_all_that_is_known_is_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "fitted", lambda: FIT)
    assert sight(LIPSTICK, Score("open", 0.9), 0.1, said(0.9)).shown
    assert not sight(LIPSTICK, Score("closed", 0.9), 0.01, said(0.2)).shown
    assert not sight(OTHER, Score("open", 0.9), 0.3, said(0.99)).shown
    # Nothing but the question, at the means of the rest: 0.5 + 0.8 * (0 - 1.0) is below the logit of 0.6.
    assert not sight(LIPSTICK, None, 10**-1.4, said(0.5)).shown
    assert FIT.probability({}) == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert FIT.probability({"unheard-of": 99.0}) == FIT.probability({})


def test_a_state_that_is_not_closed_leaves_the_rest_to_the_others() -> None:
    found = evidence(Score("open", 0.7), 0.01, None)
    assert set(found) == {"material", "closed"}
    assert found["closed"] == pytest.approx(math.log(0.1 / 0.9)) and found["material"] == pytest.approx(-2)
    assert evidence(None, 0.0, said(1.0)) == {"material": -4.0, "visible": pytest.approx(math.log(0.999 / 0.001))}


def test_a_claim_is_no_likelier_than_that_the_product_has_a_shade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "fitted", lambda: FIT)
    unsure = replace(LIPSTICK, top=(Score("lipstick", 0.5), Score("brush or tool", 0.3), Score("other", 0.1)))
    found = (Score("open", 0.9), 0.1, said(0.9))
    assert sight(unsure, *found).probability == pytest.approx(0.6 * sight(LIPSTICK, *found).probability)
    assert sight(LIPSTICK, *found).probability == FIT.probability(evidence(*found))
    assert sight(OTHER, *found).probability == 0.0
    assert sight(unsure, None, 0.1).probability == pytest.approx(0.6)
    assert sight(unsure, *found).shown  # it is measured all the same


@given(
    PROBABILITIES,
    PROBABILITIES,
    PROBABILITIES,
    st.floats(0.0, 1.0, allow_subnormal=False),
    st.floats(0.0, 1.0, allow_subnormal=False),
)
def test_more_signs_of_a_shade_never_hide_it(
    visible: float, more_visible: float, state: float, material: float, more_material: float
) -> None:
    low, high = sorted((visible, more_visible))
    small, large = sorted((material, more_material))
    less = FIT.probability(evidence(Score("closed", state), small, said(low)))
    more = FIT.probability(evidence(Score("closed", state), large, said(high)))
    assert 0.0 < less <= more < 1.0
    assert FIT.probability(evidence(None, large, said(high))) >= FIT.probability(evidence(None, large, said(low)))


def test_the_fitted_coefficients_have_the_signs_that_they_should() -> None:
    fit = fitted()
    assert set(fit.weights) == set(fit.means) and {"closed", "material"} <= set(fit.weights)
    assert fit.weights["closed"] < 0 < fit.weights["material"] and fit.weights.get("visible", 1.0) > 0
    assert 0.0 < fit.threshold < 1.0
