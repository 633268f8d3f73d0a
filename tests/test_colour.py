"""Conversions agree with published values and with each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beauty_vlm.colour import (
    adapted,
    ciede2000,
    hex_to_lab,
    in_gamut,
    lab_to_hex,
    lab_to_srgb,
    labs_to_hex,
    srgb_to_lab,
)

labs = st.tuples(st.floats(0, 100), st.floats(-100, 100), st.floats(-100, 100))


def test_known_colours() -> None:
    assert hex_to_lab("#ffffff") == pytest.approx((100.0, 0.0, 0.0), abs=0.02)
    assert hex_to_lab("000000") == pytest.approx((0.0, 0.0, 0.0), abs=0.01)
    assert hex_to_lab("#FF0000") == pytest.approx((53.24, 80.09, 67.20), abs=0.05)  # Lindbloom


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    # Sharma, Wu and Dalal (2005), table 1, pairs 1, 14, 17, 25 and 34.
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -0.0010, 2.4900), (50.0, 0.0010, -2.4900), 4.8045),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_ciede2000_gives_the_published_differences(
    one: tuple[float, ...], other: tuple[float, ...], difference: float
) -> None:
    assert float(ciede2000(one, other)) == pytest.approx(difference, abs=1e-4)


@settings(max_examples=100, deadline=None)
@given(labs, labs)
def test_ciede2000_is_symmetric_and_zero_on_itself(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    assert float(ciede2000(one, other)) == pytest.approx(float(ciede2000(other, one)), abs=1e-6)
    assert float(ciede2000(one, one)) == 0.0


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 0xFFFFFF))
def test_hex_survives_the_round_trip(number: int) -> None:
    code = f"#{number:06x}"
    assert lab_to_hex(hex_to_lab(code)) == code
    assert in_gamut(hex_to_lab(code))


def test_hexes_of_several_colours_come_in_order() -> None:
    codes = ["#8f3a32", "#000000", "#f2b8a0", "#ffffff"]
    assert labs_to_hex(np.stack([hex_to_lab(code) for code in codes])) == codes


def test_bytes_and_floats_agree_for_any_leading_shape() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 2, 3), dtype=np.uint8)
    lab = srgb_to_lab(pixels)
    assert lab.shape == pixels.shape
    np.testing.assert_allclose(lab, srgb_to_lab(pixels / 255.0), atol=1e-9)
    np.testing.assert_allclose(lab_to_srgb(lab) * 255.0, pixels, atol=0.01)


def test_colours_that_srgb_cannot_show_are_clipped_and_told() -> None:
    outside = np.array([(50.0, 100.0, -100.0), (90.0, -90.0, 0.0), (101.0, 0.0, 0.0)])
    assert not in_gamut(outside).any()
    clipped = lab_to_srgb(outside)
    assert clipped.min() >= 0.0 and clipped.max() <= 1.0


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="three channels"):
        srgb_to_lab(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="three channels"):
        lab_to_srgb(3.0)
    with pytest.raises(ValueError, match="'#12345' is not a colour"):
        hex_to_lab("#12345")
    with pytest.raises(ValueError, match="one colour"):
        lab_to_hex(np.zeros((2, 3)))


def test_adaptation_gives_the_published_white() -> None:
    # What is white under illuminant A (ASTM E308: X .10985, Z .35585 of Y) is white in neutral light.
    from skimage.color import xyz2lab

    white = xyz2lab(np.array([[1.09850, 1.0, 0.35585]]))[0]
    assert adapted(white, white) == pytest.approx((100.0, 0.0, 0.0), abs=0.02)
    # Lindbloom's matrix from A to D65 by Bradford, on X = Y = Z = .3.
    rows = [(0.8446965, -0.1179225, 0.3948108), (-0.1366303, 1.1041226, 0.1291718), (0.0798489, -0.1348999, 3.1924009)]
    moved = np.array(rows) @ np.full(3, 0.3)
    grey = adapted(xyz2lab(np.full((1, 3), 0.3))[0], white)
    assert grey == pytest.approx(xyz2lab(moved[None])[0], abs=0.1)


@settings(max_examples=60, deadline=None)
@given(st.tuples(st.floats(20, 90), st.floats(-30, 30), st.floats(-30, 30)), st.floats(20, 100))
def test_adaptation_to_a_neutral_light_changes_nothing(lab: tuple[float, ...], level: float) -> None:
    assert adapted(lab, (level, 0.0, 0.0)) == pytest.approx(lab, abs=0.05)


def test_adaptation_keeps_shapes_and_refuses_what_is_no_light() -> None:
    assert adapted(np.full((4, 5, 3), 50.0), (90.0, 5.0, 10.0)).shape == (4, 5, 3)
    with pytest.raises(ValueError, match="one white"):
        adapted((50.0, 0.0, 0.0), np.full((2, 3), 50.0))
    with pytest.raises(ValueError, match="black"):
        adapted((50.0, 0.0, 0.0), (0.0, 0.0, 0.0))
