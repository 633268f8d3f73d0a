"""Cream and liquid colour: pots, sticks, tubes with a wand and dropper bottles."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import clear, cosmetic, metal, package, plain
from data.mesh import Mesh, cylinder, lathe, plate
from data.product import Part, Product, laid, moved, placed, turned
from data.products.swatches import (
    FINISH_WEIGHTS,
    LIQUID_FINISHES,
    shade,
    smear,
)
from data.products.wands import WandTube, beside


def pot(draw: Draw, product_type: str, finishes: dict[str, float] | None = None) -> Product:
    """A small screw pot of cream or gel, open or closed."""
    r, h = draw.uniform(0.7, 0.95), draw.uniform(0.4, 0.8)
    section = draw.weighted({"round": 6, "soft": 1})
    body, cap = package(draw), package(draw)
    cap = body if draw.chance(0.4) else cap
    glass = draw.chance(0.35)
    main = draw.weighted(finishes or FINISH_WEIGHTS[product_type])
    colour = shade(draw, product_type)
    layout = draw.weighted({"lid off": 4, "lid beside": 3, "closed": 1.2})
    open_ = layout != "closed"
    product = cosmetic(draw, colour, main)
    wall = [
        (0, 0),
        (r - 0.06, 0),
        (r, 0.06),
        (r, h - 0.03),
        (r - 0.05, h),
        (r - 0.12, h),
        (r - 0.13, h - 0.1),
    ]
    parts = [Part(lathe(wall, section), clear(draw) if glass else printed(draw, body))]
    inner = cylinder(r - 0.14, h - 0.16, section).moved(y=0.1)
    if glass:
        parts.append(Part(inner, product))
    if open_:
        parts.append(Part(plate(r - 0.13, h - 0.05, section, dome=draw.choice(0.005, 0.04)), product))
    lid = [Part(cylinder(r * 1.0, draw.uniform(0.2, 0.4), section), printed(draw, cap, often=0.3))]
    if layout == "closed":
        parts += moved(lid, y=h + 0.01)
    elif layout == "lid beside":
        leaning = placed(turned(lid, "x", draw.choice(0.0, draw.uniform(60, 85))))
        parts += beside(draw, parts, list(leaning))
    shown = open_ or glass
    if open_ and draw.chance(0.2):
        parts.append(Part(smear(draw, 1.2).moved(draw.uniform(-0.7, 0.7), 0, r + 0.7), product))
    main_package = parts[0].material if glass else body
    return Product(
        product_type,
        placed(parts),
        (colour,) if shown else (),
        main if shown else None,
        "pot",
        main_package,
        layout,
        "flat",
        tiltable=False,
    )


def stick(draw: Draw, product_type: str) -> Product:
    """A twist-up stick of cream colour, chubby or slim."""
    slim = product_type == "eyeshadow"
    r = draw.uniform(0.14, 0.22) if slim else draw.uniform(0.25, 0.45)
    h = draw.uniform(1.6, 2.4) if slim else draw.uniform(1.1, 1.9)
    section = draw.choice("round", "round", "soft")
    body = package(draw)
    colour, main = (
        shade(draw, product_type),
        draw.weighted({"satin": 3, "matte": 2, "shimmer": 2, "glossy": 1}),
    )
    layout = draw.weighted({"cap beside": 3, "cap off": 3, "closed": 1})
    parts = [Part(cylinder(r, h, section), printed(draw, body, vertical=True))]
    cap = [
        Part(cylinder(r * 1.01, draw.uniform(0.7, 1.1), section), body if draw.chance(0.7) else package(draw))
    ]
    if layout == "closed":
        return Product(
            product_type, placed([*parts, *moved(cap, y=h + 0.01)]), form="stick", package=body, layout=layout
        )
    out, core = draw.uniform(0.25, 0.6), r * 0.82
    ring = cylinder(r * 0.9, 0.16, section, 0.01).moved(y=h)
    bullet = lathe(
        [(core, -0.1), (core, out * 0.7), (core * 0.85, out * 0.9), (core * 0.4, out), (0, out)], section
    )
    slant = np.clip(bullet.vertices[:, 1] / out, 0, 1) * bullet.vertices[:, 2] * draw.choice(0.0, -0.5)
    bullet = bullet.bent(np.stack([0 * slant, slant, 0 * slant], 1)).moved(y=h + 0.16)
    parts += [Part(ring, metal(draw)), Part(bullet, cosmetic(draw, colour, main))]
    if layout == "cap beside":
        parts += beside(draw, parts, cap) if draw.chance(0.5) else laid(cap, draw, 0.3, r * 2 + 0.5)
    return Product(product_type, placed(parts), (colour,), main, "stick", body, layout)


def liquid(draw: Draw, product_type: str) -> Product:
    """Liquid colour in a tube with a doe-foot wand, one to three of them."""
    count = draw.weighted({1: 6, 2: 1.2, 3: 1})
    layout = draw.weighted({"closed": 2, "wand out": 3}) if count == 1 else "closed"
    see_through = draw.chance(0.85)
    r, h, high = draw.uniform(0.24, 0.42), draw.uniform(0.9, 1.7), draw.uniform(0.7, 1.4)
    section = draw.weighted({"round": 4, "soft": 2, "square": 1})
    cap, outside = (
        printed(draw, package(draw), vertical=True, often=0.4),
        printed(draw, package(draw), vertical=True),
    )
    main = draw.weighted(LIQUID_FINISHES)
    shades = [shade(draw, product_type) for _ in range(count)]
    parts: list[Part] = []
    for k, colour in enumerate(shades):
        tube = WandTube(
            cosmetic(draw, colour, main),
            outside,
            cap,
            "doe-foot",
            r,
            h,
            high,
            section,
            see_through=see_through,
        )
        parts += moved(tube.parts(draw, layout), (k - (count - 1) / 2) * r * draw.uniform(2.3, 2.8))
    if layout == "wand out" and draw.chance(0.3):
        parts.append(Part(smear(draw, 1.2).moved(0, 0, 1.2), cosmetic(draw, shades[0], main)))
    shown = see_through or layout == "wand out"
    main_package = parts[0].material if see_through else outside
    return Product(
        product_type,
        placed(parts),
        tuple(shades) if shown else (),
        main if shown else None,
        "tube",
        main_package,
        layout,
        count=count,
    )


def dropper(draw: Draw, product_type: str) -> Product:
    """Liquid highlighter in a small glass bottle with a dropper."""
    r, h = draw.uniform(0.38, 0.55), draw.uniform(1.0, 1.5)
    colour, main = shade(draw, product_type), draw.weighted({"shimmer": 4, "metallic": 2, "glossy": 1})
    neck = r * 0.45

    def bottle(inset: float) -> Mesh:
        g = inset
        top = [(r - 0.08 - g, h - g), (neck - g * 0.5, h + 0.12 - g), (0, h + 0.12 - g)]
        return lathe([(0, g), (r - 0.06 - g, g), (r - g, 0.07 + g), (r - g, h - 0.12 - g), *top])

    collar, bulb = package(draw), plain(np.full(3, draw.choice(0.05, 0.93)), 0.5, "rubber bulb")
    teat = [(neck, 0), (neck * 0.8, 0.15), (neck * 0.85, 0.45), (neck * 0.6, 0.65), (0, 0.7)]
    glass = clear(draw)
    parts = [
        Part(bottle(0.0), glass),
        Part(bottle(0.05), cosmetic(draw, colour, main)),
        Part(cylinder(neck * 1.3, 0.35, bevel=0.03).moved(y=h + 0.12), collar),
        Part(lathe(teat, crease=60).moved(y=h + 0.47), bulb),
    ]
    return Product(product_type, placed(parts), (colour,), main, "dropper bottle", glass, "closed")
