"""Skin care: creams, serums, cleansers and sunscreens, in their vessels or as a texture alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.label import SIDE, font, picture, printed
from data.material import Material, clear, cosmetic, metal, package, plain
from data.mesh import Mesh, blob, box, cylinder, joined, lathe, plate, smear
from data.product import Part, Product, laid, moved, placed, turned
from data.products.shapes import ball, dollop, grey, hue
from data.products.vessels import (
    AMBER,
    bottle_parts,
    care_package,
    carton,
    dropper_parts,
    jar_parts,
    leaning,
    lid_parts,
    pipette_parts,
    pump_parts,
    spray_parts,
    tube_parts,
)

SECTIONS = ("round", "round", "round", "soft", "square")


def cream(draw: Draw) -> Product:
    """A jar, a tube or a pump bottle of cream, or the cream alone."""
    kind = draw.weighted({"jar": 5.5, "tube": 1.6, "pump": 1.0, "texture": 1.8})
    if kind == "jar":
        return _jar(draw)
    if kind == "tube":
        return _tube(draw, "skincare cream")
    if kind == "pump":
        return _pump_bottle(draw, "skincare cream", draw.uniform(0.4, 0.6), draw.uniform(1.1, 1.7))
    return _texture(
        draw, "skincare cream", _cream_colour(draw), draw.weighted({"satin": 3, "glossy": 2, "matte": 1})
    )


def serum(draw: Draw) -> Product:
    """Dropper bottles above all; ampoules, airless pumps and smears of gel."""
    kind = draw.weighted({"dropper": 6.5, "pump": 1.0, "ampoule": 0.8, "texture": 1.6})
    if kind == "dropper":
        return _dropper_bottle(draw)
    if kind == "ampoule":
        return _ampoules(draw)
    if kind == "pump":
        return _airless(draw)
    finish = draw.weighted({"sheer": 3, "glossy": 2})
    return _texture(draw, "serum", _gel_colour(draw), finish, thin=True)


def cleanser(draw: Draw) -> Product:
    """Large pump bottles, tubes, foamers, shampoo bottles, bars of soap, foam and gel."""
    kind = draw.weighted(
        {"pump": 3, "tube": 2, "foamer": 1.4, "large": 2, "bar": 0.8, "foam": 0.9, "gel": 0.6}
    )
    if kind == "pump":
        return _pump_bottle(draw, "cleanser", draw.uniform(0.5, 0.7), draw.uniform(1.6, 2.4))
    if kind == "foamer":
        return _pump_bottle(draw, "cleanser", draw.uniform(0.45, 0.6), draw.uniform(1.4, 1.9), foam=True)
    if kind == "tube":
        return _tube(draw, "cleanser")
    if kind == "large":
        return _flat_bottle(draw, "cleanser", printed(draw, care_package(draw), often=0.95))
    if kind == "bar":
        return _bar(draw)
    if kind == "foam":
        return _foam(draw)
    return _texture(draw, "cleanser", _gel_colour(draw), "glossy", thin=True)


def sunscreen(draw: Draw) -> Product:
    """Tubes, flat bottles, sprays, sticks and pumps in sun and sea colours, or the white cream alone."""
    kind = draw.weighted({"tube": 3.5, "flat": 2.2, "spray": 1.8, "stick": 0.9, "pump": 0.8, "texture": 1.2})
    if kind == "texture":
        return _texture(draw, "sunscreen", _cream_colour(draw), draw.weighted({"satin": 3, "glossy": 2}))
    surface = _sun_surface(draw)
    if kind == "tube":
        return _tube(draw, "sunscreen", surface)
    if kind == "flat":
        return _flat_bottle(draw, "sunscreen", surface)
    if kind == "spray":
        return _spray_bottle(draw, surface)
    if kind == "pump":
        return _pump_bottle(
            draw, "sunscreen", draw.uniform(0.4, 0.55), draw.uniform(1.2, 1.8), surface=surface
        )
    return _sun_stick(draw, surface)


def _cream_colour(draw: Draw) -> np.ndarray:
    """White, ivory, or a breath of pink, yellow, green or blue."""
    tint = draw.rng.uniform(0.0, draw.weighted({0.03: 4, 0.1: 2, 0.2: 1}), 3)
    return np.clip(draw.uniform(0.93, 0.98) - tint, 0, 1)


def _gel_colour(draw: Draw) -> np.ndarray:
    """Clear gel seen as pale grey, honey and oil gold, or a pastel."""
    kind = draw.weighted({"pale": 3, "gold": 2, "pastel": 1.5})
    if kind == "pale":
        return np.array([0.88, 0.9, 0.9]) * draw.uniform(0.88, 1.05)
    if kind == "gold":
        return np.array([0.93, draw.uniform(0.66, 0.86), draw.uniform(0.25, 0.6)])
    return hue(draw, (0.3, 0.6), (0.72, 0.88))


def _beside(draw: Draw) -> tuple[Part, np.ndarray, str]:
    """A smear or dollop in front of its package."""
    colour, finish = _cream_colour(draw), draw.choice("satin", "glossy")
    if draw.chance(0.5):
        mesh = smear(draw.rng, draw.uniform(1, 2), draw.uniform(0.3, 0.7), 0.08, draw.uniform(-1, 1))
    else:
        mesh = dollop(draw.rng, draw.uniform(0.25, 0.45), draw.uniform(0.15, 0.3))
    mesh = mesh.moved(x=draw.sign() * draw.uniform(0.5, 1.1), z=draw.uniform(0.8, 1.2))
    return Part(mesh, cosmetic(draw, colour, finish)), colour, finish


def _packaged(
    draw: Draw,
    product_type: str,
    parts: Sequence[Part],
    form: str,
    body: Material,
    *,
    smear_chance: float = 0.12,
) -> Product:
    """A closed package, now and then with its carton behind or a smear of what it holds in front."""
    pieces, layout = list(parts), "closed"
    if draw.chance(0.1):
        layout = "with its carton"
        size = np.max([p.mesh.high for p in pieces], 0) - np.min([p.mesh.low for p in pieces], 0)
        behind = carton(
            draw, body if draw.chance(0.6) else package(draw), size[0] * 0.95, size[1] * 1.02, size[2] * 0.9
        )
        pieces.append(behind.moved(x=draw.sign() * size[0] * 0.95, z=-0.75 * size[2]))
    if draw.chance(smear_chance):
        texture, colour, finish = _beside(draw)
        pieces.append(texture)
        layout = "with a smear beside it"
        return Product(product_type, placed(pieces), (colour,), finish, form, body, layout, tiltable=False)
    alone = layout == "closed"
    return Product(product_type, placed(pieces), (), None, form, body, layout, tiltable=alone)


def _texture(
    draw: Draw, product_type: str, colour: np.ndarray, finish: str, *, thin: bool = False
) -> Product:
    """Cream or gel alone on the table, seen from above."""
    kind = draw.weighted(
        {"smear": 4, "dollop": 0.3 if thin else 2.5, "disc": 1.2, "drops": 2.5 if thin else 0.4}
    )
    thick = 0.04 if thin else 0.09
    if kind == "smear":
        size = draw.uniform(0.4, 1.1)
        mesh = smear(draw.rng, draw.uniform(1.6, 2.6), size, thick, draw.uniform(-1.5, 1.5)).turned(
            "y", draw.uniform(0, 360)
        )
    elif kind == "dollop":
        mesh = dollop(draw.rng, 1.0, draw.uniform(0.3, 0.7), draw.uniform(1.5, 3))
    elif kind == "disc":
        mesh = blob(draw.rng, 1.0, thick * 1.5, draw.choice(0.03, 0.12))
    else:
        mesh = _droplets(draw)
    part = Part(mesh, cosmetic(draw, colour, finish))
    return Product(
        product_type,
        placed([part]),
        (colour,),
        finish,
        "",
        None,
        "swatch",
        draw.choice("overhead", "flat"),
        tiltable=False,
    )


def _droplets(draw: Draw) -> Mesh:
    """Drops of many sizes, flattened by surface tension."""
    drops = []
    for _ in range(draw.integer(3, 12)):
        r = draw.uniform(0.06, 0.4)
        drops.append(blob(draw.rng, r, 0.5 * r, 0.02).moved(x=draw.normal(0.6), z=draw.normal(0.6)))
    return joined(drops)


def _jar(draw: Draw) -> Product:
    section = draw.choice("round", "round", "round", "round", "soft")
    radius, height = draw.uniform(0.7, 1.0), draw.uniform(0.5, 0.95)
    body = clear(draw) if draw.chance(0.25) else printed(draw, care_package(draw), often=0.9)
    lid = package(draw) if draw.chance(0.5) or body.clear else care_package(draw)
    colour, finish = _cream_colour(draw), draw.choice("satin", "satin", "glossy")
    layout = draw.weighted({"closed": 4, "open": 1.2, "open, lid beside": 2, "open, lid leaning": 2})
    cover = lid_parts(draw, lid, radius * 1.01, section)
    outer = lid if body.clear else body
    if layout == "closed":
        parts = [*jar_parts(draw, body, radius, height, None, section), *moved(cover, y=height + 0.01)]
        return _packaged(draw, "skincare cream", parts, "jar", outer)
    parts = jar_parts(draw, body, radius, height, cosmetic(draw, colour, finish), section)
    x, z = draw.sign() * radius * draw.uniform(1.9, 2.3), draw.uniform(-0.4, 0.6)
    if layout == "open, lid beside":
        parts += moved(cover, x=x, z=z)
    elif layout == "open, lid leaning":
        parts += leaning(cover, draw, x * 0.9, z)
    return Product(
        "skincare cream", placed(parts), (colour,), finish, "jar", outer, layout, "flat", tiltable=False
    )


def _tube(draw: Draw, product_type: str, surface: Material | None = None) -> Product:
    body = surface or printed(draw, care_package(draw), vertical=draw.chance(0.35), often=0.95)
    cap = plain(body.colour, 0.35, body.name) if draw.chance(0.4) else package(draw)
    parts = tube_parts(draw, body, cap, draw.uniform(1.6, 2.7), draw.uniform(0.38, 0.58))
    if draw.chance(0.12):  # a second tube of the line, smaller
        more = tube_parts(draw, body, cap, draw.uniform(1.2, 1.6), draw.uniform(0.28, 0.4))
        parts += moved(more, x=draw.sign() * 1.3, z=draw.uniform(-0.2, 0.5))
        return Product(product_type, placed(parts), (), None, "tube", body, "closed", count=2)
    if draw.chance(0.18):
        down = laid(parts, draw, 0.0, 0.0)
        texture, colour, finish = _beside(draw)
        down.append(texture.moved(z=0.3))
        layout = "lying, with a smear beside it"
        return Product(
            product_type, placed(down), (colour,), finish, "tube", body, layout, "flat", tiltable=False
        )
    return _packaged(draw, product_type, parts, "tube", body)


def _pump_bottle(
    draw: Draw,
    product_type: str,
    radius: float,
    height: float,
    *,
    foam: bool = False,
    surface: Material | None = None,
) -> Product:
    section = draw.choice(*SECTIONS)
    depth = 1.0 if section == "round" else draw.uniform(0.6, 1.0)
    neck = radius * depth * draw.uniform(0.4, 0.7)
    body = surface or printed(draw, care_package(draw), vertical=draw.chance(0.2), often=0.95)
    shoulder = draw.uniform(0.02, 0.3)
    head = package(draw) if draw.chance(0.6) else plain(grey(draw), 0.35, "white plastic")
    see_through = surface is None and draw.chance(0.18)
    if see_through:
        colour = _gel_colour(draw)
        fill = cosmetic(draw, colour, "glossy")
        liquid = printed(draw, fill, often=0.9)
        parts = bottle_parts(
            draw,
            clear(draw),
            radius,
            height,
            section=section,
            depth=depth,
            shoulder=shoulder,
            neck=neck,
            liquid=liquid,
        )
    else:
        parts = bottle_parts(
            draw, body, radius, height, section=section, depth=depth, shoulder=shoulder, neck=neck
        )
    parts += moved(pump_parts(draw, head, neck * (1.25 if foam else 1.1), foam=foam), y=height + shoulder)
    form = "foam pump bottle" if foam else "pump bottle"
    if see_through:
        return Product(product_type, placed(parts), (colour,), "glossy", form, parts[0].material, "closed")
    return _packaged(draw, product_type, parts, form, body)


def _flat_bottle(draw: Draw, product_type: str, body: Material) -> Product:
    """The oval or slab bottle of shampoos, gels and sun milk, with a flip cap."""
    radius, height = draw.uniform(0.5, 0.75), draw.uniform(1.6, 2.5)
    section, depth = draw.choice("round", "soft", "square"), draw.uniform(0.4, 0.7)
    shoulder, neck = draw.uniform(0.05, 0.35), radius * draw.uniform(0.35, 0.7)
    parts = bottle_parts(
        draw, body, radius, height, section=section, depth=depth, shoulder=shoulder, neck=neck * 0.8
    )
    cap = cylinder(neck, draw.uniform(0.25, 0.6), draw.choice("round", section), depth=max(depth, 0.55))
    material = package(draw) if draw.chance(0.6) else plain(grey(draw), 0.35, "white plastic")
    parts.append(Part(cap.moved(y=height + shoulder), material))
    if draw.chance(0.3):  # stands on its cap
        parts = list(placed(turned(turned(parts, "z", 180), "y", 0.0)))
        parts[0] = Part(_upside(parts[0].mesh), parts[0].material)
    return _packaged(draw, product_type, parts, "bottle", body)


def _upside(mesh: Mesh) -> Mesh:
    """The texture turned with the bottle, so that its print stays upright."""
    return Mesh(mesh.vertices, mesh.faces, mesh.normals, 1.0 - mesh.uv)


def _dropper_bottle(draw: Draw) -> Product:
    radius, height = draw.uniform(0.38, 0.55), draw.uniform(0.95, 1.6)
    section = draw.choice("round", "round", "round", "soft", "square")
    shoulder, neck = draw.uniform(0.06, 0.25), draw.uniform(0.19, 0.27)
    glass = draw.weighted({"amber": 2, "clear": 2.5, "frosted": 1.5, "black": 1, "coloured": 1.5})
    colour = _gel_colour(draw)
    fluid = cosmetic(draw, colour, "glossy")
    body = {
        "amber": plain(AMBER * draw.uniform(0.5, 1.1), 0.08, "amber glass", coat=1.0),
        "clear": clear(draw),
        "frosted": plain(hue(draw, (0.05, 0.5), (0.75, 0.93)), 0.5, "frosted glass"),
        "black": plain(np.full(3, 0.03), draw.uniform(0.1, 0.5), "black glass", coat=0.6),
        "coloured": plain(hue(draw, (0.3, 0.8), (0.15, 0.6)), 0.08, "coloured glass", coat=1.0),
    }[glass]
    parts = bottle_parts(
        draw,
        body,
        radius,
        height,
        section=section,
        shoulder=shoulder,
        neck=neck,
        liquid=fluid if body.clear else None,
    )
    parts.append(_sticker(draw, radius, height, section))
    collar = draw.choice(plain(np.full(3, 0.04), 0.4), plain(grey(draw), 0.4), metal(draw), package(draw))
    bulb = draw.choice(plain(np.full(3, 0.05), 0.5), plain(grey(draw), 0.5), plain(grey(draw), 0.5))
    head = dropper_parts(draw, collar, bulb, neck)
    top = height + shoulder
    seen: tuple[np.ndarray, ...] = (colour,) if body.clear else ()
    outer = body
    if draw.chance(0.68):
        parts += moved(head, y=top)
        if seen:
            return Product("serum", placed(parts), seen, "glossy", "dropper bottle", outer, "closed")
        return _packaged(draw, "serum", parts, "dropper bottle", outer)
    parts.append(
        Part(lathe([(neck * 0.95, 0), (neck * 0.95, 0.16), (neck * 0.75, 0.16)]).moved(y=top - 0.02), body)
    )
    wand = [*head, *pipette_parts(draw, top * 0.85, fluid)]
    if draw.chance(0.4):
        parts += laid(wand, draw, draw.sign() * (radius + 0.6), radius + 0.5)
    else:
        wand = list(placed(turned(wand, "z", draw.uniform(-25, 25))))
        parts += moved(wand, x=draw.sign() * radius * 2.4, y=draw.choice(0.0, 0.3))
    drop = blob(draw.rng, draw.uniform(0.12, 0.35), 0.06, 0.03).moved(
        x=draw.uniform(-0.7, 0.7), z=radius + 0.45
    )
    parts.append(Part(drop, fluid))
    return Product(
        "serum", placed(parts), (colour,), "glossy", "dropper bottle", outer, "dropper out", tiltable=False
    )


def _sticker(draw: Draw, radius: float, height: float, section: str) -> Part:
    """A paper label wrapped around a bottle."""
    paper = grey(draw, 0.85, 1.0) if draw.chance(0.65) else hue(draw, (0.1, 0.6), (0.25, 0.85))
    tall = height * draw.uniform(0.4, 0.62)
    wrap = lathe([(radius * 1.012, 0), (radius * 1.012, tall)], section).moved(y=height * 0.2)
    return Part(wrap, plain(paper, 0.5, "label").painted(picture(draw, paper)))


def _ampoules(draw: Draw) -> Product:
    """Small glass ampoules or vials of fluid, one to six."""
    colour = _gel_colour(draw)
    fluid = cosmetic(draw, colour, "glossy")
    count = draw.integer(1, 6)
    cap = metal(draw) if draw.chance(0.6) else package(draw)
    shell = clear(draw)
    parts: list[Part] = []
    for k in range(count):
        vial = bottle_parts(draw, shell, 0.26, 1.0, shoulder=0.12, neck=0.13, liquid=fluid)
        vial.append(Part(cylinder(0.17, 0.24, "round", 0.03).moved(y=1.1), cap))
        parts += moved(vial, x=(k - (count - 1) / 2) * 0.68, z=draw.normal(0.05))
    return Product("serum", placed(parts), (colour,), "glossy", "ampoule", shell, "closed", count=count)


def _airless(draw: Draw) -> Product:
    """A slim airless pump, capped or open."""
    radius, height = draw.uniform(0.28, 0.42), draw.uniform(1.3, 1.9)
    body = printed(draw, care_package(draw), vertical=draw.chance(0.4), often=0.95)
    parts = [
        Part(cylinder(radius, height), body),
        Part(cylinder(radius * 1.01, 0.14, "round", 0.02).moved(y=height), metal(draw)),
    ]
    if draw.chance(0.5):
        shell = clear(draw) if draw.chance(0.4) else package(draw)
        parts.append(Part(cylinder(radius, draw.uniform(0.5, 0.8)).moved(y=height + 0.14), shell))
    else:
        parts += moved(pump_parts(draw, package(draw), radius * 0.7), y=height + 0.13)
    return _packaged(draw, "serum", parts, "pump bottle", body)


def _bar(draw: Draw) -> Product:
    """A bar of soap, embossed or plain, alone, stacked or on a dish."""
    colour = _cream_colour(draw) if draw.chance(0.5) else hue(draw, (0.2, 0.6), (0.35, 0.85))
    finish = draw.choice("satin", "matte")
    soap = cosmetic(draw, colour, finish)
    section = draw.choice("square", "soft", "round", "sharp")
    count = draw.weighted({1: 4, 2: 1.5, 3: 1})
    parts: list[Part] = []
    for k in range(count):
        bar = lathe([(0, 0), (0.85, 0), (1, 0.1), (1, 0.36), (0.85, 0.46), (0, 0.48)], section, depth=0.66)
        parts.append(Part(bar.turned("y", draw.normal(12 if count > 1 else 3)).moved(y=0.485 * k), soap))
    if draw.chance(0.35):
        dish = plain(grey(draw, 0.5, 0.97), 0.4, "dish")
        parts = [Part(cylinder(1.35, 0.14, section, 0.05, 0.75), dish), *moved(parts, y=0.14)]
    return Product("cleanser", placed(parts), (colour,), finish, "bar", None, "bare", "flat", count, False)


def _foam(draw: Draw) -> Product:
    """A heap of foam: bubbles over a soft mound."""
    colour = grey(draw, 0.94, 0.99)
    mound = dollop(draw.rng, 1.0, 0.8, 1.5)
    bubbles = []
    for _ in range(90):
        r, a = np.sqrt(draw.uniform(0, 1)), draw.uniform(0, 6.3)
        size = draw.uniform(0.03, 0.16)
        y = 0.55 * np.sqrt(1 - r**3) - size
        bubbles.append(ball(size).moved(r * np.cos(a), max(y, 0.0), r * np.sin(a)))
    foam = cosmetic(draw, colour, draw.choice("satin", "matte"))
    parts = [Part(joined([mound, *bubbles]), foam)]
    return Product(
        "cleanser", placed(parts), (colour,), foam.name, "", None, "swatch", "flat", tiltable=False
    )


SUN_GROUNDS = {
    "white": (0.96, 0.96, 0.95), "yellow": (0.97, 0.80, 0.15), "orange": (0.93, 0.50, 0.10),
    "blue": (0.10, 0.36, 0.66), "light blue": (0.60, 0.80, 0.92), "cream": (0.96, 0.90, 0.78),
}  # fmt: skip


def _sun_surface(draw: Draw) -> Material:
    """White, yellow, orange or blue plastic with a band, a sun disc and the protection factor writ large."""
    name = draw.weighted({"white": 3, "yellow": 2, "orange": 2, "blue": 1, "light blue": 1, "cream": 1})
    ground = np.array(SUN_GROUNDS[name])
    others = [np.array(v) for k, v in SUN_GROUNDS.items() if k != name]
    image = Image.fromarray(picture(draw, ground, lines=draw.integer(1, 2)))
    pen = ImageDraw.Draw(image)

    def paint(colour: np.ndarray) -> tuple[int, int, int]:
        r, g, b = (int(255 * v) for v in colour)
        return r, g, b

    if draw.chance(0.6):
        top = int(SIDE * draw.choice(draw.uniform(0.0, 0.15), draw.uniform(0.68, 0.8)))
        pen.rectangle(
            [0, top, SIDE, top + int(SIDE * draw.uniform(0.08, 0.3))], fill=paint(draw.choice(*others))
        )
    if draw.chance(0.6):
        r, y = int(SIDE * draw.uniform(0.05, 0.12)), int(SIDE * draw.uniform(0.2, 0.8))
        wide = int(r / 1.5)  # a bottle's girth is about 1.5 times its height: keeps the disc round
        pen.ellipse([SIDE // 2 - wide, y - r, SIDE // 2 + wide, y + r], fill=paint(draw.choice(*others[:3])))
    dark = np.full(3, 0.1) if ground.mean() > 0.6 else np.full(3, 0.97)
    factor = draw.choice("SPF 50", "SPF 30", "50+", "30", "SPF 20")
    where = (SIDE // 2, int(SIDE * draw.uniform(0.5, 0.72)))
    pen.text(where, factor, fill=paint(dark), font=font(draw, draw.integer(16, 40)), anchor="mm")
    return plain(ground, draw.uniform(0.15, 0.5), f"{name} plastic").painted(np.array(image))


def _spray_bottle(draw: Draw, surface: Material) -> Product:
    radius, height = draw.uniform(0.38, 0.52), draw.uniform(1.5, 2.2)
    neck, shoulder = radius * draw.uniform(0.5, 0.8), draw.uniform(0.08, 0.3)
    parts = bottle_parts(draw, surface, radius, height, shoulder=shoulder, neck=neck)
    head = plain(grey(draw), 0.35, "white plastic") if draw.chance(0.5) else package(draw)
    parts += moved(spray_parts(draw, head, neck * 1.02), y=height + shoulder - 0.01)
    return _packaged(draw, "sunscreen", parts, "spray bottle", surface, smear_chance=0.05)


def _sun_stick(draw: Draw, surface: Material) -> Product:
    """A wide twist-up stick, its white core out."""
    colour = _cream_colour(draw)
    core = cosmetic(draw, colour, "satin")
    body = (
        box(0.95, draw.uniform(1.1, 1.5), 0.5, 0.1)
        if draw.chance(0.4)
        else cylinder(0.42, draw.uniform(1.1, 1.5))
    )
    round_body = body.high[0] < 0.45
    h = float(body.high[1])
    r = 0.34 if round_body else 0.4
    tip = lathe(
        [(r, 0), (r, 0.2), (r * 0.85, 0.32), (r * 0.4, 0.38), (0, 0.39)],
        "round",
        depth=1.0 if round_body else 0.5,
        crease=70,
    )
    parts = [
        Part(body, surface),
        Part(plate(r, h + 0.002, depth=1.0 if round_body else 0.5), surface),
        Part(tip.moved(y=h), core),
    ]
    cap = cylinder(0.42, 0.7) if round_body else box(0.95, 0.7, 0.5, 0.1)
    if draw.chance(0.6):
        parts.append(
            Part(cap.moved(x=draw.sign() * draw.uniform(1.1, 1.4), z=draw.uniform(0, 0.4)), package(draw))
        )
    return Product(
        "sunscreen", placed(parts), (colour,), "satin", "stick", surface, "cap off", tiltable=False
    )
