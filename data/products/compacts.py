"""Colour for face and eyes in all its forms; here the pressed and the loose: compacts, pans and jars."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data.draw import Draw
from data.label import printed, relief
from data.material import Material, clear, cosmetic, metal, package, plain
from data.mesh import box, cylinder, joined, lathe, plate
from data.product import Part, Product, moved, placed, turned
from data.products.cases import COMPACT_LAYOUTS, Case, applicator, case, puff, with_lid
from data.products.creams import dropper, liquid, pot, stick
from data.products.palettes import palette
from data.products.skin import arm_parts
from data.products.swatches import (
    FINISH_WEIGHTS,
    crushed,
    finish,
    loose_pan,
    related,
    shade,
    swatch,
)
from data.products.wands import beside

__all__ = ["blush", "bronzer", "eyeshadow", "palette", "powder"]


def filled(
    draw: Draw, case: Case, product_type: str, colour: np.ndarray, main: str
) -> tuple[list[Part], list[np.ndarray]]:
    """The tray with one to three pans, and their shades."""
    tray = case.tray()
    pans = draw.weighted({1: 7, 2: 1.5, 3: 0.8})
    if draw.chance(0.45):
        tray.append(case.rim(metal(draw)))
    if pans == 1:
        dome = draw.weighted({0.005: 5, 0.08: 1, 0.16: 0.8})
        surface = plate(case.pan - 0.02, case.height - 0.02, case.section, case.depth, dome)
        return [*tray, Part(surface, cosmetic(draw, colour, main, relief(draw)))], [colour]
    shades = [colour] + [related(draw, colour) for _ in range(pans - 1)]
    edges = np.linspace(-1, 1, pans + 1)
    for left, right, tone in zip(edges[:-1], edges[1:], shades, strict=True):
        own = main if draw.chance(0.5) else finish(draw, product_type)
        strip = case.strip(left + 0.025, right - 0.025)
        tray.append(Part(strip, cosmetic(draw, tone, main if tone is colour else own, relief(draw))))
    return tray, shades


def compact(draw: Draw, product_type: str) -> Product:
    """Pressed powder in a hinged or screw-top case."""
    shell, layout = case(draw), draw.weighted(COMPACT_LAYOUTS)
    colour, main = shade(draw, product_type), finish(draw, product_type)
    tray, shades = filled(draw, shell, product_type, colour, main)
    parts = with_lid(draw, shell, tray, layout)
    closed = layout == "closed"
    if layout != "closed" and draw.chance(0.15):
        parts += beside(draw, parts, applicator(draw))
    if not closed and draw.chance(0.1):
        crumbs = crushed(draw, 0.4).moved(draw.uniform(-0.8, 0.8), 0, shell.depth + draw.uniform(0.4, 0.8))
        parts.append(Part(crumbs, cosmetic(draw, colour, main)))
    return Product(
        product_type,
        placed(parts),
        () if closed else tuple(shades),
        None if closed else main,
        "compact",
        shell.outside,
        layout,
        "flat",
        tiltable=False,
    )


def pan_alone(draw: Draw, product_type: str) -> Product:
    colour, main = shade(draw, product_type), finish(draw, product_type)
    rim = metal(draw, "silver")
    parts = loose_pan(draw, cosmetic(draw, colour, main, relief(draw)), rim)
    return Product(
        product_type,
        placed(parts),
        (colour,),
        main,
        "metal pan",
        rim,
        "pan without a case",
        "flat",
        tiltable=False,
    )


def loose_powder(draw: Draw) -> Product:
    """Loose powder in a wide jar with a sifter, open with its puff or closed."""
    r, h = draw.uniform(0.8, 1.0), draw.uniform(0.45, 0.8)
    colour, body, lid = shade(draw, "powder"), clear(draw), package(draw)
    product = cosmetic(draw, colour, "matte")
    layout = draw.weighted({"closed": 1, "lid off": 2, "with a puff": 2})
    wall = [(0, 0), (r - 0.05, 0), (r, 0.05), (r, h), (r - 0.08, h), (r - 0.08, h - 0.08)]
    parts = [Part(lathe(wall), body), Part(cylinder(r - 0.1, h - 0.18).moved(y=0.06), product)]
    cap = [Part(cylinder(r * 1.01, draw.uniform(0.25, 0.45)), printed(draw, lid))]
    if layout == "closed":
        parts += moved(cap, y=h + 0.01)
    else:
        parts.append(Part(plate(r - 0.09, h - 0.06), product))
        if draw.chance(0.5):
            parts += sifter(r - 0.12, h - 0.03, plain((0.93,) * 3, 0.3, "sifter"), draw)
        if draw.chance(0.7):
            parts += beside(draw, parts, list(placed(turned(cap, "x", draw.choice(0, 70)))))
    if layout == "with a puff":
        parts += (
            beside(draw, parts, puff(draw, r * 0.8)) if draw.chance(0.6) else moved(puff(draw, r * 0.8), y=h)
        )
    return Product("powder", placed(parts), (colour,), "matte", "jar", body, layout, "flat", tiltable=False)


def sifter(radius: float, y: float, material: Material, draw: Draw) -> list[Part]:
    """Spokes and rings across a jar's mouth, through which the powder shows."""
    ring = lathe([(radius, y), (radius, y + 0.03), (radius * 0.85, y + 0.03), (radius * 0.84, y)])
    spokes = [
        box(2 * radius, 0.02, 0.07, 0.005).moved(y=y).turned("y", 180 * k / n)
        for n in [draw.integer(3, 6)]
        for k in range(n)
    ]
    hub = lathe([(radius * 0.5, y), (radius * 0.5, y + 0.025), (radius * 0.4, y + 0.025), (radius * 0.39, y)])
    return [Part(joined([ring, hub, *spokes]), material)]


def arm_swatch(draw: Draw, product_type: str, finishes: Mapping[str, float]) -> Product:
    """Stripes of one to five shades on a forearm."""
    main_finish = draw.weighted(finishes)
    shades = [shade(draw, product_type) for _ in range(draw.integer(1, 5))]
    parts = arm_parts(draw, [cosmetic(draw, colour, main_finish) for colour in shades])
    return Product(
        product_type,
        placed(parts),
        tuple(shades),
        main_finish,
        "swatch",
        None,
        "swatched on a forearm",
        "overhead",
        len(shades),
        tiltable=False,
    )


def blush(draw: Draw) -> Product:
    kind = draw.weighted({"compact": 9, "pan": 1.2, "pot": 1.3, "stick": 1.2, "liquid": 2.2, "swatch": 4})
    kinds = {"smear": 3, "poured disc": 3, "crushed powder": 1.5}
    return _face_colour(draw, "blush", kind, kinds)


def bronzer(draw: Draw) -> Product:
    kind = draw.weighted(
        {"compact": 9, "pan": 0.8, "pot": 0.8, "stick": 1.5, "liquid": 2.2, "dropper": 1, "swatch": 3}
    )
    kinds = {"smear": 2.5, "poured disc": 1.5, "crushed powder": 2}
    return _face_colour(draw, "bronzer or highlighter", kind, kinds)


def eyeshadow(draw: Draw) -> Product:
    kind = draw.weighted({"compact": 4, "pan": 3, "pot": 2, "stick": 2, "liquid": 2, "swatch": 4})
    kinds = {"smear": 3, "poured disc": 0.5, "crushed powder": 3}
    return _face_colour(draw, "eyeshadow", kind, kinds)


def powder(draw: Draw) -> Product:
    kind = draw.weighted({"compact": 6, "with a puff": 2, "loose": 4, "pan": 0.8, "swatch": 2.5})
    if kind == "loose":
        return loose_powder(draw)
    if kind != "with a puff":
        return _face_colour(draw, "powder", kind, {"smear": 1, "poured disc": 0.5, "crushed powder": 3})
    shell, colour, main = case(draw), shade(draw, "powder"), finish(draw, "powder")
    surface = plate(shell.pan - 0.02, shell.height - 0.02, shell.section, shell.depth)
    tray = [*shell.tray(), Part(surface, cosmetic(draw, colour, main, relief(draw)))]
    parts = with_lid(draw, shell, tray, "open, lid up")
    sponge = puff(draw, shell.pan * shell.depth * 0.75)
    if draw.chance(0.5):
        parts += beside(draw, parts, sponge)
    else:
        parts += moved(sponge, draw.uniform(-0.3, 0.3), shell.height, shell.depth * draw.uniform(0.3, 0.9))
    return Product(
        "powder",
        placed(parts),
        (colour,),
        main,
        "compact",
        shell.outside,
        "open with a puff",
        "flat",
        tiltable=False,
    )


def _face_colour(draw: Draw, product_type: str, kind: str, swatches: dict[str, float]) -> Product:
    if kind == "swatch" and draw.chance(0.12):
        return arm_swatch(draw, product_type, FINISH_WEIGHTS[product_type])
    if kind == "swatch":
        return swatch(draw, product_type, swatches, FINISH_WEIGHTS[product_type])
    makers = {
        "compact": compact,
        "pan": pan_alone,
        "stick": stick,
        "liquid": liquid,
        "dropper": dropper,
        "pot": pot,
    }
    return makers[kind](draw, product_type)
