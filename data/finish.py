"""What finishes look like up close: pearl, foil, flakes and powder grain as textures of colour and roughness."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.transform import resize

from data.draw import Draw

Effect = Literal["", "holographic", "cat eye"]

# Finish -> ranges of roughness, metallic weight and coat. Matte above .65 keeps no visible highlight, gloss below .2
# mirrors the lamps; shimmer and metallic get their sparkle from a per-texel roughness and value.
FINISHES: dict[str, dict[str, tuple[float, float]]] = {
    "matte": {"roughness": (0.72, 0.98), "metallic": (0, 0), "specular": (0.08, 0.2), "coat": (0, 0)},
    "satin": {"roughness": (0.34, 0.48), "metallic": (0, 0), "specular": (0.4, 0.55), "coat": (0, 0.05)},
    "glossy": {"roughness": (0.05, 0.14), "metallic": (0, 0), "specular": (0.5, 0.7), "coat": (0.9, 1)},
    "shimmer": {"roughness": (0.24, 0.36), "metallic": (0.4, 0.6), "specular": (0.5, 0.7), "coat": (0.05, 0.4)},
    "glitter": {"roughness": (0.3, 0.45), "metallic": (0.3, 0.5), "specular": (0.5, 0.6), "coat": (0.3, 0.8)},
    "metallic": {"roughness": (0.13, 0.26), "metallic": (0.88, 0.97), "specular": (0.5, 0.6), "coat": (0.05, 0.4)},
    "sheer": {"roughness": (0.06, 0.16), "metallic": (0, 0), "specular": (0.5, 0.6), "coat": (0.8, 1)},
}
LEAST_ROUGH = 0.05
HEXAGON = np.radians((0, 60, 120))  # directions across a hexagonal flake's three pairs of sides


def textured(
    draw: Draw, colour: np.ndarray, finish: str, side: int, rough: float, aspect: float = 1.0, effect: Effect = ""
) -> tuple[np.ndarray, np.ndarray | None]:
    """Texture (side, side, 3) in [0, 1], sRGB, and roughness (side, side) or None, of a finish of mean `rough`.

    `aspect` is how many times wider than high a texel lies on the surface (a lathe's texture wraps all round it). The
    texture's mean light is that of `colour`, glitter's flakes excepted.
    """
    rng = draw.rng
    if finish in ("shimmer", "metallic"):
        value, roughness = _foil(draw, side, rough) if finish == "metallic" else _pearl(draw, side, rough, aspect)
        if effect == "cat eye":
            value = value * _magnet(draw, side)
        light = _light(colour) * value[..., None]
        if effect == "holographic":
            light = light * (1 + 0.55 * (rainbow(rng.random((side, side))) - 0.5))
        return _matched(light, colour), roughness
    if finish == "glitter":
        return _glitter(draw, colour, side, rough, aspect)
    texture = np.broadcast_to(np.asarray(colour, float), (side, side, 3))
    if finish == "matte":
        grain = gaussian_filter(rng.standard_normal((side, side), np.float32), 0.7)
        cloud = noise(rng, side, 12, 1) - 0.5
        return _matched(_light(colour) * (1 + 0.09 * grain + 0.05 * cloud)[..., None], colour), None
    if finish == "sheer":
        depth = 1 + 0.12 * (noise(rng, side, 60, 1) - 0.5)
        return _matched(_light(colour) * depth[..., None], colour), None
    return texture.copy(), None


def _pearl(draw: Draw, side: int, rough: float, aspect: float) -> tuple[np.ndarray, np.ndarray]:
    """Fine pearl: a soft drift of light and dark along one direction, platelets, and rare bright sparks."""
    platelets = _squares(draw.rng.standard_normal((side, side), np.float32), aspect)
    coarse = draw.rng.standard_normal(draw.choice((6, 20), (20, 6), (11, 11)), np.float32)
    drift = resize(coarse, (side, side), order=1, mode="reflect")
    value = np.exp(draw.uniform(0.1, 0.22) * platelets + draw.uniform(0.04, 0.1) * drift)
    spark = _squares(draw.rng.random((side, side)), aspect) < draw.uniform(0.004, 0.025)
    value = np.where(spark, value * draw.uniform(1.6, 2.6), value)
    roughness = np.clip(rough + 0.08 * platelets, 0.12, 0.6)
    return value, np.where(spark, 0.1, roughness)


def _foil(draw: Draw, side: int, rough: float) -> tuple[np.ndarray, np.ndarray]:
    """Liquid metal: streaks of little contrast, whose roughness varies more than their value."""
    along = draw.choice((0.6, 14), (14, 0.6), (3, 3))
    streak = gaussian_filter(draw.rng.standard_normal((side, side), np.float32), along)
    streak /= streak.std() + 1e-6
    grain = draw.rng.standard_normal((side, side), np.float32)
    value = np.exp(0.05 * streak + draw.uniform(0.02, 0.09) * grain)
    return value, np.clip(rough * (1 + 0.22 * streak + 0.15 * grain), 0.08, 0.5)


def _magnet(draw: Draw, side: int) -> np.ndarray:
    """The bright band that a magnet draws into cat-eye lacquer, dark to both sides, (side, side)."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    a = draw.uniform(-0.9, 0.9)
    across = np.cos(a) * y + np.sin(a) * x + draw.uniform(-0.08, 0.08) + 0.06 * np.sin(5 * x + draw.uniform(0, 6))
    wide = draw.uniform(0.05, 0.12)
    return 0.55 + draw.uniform(1.4, 2.4) * np.exp(-(np.abs(across / wide) ** 1.5))


def _glitter(draw: Draw, colour: np.ndarray, side: int, rough: float, aspect: float) -> tuple[np.ndarray, np.ndarray]:
    """Hexagonal flakes and fine dust in a lacquer; each has a tilt of its own, so some mirror a lamp, some the dark."""
    rng = draw.rng
    kind = draw.weighted({"tone": 3, "silver": 1.5, "gold": 1, "rainbow": 2, "mixed": 1.5})
    palette = {
        "tone": np.clip(colour + rng.normal(0, 0.1, (6, 3)), 0, 1) * 0.6 + 0.4 * colour,
        "silver": np.full((4, 3), 0.85),
        "gold": np.array([[0.95, 0.78, 0.42], [0.9, 0.7, 0.35], [0.98, 0.88, 0.6]]),
        "rainbow": 0.35 + 0.65 * rainbow(np.arange(9) / 9),
        "mixed": rng.uniform(0.2, 1.0, (5, 3)),
    }[kind]
    value = np.exp(0.12 * rng.standard_normal((side, side), np.float32))
    light = _light(colour) * value[..., None]
    roughness = np.full((side, side), rough)
    dust = _squares(rng.random((side, side)), aspect) < draw.uniform(0.04, 0.22)
    chosen = palette[_squares(rng.integers(len(palette), size=(side, side)), aspect)[dust]]
    flash = np.exp(0.9 * _squares(rng.standard_normal((side, side), np.float32), aspect)[dust])
    light[dust] = _light(chosen) * flash[:, None] + 0.25 * (flash > 2.5)[:, None]
    roughness[dust] = rng.uniform(0.06, 0.3, len(chosen))
    biggest = draw.choice(3.0, 4.5, 7.0, 12.0) * side / 256 * aspect**0.4
    y, x = np.mgrid[0:side, 0:side]
    for _ in range(int(draw.uniform(0.06, 0.3) * aspect * (side / biggest) ** 2 / 2.6)):
        radius = biggest * draw.uniform(0.4, 1.0)
        cy, cx, turn = (draw.uniform(0, v) for v in (side, side, 1.05))
        box = (
            slice(max(0, int(cy - 1.2 * radius)), int(cy + 1.2 * radius) + 2),
            slice(max(0, int(cx - 1.2 * radius / aspect)), int(cx + 1.2 * radius / aspect) + 2),
        )
        dx, dy = (x[box] - cx) * aspect, y[box] - cy
        inside = np.max([np.abs(np.cos(t + turn) * dx + np.sin(t + turn) * dy) for t in HEXAGON], 0) < 0.87 * radius
        tilt = draw.choice(draw.uniform(0.15, 0.6), draw.uniform(0.7, 1.3), draw.uniform(1.5, 3.5))
        mirrored = 0.3 if tilt > 2.2 else 0.0  # a lamp's own white
        light[box][inside] = _light(palette[draw.integer(0, len(palette) - 1)]) * tilt + mirrored
        roughness[box][inside] = draw.uniform(LEAST_ROUGH, 0.25)
    return _encoded(light), roughness


def _squares(values: np.ndarray, aspect: float) -> np.ndarray:
    """Values (side, side) with rows repeated, so that each makes about a square on a surface of this `aspect`."""
    return values[np.arange(len(values)) // max(1, round(aspect))]


def rainbow(phase: np.ndarray) -> np.ndarray:
    """Saturated colours (..., 3) in [0, 1] round the hue circle; their mean is one half."""
    return 0.5 + 0.5 * np.cos(2 * np.pi * (np.asarray(phase)[..., None] + np.array([0, 1 / 3, 2 / 3])))


def _light(srgb: np.ndarray) -> np.ndarray:
    return np.clip(np.asarray(srgb, np.float32), 0, 1) ** np.float32(2.2)


def _encoded(light: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(light, 0, 1).astype(np.float32) ** np.float32(1 / 2.2))


def _matched(light: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """The texture of this light after scaling its mean, clipped as it is shown, to the colour's."""
    target = _light(colour)
    for _ in range(2):
        light = light * (target / np.maximum(np.clip(light, 0, 1).mean((0, 1)), 1e-4))
    return _encoded(light)


def noise(rng: np.random.Generator, side: int, cell: int, order: int = 3) -> np.ndarray:
    """Smooth noise in [0, 1], (side, side), with features of about `cell` texels; `order` of its spline."""
    coarse = rng.random((max(2, side // cell),) * 2)
    return resize(coarse, (side, side), order=order, mode="reflect").clip(0, 1)
