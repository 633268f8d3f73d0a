"""Liners of eyes and brows: felt and brush pens, pencils, slim dip bottles, and the lines that they draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, cosmetic, metal, plain
from data.mesh import cylinder, joined, lathe
from data.product import Part, Product, View, moved, placed, turned
from data.products.mascaras import Line, named, standing_open, tube_surface
from data.products.placing import Parts, flat_lay, middled, resting_on, spun
from data.products.spoolies import spoolie
from data.products.strokes import drawn_line, lash_strokes, streak
from data.products.swatches import FINISH_WEIGHTS, finish, related, shade
from data.products.wands import beside, pencil_parts

STROKE_FINISHES = {"matte": 2.0, "satin": 2.0, "glossy": 1.0}
BRISTLES = plain((0.04,) * 3, 0.55, "black bristles")
PATTERN = 128  # texels of a patterned barrel


def liner_shade(draw: Draw, product_type: str) -> np.ndarray:
    """A liner's sRGB colour (3,): of eyeliners sold most are black or a dark brown, whatever lists of shades hold."""
    if product_type == "eyeliner" and draw.chance(0.55):
        brown = draw.uniform(0, 1) if draw.chance(0.3) else 0.0
        return np.clip(draw.uniform(0.02, 0.08) + brown * np.array([0.16, 0.08, 0.05]), 0, 1)
    return shade(draw, product_type)


def barrel_surface(draw: Draw, surface: Material) -> Material:
    """A slim barrel's outside: a name along it, mostly; bare; or a checked, striped or spiral pattern."""
    if draw.chance(0.85):
        return named(draw, surface) if draw.chance(0.5) else printed(draw, surface, vertical=True, often=0.85)
    y, x = np.mgrid[0:PATTERN, 0:PATTERN] / PATTERN
    k = draw.integer(6, 14)
    marks = {
        "checks": (np.floor(x * 8) + np.floor(y * 3 * k)) % 2,
        "stripes": np.floor(y * k) % 2,
        "spiral": np.floor(y * k + x * 2) % 2,
    }[draw.choice("checks", "stripes", "spiral")] * ((y > 0.1) & (y < draw.uniform(0.4, 0.95)))  # fmt: skip
    second = np.clip(surface.colour * 0.35 if surface.colour.mean() > 0.4 else surface.colour + 0.5, 0, 1)
    texture = surface.colour + marks[..., None] * (second - surface.colour)
    return surface.painted((texture * 255).astype(np.uint8))


@dataclass(frozen=True)
class Pen:
    """A felt or brush pen; lengths in the scene's units (1 is some 4 cm): it is 11 to 15 times as long as thick."""

    radius: float
    body: float
    cap: float
    grip: float
    nib: float
    brush: bool
    outside: Material
    lid: Material
    trim: Material

    def opened(self, product: Material) -> Parts:
        """Upright on its end, tip up."""
        r, top = self.radius, self.body + self.grip
        barrel = [(0, 0), (r * 0.75, 0), (r, 0.05), (r, self.body)]
        cone = [(r * 0.86, 0), (r * 0.84, self.grip * 0.4), (r * 0.42, self.grip * 0.9), (r * 0.36, self.grip)]
        long = self.nib
        width = r * (0.26 if self.brush else 0.32)
        tip = [(width, -0.02), (width * (1.15 if self.brush else 1), long * 0.3), (width * 0.5, long * 0.7),
               (0.004, long * 0.98), (0, long)]  # fmt: skip
        return [
            Part(lathe(barrel, crease=60), self.outside),
            Part(cylinder(r * 1.02, 0.06, bevel=0.01).moved(y=self.body - 0.06), self.trim),
            Part(lathe(cone, crease=60).moved(y=self.body), plain((0.03,) * 3, 0.3, "black plastic")),
            Part(lathe(tip, crease=90).moved(y=top), product),
        ]

    def lid_parts(self) -> Parts:
        r = self.radius
        taper = [(0, 0), (r * 0.98, 0), (r, 0.02), (r * 0.92, self.cap - 0.05), (r * 0.8, self.cap), (0, self.cap)]
        return [Part(lathe(taper, crease=50), self.lid)]

    def closed(self) -> Parts:
        return [
            *self.opened(plain((0.03,) * 3))[:2],
            *moved(self.lid_parts(), y=self.body + 0.01),
        ]


def pen_of(draw: Draw) -> Pen:
    """A pen's design with real proportions."""
    whole = draw.uniform(3.2, 3.9)
    share = draw.uniform(0.6, 0.74)
    outside = tube_surface(draw)
    brush = draw.chance(0.4)
    return Pen(
        radius=whole / draw.uniform(11, 15.5) / 2,
        body=whole * share,
        cap=whole * (1 - share),
        grip=draw.uniform(0.25, 0.5),
        nib=draw.uniform(0.26, 0.4) if brush else draw.uniform(0.14, 0.3),
        brush=brush,
        outside=barrel_surface(draw, outside),
        lid=outside if draw.chance(0.65) else tube_surface(draw),
        trim=metal(draw) if draw.chance(0.6) else outside,
    )


def pen(draw: Draw, product_type: str) -> Product:
    """One to five pens: closed, opened, drawing a line, over drawn lines, in a row, fanned out or crossed."""
    one = pen_of(draw)
    colour, main = liner_shade(draw, product_type), draw.weighted(STROKE_FINISHES)
    product = cosmetic(draw, colour, main)
    layout = draw.weighted(
        {"closed": 0.9, "cap off": 1.4, "cap beside": 2.2, "with drawn strokes": 2.4, "drawing a line": 1.4,
         "in a row": 1.5, "fanned out": 0.7, "crossed": 0.5}
    )  # fmt: skip
    if layout == "closed":
        parts: Parts = [*one.closed()]
        return Product(product_type, placed(parts), form="pen", package=one.outside, layout=layout)
    parts, view, count = arranged(draw, one.opened(product), one.lid_parts(), one.closed(), product, layout)
    return Product(
        product_type, middled(parts), (colour,), main, "pen", one.outside, layout, view, count, layout == "cap off"
    )


def arranged(
    draw: Draw, opened: Parts, lid: Parts, closed: Parts, product: Material, layout: str
) -> tuple[Parts, View, int]:
    """Slim things with their tip up, in one of the layouts of `pen`: parts, view and how many there are."""
    if layout == "cap off":
        return opened, "upright", 1
    if layout == "cap beside":
        if draw.chance(0.5):
            lid = turned(lid, "z", draw.choice(0.0, 180.0))
            return opened + beside(draw, opened, lid, draw.uniform(0.06, 0.4)), "upright", 1
        lean, side = draw.uniform(-30, 30), draw.sign() * draw.uniform(0.25, 0.6)
        turn = lean + draw.normal(6)
        return flat_lay([spun(opened, lean), spun(lid, turn, side, draw.uniform(-0.6, 0.9))]), "overhead", 1
    if layout == "with drawn strokes":
        return _over_lines(draw, opened, lid, closed, product), "overhead", 1
    if layout == "drawing a line":
        return _drawing(draw, opened, product), "flat", 1
    if layout == "crossed":
        turn = draw.uniform(8, 35)
        lower = flat_lay([spun(opened, turn)])
        return lower + resting_on(flat_lay([spun(closed, -turn)]), lower), "overhead", 2
    count = draw.integer(2, 6)
    parts: Parts = []
    if layout == "fanned out":
        for k in range(count):
            at = k - (count - 1) / 2
            item = opened if draw.chance(0.7) or k == 0 else closed
            parts += flat_lay([turned(item, "z", -at * draw.uniform(9, 13))])
        return parts, "overhead", count
    standing, gap = draw.chance(0.55), draw.uniform(0.32, 0.55)
    for k in range(count):
        item = opened if k == 0 or draw.chance(0.5) else closed
        item = turned(item, "z", 180) if draw.chance(0.15) else item
        if standing:
            parts += moved(placed(item), x=k * gap, z=draw.normal(0.1))
        else:
            parts += flat_lay([spun(item, draw.normal(2), k * gap, draw.normal(0.08))])
    return parts, "upright" if standing else "overhead", count


def _over_lines(draw: Draw, opened: Parts, lid: Parts, closed: Parts, product: Material) -> Parts:
    """From above, the pen beside one to three lines of its own, sometimes its tip at a line's end."""
    turn = draw.uniform(-40, 40)
    item = spun(opened, turn + draw.choice(0.0, 180.0))
    parts = flat_lay([item])
    if draw.chance(0.3):
        parts += flat_lay([spun(lid if draw.chance(0.6) else closed, turn, draw.sign() * draw.uniform(0.4, 0.8))])
    if draw.chance(0.12):
        return [*parts, Part(lash_strokes(draw, 1.6).moved(draw.sign() * 1.5), product)]
    kind = draw.weighted({"straight": 2, "bow": 1.5, "wing": 2, "wave": 2.2, "coil": 0.8})
    count = 1 if kind in ("wave", "coil") else draw.weighted({1: 2, 2: 1.2, 3: 1.5})
    width, length = draw.uniform(0.035, 0.13), draw.uniform(1.1, 2.4)
    facing, side = draw.choice(0.0, 90.0, draw.uniform(-40, 40)), draw.sign()
    beyond = side * (draw.uniform(0.75, 0.85) + 0.4 * length * (facing != 90))
    one = drawn_line(draw, length, width, kind)
    lines = [one.moved(z=(k - (count - 1) / 2) * 0.36).turned("y", facing).moved(beyond) for k in range(count)]
    return [*parts, Part(joined(lines), product)]


def _drawing(draw: Draw, opened: Parts, product: Material) -> Parts:
    """The tip on the table at the end of the line that it has just drawn."""
    top = float(max(p.mesh.high[1] for p in opened))
    tilt = draw.uniform(25, 62)
    down = turned(turned(moved(opened, y=-top), "z", 180), "z", -(90 - tilt))
    down = moved(down, y=0.004)
    low = float(min(p.mesh.low[1] for p in down))
    down = moved(down, y=max(0.0, -low))
    length = draw.uniform(1.2, 2.2)
    mesh = drawn_line(draw, length, draw.uniform(0.04, 0.12), draw.choice("straight", "bow", "wing", "wave"))
    line = mesh.moved(x=-float(mesh.high[0]))  # ends where the tip stands
    end = mesh.vertices[int(np.argmax(mesh.vertices[:, 0]))]
    return [*down, Part(line.moved(z=-float(end[2])), product)]


def pencils(draw: Draw, product_type: str, spooled: bool = False) -> Product:
    """One to six pencils; those for brows may end in a spoolie."""
    layout = draw.weighted(
        {"closed": 0.8, "cap off": 3, "cap beside": 1.5, "with drawn strokes": 2.8, "in a row": 1.8, "fanned out": 0.9,
         "drawing a line": 0.8}
    )  # fmt: skip
    several = layout in ("in a row", "fanned out")
    count = draw.integer(2, 6) if several else 1
    body, main = tube_surface(draw), finish(draw, product_type)
    if layout == "closed":
        return _closed_pencil(draw, product_type, body)
    shades = [shade(draw, product_type) for _ in range(count)]
    coloured = draw.chance(0.3)
    standing, gap = draw.chance(0.5), draw.uniform(0.28, 0.5)
    parts: Parts = []
    view: View = "upright"
    for k, colour in enumerate(shades):
        outside = plain(colour, 0.25, "shade-coloured lacquer", coat=0.6) if coloured else body
        body = outside if k == 0 else body
        product = cosmetic(draw, colour, main)
        maker = twist_pencil if draw.chance(0.45 if product_type == "eyeliner" else 0.7) else pencil_parts
        one = list(maker(draw, product, outside))
        if spooled:
            one += spoolie_end(draw)
        if not several:
            lid = [Part(cylinder(0.13, draw.uniform(0.7, 1.2), bevel=0.04), outside)]
            parts, view, _ = arranged(draw, one, lid, one, product, layout)
        elif layout == "fanned out":
            parts += flat_lay([turned(one, "z", -(k - (count - 1) / 2) * 11)])
        elif standing:
            parts += moved(placed(turned(one, "z", draw.normal(1.5))), k * gap)
        else:
            parts += flat_lay([spun(one, draw.normal(2), k * gap, draw.normal(0.1))])
    if several and (layout == "fanned out" or not standing):
        view = "overhead"
    return Product(
        product_type, middled(parts), tuple(shades), main, "pencil", body, layout, view, count, layout == "cap off"
    )


def twist_pencil(draw: Draw, product: Material, body: Material) -> Parts:
    """A slim mechanical pencil: a fine round lead or a slanted triangular one in a short cone, tip up on y = 0."""
    length, radius = draw.uniform(3.0, 3.6), draw.uniform(0.085, 0.12)
    collar, out = radius * draw.uniform(2.0, 4.5), draw.uniform(0.08, 0.22)
    thin = radius * draw.uniform(0.2, 0.55)
    lead = lathe([(thin, -0.02), (thin, out * 0.8), (thin * 0.8, out), (0, out)], crease=80)
    if draw.chance(0.5):  # slanted
        slant = np.zeros_like(lead.vertices)
        slant[:, 1] = np.clip(lead.vertices[:, 1] / out, 0, 1) * lead.vertices[:, 0] * 1.2
        lead = lead.bent(slant)
    cone = [(radius, 0), (thin * 1.25, collar), (thin * 1.1, collar)]
    shaft = [(0, 0), (radius * 0.9, 0), (radius, 0.03), (radius, length)]
    return [
        Part(lathe(shaft, crease=60), barrel_surface(draw, body)),
        Part(lathe(cone).moved(y=length), metal(draw) if draw.chance(0.3) else body),
        Part(lead.moved(y=length + collar), product),
    ]


def spoolie_end(draw: Draw) -> Parts:
    """A small brow brush below y = 0, where a pencil ends."""
    head = spoolie(draw, draw.uniform(0.4, 0.6), draw.uniform(0.08, 0.13)).moved(y=-0.14)
    stem = cylinder(0.045, 0.18, bevel=0.01).moved(y=-0.16)
    return [Part(head, BRISTLES), Part(stem, BRISTLES)]


def _closed_pencil(draw: Draw, product_type: str, body: Material) -> Product:
    """Capped at one end or at both; nothing of the product shows."""
    radius, length = draw.uniform(0.085, 0.13), draw.uniform(2.0, 2.8)
    cap = body if draw.chance(0.6) else tube_surface(draw)
    parts = [
        Part(cylinder(radius, length, bevel=0.03), barrel_surface(draw, body)),
        Part(cylinder(radius * 1.03, 0.05, bevel=0.01).moved(y=length - 0.02), metal(draw)),
        Part(cylinder(radius * 1.02, draw.uniform(0.6, 1.1), bevel=0.03).moved(y=length + 0.03), cap),
    ]
    if draw.chance(0.3):
        parts.append(Part(cylinder(radius * 1.02, 0.7, bevel=0.03).moved(y=-0.72), cap))
    return Product(product_type, placed(parts), form="pencil", package=body, layout="closed")


def dip_tube(draw: Draw, product_type: str, form: str) -> Product:
    """A slim bottle with a wand: a liner's fine brush in a long cap, or a brow gel's little spoolie."""
    fine = form == "bottle"
    whole = draw.uniform(2.3, 3.2)
    share = draw.uniform(0.36, 0.5) if fine else draw.uniform(0.45, 0.58)
    outside = tube_surface(draw)
    cap = outside if draw.chance(0.5) else tube_surface(draw)
    line = Line(
        whole / draw.uniform(6.5, 9.5) / 2, whole * share, whole * (1 - share), "straight",
        draw.weighted({"straight": 3, "narrowing": 3, "round top": 1}), "none",
        draw.weighted({"round": 6, "square": 1, "soft": 0.6}), 1.0,
        metal(draw) if draw.chance(0.5) else plain((0.04,) * 3, 0.3, "black plastic"), draw.choice(0.0, 0.08),
    )  # fmt: skip
    colour, main = liner_shade(draw, product_type), draw.weighted(STROKE_FINISHES)
    product = cosmetic(draw, colour, main)
    body = named(draw, outside)
    inside: Parts = []
    if not fine and draw.chance(0.22):  # a clear tube shows its gel
        r, body = line.radius * 0.82, clear(draw)
        inside = [Part(cylinder(r, line.body * 0.92, line.section).moved(y=line.body * 0.03), product)]
        outside = body
    layout = draw.weighted({"closed": 1, "wand out": 3.4, "flat lay": 1.6})
    if layout == "closed":
        shades, seen = ((colour,), main) if inside else ((), None)
        return Product(product_type, placed([*line.closed(body, cap), *inside]), shades, seen, form, outside, layout)
    if fine:
        r, long = line.radius * draw.uniform(0.14, 0.22), draw.uniform(0.35, 0.55)
        tip = lathe([(0, -long), (0.25 * r, -0.9 * long), (r, -0.35 * long), (0.8 * r, 0)], crease=90)
    else:
        tip = spoolie(draw, draw.uniform(0.4, 0.6), line.radius * draw.uniform(0.35, 0.55))
    view: View = "upright"
    if layout == "wand out":
        parts, layout = standing_open(draw, line, [*line.barrel(body), *inside], cap, product, tip)
    else:
        turn = draw.uniform(-35, 35)
        wand = spun(line.wand(draw, cap, product, tip), turn + draw.choice(0.0, 180.0), draw.sign() * 0.55, 0.2)
        parts = flat_lay([spun([*line.barrel(body), *inside, *line.neck()], turn), wand])
        mark = drawn_line(draw, 1.6, draw.uniform(0.05, 0.13)) if fine else streak(draw, 1.4, draw.uniform(0.25, 0.5))
        mark = mark.turned("y", draw.uniform(0, 360)).moved(draw.sign() * 1.5, 0, draw.normal(0.4))
        parts.append(Part(mark, product))
        layout, view = "with drawn strokes" if fine else "wand out, with a smear", "overhead"
    return Product(product_type, middled(parts), (colour,), main, form, outside, layout, view, tiltable=False)


def drawn_lines(draw: Draw, product_type: str) -> Product:
    """Only lines, drawn in one to six shades, parallel as on an arm or one below the other."""
    count = draw.weighted({1: 3, 2: 1, 3: 1.5, 4: 1.2, 5: 0.8, 6: 0.6})
    first = liner_shade(draw, product_type)
    shades = [first] + [
        related(draw, first) if product_type == "brow product" else shade(draw, product_type) for _ in range(count - 1)
    ]
    main = draw.weighted(FINISH_WEIGHTS[product_type])
    kind = draw.weighted({"straight": 3, "bow": 1, "wing": 1.4, "wave": 1.4, "coil": 0.4})
    width, length = draw.uniform(0.05, 0.22), draw.uniform(1.4, 2.4)
    parts, same = [], draw.chance(0.6)
    mesh = drawn_line(draw, length, width, kind)
    for k, colour in enumerate(shades):
        mesh = mesh if same else drawn_line(draw, length, width, kind)
        mark = mesh.turned("y", draw.normal(2)).moved(draw.normal(0.03), 0, 0.42 * k)
        parts.append(Part(mark, cosmetic(draw, colour, main)))
    if count == 1 and draw.chance(0.3):
        parts = [Part(lash_strokes(draw, 2.0), cosmetic(draw, first, main))]
    return Product(
        product_type, middled(parts), tuple(shades), main, "swatch", None, "drawn strokes", "overhead", count,
        tiltable=False,
    )  # fmt: skip
