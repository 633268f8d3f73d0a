"""Tools for graphics laid over a photo: a pen whose strokes take away from the masks, free strips, corners, tiles."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.material import METALS, STRONG
from data.typeface import Style, Weight

Layers = tuple[np.ndarray, np.ndarray]  # picture (H, W, 3) sRGB in [0, 1] and regions (H, W) uint8
CHIP_TEXTURE = 0.05


class Pen:
    """Draws in one colour over the layers; what it covers is no longer product."""

    def __init__(self, layers: Layers, ink: np.ndarray, strength: float = 1.0) -> None:
        self.layers, self.ink, self.strength = layers, ink, strength
        self.height, self.width = layers[1].shape
        self.image = Image.new("L", (self.width, self.height), 0)
        self.draw = ImageDraw.Draw(self.image)

    def done(self) -> Layers:
        picture, regions = self.layers
        mask = np.array(self.image)[..., None] / 255.0 * self.strength
        covered = (mask[..., 0] > 0.5) & (regions != BACKGROUND)
        return picture * (1 - mask) + self.ink * mask, np.where(covered, BACKGROUND, regions).astype(np.uint8)


def border_colour(picture: np.ndarray) -> np.ndarray:
    """Median colour (3,) of the picture's outermost pixels."""
    return np.asarray(
        np.median(np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]), axis=0), float
    )


def with_room(draw: Draw, layers: Layers, side: str, share: float, colour: np.ndarray) -> Layers:
    """A strip of `share` freed at the "top", "bottom", "left" or "right", in `colour`.

    The rest shows a cut of the photo round the product, or where that does not fit, the whole photo made smaller.
    """
    picture, regions = layers
    height, width = regions.shape
    scale = 1 - share
    small = (int(width * scale), height) if side in ("left", "right") else (width, int(height * scale))
    rows, columns = (np.flatnonzero((regions != BACKGROUND).any(axis)) for axis in (1, 0))
    left, top, cut = 0, 0, (width, height)
    if len(rows) and np.ptp(columns) < 0.95 * small[0] and np.ptp(rows) < 0.95 * small[1]:
        zoom = float(max(np.ptp(columns) / small[0], np.ptp(rows) / small[1])) / 0.9
        zoom = draw.uniform(min(1.0, max(zoom, 0.6)), 1.0)
        cut = (max(8, int(small[0] * zoom)), max(8, int(small[1] * zoom)))
        left = int(np.clip((columns[0] + columns[-1] - cut[0]) // 2, 0, width - cut[0]))
        top = int(np.clip((rows[0] + rows[-1] - cut[1]) // 2, 0, height - cut[1]))
    else:
        small = (max(8, int(width * scale)), max(8, int(height * scale)))
    x = {"left": width - small[0], "right": 0}.get(side, (width - small[0]) // 2)
    y = {"top": height - small[1], "bottom": 0}.get(side, (height - small[1]) // 2)
    window = (slice(top, top + cut[1]), slice(left, left + cut[0]))
    image = Image.fromarray((np.clip(picture[window], 0, 1) * 255 + 0.5).astype(np.uint8))
    canvas = np.broadcast_to(colour, picture.shape).copy()
    masks = np.full_like(regions, BACKGROUND)
    box = (slice(y, y + small[1]), slice(x, x + small[0]))
    canvas[box] = np.asarray(image.resize(small, Image.Resampling.BICUBIC, reducing_gap=3)) / 255.0
    masks[box] = np.asarray(Image.fromarray(regions[window]).resize(small, Image.Resampling.NEAREST))
    return canvas, masks


def readable(draw: Draw, ground: np.ndarray) -> np.ndarray:
    """A colour that reads on the ground."""
    light = ground.mean() > 0.5
    if draw.chance(0.7):
        return np.full(3, draw.uniform(0.02, 0.2) if light else draw.uniform(0.93, 1.0))
    if light:
        return np.array(draw.choice(*STRONG.values()))
    return np.array(draw.choice((0.98, 0.93, 0.85), METALS["gold"], METALS["rose gold"]))


def lettering(draw: Draw) -> tuple[Style, Weight]:
    return draw.weighted({"sans": 6, "serif": 3, "fancy": 0.6}), draw.weighted({"light": 1, "regular": 2, "bold": 3})


def free_corner(draw: Draw, layers: Layers, side: int) -> tuple[int, int] | None:
    """Top left of a square of `side` pixels in the corner that hides least of the product; None if all hide much."""
    regions = layers[1]
    h, w = regions.shape
    edge = max(2, side // 8)
    spots = [(y, x) for y in (edge, h - side - edge) for x in (edge, w - side - edge) if min(y, x) >= 0]
    hidden = [float((regions[y : y + side, x : x + side] != BACKGROUND).mean()) for y, x in spots]
    if not spots or min(hidden) > 0.15:
        return None
    free = [spot for spot, share in zip(spots, hidden, strict=True) if share < min(hidden) + 0.02]
    return draw.choice(*free)


def texture(draw: Draw, side: int, colour: np.ndarray) -> np.ndarray:
    """Cream spread out or powder in close-up, (side, side, 3) in [0, 1], of mean `colour`."""
    grain = draw.rng.random((side, side))
    if draw.chance(0.5):
        field = gaussian_filter(grain, (side * 0.015 + 0.5, side * 0.25)) + gaussian_filter(grain, side * 0.12)
        slope = np.gradient(field, axis=0)
        field = slope / (np.abs(slope).max() + 1e-9) * draw.uniform(1, 4)
    else:
        field = (gaussian_filter(grain, 1.2) - 0.5) * 4
    return np.asarray(np.clip(colour * (1 + CHIP_TEXTURE * field[..., None]), 0, 1))


def outline(draw: Draw, side: int) -> np.ndarray:
    """A disc, square, rounded square or brush stroke as a soft mask (side, side) in [0, 1]."""
    kind = draw.weighted({"disc": 4, "square": 2, "rounded": 1.5, "stroke": 1.5})
    image = Image.new("L", (4 * side, 4 * side), 0)
    pen, edge = ImageDraw.Draw(image), 4 * side - 1
    if kind == "disc":
        pen.ellipse([0, 0, edge, edge], fill=255)
    elif kind == "square":
        pen.rectangle([0, 0, edge, edge], fill=255)
    elif kind == "rounded":
        pen.rounded_rectangle([0, 0, edge, edge], side, fill=255)
    else:
        x = np.linspace(0, edge, 40)
        wave = 0.06 * edge * np.sin(x / edge * draw.uniform(2, 5) + draw.uniform(0, 6))
        half = 0.26 * edge * np.clip(np.minimum(x, edge - x) / (0.12 * edge), 0.05, 1) ** 0.5
        top = np.stack([x, edge / 2 + wave - half], 1)
        low = np.stack([x, edge / 2 + wave + half + draw.rng.normal(0, 0.012 * edge, 40)], 1)[::-1]
        pen.polygon([(float(a), float(b)) for a, b in np.concatenate([top, low])], fill=255)
    return np.asarray(image.resize((side, side), Image.Resampling.BOX)) / 255.0


def set_in(layers: Layers, at: tuple[int, int], mask: np.ndarray, tile: np.ndarray, regions: np.ndarray) -> Layers:
    picture, old = layers[0].copy(), layers[1].copy()
    box = (slice(at[0], at[0] + mask.shape[0]), slice(at[1], at[1] + mask.shape[1]))
    picture[box] = picture[box] * (1 - mask[..., None]) + tile * mask[..., None]
    old[box] = np.where(mask > 0.5, regions, old[box])
    return picture, old
