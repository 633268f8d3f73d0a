"""Foundations in soft tubes with a long pump, doe-foot skin tints with round caps, short bottles with a second cap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.arrangement import can_group, group
from data.draw import Draw
from data.label import printed
from data.material import Material, cosmetic, metal, plain, plastic
from data.mesh import cylinder, lathe
from data.product import Part, Product, moved, placed, turned
from data.products.cases import lid_print
from data.products.flasks import flask
from data.products.liquids import vial
from data.products.swatches import shade
from data.products.vessels import tube_parts
from data.products.walls import hood
from data.products.wands import beside

Parts = list[Part]
NUDES = ((0.86, 0.66, 0.6), (0.9, 0.74, 0.7), (0.85, 0.71, 0.6), (0.76, 0.58, 0.5))
SEVERAL = 0.45  # of the tubes are shown as a line of equal ones


def _skin(draw: Draw) -> Material:
    """Matte black, nude or white plastic of a squeeze tube."""
    kind = draw.weighted({"black": 3, "nude": 3.5, "white": 1.2})
    rough = draw.uniform(0.35, 0.7)
    if kind == "nude":
        tone = np.clip(np.array(draw.choice(*NUDES)) * draw.uniform(0.92, 1.06), 0, 0.97)
        return plain(tone, rough, "nude plastic")
    return plain(np.full(3, draw.uniform(0.02, 0.07) if kind == "black" else 0.94), rough, f"{kind} plastic")


def soft_tube(draw: Draw) -> Product:
    """A closed tube on its long cap or its pump under a clear one, alone or several; its shade is not seen."""
    body = _skin(draw)
    radius, height = draw.uniform(0.24, 0.36), draw.uniform(1.5, 2.1)
    shine = plastic(draw, np.full(3, draw.uniform(0.02, 0.05) if draw.chance(0.75) else 0.95), "pump")
    _, *tube = tube_parts(draw, printed(draw, body, vertical=draw.chance(0.65), often=0.97), shine, height, radius)
    high, foot = height * draw.uniform(0.22, 0.4), min(p.mesh.low[1] for p in tube)
    wide = radius * draw.uniform(0.8, 1.0)
    closed = cylinder(wide, high, bevel=0.02)
    closure = [Part(closed, shine)]
    if draw.chance(0.5):  # a dark pump, its collar of metal or plastic, under a clear cap
        stem = cylinder(wide * 0.6, high * 0.75, bevel=0.02).moved(y=high * 0.1)
        collar = cylinder(wide, high * 0.3, bevel=0.02).moved(y=high * 0.7)
        cap = hood(wide, high * 0.72).turned("x", 180).moved(y=high * 0.72)
        closure = [Part(stem, shine), Part(collar, metal(draw) if draw.chance(0.4) else shine), cap]
    parts = [*closure, *moved(tube, y=high - foot)]
    one = Product("foundation", placed(parts), form="tube", package=body, layout="closed")
    return group(draw, one) if draw.chance(SEVERAL) and can_group(one) else one


def skin_tint(draw: Draw) -> Product:
    """A slim bottle of fluid under a round cap, closed or with its doe-foot wand beside it."""
    colour, finish = shade(draw, "foundation"), draw.weighted({"satin": 3, "glossy": 2})
    radius = draw.uniform(0.24, 0.34)
    height = radius * draw.uniform(2.8, 4.4)
    pale = plastic(draw, np.clip(np.array(draw.choice(*NUDES)) * 0.5 + 0.48, 0, 0.97), "pale nude")
    base = vial(draw, slim=False, colour=colour)
    kind = replace(
        base, radius=radius, height=height, cap_height=height * draw.uniform(0.3, 0.6), section="round", depth=1.0,
        wall=draw.choice("frosted", "clear"), cap=pale if draw.chance(0.6) else base.cap,
        crown=draw.weighted({"ball": 4, "flat": 1.2, "ring": 1}),
    )  # fmt: skip
    fluid = kind.fluid(draw, colour, finish)
    open_ = draw.chance(0.55)
    parts = kind.opened(draw, fluid) if open_ else kind.closed(draw, fluid)
    glass = plain(colour, 0.3, f"{'frosted' if kind.wall == 'frosted' else 'clear'} glass")
    return Product(
        "foundation", placed(parts), (colour,), finish, "bottle", glass, "wand out" if open_ else "closed",
        tiltable=not open_,
    )  # fmt: skip


def capped_bottle(draw: Draw) -> Product:
    """A glass bottle with a second cap that shows its face, with a clear cap over its pump, or the cap beside it."""
    colour = shade(draw, "foundation")
    base = flask(draw, colour)
    top = draw.weighted({"cap": 2, "overcap": 2, "pump and cap": 2.5})
    height = base.radius * (draw.uniform(1.7, 2.6) if top == "cap" else draw.uniform(2.8, 4.4))
    bottle = replace(
        base, top=top, height=height, cap_height=height * draw.uniform(0.4, 0.65),
        wall=draw.weighted({"frosted": 3, "clear": 3}),
    )  # fmt: skip
    parts = bottle.closed(draw, cosmetic(draw, colour, "satin"))
    layout = "closed" if top == "overcap" else "cap beside"
    if top == "cap":
        face = lathe([(bottle.radius, 0), (0.001, 0)], bottle.section, depth=bottle.depth)
        face = face.planar(2 * bottle.radius, 2 * bottle.radius * bottle.depth).moved(y=bottle.cap_height + 0.002)
        cap = [Part(bottle.cap_mesh(), bottle.cap), Part(face, lid_print(draw, bottle.cap, bottle.depth))]
        parts += beside(draw, parts, list(placed(turned(turned(cap, "x", 90), "y", draw.uniform(-25, 25)))))
    glass = plain(colour, 0.3, f"{bottle.wall} glass")
    return Product(
        "foundation", placed(parts), (colour,), "satin", "bottle", glass, layout, tiltable=layout == "closed"
    )  # fmt: skip
