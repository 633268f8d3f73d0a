"""Fluid colour in small bottles with a doe-foot wand: liquid blush, highlighter, shadow, concealer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.draw import Draw
from data.film import blob
from data.label import printed
from data.material import Material, clear, cosmetic, metal, package, plain, plastic
from data.mesh import Mesh, capsule_profile, cylinder, joined, lathe
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.shapes import ball
from data.products.swatches import LIQUID_FINISHES, shade, smear
from data.products.walls import enclosed
from data.products.wands import beside, wand_parts

Parts = list[Part]


@dataclass(frozen=True)
class Vial:
    """A bottle with a wand in its cap. `wall` is "clear", "frosted" or "opaque"; `label` seeds its print."""

    radius: float
    height: float
    cap_height: float
    section: str
    depth: float
    wall: str
    cap: Material
    outside: Material
    crown: str
    glass: float
    label: int

    def fluid(self, draw: Draw, colour: np.ndarray, finish: str) -> Material:
        return cosmetic(draw, colour, finish)

    def body(self, draw: Draw, fluid: Material) -> Parts:
        r, h = self.radius, self.height
        names = Draw((self.label,))  # every bottle of a row carries the same print
        front = printed(names, fluid, vertical=names.chance(0.55), often=0.75)
        if self.wall == "opaque":
            return [Part(cylinder(r, h, self.section, depth=self.depth), self.outside)]
        if self.wall == "frosted":
            return [Part(cylinder(r, h, self.section, depth=self.depth), replace(front, roughness=0.35))]
        w, base = r * self.glass, r * self.glass * 1.8
        inner = lathe(capsule_profile(r - w, h - base - 0.02, 0.06), self.section, depth=self.depth)
        outer = cylinder(r, h, self.section, 0.03, self.depth)
        return enclosed(draw, outer, inner.moved(y=base), front)

    def cap_mesh(self) -> Mesh:
        body = cylinder(self.radius, self.cap_height, self.section, 0.035, self.depth)
        if self.crown == "ball":
            top = ball(self.radius * 0.98).moved(y=self.cap_height * 0.5)
            low = cylinder(self.radius * 0.97, self.cap_height * 0.5, "round", 0.04)
            return joined([low, top])
        if self.crown == "step":  # a broad collar that carries a narrower cap
            low = cylinder(self.radius, self.cap_height * 0.22, self.section, 0.03, self.depth)
            top = cylinder(self.radius * 0.72, self.cap_height * 0.8, self.section, 0.03, self.depth)
            return joined([low, top.moved(y=self.cap_height * 0.2)])
        return body

    def closed(self, draw: Draw, fluid: Material) -> Parts:
        parts = self.body(draw, fluid)
        if self.crown == "ring":
            band = cylinder(self.radius * 0.99, 0.07, self.section, 0.01, self.depth)
            parts.append(Part(band.moved(y=self.height), metal(Draw((self.label,)))))
        lift = self.height + (0.07 if self.crown == "ring" else 0.012)
        return [*parts, Part(self.cap_mesh().moved(y=lift), self.cap)]

    def wand(self, draw: Draw, fluid: Material) -> Parts:
        """The cap from y = 0 up with its wand below."""
        length = self.height * draw.uniform(0.8, 0.95)
        stem = wand_parts(
            draw,
            fluid,
            self.cap,
            length,
            "doe-foot",
            cap_radius=min(self.radius, 0.27),
            cap_height=self.cap_height,
            section=self.section,
        )
        return [Part(self.cap_mesh(), self.cap), *stem[1:]]

    def opened(self, draw: Draw, fluid: Material) -> Parts:
        """The bottle open, its wand standing on the cap, held at an angle or laid in front."""
        neck = cylinder(self.radius * 0.6, 0.22, "round", 0.02).moved(y=self.height)
        thread = [
            lathe([(self.radius * 0.6, 0), (self.radius * 0.66, 0.02), (self.radius * 0.6, 0.04)]).moved(
                y=self.height + y
            )
            for y in (0.05, 0.13)
        ]
        tone = draw.choice(plain((0.93,) * 3, 0.3, "white neck"), plain((0.06,) * 3, 0.3, "black neck"), metal(draw))
        parts = [*self.body(draw, fluid), Part(joined([neck, *thread]), tone)]
        wand = self.wand(draw, fluid)
        pose = draw.weighted({"tip up": 6, "tip down": 1.5, "lying": 1})
        if pose == "lying":
            return parts + laid(wand, draw, draw.uniform(-0.4, 0.4), self.radius * 2 + draw.uniform(0.5, 1.0))
        lean = draw.choice(0.0, 0.0, draw.uniform(-25, 25)) + (180 if pose == "tip up" else 0)
        return parts + beside(draw, parts, turned(wand, "z", lean))


def vial(draw: Draw, *, slim: bool, colour: np.ndarray | None = None) -> Vial:
    """A short wide bottle, or the long `slim` one of concealers and glosses."""
    radius = draw.uniform(0.17, 0.25) if slim else draw.uniform(0.26, 0.4)
    height = draw.uniform(1.1, 1.7) if slim else draw.uniform(0.85, 1.35)
    section = draw.weighted({"round": 5, "soft": 1.2, "square": 2, "sharp": 0.8})
    cap = draw.weighted({"any": 3, "gold": 2.2, "black": 1.8, "white": 1.8, "alike": 0.9})
    caps = {
        "any": lambda: package(draw),
        "gold": lambda: metal(draw, draw.choice("gold", "rose gold", "champagne")),
        "black": lambda: plastic(draw, np.full(3, draw.uniform(0.02, 0.07)), "black"),
        "white": lambda: plastic(draw, np.array([0.96, 0.94, 0.9]) * draw.uniform(0.95, 1.0), "white"),
        "alike": lambda: plain(
            np.full(3, 0.9) if colour is None else colour * 0.6 + 0.38, 0.4, "shade-coloured plastic"
        ),
    }
    crown = draw.weighted({"flat": 6, "ring": 2, "ball": 0.7 if section == "round" else 0})
    return Vial(
        radius,
        height,
        height * draw.uniform(0.45, 0.95),
        section,
        1.0 if section == "round" or draw.chance(0.6) else draw.uniform(0.6, 0.9),
        draw.weighted({"clear": 5, "frosted": 2.4, "opaque": 0.8}),
        caps[cap](),
        printed(draw, package(draw), vertical=draw.chance(0.6), often=0.95),
        crown,
        draw.uniform(0.08, 0.24),
        draw.integer(0, 1 << 30),
    )


def cheek_vial(draw: Draw, colour: np.ndarray) -> Vial:
    """The short wide bottle of liquid blush and highlighter, its cap as wide and as tall as itself."""
    radius = draw.uniform(0.27, 0.38)
    height = radius * draw.uniform(2.2, 3.4)
    tone = draw.weighted({"gold": 2.5, "rose gold": 2.5, "white": 2, "black": 1, "pale": 1.5})
    pale = np.clip(colour * 0.35 + 0.62, 0, 1)
    caps = {"white": np.array([0.96, 0.93, 0.88]), "black": np.full(3, 0.03), "pale": pale}
    names = {"pale": "shade-coloured"}
    cap = plastic(draw, caps[tone], names.get(tone, tone)) if tone in caps else metal(draw, tone)
    wall = draw.weighted({"frosted": 4, "clear": 3.5, "opaque": 0.4})
    return replace(
        vial(draw, slim=False, colour=colour),
        radius=radius,
        height=height,
        cap_height=height * draw.uniform(0.55, 1.05),
        section=draw.weighted({"round": 6, "soft": 1, "square": 1.5}),
        depth=1.0,
        wall=wall,
        cap=cap,
        crown=draw.weighted({"flat": 3, "ring": 3, "step": 2.5}),
    )


def liquid(draw: Draw, product_type: str, *, slim: bool | None = None, finish: str = "") -> Product:
    """Fluid colour in one bottle or up to seven: closed, wand out, in a row, fanned flat, or lying on its drops."""
    thin = draw.chance(0.35) if slim is None else slim
    main = finish or draw.weighted(LIQUID_FINISHES)
    layout = draw.weighted({"closed": 3, "wand out": 4, "row": 1.6, "fan": 1.2, "smear": 1.1, "wand alone": 0.5})
    count = draw.integer(2, 5) if layout == "row" else draw.integer(3, 6) if layout == "fan" else 1
    shades = [shade(draw, product_type) for _ in range(count)]
    if draw.chance(0.6):
        shades.sort(key=lambda s: float(s.sum()))
    wide = slim is None and product_type in ("blush", "bronzer or highlighter") and draw.chance(0.45)
    kind = cheek_vial(draw, shades[0]) if wide else vial(draw, slim=thin, colour=shades[0])
    thin = thin and not wide
    fluids = [kind.fluid(draw, s, main) for s in shades]
    seen, view, words = kind.wall != "opaque", "upright", layout
    if layout == "closed":
        parts = kind.closed(draw, fluids[0])
    elif layout == "wand out":
        parts, seen = kind.opened(draw, fluids[0]), True
    elif layout == "wand alone":
        parts, seen = turned(kind.wand(draw, fluids[0]), "z", draw.choice(180.0, draw.uniform(-50, 50))), True
    elif layout == "row":
        parts, words = _row(draw, kind, fluids), "several in a row"
        seen = seen or any(f is p.material for p in parts for f in fluids)
    elif layout == "fan":
        parts, view, words = fan([kind.closed(draw, f) for f in fluids], draw), "overhead", "several fanned out"
    else:
        parts, view, words = on_drops(draw, kind.closed(draw, fluids[0]), fluids[0]), "overhead", "lying with a smear"
        seen = True
    main_package = kind.outside if kind.wall == "opaque" else clear(draw)
    shown: View = "overhead" if view == "overhead" else "upright"
    return Product(
        product_type,
        placed(parts),
        tuple(shades) if seen else (),
        main if seen else None,
        "tube" if thin else "bottle",
        main_package,
        words,
        shown,
        count,
        tiltable=layout in ("closed", "wand alone"),
    )


def _row(draw: Draw, kind: Vial, fluids: list[Material]) -> Parts:
    """Bottles side by side, now and then the last one open."""
    step = kind.radius * draw.uniform(2.1, 3.2)
    parts: Parts = []
    for k, fluid in enumerate(fluids):
        parts += moved(kind.closed(draw, fluid), (k - (len(fluids) - 1) / 2) * step, 0, draw.normal(0.03))
    if draw.chance(0.25):
        parts += beside(draw, parts, turned(kind.wand(draw, fluids[-1]), "z", 180))
    return parts


def fan(items: list[Parts], draw: Draw) -> Parts:
    """Upright things laid on their backs: a wheel, a fan, or a slanted row with alternating heads."""
    way = draw.weighted({"fan": 2, "wheel": 1 if len(items) > 3 else 0, "slanted": 2.5})
    flat: Parts = []
    for k, item in enumerate(items):
        tall, wide = max(p.mesh.high[1] for p in item), 2.3 * max(p.mesh.high[0] for p in item)
        lying = placed(turned(item, "x", -90))
        middle = (k - (len(items) - 1) / 2) / max(len(items) - 1, 1)
        if way == "wheel":
            put = turned(moved(lying, 0, 0, -0.45), "y", 360 * k / len(items))
        elif way == "fan":
            put = turned(moved(lying, 0, 0, -0.3 - 0.25 * len(items) * wide), "y", -middle * 14 * len(items))
        else:
            head = 180.0 if draw.chance(0.2) else 0.0
            put = turned(moved(lying, 0, 0, tall / 2), "y", head)
            put = moved(put, middle * wide * 1.12 * len(items), 0, draw.normal(0.07 * tall))
        flat += put
    flat = turned(flat, "y", draw.uniform(-40, 40))
    low, high = np.min([p.mesh.low for p in flat], 0), np.max([p.mesh.high for p in flat], 0)
    return moved(flat, -(low + high)[0] / 2, 0, -(low + high)[2] / 2)


def on_drops(draw: Draw, item: Parts, fluid: Material) -> Parts:
    """A thing laid on its back beside, or upon, a smear or round drops of its fluid."""
    lying = moved(placed(turned(item, "x", -90)), 0, 0, max(p.mesh.high[1] for p in item) / 2)
    side = max(p.mesh.high[0] for p in item)
    if draw.chance(0.5):
        stroke = smear(draw, draw.uniform(1.4, 2.2)).turned("y", draw.uniform(50, 130))
        x = draw.sign() * (side + draw.uniform(0.3, 0.7))
        return turned([*lying, Part(stroke.moved(x=x), fluid)], "y", draw.uniform(-30, 30))
    drops = [
        blob(draw.rng, draw.uniform(0.25, 0.6), 0.06, 0.03).moved(
            s * (side + draw.uniform(-0.1, 0.4)), 0, draw.uniform(-1, 1)
        )
        for s in (-1, 1, draw.sign())
    ]
    return turned([*moved(lying, y=0.05), Part(joined(drops), fluid)], "y", draw.uniform(-30, 30))
