"""The light of photos that were relit, and what is no photo of colours: made from drawings whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from beauty_vlm.colour import hex_to_lab
from beauty_vlm.measurement import light
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.measurement.shade import measure
from data.check_shades import GELS, MANIPULATIONS, manipulated, under

SIDE = 160


def still_life(
    material: str = "#8f3a32", packaging: str = "#f0f0f0", background: str = "#ececec"
) -> tuple[Image.Image, np.ndarray]:
    """A shaded square of material and a case on a ground with a falling shadow, in a camera's noise."""
    pixels = np.empty((SIDE, SIDE, 3))
    regions = np.full((SIDE, SIDE), BACKGROUND, dtype=np.uint8)
    pixels[:] = rgb(background)
    pixels[120:150, 10:150] *= 0.8  # shadow
    pixels[90:125, 40:120], regions[90:125, 40:120] = rgb(packaging), PACKAGING
    pixels[30:90, 50:110], regions[30:90, 50:110] = rgb(material), MATERIAL
    pixels[30:90, 50:110] *= np.linspace(0.6, 1.1, 60)[None, :, None]
    pixels += np.random.default_rng(3).normal(0, 1.0, pixels.shape)
    return Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8)), regions


def rgb(code: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(code[1:]), dtype=np.uint8).astype(float)


def test_a_neutral_photo_has_a_neutral_light() -> None:
    found = light.estimate(light.read(*still_life()))
    assert found is not None and found.cast < 1.0 and found.source == "background"
    assert light.corrected(hex_to_lab("#8f3a32"), found) is None


@settings(max_examples=25, deadline=None)
@given(st.floats(0.6, 1.0), st.floats(0.6, 1.0))
def test_the_light_found_is_the_light_put_on(green: float, blue: float) -> None:
    image, regions = still_life()
    found = light.estimate(light.read(under(image, (1.0, green, blue)), regions))
    if found is None:  # beyond what could be a camera's error
        return
    white = np.array([int(found.hex[k : k + 2], 16) for k in (1, 3, 5)]) / 255.0
    gains = ((white + 0.055) / 1.055) ** 2.4
    assert gains[1] / gains[0] == pytest.approx(green, abs=0.06)
    assert gains[2] / gains[0] == pytest.approx(blue, abs=0.06)


def test_a_coloured_light_on_white_things_is_found() -> None:
    image, regions = still_life()
    found = light.estimate(light.read(under(image, (1.0, 0.85, 0.7)), regions))
    assert found is not None and found.source == "background and packaging"
    assert found.cast > light.NEGLIGIBLE


@pytest.mark.parametrize("background", ["#f6cdd6", "#f4e3c8", "#cfe3f2", "#d9ead3"])
def test_coloured_paper_is_no_coloured_light(background: str) -> None:
    for packaging in ("#101012", "#c6a046", "#e8e8ea"):
        found = light.estimate(light.read(*still_life(packaging=packaging, background=background)))
        assert found is None or found.cast <= light.NEGLIGIBLE


def test_something_grey_denies_a_coloured_light() -> None:
    image, regions = still_life(packaging="#f2d0d8", background="#f0ccd4")
    assert light.estimate(light.read(image, regions)) is not None
    pixels = np.array(image)
    pixels[5:25, 5:25] = 150
    assert light.estimate(light.read(Image.fromarray(pixels), regions)) is None


def test_a_burnt_out_background_is_white() -> None:
    found = light.estimate(light.read(*still_life(background="#ffffff")))
    assert found is not None and found.hex == "#ffffff" and found.cast == 0.0


def test_nothing_neutral_tells_nothing() -> None:
    assert light.estimate(light.read(*still_life(packaging="#7a1020", background="#203f70"))) is None


@pytest.mark.parametrize("kind", MANIPULATIONS)
@pytest.mark.parametrize("number", range(len(GELS)))
def test_manipulated_photos_are_unjudged(kind: str, number: int) -> None:
    image, regions = still_life("#b8907c", "#f0f0f0" if kind == "gel" else "#c6a046")
    if kind == "duotone" and number % 3 == 0:
        return  # blue to yellow passes grey: it is not told from a photo of two colours
    wanted = light.BLACK_AND_WHITE if kind == "grey" else light.TINTED
    tinted = manipulated(image, kind, number)
    assert light.unjudged(light.read(tinted, regions)) == wanted
    assert measure(tinted, regions).main is None and measure(tinted, regions, any_light=True).main is not None


def test_how_little_material_is_measured_may_be_chosen() -> None:
    image, regions = still_life("#b8907c")
    speck = np.where(regions == MATERIAL, PACKAGING, regions)
    speck[100:104, 100:104] = MATERIAL
    assert not measure(image, speck).visible
    assert measure(image, speck, least=1e-4).main is not None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 0xFFFFFF), st.sampled_from(["#101012", "#c6a046", "#f0f0f0"]))
def test_any_shade_on_a_white_ground_is_judged(number: int, packaging: str) -> None:
    grid = light.read(*still_life(f"#{number:06x}", packaging))
    assert light.unjudged(grid) is None


def test_a_black_product_on_plain_white_is_judged_and_in_a_grey_scene_not() -> None:
    image, regions = still_life("#141414", "#0a0a0a", "#ffffff")
    grey = image.convert("L").convert("RGB")
    pixels = np.array(grey)
    pixels[regions == BACKGROUND] = 255
    assert light.unjudged(light.read(Image.fromarray(pixels), regions)) is None
    pixels[:80][regions[:80] == BACKGROUND] = 120
    assert light.unjudged(light.read(Image.fromarray(pixels), regions)) == light.BLACK_AND_WHITE


def test_hopeless_exposures_are_unjudged() -> None:
    image, regions = still_life(packaging="#c6a046")
    dark = Image.fromarray((np.asarray(image) * 0.08).astype(np.uint8))
    assert light.unjudged(light.read(dark, regions)) == light.TOO_DARK
    pixels = np.array(image)
    pixels[regions != BACKGROUND] = 255
    pixels[100:110, 60:80] = (200, 60, 50)
    assert light.unjudged(light.read(Image.fromarray(pixels), regions)) == light.TOO_BRIGHT
    assert light.unjudged(light.read(Image.fromarray(pixels), regions), BACKGROUND) is None
