"""Closed lipsticks without print: a long plain cap on a short foot, three to five times as tall as wide."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import PASTELS, STRONG, Material, metal, plain, plastic
from data.mesh import Mesh, Point, capsule_profile, cylinder, joined, lathe
from data.product import Part
from data.products.shapes import rod

RADIUS = 0.32
SEAM = 0.014  # between foot and cap


def _surface(draw: Draw, colour: np.ndarray) -> Material:
    """The cap's: black lacquer above all, then metal, white and colours."""
    kind = draw.weighted({"black": 5, "silver": 1.2, "gold": 1, "white": 1, "strong": 1, "pastel": 0.8, "shade": 0.8})
    if kind == "black":
        return plain(np.full(3, draw.uniform(0.006, 0.035)), draw.uniform(0.05, 0.35), "black lacquer", coat=1.0)
    if kind in ("silver", "gold"):
        return metal(draw, draw.choice("gold", "champagne", "rose gold") if kind == "gold" else "silver")
    if kind == "white":
        return plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white")
    if kind == "shade":
        return plastic(draw, np.clip(colour * draw.uniform(0.75, 1.05), 0.02, 0.97), "shade-coloured")
    colours = STRONG if kind == "strong" else PASTELS
    name = draw.choice(*colours)
    return plastic(draw, np.clip(np.array(colours[name]) + draw.rng.normal(0, 0.03, 3), 0.02, 0.97), name)


def _foot(draw: Draw, radius: float, height: float, section: str) -> Mesh:
    """Straight, with a rim at both ends like a reel, or a little wider or narrower than the cap."""
    kind = draw.weighted({"reel": 3, "straight": 3, "step": 1.5})
    if kind == "reel":
        rim = height * draw.uniform(0.08, 0.2)
        waist = cylinder(radius * draw.uniform(0.94, 0.98), height, section, 0.01)
        ends = [cylinder(radius * 1.02, rim, section, 0.008).moved(y=y) for y in (0.0, height - rim)]
        return joined([waist, *ends])
    return lathe(
        capsule_profile(radius * (1.0 if kind == "straight" else draw.choice(0.9, 1.05)), height, 0.02), section
    )


def plain_case(draw: Draw, colour: np.ndarray) -> tuple[list[Part], Material]:
    """A closed case on y = 0 whose cap bears nothing, for a stick of sRGB `colour`; and the cap's surface."""
    r, height = RADIUS, 2 * RADIUS * draw.uniform(3.0, 5.0)
    section = draw.weighted({"round": 6, "soft": 1.2, "square": 1.6, "sharp": 0.8})
    outside = _surface(draw, colour)
    foot = height * draw.weighted({draw.uniform(0.07, 0.14): 4, draw.uniform(0.14, 0.4): 2})
    trim = metal(draw, draw.weighted({"gold": 5, "silver": 2, "rose gold": 1, "champagne": 1}))
    if draw.chance(0.2):  # of one material all over, told from a rod by the seam alone
        trim = outside
    parts = [Part(_foot(draw, r, foot, section), trim if draw.chance(0.7) else printed(draw, trim, often=1.0))]
    parts.append(Part(cylinder(0.9 * r, 2 * SEAM, section, 0.001).moved(y=foot - 0.5 * SEAM), plain((0.02,) * 3, 0.5)))
    tall = height - foot - SEAM
    edge = draw.uniform(0.012, 0.05) if draw.chance(0.8) else draw.uniform(0.3, 0.8) * r
    angle = np.linspace(0, np.pi / 2, 7)
    profile: list[Point] = [(0.95 * r, 0), (r, 0.01)]
    profile += [(r - edge + edge * float(np.cos(a)), tall - edge + edge * float(np.sin(a))) for a in angle]
    parts.append(Part(lathe([*profile, (0, tall)], section, crease=40).moved(y=foot + SEAM), outside))
    if draw.chance(0.25):
        band = cylinder(1.012 * r, height * draw.uniform(0.008, 0.025), section, 0.005)
        parts.append(Part(band.moved(y=foot + SEAM), trim))
    return parts, outside


def through_cord(draw: Draw, size: float) -> Mesh:
    """A thin cord in the x-y plane that runs behind a case `size` tall and leaves it at the head and at the foot."""
    y = np.linspace(-2.2, 2.2, 70)
    away = np.clip(np.abs(y) - 0.42, 0, None)
    bow = np.where(y > 0, draw.normal(0.6), draw.normal(0.6)) * away ** draw.uniform(1.1, 2.0)
    sway = draw.uniform(0.0, 0.06) * np.sin(draw.uniform(2, 7) * away)
    return rod(np.stack([(bow + sway) * size, y * size, 0 * y], 1), size * draw.uniform(0.004, 0.011), 8)
