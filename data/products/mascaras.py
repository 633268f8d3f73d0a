"""Mascaras: tall slim tubes of one line, their wands, and how shops and bloggers lay them out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.draw import Draw
from data.label import picture, printed
from data.material import STRONG, Material, cosmetic, metal, package, plain, plastic
from data.mesh import Mesh, box, cylinder, lathe
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.placing import Parts, flat_lay, middled, resting_on, spun
from data.products.spoolies import spoolie
from data.products.strokes import lash_strokes, streak
from data.products.swatches import finish, shade
from data.products.wands import beside

# A metallised pink as on many bestsellers, by lightness; the others come from data.material.
METALLIC = ((0.86, 0.62, 0.62), (0.80, 0.50, 0.52), (0.92, 0.74, 0.72), (0.72, 0.42, 0.50), (0.90, 0.66, 0.55))


def tube_surface(draw: Draw) -> Material:
    """A tube's outside: black, metallic pink, white, gold and silver, bright and pastel plastic."""
    kind = draw.weighted({"black": 4, "pink metal": 2.2, "white": 1.8, "metal": 2, "bright": 1.6, "any": 1.5})
    if kind == "black":
        return plastic(draw, np.full(3, draw.uniform(0.012, 0.06)), "black")
    if kind == "white":
        return plastic(draw, np.full(3, draw.uniform(0.88, 0.97)), "white")
    if kind == "pink metal":
        colour = np.clip(np.array(draw.choice(*METALLIC)) + draw.rng.normal(0, 0.02, 3), 0, 1)
        return plain(colour, draw.uniform(0.12, 0.32), "pink metal", metallic=0.9)
    if kind == "bright":
        name = draw.choice(*STRONG)
        return plastic(draw, np.clip(np.array(STRONG[name]) + draw.rng.normal(0, 0.03, 3), 0.02, 0.97), name)
    return metal(draw) if kind == "metal" else package(draw)


@dataclass(frozen=True)
class Line:
    """The design that the tubes of one line share; lengths in the scene's units (1 is some 4 cm)."""

    radius: float
    body: float
    cap: float
    shape: str
    cap_shape: str
    ribs: str
    section: str
    depth: float
    trim: Material
    ring: float

    def _turned(self, shape: str, height: float, ribbed: bool) -> Mesh:
        """A closed barrel on y = 0 whose outline follows `shape`."""
        s = np.linspace(0, 1, 28)
        r = {
            "straight": np.ones(28), "tapered": 0.84 + 0.16 * s, "hourglass": 1 - 0.2 * np.sin(np.pi * s),
            "belly": 0.9 + 0.22 * np.sin(np.pi * s), "flared": 1.14 - 0.14 * s, "narrowing": 1 - 0.26 * s,
            "round top": np.ones(28), "flared top": 0.86 + 0.14 * np.cos(np.pi * s) ** 2,
        }[shape] * self.radius  # fmt: skip
        if ribbed and self.ribs == "rings":
            r = np.where((s > 0.08) & (s < 0.92), r * (1 - 0.035 * (np.arange(28) % 2 == 0)), r)
        bevel = 0.035
        rounding = 0.8 * self.radius if shape == "round top" else bevel
        profile = [(0.0, 0.0), (float(r[0]) - bevel, 0.0)]
        top = height - rounding
        profile += [(float(a), bevel + (top - bevel) * float(b)) for a, b in zip(r, s, strict=True)]
        for a in np.linspace(0.25, 1, 5) * np.pi / 2:
            profile.append((float(r[-1] - rounding * (1 - np.cos(a))), float(top + rounding * np.sin(a))))
        mesh = lathe(
            [*profile, (0.0, height)],
            self.section,
            segments=72 if self.ribs == "flutes" else 40,
            depth=self.depth,
            crease=50,
        )
        if ribbed and self.ribs == "flutes":
            angle = np.arctan2(mesh.vertices[:, 2], mesh.vertices[:, 0])
            dip = -0.05 * (np.cos(18 * angle) > 0.3)
            mesh = mesh.bent(np.stack([mesh.vertices[:, 0] * dip, 0 * dip, mesh.vertices[:, 2] * dip], 1))
        return mesh

    def barrel(self, outside: Material) -> Parts:
        return [Part(self._turned(self.shape, self.body, self.ribs == "flutes"), outside)]

    def neck(self) -> Parts:
        """The threaded mouth of an opened tube, in the trim's colour."""
        r = self.radius * 0.62
        steps = [(r * (1.0 if k % 2 else 0.93), 0.03 + 0.035 * k) for k in range(5)]
        mouth = [(r, 0), *steps, (r * 0.9, 0.26), (r * 0.5, 0.27), (r * 0.45, 0.2), (0, 0.2)]
        return [Part(lathe(mouth, crease=60).moved(y=self.body), self.trim)]

    def lid(self, cap: Material) -> Parts:
        """The cap, its mouth on y = 0, with a ring round it where the line has one."""
        parts = [Part(self._turned(self.cap_shape, self.cap, True), cap)]
        if self.ring:
            band = cylinder(self.radius * 1.03, self.ring, self.section, 0.012, self.depth)
            parts.append(Part(band, self.trim))
        return parts

    def closed(self, outside: Material, cap: Material) -> Parts:
        return [*self.barrel(outside), *moved(self.lid(cap), y=self.body + 0.012)]

    def wand(self, draw: Draw, cap: Material, product: Material, tip: Mesh | None = None) -> Parts:
        """The cap from y = 0 up, and below it the stem and the head coated with the product."""
        reach = max(self.body, 0.8) * draw.uniform(0.75, 0.95)
        long = reach * draw.uniform(0.42, 0.56)
        stem, thin = reach - long, self.radius * draw.uniform(0.18, 0.27)
        dark = draw.chance(0.75)
        collar = [(0, -0.1), (self.radius * 0.4, -0.1), (self.radius * 0.5, -0.02), (self.radius * 0.5, 0)]
        rod = lathe([(thin * 0.7, -stem - 0.05), (thin, -stem + 0.15), (thin, 0)])
        head = spoolie(draw, long, self.radius * draw.uniform(0.5, 0.8)) if tip is None else tip
        surface = plain((0.03,) * 3 if dark else (0.85,) * 3, 0.3, "black stem" if dark else "white stem")
        return [
            *self.lid(cap), Part(rod, surface), Part(lathe(collar), surface), Part(head.moved(y=-stem), product),
        ]  # fmt: skip


def named(draw: Draw, surface: Material) -> Material:
    """The surface with a tall name up the tube, mostly one or two lines; or bare."""
    if draw.chance(0.1):
        return surface
    return surface.painted(picture(draw, surface.colour, vertical=True, lines=draw.choice(1, 1, 2, 3)))


def line_of(draw: Draw, slim: float = 1.0) -> Line:
    """A line's design; `slim` scales its thickness. Tubes are 6 to 8.5 times as tall as wide."""
    whole = draw.uniform(2.9, 3.5)
    share = draw.uniform(0.45, 0.62)
    section = draw.weighted({"round": 8, "soft": 0.8, "square": 0.7, "hex": 0.4})
    return Line(
        radius=whole / draw.uniform(6.0, 8.5) / 2 * slim,
        body=whole * share,
        cap=whole * (1 - share),
        shape=draw.weighted({"straight": 6, "tapered": 1.5, "hourglass": 1, "belly": 1.6, "flared": 0.8}),
        cap_shape=draw.weighted({"straight": 5, "narrowing": 2.5, "round top": 1.2, "flared top": 0.8}),
        ribs=draw.weighted({"none": 6, "rings": 1.0, "flutes": 1.4}) if section == "round" else "none",
        section=section,
        depth=draw.uniform(0.6, 1.0) if section == "soft" else 1.0,
        trim=metal(draw) if draw.chance(0.65) else plain((0.03,) * 3, 0.3, "black plastic"),
        ring=draw.choice(0.0, 0.0, draw.uniform(0.03, 0.16)),
    )


def mascara(draw: Draw) -> Product:
    """A mascara closed, with its wand out, in a flat lay over its streak, in a group, or as a streak alone."""
    layout = draw.weighted(
        {"closed": 1.8, "wand out": 4.2, "flat lay": 2.6, "group": 1.8, "wand alone": 0.6, "swatch": 0.7}
    )
    colour, main = shade(draw, "mascara"), finish(draw, "mascara")
    product = cosmetic(draw, colour, main)
    if layout == "swatch":
        return streak_alone(draw, "mascara", colour, product)
    line, outside = line_of(draw), tube_surface(draw)
    cap = outside if draw.chance(0.62) else tube_surface(draw)
    body = named(draw, outside)
    top = printed(draw, cap, vertical=True, often=0.15)
    view: View = "upright"
    count, tiltable, shown = 1, False, True
    if layout == "closed":
        parts, tiltable, shown = line.closed(body, top), True, False
        if draw.chance(0.15):
            parts += _carton(draw, outside, line)
    elif layout == "wand alone":
        wand = line.wand(draw, top, product)
        parts, tiltable = turned(wand, "z", draw.choice(0.0, 180.0)), True
    elif layout == "wand out":
        parts, layout = standing_open(draw, line, line.barrel(body), top, product)
    elif layout == "flat lay":
        parts, view = _flat(draw, line, body, top, product), "overhead"
        layout = "wand out, with a smear"
    else:
        parts, view, count, shown = _group(draw, line, body, top, product)
        layout = "wand out" if shown else "closed"
    return Product(
        "mascara", middled(parts), (colour,) if shown else (), main if shown else None, "tube", outside,
        layout, view, count, tiltable,
    )  # fmt: skip


def standing_open(
    draw: Draw, line: Line, barrel: Parts, cap: Material, product: Material, tip: Mesh | None = None
) -> tuple[Parts, str]:
    """The opened tube with its wand beside it, and the layout's name; a streak lies before it now and then."""
    wand = line.wand(draw, cap, product, tip)
    tube = [*barrel, *line.neck()]
    pose = draw.weighted({"brush up": 4, "leaning": 1.5, "brush down": 2, "lying": 1.4, "over the tube": 1})
    if pose == "brush up":
        parts = tube + beside(draw, tube, turned(wand, "z", 180), draw.uniform(0.1, 0.6))
    elif pose == "leaning":  # against the tube: the foot stands off, the head touches the rim
        parts = tube + beside(draw, tube, turned(wand, "z", 180 + draw.sign() * draw.uniform(8, 24)), 0.02)
    elif pose == "brush down":
        parts = tube + beside(draw, tube, turned(wand, "z", draw.uniform(-22, 22)), draw.uniform(0.08, 0.4))
    elif pose == "lying":
        parts = tube + laid(wand, draw, draw.uniform(-0.4, 0.4), line.radius * 2 + draw.uniform(0.4, 0.9))
    else:  # drawn out of the mouth and held above it
        low = float(min(p.mesh.low[1] for p in wand))
        parts = tube + moved(turned(wand, "z", draw.uniform(-12, 12)), y=line.body - low * draw.uniform(0.8, 1.1))
    if draw.chance(0.15):
        stroke = streak(draw, 1.4, 0.4).turned("y", draw.uniform(-40, 40)).moved(draw.normal(0.4), 0, 1.2)
        return [*parts, Part(stroke, product)], "wand out, with a smear"
    return parts, "wand out"


def _flat(draw: Draw, line: Line, body: Material, cap: Material, product: Material) -> Parts:
    """From above: the tube and its wand parallel, crossed or apart, over or beside a wide streak or drawn lashes."""
    wand, tube = line.wand(draw, cap, product), [*line.barrel(body), *line.neck()]
    lean = draw.uniform(-35, 35)
    pose = draw.weighted({"parallel": 3, "crossed": 2, "apart": 1.5})
    length, width = draw.uniform(1.6, 3.0), draw.uniform(0.5, 1.1)
    stroke = Part(streak(draw, length, width).turned("y", draw.uniform(0, 360)), product)
    if draw.chance(0.12):
        stroke = Part(lash_strokes(draw, 2.0).turned("y", draw.normal(30)), product)
    ground = moved([stroke], draw.uniform(-0.5, 0.9), 0, draw.uniform(-0.9, 0.4))
    lower = flat_lay([spun(tube, lean + draw.normal(3))])
    lower = moved(lower, y=0.02)
    if pose == "parallel":
        side = draw.sign() * draw.uniform(0.5, 0.9)
        upper = flat_lay([spun(wand, lean + draw.choice(0.0, 180.0) + draw.normal(3), side, draw.uniform(-0.4, 0.8))])
    elif pose == "crossed":
        turn = lean + draw.choice(0.0, 180.0) + draw.sign() * draw.uniform(30, 75)
        upper = resting_on(flat_lay([spun(wand, turn, draw.normal(0.2), draw.normal(0.3))]), lower)
    else:
        upper = flat_lay([spun(wand, draw.uniform(0, 360), draw.sign() * draw.uniform(1.2, 1.6), draw.normal(0.4))])
    return [*ground, *lower, *upper]


def _group(draw: Draw, line: Line, body: Material, cap: Material, product: Material) -> tuple[Parts, View, int, bool]:
    """Two to six tubes: a standing row, or laid side by side, fanned or strewn; parts, view, count, brush shown."""
    count = draw.integer(2, 6)
    open_ones = min(count, draw.weighted({0: 3, 1: 3.5, 2: 1.5}))
    same, flat = draw.chance(0.6), draw.chance(0.4)
    fan = draw.chance(0.4)
    parts: Parts = []
    x, gap = 0.0, draw.uniform(0.12, 0.45)
    for k in range(count):
        outside = body if same or k == 0 else named(draw, tube_surface(draw))
        lid = cap if same or k == 0 else (outside if draw.chance(0.5) else tube_surface(draw))
        items = [line.closed(outside, lid)]
        if k >= count - open_ones:
            wand = line.wand(draw, lid, product)
            items = [[*line.barrel(outside), *line.neck()], turned(wand, "z", 180 if draw.chance(0.8) else 0)]
        for item in items:
            if flat:
                turn = draw.normal(8) + (0 if not fan else 14 * (k - count / 2)) + (180 if draw.chance(0.2) else 0)
                parts += flat_lay([spun(item, turn, x, draw.normal(0.15))])
            else:
                parts += moved(placed(item), x=x, z=draw.normal(0.2))
            x += 2 * line.radius + gap + (0.25 if flat and fan else 0)
    if flat and open_ones and draw.chance(0.3):
        stroke = streak(draw, 1.8, 0.6).turned("y", draw.uniform(0, 360)).moved(x / 2, 0, draw.sign() * 1.9)
        parts.append(Part(stroke, product))
    return parts, "overhead" if flat else "upright", count, open_ones > 0


def _carton(draw: Draw, outside: Material, line: Line) -> Parts:
    """The slim box that the tube came in, beside it."""
    side = line.radius * 2.3
    height = (line.body + line.cap) * 1.04
    face = printed(draw, plain(outside.colour, 0.5, "carton"), vertical=True, often=1.0)
    shift = draw.sign() * (side + draw.uniform(0.05, 0.4))
    return [Part(box(side, height, side, 0.01).turned("y", draw.uniform(-25, 25)).moved(x=shift), face)]


def streak_alone(draw: Draw, product_type: str, colour: np.ndarray, product: Material) -> Product:
    """One to three brushed streaks, now and then with drawn lashes, and no package."""
    count = draw.weighted({1: 5, 2: 1, 3: 0.7})
    turn = draw.uniform(0, 360)
    parts = []
    for k in range(count):
        stroke = streak(draw, draw.uniform(1.6, 2.4), draw.uniform(0.4, 0.9)).turned("y", turn + draw.normal(6))
        parts.append(Part(stroke.moved(z=(k - (count - 1) / 2) * 1.1), product))
    if count == 1 and draw.chance(0.2):
        parts = [Part(lash_strokes(draw, 2.0), product)]
    return Product(
        product_type, middled(parts), (colour,), product.name, "swatch", None, "swatch", "overhead", tiltable=False
    )  # fmt: skip
