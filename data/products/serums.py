"""Serums: dropper bottles above all; ampoules, roll-ons, airless pumps and smears of gel."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.film import blob
from data.material import Material, clear, cosmetic, metal, plain
from data.mesh import lathe
from data.product import Part, Product, laid, moved, placed, turned
from data.products.care import body_of, closure_of, front_label, gel_colour, packaged, pump_bottle, texture
from data.products.careprint import care_print
from data.products.closures import dome_profile, dropper_parts, pipette_parts
from data.products.creamjars import airless
from data.products.grouping import merged
from data.products.shapes import ball, grey, hue
from data.products.vessels import AMBER, bottle_parts, care_package


def serum(draw: Draw) -> Product:
    kind = draw.weighted({"dropper": 6.5, "airless": 1.2, "pump": 0.8, "ampoule": 0.7, "roll-on": 0.5, "texture": 1.2})
    if kind == "dropper":
        return _dropper_bottle(draw)
    if kind == "ampoule":
        return _ampoules(draw)
    if kind == "roll-on":
        return _roll_on(draw)
    if kind == "airless":
        return airless(draw, "serum")
    if kind == "pump":
        return pump_bottle(draw, "serum", draw.uniform(0.34, 0.46), draw.uniform(1.1, 1.5), clear_chance=0.5)
    finish = draw.weighted({"sheer": 3, "glossy": 2})
    return texture(draw, "serum", gel_colour(draw), finish, thin=True)


def glass_of(draw: Draw) -> Material:
    """The bottle's glass: clear most often, amber, frosted, white, black or coloured; only clear shows its fluid."""
    kind = draw.weighted({"clear": 3.2, "amber": 1.8, "frosted": 1.2, "white": 1.4, "black": 1.0, "coloured": 1.2})
    if kind == "clear":
        return clear(draw)
    if kind == "amber":
        return tinted(draw, AMBER * draw.uniform(0.6, 1.1), "amber glass")
    if kind == "frosted":
        return plain(hue(draw, (0.05, 0.5), (0.8, 0.94)), 0.45, "frosted glass")
    if kind == "white":
        return plain(grey(draw, 0.9), draw.uniform(0.06, 0.4), "white glass", coat=0.6)
    if kind == "black":
        return plain(np.full(3, 0.03), draw.uniform(0.08, 0.5), "black glass", coat=0.6)
    return tinted(draw, hue(draw, (0.3, 0.8), (0.15, 0.55)), "coloured glass")


def tinted(draw: Draw, colour: np.ndarray, name: str) -> Material:
    """Dark glass as a painted surface: light comes through its middle, edges are dark, and it is paler over the fluid.

    Its fluid cannot be told from it, so it is package alone.
    """
    n = 128
    u = np.abs(np.linspace(-1, 1, n))[None, :, None]  # 0 at the front, 1 at the back
    v = np.linspace(1, 0, n)[:, None, None]  # the texture's first row is the top
    through = 0.45 + draw.uniform(0.7, 1.3) * np.clip(1 - u / 0.5, 0, 1) ** 1.5
    side = 1 + draw.uniform(0.2, 0.6) * np.exp(-(((u - draw.uniform(0.15, 0.35)) / 0.05) ** 2))
    air = np.where(v > draw.uniform(0.6, 0.95), draw.uniform(1.1, 1.6), 1.0)
    texture = np.clip(colour * through * side * air, 0.01, 0.97)
    return plain(colour, 0.06, name, coat=1.0).painted((texture * 255 + 0.5).astype(np.uint8))


def _dropper_bottle(draw: Draw) -> Product:
    radius, height = draw.uniform(0.38, 0.5), draw.uniform(0.85, 1.45)
    section = draw.choice("round", "round", "round", "round", "soft", "square")
    shoulder, neck = draw.choice(draw.uniform(0.03, 0.08), draw.uniform(0.1, 0.25)), draw.uniform(0.19, 0.25)
    body, colour = glass_of(draw), gel_colour(draw)
    fluid = cosmetic(draw, colour, "glossy")
    seen = body.clear
    label = draw.weighted({"print": 5, "sticker": 3, "none": 0.5})
    outer = body
    if not seen and label == "print":
        body = care_print(draw, body, radius, height)
    parts = bottle_parts(
        draw, body, radius, height, section=section, shoulder=shoulder, neck=neck,
        liquid=fluid if seen else None,
    )  # fmt: skip
    if label == "sticker" or (seen and label == "print"):
        parts.append(front_label(draw, radius, height, section=section))
    collar = draw.weighted({"metal": 3, "black": 2, "white": 2.5, "same": 1})
    ring = {
        "metal": metal(draw),
        "black": plain(np.full(3, 0.04), 0.35, "black plastic"),
        "white": plain(grey(draw), 0.35, "white plastic"),
        "same": closure_of(draw, outer),
    }[collar]
    dark = draw.chance(0.75 if collar == "black" else 0.3)
    rubber = plain(np.full(3, 0.05) if dark else grey(draw), 0.5, "rubber")
    head = dropper_parts(draw, ring, rubber, neck)
    top = height + shoulder
    shades: tuple[np.ndarray, ...] = (colour,) if seen else ()
    if draw.chance(0.68):
        parts += moved(head, y=top - 0.01)
        return packaged(
            draw, "serum", parts, "dropper bottle", outer, colour=gel_colour, shades=shades,
            finish="glossy" if seen else None,
        )  # fmt: skip
    lip = lathe([(neck * 0.95, 0), (neck * 0.95, 0.16), (neck * 0.7, 0.16), (neck * 0.7, 0.0)])
    parts.append(Part(lip.moved(y=top - 0.02), outer))
    wand = [*head, *pipette_parts(draw, top * 0.85, fluid)]
    place = draw.weighted({"lying": 3, "leaning": 2, "above": 3})
    if place == "lying":
        parts += laid(wand, draw, draw.sign() * (radius + 0.75), radius + 0.45)
    elif place == "leaning":
        wand = list(placed(turned(wand, "z", draw.sign() * draw.uniform(18, 32))))
        middle = sum(float(p.mesh.low[0] + p.mesh.high[0]) for p in wand) / (2 * len(wand))
        parts += moved(wand, x=draw.sign() * (radius + draw.uniform(0.55, 0.75)) - middle, z=draw.uniform(0, 0.3))
    else:  # held over the open neck by nobody, as packshots show it
        tilt = draw.uniform(-35, 35)
        wand = moved(turned(wand, "z", tilt), y=top + 0.85 * top * np.cos(np.radians(tilt)) + draw.uniform(0.1, 0.25))
        shift = 0.85 * top * np.sin(np.radians(tilt))
        parts += moved(wand, x=-shift)
    if place != "above" and draw.chance(0.6):
        spot = blob(draw.rng, draw.uniform(0.12, 0.35), 0.06, 0.02)
        parts.append(Part(spot.moved(x=draw.uniform(-0.6, 0.6), z=radius + 0.5), fluid))
    return Product("serum", placed(parts), (colour,), "glossy", "dropper bottle", outer, "dropper out", tiltable=False)


def _ampoules(draw: Draw) -> Product:
    """Small glass ampoules with drawn-out necks, or stoppered vials, one to six in a row."""
    colour = gel_colour(draw)
    fluid = cosmetic(draw, colour, "glossy")
    count = draw.integer(1, 6)
    cap = metal(draw) if draw.chance(0.6) else plain(grey(draw), 0.35, "white plastic")
    shell = clear(draw) if draw.chance(0.6) else tinted(draw, AMBER * draw.uniform(0.6, 1.1), "amber glass")
    seen = shell.clear
    drawn = draw.chance(0.4)
    wrap = care_print(draw, plain(grey(draw, 0.9), 0.5, "label"), 0.26, 0.5) if draw.chance(0.5) else None
    parts: list[Part] = []
    for k in range(count):
        vial = bottle_parts(draw, shell, 0.26, 0.95, shoulder=0.1, neck=0.11, liquid=fluid if seen else None)
        if drawn:
            neck = [(0.11, 0), (0.07, 0.06), (0.1, 0.2), (0.09, 0.42), (0.04, 0.52), (0, 0.54)]
            vial.append(Part(lathe(neck, segments=24, crease=180).moved(y=1.04), fluid if seen else shell))
        else:
            vial.append(Part(lathe(dome_profile(0.17, 0.26, 0.04)).moved(y=1.03), cap))
        if wrap is not None:
            vial.append(Part(lathe([(0.264, 0), (0.264, 0.5)]).moved(y=0.2), wrap))
        parts += moved(vial, x=(k - (count - 1) / 2) * 0.64, z=draw.normal(0.04))
    shades = (colour,) if seen else ()
    return Product(
        "serum", placed(merged(parts)), shades, "glossy" if seen else None, "ampoule", shell, "closed", count=count
    )


def _roll_on(draw: Draw) -> Product:
    """A slim vial with a steel ball in its neck, its cap off beside it or on."""
    radius, height = draw.uniform(0.2, 0.26), draw.uniform(1.0, 1.4)
    colour = gel_colour(draw)
    seen = draw.chance(0.6)
    fluid = cosmetic(draw, colour, "glossy")
    body = clear(draw) if seen else body_of(draw, radius, height)
    parts = bottle_parts(draw, body, radius, height, shoulder=0.05, neck=radius * 0.85, liquid=fluid if seen else None)
    if seen:
        parts.append(front_label(draw, radius, height))
    top = height + 0.04
    cap = lathe(dome_profile(radius * 0.98, 0.55, 0.05))
    material = closure_of(draw, care_package(draw))
    shades, finish = ((colour,), "glossy") if seen else ((), None)
    if draw.chance(0.5):
        parts.append(Part(cap.moved(y=top), material))
        return packaged(draw, "serum", parts, "roll-on bottle", body, colour=gel_colour, shades=shades, finish=finish)
    seat = lathe([(radius * 0.8, 0), (radius * 0.8, 0.1), (radius * 0.55, 0.14), (0, 0.14)])
    parts.append(Part(seat.moved(y=top), plain(grey(draw), 0.3, "white plastic")))
    parts.append(Part(ball(radius * 0.55).moved(y=top + 0.02), metal(draw, "silver")))
    parts.append(Part(cap.moved(x=draw.sign() * radius * draw.uniform(2.5, 3.2), z=draw.uniform(0, 0.3)), material))
    return Product("serum", placed(parts), shades, finish, "roll-on bottle", body, "open, cap beside", tiltable=False)
