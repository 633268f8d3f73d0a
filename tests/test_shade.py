"""The shade of synthetic photos whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage
from scipy.cluster.vq import kmeans2

from beauty_vlm.colour import ciede2000, hex_to_lab
from beauty_vlm.measurement.palette import SEED, _seeds
from beauty_vlm.measurement.pieces import by_shade, of_one_shade
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.measurement.shade import (
    DISAGREE,
    LARGE,
    LEAST,
    SMALL,
    Photo,
    _smooth,
    doubts,
    measure,
    measure_region,
)
from beauty_vlm.measurement.thinning import thinned
from beauty_vlm.report import Shade, Swatch
from data import check_places
from data.appearance import appearance
from data.check_shades import Picture, Result, fitted, to_markdown

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


FLUID, TRUE = "#b98a86", "#b5485a"  # what a wall shows of a gloss, and the gloss


def vial(applicator: float = 1.0) -> tuple[Image.Image, np.ndarray]:
    """A white photo with a fluid in its tube, and beside it an applicator of 20 x 45 pixels times `applicator`."""
    pixels = np.full((SIDE, SIDE, 3), 245.0)
    regions = np.full((SIDE, SIDE), BACKGROUND, dtype=np.uint8)
    pixels[20:210, 40:110], regions[20:210, 40:110] = rgb("#d8d4d0"), PACKAGING
    pixels[60:200, 55:95], regions[60:200, 55:95] = rgb(FLUID), MATERIAL
    end = 30 + round(45 * applicator)
    pixels[30:end, 150:170], regions[30:end, 150:170] = rgb(TRUE), MATERIAL
    pixels[end:200, 156:164], regions[end:200, 156:164] = rgb("#202020"), PACKAGING
    return Image.fromarray(pixels.round().astype(np.uint8)), regions


def test_the_shade_is_read_where_it_stands_free_and_not_behind_a_wall() -> None:
    shade = measure(*vial())
    assert error(shade, TRUE) < 0.5 and shade.main is not None
    assert shade.main.share == pytest.approx(900 / (900 + 5600), abs=0.01)
    (fluid,) = (swatch for swatch in shade.palette if swatch is not shade.main)
    assert ciede2000(fluid.lab, hex_to_lab(FLUID)) < 0.5 and fluid.share == pytest.approx(0.86, abs=0.02)
    # It is as sure as its own colours agree, and less than a larger one.
    whole = measure(*photo(TRUE)).main
    assert whole is not None and whole.uncertainty is not None
    assert shade.main.uncertainty is not None and whole.uncertainty < shade.main.uncertainty < 3.0


def test_places_are_told_apart_by_what_each_is_off() -> None:
    one = check_places.examined(*vial(), np.array(hex_to_lab(TRUE)))
    assert one.free is not None and one.pieces is None
    free, enclosed, _ = one.free
    assert free < 0.5 and enclosed == pytest.approx(float(ciede2000(hex_to_lab(FLUID), hex_to_lab(TRUE))), abs=0.5)
    two = check_places.examined(*pans(("#d98a92", 80), ("#c8604f", 78)), np.array(hex_to_lab("#d98a92")))
    assert two.free is None and two.pieces is not None
    joined, read = two.pieces
    assert joined > 3.0 > 0.5 > read
    ((other, _),) = two.others
    assert other < 0.5 and one.others == ()
    image, regions = pans(("#d98a92", 80), ("#c8604f", 78))
    leaked = np.array(image)
    leaked[regions == BACKGROUND] = (40, 90, 200)
    found = np.where(regions == BACKGROUND, MATERIAL, regions).astype(np.uint8)
    wrong = check_places.examined(Image.fromarray(leaked), regions, np.array(hex_to_lab("#d98a92")), found)
    assert max(error for error, _ in (*wrong.others, (wrong.pieces or (0.0, 0.0))[::-1])) > 20.0
    table = check_places.to_markdown([one, two])
    assert "| shades of other pieces, to the nearest | 1 | 0.0 |" in table
    assert "| what stands free, to albedo | 1 |" in table and "| the same: as measured | 1 | 0.0 |" in table


def test_a_picture_shows_what_stands_free() -> None:
    image, regions = vial()
    assert ciede2000(appearance(image, regions), hex_to_lab(TRUE)) < 0.5
    regions[:, 140:] = BACKGROUND
    assert ciede2000(appearance(image, regions), hex_to_lab(FLUID)) < 0.5


def test_a_speck_that_stands_free_is_not_believed_before_the_fluid() -> None:
    assert error(measure(*vial(0.1)), FLUID) < 0.5


def pans(*shades: tuple[str, int]) -> tuple[Image.Image, np.ndarray]:
    """Pans of these colours and widths beside one another, each in its rim of packaging."""
    pixels = np.full((SIDE, SIDE, 3), 250.0)
    regions = np.full((SIDE, SIDE), BACKGROUND, dtype=np.uint8)
    left = 10
    for code, width in shades:
        pixels[60:160, left : left + width + 8], regions[60:160, left : left + width + 8] = 20.0, PACKAGING
        inner = slice(64, 156), slice(left + 4, left + 4 + width)
        pixels[inner], regions[inner] = rgb(code), MATERIAL
        left += width + 16
    return Image.fromarray(pixels.round().astype(np.uint8)), regions


def test_between_two_shades_lies_none() -> None:
    rose, coral = "#d98a92", "#c8604f"
    for first, second in ((rose, coral), (coral, rose)):
        image, regions = pans((first, 80), (second, 70))
        shade = measure(image, regions)
        assert error(shade, first) < 0.5
        assert len(shade.palette) == 2 and ciede2000(shade.palette[1].lab, hex_to_lab(second)) < 0.5
        assert ciede2000(appearance(image, regions), hex_to_lab(first)) < 0.5


def test_pieces_of_one_shade_count_together() -> None:
    # The largest piece is not of the shade that most of the material has; light and shade are one shade.
    image, regions = pans(("#c8604f", 60), ("#d98a92", 40), ("#cf8088", 40))
    shade = measure(image, regions)
    assert min(error(shade, "#d98a92"), error(shade, "#cf8088")) < 3.0
    read = of_one_shade(regions == MATERIAL, np.asarray(image))
    assert np.count_nonzero(read) == 2 * 40 * 92
    # Specks of another colour change nothing.
    image, regions = pans(("#c8604f", 100), ("#d98a92", 8))
    assert (of_one_shade(regions == MATERIAL, np.asarray(image)) == (regions == MATERIAL)).all()
    assert error(measure(image, regions), "#c8604f") < 0.5


def test_the_shades_of_other_pieces_are_measured_too() -> None:
    codes = ("#c8604f", "#d98a92", "#6b2b57")
    image, regions = pans((codes[0], 80), (codes[1], 40), (codes[2], 60))
    shade = measure(image, regions)
    for one, code in zip(shade.others, (codes[2], codes[1]), strict=True):  # the largest first
        assert float(ciede2000(one.lab, hex_to_lab(code))) < 0.5
    assert all(one.uncertainty is not None and one.uncertainty < 2.0 for one in shade.others)
    assert sum(one.share for one in shade.others) == pytest.approx(100 / 180, abs=0.01)
    parts = by_shade(regions == MATERIAL, np.asarray(image))
    assert [part.sum() // 92 for part in parts] == [80, 58, 40]  # the last pan is cut off by the border
    assert measure(*pans(("#c8604f", 80), ("#c8604f", 40))).others == ()
    assert measure(image, regions, PACKAGING).others == ()


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
    # The main one is the summit of the density, between the two pans that are alike, #d2ad8b and #cb9c88.
    off = sorted(min(float(ciede2000(swatch.lab, hex_to_lab(code))) for swatch in shade.palette) for code in codes)
    assert off[-2] < 3.0 and off[-1] < 4.5


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


def test_it_is_deterministic_on_a_megapixel() -> None:
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (1000, 1000, 3), dtype=np.uint8))
    regions = np.full((1000, 1000), MATERIAL, dtype=np.uint8)
    first = measure(image, regions)
    assert measure(image, regions) == first


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
    rows = np.concatenate([np.tile(rgb(colour), (count, 60, 1)) for colour, count in parts])
    return Image.fromarray(rows.astype(np.uint8)), np.full(rows.shape[:2], MATERIAL, np.uint8)


def test_the_shade_is_where_colours_lie_densest() -> None:
    # Gold that the mask let in is the largest single colour; three sides of one plum are more.
    shade = measure(*striped(("#c8a050", 40), ("#5b2545", 25), ("#6d3355", 20), ("#4a1a38", 15)))
    assert error(shade, "#5b2545") < 1.5
    assert shade.palette[0] == shade.main
    shares = [swatch.share for swatch in shade.palette[1:]]
    assert shares == sorted(shares, reverse=True)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 3))
def test_the_shade_does_not_hang_on_single_pixels(left: int, top: int, grown: int) -> None:
    """A shaded form of which another part was taken for material: what a few changed letters do to a mask."""
    across = np.linspace(0.35, 1.0, 100)[None, :, None] ** 1.2
    down = np.linspace(0.8, 1.0, 100)[:, None, None]
    material = np.broadcast_to(rgb("#c4767a") * across * down, (100, 100, 3))
    image, regions = photo(material, noise=3.0)
    whole = measure(image, regions).main
    regions[30 + top : 36 + top, 60 + left : 90 + left] = PACKAGING
    regions[130 : 130 + grown, 60:160] = MATERIAL
    part = measure(image, regions).main
    assert whole is not None and part is not None
    assert float(ciede2000(whole.lab, part.lab)) < 1.5


def test_the_uncertainty_grows_with_disagreement_and_smallness() -> None:
    sure = measure(*photo("#8f3a32"))
    assert sure.main is not None and sure.main.uncertainty == 0.5
    image, regions = photo("#8f3a32")
    regions[35:125, :] = BACKGROUND
    small = measure(image, regions)
    torn = measure(*striped(("#8f3a32", 55), ("#e0bf9f", 45)))
    for shade in (small, torn):
        assert shade.main is not None and shade.main.uncertainty is not None and shade.main.uncertainty > 1.0
        assert all(swatch.uncertainty is None for swatch in shade.palette[1:])


def relit(image: Image.Image, gains: tuple[float, ...]) -> Image.Image:
    linear = (np.asarray(image) / 255.0) ** 2.2 * gains
    return Image.fromarray(np.rint(linear.clip(0, 1) ** (1 / 2.2) * 255).astype(np.uint8))


def test_a_shade_in_warm_light_is_corrected() -> None:
    image, regions = photo("#5f7fb0")
    pixels = np.array(image)
    pixels[regions == PACKAGING] = 235  # a white case beside a white ground
    warm = measure(relit(Image.fromarray(pixels), (0.95, 0.85, 0.7)), regions)
    assert warm.light is not None and warm.light.source == "background and packaging" and warm.light.cast > 5
    assert warm.corrected is not None and warm.main is not None
    true = hex_to_lab("#5f7fb0")[1:]  # the light's strength stays: nothing tells the exposure
    before, after = (np.hypot(*(np.array(swatch.lab[1:]) - true)) for swatch in (warm.main, warm.corrected))
    assert after < 0.4 * before
    assert warm.corrected.uncertainty is not None and warm.main.uncertainty is not None
    assert warm.corrected.uncertainty > warm.main.uncertainty


def test_a_neutral_light_is_told_and_corrects_nothing() -> None:
    shade = measure(*photo("#8f3a32"))
    assert shade.light is not None and shade.light.source == "background" and shade.light.cast < 0.5
    assert shade.corrected is None


def test_an_unjudged_shade_is_visible_but_has_no_colour() -> None:
    image, regions = photo("#8f3a32")
    shade = measure(image.convert("L").convert("RGB"), regions)
    assert shade.visible and shade.main is None and shade.palette == () and shade.corrected is None
    assert shade.unjudged == "The photo is black and white, so the shade cannot be judged."


def test_another_region_is_measured_alike_but_tells_no_light() -> None:
    shade = measure(*photo("#8f3a32"), region=PACKAGING)
    assert error(shade, "#c6a046") < 0.5
    assert shade.light is None


# Lightnesses from 30 up, and how far each lies from it in CIEDE2000.
LIGHTNESSES = np.arange(30.0, 80.0, 0.005)
DISTANCES = ciede2000((30.0, 0.0, 0.0), np.stack([LIGHTNESSES, 0 * LIGHTNESSES, 0 * LIGHTNESSES], axis=1))


def result(share: float, area: float, error: float) -> Result:
    """A measurement whose second colour, a share of it, lies far off, on a material of `area` of the photo."""
    swatch = Swatch("grey", "#000000", (30.0, 0.0, 0.0), 1 - share, "neutral", "deep", 1.0)
    true = LIGHTNESSES[np.searchsorted(DISTANCES, error)]
    empty = np.zeros((1, 1), np.uint8)
    picture = Picture(Image.new("RGB", (1, 1)), empty, np.array((true, 0.0, 0.0)), None, 0, True)
    shade = Shade(visible=True, main=swatch, palette=(swatch,))
    return Result(picture, shade, (20 * share, max(0.0, np.log10(0.1 / area))))


def test_the_fit_finds_the_line_below_which_most_errors_lie() -> None:
    dice = np.random.default_rng(2)
    results = []
    for _ in range(150):
        share, area = dice.uniform(0, 0.5), dice.uniform(0.005, 0.2)
        line = 0.4 * 20 * share + 1.5 * max(0.0, np.log10(0.1 / area))
        results.append(
            result(share, area, line * (0.5 if dice.random() < 0.5 else 1.0 if dice.random() < 0.6 else 1.8))
        )
    assert fitted(results) == pytest.approx((0.4, 1.5), abs=0.08)


def test_the_fit_sees_what_the_uncertainty_is_reckoned_from() -> None:
    image, regions = pans(("#c8604f", 40), ("#d98a92", 30))
    disagreement, smallness = doubts(Photo(image, regions))
    found = measure(image, regions).main
    assert found is not None and found.uncertainty == pytest.approx(
        max(LEAST, DISAGREE * disagreement + SMALL * smallness), abs=0.01
    )
    assert disagreement < 1.0  # within the pan that is read, not between the two
    assert smallness == pytest.approx(np.log10(LARGE / (40 * 92 / regions.size)), abs=0.01)


def test_the_table_counts_what_it_says() -> None:
    table = to_markdown([result(0.1, 0.1, 0.5), result(0.1, 0.1, 1.5), result(0.1, 0.1, 20.0)], "drawings")
    assert "| as seen, against appearance | 3 | 1.5" in table
    assert "| error within 1 times the uncertainty | 3 | 33.3%" in table
    assert "| error within 2 times the uncertainty | 3 | 66.7%" in table


def test_a_photo_read_once_is_measured_as_one_read_anew() -> None:
    image, regions = photo("#8f3a32", noise=6.0)
    read = Photo(image, regions)
    for region in (MATERIAL, PACKAGING, BACKGROUND, MATERIAL):
        assert measure_region(read, region) == measure(image, regions, region)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40))
def test_thinned_pixels_are_every_so_manieth(height: int, width: int, step: int) -> None:
    pixels = np.random.default_rng(step).integers(0, 256, (height, width, 3), dtype=np.uint8)
    assert np.array_equal(thinned(Image.fromarray(pixels), step), pixels[::step, ::step])


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99))
def test_smoothing_some_pixels_is_smoothing_all(height: int, width: int, number: int) -> None:
    rng = np.random.default_rng(number)
    colours, inner = rng.integers(0, 256, (height, width, 3), dtype=np.uint8), rng.random((height, width)) < 0.6
    weights = inner[..., None].astype(np.float32)
    total, count = (ndimage.uniform_filter(values, size=(3, 3, 1)) for values in (colours * weights, weights))
    rows, columns = np.nonzero(inner)
    wanted = np.rint(total[rows, columns] / count[rows, columns]).clip(0, 255)
    assert np.array_equal(_smooth(colours, inner, rows, columns), wanted)


def test_k_means_begins_as_in_scipy() -> None:
    points = np.random.default_rng(3).normal(50.0, 15.0, (700, 3))
    theirs = kmeans2(points, 16, iter=10, minit="++", rng=np.random.default_rng(SEED))
    ours = kmeans2(points, _seeds(points, 16), iter=10, minit="matrix")
    assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True))
