"""Flat cases: tray, rim and lid of compacts and the things that lie with them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from beauty_vlm.measurement.regions import BACKGROUND, PACKAGING
from data.draw import Draw
from data.label import font, ink, invented_name
from data.material import Material, clear, glass, package, plain, plastic, prop
from data.mesh import Mesh, box, cross_section, cylinder, joined, lathe, plate, sheet
from data.product import Part, moved, placed, turned
from data.products.brushes import brush, family_of

COMPACT_LAYOUTS = {
    "open, lid up": 4.0,
    "half open": 4.0,
    "open flat": 1.0,
    "lid beside": 1.0,
    "lid leaning behind": 0.5,
    "lid missing": 1.4,
    "closed": 2.4,
}
COMPANY_HAIRS = 500  # of a brush beside a product
HEX_APOTHEM = np.cos(np.pi / 6)  # half the depth of a hexagon of half width 1
PRINT = 320  # texels along a lid's width


def mirror(draw: Draw) -> Material:
    return plain(np.full(3, draw.uniform(0.8, 0.94)), 0.04, "mirror", metallic=1.0)


def iridescent(draw: Draw) -> Material:
    """Pearly plastic whose hue runs over its face, as of soap film."""
    y, x = np.mgrid[0:1:64j, 0:1:64j]
    turn = draw.uniform(0, 2 * np.pi)
    phase = 2 * np.pi * (draw.uniform(0.5, 1.3) * (x * np.cos(turn) + y * np.sin(turn)) + draw.uniform(0, 1))
    phase = phase + 0.8 * np.sin(4 * x + draw.uniform(0, 6)) * np.sin(3 * y + draw.uniform(0, 6))
    hues = np.stack([np.cos(phase), np.cos(phase - 2.1), np.cos(phase + 2.1)], 2)
    texture = np.clip(0.83 + draw.uniform(0.04, 0.11) * hues, 0, 1)
    if draw.chance(0.5):  # holographic: pink, violet and blue foil
        tone = np.array(draw.choice((0.86, 0.5, 0.78), (0.7, 0.55, 0.9), (0.55, 0.7, 0.92), (0.9, 0.6, 0.66)))
        texture = np.clip(tone + draw.uniform(0.1, 0.22) * hues, 0, 1)
    surface = plain((0.83,) * 3, draw.uniform(0.12, 0.3), "coloured plastic", metallic=0.35, coat=1.0)
    return surface.painted((texture * 255 + 0.5).astype(np.uint8))


def lid_print(draw: Draw, ground: Material, depth: float = 1.0, row: float | None = None) -> Material:
    """The surface with a name as lids carry it: centred, near the front edge or at `row` (a fraction), crisp."""
    if ground.clear:
        return ground
    high = max(int(PRINT * depth), 24)
    tone = ground.colour
    image = Image.fromarray(ground.texture).resize((PRINT, high), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(image)
    r, g, b = (int(255 * c + 0.5) for c in np.clip(ink(draw, tone), 0, 1))
    share = draw.weighted({0.09: 3, 0.15: 3, 0.24: 1.2})
    size = max(11, int(PRINT * share * draw.uniform(0.8, 1.2)))
    if row is not None:  # on a narrow rim
        size = max(10, int(0.075 * high))
    name = invented_name(draw)
    line = high * (draw.choice(0.5, 0.5, 0.28, draw.uniform(0.72, 0.84)) if row is None else row)
    face = font(draw, size)
    while pen.textlength(name, font=face) > 0.86 * PRINT and size > 9:
        size = int(size * 0.85)
        face = font(draw, size)
    pen.text((PRINT / 2, line), name, fill=(r, g, b), font=face, anchor="mm")
    if row is None and draw.chance(0.4):
        small = font(draw, max(9, size // 3))
        pen.text((PRINT / 2, line + size * 0.9), invented_name(draw), fill=(r, g, b), font=small, anchor="mm")
    if row is None and draw.chance(0.12):
        inset = 0.06 * PRINT
        pen.rectangle([inset, inset, PRINT - inset, high - inset], outline=(r, g, b), width=3)
    return ground.painted(np.array(image))


def between(outer: tuple[str, float, float], inner: tuple[str, float, float], y: float) -> Mesh:
    """The flat face between two outlines of (section, radius, depth): a tray's top around its pan."""
    rows = [cross_section(s, 96) * [r, r * d] for s, r, d in (outer, inner)]
    points = np.stack([np.stack([o[:, 0], np.full(len(o), y), o[:, 1]], 1) for o in rows])
    face = sheet(points)
    return face.planar(2 * outer[1], 2 * outer[1] * outer[2])


@dataclass(frozen=True)
class Case:
    """A flat box, half as wide as `radius` in x and `radius * depth` in z, and a pan of half width `pan`.

    The pan may have an outline and depth of its own; `lid` is "solid", "window" (clear within a rim) or "clear";
    `face` covers the tray around the pan.
    """

    section: str
    radius: float
    depth: float
    height: float
    pan: float
    outside: Material
    pan_section: str = ""
    pan_depth: float = 0.0
    lid_kind: str = "solid"
    face: Material | None = None

    @property
    def well(self) -> tuple[str, float]:
        """Outline and depth (against its half width) of the pan."""
        return self.pan_section or self.section, self.pan_depth or self.depth

    def tray(self) -> list[Part]:
        r, h, p = self.radius, self.height, self.pan
        section, depth = self.well
        wall = [(0, 0), (r - 0.06, 0), (r - 0.015, 0.02), (r, 0.06), (r, h - 0.03), (r - 0.02, h - 0.008)]
        hole = [(p, h), (p, h - 0.06), (0.001, h - 0.06)]
        top = between((self.section, r - 0.02, self.depth), (section, p, depth), h)
        inner = lathe(hole, section, depth=depth)
        shell = lathe(wall, self.section, depth=self.depth)
        face = self.face or self.outside
        parts = [Part(shell, self.outside), Part(joined([top, inner]), face)]
        if self.outside.clear:  # a clear case holds a coloured tray
            body = lathe([(0, 0.03), (r - 0.07, 0.03), (r - 0.07, h)], self.section, depth=self.depth)
            parts.append(Part(body, face))
        return parts

    def rim(self, material: Material) -> Part:
        p, h = self.pan, self.height
        section, depth = self.well
        ring = [(p + 0.025, h - 0.01), (p + 0.02, h + 0.008), (p - 0.005, h + 0.008), (p - 0.01, h - 0.05)]
        return Part(lathe(ring, section, depth=depth), material)

    def cover(self, draw: Draw, raised: bool = True) -> list[Part]:
        """The lid as it lies on the tray, inside down, its foot at y = 0; `raised` if it will not stay there."""
        r, h = self.radius, self.height * draw.uniform(0.4, 0.75)
        d, wall = self.depth, [(r, 0), (r, h - 0.05), (r - 0.018, h - 0.016), (r - 0.06, h)]
        if self.lid_kind == "clear":
            # Clear plastic is seen by its edges, which gather light.
            lip = lathe([(r + 0.004, 0), (r + 0.004, 0.035), (r - 0.03, 0.035)], self.section, depth=d)
            bevel = lathe([(r - 0.015, h - 0.016), (r - 0.05, h + 0.003)], self.section, depth=d)
            edge = plain(np.full(3, draw.uniform(0.72, 0.95)), 0.12, "clear plastic")
            wall = [(r, 0.03), *wall[1:]]
            if raised and draw.chance(0.8):  # solid: lit through and through
                hollow = [(0.0, h), (0.0, h - 0.05), (r - 0.05, h - 0.05), (r - 0.05, 0.03), (r, 0.03)]
                return [Part(lathe([*wall, *hollow], self.section, depth=d), glass()), Part(lip, edge)]
            shell = lathe([*wall, (0.001, h)], self.section, depth=d)
            return [Part(shell, clear(draw)), Part(joined([lip, bevel]), edge)]
        if self.lid_kind == "window":
            hole = draw.uniform(0.58, 0.84) * r
            rim = lathe([*wall, (r - 0.06, h), (r - 0.06, h - 0.03)], self.section, depth=d)
            hem = lathe([(hole, h), (hole, 0.4 * h)], self.section, depth=d)
            frame = between((self.section, r - 0.06, d), (self.section, hole, d), h)
            middle = 0.5 + draw.sign() * (1 + hole) / 4  # of the rim, before or behind the window
            ground = self._opaque()
            thin = Part(plate(hole + 0.005, h * 0.8, self.section, d, 0.0), clear(draw))
            pane = Part(cylinder(hole + 0.005, 0.04, self.section, 0.01, d).moved(y=h * 0.5), glass())
            return [
                Part(joined([rim, hem]), ground),
                Part(frame, lid_print(draw, ground, d, middle) if draw.chance(0.6) else ground),
                pane if raised else thin,
            ]
        outside = self._opaque()
        rise = draw.weighted({0.0: 3, 0.05: 1, 0.14: 0.6})
        top = plate(r - 0.06, h, self.section, d, rise)
        inside = plate(r - 0.015, 0.012, self.section, d, 0.0)
        print_ = lid_print(draw, outside, d) if draw.chance(0.75) else outside
        parts = [
            Part(joined([lathe(wall, self.section, depth=d), inside]), outside),
            Part(top, print_),
        ]
        if draw.chance(0.7):
            reflector = plate(r * draw.uniform(0.8, 0.93), 0.006, self.section, d, 0.0)
            parts.append(Part(reflector, mirror(draw)))
        return parts

    def _opaque(self) -> Material:
        return (self.face or self.outside) if self.outside.clear else self.outside

    def lid(self, draw: Draw) -> list[Part]:
        """The lid on its back, inside up."""
        return list(placed(turned(self.cover(draw), "x", 180)))

    def top(self, draw: Draw) -> list[Part]:
        """The lid's outside, face up on y = 0."""
        return self.cover(draw)

    def strip(self, left: float, right: float) -> Mesh:
        """The pan's surface between two fractions of its width in [-1, 1], cut by its outline."""
        section, depth = self.well
        x = np.linspace(left, right, 28)[None]
        exponent = {"round": 2.0, "soft": 4.0, "square": 8.0, "sharp": 28.0}[section]
        half = (1 - np.abs(np.clip(x, -1, 1)) ** exponent) ** (1 / exponent) * 0.985
        z = np.linspace(-1, 1, 20)[:, None] * half * depth
        points = np.stack([np.broadcast_to(x, z.shape), np.full_like(z, self.height - 0.02), z], 2)
        return sheet(points * [self.pan, 1, self.pan]).planar(2 * self.pan, 2 * self.pan * depth)


def case(draw: Draw, colour: np.ndarray | None = None) -> Case:
    """A compact's case; with the powder's `colour` it may be coloured alike or clear, as blushers' often are."""
    # A hexagon takes no strips, so only where the caller knows what goes in.
    section = draw.weighted({"round": 6, "square": 2.4, "soft": 1.2, "sharp": 2.6, "hex": 0.5 * (colour is not None)})
    depth = 1.0 if section in ("round", "hex") else draw.choice(1.0, draw.uniform(0.62, 1.0))
    outside = package(draw)
    face: Material | None = None
    kind = draw.weighted({"any": 5, "black": 2.2, "white": 1.2, "alike": 1.8 * (colour is not None), "iris": 1.1})
    if kind == "black":
        outside = plastic(draw, np.full(3, draw.uniform(0.015, 0.07)), "black")
    elif kind == "white":
        outside = plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white")
    elif kind == "alike" and colour is not None:
        pale = draw.uniform(0, 0.65)
        outside = plastic(draw, np.clip(colour * (1 - pale) + pale, 0, 1), "shade-coloured")
    elif kind == "iris":
        outside = iridescent(draw)
    if draw.chance(0.12):
        face = outside
        outside = clear(draw)
    elif draw.chance(0.2):
        face = plastic(draw, np.full(3, draw.choice(0.04, 0.95)), "inner")
    lid_kind = draw.weighted({"solid": 6, "window": 1.5, "clear": 1.5})
    if outside.clear:
        lid_kind = "clear"
    pan_section, pan_depth, pan = section, depth, draw.uniform(0.68, 0.9)
    if section != "round":
        if section == "hex" or draw.chance(0.4):  # a round pan in an angular case
            pan_section, pan_depth, pan = "round", 1.0, depth * draw.uniform(0.68, 0.82)
        else:
            margin = 1 - pan
            pan_section = draw.choice(section, "sharp", "square")
            pan_depth = (depth - margin) / pan
    return Case(section, 1.0, depth, draw.uniform(0.16, 0.28), pan, outside, pan_section, pan_depth, lid_kind, face)


def with_lid(draw: Draw, case: Case, tray: list[Part], layout: str) -> list[Part]:
    """A tray with its lid placed as `layout` says."""
    back = -case.radius * case.depth * (HEX_APOTHEM if case.section == "hex" else 1.0)
    if layout in ("open, lid up", "half open", "open flat"):
        low, high = {"open, lid up": (88, 122), "half open": (54, 82), "open flat": (168, 179)}[layout]
        pivot = (0.0, case.height, back)
        lid = turned(moved(case.cover(draw), y=case.height + 0.01), "x", -draw.uniform(low, high), pivot)
        wide = case.radius * draw.uniform(0.3, 0.7)
        bar = cylinder(0.05, wide).turned("z", 90).moved(wide / 2, case.height - 0.03, back - 0.015)
        latch = box(wide * 0.7, 0.1, 0.05, 0.015).moved(0, case.height - 0.12, -back - 0.005)
        fixings = joined([bar, latch]) if draw.chance(0.7) and case.section != "hex" else bar
        return [*tray, *lid, Part(fixings, case.outside)]
    if layout == "closed":
        seen = case.tray() if case.lid_kind == "solid" else tray
        return [*seen, *moved(case.cover(draw, raised=False), y=case.height + 0.012)]
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


def lying_brush(draw: Draw, kind: str) -> list[Part]:
    """A make-up brush on the table, its tuft away from the camera or aslant; company, not the product."""
    parts = brush(draw, family_of(draw), kind, COMPANY_HAIRS)
    parts = [replace(p, material=replace(p.material, region=BACKGROUND)) for p in parts]
    return list(placed(turned(turned(parts, "x", -90), "y", draw.uniform(-35, 35) + draw.choice(0, 0, 180))))


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
