"""What creams, serums, cleansers and sunscreens have in common: their colours, packages and textures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from data.draw import Draw
from data.film import blob
from data.material import Material, clear, cosmetic, metal, package, plain
from data.mesh import Mesh, box, cut, cylinder, joined, lathe, sheet
from data.product import Part, Product, View, moved, placed, turned
from data.products.careprint import care_print
from data.products.closures import dome_profile, flip_cap, pump_parts
from data.products.shapes import grey, hue
from data.products.vessels import bottle_parts, care_package, swirl, tube_parts

SECTIONS = ("round", "round", "round", "soft", "square")
SIZES = (1.0, 0.72, 0.55)  # a line's full, travel and mini size


def cream_colour(draw: Draw) -> np.ndarray:
    """White, ivory, or a breath of pink, yellow, green or blue."""
    tint = draw.rng.uniform(0.0, draw.weighted({0.03: 3, 0.1: 2.5, 0.22: 1.5}), 3)
    return np.clip(draw.uniform(0.93, 0.98) - tint, 0, 1)


def gel_colour(draw: Draw) -> np.ndarray:
    """Water-clear gel seen as nearly white, honey and oil gold, or a pastel."""
    kind = draw.weighted({"pale": 3, "gold": 2, "pastel": 1.5})
    if kind == "pale":
        return np.array([0.95, 0.965, 0.97]) * draw.uniform(0.95, 1.02)
    if kind == "gold":
        return np.array([0.93, draw.uniform(0.66, 0.86), draw.uniform(0.25, 0.6)])
    return hue(draw, (0.3, 0.6), (0.72, 0.88))


def body_of(draw: Draw, radius: float, height: float) -> Material:
    """A printed care package's surface for a vessel of that radius and height."""
    return care_print(draw, care_package(draw), radius, height)


def closure_of(draw: Draw, body: Material) -> Material:
    """A cap goes with its package: the same colour, white, metal or black."""
    kind = draw.weighted({"same": 3, "white": 2.5, "metal": 2, "black": 1, "any": 0.4})
    if kind == "same":
        corner = body.texture[:2, :2].reshape(-1, 3).mean(0) / 255.0
        return plain(corner, draw.uniform(0.15, 0.45), body.name)
    if kind == "white":
        return plain(grey(draw), draw.uniform(0.15, 0.45), "white plastic")
    if kind == "black":
        return plain(np.full(3, 0.04), draw.uniform(0.15, 0.5), "black plastic")
    return metal(draw) if kind == "metal" else package(draw)


def front_label(draw: Draw, radius: float, height: float, *, section: str = "round", depth: float = 1.0) -> Part:
    """A sticker on the front of a clear bottle, or right round it, that leaves fluid to be seen above and below.

    Print on the fluid itself, behind the clear wall, would come out blurred: a denoiser's guides end at the wall.
    """
    light = draw.chance(0.75)
    paper = grey(draw, 0.9, 1.0) if light else hue(draw, (0.1, 0.5), (0.25, 0.85))
    tall = height * draw.uniform(0.35, 0.62)
    wrap = lathe([(radius * 1.012, 0), (radius * 1.012, tall)], section, depth=depth)
    if draw.chance(0.7):
        middle = wrap.uv[wrap.faces, 0].mean(1)
        half = draw.uniform(0.1, 0.17)
        wrap = cut(wrap, np.abs(middle - 0.5) < half)
    label = care_print(draw, plain(paper, draw.uniform(0.3, 0.6), "label"), radius, tall)
    return Part(wrap.moved(y=height * draw.uniform(0.14, 0.26)), label)


def stroke(draw: Draw, length: float, width: float, thick: float) -> Mesh:
    """A clean smear of cream on the table: a full rounded start, a comma's curve, a drawn-out tail, even ridges."""
    rows, columns = 80, 33
    s, t = np.linspace(0, 1, rows), np.linspace(-1, 1, columns)
    heading = draw.sign() * draw.uniform(0.0, 1.7) * (s - 0.5) + draw.normal(0.15) * np.sin(2 * np.pi * s)
    centre = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1), 0) * length / rows
    centre -= centre.mean(0)
    side = np.stack([-np.sin(heading), np.cos(heading)], 1)
    start, tail = draw.uniform(0.08, 0.2), draw.uniform(0.1, 0.9)
    head = np.sqrt(np.clip(1 - (1 - np.clip(s / start, 0, 1)) ** 2, 0, 1))
    end = np.clip((1 - s) / tail, 0, 1) ** draw.uniform(0.5, 0.9)
    envelope = head * end + 1e-3
    count, phase = draw.integer(2, 5), draw.uniform(0, 6)
    ridges = 1 + draw.uniform(0.05, 0.25) * np.cos(count * np.pi * t + phase)
    rise = thick * (1 - t**4)[None] ** 0.7 * ridges[None] * (envelope * (0.65 + 0.6 * (1 - s) ** 2))[:, None]
    across = 0.5 * width * envelope[:, None] * t[None]
    points = np.zeros((rows, columns, 3))
    points[..., 0] = centre[:, :1] + side[:, :1] * across
    points[..., 2] = centre[:, 1:] + side[:, 1:] * across
    points[..., 1] = rise + 0.004
    return sheet(points)


def droplets(draw: Draw, count: int, spread: float = 0.6) -> Mesh:
    """Drops of many sizes, flattened by surface tension, clear of one another where there is room."""
    drops: list[tuple[float, float, float]] = []
    for _ in range(4 * count):
        r, x, z = draw.uniform(0.06, 0.36), draw.normal(spread), draw.normal(spread)
        if len(drops) < count and all(np.hypot(x - a, z - b) > 0.95 * (r + c) for a, b, c in drops):
            drops.append((x, z, r))
    return joined([blob(draw.rng, r, 0.45 * r, 0.015).moved(x=x, z=z) for x, z, r in drops])


def beside(draw: Draw, colour: np.ndarray, finish: str, reach: float, *, thin: bool = False) -> Part:
    """A smear, a dollop or drops before a package that ends `reach` from the axis, to its left or right."""
    kind = draw.weighted({"stroke": 3, "dollop": 0.2 if thin else 2, "drops": 1.5 if thin else 0.2})
    if kind == "stroke":
        mesh = stroke(draw, draw.uniform(1.0, 1.7), draw.uniform(0.3, 0.55), 0.05 if thin else 0.1)
        mesh = mesh.turned("y", draw.uniform(-60, 60))
    elif kind == "dollop":
        mesh = swirl(draw, draw.uniform(0.3, 0.5), draw.uniform(0.2, 0.35), draw.choice("spun", "peak", "peak"))
    else:
        mesh = droplets(draw, draw.integer(2, 4), 0.25)
    side = draw.sign()
    shift = reach + float(np.ptp(mesh.vertices[:, 0])) * draw.uniform(0.3, 0.55)
    return Part(mesh.moved(x=side * shift, z=draw.uniform(0.1, 0.7)), cosmetic(draw, colour, finish))


def packaged(
    draw: Draw,
    product_type: str,
    parts: Sequence[Part],
    form: str,
    body: Material,
    *,
    colour: Callable[[Draw], np.ndarray] = cream_colour,
    smear_chance: float = 0.16,
    shades: tuple[np.ndarray, ...] = (),
    finish: str | None = None,
) -> Product:
    """A standing package, now and then with its carton, a second one, or a smear of what it holds beside it.

    `shades` and `finish` are given when the material shows through the package already.
    """
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    size = high - low
    kind = draw.weighted(
        {"closed": 6.4, "carton": 1.2, "two": 0.7, "sizes": 0.5, "smear": 10 * smear_chance * (1 - 0.5 * bool(shades))}
    )
    pieces, layout, count = list(parts), "closed", 1
    if kind == "carton":
        layout = "with its carton"
        wide, tall, deep = size[0] * 0.98, size[1] * 1.03, min(size[2], size[0]) * 0.9
        surface = bare_copy(body) if draw.chance(0.65) else care_package(draw)
        face = care_print(draw, surface, wide / 2, tall)
        folding = Part(box(wide, tall, deep, 0.012), face).turned("y", draw.uniform(-25, 25))
        pieces.append(
            folding.moved(x=draw.sign() * size[0] * draw.uniform(0.85, 1.1), z=-draw.uniform(0.2, 0.8) * deep)
        )
    elif kind in ("two", "sizes"):
        scale = 1.0 if kind == "two" else draw.choice(*SIZES[1:])
        other = [Part(_grown(p.mesh, scale), p.material) for p in parts]
        if kind == "two" and draw.chance(0.3) and size[1] > 1.3 * size[0]:
            other = list(placed(turned(turned(other, "z", 90), "y", draw.uniform(-25, 25))))
            other = moved(other, z=0.5 * size[2] - float(min(p.mesh.low[2] for p in other)) + 0.15)
            middle = sum(float(p.mesh.low[0] + p.mesh.high[0]) for p in other) / (2 * len(other))
            pieces += moved(other, x=-middle)
            layout = "one standing, one lying"
        else:
            gap = 0.5 * size[0] * (1 + scale) * draw.uniform(1.03, 1.25)
            pieces += moved(other, x=draw.sign() * gap, z=draw.uniform(-0.2, 0.4))
            layout = "side by side" if kind == "two" else "in two sizes"
        count = 2
    elif kind == "smear":
        tone, look = colour(draw), draw.choice("satin", "glossy")
        thin = colour is gel_colour
        if shades:
            tone, look = shades[0], finish or "glossy"
        pieces.append(beside(draw, tone, look, 0.5 * float(size[0]), thin=thin))
        shades, finish, layout = (tone,), look, "with a smear beside it"
    alone = kind == "closed"
    return Product(product_type, placed(pieces), shades, finish, form, body, layout, count=count, tiltable=alone)


def bare_copy(body: Material) -> Material:
    """The package's ground colour as card."""
    corner = body.texture[:2, :2].reshape(-1, 3).mean(0) / 255.0
    return plain(corner, 0.5, body.name)


def _grown(mesh: Mesh, scale: float) -> Mesh:
    return Mesh(mesh.vertices * scale, mesh.faces, mesh.normals, mesh.uv)


def texture(draw: Draw, product_type: str, colour: np.ndarray, finish: str, *, thin: bool = False) -> Product:
    """Cream or gel alone on the table, seen from above."""
    kind = draw.weighted({"smear": 4, "dollop": 0.3 if thin else 2.8, "disc": 0.8, "drops": 2.5 if thin else 0.4})
    thick = 0.05 if thin else 0.1
    if kind == "smear":
        count = draw.weighted({1: 6, 2: 1, 3: 0.7})
        strokes = []
        for k in range(count):
            mesh = stroke(draw, draw.uniform(1.6, 2.6), draw.uniform(0.4, 0.9), thick)
            strokes.append(mesh.moved(z=(k - (count - 1) / 2) * 0.95))
        mesh = joined(strokes).turned("y", draw.uniform(0, 360))
    elif kind == "dollop":
        mesh = swirl(draw, 1.0, draw.uniform(0.3, 0.55), draw.weighted({"spun": 3, "peak": 3, "smooth": 1}))
    elif kind == "disc":
        mesh = blob(draw.rng, 1.0, thick * 1.5, draw.choice(0.03, 0.1))
    else:
        mesh = droplets(draw, draw.integer(3, 12))
    part = Part(mesh, cosmetic(draw, colour, finish))
    view: View = "overhead" if draw.chance(0.5) else "flat"
    return Product(product_type, placed([part]), (colour,), finish, "", None, "swatch", view, tiltable=False)


def tube(draw: Draw, product_type: str, surface: Material | None = None) -> Product:
    """A tube standing on its cap, lying with a smear, or squeezed out at its opening."""
    height, radius = draw.uniform(1.6, 2.9), draw.uniform(0.36, 0.56)
    body = surface or body_of(draw, radius * 1.15, height)
    cap = closure_of(draw, body)
    parts = tube_parts(draw, body, cap, height, radius)
    if draw.chance(0.2):
        # On its back, so that the print looks up, its cap to either side.
        down = list(placed(turned(turned(parts, "x", -90), "y", draw.sign() * draw.uniform(35, 125))))
        low, high = np.min([p.mesh.low for p in down], 0), np.max([p.mesh.high for p in down], 0)
        down = moved(down, -(low[0] + high[0]) / 2, 0, -(low[2] + high[2]) / 2)
        colour, finish = cream_colour(draw), draw.choice("satin", "glossy")
        smear = beside(draw, colour, finish, 0.1)
        down.append(smear.moved(z=0.5 * float(high[2] - low[2]) + draw.uniform(0.1, 0.3)))
        layout = "lying, with a smear beside it"
        return Product(product_type, placed(down), (colour,), finish, "tube", body, layout, "flat", tiltable=False)
    return packaged(draw, product_type, parts, "tube", body)


def pump_bottle(
    draw: Draw,
    product_type: str,
    radius: float,
    height: float,
    *,
    foam: bool = False,
    surface: Material | None = None,
    clear_chance: float = 0.2,
) -> Product:
    """A bottle under a pump, opaque, or clear with its tinted fluid seen."""
    section = draw.choice(*SECTIONS)
    depth = 1.0 if section == "round" else draw.uniform(0.6, 1.0)
    neck = float(np.clip(radius * depth * draw.uniform(0.4, 0.62), 0.18, 0.34))
    shoulder = draw.uniform(0.03, 0.3)
    see_through = surface is None and draw.chance(clear_chance)
    colour = gel_colour(draw)
    body = clear(draw) if see_through else (surface or body_of(draw, radius, height))
    fluid = cosmetic(draw, colour, "glossy") if see_through else None
    parts = bottle_parts(
        draw, body, radius, height, section=section, depth=depth, shoulder=shoulder, neck=neck, liquid=fluid
    )
    if see_through and draw.chance(0.88):
        parts.append(front_label(draw, radius, height, section=section, depth=depth))
    head = plain(grey(draw), 0.3, "white plastic") if see_through else closure_of(draw, body)
    if see_through and draw.chance(0.4):
        head = plain(np.full(3, 0.04), 0.3, "black plastic")
    parts += moved(pump_parts(draw, head, neck * (1.3 if foam else 1.12), foam=foam), y=height + shoulder - 0.01)
    form = "foam pump bottle" if foam else "pump bottle"
    shades: tuple[np.ndarray, ...] = (colour,) if see_through else ()
    return packaged(draw, product_type, parts, form, body, shades=shades, finish="glossy" if shades else None)


def capped_bottle(
    draw: Draw,
    product_type: str,
    radius: float,
    height: float,
    *,
    surface: Material | None = None,
    fluid_colour: np.ndarray | None = None,
    flat: float = 1.0,
) -> Product:
    """A bottle under a flip, disc or screw cap; a `fluid_colour` makes it clear; `flat` is its depth over its width."""
    section = draw.choice("round", "soft", "square") if flat < 1 else draw.choice("round", "round", "square")
    shoulder = draw.uniform(0.04, 0.35)
    broad = draw.chance(0.35)
    neck = radius * flat * (draw.uniform(0.75, 0.95) if broad else draw.uniform(0.42, 0.7))
    body = clear(draw) if fluid_colour is not None else surface or body_of(draw, radius, height)
    fluid = cosmetic(draw, fluid_colour, "glossy") if fluid_colour is not None else None
    parts = bottle_parts(
        draw, body, radius, height, section=section, depth=flat, shoulder=shoulder, neck=neck / flat, liquid=fluid
    )
    if fluid is not None and draw.chance(0.88):
        parts.append(front_label(draw, radius, height, section=section, depth=flat))
    tall = draw.uniform(0.28, 0.55)
    wide = neck * draw.uniform(1.0, 1.15)
    kind = draw.weighted({"flip": 2, "disc": 1, "screw": 1.5})
    if kind == "flip":
        cap = flip_cap(draw, wide, tall)
    elif kind == "disc":
        cap = lathe(dome_profile(wide, 0.7 * tall, 0.03))
    else:
        cap = cylinder(wide, tall, "round", 0.03)
    material = closure_of(draw, body) if fluid is None else plain(grey(draw), 0.3, "white plastic")
    parts.append(Part(cap.moved(y=height + shoulder - 0.01), material))
    if fluid is None and broad and draw.chance(0.45):  # stands on its cap
        parts = list(placed(turned(parts, "z", 180)))
        parts[0] = Part(_upside(parts[0].mesh), parts[0].material)
    shades = (fluid_colour,) if fluid_colour is not None else ()
    return packaged(draw, product_type, parts, "bottle", body, shades=shades, finish="glossy" if shades else None)


def _upside(mesh: Mesh) -> Mesh:
    """The texture turned with the bottle, so that its print stays upright."""
    return Mesh(mesh.vertices, mesh.faces, mesh.normals, 1.0 - mesh.uv)
