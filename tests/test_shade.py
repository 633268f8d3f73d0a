"""The shade of synthetic photos whose truth is known."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from beauty_vlm.colour import ciede2000, hex_to_lab
from beauty_vlm.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.report import Shade
from beauty_vlm.shade import measure

SIDE = 224


def rgb(code: str) -> np.ndarray:
    return np.array([int(code[start : start + 2], 16) for start in (1, 3, 5)], dtype=float)


def photo(material: np.ndarray | str, noise: float = 0.0) -> tuple[Image.Image, np.ndarray]:
    """A white photo with a gold case and a square of material in it, and its regions."""
    pixels = np.full((SIDE, SIDE, 3), 245.0)
    regions = np.full((SIDE, SIDE), BACKGROUND, dtype=np.uint8)
    pixels[130:200, 60:160], regions[130:200, 60:160] = rgb("#c6a046"), PACKAGING
    colour = rgb(material) if isinstance(material, str) else material
    pixels[30:130, 60:160], regions[30:130, 60:160] = colour, MATERIAL
    pixels += np.random.default_rng(5).normal(0.0, noise, pixels.shape) if noise else 0.0
    return Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8)), regions


def error(shade: Shade, code: str) -> float:
    assert shade.main is not None
    return float(ciede2000(shade.main.lab, hex_to_lab(code)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 0xFFFFFF))
def test_a_flat_colour_is_measured_as_it_is(number: int) -> None:
    code = f"#{number:06x}"
    shade = measure(*photo(code))
    assert shade.visible and shade.main is not None
    assert error(shade, code) < 0.5
    assert shade.main.hex == code
    assert len(shade.palette) == 1 and shade.palette[0].share == 1.0


@pytest.mark.parametrize("code", ["#8f3a32", "#f2b8a0", "#16161a", "#e0bf9f"])
def test_noise_moves_the_shade_little(code: str) -> None:
    assert error(measure(*photo(code, noise=8.0)), code) < 1.5


@pytest.mark.parametrize("code", ["#8f3a32", "#f2b8a0", "#16161a"])
def test_highlights_shadows_and_leaks_are_not_the_shade(code: str) -> None:
    material = np.tile(rgb(code), (100, 100, 1))
    material[:, 20:26] = 255.0  # the lamp's reflection, 6%
    material[:, 94:] = rgb(code) * 0.2  # a deep shadow, 6%
    material[:2, :] = (40.0, 90.0, 200.0)  # a leak of the mask, 2%
    shade = measure(*photo(material, noise=2.0))
    assert error(shade, code) < 1.5
    assert all(float(ciede2000(swatch.lab, hex_to_lab(code))) < 12.0 for swatch in shade.palette)


def test_a_rounded_form_under_one_lamp_is_one_colour() -> None:
    across = np.sqrt(1.0 - np.linspace(-0.9, 0.9, 100) ** 2)
    light = (0.35 + 0.65 * across)[None, :, None] ** (1 / 2.2)
    shade = measure(*photo(np.broadcast_to(rgb("#b32b55") * light, (100, 100, 3)), noise=2.0))
    assert error(shade, "#b32b55") < 5.0
    assert len(shade.palette) == 1


def test_two_colours_come_with_their_shares() -> None:
    material = np.tile(rgb("#5b2545"), (100, 100, 1))
    material[:, 70:] = rgb("#e0bf9f")
    shade = measure(*photo(material, noise=4.0))
    assert [swatch.name for swatch in shade.palette] == ["plum", "light warm beige"]
    assert [swatch.share for swatch in shade.palette] == pytest.approx([0.7, 0.3], abs=0.03)
    assert shade.main == shade.palette[0]


def test_a_palette_keeps_light_and_dark_pans() -> None:
    rows = [
        ["#f3e2d8", "#d2ad8b", "#cb9c88", "#c05a22"],
        ["#6b472b", "#382620", "#70308a", "#3f9447"],
        ["#1d2a50", "#8d7b6e", "#e5799a", "#f3d22c"],
    ]
    codes = [code for row in rows for code in row]
    pans = np.array([rgb(code) for code in codes]).reshape(3, 4, 3)
    shade = measure(*photo(pans.repeat(34, axis=0)[:100].repeat(25, axis=1), noise=3.0))
    assert len(shade.palette) == 12
    for code in codes:
        assert min(float(ciede2000(swatch.lab, hex_to_lab(code))) for swatch in shade.palette) < 3.0


def test_thin_strokes_survive_the_erosion() -> None:
    image, regions = photo("#1d2a50")
    regions[:] = BACKGROUND
    regions[40:120, 100:102] = MATERIAL
    assert error(measure(image, regions), "#1d2a50") < 0.5


def test_boundary_pixels_do_not_count() -> None:
    image, regions = photo("#1d2a50")
    pixels = np.array(image)
    pixels[30:130, 60] = pixels[30:130, 159] = pixels[30, 60:160] = pixels[129, 60:160] = (245, 245, 0)
    shade = measure(Image.fromarray(pixels), regions)
    assert len(shade.palette) == 1


@pytest.mark.parametrize("pixels", [0, 1, 60])
def test_too_little_material_is_not_visible(pixels: int) -> None:
    image, regions = photo("#1d2a50")
    regions[:] = PACKAGING
    regions[50, 70 : 70 + pixels] = MATERIAL
    assert measure(image, regions) == Shade(visible=False, main=None, palette=())


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 40)])
def test_tiny_photos(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, (143, 58, 50))
    shade = measure(image, np.full((size[1], size[0]), MATERIAL, dtype=np.uint8))
    assert shade.main is not None and shade.main.name == "brick red"


def test_it_is_deterministic_and_fast_on_a_megapixel() -> None:
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (1000, 1000, 3), dtype=np.uint8))
    regions = np.full((1000, 1000), MATERIAL, dtype=np.uint8)
    first = measure(image, regions)
    started = time.perf_counter()
    assert measure(image, regions) == first
    assert time.perf_counter() - started < 1.0  # 25 ms on a quiet machine


def test_wrong_shapes_and_modes_are_refused() -> None:
    image, regions = photo("#1d2a50")
    with pytest.raises(ValueError, match="do not fit an image of 224 x 224"):
        measure(image, regions[:-1])
    with pytest.raises(ValueError, match="do not fit"):
        measure(image, regions[..., None])
    with pytest.raises(ValueError, match="not mode L"):
        measure(image.convert("L"), regions)


def striped(*parts: tuple[str, int]) -> tuple[Image.Image, np.ndarray]:
    """A picture of stripes, each of a colour and so many rows, all of it material."""
    rows = np.concatenate([np.full((count, 60, 3), hex_bytes(colour), np.uint8) for colour, count in parts])
    return Image.fromarray(rows), np.full(rows.shape[:2], MATERIAL, np.uint8)


def hex_bytes(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


@pytest.mark.parametrize(
    ("parts", "main"),
    [
        ((("#e8b4ae", 60), ("#c05048", 40)), "#c05048"),  # a pale reflection over a red body
        ((("#e8b4ae", 90), ("#c05048", 10)), "#e8b4ae"),  # too little of the red to be the body
        ((("#8fa8d8", 60), ("#c05048", 40)), "#8fa8d8"),  # another hue: another colour
        ((("#c05048", 60), ("#e8b4ae", 40)), "#c05048"),
    ],
)
def test_a_reflection_is_not_the_shade(parts: tuple[tuple[str, int], ...], main: str) -> None:
    shade = measure(*striped(*parts))
    assert shade.main is not None
    assert float(ciede2000(np.array(shade.main.lab), hex_to_lab(main))) < 1.5
