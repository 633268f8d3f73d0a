"""Cleansers: pumps, foamers, tubes, bottles of micellar water and toner, bars of soap, foam and gel."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import clear, cosmetic, plain
from data.mesh import Mesh, cylinder, joined, lathe
from data.product import Part, Product, moved, placed
from data.products.care import (
    body_of,
    capped_bottle,
    closure_of,
    cream_colour,
    front_label,
    gel_colour,
    packaged,
    pump_bottle,
    texture,
    tube,
)
from data.products.closures import spray_parts
from data.products.shapes import grey, hue
from data.products.vessels import bottle_parts, swirl


def cleanser(draw: Draw) -> Product:
    kind = draw.weighted(
        {"pump": 2.6, "tube": 2.4, "foamer": 1.4, "bottle": 1.3, "micellar": 1.3, "mist": 1.0, "bar": 0.9, "foam": 0.6,
         "gel": 0.5}
    )  # fmt: skip
    if kind == "pump":
        return pump_bottle(draw, "cleanser", draw.uniform(0.45, 0.62), draw.uniform(1.5, 2.3), clear_chance=0.3)
    if kind == "foamer":
        return pump_bottle(
            draw, "cleanser", draw.uniform(0.42, 0.55), draw.uniform(1.3, 1.9), foam=True, clear_chance=0.3
        )
    if kind == "tube":
        return tube(draw, "cleanser")
    if kind == "bottle":
        flat = draw.uniform(0.5, 0.75) if draw.chance(0.6) else 1.0
        return capped_bottle(draw, "cleanser", draw.uniform(0.45, 0.65), draw.uniform(1.6, 2.5), flat=flat)
    if kind == "micellar":
        return _micellar(draw)
    if kind == "mist":
        return mist(draw, "cleanser")
    if kind == "bar":
        return _bar(draw)
    if kind == "foam":
        return _foam(draw)
    return texture(draw, "cleanser", gel_colour(draw), "glossy", thin=True)


def _micellar(draw: Draw) -> Product:
    """A large clear bottle of water, pale, pink or blue."""
    colour = draw.choice(
        np.array([0.93, 0.95, 0.96]), np.array([0.96, 0.84, 0.86]), np.array([0.80, 0.89, 0.95]), gel_colour(draw)
    )
    flat = draw.uniform(0.55, 0.75) if draw.chance(0.4) else 1.0
    return capped_bottle(
        draw, "cleanser", draw.uniform(0.48, 0.62), draw.uniform(1.6, 2.3), fluid_colour=colour, flat=flat
    )


def mist(draw: Draw, product_type: str) -> Product:
    """A slim bottle under a fine-mist head: toner, setting and sun sprays."""
    radius, height = draw.uniform(0.32, 0.46), draw.uniform(1.4, 2.0)
    neck, shoulder = radius * draw.uniform(0.5, 0.85), draw.uniform(0.05, 0.25)
    see_through = draw.chance(0.45)
    colour = (
        gel_colour(draw) if draw.chance(0.6) else np.array([0.95, draw.uniform(0.7, 0.85), draw.uniform(0.72, 0.84)])
    )
    body = clear(draw) if see_through else body_of(draw, radius, height)
    fluid = cosmetic(draw, colour, "glossy") if see_through else None
    parts = bottle_parts(draw, body, radius, height, shoulder=shoulder, neck=neck, liquid=fluid)
    if see_through and draw.chance(0.85):
        parts.append(front_label(draw, radius, height))
    head = plain(grey(draw), 0.3, "white plastic") if see_through else closure_of(draw, body)
    parts += moved(spray_parts(draw, head, neck * 1.06), y=height + shoulder - 0.01)
    shades = (colour,) if see_through else ()
    return packaged(
        draw, product_type, parts, "spray bottle", body, colour=gel_colour, smear_chance=0.04, shades=shades,
        finish="glossy" if shades else None,
    )  # fmt: skip


def _bar(draw: Draw) -> Product:
    """A bar of soap, alone, stacked, in a paper band or on a dish, now and then with bubbles."""
    colour = cream_colour(draw) if draw.chance(0.5) else hue(draw, (0.2, 0.6), (0.45, 0.85))
    finish = draw.choice("satin", "satin", "matte")
    soap = cosmetic(draw, colour, finish)
    section = draw.choice("square", "square", "soft", "round", "sharp")
    count = draw.weighted({1: 5, 2: 1.2, 3: 0.8})
    edge = draw.uniform(0.05, 0.2)
    tall = draw.uniform(0.36, 0.55)
    arc = np.radians(np.linspace(0, 90, 6))
    foot = [(float(1 - edge + edge * np.sin(a)), float(edge * (1 - np.cos(a)))) for a in arc]
    profile = [(0.0, 0.0), *foot, *((r, tall - y) for r, y in reversed(foot)), (0.0, tall)]
    bar = lathe(profile, section, depth=draw.uniform(0.6, 0.72))
    parts: list[Part] = []
    for k in range(count):
        lift = bar.turned("y", draw.normal(10 if count > 1 else 3)).moved(y=(tall + 0.004) * k)
        parts.append(Part(lift, soap))
    extra = draw.weighted({"none": 5, "dish": 2, "bubbles": 1.2, "band": 1.2 if count == 1 else 0.0})
    if extra == "dish":
        dish = cylinder(1.3, 0.14, section, 0.05, 0.75)
        parts = [Part(dish, plain(grey(draw, 0.5, 0.97), 0.4, "dish")), *moved(parts, y=0.14)]
    elif extra == "bubbles":
        foam = [
            ball_of(draw.uniform(0.05, 0.16)).moved(draw.normal(0.9), 0, draw.uniform(0.5, 0.95)) for _ in range(26)
        ]
        parts.append(Part(joined(foam), plain(grey(draw, 0.93), 0.25, "foam", coat=1.0, region=0)))
    elif extra == "band":
        half = bar.vertices[:, 0]
        keep = (np.abs(half[bar.faces]) < draw.uniform(0.25, 0.5)).all(1)
        if keep.any():
            sleeve = Mesh(bar.vertices * [1, 1.02, 1.02], bar.faces[keep], bar.normals, bar.uv)
            paper = plain(grey(draw, 0.85), 0.6, "white paper")
            parts.append(Part(sleeve, paper))
    return Product("cleanser", placed(parts), (colour,), finish, "bar", None, "bare", "flat", count, False)


def ball_of(radius: float) -> Mesh:
    """A small bubble on y = 0, light on triangles."""
    angle = np.linspace(0, np.pi, 9)
    line = [(max(radius * float(np.sin(a)), 1e-3), radius * (1 - float(np.cos(a)))) for a in angle]
    return lathe(line, segments=14, crease=180)


def _foam(draw: Draw) -> Product:
    """A heap of foam: a soft cloud or a whipped swirl, with loose bubbles."""
    colour = grey(draw, 0.94, 0.99)
    whipped = draw.chance(0.4)
    pieces = [swirl(draw, 1.0, draw.uniform(0.4, 0.6), draw.choice("spun", "peak"))] if whipped else []
    for _ in range(0 if whipped else 34):  # a cloud of soft rounds, lower to its rim
        r, a = 0.85 * np.sqrt(draw.uniform(0, 1)), draw.uniform(0, 6.3)
        size = draw.uniform(0.2, 0.38) * (1.15 - 0.5 * r)
        y = draw.uniform(0, 0.35) * (1 - r**2) - 0.3 * size
        pieces.append(ball_of(size).moved(r * np.cos(a), y, r * np.sin(a)))
    for _ in range(45):  # loose bubbles about its foot
        r, a, size = draw.uniform(0.85, 1.15), draw.uniform(0, 6.3), draw.uniform(0.02, 0.09)
        pieces.append(ball_of(size).moved(r * np.cos(a), 0.0, r * np.sin(a)))
    foam = cosmetic(draw, colour, draw.choice("satin", "matte"))
    parts = [Part(joined(pieces), foam)]
    return Product("cleanser", placed(parts), (colour,), foam.name, "", None, "swatch", "flat", tiltable=False)
