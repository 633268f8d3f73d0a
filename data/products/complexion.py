"""Foundations and concealers: bottles, tubes, sticks, cushions, wands, rows of graded shades and swatches."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from data.draw import Draw
from data.film import smear
from data.label import printed
from data.material import Material, cosmetic, metal, package, plain, plastic
from data.product import Part, Product, View, moved, placed, turned
from data.products.cases import lying_brush
from data.products.creams import pot
from data.products.cushions import cushion
from data.products.flasks import Flask, Parts, flask, row
from data.products.foundation_bases import foundation_base
from data.products.foundation_forms import capped_bottle, skin_tint, soft_tube
from data.products.liquids import Vial, fan, liquid, on_drops, vial
from data.products.palettes import contour
from data.products.shop_compacts import closed_disc
from data.products.sticks import stick
from data.products.swatches import shade, swatch
from data.products.vessels import carton, tube_parts
from data.products.wands import beside

FINISHES = {"satin": 3.0, "matte": 3.0, "glossy": 2.0}
Bottle = TypeVar("Bottle", Flask, Vial)
SWATCHES = {"smear": 5.0, "poured disc": 2.5}


def foundation(draw: Draw) -> Product:
    kinds = {
        "bottle": 6.0, "wand": 1.3, "tube": 2.0, "stick": 1.2, "cushion": 2.2, "range": 1.5, "swatch": 1.4,
        "soft tube": 2.6, "skin tint": 1.3, "capped": 1.6, "disc": 0.7, "base": 5.4,
    }  # fmt: skip
    kind = draw.weighted(kinds)
    if kind == "cushion":
        return cushion(draw, shade(draw, "foundation"), draw.weighted(FINISHES))
    forms = {"soft tube": soft_tube, "skin tint": skin_tint, "capped": capped_bottle, "base": foundation_base}
    if kind in forms:
        return forms[kind](draw)
    if kind == "disc":
        return closed_disc(draw, "foundation", shade(draw, "foundation"), draw.weighted(FINISHES))
    if kind == "wand":
        return liquid(draw, "foundation", slim=False, finish=draw.weighted(FINISHES))
    return _fluid(draw, "foundation", kind)


def concealer(draw: Draw) -> Product:
    kinds = {
        "wand": 5.5, "tube": 0.9, "stick": 1.1, "pot": 0.7, "palette": 0.4, "range": 1.0, "swatch": 1.5,
    }  # fmt: skip
    kind = draw.weighted(kinds)
    if kind == "wand":
        return liquid(draw, "concealer", slim=draw.chance(0.8), finish=draw.weighted(FINISHES))
    if kind == "pot":
        return pot(draw, "concealer", FINISHES)
    if kind == "palette":
        return contour(draw, "concealer")
    return _fluid(draw, "concealer", kind)


def _fluid(draw: Draw, product_type: str, kind: str) -> Product:
    colour, finish = shade(draw, product_type), draw.weighted(FINISHES)
    if kind == "bottle":
        return _bottle(draw, product_type, colour, finish)
    if kind == "tube":
        return tube(draw, product_type, colour, finish)
    if kind == "stick":
        return stick(draw, product_type, slim=product_type == "concealer" and draw.chance(0.4))
    if kind == "range":
        return _range(draw, product_type, finish)
    return swatch(draw, product_type, SWATCHES, FINISHES)


def graded(draw: Draw, product_type: str, count: int) -> list[np.ndarray]:
    """Shades of a range from light to deep, or the other way round."""
    shades = sorted((shade(draw, product_type) for _ in range(count)), key=lambda s: -float(s.sum()))
    return shades if draw.chance(0.7) else shades[::-1]


def shown(bottle: Bottle) -> Bottle:
    """The bottle with walls that show its fluid."""
    return replace(bottle, wall="frosted") if bottle.wall == "opaque" else bottle


def _smear(draw: Draw, fluid: Material, near: float) -> Part:
    """A stroke of the fluid on the table before its package."""
    stroke = smear(draw.rng, draw.uniform(1, 2), draw.uniform(0.3, 0.7), 0.05, draw.uniform(-1.5, 1.5))
    return Part(stroke.moved(x=draw.uniform(-0.7, 0.7), z=near + draw.uniform(0.5, 0.8)), fluid)


def _bottle(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    kind = flask(draw, colour)
    fluid = cosmetic(draw, colour, "glossy" if draw.chance(0.5) else "satin")
    parts = kind.closed(draw, fluid)
    layout = "cap beside" if kind.top == "pump and cap" else "closed"
    view: View = "upright"
    seen = kind.wall != "opaque"
    extra = draw.weighted({"none": 7, "smear": 1.0, "drops": 0.8, "carton": 1.0, "brush": 0.5})
    if extra == "smear":
        parts.append(_smear(draw, cosmetic(draw, colour, finish), kind.radius * kind.depth))
        layout, seen = "with a smear beside it", True
    elif extra == "drops":
        parts, view = on_drops(draw, parts, cosmetic(draw, colour, finish)), "overhead"
        layout, seen = "lying with a smear", True
    elif extra == "carton":
        high = max(p.mesh.high[1] for p in parts)
        box = carton(draw, package(draw), kind.radius * 2.2, high * 1.04, kind.radius * 1.8)
        parts.append(box.moved(x=draw.sign() * kind.radius * draw.uniform(2.4, 3.2), z=-draw.uniform(0.1, 0.5)))
        layout = "with its box"
    elif extra == "brush":
        parts += beside(draw, parts, lying_brush(draw, draw.choice("foundation", "flat top", "stipple")))
        layout = "with a brush"
    outer = kind.outside if kind.wall == "opaque" else plain(colour, 0.3, f"{draw.choice('clear', 'frosted')} glass")
    return Product(
        product_type,
        placed(parts),
        (colour,) if seen else (),
        finish if seen else None,
        "bottle",
        outer,
        layout,
        view,
        tiltable=layout == "closed",
    )


def _skin(draw: Draw, colour: np.ndarray, *, dark: float) -> tuple[Material, bool]:
    """A squeeze tube's surface, and whether it is the fluid seen through a clear wall; `dark` weighs black ones."""
    kind = draw.weighted({"clear": 4, "skin": 2, "black": dark, "white": 1, "any": 1.5})
    if kind == "clear":
        return cosmetic(draw, colour, draw.choice("satin", "glossy")), True
    if kind == "skin":
        pale = draw.uniform(0, 0.5)
        return plain(colour * (1 - pale) + pale * 0.95, draw.uniform(0.3, 0.7), "skin-coloured plastic"), False
    if kind == "any":
        return package(draw), False
    tone = draw.uniform(0.02, 0.07) if kind == "black" else draw.uniform(0.9, 0.97)
    return plastic(draw, np.full(3, tone), kind), False


def _cap(draw: Draw) -> Material:
    kind = draw.weighted({"black": 3, "metal": 2, "white": 1.5, "any": 2})
    tones = {"black": 0.04, "white": 0.95}
    if kind in tones:
        return plastic(draw, np.full(3, tones[kind]), kind)
    return metal(draw) if kind == "metal" else package(draw)


def tube(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A squeeze tube on its cap, alone, with a smear, or lying."""
    surface, seen = _skin(draw, colour, dark=2.5 if product_type in ("foundation", "concealer") else 0.8)
    fluid = cosmetic(draw, colour, finish)
    body = printed(draw, surface, vertical=draw.chance(0.5), often=0.95)
    parts = tube_parts(draw, body, _cap(draw), draw.uniform(1.6, 2.4), draw.uniform(0.26, 0.42))
    layout = "closed"
    view: View = "upright"
    extra = draw.weighted({"none": 6, "smear": 1.5, "lying": 1.2})
    if extra == "smear":
        parts.append(_smear(draw, fluid, 0.4))
        layout, seen = "with a smear beside it", True
    elif extra == "lying":
        head = 180 if draw.chance(0.5) else 0
        parts, view = turned(on_drops(draw, parts, fluid), "y", head), "overhead"
        layout, seen = "lying with a smear", True
    outer = plain(surface.colour, 0.3, "clear plastic") if surface.name in FINISHES else surface
    return Product(
        product_type,
        placed(parts),
        (colour,) if seen else (),
        finish if seen else None,
        "tube",
        outer,
        layout,
        view,
        tiltable=layout == "closed",
    )


def _range(draw: Draw, product_type: str, finish: str) -> Product:
    """A range of shades: equal bottles, wands, tubes or sticks from light to deep, upright or laid out."""
    kind = draw.weighted(
        {"bottle": 2.0, "tube": 1.5, "wand": 1.0, "stick": 1.0}
        if product_type == "foundation"
        else {"bottle": 0.2, "tube": 0.7, "wand": 4.0, "stick": 0.8}
    )
    shades = graded(draw, product_type, draw.integer(3, 9))
    if kind == "stick":
        return stick(draw, product_type, slim=draw.chance(0.3), graded=shades)
    fluids = [cosmetic(draw, s, draw.choice("satin", "glossy")) for s in shades]
    items: list[Parts] = []
    outer: Material = plain(shades[0], 0.3, "clear plastic")
    if kind == "tube":
        cap, high, wide, seed = _cap(draw), draw.uniform(1.7, 2.3), draw.uniform(0.24, 0.34), draw.integer(0, 1 << 30)
        upright = draw.chance(0.5)
        for fluid in fluids:
            same = Draw((seed,))  # equal tubes but for their shade
            body = tube_parts(same, printed(same, fluid, vertical=True, often=0.95), cap, high, wide)
            items.append(body if upright else list(placed(turned(body, "z", 180))))
    elif kind == "wand":
        small = shown(vial(draw, slim=product_type == "concealer" or draw.chance(0.4), colour=shades[0]))
        items = [small.closed(draw, f) for f in fluids]
    else:
        big = shown(flask(draw, shades[0]))
        items = [big.closed(draw, f) for f in fluids]
        outer = plain(shades[0], 0.3, "clear glass")
    flat = draw.chance(0.45)
    parts = fan(items, draw) if flat else row(draw, items, draw.uniform(1.04, 1.35))
    low, high_ = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    parts = moved(parts, -(low + high_)[0] / 2, 0, -(low + high_)[2] / 2)
    return Product(
        product_type,
        placed(parts),
        tuple(shades),
        finish,
        "bottle" if kind == "bottle" else "tube",
        outer,
        "several fanned out" if flat else "several in a row",
        "overhead" if flat else "upright",
        len(items),
        tiltable=False,
    )
