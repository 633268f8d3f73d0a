"""Sunscreens: tubes, flip-top bottles, sprays, pumps and sticks in sun and sea colours, or the white cream alone."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import Material, cosmetic, plain
from data.mesh import box, cylinder, lathe
from data.product import Part, Product, moved, placed
from data.products.care import capped_bottle, closure_of, cream_colour, packaged, pump_bottle, texture, tube
from data.products.careprint import care_print, sun_print
from data.products.closures import dome_profile, spray_parts
from data.products.primer_scenes import slim_tube
from data.products.shapes import grey
from data.products.vessels import bottle_parts, care_package

GROUNDS = {
    "white": (0.96, 0.96, 0.95), "yellow": (0.97, 0.80, 0.15), "orange": (0.93, 0.50, 0.10),
    "blue": (0.10, 0.36, 0.66), "light blue": (0.60, 0.80, 0.92), "cream": (0.96, 0.90, 0.78),
}  # fmt: skip


def sunscreen(draw: Draw) -> Product:
    kind = draw.weighted(
        {"tube": 3.6, "bottle": 2.4, "spray": 1.6, "stick": 1.0, "pump": 0.9, "texture": 1.0, "slim": 0.5}
    )
    if kind == "texture":
        finish = draw.weighted({"satin": 3, "glossy": 2})
        return texture(draw, "sunscreen", cream_colour(draw), finish)
    if kind == "tube":
        return tube(draw, "sunscreen", sun_surface(draw, 0.53, 2.2))
    if kind == "bottle":
        radius, height = draw.uniform(0.48, 0.68), draw.uniform(1.5, 2.2)
        surface = sun_surface(draw, radius, height)
        return capped_bottle(draw, "sunscreen", radius, height, surface=surface, flat=draw.uniform(0.4, 0.65))
    if kind == "slim":
        return slim_tube(draw, "sunscreen")
    if kind == "spray":
        return _spray(draw)
    if kind == "pump":
        radius, height = draw.uniform(0.36, 0.5), draw.uniform(1.2, 1.8)
        return pump_bottle(draw, "sunscreen", radius, height, surface=sun_surface(draw, radius, height))
    return _stick(draw)


def sun_surface(draw: Draw, radius: float, height: float) -> Material:
    """White, yellow, orange or blue plastic with blocks of colour and a protection factor, or a sober care print."""
    if draw.chance(0.15):
        return care_print(draw, care_package(draw), radius, height)
    name = draw.weighted({"white": 4.5, "yellow": 1.6, "orange": 1.4, "blue": 1, "light blue": 1, "cream": 1})
    ground = np.clip(np.array(GROUNDS[name]) + draw.rng.normal(0, 0.02, 3), 0.03, 0.98)
    accents = [np.array(v) for k, v in GROUNDS.items() if k not in (name, "white", "cream")]
    if name not in ("white", "cream"):
        accents.append(np.array(GROUNDS["white"]))
    return sun_print(draw, plain(ground, draw.uniform(0.12, 0.5), f"{name} plastic"), radius, height, accents)


def _spray(draw: Draw) -> Product:
    """A slim can or bottle under a mist head."""
    radius, height = draw.uniform(0.34, 0.48), draw.uniform(1.5, 2.2)
    can = draw.chance(0.4)
    neck = radius * (draw.uniform(0.86, 0.92) if can else draw.uniform(0.5, 0.75))
    shoulder = 0.08 if can else draw.uniform(0.08, 0.25)
    surface = sun_surface(draw, radius, height)
    parts = bottle_parts(draw, surface, radius, height, shoulder=shoulder, neck=neck)
    head = plain(grey(draw), 0.3, "white plastic") if draw.chance(0.6) else closure_of(draw, surface)
    parts += moved(spray_parts(draw, head, neck * 1.02), y=height + shoulder - 0.01)
    return packaged(draw, "sunscreen", parts, "spray bottle", surface, smear_chance=0.04)


def _stick(draw: Draw) -> Product:
    """A twist-up stick, round or flat, its white core out or under its cap."""
    colour = cream_colour(draw)
    core = cosmetic(draw, colour, "satin")
    flat = draw.chance(0.55)
    depth = 0.52 if flat else 1.0
    section = "soft" if flat else "round"
    radius, height = (draw.uniform(0.44, 0.54) if flat else draw.uniform(0.34, 0.42)), draw.uniform(0.95, 1.4)
    surface = sun_surface(draw, radius, height)
    body = box(2 * radius, height, 2 * radius * depth, 0.08) if flat and draw.chance(0.4) else None
    mesh = body or cylinder(radius, height, section, 0.05, depth)
    cap_tall = draw.uniform(0.6, 0.9)
    cap = cylinder(radius, cap_tall, section, 0.06, depth)
    cap_material = closure_of(draw, surface)
    if draw.chance(0.35):
        parts = [Part(mesh, surface), Part(cap.moved(y=height + 0.012), cap_material)]
        return packaged(draw, "sunscreen", parts, "stick", surface, smear_chance=0.08)
    r = 0.82 * radius
    sleeve = cylinder(0.9 * radius, 0.16, section, 0.02, depth).moved(y=height - 0.02)
    out = draw.uniform(0.12, 0.32)
    tip = lathe([(r, 0), *dome_profile(r, out + 0.1, draw.uniform(0.1, 0.3))[1:]], section, depth=depth, crease=70)
    parts = [
        Part(mesh, surface),
        Part(sleeve, plain(grey(draw), 0.35, "white plastic")),
        Part(tip.moved(y=height + 0.13), core),
    ]
    layout = "cap off"
    if draw.chance(0.65):
        x = draw.sign() * radius * draw.uniform(2.3, 2.9)
        parts.append(Part(cap.moved(x=x, z=draw.uniform(0, 0.4)), cap_material))
        layout = "open, cap beside"
    return Product("sunscreen", placed(parts), (colour,), "satin", "stick", surface, layout, tiltable=False)
