"""Large loose flakes in lacquer: dots, hexagons, bars and moons of foil that float in a milky or clear polish."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.finish import HEXAGON, rainbow
from data.material import METALS, TEXTURE, Material

KINDS = {"dots": 3.0, "hexagons": 3.0, "mixed": 2.0, "shards": 1.0}


def flaked(draw: Draw, lacquer: Material, size: float, *, aspect: float = 1.0) -> Material:
    """`lacquer` with flakes up to `size` across, as a share of its texture's height.

    `aspect` is how many times wider than high a texel lies on the surface. The flakes cover less than a quarter, so
    the lacquer between them keeps the shade.
    """
    side = TEXTURE
    rows = np.arange(side) * lacquer.texture.shape[0] // side
    columns = np.arange(side) * lacquer.texture.shape[1] // side
    texture = lacquer.texture[rows][:, columns].astype(float)
    rough = np.full((side, side), lacquer.roughness)
    palette = _palette(draw, lacquer.colour)
    kind = draw.weighted(KINDS)
    y, x = np.mgrid[0:side, 0:side]
    biggest = 0.5 * size * side
    share = draw.uniform(0.05, 0.22)
    count = int(share * side * side * aspect / (2.0 * biggest**2))
    for _ in range(min(count, 160)):
        radius = biggest * draw.choice(1.0, draw.uniform(0.3, 1.0), draw.uniform(0.25, 0.5))
        turn = draw.uniform(0, np.pi)
        dx, dy = (x - draw.uniform(0, side)) * aspect, y - draw.uniform(0, side)
        along, across = np.cos(turn) * dx + np.sin(turn) * dy, np.cos(turn) * dy - np.sin(turn) * dx
        form = draw.choice("dots", "hexagons", "dots", "shards") if kind == "mixed" else kind
        if form == "dots":
            inside = np.hypot(dx, dy) < radius
        elif form == "hexagons":
            inside = np.max([np.abs(np.cos(t) * along + np.sin(t) * across) for t in HEXAGON], 0) < 0.87 * radius
        else:
            inside = (np.abs(along) < radius) & (np.abs(across) < draw.uniform(0.12, 0.5) * radius)
        texture[inside] = palette[draw.integer(0, len(palette) - 1)] * draw.uniform(0.75, 1.1) * 255
        rough[inside] = draw.uniform(0.06, 0.25)
    pixels = (np.clip(texture, 0, 255) + 0.5).astype(np.uint8)
    return replace(lacquer, texture=pixels, roughness_map=rough, name="glitter")


def _palette(draw: Draw, colour: np.ndarray) -> np.ndarray:
    """sRGB colours (n, 3) of the flakes: foil, pearl, confetti, or the lacquer's own in other depths."""
    kind = draw.weighted({"foil": 2, "pearl": 1.5, "confetti": 1.5, "own": 2})
    if kind == "foil":
        return np.array([METALS[draw.choice("gold", "rose gold", "silver", "gunmetal")]])
    if kind == "pearl":
        return np.array([[0.95, 0.95, 0.97], [0.88, 0.92, 0.95], [0.97, 0.92, 0.95]])
    if kind == "confetti":
        return np.array(0.15 + 0.8 * rainbow(np.arange(6) / 6 + draw.uniform(0, 1)))
    return np.clip(np.array([0.35 * colour, 0.6 * colour, 0.5 * colour + 0.5, METALS["gold"]]), 0, 1)
