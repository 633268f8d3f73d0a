"""Pens with a tip at either end: liner and stamp, liner and brush, pencil and sponge; both caps off, or one on."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import Material, cosmetic, metal, plain
from data.mesh import cylinder, lathe
from data.product import Part, Product, View, moved, turned
from data.products.liners import barrel_surface
from data.products.lip_liners import cap_parts
from data.products.mascaras import tube_surface
from data.products.placing import Parts, flat_lay, middled, spun
from data.products.strokes import drawn_line


def _end(draw: Draw, kind: str, radius: float, product: Material, body: Material) -> Parts:
    """A tip on a short cone, foot at y = 0, pointing up."""
    grip = radius * draw.uniform(2.0, 4.0)
    dark = plain((0.03,) * 3, 0.3, "black plastic") if draw.chance(0.6) else body
    long, wide = {"felt": (0.3, 0.3), "brush": (0.38, 0.24), "pencil": (0.26, 0.55), "sponge": (0.3, 0.6)}[kind]
    width = radius * wide
    cone = lathe([(radius * 0.9, 0), (radius * 0.86, 0.3 * grip), (width * 1.2, grip), (0, grip)], crease=60)
    blunt = 0.75 if kind == "sponge" else 0.4
    tip = lathe([(width, -0.02), (width, 0.3 * long), (width * blunt, 0.8 * long), (0, long)], crease=90)
    return [Part(cone, dark), Part(tip.moved(y=grip), product)]


def duo(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A pen of two ends: closed, one cap off, or both caps off and beside it, with or without its line."""
    radius, length = draw.uniform(0.09, 0.14), draw.uniform(2.4, 3.2)
    surface = tube_surface(draw)
    product = cosmetic(draw, colour, finish)
    first = "pencil" if product_type == "lip liner" else draw.choice("felt", "brush")
    second = draw.choice("sponge", "pencil", "brush")
    barrel = [
        Part(cylinder(radius, length, bevel=0.02), barrel_surface(draw, surface)),
        Part(cylinder(radius * 1.02, 0.05, bevel=0.01).moved(y=0.5 * length), metal(draw)),
    ]
    # A cap in the colour of what it covers tells the ends apart.
    lids = [surface, plain(colour, 0.3, "shade-coloured end") if draw.chance(0.4) else surface]
    caps = [cap_parts(draw, lid, radius * 1.03, upright=True) for lid in lids]
    ends = [
        moved(_end(draw, first, radius, product, surface), y=length),
        turned(_end(draw, second, radius, product, surface), "z", 180),
    ]
    closed = [moved(caps[0], y=length + 0.01), turned(moved(caps[1], y=0.01), "z", 180)]
    layout = draw.weighted({"closed": 0.8, "cap off": 3, "both ends open": 2.5})
    if layout == "closed":
        return Product(
            product_type, middled([*barrel, *closed[0], *closed[1]]), form="pen", package=surface, layout="closed"
        )
    item = [*barrel, *ends[0], *(closed[1] if layout == "cap off" else ends[1])]
    loose = caps[:1] if layout == "cap off" else caps
    lean, side = draw.uniform(-50, 50), draw.sign()
    parts = flat_lay([spun(item, lean)])
    for k, cap in enumerate(loose):
        place = (side * draw.uniform(0.3, 0.5), draw.uniform(0.2, 1.1) * (1 - 2 * k))
        parts += flat_lay([turned(spun(cap, draw.normal(8), *place), "z", lean)])
    if draw.chance(0.5):
        line = drawn_line(
            draw, draw.uniform(1.0, 1.8), draw.uniform(0.04, 0.12), draw.choice("straight", "bow", "wave")
        )
        parts.append(Part(line.turned("y", draw.uniform(0, 360)).moved(-side * draw.uniform(1.0, 1.4)), product))
        layout = f"{layout}, with drawn strokes"
    view: View = "overhead"
    return Product(product_type, middled(parts), (colour,), finish, "pen", surface, layout, view, tiltable=False)
