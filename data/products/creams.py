"""Cream colour in small pots, and liquid highlighter in dropper bottles."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, cosmetic, metal, package, plain, plastic
from data.mesh import Mesh, cylinder, lathe, plate
from data.product import Part, Product, View, moved, placed, turned
from data.products.cases import lid_print
from data.products.embossing import SIDE, pressed, relief
from data.products.swatches import FINISH_WEIGHTS, shade, smear
from data.products.walls import enclosed, shell
from data.products.wands import beside


def swirled(draw: Draw) -> np.ndarray:
    """A spiral that a filling nozzle or a fingertip leaves in cream, (SIDE, SIDE) in [0, 1]."""
    y, x = 2 * np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1) - 1
    x, y = x - draw.uniform(-0.2, 0.2), y - draw.uniform(-0.2, 0.2)
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    if draw.chance(0.5):
        return np.asarray(0.5 + 0.5 * np.sin(draw.uniform(5, 12) * radius + angle * draw.sign()))
    stroke = np.abs(y - draw.uniform(-0.5, 0.5) * x + draw.uniform(0.1, 0.4) * x**2) < draw.uniform(0.15, 0.35)
    return np.asarray(1 - 0.8 * stroke * np.clip((0.7 - radius) / 0.2, 0, 1))


def surface(draw: Draw, product_type: str) -> np.ndarray | None:
    """What is pressed into a pot's cream: nothing mostly, a swirl, or the relief of a press."""
    kind = draw.weighted({"flat": 3, "swirl": 2, "press": 0.6 if product_type in ("blush", "eyeshadow") else 0})
    return None if kind == "flat" else swirled(draw) if kind == "swirl" else relief(draw)


def pot(draw: Draw, product_type: str, finishes: dict[str, float] | None = None) -> Product:
    """A small screw pot of cream or gel, open or closed, opaque or of thick glass."""
    r, h = draw.uniform(0.75, 0.95), draw.uniform(0.32, 0.75)
    section = draw.weighted({"round": 6, "soft": 0.7, "square": 0.8})
    colour = shade(draw, product_type)
    body = package(draw)
    if draw.chance(0.2):
        body = plastic(draw, np.clip(colour * 0.75 + 0.2, 0, 1), "shade-coloured")
    cap = body if draw.chance(0.5) else package(draw)
    thick_glass = draw.chance(0.35)
    main = draw.weighted(finishes or FINISH_WEIGHTS[product_type])
    layout = draw.weighted({"lid off": 3, "lid beside": 4, "closed": 1.2})
    open_ = layout != "closed"
    product = cosmetic(draw, colour, main)
    mouth = r * draw.uniform(0.78, 0.9)
    wall = [
        (0, 0), (r - 0.06, 0), (r - 0.015, 0.015), (r, 0.06), (r, h - 0.03), (r - 0.02, h - 0.008), (r - 0.05, h),
    ]  # fmt: skip
    if thick_glass:
        outer = lathe([*wall, (mouth, h)], section)
        cup = cylinder(mouth, h * draw.uniform(0.65, 0.88) - 0.02, "round", 0.1)
        parts = [Part(outer, clear(draw)), shell(draw, outer)]
        parts.append(Part(cup.moved(y=h - 0.06 - float(cup.high[1])), product))
    else:
        outer = lathe([*wall, (mouth, h), (mouth - 0.01, h - 0.08)], section, segments=64)
        parts = [Part(outer, printed(draw, body))]
    if open_:
        height = surface(draw, product_type)
        kind = "round" if thick_glass else section
        dome = draw.weighted({0.0: 3, 0.05: 1.5, 0.14: 0.5})
        cream = pressed(mouth, mouth, kind, h - 0.05, height, strength=draw.uniform(0.02, 0.07), dome=dome, rows=72)
        parts.append(Part(cream, product))
    thick = draw.uniform(0.18, 0.4)
    lid = [
        Part(cylinder(r * 1.005, thick, section, 0.04), cap),
        Part(plate(r * 0.9, thick + 0.001, section, dome=0.0), lid_print(draw, cap) if draw.chance(0.7) else cap),
    ]
    if draw.chance(0.15):
        lid.append(Part(lathe([(r * 1.01, 0), (r * 1.01, 0.06)], section), metal(draw)))
    if layout == "closed":
        parts += moved(lid, y=h + 0.01)
    elif layout == "lid beside":
        leaning = placed(turned(lid, "x", draw.choice(0.0, 0.0, draw.uniform(60, 85))))
        parts += beside(draw, parts, list(leaning))
    shown = open_ or thick_glass
    if open_ and draw.chance(0.2):
        parts.append(Part(smear(draw, 1.2).moved(draw.uniform(-0.7, 0.7), 0, r + 0.7), product))
    view: View = draw.choice("flat", "flat", "overhead") if open_ else "flat"
    main_package: Material = parts[0].material if thick_glass else body
    return Product(
        product_type,
        placed(parts),
        (colour,) if shown else (),
        main if shown else None,
        "pot",
        main_package,
        layout,
        view,
        tiltable=False,
    )


def dropper(draw: Draw, product_type: str) -> Product:
    """Liquid highlighter in a small glass bottle with a dropper, alone or with its drops."""
    r, h = draw.uniform(0.36, 0.52), draw.uniform(0.9, 1.4)
    colour, main = shade(draw, product_type), draw.weighted({"shimmer": 4, "metallic": 2, "glossy": 1})
    neck = r * 0.45

    def bottle(inset: float) -> Mesh:
        g = inset
        top = [(r - 0.08 - g, h - g), (neck - g * 0.5, h + 0.12 - g), (0, h + 0.12 - g)]
        return lathe([(0, g), (r - 0.06 - g, g), (r - g, 0.07 + g), (r - g, h - 0.12 - g), *top])

    collar, bulb = package(draw), plain(np.full(3, draw.choice(0.05, 0.93)), 0.5, "rubber bulb")
    teat = [(neck, 0), (neck * 0.8, 0.15), (neck * 0.85, 0.45), (neck * 0.6, 0.65), (0, 0.7)]
    fluid = printed(draw, cosmetic(draw, colour, main), often=0.0 if main != "glossy" else 0.7)
    body = enclosed(draw, bottle(0.0), bottle(draw.uniform(0.04, 0.08)), fluid)
    parts = [
        *body,
        Part(cylinder(neck * 1.3, 0.35, bevel=0.03).moved(y=h + 0.12), collar),
        Part(lathe(teat, crease=60).moved(y=h + 0.47), bulb),
    ]
    glass = body[0].material
    layout = "closed"
    if draw.chance(0.25):
        parts.append(Part(smear(draw, 1.2).moved(draw.uniform(-0.7, 0.7), 0, r + 0.6), cosmetic(draw, colour, main)))
        layout = "with a smear beside it"
    return Product(
        product_type,
        placed(parts),
        (colour,),
        main,
        "dropper bottle",
        glass,
        layout,
        tiltable=layout == "closed",
    )
