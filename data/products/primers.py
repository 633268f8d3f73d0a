"""Primers in white pump bottles with bands of metal, and face mists, which bloggers hold up before a wall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.material import Material, cosmetic, metal, package, plain
from data.mesh import Mesh, cylinder, lathe
from data.product import Part, Product, moved, placed
from data.products.care import cream_colour, front_label, packaged
from data.products.careprint import care_print
from data.products.closures import dome_profile, pump_parts, spray_parts
from data.products.shapes import grey, hue
from data.products.vessels import bottle_parts, care_package


def _band(radius: float, low: float, tall: float) -> Mesh:
    """A ring of foil round a bottle."""
    return lathe([(radius * 1.006, low), (radius * 1.006, low + tall)])


def banded(draw: Draw, kind: str) -> tuple[list[Part], list[Part], Material, float]:
    """A pump bottle with metal bands, "capped" or else open: its parts, its cap, body, radius."""
    radius = draw.uniform(0.32, 0.44)
    height = radius * draw.uniform(2.3, 4.2)
    tone = draw.weighted({"white": 5, "pale": 1.5, "any": 1.5})
    colours = {"white": grey(draw, 0.93), "pale": hue(draw, (0.2, 0.5), (0.82, 0.92))}
    body = care_package(draw) if tone == "any" else plain(colours[tone], draw.uniform(0.06, 0.4), f"{tone} plastic")
    if tone == "pale":
        body = replace(body, name="pastel plastic")
    shine = metal(draw, draw.weighted({"rose gold": 5, "gold": 2, "silver": 2, "champagne": 1}))
    shoulder = draw.choice(0.02, draw.uniform(0.04, 0.2))
    neck = radius * draw.uniform(0.55, 0.8)
    face = care_print(draw, body, radius, height)
    parts = bottle_parts(draw, face, radius, height, shoulder=shoulder, neck=neck)
    low = height * draw.uniform(0.12, 0.35)
    parts.append(Part(_band(radius, low, height * draw.uniform(0.04, 0.3)), shine))
    if draw.chance(0.4):
        parts.append(Part(_band(radius, height * draw.uniform(0.9, 0.94), 0.03 * height), shine))
    top = height + shoulder
    collar = cylinder(neck * 1.04, 0.1 * radius, bevel=0.01).moved(y=top - 0.02)
    parts.append(Part(collar, shine))
    top += 0.1 * radius - 0.03
    wide = draw.choice(neck, neck, radius)
    cap_tall = radius * draw.uniform(1.1, 1.9)
    cap = [Part(lathe(dome_profile(wide * 1.03, cap_tall, draw.choice(0.04, 0.12))), body)]
    if draw.chance(0.6):  # a metal disc on top
        cap.append(Part(cylinder(wide * 0.97, 0.04, bevel=0.015).moved(y=cap_tall - 0.01), shine))
    head = cap if kind == "capped" else pump_parts(draw, body if draw.chance(0.7) else shine, neck * 0.95)
    return [*parts, *moved(head, y=top)], cap, body, radius


def primer(draw: Draw) -> Product:
    """A pump bottle of one to two and a half times its width, white or pale, with metal bands, capped or open."""
    kind = draw.weighted({"capped": 4, "open": 2.5, "cap beside": 1.5})
    parts, cap, body, radius = banded(draw, kind)
    if kind != "cap beside":
        return packaged(draw, "skincare cream", parts, "pump bottle", body)
    parts += moved(cap, x=draw.sign() * radius * draw.uniform(2.2, 2.9), z=radius * draw.uniform(0, 1.0))
    return Product("skincare cream", placed(parts), (), None, "pump bottle", body, "cap beside", tiltable=False)


def _glass(draw: Draw) -> tuple[Material, np.ndarray | None]:
    """A mist's bottle, and its fluid's colour where it can be told from the wall."""
    kind = draw.weighted({"pink": 3, "frosted": 2, "white": 1.5, "amber": 0.8, "any": 1.2})
    if kind == "pink":
        tone = np.array(draw.choice((0.86, 0.52, 0.55), (0.92, 0.68, 0.68), (0.9, 0.62, 0.5), (0.75, 0.4, 0.48)))
        return plain(np.clip(tone * draw.uniform(0.9, 1.08), 0, 1), 0.08, "pink plastic", coat=1.0), None
    if kind == "frosted":
        return plain(hue(draw, (0.1, 0.5), (0.75, 0.92)), 0.45, "frosted plastic"), None
    if kind == "amber":
        return plain(np.array([0.42, 0.2, 0.06]), 0.08, "amber plastic", coat=1.0), None
    return (package(draw) if kind == "any" else plain(grey(draw, 0.92), 0.3, "white plastic")), None


def mist(draw: Draw) -> Product:
    """A slim spray bottle of setting mist, toner or lotion, as often as not held in a hand before a wall."""
    radius = draw.uniform(0.28, 0.38)
    height = radius * draw.uniform(3.4, 5.4)
    body, _ = _glass(draw)
    neck = radius * draw.uniform(0.5, 0.75)
    shoulder = draw.uniform(0.04, 0.25)
    front = care_print(draw, body, radius, height)
    parts = bottle_parts(draw, front, radius, height, shoulder=shoulder, neck=neck)
    if draw.chance(0.15):
        parts.append(front_label(draw, radius, height))
    head = plain(grey(draw), 0.3, "white plastic") if draw.chance(0.5) else metal(draw)
    if draw.chance(0.25):
        head = plain(np.full(3, 0.04), 0.3, "black plastic")
    parts += moved(spray_parts(draw, head, max(neck, 0.8 * radius)), y=height + shoulder - 0.02)
    if draw.chance(0.55):
        return Product("skincare cream", placed(parts), (), None, "spray bottle", body, "closed", setting="wall")
    if draw.chance(0.2):  # what it holds, on the table
        drops = lathe([(0.001, 0.02), (0.16, 0.012), (0.2, 0.0)], crease=180)
        film = Part(drops.moved(x=draw.sign() * (radius + 0.5), z=0.4), cosmetic(draw, cream_colour(draw), "glossy"))
        shade = film.material.colour
        words = "with a smear beside it"
        return Product(
            "skincare cream", placed([*parts, film]), (shade,), "glossy", "spray bottle", body, words, tiltable=False
        )
    return packaged(draw, "skincare cream", parts, "spray bottle", body, smear_chance=0.03)
