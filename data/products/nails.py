"""Nail polish: bottles, spills, painted tips and painted hands."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.draw import Draw
from data.label import picture, printed
from data.material import Material, clear, cosmetic, metal, package, plain, prop
from data.mesh import Mesh, Point, blob, capsule_profile, lathe, sheet
from data.product import Part, Product, laid, moved, placed, turned
from data.products.swatches import finish, shade, smear, swatch
from data.products.wands import beside, tip_mesh

SKIN_LIFT = 1.03  # nails lie this much outside the finger's radius


@dataclass(frozen=True)
class Bottle:
    """Half width `radius`, z scaled by `depth`; `foot` and `waist` scale the width at bottom and middle."""

    section: str
    radius: float
    height: float
    depth: float
    foot: float
    waist: float
    shoulder: float
    neck: float

    @property
    def top(self) -> float:
        return self.height + self.shoulder

    def wall(self, inset: float, floor: float) -> list[Point]:
        r, h, g = self.radius, self.height, inset
        low, mid = r * self.foot - g, r * self.waist - g
        side = [(low, floor + 0.06), (mid, h * 0.45), (r - g, h * 0.82), (r - g - 0.03, h * 0.9 - g * 0.5)]
        top = [(r * 0.8 - g, h - g * 0.6), (self.neck - g * 0.4, self.top - g * 0.5), (0, self.top - g * 0.5)]
        return [(0, floor), (low - 0.05, floor), *side, *top]

    def mesh(self, inset: float = 0.0, floor: float = 0.0) -> Mesh:
        return lathe(self.wall(inset, floor), self.section, depth=self.depth, crease=55)

    def label(self, draw: Draw) -> Part:
        """A sticker on the front, just outside the glass."""
        low, high = self.height * draw.uniform(0.2, 0.35), self.height * draw.uniform(0.55, 0.8)
        r = max(self.radius, self.radius * self.waist) + 0.008
        band = lathe([(r, low), (r, high)], self.section, depth=self.depth, segments=96)
        front = np.abs(band.uv[:, 0] - 0.5) < draw.uniform(0.07, 0.12)
        ground = np.full(3, draw.choice(0.05, 0.95, 0.95))
        paper = plain(ground, 0.5, "label").painted(picture(draw, ground))
        return Part(replace(band, faces=band.faces[front[band.faces].all(1)]), paper)


def bottle(draw: Draw) -> Bottle:
    section = draw.weighted({"round": 4, "soft": 2, "square": 2, "sharp": 1})
    depth = 1.0 if section == "round" or draw.chance(0.4) else draw.uniform(0.6, 1.0)
    radius = draw.uniform(0.42, 0.65)
    foot = draw.choice(1.0, 1.0, draw.uniform(0.75, 1.2))
    waist = (1 + foot) / 2 + draw.choice(0.0, 0.0, draw.uniform(-0.05, 0.12))
    return Bottle(
        section,
        radius,
        draw.uniform(0.75, 1.25),
        depth,
        foot,
        waist,
        draw.uniform(0.03, 0.25),
        draw.uniform(0.18, 0.27),
    )


def cap_mesh(draw: Draw, neck: float) -> Mesh:
    """A tall cap: straight, tapered to the top, or flared."""
    high, wide = draw.uniform(0.9, 1.6), neck * draw.uniform(1.1, 1.5)
    middle, top = draw.choice((1.0, 1.0), (0.9, 0.72), (1.03, 1.0), (0.8, 0.85))
    section = draw.weighted({"round": 5, "soft": 1, "square": 1})
    end = [(wide * top, high - 0.06), (wide * top - 0.04, high - 0.01), (0, high)]
    return lathe([(0, 0), (wide - 0.02, 0), (wide, 0.03), (wide * middle, high * 0.5), *end], section)


def cap_material(draw: Draw) -> Material:
    kind = draw.weighted({"black": 5, "white": 1, "metal": 2, "any": 1.5})
    if kind == "black":
        return plain(
            np.full(3, draw.uniform(0.015, 0.06)), draw.uniform(0.08, 0.5), "black plastic", coat=0.3
        )
    if kind == "white":
        return plain(np.full(3, draw.uniform(0.88, 0.96)), draw.uniform(0.1, 0.4), "white plastic")
    return metal(draw) if kind == "metal" else package(draw)


def brush(draw: Draw, cap: Part, length: float, lacquer: Material) -> list[Part]:
    """The cap with its stem and a flat brush, full of lacquer, below it."""
    stem = lathe([(0.045, 0), (0.04, -length * 0.65)])
    hair = tip_mesh(draw, "brush", length * 0.4, 0.09).moved(y=-length * 0.62)
    return [cap, Part(stem, plain((0.9,) * 3, 0.2, "stem")), Part(hair, lacquer)]


def filled(draw: Draw, shape: Bottle, lacquer: Material, labelled: bool) -> list[Part]:
    """Clear glass with the lacquer inside it: thick glass at the bottom, as these bottles have."""
    inset, floor = draw.uniform(0.03, 0.07), draw.uniform(0.06, 0.16)
    parts = [Part(shape.mesh(), clear(draw)), Part(shape.mesh(inset, floor), lacquer)]
    return [*parts, shape.label(draw)] if labelled else parts


def bottles(draw: Draw) -> Product:
    """One to five bottles of one kind in different shades, closed or with the brush out."""
    count = draw.weighted({1: 6, 2: 1, 3: 1.2, 4: 0.6, 5: 0.6})
    layout = (
        "closed" if count > 1 else draw.weighted({"closed": 4, "brush out": 2.5, "closed, with a smear": 2})
    )
    shape, cap_surface, main = bottle(draw), cap_material(draw), finish(draw, "nail polish")
    cap_shape = cap_mesh(draw, shape.neck)
    labelled = draw.chance(0.45)
    shades = [shade(draw, "nail polish") for _ in range(count)]
    cap = printed(draw, cap_surface, vertical=True, often=0.2)
    parts: list[Part] = []
    for k, colour in enumerate(shades):
        lacquer = cosmetic(draw, colour, main)
        one = filled(draw, shape, lacquer, labelled)
        if layout == "brush out":
            rim = lathe(capsule_profile(shape.neck * 0.8, 0.2, 0.02)).moved(y=shape.top)
            one += [Part(rim, clear(draw)), *brush_out(draw, one, Part(cap_shape, cap), shape, lacquer)]
        else:
            one.append(Part(cap_shape.moved(y=shape.top), cap))
        x = (k - (count - 1) / 2) * shape.radius * max(1.0, shape.foot, shape.waist) * 2.15
        parts += moved(
            turned(one, "y", draw.uniform(-12, 12)), x, 0, draw.uniform(-0.15, 0.15) if count > 1 else 0
        )
    if layout == "closed, with a smear":
        spill = smear(draw, 1.6) if draw.chance(0.6) else blob(draw.rng, draw.uniform(0.4, 0.7), 0.05, 0.25)
        parts.append(
            Part(
                spill.moved(draw.uniform(-0.9, 0.9), 0, draw.uniform(0.9, 1.3)),
                cosmetic(draw, shades[0], main),
            )
        )
    glass = parts[0].material
    return Product("nail polish", placed(parts), tuple(shades), main, "bottle", glass, layout, count=count)


def brush_out(draw: Draw, standing: list[Part], cap: Part, shape: Bottle, lacquer: Material) -> list[Part]:
    """The brush laid in front, or held above the bottle's side, with a drop of lacquer now and then."""
    tool = brush(draw, cap, shape.height * 1.05, lacquer)
    if draw.chance(0.5):
        out = laid(tool, draw, 0.0, shape.radius + draw.uniform(0.6, 0.9))
        drop = blob(draw.rng, draw.uniform(0.15, 0.35), 0.04, 0.2).moved(draw.uniform(-0.8, 0.8), 0, 1.1)
        return [*out, Part(drop, lacquer)] if draw.chance(0.5) else out
    return beside(draw, standing, turned(tool, "z", draw.choice(0, draw.uniform(-35, 35), 180)))


def nail(draw: Draw, length: float, width: float, radius: float, kind: str) -> Mesh:
    """A curved plate on a finger of `radius` along y, facing +z, its cuticle at y = 0; `kind` is its tip."""
    s, t = np.meshgrid(np.linspace(0, 1, 28), np.linspace(-1, 1, 17), indexing="ij")
    cuticle = np.sqrt(np.clip(1 - (1 - np.clip(s / 0.22, 0, 1)) ** 2, 0, 1))
    point = {"square": 0.05, "round": 0.25, "almond": 0.55, "stiletto": 0.8}[kind]
    rest = np.clip((s - (1 - point)) / point, 0, 1)
    tip = 1 - rest if kind == "stiletto" else np.sqrt(np.clip(1 - rest**2, 0, 1))
    tip = np.maximum(tip, 0.75) if kind == "square" else tip
    angle = t * (width / radius) * np.minimum(0.25 + 0.75 * cuticle, tip + 0.02)
    arch = radius * (1 - 0.12 * s**2)
    return sheet(np.stack([arch * np.sin(angle), s * length, arch * np.cos(angle)], 2))


def nail_kind(draw: Draw) -> str:
    return draw.weighted({"square": 1.5, "round": 2, "almond": 2.5, "stiletto": 0.8})


def hand(draw: Draw, lacquers: list[Material]) -> list[Part]:
    """Three to five fingers side by side, tips up, nails to the front, on the back of a hand."""
    skin = prop(shade(draw, "foundation"), draw.uniform(0.45, 0.65), "skin")
    count, kind = draw.integer(3, 5), nail_kind(draw)
    long, parts = draw.uniform(0.5, 0.9), []
    spread = draw.uniform(2, 9)
    for k in range(count):
        side = k - (count - 1) / 2
        r = 0.25 * draw.uniform(0.92, 1.05) * (0.85 if k == count - 1 else 1.0)
        h = 2.1 - 0.16 * (side + 0.3) ** 2
        knuckle = [(r * 1.08, 0), (r * 1.1, h * 0.45), (r, h * 0.55), (r * 1.02, h * 0.7)]
        end = [(r * np.cos(a), h - r + r * np.sin(a)) for a in np.linspace(0, np.pi / 2, 8)]
        finger = Part(lathe([*knuckle, *end], depth=0.88, crease=90), skin)
        plate = nail(draw, long, r * 0.78, r * SKIN_LIFT, kind)
        plate = replace(plate, vertices=plate.vertices * [1, 1, 0.9]).moved(y=h - 0.62)
        one = [finger, Part(plate, lacquers[k % len(lacquers)])]
        parts += moved(turned(one, "z", -side * spread), side * 0.55, 0.9)
    hollow = [
        (0.72, -0.9),
        (0.66, -0.4),
        (0.8, 0.2),
        (0.98, 0.75),
        (1.0, 1.0),
        (0.9, 1.2),
        (0.6, 1.33),
        (0, 1.36),
    ]
    palm = lathe(hollow, crease=90)
    parts.append(Part(replace(palm, vertices=palm.vertices * [0.27 * count + 0.1, 1, 0.29]), skin))
    return list(placed(parts))


def painted_hand(draw: Draw) -> Product:
    """A hand with painted nails, upright or lying with the nails up, perhaps beside the bottle."""
    main, colour = finish(draw, "nail polish"), shade(draw, "nail polish")
    shades = [colour, shade(draw, "nail polish")] if draw.chance(0.15) else [colour]
    parts = hand(draw, [cosmetic(draw, c, main) for c in shades])
    lying = draw.chance(0.5)
    if lying:
        parts = list(placed(turned(turned(parts, "x", -90), "y", draw.uniform(-40, 40))))
    bottled = draw.chance(0.5)
    if bottled:
        shape, lacquer = bottle(draw), cosmetic(draw, colour, main)
        cap = Part(cap_mesh(draw, shape.neck).moved(y=shape.top), cap_material(draw))
        one = [*filled(draw, shape, lacquer, draw.chance(0.4)), cap]
        one = laid(one, draw, 0, 0) if lying else one
        parts += beside(draw, parts, one, 0.1)
    return Product(
        "nail polish",
        placed(parts),
        tuple(shades),
        main,
        "bottle" if bottled else "swatch",
        None,
        "worn on a hand, bottle beside" if bottled else "worn on a hand",
        "overhead" if lying else "upright",
        tiltable=False,
    )


def tips(draw: Draw) -> Product:
    """Press-on tips in one to seven shades: a single one, a row, or a fan on sticks."""
    layout = draw.weighted({"single nail tip": 1, "row of nail tips": 2, "fan of nail tips": 2})
    count = 1 if layout == "single nail tip" else draw.integer(3, 7)
    main, kind = finish(draw, "nail polish"), nail_kind(draw)
    same = draw.chance(0.3)
    first = shade(draw, "nail polish")
    shades = [first] + [first if same else shade(draw, "nail polish") for _ in range(count - 1)]
    stick = plain((0.93, 0.92, 0.9), 0.3, "white plastic")
    length, parts = draw.uniform(0.9, 1.4), []
    for k, colour in enumerate(shades):
        tip = nail(draw, length, 0.3, draw.uniform(0.36, 0.5), kind).turned("x", -90)
        tip = tip.moved(y=-tip.low[1])
        side = k - (count - 1) / 2
        one = [Part(tip, cosmetic(draw, colour, main))]
        if layout == "fan of nail tips":
            rod = lathe(capsule_profile(0.16, 1.5, 0.05), depth=0.2).turned("x", -90).moved(y=0.03, z=1.35)
            one = turned(moved([*one, Part(rod, stick)], z=-1.6), "y", -side * 22)
        else:
            one = moved(one, side * 0.72)
        parts += one
    distinct = (first,) if same else tuple(shades)
    return Product(
        "nail polish",
        placed(parts),
        distinct,
        main,
        "swatch",
        None,
        layout,
        "overhead",
        count,
        tiltable=False,
    )


def nail_polish(draw: Draw) -> Product:
    kind = draw.weighted({"bottles": 9, "swatch": 1.6, "tips": 1.6, "hand": 2.6})
    if kind == "swatch":
        return swatch(draw, "nail polish", {"smear": 2, "poured disc": 2}, {finish(draw, "nail polish"): 1})
    return {"bottles": bottles, "tips": tips, "hand": painted_hand}[kind](draw)
