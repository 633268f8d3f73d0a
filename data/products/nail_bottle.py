"""The nail polish bottle: thick glass about lacquer, a tall cap, and the brush under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.draw import Draw
from data.finish import rainbow
from data.material import METALS, Material, glass, linear, metal, package, plain
from data.mesh import Mesh, Point, joined, lathe
from data.product import Part
from data.products.lettering import ink, lettering, on_front

GLASS_GAIN = 1.5
SEGMENTS = 64  # round a bottle: refraction shows facets


@dataclass(frozen=True)
class Bottle:
    """Half width `radius`, z scaled by `depth`; `foot` and `waist` scale the width at bottom and middle.

    `bend` is the radius of the edge between side and shoulder.
    """

    section: str
    radius: float
    height: float
    depth: float
    foot: float
    waist: float
    shoulder: float
    neck: float
    bend: float = 0.08

    @property
    def top(self) -> float:
        return self.height + self.shoulder

    def sides(self) -> list[Point]:
        """(half width, y) from foot to the shoulder's edge."""
        r, h = self.radius, self.height
        t = np.linspace(0, 1, 7)
        wide = self.foot * (1 - t) * (1 - 2 * t) + 4 * self.waist * t * (1 - t) + t * (2 * t - 1)
        return [(r * float(w), 0.05 + (h - self.bend - 0.05) * float(s)) for w, s in zip(wide, t, strict=True)]

    def reach(self, y: np.ndarray) -> np.ndarray:
        """Half width at heights `y`."""
        r, h = np.array(self.sides()).T
        return np.asarray(np.interp(y, h, r))

    def mesh(self) -> Mesh:
        """The outside, closed at the neck's top."""
        sides = self.sides()
        low, last, e, neck = sides[0][0], sides[-1][0], self.bend, self.neck
        curve = [
            (last - e * (1 - np.cos(a)), self.height - e + e * np.sin(a)) for a in np.linspace(0, np.pi / 2, 6)[1:]
        ]
        neck_foot = (neck, max(self.height + 0.3 * self.shoulder, curve[-1][1] + 0.005))
        points = [(0.0, 0.0), (low - 0.05, 0.0), (low - 0.015, 0.015), *sides, *curve, neck_foot]
        return self._swept([*points, (neck, self.top), (0.0, self.top)], self.section)

    def inside(self, wall: float, floor: float, level: float, bowl: float = 0.0) -> Mesh:
        """The lacquer: `wall` thinner all round, on a glass base of `floor`, up to the share `level` of the body.

        `bowl` in [0, 1] rounds the hollow's foot, as where a thick-walled bottle was blown in its mould.
        """
        high = floor + (self.height - wall - floor) * level
        e = max(0.5 * self.bend + 0.04, bowl * 0.5 * (self.radius - wall))
        y = np.linspace(floor + e, high - e, 6)
        body = [(float(r) - wall, float(v)) for r, v in zip(self.reach(y), y, strict=True)]
        turn = np.linspace(0, np.pi / 2, 6)
        foot = [(body[0][0] - e * (1 - np.sin(a)), floor + e * (1 - np.cos(a))) for a in turn[:-1]]
        brow = [(body[-1][0] - e * (1 - np.cos(a)), high - e + e * np.sin(a)) for a in turn[1:]]
        section = {"sharp": "square", "square": "square"}.get(self.section, self.section)
        return self._swept([(0.0, floor), *foot, *body, *brow, (0.0, high)], section)

    def _swept(self, points: list[Point], section: str) -> Mesh:
        return lathe(points, section, depth=self.depth, crease=50, segments=SEGMENTS)

    def label(self, draw: Draw, ground: np.ndarray) -> Part:
        """A name printed on the front of the glass."""
        # As often as not the name alone fills the front.
        bold = draw.chance(0.5)
        width = self.radius * (draw.uniform(1.3, 1.7) if bold else draw.uniform(0.8, 1.4))
        print_ = lettering(draw, width, 1 if bold else draw.choice(1, 1, 2, 3))
        tall = float(print_.high[1] - print_.low[1])
        low = 0.16 + tall / 2
        middle = draw.uniform(low, max(low + 0.01, self.height * 0.62))
        mesh = on_front(print_.moved(y=middle), self.reach, self.depth, self.section == "round")
        return Part(mesh, _foil(draw) if bold and draw.chance(0.25) else ink(draw, ground))


def _foil(draw: Draw) -> Material:
    """Holographic foil that runs through a few saturated colours along a name."""
    ramp = rainbow(np.linspace(0, draw.uniform(0.5, 1.6), 64) + draw.uniform(0, 1))
    band = np.broadcast_to(draw.uniform(0.0, 0.25) + 0.75 * ramp, (64, 64, 3))
    return Material((np.clip(band, 0, 1) * 255).astype(np.uint8), 0.25, 0.5, name="print")


def bottle(draw: Draw) -> Bottle:
    """Square, oblong, round, tapered, flat or tall, about 1 high without its cap."""
    kind = draw.weighted({"square": 5, "round": 2.5, "oblong": 2, "tapered": 1.6, "tall": 1, "squat": 0.8})
    section = draw.choice("square", "sharp", "soft")
    radius, height, depth = draw.uniform(0.46, 0.55), draw.uniform(0.9, 1.1), draw.uniform(0.75, 1.0)
    foot, waist, shoulder, bend = 1.0, 1.0, draw.uniform(0.02, 0.1), draw.uniform(0.04, 0.14)
    if kind == "round":
        section, depth, bend = "round", 1.0, draw.uniform(0.06, 0.25)
        radius = draw.uniform(0.38, 0.5)
    elif kind == "oblong":
        radius, height, depth = draw.uniform(0.36, 0.44), draw.uniform(1.0, 1.25), draw.uniform(0.6, 1.0)
    elif kind == "tapered":
        section = draw.choice("round", "soft", "square")
        foot = draw.uniform(1.02, 1.2) if draw.chance(0.6) else draw.uniform(0.75, 0.95)
        waist, bend = (1 + foot) / 2 + draw.uniform(-0.01, 0.08), draw.uniform(0.1, 0.2)
    elif kind == "tall":
        section, radius = draw.choice("round", "square", "sharp"), draw.uniform(0.26, 0.33)
        height, depth = draw.uniform(1.1, 1.4), 1.0
    elif kind == "squat":
        section = draw.choice("round", "soft")
        radius, height, bend = draw.uniform(0.55, 0.64), draw.uniform(0.7, 0.85), draw.uniform(0.15, 0.28)
        waist = draw.uniform(1.0, 1.08)
    neck = min(draw.uniform(0.18, 0.23), 0.75 * radius * depth)
    return Bottle(section, radius, height, depth, foot, waist, shoulder, neck, min(bend, radius - neck))


def cap_mesh(draw: Draw, neck: float) -> Mesh:
    """A cap about as tall as the bottle: mostly a plain cylinder, else tapered, flared, or square."""
    high, wide = draw.uniform(0.9, 1.3), neck * draw.uniform(1.12, 1.35)
    middle, top = draw.choice((1.0, 1.0), (1.0, 1.0), (1.0, 1.0), (0.95, 0.86), (0.86, 0.72), (1.02, 1.08))
    section = draw.weighted({"round": 7, "soft": 0.6, "square": 1, "sharp": 0.6})
    end = [(wide * top, high - 0.03), (wide * top - 0.012, high - 0.008), (wide * top - 0.035, high), (0, high)]
    shaft = [(wide - 0.012, 0), (wide, 0.012), (wide * middle, high * 0.5), *end]
    if draw.chance(0.2):  # a seam between collar and overcap
        seam = high * draw.uniform(0.1, 0.18)
        shaft[2:2] = [(wide, seam), (wide - 0.014, seam + 0.006), (wide - 0.014, seam + 0.014), (wide, seam + 0.02)]
    return lathe([(0, 0), *shaft], section, crease=30, segments=64)


def cap_material(draw: Draw) -> Material:
    kind = draw.weighted(
        {"black": 3.6, "silver": 3.2, "white": 1.6, "gold": 1.6, "brushed": 1, "rose gold": 0.5, "any": 0.8}
    )
    if kind == "black":
        rough = draw.uniform(0.05, 0.2) if draw.chance(0.6) else draw.uniform(0.35, 0.6)
        return plain(np.full(3, draw.uniform(0.015, 0.06)), rough, "black plastic", coat=0.3)
    if kind == "white":
        return plain(np.full(3, draw.uniform(0.9, 0.97)), draw.uniform(0.1, 0.4), "white plastic")
    if kind == "any":
        return package(draw)
    if kind == "brushed":
        name = draw.choice("silver", "silver", "gold", "gunmetal")
        streak = np.repeat(draw.rng.normal(1, 0.05, (64, 1, 1)), 64, axis=1)
        texture = np.clip(np.array(METALS[name]) * streak, 0, 1) * 255
        return Material(texture.astype(np.uint8), draw.uniform(0.25, 0.4), 1.0, name=f"{name} metal")
    if kind in ("silver", "gold") and draw.chance(0.7):  # mirror-like, as most metal caps are
        return plain(
            np.array(METALS[kind]) * draw.uniform(0.93, 1), draw.uniform(0.04, 0.12), f"{kind} metal", metallic=1.0
        )
    return metal(draw, kind)


def brush(draw: Draw, cap: Part, length: float, lacquer: Material) -> list[Part]:
    """The cap with its stem and a flat brush, full of lacquer, below it."""
    grey = draw.choice(0.05, 0.05, 0.93)
    stem = lathe([(0.05, 0), (0.038, -length * 0.6), (0, -length * 0.6)])
    h, w = length * 0.42, draw.uniform(0.07, 0.11)
    wet = [
        (0, -h),
        (0.5 * w, -0.985 * h),
        (0.9 * w, -0.9 * h),
        (w, -0.72 * h),
        (0.85 * w, -0.4 * h),
        (0.45 * w, -0.1 * h),
    ]
    meshes = [lathe([*wet, (0.03, 0), (0, 0)], depth=0.6, crease=80)]
    if draw.chance(0.55):  # a bead gathers at the tip, or is about to fall
        r = w * draw.uniform(0.75, 1.05)
        a = np.linspace(0, np.pi, 14)
        drop = [(max(r * float(np.sin(t)) * (1 - 0.25 * float(t) / np.pi), 0), -r * float(np.cos(t)) * 1.15) for t in a]
        meshes.append(lathe(drop, crease=180).moved(y=-h - 0.25 * r))
    wet_mesh = joined(meshes).moved(y=-length * 0.58)
    return [cap, Part(stem, plain((grey,) * 3, 0.3, "stem")), Part(wet_mesh, lacquer)]


def under_glass(lacquer: Material) -> Material:
    """The lacquer as glass shows it: its own surface mirrors nothing there, and it is brighter.

    Total reflection keeps part of the light in the glass, and paths end before it comes out.
    """
    light = np.clip(GLASS_GAIN * linear(lacquer.texture / 255.0), 0, 1)
    bright = np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
    return replace(lacquer, texture=(bright * 255 + 0.5).astype(np.uint8), coat=0.0, specular=0.05)


def filled(draw: Draw, shape: Bottle, lacquer: Material, labelled: bool, *, wall: Material | None = None) -> list[Part]:
    """Solid glass with the lacquer in it: thick at the bottom, as these bottles are.

    A clear `lacquer` (a top coat) stays as it is.
    """
    # A round wall is a lens: it shows the lacquer wider than it is.
    lens = 0.6 if shape.section in ("round", "soft") else 1.0
    heavy = draw.chance(0.5)  # a clear rim all round the lacquer
    thick = lens * shape.radius * shape.depth * (draw.uniform(0.17, 0.3) if heavy else draw.uniform(0.08, 0.17))
    floor = draw.uniform(0.16, 0.28) if heavy else draw.uniform(0.1, 0.2)
    bowl = draw.uniform(0.2, 1.0) if heavy else 0.0
    fill = shape.inside(thick, floor, draw.uniform(0.9, 1.0), bowl)
    inside = lacquer if lacquer.clear else under_glass(lacquer)
    parts = [Part(shape.mesh(), wall or glass()), Part(fill, inside)]
    return [*parts, shape.label(draw, lacquer.colour)] if labelled else parts


def merged(parts: Sequence[Part]) -> list[Part]:
    """Parts of one material made one part: a kernel depends on how many surfaces there are."""
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(id(part.material), []).append(part)
    return [Part(joined([p.mesh for p in g]), g[0].material) if len(g) > 1 else g[0] for g in groups.values()]
