"""Foundations and concealers: bottles, tubes, sticks, cushions, wands and their swatches."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, cosmetic, metal, package, plain
from data.mesh import capsule_profile, cylinder, lathe, plate, smear
from data.product import Part, Product, laid, placed, turned
from data.products.lips import swatch, tube_with_wand
from data.products.skin import arm_parts
from data.products.swatches import shade
from data.products.vessels import tube_parts

FINISHES = {"satin": 3.0, "matte": 3.0, "glossy": 2.0}


def foundation(draw: Draw) -> Product:
    kind = draw.weighted({"bottle": 6, "tube": 1.5, "stick": 1.0, "cushion": 1.4, "swatch": 1.6, "arm": 0.4})
    colour, finish = shade(draw, "foundation"), draw.weighted(FINISHES)
    if kind == "bottle":
        return _bottle(draw, "foundation", colour, finish)
    if kind == "tube":
        return _tube(draw, "foundation", colour, finish)
    if kind == "stick":
        return _stick(draw, "foundation", colour, finish)
    if kind == "cushion":
        return _cushion(draw, colour, finish)
    if kind == "arm":
        return arm(draw, "foundation", finish)
    return swatch(draw, "foundation", colour, finish)


def concealer(draw: Draw) -> Product:
    kind = draw.weighted({"wand": 6, "tube": 0.8, "stick": 1.0, "pot": 0.5, "swatch": 1.6, "arm": 0.4})
    colour, finish = shade(draw, "concealer"), draw.weighted(FINISHES)
    if kind == "wand":
        return tube_with_wand(draw, "concealer", colour, finish, "doe-foot")
    if kind == "tube":
        return _tube(draw, "concealer", colour, finish)
    if kind == "stick":
        return _stick(draw, "concealer", colour, finish)
    if kind == "pot":
        return _pot(draw, colour, finish)
    if kind == "arm":
        return arm(draw, "concealer", finish)
    return swatch(draw, "concealer", colour, finish)


def arm(draw: Draw, product_type: str, finish: str) -> Product:
    """Several shades striped over a forearm."""
    shades = tuple(shade(draw, product_type) for _ in range(draw.integer(2, 6)))
    parts = arm_parts(draw, [cosmetic(draw, s, finish) for s in shades])
    layout = "swatched on an arm"
    return Product(
        product_type, placed(parts), shades, finish, "", None, layout, "overhead", len(shades), False
    )


def _bottle(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    section = draw.choice("round", "square", "soft", "soft")
    radius, height = draw.uniform(0.4, 0.6), draw.uniform(1.3, 2.2)
    depth = 1.0 if section == "round" else draw.uniform(0.55, 1.0)
    shoulder = draw.uniform(0.03, 0.25)

    def profile(gap: float) -> list[tuple[float, float]]:
        r = radius - gap
        return [
            (0, 1.5 * gap), (r - 0.05, 1.5 * gap), (r, 0.06 + 1.5 * gap), (r, height - 0.1 - gap),
            (r - 0.06, height - gap), (radius * 0.45 - 0.3 * gap, height + shoulder - gap),
            (0, height + shoulder - gap),
        ]  # fmt: skip

    fill = cosmetic(draw, colour, "glossy" if draw.chance(0.6) else "satin")
    front = printed(draw, fill, vertical=draw.chance(0.3), often=0.85)
    kind = draw.weighted({"clear": 5, "frosted": 3, "opaque": 1.2})
    seen = kind != "opaque"
    if kind == "clear":
        outer = clear(draw)
        parts = [
            Part(lathe(profile(0), section, depth=depth), outer),
            Part(lathe(profile(draw.uniform(0.04, 0.1)), section, depth=depth), front),
        ]
    elif kind == "frosted":
        outer = front
        parts = [Part(lathe(profile(0), section, depth=depth), front)]
    else:
        outer = printed(draw, package(draw), often=1.0)
        parts = [Part(lathe(profile(0), section, depth=depth), outer)]
    parts += _closure(draw, section, radius, depth, height + shoulder)
    layout = "closed"
    shades: tuple[np.ndarray, ...] = (colour,) if seen else ()
    if draw.chance(0.22):
        fluid = smear(draw.rng, draw.uniform(1, 2.2), draw.uniform(0.3, 0.8), 0.06, draw.uniform(-1.5, 1.5))
        texture = cosmetic(draw, colour, finish)
        parts.append(Part(fluid.moved(x=draw.uniform(-1, 1), z=draw.uniform(0.8, 1.4)), texture))
        layout, shades, seen = "with a smear beside it", (colour,), True
    package_material = outer if outer.name not in ("glossy", "satin") else plain(colour, 0.3, "clear glass")
    return Product(
        product_type, placed(parts), shades, finish if seen else None, "bottle", package_material, layout
    )


def _closure(draw: Draw, section: str, radius: float, depth: float, height: float) -> list[Part]:
    """A cap, or a pump with its nozzle."""
    material = package(draw)
    if draw.chance(0.62):
        r = radius * draw.uniform(0.55, 1.0)
        wide = r > radius * 0.8
        cap = lathe(
            capsule_profile(r, draw.uniform(0.45, 1.1)),
            section if wide else "round",
            depth=depth if wide else 1.0,
        )
        return [Part(cap.moved(y=height), printed(draw, material, often=0.3))]
    nozzle = lathe([(0.07, 0), (0.06, 0.5)]).turned("z", 90 * draw.sign())
    pieces = [
        cylinder(radius * 0.4, 0.3).moved(y=height),
        lathe([(0.07, 0), (0.07, 0.3)]).moved(y=height + 0.3),
        cylinder(0.2, 0.25).moved(y=height + 0.55),
        nozzle.moved(y=height + 0.7),
    ]
    return [Part(piece, material) for piece in pieces]


def _tube(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A squeeze tube, clear enough to show the fluid or opaque."""
    fluid = cosmetic(draw, colour, finish)
    seen = draw.chance(0.6)
    body = printed(draw, fluid if seen else package(draw), vertical=draw.chance(0.4), often=0.9)
    cap = package(draw)
    parts = tube_parts(draw, body, cap, draw.uniform(1.6, 2.4), draw.uniform(0.32, 0.5))
    layout = "closed"
    if draw.chance(0.25):
        stroke = smear(draw.rng, draw.uniform(1, 2), draw.uniform(0.3, 0.6), 0.06, draw.uniform(-1, 1))
        parts.append(Part(stroke.moved(x=draw.uniform(-0.6, 0.6), z=draw.uniform(0.8, 1.2)), fluid))
        layout, seen = "with a smear beside it", True
    shades = (colour,) if seen else ()
    outer = plain(body.colour, 0.3, "clear plastic") if body.name in FINISHES else body
    return Product(product_type, placed(parts), shades, finish if seen else None, "tube", outer, layout)


def _stick(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A twist-up stick, wider than a lipstick and flat at the top."""
    case, stick = package(draw), cosmetic(draw, colour, "matte" if finish == "matte" else "satin")
    r, h = draw.uniform(0.34, 0.5), draw.uniform(1.3, 2.0)
    inside = r * 0.86
    core = lathe(
        [(inside, 0), (inside, 0.42), (inside * 0.9, 0.5), (0, 0.5 + draw.uniform(0, 0.15))], crease=60
    )
    ring = metal(draw) if draw.chance(0.4) else case
    parts = [
        Part(cylinder(r, h), printed(draw, case, vertical=draw.chance(0.5))),
        Part(cylinder(inside * 1.05, 0.15, "round", 0.02).moved(y=h), ring),
        Part(core.moved(y=h + 0.15), stick),
    ]
    cap = Part(cylinder(r, draw.uniform(0.8, 1.3)), case)
    if draw.chance(0.6):
        side = draw.sign() * r * draw.uniform(2.5, 3.5)
        parts += [cap.moved(x=side)] if draw.chance(0.6) else laid([cap], draw, side, 0.6)
    return Product(product_type, placed(parts), (colour,), stick.name, "stick", case, "twisted up, cap off")


def _cushion(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A round compact with a soaked sponge, its puff and a mirror lid."""
    case = package(draw)
    rim = metal(draw) if draw.chance(0.4) else case
    thick = draw.uniform(0.28, 0.4)
    parts = [
        Part(cylinder(1.0, thick, "round", 0.07), case),
        Part(lathe([(0.86, thick), (0.86, thick + 0.02), (0.72, thick + 0.02)]), rim),
        Part(
            plate(0.74, thick + 0.005, dome=0.05),
            cosmetic(draw, colour, "satin" if finish == "matte" else finish),
        ),
    ]
    lid = [
        Part(cylinder(1.0, thick * 0.6, "round", 0.05), case),
        Part(plate(0.88, thick * 0.6 + 0.006), plain(np.full(3, 0.85), 0.04, "mirror", metallic=1.0)),
    ]
    hinge = (0.0, thick, -1.0)
    parts += turned([p.moved(y=thick * 0.4, z=-2.0) for p in lid], "x", draw.uniform(60, 110), hinge)
    if draw.chance(0.5):
        puff = cylinder(0.55, 0.16, "round", 0.07).moved(x=draw.sign() * 1.5, z=0.5)
        parts.append(Part(puff, plain(draw.choice(np.full(3, 0.92), np.array([0.85, 0.6, 0.55])), 0.9)))
    return Product(
        "foundation",
        placed(parts),
        (colour,),
        parts[2].material.name,
        "cushion compact",
        case,
        "open, lid up",
        "flat",
    )


def _pot(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A small pot of cream, open, its lid beside."""
    case: Material = package(draw)
    r, h = 0.8, draw.uniform(0.4, 0.6)
    parts = [
        Part(cylinder(r, h), case),
        Part(plate(r * 0.85, h + 0.005, dome=draw.uniform(0, 0.05)), cosmetic(draw, colour, finish)),
        Part(cylinder(r * 1.02, 0.3), printed(draw, case, often=0.4)).moved(x=draw.sign() * 1.9, z=0.3),
    ]
    return Product("concealer", placed(parts), (colour,), finish, "pot", case, "open, lid beside", "flat")
