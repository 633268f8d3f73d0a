"""Flat cases: tray, rim and lid of compacts and the things that lie with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.draw import Draw
from data.label import picture
from data.material import PACKAGING, Material, package, plain, prop
from data.mesh import Mesh, box, cylinder, lathe, plate, sheet
from data.product import Part, moved, placed, turned

COMPACT_LAYOUTS = {
    "open, lid up": 5.0,
    "lid beside": 1.5,
    "lid leaning behind": 0.8,
    "lid missing": 1.2,
    "closed": 1.6,
}


def mirror(draw: Draw) -> Material:
    return plain(np.full(3, draw.uniform(0.8, 0.94)), 0.04, "mirror", metallic=1.0)


@dataclass(frozen=True)
class Case:
    """A flat box, half as wide as `radius` in x and `radius * depth` in z, and a pan of half width `pan`."""

    section: str
    radius: float
    depth: float
    height: float
    pan: float
    outside: Material

    def tray(self) -> list[Part]:
        r, h, p = self.radius, self.height, self.pan
        wall = [(0, 0), (r - 0.06, 0), (r - 0.02, 0.02), (r, 0.07), (r, h - 0.04), (r - 0.03, h)]
        well = [(p + 0.02, h), (p + 0.015, h - 0.05), (0, h - 0.05)]
        return [Part(lathe([*wall, *well], self.section, depth=self.depth), self.outside)]

    def rim(self, material: Material) -> Part:
        p, h = self.pan, self.height
        ring = [(p + 0.02, h - 0.01), (p + 0.02, h + 0.006), (p - 0.015, h + 0.006), (p - 0.02, h - 0.04)]
        return Part(lathe(ring, self.section, depth=self.depth), material)

    def lid(self, draw: Draw) -> list[Part]:
        """The lid on its back, inside up, with a mirror or a plain inside."""
        r, h = self.radius, self.height * draw.uniform(0.5, 0.8)
        shell = [(0, 0), (r - 0.06, 0), (r, 0.06), (r, h - 0.02), (r - 0.03, h), (0, h)]
        parts = [Part(lathe(shell, self.section, depth=self.depth), self.outside)]
        if draw.chance(0.8):
            glass = plate(r * draw.uniform(0.82, 0.93), h + 0.006, self.section, self.depth, dome=0.0)
            parts.append(Part(glass, mirror(draw)))
        return parts

    def top(self, draw: Draw) -> list[Part]:
        """The lid's outside, face up on y = 0, often with a name."""
        h = self.height * draw.uniform(0.5, 0.8)
        r = self.radius
        rise = draw.choice(0.0, 0.0, 0.06)
        shell = [(r, 0), (r, h - 0.05), (r - 0.02, h - 0.02), (r - 0.06, h)]
        face = plate(r - 0.06, h, self.section, self.depth, dome=rise)
        print_ = self.outside
        if not print_.clear and draw.chance(0.75):
            print_ = print_.painted(
                np.rot90(picture(draw, print_.colour, vertical=True, lines=draw.integer(1, 2)), -1).copy()
            )
        return [Part(lathe(shell, self.section, depth=self.depth), self.outside), Part(face, print_)]

    def strip(self, left: float, right: float) -> Mesh:
        """The pan's surface between two fractions of its width in [-1, 1], cut by its outline."""
        x = np.linspace(left, right, 28)[None]
        exponent = {"round": 2.0, "soft": 4.0, "square": 8.0, "sharp": 28.0}[self.section]
        half = (1 - np.abs(np.clip(x, -1, 1)) ** exponent) ** (1 / exponent) * 0.985
        z = np.linspace(-1, 1, 20)[:, None] * half * self.depth
        points = np.stack([np.broadcast_to(x, z.shape), np.full_like(z, self.height - 0.02), z], 2) * [
            self.pan,
            1,
            self.pan,
        ]
        return sheet(points).planar(2 * self.pan, 2 * self.pan * self.depth)


def case(draw: Draw) -> Case:
    section = draw.weighted({"round": 5, "square": 2, "soft": 2, "sharp": 1})
    depth = 1.0 if section == "round" else draw.uniform(0.62, 1.0)
    return Case(section, 1.0, depth, draw.uniform(0.14, 0.28), draw.uniform(0.74, 0.9), package(draw))


def with_lid(draw: Draw, case: Case, tray: list[Part], layout: str) -> list[Part]:
    """A tray with its lid placed as `layout` says."""
    back = -case.radius * case.depth
    if layout == "open, lid up":
        lid = moved(case.lid(draw), y=case.height * 0.4, z=2 * back)
        hinge = (
            cylinder(0.05, case.radius * 0.6)
            .turned("z", 90)
            .moved(case.radius * 0.3, case.height * 0.75, back)
        )
        raised = turned(lid, "x", draw.uniform(55, 105), (0, case.height * 0.8, back))
        return [*tray, *raised, Part(hinge, case.outside)]
    if layout == "closed":
        return [*case.tray(), *moved(case.top(draw), y=case.height + 0.012)]
    if layout == "lid beside":
        lid = case.top(draw) if draw.chance(0.5) else case.lid(draw)
        side = draw.sign()
        offset = side * case.radius * draw.uniform(2.05, 2.3)
        if draw.chance(0.35):  # its edge on the tray
            lid = moved(turned(placed(lid), "z", side * draw.uniform(8, 14)), x=-side * 0.25)
        return [*tray, *moved(placed(lid), x=offset, z=draw.uniform(-0.5, 0.5))]
    if layout == "lid leaning behind":
        leaning = placed(turned(case.lid(draw), "x", draw.uniform(68, 82)))
        return [*tray, *moved(leaning, x=draw.uniform(-0.4, 0.4), z=1.25 * back)]
    return tray


def applicator(draw: Draw) -> list[Part]:
    """A sponge tip or a small brush with a black handle, lying."""
    rod = cylinder(0.045, 1.1, bevel=0.02)
    head = lathe([(0.04, 0), (0.09, 0.1), (0.08, 0.25), (0, 0.32)], depth=0.5, crease=90).moved(y=1.1)
    hair = prop(draw.choice((0.1, 0.08, 0.07), (0.9, 0.87, 0.82), (0.45, 0.3, 0.2)), 0.9)
    parts = [Part(rod, plain((0.05,) * 3, 0.2, "black plastic")), Part(head, hair)]
    return list(placed(turned(turned(parts, "z", 90), "y", 90 + draw.uniform(-30, 30))))


def puff(draw: Draw, radius: float) -> list[Part]:
    """A round powder puff, sometimes with a ribbon."""
    profile = [
        (0, 0),
        (radius * 0.9, 0.02),
        (radius, 0.1),
        (radius * 0.92, 0.2),
        (radius * 0.5, 0.25),
        (0, 0.26),
    ]
    tone = draw.choice((0.95, 0.93, 0.9), (0.93, 0.78, 0.76), (0.07, 0.06, 0.06), (0.86, 0.72, 0.58))
    velour = plain(tone, 0.95, "puff", specular=0.1, region=PACKAGING)
    parts = [Part(lathe(profile, crease=90), velour)]
    if draw.chance(0.5):
        ribbon = box(radius * 2.02, 0.02, radius * 0.4, 0.005).moved(y=0.255)
        parts.append(Part(ribbon, package(draw)))
    return parts
