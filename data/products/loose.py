"""Loose powder and pigment in jars with a sifter."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, cosmetic, metal, package, plain
from data.mesh import box, cylinder, joined, lathe, plate
from data.product import Part, Product, moved, placed, turned
from data.products.cases import lid_print, puff
from data.products.embossing import pressed
from data.products.swatches import crushed, finish, shade
from data.products.walls import shell
from data.products.wands import beside


def loose_powder(draw: Draw, product_type: str = "powder") -> Product:
    """A clear or opaque jar of loose powder: open with its puff, its lid beside it, or closed."""
    small = product_type == "eyeshadow"
    r, h = draw.uniform(0.8, 1.0), draw.uniform(0.5, 0.9) * (1.4 if small else 1.0)
    colour, lid = shade(draw, product_type), package(draw)
    main = finish(draw, product_type) if small else "matte"
    see_through = draw.chance(0.7)
    body: Material = clear(draw) if see_through else printed(draw, package(draw), often=0.7)
    product = cosmetic(draw, colour, main)
    layout = draw.weighted({"closed": 1.6, "lid off": 2, "lid beside": 2, "with a puff": 0.3 if small else 2})
    wall = [(0, 0), (r - 0.05, 0), (r, 0.05), (r, h), (r - 0.08, h), (r - 0.08, h - 0.1)]
    parts = [Part(lathe(wall), body)]
    level = h * draw.uniform(0.45, 0.85)
    if see_through:
        parts += [shell(draw, parts[0].mesh), Part(cylinder(r - 0.1, level).moved(y=0.08), product)]
    high = draw.uniform(0.25, 0.5)
    cap = [
        Part(cylinder(r * 1.01, high, "round", 0.04), lid),
        Part(plate(r * 0.93, high + 0.001, dome=0.0), lid_print(draw, lid)),
    ]
    if draw.chance(0.25):
        cap.append(Part(lathe([(r * 1.016, 0), (r * 1.016, 0.06)]), metal(draw)))
    open_ = layout != "closed"
    if not open_:
        parts += moved(cap, y=h + 0.01)
    else:
        heap = pressed(r - 0.085, r - 0.085, "round", h - 0.09, dome=draw.uniform(0, 0.06), rows=40)
        parts.append(Part(heap, product))
        lid_inside = draw.weighted({"none": 4, "spokes": 2, "holes": 4})
        if lid_inside == "spokes":
            parts += sifter(r - 0.085, h - 0.04, plain((0.95,) * 3, 0.3, "sifter"), draw)
        elif lid_inside == "holes":
            parts += holes(draw, r - 0.085, h - 0.05, product)
        if layout == "lid beside":
            parts += beside(draw, parts, list(placed(turned(cap, "x", draw.choice(0, 62, 75)))))
    if layout == "with a puff":
        pad = puff(draw, r * 0.8)
        parts += beside(draw, parts, pad) if draw.chance(0.6) else moved(pad, 0.2, h, 0.15)
    if open_ and draw.chance(0.25):
        parts.append(Part(crushed(draw, 0.5).moved(draw.uniform(-0.8, 0.8), 0, r + 0.5), product))
    shown = open_ or see_through
    return Product(
        product_type,
        placed(parts),
        (colour,) if shown else (),
        main if shown else None,
        "jar",
        body,
        layout,
        "flat",
        tiltable=False,
    )


def sifter(radius: float, y: float, material: Material, draw: Draw) -> list[Part]:
    """Spokes and rings across a jar's mouth, or a plate with small holes, through which the powder shows."""
    ring = lathe([(radius, y), (radius, y + 0.03), (radius * 0.85, y + 0.03), (radius * 0.84, y)])
    if draw.chance(0.5):
        spokes = [
            box(2 * radius, 0.02, 0.07, 0.005).moved(y=y).turned("y", 180 * k / n)
            for n in [draw.integer(3, 6)]
            for k in range(n)
        ]
        hub = lathe([(radius * 0.5, y), (radius * 0.5, y + 0.025), (radius * 0.4, y + 0.025), (radius * 0.39, y)])
        return [Part(joined([ring, hub, *spokes]), material)]
    lattice = [
        box(1.96 * radius * (1 - k * k) ** 0.5, 0.015, radius * 0.085, 0.004).moved(0, y, k * radius).turned("y", turn)
        for turn in (0, 90)
        for k in (-0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8)
    ]
    return [Part(joined([ring, *lattice]), material)]


def holes(draw: Draw, radius: float, y: float, product: Material) -> list[Part]:
    """A sifter's white or clear-looking plate whose round holes, in rings, show the powder."""
    base = plate(radius, y, dome=0.0)
    size = radius * draw.uniform(0.045, 0.09)
    spots = [(0.0, 0.0)]
    for ring in range(1, draw.integer(2, 4)):
        count = 6 * ring
        spots += [
            (ring * 2.9 * size * np.cos(2 * np.pi * k / count), ring * 2.9 * size * np.sin(2 * np.pi * k / count))
            for k in range(count)
        ]
    dots = [plate(size, y + 0.004, dome=0.0).moved(x, 0, z) for x, z in spots if np.hypot(x, z) < radius - size]
    return [Part(base, plain((draw.uniform(0.85, 0.96),) * 3, 0.3, "sifter")), Part(joined(dots), product)]
