"""Bottles of fluid foundation, their caps and small pumps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, metal, package, plain, plastic
from data.mesh import Mesh, cylinder, joined, lathe
from data.product import Part, moved, turned
from data.products.shapes import ball
from data.products.walls import enclosed, hood
from data.products.wands import beside

Parts = list[Part]


@dataclass(frozen=True)
class Flask:
    """A bottle: half width `radius` in x, `radius * depth` in z, `height` to its shoulder; `label` seeds its print.

    `wall` is "clear", "frosted" (the fluid seems to fill it to the skin) or "opaque"; `top` is "cap", "narrow cap",
    "ball", "pump", "pump and cap" or "overcap" (a clear hood over the pump).
    """

    section: str
    radius: float
    depth: float
    height: float
    shoulder: float
    neck: float
    wall: str
    glass: float
    top: str
    cap_height: float
    cap: Material
    ring: Material
    outside: Material
    label: int

    def profile(self, gap: float, base: float) -> list[tuple[float, float]]:
        r, h, s = self.radius - gap, self.height - gap, self.shoulder
        return [
            (0, base), (r - 0.04, base), (r - 0.012, base + 0.012), (r, base + 0.05), (r, h - 0.05),
            (r - 0.015, h - 0.015), (r - 0.05, h), (self.neck + 0.02 - gap * 0.3, h + s), (0, h + s),
        ]  # fmt: skip

    def front(self, surface: Material) -> Material:
        names = Draw((self.label,))  # every bottle of a row carries the same print
        return printed(names, surface, vertical=names.chance(0.35), often=0.9)

    def body(self, draw: Draw, fluid: Material) -> Parts:
        outer = lathe(self.profile(0, 0), self.section, depth=self.depth, segments=64)
        if self.wall == "opaque":
            return [Part(outer, self.outside)]
        if self.wall == "frosted":
            return [Part(outer, replace(self.front(fluid), roughness=0.4))]
        inner = lathe(self.profile(self.glass, 1.8 * self.glass), self.section, depth=self.depth, segments=64)
        return enclosed(draw, outer, inner, self.front(fluid))

    def pump(self) -> list[Mesh]:
        """Collar, stem, head and a short spout to the left, on a neck at y = 0."""
        n = self.neck
        spout = lathe([(0.05, 0), (0.045, n * 1.3), (0.02, n * 1.35)]).turned("z", 90).moved(y=0.47)
        return [
            cylinder(n * 1.05, 0.16, "round", 0.02),
            cylinder(n * 0.45, 0.2).moved(y=0.14),
            cylinder(n * 0.8, 0.24, "round", 0.04).moved(y=0.3),
            spout,
        ]

    def cap_mesh(self) -> Mesh:
        """Over the pump or the neck; as wide as the bottle, or narrower and round mostly."""
        if self.top == "ball":
            r = self.radius * 0.92
            return joined([cylinder(r, self.cap_height * 0.4, "round", 0.04), ball(r).moved(y=self.cap_height * 0.2)])
        if self.top == "narrow cap":
            kind = "round" if self.section == "round" else self.section
            return cylinder(max(self.radius * 0.6, self.neck), self.cap_height, kind, 0.03, max(self.depth, 0.75))
        return cylinder(self.radius, self.cap_height, self.section, 0.03, self.depth)

    def closed(self, draw: Draw, fluid: Material) -> Parts:
        """The bottle as it is sold, or with its pump bare and the cap beside it."""
        y = self.height + self.shoulder
        parts = self.body(draw, fluid)
        if self.top in ("cap", "narrow cap", "ball"):
            return [
                *parts,
                Part(cylinder(self.neck * 1.1, 0.06).moved(y=y - 0.01), self.ring),
                Part(self.cap_mesh().moved(y=y + 0.03), self.cap),
            ]
        parts.append(Part(joined(self.pump()).moved(y=y), self.ring if self.top == "overcap" else self.cap))
        if self.top == "overcap":
            parts.append(hood(max(self.neck * 1.5, self.radius * 0.7), 0.75).moved(y=y))
        elif self.top == "pump and cap":
            return turned(parts, "y", draw.choice(0.0, 180.0)) + beside(draw, parts, [Part(self.cap_mesh(), self.cap)])
        return turned(parts, "y", draw.choice(0.0, 180.0, 0.0))


def flask(draw: Draw, colour: np.ndarray) -> Flask:
    """A foundation bottle: flat and rectangular, a frosted cylinder, or rounded."""
    shape = draw.weighted({"slab": 3, "cylinder": 3, "pillow": 1.5, "square": 1.5})
    section = {"slab": draw.choice("sharp", "square"), "cylinder": "round", "pillow": "soft", "square": "square"}[shape]
    radius = draw.uniform(0.34, 0.46) if shape == "cylinder" else draw.uniform(0.42, 0.58)
    depth = {"slab": draw.uniform(0.45, 0.7), "cylinder": 1.0, "pillow": draw.uniform(0.5, 0.8), "square": 1.0}[shape]
    if shape == "square":
        radius *= 0.82
    kind = draw.weighted({"black": 3, "gold": 2, "white": 2, "alike": 1, "any": 2, "wood": 0.4})
    caps = {
        "black": plastic(draw, np.full(3, draw.uniform(0.015, 0.06)), "black"),
        "gold": metal(draw, draw.choice("gold", "rose gold", "champagne", "silver")),
        "white": plastic(draw, np.full(3, draw.uniform(0.92, 0.97)), "white"),
        "alike": plastic(draw, np.clip(colour * 0.5 + np.array([0.47, 0.44, 0.42]), 0, 1), "nude"),
        "any": package(draw),
        "wood": plain(np.array([0.72, 0.54, 0.36]) * draw.uniform(0.7, 1.1), 0.6, "brown wood"),
    }
    cap = caps[kind]
    pale = draw.uniform(0, 0.4)
    skin = plastic(draw, np.clip(colour * (1 - pale) + pale, 0, 1), "skin-coloured")
    outside = draw.choice(skin, skin, package(draw), plastic(draw, np.full(3, 0.95), "white"))
    label = draw.integer(0, 1 << 30)
    height = radius * draw.uniform(2.6, 4.2)
    return Flask(
        section,
        radius,
        depth,
        height,
        draw.choice(0.0, 0.02, draw.uniform(0.05, 0.2)),
        radius * min(depth, 0.8) * draw.uniform(0.5, 0.65),
        draw.weighted({"clear": 4, "frosted": 4, "opaque": 1.6}),
        radius * draw.uniform(0.07, 0.18),
        draw.weighted({"cap": 4, "narrow cap": 2, "ball": 0.5, "pump": 2, "pump and cap": 1, "overcap": 0.8}),
        height * draw.uniform(0.3, 0.6),
        cap,
        draw.choice(cap, metal(draw), plain((0.05,) * 3, 0.3, "black collar")),
        printed(Draw((label,)), outside, vertical=draw.chance(0.4), often=1.0),
        label,
    )


def row(draw: Draw, items: list[Parts], gap: float) -> Parts:
    """Upright things in one line, or in two staggered ranks."""
    wide = max(max(p.mesh.high[0] for p in i) - min(p.mesh.low[0] for p in i) for i in items) * gap
    ranks = 2 if len(items) > 6 or draw.chance(0.15) else 1
    count = -(-len(items) // ranks)
    parts: Parts = []
    for k, item in enumerate(items):
        rank, place = divmod(k, count)
        shift = (place - (count - 1) / 2 + 0.5 * rank) * wide
        parts += moved(item, shift, 0, -rank * wide * draw.uniform(0.9, 1.1))
    return parts
