"""Renders put on other grounds, in other packages and lettered with other words, by their exact regions, at no cost of
rendering.

Product types do not depend on the ground that a product stands on, nor on what its label says: photos come on
grounds that no render has, and a package that says "ROSE" need not be rose (Stroop, 1935). Nor does what is material
depend on the package's colour, which is often the material's own. Only what leaves the captions' claims true may be
used where they are taught: lettering does, another ground or package does not.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import uniform_filter

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.vocabulary import finishes, product_types, shade_terms
from data.typeface import fonts

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

LETTERING = 400  # pictures of words, drawn once
LETTER_SIZES = (14, 40)  # pixels of the type, before it is fitted to a package
PLAIN = 18.0  # grey levels: standard deviation of a ground's lightness up to which it is taken for paper or a wall
SHADOW = (0.35, 1.15)  # of a ground's median lightness: what stays of its shadows on the new one
BOKEH = 10  # pixels a side to which a picture is shrunk to be a blurred ground
ROOM = 12  # pixels: a package narrower or lower than this carries no word
ALIKE = 0.6  # of the dyed packages: as cases are sold in the colour of what they hold
EDGE = 5  # pixels, square, from which a package's edge has its shading
RELIEF = (0.25, 2.5)  # of a package's median lightness: what stays of its shade, print and lights in another colour


@dataclass(frozen=True, slots=True)
class Restaging:
    """Shares of the pictures; a picture is tinted or gets a new ground, not both."""

    tinted: float = 0.0  # the ground times one colour: its texture and shadows stay
    replaced: float = 0.0  # a plain ground gives way to colours, or to a blurred picture; its shadows stay
    lettered: float = 0.0  # a word on the package
    dyed: float = 0.0  # the package in another colour, mostly that of the material


def restage(images: Bytes, regions: Bytes, ranges: Restaging, numbers: np.random.Generator) -> Bytes:
    """Copies of pictures (B, S, S, 3) with regions (B, S, S), some of them on other grounds, in other packages or with
    other words.
    """
    changed = images.copy()
    for row, regions_of in enumerate(regions):
        kind = numbers.random()
        if kind < ranges.tinted + ranges.replaced:
            ground = images[row].astype(np.float32)
            other = images[int(numbers.integers(len(images)))]
            if kind < ranges.tinted:
                ground = ground * _colour(numbers) / 255
            elif (shadows := _shadows(ground, regions_of)) is not None:
                ground = _ground(other, numbers) * shadows
            changed[row] = _composed(changed[row], ground, _softened(regions_of == BACKGROUND))
        if ranges.dyed and numbers.random() < ranges.dyed:
            changed[row] = _dyed(changed[row], regions_of, numbers)
        if numbers.random() < ranges.lettered:
            changed[row] = _lettered(changed[row], regions_of, numbers)
    return changed


def _composed(picture: Bytes, over: Floats, share: Floats) -> Bytes:
    mixed = picture + (over - picture) * share[..., None]
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def _softened(mask: NDArray[np.bool_]) -> Floats:
    """A mask (S, S) as shares 0..1 with an edge of about a pixel, as a lens draws it."""
    padded = np.pad(mask.astype(np.float32), 1, mode="edge")
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return np.asarray((rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 16, dtype=np.float32)


def _colour(numbers: np.random.Generator) -> Floats:
    """An sRGB colour (3,) in 0..255: pastel as often as saturated, as coloured paper is."""
    saturation = numbers.uniform(0.05, 0.35) if numbers.random() < 0.5 else numbers.uniform(0.35, 0.95)
    value = numbers.uniform(0.75, 1.0) if saturation < 0.35 else numbers.uniform(0.3, 1.0)
    return np.array(colorsys.hsv_to_rgb(numbers.random(), saturation, value), dtype=np.float32) * 255


def _shadows(picture: Floats, regions: Bytes) -> Floats | None:
    """The ground's lightness over its median (S, S, 1); None where it is more than paper or a wall."""
    lightness = picture.mean(axis=-1)
    ground = lightness[regions == BACKGROUND]
    if not len(ground) or float(np.median(ground)) < 40 or float(ground.std()) > PLAIN:
        return None
    return np.asarray(np.clip(lightness / np.median(ground), *SHADOW)[..., None], dtype=np.float32)


def _ground(other: Bytes, numbers: np.random.Generator) -> Floats:
    """A new ground as large as `other`: one colour, two that meet or blend, or `other` far out of focus."""
    side = other.shape[0]
    kind = numbers.random()
    if kind < 0.3:
        return np.broadcast_to(_colour(numbers), other.shape).astype(np.float32)
    if kind < 0.7:
        first, second = _colour(numbers), _colour(numbers)
        angle = numbers.uniform(0, np.pi)
        across, down = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side))
        along = np.cos(angle) * across + np.sin(angle) * down + numbers.uniform(-0.5, 0.5)
        steepness = 60.0 if kind < 0.45 else numbers.uniform(0.4, 1.5)
        share = np.clip(0.5 + steepness * along / 2, 0, 1)[..., None]
        return np.asarray(first + (second - first) * share, dtype=np.float32)
    small = Image.fromarray(other).resize((BOKEH, BOKEH), Image.Resampling.BOX)
    return np.asarray(small.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float32)


def _dyed(picture: Bytes, regions: Bytes, numbers: np.random.Generator) -> Bytes:
    """The picture with its package in one other colour; its shading, lights and print stay as they are. At its edge,
    where pixels are partly ground, it is shaded as beside it: a bright rim would give away what is packaging.
    """
    package, material = regions == PACKAGING, regions == MATERIAL
    if package.sum() < ROOM**2:
        return picture
    alike = numbers.random() < ALIKE and material.sum() >= ROOM**2
    colour = np.median(picture[material], axis=0) * numbers.uniform(0.6, 1.25) if alike else _colour(numbers)
    lightness = picture.mean(axis=-1, dtype=np.float32)
    relief = np.clip(lightness / max(float(np.median(lightness[package])), 1.0), *RELIEF)
    within = (_softened(package) == 1).astype(np.float32)
    near, count = uniform_filter(relief * within, EDGE), uniform_filter(within, EDGE)
    around = np.divide(near, count, out=np.ones_like(near), where=count > 0.5 / EDGE**2)
    relief = np.where(within == 1, relief, around)[..., None]
    return _composed(picture, np.asarray(colour * relief, dtype=np.float32), _softened(package))


def _lettered(picture: Bytes, regions: Bytes, numbers: np.random.Generator) -> Bytes:
    """The picture with a word on its package, along the longer side mostly, in black, white or gold."""
    rows, columns = np.nonzero(regions == PACKAGING)
    if len(rows) < ROOM**2:
        return picture
    (top, bottom), (left, right) = np.percentile(rows, (3, 97)), np.percentile(columns, (3, 97))
    high, wide = int(bottom - top), int(right - left)
    if min(high, wide) < ROOM:
        return picture
    words = lettering()
    word = words[int(numbers.integers(len(words)))]
    upright = numbers.random() < (0.8 if high > 1.5 * wide else 0.1)
    if upright:
        word = word.transpose(Image.Transpose.ROTATE_90 if numbers.random() < 0.7 else Image.Transpose.ROTATE_270)
    fit = min(wide / word.width, high / word.height) * numbers.uniform(0.45, 0.95)
    size = (max(1, round(word.width * fit)), max(1, round(word.height * fit)))
    strip = np.asarray(word.resize(size, Image.Resampling.BILINEAR), dtype=np.float32) / 255
    y = int(top + numbers.uniform(0, 1) * (high - size[1]))
    x = int(left + (wide - size[0]) * numbers.uniform(0.3, 0.7))
    share: Floats = np.zeros(regions.shape, dtype=np.float32)
    share[y : y + size[1], x : x + size[0]] = strip[: share.shape[0] - y, : share.shape[1] - x]
    share *= regions == PACKAGING
    below = float(picture[regions == PACKAGING].mean())
    inks = ((250, 250, 250), (205, 170, 110)) if below < 128 else ((20, 20, 20), (150, 110, 50))
    ink = np.array(inks[int(numbers.random() < 0.25)], dtype=np.float32)
    return _composed(picture, np.broadcast_to(ink, picture.shape).astype(np.float32), share * 0.95)


@lru_cache(maxsize=1)
def lettering() -> tuple[Image.Image, ...]:
    """Masks ("L") of the vocabulary's own words, one or two lines each, in the renders' typefaces."""
    numbers = np.random.default_rng(0)
    terms = [term.label for term in product_types()] + [term.label for term in finishes()]
    terms += [term.name for term in shade_terms()]
    files = fonts()
    drawn = []
    for _ in range(LETTERING):
        lines = [str(numbers.choice(terms)) for _ in range(1 if numbers.random() < 0.7 else 2)]
        text = "\n".join(line.upper() if numbers.random() < 0.7 else line for line in lines)
        size = int(numbers.integers(*LETTER_SIZES))
        face = ImageFont.truetype(str(numbers.choice(files)), size) if files else ImageFont.load_default(size)
        left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, face)
        mask = Image.new("L", (max(1, int(right - left)), max(1, int(bottom - top))))
        ImageDraw.Draw(mask).multiline_text((-left, -top), text, 255, face)
        drawn.append(mask)
    return tuple(drawn)
