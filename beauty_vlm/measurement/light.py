"""What a whole photo tells of its colours: the light it was taken in, and whether they can be judged at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from beauty_vlm.colour import Array, adapted, ciede2000, lab_to_hex, srgb_to_lab
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.measurement.thinning import step_to, thinned
from beauty_vlm.report import Light

# The photo is read on a grid of at most this many pixels a side: shares to a tenth of a percent, in a few ms.
SIDE = 128

# A channel at the end of its range says only that there was at least so much light.
CLIPPED = 254

# White patch (Land and McCann, J. Opt. Soc. Am. 61 (1971) 1-11), kept to what may be neutral: the lightest PATCH of a
# region's pixels from this L* up. Farther from grey than MOST_CHROMA it is paint or paper, not a camera's error.
WHITE_FROM = 60.0
PATCH = 0.3
MOST_CHROMA = 20.0
FEWEST = 60  # pixels of the grid
EVEN = 3.0  # median distance in (a*, b*) within a patch: more is a pattern, not one surface
# A cast up to this, in CIEDE2000, is what white paper and a camera's own balance leave; on renders, whose grounds are
# tinted by as much as their light, undoing it made shades no truer (data/check_shades.py).
NEGLIGIBLE = 3.0
# One tinted surface may be pink paper; two of different stuff that are tinted alike show the light.
AGREEMENT = 1.5
TINTED_WHITE_FROM = 80.0  # darker, it is paint: of seven corrections in 574 training renders, four such are left out
# Under a coloured light nothing but what is itself complementary is grey: so many pixels with less than a third of the
# cast's chroma deny it.
DENIAL = 0.003
GREY_FROM, GREY_TO = 40.0, 97.0

# Grey throughout: a converted photo has equal channels but for a coder's rounding. Of 982 shop photos two are so.
EQUAL, EQUAL_SHARE = 2, 0.999
# What is black or white by nature, on a plain white ground, has no colour to lose.
PLAIN_SHARE, PLAIN_FROM = 0.95, 90.0
BLACK_TO, WHITE_SHADE_FROM = 25.0, 90.0

# Strongly tinted: nothing is grey, even the lightest pixels are coloured, and all share one hue. Chosen on
# manipulated renders (grey, sepia, duotone, gels) so that few of the untouched ones, one in eighty, are taken for it.
GREY_CHROMA, FEW = 5.0, 0.003
# Black plastic, too, takes on the light's colour; it is darker, so its chroma is less.
BLACK_FROM, BLACK_CHROMA = 16.0, 2.5
# Skin fills photos of lips and lids, and peach is the commonest of backdrops: their hues, in radians, and more than
# their chroma. A sepia is yellower, a red gel more vivid.
SKIN_HUE, SKIN_CHROMA = (np.radians(20.0), np.radians(78.0)), 52.0
COLOURED = 6.0
HUE = np.radians(35.0)
TINTED_LIGHTEST, TINTED_ALL, TINTED_ONE_HUE, TINTED_OTHER_HUES = 20.0, 10.0, 0.97, 0.02
# Where the lightest pixels are vivid the light is a lamp's, and some of the product's own hues may be left.
VIVID_LIGHTEST, VIVID_ALL, VIVID_ONE_HUE, VIVID_OTHER_HUES = 30.0, 15.0, 0.9, 0.1
# A small product on coloured paper is told by its own pixels: so many of another hue are its own.
PRODUCT_OTHER_HUES = 0.2
# A weak tone (sepia) is told by this: red and blue follow the luma along a curve, but for the coder's noise in chroma,
# up to so many of 255 levels. The curve's degree lets it bend where a channel clips.
TONE_DEGREE = 5
LUMA = np.array([0.299, 0.587, 0.114])  # Rec. 601, as JPEG codes it
TONED_LIGHTEST, TONED_ALL, TONED_ONE_HUE, TONED_LEVELS = 5.0, 5.0, 0.98, 8.0

# A material of one colour fills its own part of the photo by right: so much else must share the tint.
OTHER_SHARE = 0.2

# All but nothing reached the camera, or more than it could hold: of the material, and of all of the product.
DARK = 12.0
BURNT_MATERIAL, BURNT_PRODUCT = 0.5, 0.9

BLACK_AND_WHITE = "The photo is black and white, so the shade cannot be judged."
TINTED = "The photo is strongly tinted, so the shade cannot be judged."
TOO_BRIGHT = "The photo is overexposed where the product is, so the shade cannot be judged."
TOO_DARK = "The photo is too dark, so the shade cannot be judged."


@dataclass(frozen=True)
class Grid:
    """A photo's pixels on a coarse grid: `rgb` (N, 3) uint8, `lab` (N, 3) CIELAB, `regions` (N,).

    What is found of all of them is kept: every region of a photo asks for it.
    """

    rgb: NDArray[np.uint8]
    lab: Array
    regions: NDArray[np.uint8]

    @cached_property
    def chroma(self) -> Array:
        """C* (N,)."""
        return np.asarray(np.hypot(self.lab[:, 1], self.lab[:, 2]))

    @cached_property
    def grey(self) -> bool:
        """Whether it is grey throughout."""
        return bool((np.ptp(self.rgb, axis=1) <= EQUAL).mean() >= EQUAL_SHARE)

    @cached_property
    def dark(self) -> bool:
        """Whether it is too dark throughout."""
        return bool(np.percentile(self.lab[:, 0], 99) < DARK)

    @cached_property
    def tinted(self) -> bool:
        """Whether it is strongly tinted."""
        return _is_tinted(self)


@dataclass(frozen=True, slots=True)
class _Patch:
    """The lightest part of one region; `cast` is its CIEDE2000 from grey of the same lightness."""

    lab: Array  # (3,)
    cast: float
    clipped: bool


def read(image: Image.Image, regions: NDArray[np.uint8]) -> Grid:
    """The grid of an RGB image and its regions (H, W) of the same size."""
    step = step_to(SIDE, regions.shape)
    rgb = thinned(image, step).reshape(-1, 3)
    return Grid(rgb, srgb_to_lab(rgb), regions[::step, ::step].ravel())


def estimate(grid: Grid) -> Light | None:
    """The light, where the background or the packaging shows a white or grey that tells it; else None.

    A nearly neutral patch tells it alone. A tinted one does not, as paper is tinted too: it takes a background and a
    package that agree, and nothing grey elsewhere.
    """
    background, packaging = _patch(grid, BACKGROUND), _patch(grid, PACKAGING)
    # A background burnt out to white was cut out or overexposed: the photo's white by its maker's choice.
    for patch, source in ((background, "background"), (packaging, "packaging")):
        if patch is not None and patch.cast <= NEGLIGIBLE:
            return _light(patch, source)
    if background is None or packaging is None or packaging.clipped:
        return None
    if min(background.lab[0], packaging.lab[0]) < TINTED_WHITE_FROM:
        return None
    level = np.array([background.lab[0], *(packaging.lab[1:] * background.lab[0] / packaging.lab[0])])
    if float(ciede2000(level, background.lab)) > AGREEMENT or _denied(grid, background):
        return None
    return _light(background, "background and packaging")


def corrected(lab: Array, light: Light) -> Array | None:
    """CIELAB (3,) as it were under neutral light; None where the light's cast is negligible."""
    if light.cast <= NEGLIGIBLE:
        return None
    white = srgb_to_lab(np.frombuffer(bytes.fromhex(light.hex[1:]), dtype=np.uint8))
    return adapted(lab, white)


def unjudged(grid: Grid, region: int = MATERIAL) -> str | None:
    """A sentence that says why the colours of `region` cannot be judged in this photo; None where they can."""
    if grid.grey:
        return BLACK_AND_WHITE if is_colourless(grid, region) else None
    if grid.dark:
        return TOO_DARK
    if region == MATERIAL and _is_burnt(grid):
        return TOO_BRIGHT
    return TINTED if grid.tinted else None


def is_colourless(grid: Grid, region: int = MATERIAL) -> bool:
    """Whether a photo is black and white, and not only what it shows in `region` and around it."""
    return grid.grey and not _is_plain(grid, region)


def _patch(grid: Grid, region: int) -> _Patch | None:
    light = (grid.regions == region) & (grid.lab[:, 0] >= WHITE_FROM) & (grid.chroma <= MOST_CHROMA)
    if light.sum() < FEWEST:
        return None
    clipped = light & (grid.rgb >= CLIPPED).all(axis=1)
    if clipped.sum() >= 0.5 * light.sum():
        return _Patch(np.array([100.0, 0.0, 0.0]), 0.0, clipped=True)
    lab = grid.lab[light & ~(grid.rgb >= CLIPPED).any(axis=1)]
    if len(lab) < FEWEST:
        return None
    lab = lab[lab[:, 0] >= np.quantile(lab[:, 0], 1.0 - PATCH)]
    middle = np.asarray(np.median(lab, axis=0))
    if np.median(np.hypot(*(lab - middle)[:, 1:].T)) > EVEN:
        return None
    return _Patch(middle, float(ciede2000(middle, (middle[0], 0.0, 0.0))), clipped=False)


def _light(patch: _Patch, source: str) -> Light:
    return Light(lab_to_hex(patch.lab), source, round(patch.cast, 2))


def _denied(grid: Grid, patch: _Patch) -> bool:
    middling = (grid.lab[:, 0] > GREY_FROM) & (grid.lab[:, 0] < GREY_TO)
    return bool((middling & (grid.chroma < np.hypot(*patch.lab[1:]) / 3.0)).mean() > DENIAL)


def _is_plain(grid: Grid, region: int) -> bool:
    background, subject = (grid.lab[grid.regions == kind, 0] for kind in (BACKGROUND, region))
    if not len(subject) or not len(background):
        return False
    lightness = float(np.median(subject))
    natural = lightness <= BLACK_TO or lightness >= WHITE_SHADE_FROM
    return natural and bool((background >= PLAIN_FROM).mean() >= PLAIN_SHARE)


def _is_burnt(grid: Grid) -> bool:
    """Whether most of the material, and of the product as a whole, is burnt out in every channel."""
    burnt = np.asarray((grid.rgb >= CLIPPED).all(axis=1))
    material, product = grid.regions == MATERIAL, grid.regions != BACKGROUND
    return bool(burnt[material].sum() > BURNT_MATERIAL * material.sum() and burnt[product].mean() > BURNT_PRODUCT)


def _is_tinted(grid: Grid) -> bool:
    around = np.asarray(grid.regions != MATERIAL)
    if around.mean() < OTHER_SHARE:
        return False
    lightness, chroma = grid.lab[:, 0], grid.chroma
    middling = (lightness > 12.0) & (lightness < GREY_TO)
    greys = (lightness > GREY_FROM) & (chroma < GREY_CHROMA) | (lightness > BLACK_FROM) & (chroma < BLACK_CHROMA)
    if not middling.any() or (middling & greys).mean() >= FEW:
        return False
    lightest = float(np.median(chroma[around][lightness[around] >= np.quantile(lightness[around], 0.99)]))
    least = float(np.percentile(chroma[around], 5))
    if lightest < TONED_LIGHTEST or least < TONED_ALL:
        return False
    # The mean resultant of the hues, weighted by chroma (Mardia and Jupp, Directional Statistics, 2000, 2.3).
    vectors = (grid.lab[:, 1] + 1j * grid.lab[:, 2]) * middling
    mean = vectors.sum()
    one_hue = float(abs(mean) / max(np.abs(vectors).sum(), 1e-9))
    turned = np.abs(np.angle(vectors * np.conj(mean)))
    other = np.asarray((turned > HUE) & middling & (chroma > COLOURED))
    others, product = float(other.mean()), np.asarray(grid.regions != BACKGROUND)
    if product.any() and other[product].mean() > PRODUCT_OTHER_HUES:
        return False
    if SKIN_HUE[0] < np.angle(mean) < SKIN_HUE[1] and lightest < SKIN_CHROMA:
        return False
    if lightest > VIVID_LIGHTEST and least > VIVID_ALL and one_hue > VIVID_ONE_HUE and others < VIVID_OTHER_HUES:
        return True
    if lightest > TINTED_LIGHTEST and least > TINTED_ALL:
        return one_hue > TINTED_ONE_HUE and others < TINTED_OTHER_HUES
    return one_hue > TONED_ONE_HUE and others < TINTED_OTHER_HUES and _off_tone(grid.rgb) <= TONED_LEVELS


def _off_tone(rgb: NDArray[np.uint8]) -> float:
    """How far red and blue lie from being functions of the luma, in levels: the 90th percentile over (N, 3)."""
    design = np.vander(rgb @ LUMA / 255.0, TONE_DEGREE + 1)
    wanted = rgb[:, ::2].astype(np.float64)
    solution = np.linalg.lstsq(design, wanted, rcond=None)[0]
    return float(np.percentile(np.abs(design @ solution - wanted).max(axis=1), 90))
