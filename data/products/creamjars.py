"""Creams: jars closed and open, tubes, airless pumps, and cream alone."""

from __future__ import annotations

from data.draw import Draw
from data.material import Material, clear, cosmetic, metal, package, plain
from data.mesh import box, cylinder, joined, lathe
from data.product import Part, Product, moved, placed, turned
from data.products.care import (
    bare_copy,
    beside,
    body_of,
    closure_of,
    cream_colour,
    packaged,
    pump_bottle,
    texture,
    tube,
)
from data.products.careprint import care_print
from data.products.closures import dome_profile, pump_parts
from data.products.grouping import merged
from data.products.primer_scenes import bottles_of_a_line, kit, slim_tube
from data.products.primers import mist, primer
from data.products.shapes import grey
from data.products.vessels import care_package, jar_parts, leaning, lid_parts, sachet

# Ranges of radius and height without the lid.
JARS = {"jar": ((0.72, 0.95), (0.55, 0.9)), "tub": ((0.85, 1.05), (0.8, 1.1)), "pot": ((0.5, 0.65), (0.3, 0.5)),
        "tin": ((0.8, 1.0), (0.28, 0.42))}  # fmt: skip


def cream(draw: Draw) -> Product:
    """A jar above all, a tube, a pump, primers alone and in their line, a mist, sachets, or the cream alone."""
    kind = draw.weighted({
        "jar": 5.2, "tube": 2.2, "airless": 1.0, "pump": 0.6, "primer": 1.1, "mist": 1.1, "sachet": 0.7, "texture": 1.4,
        "slim tube": 1.9, "line": 2.2, "kit": 1.0,
    })  # fmt: skip
    if kind == "jar":
        return _jar(draw)
    if kind == "tube":
        return tube(draw, "skincare cream")
    if kind == "airless":
        return airless(draw, "skincare cream")
    if kind in ("primer", "mist"):
        return primer(draw) if kind == "primer" else mist(draw)
    if kind == "slim tube":
        return slim_tube(draw, "skincare cream")
    if kind in ("line", "kit"):
        return bottles_of_a_line(draw) if kind == "line" else kit(draw)
    if kind == "sachet":
        return _sachets(draw)
    if kind == "pump":
        return pump_bottle(draw, "skincare cream", draw.uniform(0.38, 0.55), draw.uniform(1.2, 1.8), clear_chance=0.05)
    finish = draw.weighted({"satin": 3, "glossy": 2, "matte": 1})
    return texture(draw, "skincare cream", cream_colour(draw), finish)


def _jar(draw: Draw) -> Product:
    shape = draw.weighted({"jar": 6, "tub": 1.5, "pot": 1.2, "tin": 0.8})
    (low, high), (flat, tall) = JARS[shape]
    radius, height = draw.uniform(low, high), draw.uniform(flat, tall)
    section = draw.choice("round", "round", "round", "round", "round", "round", "soft")
    colour, finish = cream_colour(draw), draw.choice("satin", "satin", "glossy")
    glass = shape in ("jar", "pot") and draw.chance(0.38)
    if glass:
        body = clear(draw)
    elif shape == "tin":
        body = metal(draw, draw.choice("silver", "silver", "gold")) if draw.chance(0.6) else care_package(draw)
        body = care_print(draw, body, radius, height)
    else:
        body = body_of(draw, radius, height)
    lid = metal(draw) if shape == "tin" and draw.chance(0.6) else closure_of(draw, package(draw) if glass else body)
    outer = lid if glass else body
    layout = draw.weighted({"closed": 4, "open": 1.0, "open, lid beside": 1.6, "open, lid leaning": 2.4})
    cover = lid_parts(draw, lid, radius * draw.choice(1.012, 1.012, 0.97), section)
    if layout == "closed":
        parts = [*jar_parts(draw, body, radius, height, None, section), *moved(cover, y=height - 0.012)]
        if glass:
            _print_cup(draw, parts, radius, height)
        return packaged(draw, "skincare cream", parts, "jar", outer)
    parts = jar_parts(draw, body, radius, height, cosmetic(draw, colour, finish), section)
    side = draw.sign()
    if layout == "open, lid beside":
        cover = cover if draw.chance(0.7) else turned(cover, "x", 180)
        parts += moved(placed(cover), x=side * radius * draw.uniform(1.7, 2.2), z=draw.uniform(0.0, 0.7) * radius)
    elif layout == "open, lid leaning":
        if draw.chance(0.6):  # against the jar's side
            parts += _propped(draw, cover, radius, height, side)
        else:
            parts += leaning(cover, draw, side * radius * 1.75, draw.uniform(-0.2, 0.5))
    if draw.chance(0.15):
        parts.append(_spatula(draw, radius))
    if draw.chance(0.18):
        parts.append(beside(draw, colour, finish, radius))
    return Product("skincare cream", placed(parts), (colour,), finish, "jar", outer, layout, "flat", tiltable=False)


def _print_cup(draw: Draw, parts: list[Part], radius: float, height: float) -> None:
    """Puts the print on a double-walled jar's inner cup, where brands put it."""
    cup = parts[1]
    if cup.material.texture.shape[0] < 8:
        parts[1] = Part(cup.mesh, care_print(draw, cup.material, 0.9 * radius, height))


def _propped(draw: Draw, cover: list[Part], radius: float, height: float, side: int) -> list[Part]:
    """A lid on its rim that leans against the jar's front, its top to the camera."""
    tilt = draw.uniform(52, 72)
    tipped = list(placed(turned(cover, "x", tilt)))
    back = min(float(p.mesh.low[2]) for p in tipped)
    yaw = side * draw.uniform(5, 55)
    # The rim's foot stands just far enough out for its upper edge to touch the wall.
    return turned(moved(tipped, z=radius * 1.02 - back), "y", yaw)


def _sachets(draw: Draw) -> Product:
    """Foil sachets of masks and samples: one upright, or several fanned before their folding box."""
    width, height = draw.uniform(0.8, 1.2), draw.uniform(1.1, 1.6)
    surface = metal(draw, "silver") if draw.chance(0.2) else package(draw) if draw.chance(0.4) else care_package(draw)
    foil = care_print(draw, surface, width / 2, height)
    flat = sachet(width, height, draw.uniform(0.08, 0.3))
    standing = Part(flat, foil)
    if draw.chance(0.35):
        return packaged(draw, "skincare cream", [standing], "sachet", foil, smear_chance=0.08)
    count = draw.integer(3, 6)
    parts: list[Part] = []
    for k in range(count):
        down = placed(turned(turned([Part(flat, foil)], "x", -90), "y", (k - (count - 1) / 2) * 12))
        parts += moved(down, x=(k - (count - 1) / 2) * 0.4 * width, y=0.03 * k, z=0.9 * height)
    box_wide, box_tall = width * draw.uniform(1.1, 1.7), height * draw.uniform(0.95, 1.2)
    face = care_print(draw, bare_copy(foil) if draw.chance(0.6) else care_package(draw), box_wide / 2, box_tall)
    folding = Part(box(box_wide, box_tall, draw.uniform(0.3, 0.6), 0.012), face)
    parts.append(folding.turned("y", draw.uniform(-20, 20)).moved(x=-0.55 * width, z=-0.4))
    if draw.chance(0.6):
        upright = standing.turned("x", -draw.uniform(4, 10)).turned("y", draw.normal(8))
        parts.append(upright.moved(x=0.75 * width, z=0.05))
    return Product(
        "skincare cream", placed(merged(parts)), (), None, "sachet", foil, "with its box", "flat", count, False
    )


def _spatula(draw: Draw, radius: float) -> Part:
    """The small plastic spoon that comes with a jar."""
    blade = cylinder(0.16, 0.03, "round", 0.01, 1.7).moved(z=0.55)
    handle = cylinder(0.05, 0.03, "soft", 0.01, 10.0)
    mesh = joined([blade, handle]).turned("y", draw.uniform(-80, 80))
    return Part(
        mesh.moved(x=draw.sign() * radius * 1.2, z=radius * draw.uniform(0.9, 1.3)),
        plain(grey(draw, 0.85), 0.25, "white plastic"),
    )


def airless(draw: Draw, product_type: str) -> Product:
    """A slim airless pump, capped by a clear or opaque cap or open, often with a ring of metal."""
    radius, height = draw.uniform(0.26, 0.42), draw.uniform(1.2, 1.8)
    body = care_print(draw, care_package(draw), radius, height)
    foot = draw.chance(0.25)
    ring_tall = draw.uniform(0.08, 0.22)
    ring = lathe([(radius * 1.004, 0), (radius * 1.004, ring_tall), (0, ring_tall)])
    parts = [
        Part(lathe(dome_profile(radius, height, 0.06)), body),
        Part(ring.moved(y=height - 0.01), metal(draw) if draw.chance(0.7) else closure_of(draw, body)),
    ]
    if foot:
        low = lathe([(radius * 1.004, 0.0), (radius * 1.004, draw.uniform(0.08, 0.2))])
        parts.append(Part(low, metal(draw)))
    top = height + ring_tall - 0.01
    cap_tall = draw.uniform(0.55, 0.85)
    kind = draw.weighted({"capped": 4, "clear": 2, "open": 3, "cap beside": 1.2})
    head = closure_of(draw, body)
    cap = lathe(dome_profile(radius, cap_tall, draw.choice(0.04, 0.04, 0.8 * radius)))
    if kind == "capped":
        parts.append(Part(cap.moved(y=top), closure_of(draw, body)))
        return packaged(draw, product_type, parts, "pump bottle", body)
    parts += moved(_button(draw, head, radius), y=top)
    if kind == "clear":
        shell = lathe([(radius * 0.985, 0), *dome_profile(radius * 0.985, cap_tall, 0.06)[1:]])
        parts.append(Part(shell.moved(y=top), clear(draw)))
    elif kind == "cap beside":
        shell_material: Material = closure_of(draw, body)
        parts.append(Part(cap.moved(x=draw.sign() * radius * 2.6, z=radius * draw.uniform(0, 1.2)), shell_material))
        return Product(product_type, placed(parts), (), None, "pump bottle", body, "cap beside", tiltable=False)
    return packaged(draw, product_type, parts, "pump bottle", body)


def _button(draw: Draw, material: Material, radius: float) -> list[Part]:
    return pump_parts(draw, material, radius * draw.uniform(0.55, 0.75))
