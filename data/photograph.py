"""From linear light to the photo that a shop would post: background, exposure, sharpening, noise, overlays, JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, shift

from beauty_vlm.regions import BACKGROUND, MATERIAL, PACKAGING
from data.draw import Draw
from data.label import font, invented_name
from data.material import PASTELS, STRONG, noise
from data.scene import Scene, Traced

WHITE_BALANCE_SIGMA = (
    0.015  # each channel's gain; more would make the caption's shade words untrue of the picture
)
SHOULDER = 0.8  # linear value from which highlights roll off softly
CHIP_TEXTURE = 0.04


@dataclass(frozen=True)
class Photo:
    """`image` (H, W, 3) uint8 sRGB, `regions` (H, W) uint8, `background` in words."""

    image: np.ndarray
    regions: np.ndarray
    background: str


def photograph(draw: Draw, scene: Scene, traced: Traced) -> Photo:
    """The finished photo of a traced scene."""
    size = traced.regions.shape[0]
    radiance, coverage = traced.radiance, traced.coverage[..., None]
    if scene.ground is not None:
        radiance, background = _behind_the_table(draw, scene, radiance, traced.coverage), scene.ground.name
        picture = encode(radiance)
    else:
        backdrop, background = _backdrop(draw, size)
        if draw.chance(0.4):
            backdrop = _drop_shadow(draw, backdrop, traced.coverage)
        picture = np.clip(encode(radiance), 0, 1)
        picture = np.where(coverage > 1e-3, _over(picture, coverage, backdrop), backdrop)
    regions = traced.regions.copy()
    picture, regions = _shade_chip(draw, scene, picture, regions)
    picture, regions = _print_over(draw, picture, regions)
    gains = 1 + draw.rng.normal(0, WHITE_BALANCE_SIGMA, 3)
    picture = np.clip(picture * gains, 0, 1)
    if draw.chance(0.15):
        picture = gaussian_filter(picture, (0.7, 0.7, 0))
    elif draw.chance(0.3):
        picture = np.clip(picture + 0.6 * (picture - gaussian_filter(picture, (1, 1, 0))), 0, 1)
    picture = picture + draw.rng.normal(0, draw.uniform(0, 0.012), picture.shape)
    image = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    if draw.chance(0.12):
        image, regions = _letterboxed(draw, image, regions)
    return Photo(image, regions, background)


def jpeg(draw: Draw, image: np.ndarray) -> bytes:
    """The picture as a JPEG of a quality that shops use."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=draw.integer(72, 95))
    return buffer.getvalue()


def encode(radiance: np.ndarray) -> np.ndarray:
    """Linear light to sRGB in [0, 1] with a soft shoulder for highlights."""
    s = np.clip(radiance, 0, None)
    rolled = SHOULDER + (1 - SHOULDER) * (1 - np.exp(-(s - SHOULDER) / (1 - SHOULDER)))
    s = np.where(s > SHOULDER, rolled, s)
    return np.where(s <= 0.0031308, 12.92 * s, 1.055 * np.clip(s, 1e-9, None) ** (1 / 2.4) - 0.055)


def _over(picture: np.ndarray, coverage: np.ndarray, backdrop: np.ndarray) -> np.ndarray:
    """The film holds radiance multiplied by coverage: undo it before blending over the backdrop, in display values."""
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    straight = encode(linear / np.maximum(coverage, 1e-3))
    return straight * coverage + backdrop * (1 - coverage)


def _behind_the_table(draw: Draw, scene: Scene, radiance: np.ndarray, coverage: np.ndarray) -> np.ndarray:
    """A wall in the table's colour where the picture sees past the table; white sweeps are exposed to white."""
    size = coverage.shape[0]
    rim = np.concatenate(
        [radiance[-5:].reshape(-1, 3), radiance[:, :3].reshape(-1, 3), radiance[:, -3:].reshape(-1, 3)]
    )
    seen = np.concatenate([coverage[-5:].ravel(), coverage[:, :3].ravel(), coverage[:, -3:].ravel()]) > 0.95
    if not seen.any():
        return radiance
    ground = np.median(rim[seen], axis=0)
    if scene.ground is not None and scene.ground.name == "white" and draw.chance(0.75):
        # At most a stop either way: beyond that the product's own colour would no longer be what the light shows.
        gain = float(np.clip(draw.uniform(0.9, 1.05) / max(ground.max(), 1e-3), 0.7, 1.4))
        radiance, ground = radiance * gain, ground * gain
    fade = np.linspace(draw.uniform(0.8, 1.05), 1.0, size)[:, None, None]
    return radiance + ground * fade * (1 - coverage[..., None])


def _backdrop(draw: Draw, size: int) -> tuple[np.ndarray, str]:
    kind = draw.weighted({"white": 6, "grey": 1.2, "pastel": 2, "strong": 0.7, "gradient": 1, "blurred": 0.6})
    y, x = np.mgrid[0:size, 0:size] / size
    if kind == "white":
        return np.full((size, size, 3), 1.0 if draw.chance(0.75) else draw.uniform(0.94, 1)), "white"
    if kind == "grey":
        return np.full((size, size, 3), draw.uniform(0.5, 0.93)), "grey"
    name = draw.choice(*(STRONG if kind == "strong" else PASTELS))
    first = np.clip(
        np.array((STRONG if kind == "strong" else PASTELS)[name]) + draw.rng.normal(0, 0.04, 3), 0, 1
    )
    if kind == "gradient":
        second = np.array(draw.choice(*PASTELS.values(), (1.0, 1.0, 1.0)))
        t = x * draw.uniform(-1, 1) + y * draw.uniform(-1, 1)
        t = ((t - t.min()) / (np.ptp(t) + 1e-6))[..., None]
        return first * (1 - t) + second * t, f"{name} gradient"
    flat = np.broadcast_to(first, (size, size, 3)).copy()
    if kind == "blurred":
        flat = np.clip(flat + 0.35 * (noise(draw.rng, size, draw.integer(12, 70))[..., None] - 0.5), 0, 1)
        return flat, f"blurred {name}"
    return flat, name


def _drop_shadow(draw: Draw, backdrop: np.ndarray, coverage: np.ndarray) -> np.ndarray:
    size = coverage.shape[0]
    offset = (draw.uniform(0, 0.05) * size, draw.uniform(-0.05, 0.08) * size)
    soft = gaussian_filter(shift(coverage, offset, order=1), draw.uniform(0.01, 0.05) * size)
    return backdrop * (1 - draw.uniform(0.15, 0.5) * soft[..., None])


def _shade_chip(
    draw: Draw, scene: Scene, picture: np.ndarray, regions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A disc or square of the product's texture set into the picture, as shops add to show a shade."""
    shades = scene.product.shades
    if not shades or len(shades) > 1 or not draw.chance(0.07):
        return picture, regions
    size = regions.shape[0]
    side = int(draw.uniform(0.14, 0.26) * size)
    top = draw.choice(4, size - side - 4)
    left = draw.choice(4, size - side - 4)
    box = (slice(top, top + side), slice(left, left + side))
    if (regions[box] != BACKGROUND).mean() > 0.15:
        return picture, regions
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    inside = (np.hypot(x, y) < 0.5) if draw.chance(0.6) else np.ones((side, side), bool)
    texture = shades[0] * (1 + CHIP_TEXTURE * (noise(draw.rng, side, 5)[..., None] - 0.5) * 2)
    picture, regions = picture.copy(), regions.copy()
    picture[box] = np.where(inside[..., None], np.clip(texture, 0, 1), picture[box])
    regions[box] = np.where(inside, MATERIAL, regions[box])
    return picture, regions


def _print_over(draw: Draw, picture: np.ndarray, regions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Headlines, watermarks, price stickers and borders laid over the picture."""
    if not draw.chance(0.18):
        return picture, regions
    size = regions.shape[0]
    layer = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(layer)
    kind = draw.weighted({"headline": 3, "watermark": 1, "sticker": 1, "border": 1})
    ink = np.array(draw.choice((0.05,) * 3, (0.98,) * 3, (0.8, 0.1, 0.15), (0.55, 0.4, 0.3)))
    strength = 1.0
    if kind == "headline":
        left, y = draw.uniform(0.02, 0.5) * size, draw.choice(0.03, 0.7) * size
        for line in range(draw.integer(1, 4)):
            height = int(size * draw.uniform(0.03, 0.09) * (1 if line == 0 else 0.6))
            pen.text((left, y), invented_name(draw), fill=255, font=font(draw, max(height, 7)))
            y += height * 1.4
    elif kind == "watermark":
        face = font(draw, int(size * draw.uniform(0.06, 0.14)))
        pen.text((size / 2, size / 2), invented_name(draw), fill=255, font=face, anchor="mm")
        layer, strength = layer.rotate(draw.uniform(-40, 40)), draw.uniform(0.1, 0.35)
    elif kind == "sticker":
        r = draw.uniform(0.06, 0.12) * size
        x, y = draw.choice(r, size - r), draw.choice(r, size - r)
        pen.ellipse([x - r, y - r, x + r, y + r], fill=255)
    else:
        pen.rectangle([0, 0, size - 1, size - 1], outline=255, width=draw.integer(2, 8))
    mask = np.array(layer)[..., None] / 255.0 * strength
    covered = (mask[..., 0] > 0.5) & (regions != BACKGROUND)
    return picture * (1 - mask) + ink * mask, np.where(covered, BACKGROUND, regions).astype(np.uint8)


def _letterboxed(draw: Draw, image: np.ndarray, regions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A tall or wide cut between bands of the border's colour: how the models see photos that are not square."""
    size = regions.shape[0]
    inner = int(size * draw.uniform(0.6, 0.9))
    margin = (size - inner) // 2
    crop = (
        (slice(None), slice(margin, margin + inner))
        if draw.chance(0.5)
        else (slice(margin, margin + inner), slice(None))
    )
    border = np.median(np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]]), axis=0).astype(
        np.uint8
    )
    boxed = np.broadcast_to(border, image.shape).copy()
    masked = np.full_like(regions, BACKGROUND)
    boxed[crop], masked[crop] = image[crop], regions[crop]
    return boxed, masked


def contact_sheet(images: list[np.ndarray], columns: int) -> Image.Image:
    """Pictures of one size side by side."""
    h, w = images[0].shape[:2]
    rows = -(-len(images) // columns)
    sheet = Image.new("RGB", (columns * w, rows * h), "white")
    for k, image in enumerate(images):
        sheet.paste(Image.fromarray(image), ((k % columns) * w, (k // columns) * h))
    return sheet


def outlined(image: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """The picture with material tinted green and packaging blue, to check masks by eye."""
    tint = image.astype(float)
    tint[regions == MATERIAL] = tint[regions == MATERIAL] * 0.5 + np.array([0, 255, 0]) * 0.5
    tint[regions == PACKAGING] = tint[regions == PACKAGING] * 0.5 + np.array([0, 0, 255]) * 0.5
    return tint.astype(np.uint8)
