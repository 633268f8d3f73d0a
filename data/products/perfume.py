"""Perfume: flacons of thick glass around a tinted juice, lacquered flacons, atomizers, rollerballs, and their caps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.draw import Draw
from data.label import picture, printed
from data.material import Material, clear, glass, metal, package, plain
from data.mesh import Mesh, Point, box, cylinder, joined, lathe
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.lettering import ink, lettering, on_front
from data.products.shapes import ball, hue, ring, rod
from data.products.vessels import carton

JUICES = (
    (0.97, 0.88, 0.68), (0.96, 0.79, 0.52), (0.98, 0.86, 0.84), (0.96, 0.95, 0.92), (0.85, 0.92, 0.95),
    (0.97, 0.93, 0.80), (0.96, 0.80, 0.83), (0.88, 0.94, 0.86),
)  # fmt: skip
SEGMENTS = 80  # round a flacon: refraction shows facets
DRAM = 0.35  # of a flacon's own tint that each of its glass surfaces takes


@dataclass(frozen=True)
class Flacon:
    """The outside without the neck: half width and height, depth over width, cross-section, profile, flutes or 0."""

    radius: float
    height: float
    depth: float
    section: str
    profile: list[Point]
    flutes: int = 0

    def reach(self, y: np.ndarray) -> np.ndarray:
        """Half width at heights `y`."""
        outline = np.array(self.profile)
        order = np.argsort(outline[:, 1], kind="stable")
        return np.asarray(np.interp(y, outline[order, 1], outline[order, 0]))

    @property
    def top(self) -> float:
        return self.profile[-1][1]

    @property
    def flat(self) -> bool:
        return self.section in ("square", "sharp", "soft")

    def mesh(self) -> Mesh:
        body = self._swept([*self.profile, (0.0, self.top)], self.section)
        if not self.flutes:
            return body
        v = body.vertices
        swell = 0.035 * np.cos(self.flutes * np.arctan2(v[:, 0], v[:, 2])) * (v[:, 1] > 0.04 * self.height)
        return body.bent(v * swell[:, None] * [1, 0, 1])

    def inside(self, wall: float, base: float, level: float) -> Mesh:
        """The juice: `wall` thinner all round, on a glass base of `base`, up to the share `level` of what is left."""
        high = base + (min(self.height, self.top) * 0.95 - base) * level
        e = min(0.08, 0.3 * (high - base))
        y = np.linspace(base + e, high, 18)
        body = [(max(float(r) - wall, 0.03), float(v)) for r, v in zip(self.reach(y), y, strict=True)]
        foot = [(max(body[0][0] - e * (1 - np.sin(a)), 0.02), base + e * (1 - np.cos(a))) for a in (0.0, 0.5, 1.0)]
        return self._swept(
            [(0.0, base), *foot, *body, (0.0, high)], "square" if self.section == "sharp" else self.section
        )

    def _swept(self, points: list[Point], section: str) -> Mesh:
        return lathe(points, section, depth=self.depth, crease=40, segments=SEGMENTS if section != "hex" else 48)


def perfume(draw: Draw) -> Product:
    """A flacon, closed, lying, with its cap off or its carton; or a travel spray, a rollerball, a bulb atomizer."""
    if draw.chance(0.16):
        return draw.weighted({_travel_spray: 2, _bulb_atomizer: 1, _rollerball: 1.5})(draw)
    form = _shape(draw)
    body, parts = _filled(draw, form)
    parts += _front(draw, form, body)
    neck = min(form.radius, form.radius * form.depth) * draw.uniform(0.24, 0.38)
    collar = metal(draw)
    lift = draw.uniform(0.06, 0.14)
    parts.append(Part(cylinder(neck, lift + 0.05, "round", 0.015).moved(y=form.top - 0.03), collar))
    layout = draw.weighted({"closed": 6, "cap off": 1.8, "with its carton": 1.8, "lying flat": 0.5})
    cap = _cap(draw, form, neck, collar, off=layout == "cap off")
    top = form.top + lift
    if layout == "cap off":
        nozzle = cylinder(neck * 0.62, 0.2, "round", 0.02).moved(y=top)
        jet = cylinder(0.03, 0.02).turned("x", 90).moved(y=top + 0.12, z=neck * 0.6)
        parts += [Part(nozzle, collar), Part(jet, plain(np.full(3, 0.08)))]
        x = draw.sign() * (form.radius + draw.uniform(0.45, 0.7))
        z = form.depth * form.radius + draw.uniform(-0.1, 0.3)
        parts += moved(cap, x=x, z=z) if draw.chance(0.6) else laid(cap, draw, x, z)
    else:
        parts += moved(cap, y=form.top + draw.choice(0.01, 0.5 * lift, lift))
    if layout == "with its carton":
        high = float(max(p.mesh.high[1] for p in parts))
        surface = draw.choice(package(draw), plain(np.full(3, draw.uniform(0.9, 0.97)), 0.5, "white paper"))
        wide = 2.0 * form.radius + 0.12
        case = carton(draw, surface, wide, high * draw.uniform(0.98, 1.08), 2 * form.radius * form.depth + 0.12)
        beside = draw.chance(0.6)
        x, z = (wide + draw.uniform(0.1, 0.25), 0.0) if beside else (0.6 * wide, -2.1 * form.radius * form.depth - 0.2)
        parts.append(case.moved(x=draw.sign() * x, z=z))
    view: View = "upright"
    if layout == "lying flat":
        parts, view = turned(turned(parts, "x", -90), "y", draw.choice(0.0, draw.uniform(-50, 50))), "overhead"
    shown = "closed" if layout == "lying flat" else layout
    return Product("perfume", placed(parts), (), None, "flacon", body, shown, view, tiltable=layout == "closed")


def _shape(draw: Draw) -> Flacon:
    kind = draw.weighted(
        {"slab": 5, "cube": 1.5, "round": 1.6, "disc": 1.0, "faceted": 1.2, "sculpted": 1.4, "tall": 1.6, "sphere": 0.6}
    )
    depth, section = 1.0, "round"
    radius, height, shoulder = draw.uniform(0.6, 0.8), draw.uniform(1.1, 1.6), draw.uniform(0.0, 0.08)
    if kind == "slab":
        section, depth = draw.choice("square", "sharp", "sharp", "soft"), draw.uniform(0.4, 0.7)
    elif kind == "cube":
        section, depth, height = (
            draw.choice("square", "sharp"),
            draw.uniform(0.7, 1.0),
            2 * radius * draw.uniform(0.85, 1.05),
        )
    elif kind == "tall":
        section = draw.choice("round", "square", "sharp")
        radius, height, depth = draw.uniform(0.36, 0.48), draw.uniform(1.6, 2.1), draw.uniform(0.7, 1.0)
        depth = 1.0 if section == "round" else depth
    elif kind == "faceted":
        section, shoulder, depth = "hex", draw.uniform(0.1, 0.35), draw.uniform(0.7, 1.0)
    if kind in ("sphere", "disc"):
        if kind == "disc":  # a coin on edge: round seen from the front
            section, depth = "soft", draw.uniform(0.35, 0.5)
        a = np.linspace(0.3, np.pi - 0.28, 18)
        curve = [(radius * float(np.sin(t)), radius * float(np.cos(0.3) - np.cos(t))) for t in a]
        return Flacon(radius, 1.7 * radius, depth, section, [(0.0, 0.0), *curve])
    waist = foot = brow = 1.0
    if kind == "sculpted":
        waist, foot, brow = draw.uniform(0.6, 1.2), draw.uniform(0.8, 1.1), draw.uniform(0.55, 1.05)
        section, depth = draw.choice("round", "round", "soft", "hex"), draw.uniform(0.6, 1.0)
    elif draw.chance(0.25):
        foot, brow = draw.choice((0.82, 1.0), (1.0, 0.78))
        waist = (foot + brow) / 2
    bend = draw.choice(0.03, 0.06, 0.14)
    s = np.linspace(0, 1, 12)
    swell = foot * (1 - s) ** 2 + 2 * waist * s * (1 - s) + brow * s**2
    sides = [(radius * float(w), 0.03 + (height - bend - 0.03) * float(t)) for w, t in zip(swell, s, strict=True)]
    last = sides[-1][0]
    turn = np.linspace(0, np.pi / 2, 5)[1:]
    curve = [(last - bend * (1 - float(np.cos(a))), height - bend * (1 - float(np.sin(a)))) for a in turn]
    profile = [(0.0, 0.0), (sides[0][0] - 0.03, 0.0), *sides, *curve, (last * 0.42, height + shoulder)]
    flutes = draw.choice(0, 0, draw.integer(12, 24)) if section == "round" else 0
    return Flacon(radius, height, depth, section, profile, flutes)


def _filled(draw: Draw, form: Flacon) -> tuple[Material, list[Part]]:
    """Thick glass over clear or dense juice, coloured glass, or lacquer, plain or paling towards the top."""
    kind = draw.weighted({"juice": 6.6, "dense": 0.4, "coloured": 1.6, "lacquer": 2})
    outer = form.mesh()
    if kind == "lacquer":
        body = package(draw)
        fade = np.linspace(0, draw.choice(0.0, 0.0, draw.uniform(0.5, 0.9)), 64)[::-1, None, None]
        shaded = body.colour * (1 - fade) + np.full(3, 0.95) * fade
        texture = (np.broadcast_to(shaded, (64, 64, 3)) * 255).astype(np.uint8)
        return body, [Part(outer, body if fade.max() == 0 else body.painted(texture))]
    if kind == "coloured":
        tint = hue(draw, (0.3, 0.8), (0.35, 0.75)) if draw.chance(0.8) else np.full(3, draw.uniform(0.25, 0.5))
        body = glass(tuple(np.clip(tint, 0.05, 1) ** DRAM), "tinted glass")
        return body, [Part(outer, body)]
    tint = np.array(draw.choice(*JUICES)) if draw.chance(0.8) else hue(draw, (0.15, 0.5), (0.75, 0.92))
    tint = np.clip(tint + draw.rng.normal(0, 0.02, 3), 0.05, 1.0)
    wall, base = draw.uniform(0.07, 0.16) * form.radius * form.depth, draw.uniform(0.09, 0.24) * min(form.height, 1.2)
    fill = form.inside(wall, base, draw.choice(1.0, 1.0, draw.uniform(0.75, 1.0)))
    shell = glass()
    if kind == "dense":
        return shell, [Part(outer, shell), Part(fill, plain(tint, 0.3, "juice", coat=0.2))]
    juice = glass(tuple(tint ** (2 * DRAM)), "juice")
    parts = [Part(outer, shell), Part(fill, juice)]
    if draw.chance(0.9):  # the dip tube
        low, high = base + 0.06, float(fill.high[1]) - 0.01
        lean = draw.uniform(-0.12, 0.12) * form.radius
        path = np.stack([np.linspace(lean * 2, 0, 6), np.linspace(low, high, 6), np.zeros(6)], 1)
        parts.append(Part(rod(path, 0.022), plain(np.full(3, 0.85), 0.4, "tube")))
    return shell, parts


def _front(draw: Draw, form: Flacon, body: Material) -> list[Part]:
    """A printed name, a paper or metal plaque, or a printed band around round flacons."""
    kind = draw.weighted({"print": 4, "plaque": 2.2, "band": 0.8, "bare": 1.2})
    if kind == "bare":
        return []
    middle = form.height * draw.uniform(0.32, 0.6)
    here = float(form.reach(np.array([middle]))[0])
    if kind == "print" or not form.flat:
        name = lettering(draw, here * draw.uniform(0.6, 1.2), draw.choice(1, 2, 2, 3)).moved(y=middle)
        surface = ink(draw, body.colour)
        if form.flutes or kind != "band":
            grown = on_front(name, lambda y: form.reach(y) * (1.04 if form.flutes else 1.0), form.depth, not form.flat)
            return [Part(grown, surface)]
    ground = draw.choice(
        np.array([0.96, 0.95, 0.92]), np.array([0.96, 0.95, 0.92]), np.full(3, 0.05), metal(draw).colour
    )
    paper = plain(ground, 0.4, "label").painted(picture(draw, ground, lines=draw.integer(1, 3)))
    tall = form.height * draw.uniform(0.14, 0.3)
    if form.flat:
        wide = here * draw.uniform(0.6, 1.2)
        plaque = box(wide, tall, 0.02, 0.004)
        front = max(float(v) for v in form.reach(np.linspace(middle - tall / 2, middle + tall / 2, 5)))
        return [Part(plaque.moved(y=middle - tall / 2, z=front * form.depth + 0.004), paper)]
    y = np.linspace(middle - tall / 2, middle + tall / 2, 6)
    edge = [(float(r) * 1.012, float(v)) for r, v in zip(form.reach(y), y, strict=True)]
    return [Part(lathe(edge, form.section, depth=form.depth, crease=180), paper)]


def _cap(draw: Draw, form: Flacon, neck: float, collar: Material, *, off: bool) -> list[Part]:
    """A cylinder, cube, ball, dome, cut crystal, clear hood, wooden block, stopper or bow on y = 0."""
    dark = plain(np.full(3, 0.03), 0.06, "black lacquer", coat=1.0)
    material = draw.choice(collar, collar, package(draw), dark, metal(draw))
    half = min(form.radius, form.radius * form.depth)
    wide = max(neck * 1.15, half * draw.uniform(0.5, 0.9))
    # A sprayer's cap is about as wide as high; only a lacquer bottle's hides a brush and is tall and slim.
    tall = min(form.height * draw.uniform(0.22, 0.5), wide * draw.uniform(1.3, 2.6))
    kind = draw.weighted(
        {
            "cylinder": 3.4, "cube": 3, "ball": 1.4, "crystal": 1.2, "hood": 1.2, "wood": 1, "dome": 0.8,
            "stopper": 0.9, "bow": 0.5,
        }
    )  # fmt: skip
    if kind == "cylinder":
        parts = [Part(cylinder(wide, tall, "round", 0.02), printed(draw, material, often=0.15))]
        if draw.chance(0.3):
            parts.append(Part(cylinder(wide * 1.005, 0.07, "round", 0.01), collar))
        return parts
    if kind == "cube":
        deep = 1.0 if draw.chance(0.6) else form.depth
        shape = cylinder(wide, min(tall, 2.2 * wide), draw.choice("square", "sharp", "sharp"), 0.02, deep)
        return [Part(shape, material)]
    if kind == "hood":  # clear, over the sprayer
        shell = Part(cylinder(wide, tall, draw.choice("round", "sharp"), 0.02), clear(draw))
        pump = joined([cylinder(0.62 * neck, 0.55 * tall, "round", 0.02), cylinder(0.85 * neck, 0.16 * tall)])
        return [shell] if off else [shell, Part(pump, collar)]
    if kind == "wood":
        grain = np.repeat(draw.rng.normal(1, 0.07, (1, 96, 1)), 96, axis=0)
        shade = np.array([0.68, 0.5, 0.33]) * draw.uniform(0.5, 1.25)
        texture = (np.clip(shade * grain, 0, 1) * 255).astype(np.uint8)
        return [Part(cylinder(wide, tall, draw.choice("round", "sharp"), 0.02), Material(texture, 0.6, name="wood"))]
    if kind == "ball":
        return [Part(ball(wide), material)]
    if kind == "crystal":
        cut = [(0.0, 0.0), (0.7 * wide, 0.0), (1.1 * wide, 0.3 * tall), (1.1 * wide, 0.62 * tall), (0.7 * wide, tall)]
        gem = lathe([*cut, (0.0, tall)], draw.choice("hex", "sharp", "round"), crease=10)
        return [Part(gem, glass(name="clear glass")), Part(cylinder(neck * 0.7, 0.45 * tall, "round", 0.02), collar)]
    if kind == "dome":
        s = np.linspace(0, np.pi / 2, 10)
        curve = [(wide * float(np.cos(a)) + 1e-3, 0.1 + tall * float(np.sin(a))) for a in s]
        return [Part(lathe([(0, 0), (wide, 0), *curve]), material)]
    if kind == "stopper":
        flare = [(wide * 1.1, tall * 0.45), (wide * 1.15, tall * 0.6), (wide * 0.7, tall)]
        profile = [(0.0, 0.0), (neck, 0.0), *flare, (0.0, tall)]
        return [Part(lathe(profile, draw.choice("hex", "round", "soft"), crease=20), material)]
    loops = [_loop(side * 0.3).moved(y=0.3) for side in (-1, 1)]
    return [
        Part(cylinder(wide * 0.9, 0.3, "round", 0.02), collar),
        Part(joined([*loops, ball(0.09).moved(y=0.22)]), material),
    ]


def _loop(reach: float) -> Mesh:
    """One loop of a bow."""
    a = np.linspace(0, 2 * np.pi, 40)
    return rod(np.stack([reach * (1 - np.cos(a)), 0.18 * np.sin(a) * np.sin(a / 2), 0 * a], 1), 0.045)


def _travel_spray(draw: Draw) -> Product:
    """A slim spray, closed, or its cap off beside it."""
    body, r = package(draw), draw.uniform(0.17, 0.26)
    high, lid = draw.uniform(1.1, 1.6), draw.uniform(0.5, 0.8)
    trim = metal(draw)
    parts = [
        Part(cylinder(r, high, "round", 0.025), printed(draw, body, vertical=True)),
        Part(cylinder(r * 1.02, 0.08, "round", 0.01).moved(y=high), trim),
    ]
    cap = [Part(cylinder(r, lid, "round", 0.025), body if draw.chance(0.6) else trim)]
    layout = draw.weighted({"closed": 2, "cap off": 1})
    if layout == "closed":
        parts += moved(cap, y=high + 0.08)
    else:
        parts.append(Part(cylinder(r * 0.7, 0.25, "round", 0.02).moved(y=high + 0.08), trim))
        parts += laid(cap, draw, draw.sign() * (r + 0.5), r + 0.1)
    return Product("perfume", placed(parts), (), None, "atomizer", body, layout, tiltable=layout == "closed")


def _rollerball(draw: Draw) -> Product:
    """A slim glass vial of perfume oil with a metal ball under its cap."""
    r, high, wall = draw.uniform(0.17, 0.22), draw.uniform(1.3, 1.7), glass()
    form = Flacon(r, high, 1.0, "round", [(0.0, 0.0), (r - 0.03, 0.0), (r, 0.03), (r, high - 0.04), (r - 0.04, high)])
    tint = np.array(draw.choice(*JUICES)) if draw.chance(0.7) else hue(draw, (0.4, 0.9), (0.5, 0.8))
    parts = [Part(form.mesh(), wall), Part(form.inside(0.035, 0.1, 0.95), plain(tint, 0.3, "juice", coat=0.2))]
    if draw.chance(0.8):
        name = lettering(draw, high * draw.uniform(0.4, 0.65), draw.choice(1, 2)).turned("z", draw.choice(90, 90, -90))
        parts.append(Part(on_front(name.moved(y=high * 0.5), form.reach, 1.0, True), ink(draw, tint)))
    trim = draw.choice(metal(draw), metal(draw), package(draw))
    cap = [Part(cylinder(r, draw.uniform(0.4, 0.6), "round", 0.02), trim)]
    layout = draw.weighted({"closed": 2, "cap off": 1})
    if layout == "closed":
        parts += moved(cap, y=high)
    else:
        steel = metal(draw, "silver")
        neck = joined(
            [cylinder(r * 0.75, 0.12, "round", 0.01).moved(y=high - 0.01), ball(r * 0.5).moved(y=high + 0.03)]
        )
        parts += [Part(neck, steel), *laid(cap, draw, draw.sign() * (r + 0.45), r + 0.1)]
    return Product("perfume", placed(parts), (), None, "rollerball", wall, layout, tiltable=layout == "closed")


def _bulb_atomizer(draw: Draw) -> Product:
    """A vintage flacon with a bulb on a hose."""
    profile = [(0.0, 0.0), (0.5, 0.0), (0.75, 0.35), (0.7, 0.7), (0.4, 1.0), (0.2, 1.1)]
    body, parts = _filled(draw, Flacon(0.75, 1.0, 1.0, draw.choice("round", "hex"), profile))
    trim, side, s = metal(draw), draw.sign(), np.linspace(0, 1, 20)
    hose = rod(np.stack([side * (0.15 + 0.85 * s), 1.3 - 0.25 * np.sin(np.pi * s) - 0.2 * s, 0.3 * s], 1), 0.035)
    bulb = ball(0.26, 0.9).moved(x=side * 1.2, y=0.85, z=0.32)
    parts += [
        Part(joined([cylinder(0.2, 0.3).moved(y=1.08), ring(0.22, 0.03).turned("x", 90).moved(y=1.12)]), trim),
        Part(joined([hose, bulb]), plain(hue(draw), 0.7, "fabric")),
    ]
    return Product("perfume", placed(parts), (), None, "atomizer", body, "closed", tiltable=False)
