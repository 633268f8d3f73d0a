"""Nail polish: bottles, pours, macro discs, dip powder and painted tips."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from data.draw import Draw
from data.film import blob
from data.finish import Effect
from data.label import printed
from data.material import Material, cosmetic, glass, package, plain
from data.mesh import Mesh, capsule_profile, cylinder, joined, lathe, plate, sheet
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.nail_bottle import Bottle as Bottle
from data.products.nail_bottle import bottle as bottle
from data.products.nail_bottle import brush as brush
from data.products.nail_bottle import cap_material as cap_material
from data.products.nail_bottle import cap_mesh as cap_mesh
from data.products.nail_bottle import filled as filled
from data.products.nail_bottle import merged
from data.products.nail_flakes import flaked
from data.products.swatches import finish, shade, smear, swatch
from data.products.vessels import tube_parts
from data.products.wands import beside

ROUND_ABOUT = 2.6  # a bottle's circumference against its height


def lacquer(draw: Draw, colour: np.ndarray, kind: str, aspect: float = 1.0) -> Material:
    """Lacquer of a finish, now and then holographic or drawn by a magnet."""
    effects: dict[Effect, float] = {"": 1.0}
    if kind in ("shimmer", "metallic"):
        effects = {"": 5.5, "holographic": 2.2, "cat eye": 1.5}
    return cosmetic(draw, colour, kind, aspect=aspect, effect=draw.weighted(effects))


def bottles(draw: Draw) -> Product:
    """One to eight bottles of one kind in different shades: closed, lying, with the brush out, or with a pour."""
    if draw.chance(0.1):
        return heap(draw) if draw.chance(0.6) else top_coat(draw)
    count = draw.weighted({1: 7, 2: 0.8, 3: 1.2, 4: 0.6, 5: 0.5, 6: 0.4, 8: 0.2})
    layout = "closed"
    if count == 1:
        layout = draw.weighted(
            {"closed": 7, "lying flat": 1, "brush out": 1.8, "closed, with a smear": 1.2, "closed, with its box": 0.3}
        )
    shape, cap_surface, main = bottle(draw), cap_material(draw), in_bottle(draw)
    cap_shape, wall = cap_mesh(draw, shape.neck), glass()
    shades = [shade(draw, "nail polish") for _ in range(count)]
    label = [shape.label(draw, shades[0])] if draw.chance(0.75) else []
    cap = printed(draw, cap_surface, vertical=True, often=0.12)
    fills = [lacquer(draw, colour, main, ROUND_ABOUT) for colour in shades]
    parts: list[Part] = []
    rows = 2 if count >= 4 and draw.chance(0.4) else 1
    step = 2 * shape.radius * max(1.0, shape.foot, shape.waist) * draw.uniform(1.04, 1.3)
    same_way = draw.chance(0.7)
    for k, fill in enumerate(fills):
        one = [*filled(draw, shape, fill, False, wall=wall), *label]
        if layout == "brush out":
            one += brush_out(draw, one, Part(cap_shape, cap), shape, fill)
        else:
            one.append(Part(cap_shape.moved(y=shape.top - 0.015), cap))
        across = -(-count // rows)
        x = (k % across - (across - 1) / 2 + 0.5 * (k // across)) * step
        turn = 0.0 if same_way else draw.uniform(-14, 14)
        parts += moved(turned(one, "y", turn), x, 0, -(k // across) * step)
    if layout == "closed, with a smear":
        out = placed([Part(pour(draw), fills[0])])
        parts += moved(out, draw.uniform(-0.5, 0.5), 0, shape.radius * shape.depth + draw.uniform(0.55, 0.8))
    elif layout == "closed, with its box":
        high = max(p.mesh.high[1] for p in parts)
        carton = cylinder(0.9 * shape.radius + 0.14, high * 1.04, "sharp", 0.015)
        parts += beside(draw, parts, [Part(carton, printed(draw, package(draw), often=1))], 0.15)
    view: View = "upright"
    if layout == "closed, with a smear" and draw.chance(0.65):
        view = "flat"  # at eye level the smear is but a line
    if layout == "lying flat":  # on the back, the front up
        parts, view = turned(turned(parts, "x", -90), "y", draw.choice(0.0, draw.uniform(-60, 60))), "overhead"
    shown = "closed" if layout == "lying flat" else layout
    parts = list(placed(merged(parts)))
    return Product(
        "nail polish",
        tuple(parts),
        tuple(shades),
        main,
        "bottle",
        wall,
        shown,
        view,
        count,
        layout == "closed" and rows == 1,
    )


def in_bottle(draw: Draw) -> str:
    """The finish of lacquer in its glass, where flakes and sparkle show best."""
    if draw.chance(0.12):
        return "glitter"
    main = finish(draw, "nail polish")
    # That it dries matte cannot be seen through the glass.
    return "glossy" if main == "matte" and draw.chance(0.8) else main


def heap(draw: Draw) -> Product:
    """One bottle upright before two to four others of its line that lie about behind it."""
    shape, cap_surface, main = bottle(draw), cap_material(draw), in_bottle(draw)
    cap, wall = Part(cap_mesh(draw, shape.neck).moved(y=shape.top - 0.015), cap_surface), glass()
    count = draw.integer(3, 5)
    shades = [shade(draw, "nail polish") for _ in range(count)]
    label = shape.label(draw, shades[0])
    parts: list[Part] = []
    for k, colour in enumerate(shades):
        one = [*filled(draw, shape, lacquer(draw, colour, main, ROUND_ABOUT), False, wall=wall), label, cap]
        if k:  # on its back, its front up and towards the viewer
            side = -1 if k % 2 else 1
            down = list(placed(turned(turned(one, "x", -draw.uniform(70, 90)), "y", -side * draw.uniform(15, 70))))
            out = shape.radius * (draw.uniform(1.0, 1.7) + 1.1 * ((k - 1) // 2))
            one = moved(down, side * out, 0, -shape.radius * (shape.depth + draw.uniform(1.0, 1.8)))
        parts += one
    view: View = "upright" if draw.chance(0.6) else "flat"
    return Product(
        "nail polish", tuple(placed(merged(parts))), tuple(shades), main, "bottle", wall,
        "one standing, others lying behind", view, count, False,
    )  # fmt: skip


def top_coat(draw: Draw) -> Product:
    """A bottle of clear coat: nothing in it has a shade."""
    shape = bottle(draw)
    tint = np.clip(np.array(draw.choice((1.0, 1.0, 1.0), (1.0, 0.97, 0.97), (0.97, 0.96, 1.0))), 0, 1)
    body = filled(draw, shape, glass(tuple(tint), "clear coat"), True)
    cap = Part(cap_mesh(draw, shape.neck).moved(y=shape.top - 0.015), cap_material(draw))
    stem = lathe([(0.05, shape.top), (0.04, 0.5 * shape.height), (0.07, 0.42 * shape.height), (0, 0.2 * shape.height)])
    parts = [*body, cap, Part(stem, plain((draw.choice(0.06, 0.9),) * 3, 0.3, "stem"))]
    return Product("nail polish", placed(parts), (), None, "bottle", body[0].material, "closed")


def opaque_bottle(draw: Draw) -> Product:
    """Gel lacquer in a light-proof bottle: black, white or coloured, so that nothing of the shade shows."""
    shape, cap = bottle(draw), cap_material(draw)
    grey = draw.choice(0.03, 0.03, 0.95)
    name = "black glass" if grey < 0.5 else "white glass"
    body = plain(np.full(3, grey), 0.06, name, coat=1.0) if draw.chance(0.7) else package(draw)
    top = Part(cap_mesh(draw, shape.neck).moved(y=shape.top - 0.015), body if draw.chance(0.4) else cap)
    parts = [Part(shape.mesh(), body), shape.label(draw, body.colour), top]
    return Product("nail polish", placed(parts), (), None, "bottle", body, "closed")


def pour(draw: Draw) -> Mesh:
    """A drop, a puddle, or a stroke of the brush, on the table."""
    kind = draw.weighted({"puddle": 2, "drops": 1, "stroke": 1.5})
    if kind == "stroke":
        return smear(draw, draw.uniform(1.2, 1.8))
    if kind == "puddle":
        return blob(draw.rng, draw.uniform(0.35, 0.6), draw.uniform(0.03, 0.06), draw.choice(0.02, 0.08))
    sizes = [draw.uniform(0.06, 0.28) for _ in range(draw.integer(2, 4))]
    places = np.cumsum([0.0, *(a + b + 0.05 for a, b in pairwise(sizes))])
    return joined(
        [
            blob(draw.rng, r, 0.12 * r + 0.01, 0.03).moved(x, 0, draw.uniform(-0.1, 0.1))
            for r, x in zip(sizes, places - places[-1] / 2, strict=True)
        ]
    )


def brush_out(draw: Draw, standing: list[Part], cap: Part, shape: Bottle, fill: Material) -> list[Part]:
    """The open neck, and the brush laid in front, held over the bottle or beside it, perhaps with what it dropped."""
    tool = brush(draw, cap, shape.height * 1.05, fill)
    rim = lathe([(shape.neck * 0.62, 0.0), (shape.neck * 0.62, 0.16), (shape.neck * 0.9, 0.16), (shape.neck * 0.9, 0)])
    thread = Part(rim.moved(y=shape.top - 0.01), plain((0.85, 0.86, 0.87), 0.1, "glass neck", coat=1.0))
    place = draw.weighted({"laid": 2, "above": 2, "beside": 1})
    if place == "laid":
        z = shape.radius * shape.depth + draw.uniform(0.35, 0.6)
        out = laid(tool, draw, 0.0, z)
        spill = blob(draw.rng, draw.uniform(0.15, 0.4), 0.03, draw.choice(0.02, 0.08))
        drop = Part(spill.moved(draw.uniform(-0.8, 0.8), 0, z + draw.uniform(0.2, 0.5)), fill)
        return [thread, *out, drop] if draw.chance(0.6) else [thread, *out]
    if place == "above":
        lift = shape.top + shape.height * 1.05 + draw.uniform(0.05, 0.4)
        lean = draw.choice(0.0, draw.uniform(-40, 40))
        return [thread, *moved(turned(tool, "z", lean, (0, -shape.height, 0)), y=lift)]
    return [thread, *beside(draw, standing, turned(tool, "z", draw.choice(0.0, draw.uniform(-35, 35), 180.0)))]


def discs(draw: Draw) -> Product:
    """Macro: thick round drops of lacquer with a lamp mirrored in them, one to three shades."""
    count = draw.weighted({1: 2, 2: 2, 3: 1})
    main = draw.weighted({"glitter": 4, "shimmer": 2, "metallic": 1, "glossy": 2, "sheer": 0.6})
    loose, size = draw.chance(0.3), draw.uniform(0.05, 0.24)
    if loose:
        main = "glitter"
    shades = [shade(draw, "nail polish") for _ in range(count)]
    tall = draw.uniform(0.08, 0.5)
    s = np.linspace(0, np.pi / 2, 14)
    dome = lathe([(max(float(np.cos(a)), 1e-3), tall * float(np.sin(a))) for a in s], crease=180, segments=72)
    dome = dome.planar(2.0, 2.0)
    parts = []
    for k, colour in enumerate(shades):
        wet = lacquer(draw, colour, main)
        if loose:
            wet = flaked(draw, wet, size)
        wet = replace(wet, coat=1.0)
        parts.append(Part(dome.turned("y", draw.uniform(0, 360)).moved((k - (count - 1) / 2) * 2.2), wet))
    return Product(
        "nail polish", placed(parts), tuple(shades), main, "swatch", None, "poured disc", "overhead", count,
        tiltable=False,
    )  # fmt: skip


def pool(draw: Draw) -> Product:
    """Close up: a pool of lacquer with the brush lying in it."""
    main, colour = finish(draw, "nail polish"), shade(draw, "nail polish")
    fill = replace(lacquer(draw, colour, main), coat=0.9)
    basin = blob(draw.rng, draw.uniform(1.2, 1.8), draw.uniform(0.04, 0.09), draw.choice(0.03, 0.12))
    ripple = basin.vertices.copy()
    swirl = np.sin(9 * np.hypot(ripple[:, 0] - 0.2, ripple[:, 2]) + 2 * np.arctan2(ripple[:, 2], ripple[:, 0]))
    lift = np.zeros_like(ripple)
    lift[:, 1] = 0.012 * swirl * np.clip(ripple[:, 1] / 0.03, 0, 1)
    cap = Part(cap_mesh(draw, 0.2), cap_material(draw))
    tool = turned(brush(draw, cap, 1.6, fill), "z", 90 - draw.uniform(4, 14))
    tool = turned(moved(tool, x=-0.9, y=0.3), "y", draw.uniform(-75, 75))
    parts = [Part(basin.bent(lift), fill), *placed(tool)]
    return Product(
        "nail polish", placed(parts), (colour,), main, "swatch", None, "poured, with its brush",
        "overhead", tiltable=False,
    )  # fmt: skip


def dip_powder(draw: Draw) -> Product:
    """A low jar of dip powder, its lid beside it, or closed with the powder seen through the wall."""
    main = draw.weighted({"matte": 3, "shimmer": 1.5, "glitter": 1.5})
    colour, wall = shade(draw, "nail polish"), glass()
    fill, cap = cosmetic(draw, colour, main, aspect=ROUND_ABOUT), cap_material(draw)
    r, h = draw.uniform(0.5, 0.62), draw.uniform(0.5, 0.75)
    level = h * draw.uniform(0.65, 0.9)
    heap = plate(r - 0.08, level, dome=draw.uniform(0.01, 0.06))
    sides = lathe([(0, 0.08), (r - 0.09, 0.08), (r - 0.08, 0.12), (r - 0.08, level)], segments=64)
    powder = joined([sides, heap])
    shell = [(0.0, 0.0), (r - 0.04, 0.0), (r, 0.04), (r, h), (r - 0.07, h), (r - 0.07, 0.07), (0.0, 0.07)]
    lid = Part(cylinder(r * 1.03, draw.uniform(0.22, 0.35), "round", 0.025), printed(draw, cap, often=0.4))
    parts = [Part(lathe(shell, segments=64), wall), Part(powder, fill)]
    opened = draw.chance(0.55)
    parts += beside(draw, parts, [lid], 0.15) if opened else [lid.moved(y=h - 0.06)]
    layout = "open, lid beside" if opened else "closed"
    return Product(
        "nail polish",
        placed(parts),
        (colour,),
        main,
        "jar",
        wall,
        layout,
        "flat" if opened else "upright",
        tiltable=False,
    )


def gel_tube(draw: Draw) -> Product:
    """A small tube of builder gel with a smear of it."""
    main, colour = draw.choice("glossy", "sheer", "shimmer"), shade(draw, "nail polish")
    body = printed(draw, package(draw), vertical=draw.chance(0.5), often=1)
    tube = placed(turned(turned(tube_parts(draw, body, cap_material(draw), 1.7, 0.27), "z", 90), "x", -90))
    gel = Part(smear(draw, 1.5), cosmetic(draw, colour, main))
    parts = [*tube, gel.moved(z=draw.uniform(0.8, 1.1), x=-0.8)]
    return Product(
        "nail polish", placed(parts), (colour,), main, "tube", body, "closed, with a smear", "overhead", tiltable=False
    )


def nail(draw: Draw, length: float, width: float, radius: float, kind: str) -> Mesh:
    """A curved plate on a finger of `radius` along y, facing +z, its cuticle at y = 0; `kind` is its tip."""
    s, t = np.meshgrid(np.linspace(0, 1, 28), np.linspace(-1, 1, 17), indexing="ij")
    cuticle = np.sqrt(np.clip(1 - (1 - np.clip(s / 0.22, 0, 1)) ** 2, 0, 1))
    point = {"square": 0.05, "round": 0.25, "almond": 0.55, "stiletto": 0.8}[kind]
    rest = np.clip((s - (1 - point)) / point, 0, 1)
    tip = 1 - rest if kind == "stiletto" else np.sqrt(np.clip(1 - rest**2, 0, 1))
    tip = np.maximum(tip, 0.75) if kind == "square" else tip
    angle = t * (width / radius) * np.minimum(0.25 + 0.75 * cuticle, tip + 0.02)
    arch = radius * (1 - 0.12 * s**2)
    return sheet(np.stack([arch * np.sin(angle), s * length, arch * np.cos(angle)], 2))


def nail_kind(draw: Draw) -> str:
    return draw.weighted({"square": 1.5, "round": 2, "almond": 2.5, "stiletto": 0.8})


def tips(draw: Draw) -> Product:
    """Press-on tips: a single one, a row, a fan on sticks, or a wheel of a dozen and more shades."""
    layout = draw.weighted(
        {"single nail tip": 1, "row of nail tips": 2, "fan of nail tips": 2, "wheel of nail tips": 1}
    )
    count = {"single nail tip": 1, "wheel of nail tips": draw.integer(9, 14)}.get(layout) or draw.integer(3, 7)
    main, kind = finish(draw, "nail polish"), nail_kind(draw)
    loose, size = draw.chance(0.25), draw.uniform(0.04, 0.12)
    if loose:
        main = "glitter"
    same = draw.chance(0.3)
    first = shade(draw, "nail polish")
    shades = [first] + [first if same else shade(draw, "nail polish") for _ in range(count - 1)]
    white = plain((0.93, 0.92, 0.9), 0.3, "white plastic")
    length, parts, rods = draw.uniform(0.9, 1.4), [], []
    for k, colour in enumerate(shades):
        tip = nail(draw, length, 0.3, draw.uniform(0.36, 0.5), kind).turned("x", -90)
        tip = tip.moved(y=-tip.low[1])
        side = k - (count - 1) / 2
        rod = lathe(capsule_profile(0.16, 1.5, 0.05), depth=0.2).turned("x", -90).moved(y=0.03, z=1.35)
        if layout in ("fan of nail tips", "wheel of nail tips"):
            turn = -side * (22 if layout[0] == "f" else 360 / count)
            out = -1.6 if layout[0] == "f" else -1.9 - 0.035 * count
            tip, rod = (m.moved(z=out).turned("y", turn) for m in (tip, rod))
            rods.append(rod)
        else:
            tip = tip.moved(side * 0.72)
        paint = lacquer(draw, colour, "glossy" if loose else main)
        parts.append(Part(tip, flaked(draw, paint, size, aspect=0.5) if loose else paint))
    if layout == "wheel of nail tips":
        rods.append(cylinder(0.75, 0.05, "round", 0.01))
    if rods:
        parts.append(Part(joined(rods), white))
    distinct = (first,) if same else tuple(shades)
    return Product(
        "nail polish", placed(parts), distinct, main, "swatch", None, layout, "overhead", count, tiltable=False
    )  # fmt: skip


def nail_polish(draw: Draw) -> Product:
    kind = draw.weighted(
        {"bottles": 10, "opaque": 0.4, "swatch": 1.2, "tips": 1.2, "discs": 1.1, "pool": 0.5, "dip": 0.5, "gel": 0.2}
    )
    if kind == "swatch":
        return swatch(draw, "nail polish", {"smear": 2, "poured disc": 2}, {finish(draw, "nail polish"): 1})
    makers = {
        "bottles": bottles, "opaque": opaque_bottle, "tips": tips, "discs": discs, "pool": pool, "dip": dip_powder,
        "gel": gel_tube,
    }  # fmt: skip
    return makers[kind](draw)
