"""What cut-out products are laid over: white, flat colours, gradients; and the shadow or mirror image under them."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import affine_transform, gaussian_filter, shift

from data.draw import Draw
from data.ground import PAPERS, PEACHES
from data.material import PASTELS, STRONG, noise

PURE = 0.88  # share of white packshots whose white is exactly 255
SHADOWS: dict[str, dict[str, float]] = {
    "upright": {"none": 5, "contact": 2, "drop": 0.8, "mirror": 1.2, "cast": 0.8},
    "flat": {"none": 6, "drop": 3},
    "overhead": {"none": 6, "drop": 3},
}


def backdrop(draw: Draw, kind: str, size: int) -> tuple[np.ndarray, str]:
    """An sRGB image (size, size, 3) in [0, 1] of one of data.scene.CUT_OUT, and its name in words."""
    if kind == "white":
        value = np.ones(3) if draw.chance(PURE) else draw.uniform(0.95, 0.995) + draw.rng.normal(0, 0.004, 3)
        return _even(np.clip(value, 0, 1), size), "white"
    if kind == "grey":
        light = draw.chance(0.82)
        level = draw.uniform(0.86, 0.96) if light else draw.uniform(0.4, 0.86)
        # Shops' greys lean to blue or to cream.
        return _even(np.clip(level + draw.uniform(-0.02, 0.02) * np.array([1, 0.1, -1]), 0, 1), size), "grey"
    if kind == "wall":
        return _wall(draw, size), "plain"
    y, x = np.mgrid[0:size, 0:size] / size
    name, first = _colour(draw, kind)
    if kind != "gradient":
        return _even(first, size), name
    form = draw.weighted({"linear": 3, "spot": 4, "floor": 2, "cloudy": 1.5, "split": 2})
    second = np.clip(first * draw.uniform(0.55, 0.9), 0, 1)
    if draw.chance(0.5):
        second = np.array(draw.choice(*PASTELS.values(), (1.0, 1.0, 1.0)))
    if form == "split":  # two sheets of paper that meet in a sharp edge
        turn = draw.choice(0.0, np.pi / 2, draw.uniform(0, np.pi))
        along = (x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn) + draw.uniform(-0.2, 0.2)
        return np.where(along[..., None] > 0, first, second), "two-coloured"
    if form == "linear":
        t = x * draw.normal(0.5) + y
    elif form == "spot":  # a lamp on the wall behind the product
        t = np.hypot(x - draw.uniform(0.35, 0.65), y - draw.uniform(0.3, 0.6))
    elif form == "floor":  # wall and table
        edge = draw.uniform(0.6, 0.85)
        t = np.clip((y - edge) / draw.uniform(0.005, 0.15), 0, 1) + 0.15 * y
    else:
        t = noise(draw.rng, size, draw.integer(size // 6, size // 2))
    t = ((t - t.min()) / (np.ptp(t) + 1e-6))[..., None]
    return first * (1 - t) + second * t, "blurred" if form == "cloudy" else f"{name} gradient"


def shadowed(draw: Draw, view: str, image: np.ndarray, picture: np.ndarray, coverage: np.ndarray) -> np.ndarray:
    """The backdrop with what the product (`picture` (H, W, 3) sRGB where `coverage` (H, W) is 1) casts on it."""
    size = coverage.shape[0]
    kind = draw.weighted(SHADOWS[view])
    rows = np.flatnonzero((coverage > 0.5).any(1))
    if kind == "none" or not len(rows):
        return image
    base, depth = int(rows[-1]), draw.uniform(0.12, 0.4)
    if kind == "mirror":
        flipped, seen = np.zeros_like(picture), np.zeros_like(coverage)
        count = min(size - 1 - base, base + 1)
        if count > 0:
            flipped[base + 1 : base + 1 + count] = picture[base - count + 1 : base + 1][::-1]
            seen[base + 1 : base + 1 + count] = coverage[base - count + 1 : base + 1][::-1]
        fade = np.clip(1 - (np.arange(size) - base) / (draw.uniform(0.08, 0.35) * size), 0, 1)[:, None]
        weight = (seen * fade * draw.uniform(0.15, 0.5))[..., None]
        return image * (1 - weight) + flipped * weight
    if kind == "drop":
        offset = (draw.uniform(0, 0.04) * size, draw.uniform(-0.04, 0.05) * size)
        soft = gaussian_filter(shift(coverage, offset, order=1), draw.uniform(0.008, 0.04) * size)
    else:
        squash = draw.uniform(0.02, 0.06) if kind == "contact" else draw.uniform(0.2, 0.5)
        lean = 0.0 if kind == "contact" else draw.sign() * draw.uniform(0.4, 1.1)
        matrix = np.array([[1 / squash, 0.0], [lean / squash, 1.0]])
        level = base + 0.3 * squash * (base - rows[0])
        cast = affine_transform(coverage, matrix, [level - level / squash, -lean * level / squash], order=1)
        soft = gaussian_filter(cast, draw.uniform(0.006, 0.02) * size)
        if kind == "cast":
            soft = soft * np.clip(1 - (base - np.arange(size)) / (0.5 * size), 0.2, 1)[:, None]
    return np.asarray(image * (1 - depth * np.clip(soft, 0, 1)[..., None]))


def _colour(draw: Draw, kind: str) -> tuple[str, np.ndarray]:
    if kind != "strong" and draw.chance(0.3):
        colour = np.array(draw.choice(*PEACHES)) + draw.rng.normal(0, 0.03, 3)
        return ("pink" if colour[1] - colour[2] < 0.05 else "peach"), np.clip(colour, 0, 1)
    if kind == "strong" and draw.chance(0.5):
        name, tone = draw.choice(*PAPERS)
        return name, np.clip(np.array(tone) + draw.rng.normal(0, 0.03, 3), 0, 1)
    palette = STRONG if kind == "strong" else PASTELS
    name = draw.choice(*palette)
    return name, np.clip(np.array(palette[name]) + draw.rng.normal(0, 0.04, 3), 0, 1)


def _wall(draw: Draw, size: int) -> np.ndarray:
    """A room's wall behind what a hand holds before a phone: unevenly lit, now and then with a frame or door."""
    y, x = np.mgrid[0:size, 0:size] / size
    tone = draw.uniform(0.35, 0.88) * np.array([1.0, draw.uniform(0.93, 1.0), draw.uniform(0.82, 1.02)])
    turn = draw.uniform(0, 2 * np.pi)
    light = 1 + draw.uniform(0.05, 0.35) * (np.cos(turn) * (x - 0.5) + np.sin(turn) * (y - 0.5))
    light = light - draw.uniform(0, 0.3) * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    image = np.clip(tone * light[..., None] + 0.012 * (noise(draw.rng, size, 8) - 0.5)[..., None], 0, 1)
    if draw.chance(0.3):  # a door, a curtain or a piece of furniture at one side
        edge = draw.uniform(0.05, 0.25)
        beside = (x if draw.chance(0.5) else 1 - x) + draw.normal(0.03) * (y - 0.5) < edge
        dark = gaussian_filter(beside.astype(float), draw.uniform(0.5, 4.0))[..., None]
        image = image * (1 - dark) + dark * np.array(
            draw.choice((0.15, 0.1, 0.08), (0.5, 0.36, 0.25), (0.9, 0.9, 0.88))
        )
    return image


def _even(colour: np.ndarray, size: int) -> np.ndarray:
    return np.broadcast_to(colour, (size, size, 3)) * 1.0
