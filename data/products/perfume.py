"""Perfume: flacons of clear glass around a tinted juice, lacquered flacons, atomizers, and their caps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.label import picture, printed
from data.material import Material, clear, metal, package, plain
from data.mesh import Mesh, Point, box, cylinder, joined, lathe
from data.product import Part, Product, laid, moved, placed
from data.products.shapes import ball, hue, ring, rod
from data.products.vessels import carton

JUICES = ((0.97, 0.86, 0.62), (0.95, 0.74, 0.45), (0.97, 0.82, 0.80), (0.94, 0.92, 0.86), (0.80, 0.88, 0.93))


def perfume(draw: Draw) -> Product:
    """A flacon, closed or with its cap off, now and then before its carton; or a slim travel atomizer."""
    if draw.chance(0.1):
        return _atomizer(draw)
    radius, height, depth, section, profile = _shape(draw)
    glass, parts = _flacon(draw, section, depth, profile)
    top = float(max(p.mesh.high[1] for p in parts))
    parts += _front_label(draw, radius, height, depth, section, profile)
    neck = radius * draw.uniform(0.2, 0.34)
    collar = metal(draw)
    parts.append(Part(cylinder(neck, 0.16, "round", 0.03).moved(y=top - 0.02), collar))
    cap = _cap(draw, neck, collar)
    layout = draw.weighted({"closed": 6, "cap off": 2, "with its carton": 1.4})
    if layout == "cap off":
        nozzle = cylinder(neck * 0.6, 0.24, "round", 0.03).moved(y=top + 0.12)
        jet = cylinder(0.03, 0.03).turned("x", 90).moved(y=top + 0.26, z=neck * 0.58)
        parts += [Part(nozzle, collar), Part(jet, plain(np.full(3, 0.08)))]
        x = draw.sign() * (radius + draw.uniform(0.4, 0.7))
        z = depth * radius + draw.uniform(0, 0.3)
        parts += moved(cap, x=x, z=z) if draw.chance(0.6) else laid(cap, draw, x, z)
    else:
        parts += moved(cap, y=top + 0.12)
    if layout == "with its carton":
        high = float(max(p.mesh.high[1] for p in parts))
        case = carton(
            draw, package(draw), 2.2 * radius, high * draw.uniform(0.9, 1.1), 1.6 * radius * depth + 0.3
        )
        parts.append(case.moved(x=draw.sign() * radius * 1.3, z=-1.9 * radius * depth - 0.4))
    return Product("perfume", placed(parts), (), None, "flacon", glass, layout, tiltable=layout == "closed")


def _shape(draw: Draw) -> tuple[float, float, float, str, list[Point]]:
    """Radius, height, depth over width, cross-section and outer profile (without the neck) of a flacon."""
    kind = draw.weighted(
        {"slab": 4, "round": 1.5, "disc": 1.0, "faceted": 1.4, "sculpted": 1.6, "tall": 1.2, "sphere": 0.7}
    )
    depth, section = 1.0, "round"
    radius, height = draw.uniform(0.6, 0.85), draw.uniform(1.0, 1.6)
    shoulder = draw.uniform(0.0, 0.12)
    if kind == "slab":
        section, depth = draw.choice("square", "sharp", "soft"), draw.uniform(0.4, 0.8)
    elif kind == "tall":
        section, radius, height = (
            draw.choice("round", "square", "sharp"),
            draw.uniform(0.38, 0.5),
            draw.uniform(1.7, 2.3),
        )
    elif kind == "faceted":
        section, shoulder, depth = "hex", draw.uniform(0.1, 0.35), draw.uniform(0.6, 1.0)
    if kind == "sphere":
        angles = np.linspace(0.25, np.pi - 0.3, 14)
        return (
            radius,
            1.5 * radius,
            1.0,
            section,
            [(0.0, 0.0)] + [(radius * float(np.sin(a)), radius * (0.97 - float(np.cos(a)))) for a in angles],
        )
    if kind == "disc":  # a coin on edge: round seen from the front
        section, depth = "soft", draw.uniform(0.35, 0.5)
        angles = np.linspace(0.35, np.pi - 0.25, 16)
        points = [(radius * float(np.sin(a)), radius * (0.94 - float(np.cos(a)))) for a in angles]
        return radius, 1.6 * radius, depth, section, [(0.0, 0.0), *points]
    waist, foot, brow = 1.0, 1.0, 1.0
    if kind == "sculpted":
        waist, foot, brow = draw.uniform(0.55, 1.2), draw.uniform(0.75, 1.1), draw.uniform(0.55, 1.1)
        section = draw.choice("round", "round", "soft", "hex")
        depth = draw.uniform(0.6, 1.0)
    if kind == "round" and draw.chance(0.4):
        brow = draw.uniform(0.6, 0.9)
    s = np.linspace(0.06, 0.94, 14)
    swell = foot * (1 - s) ** 2 + 2 * waist * s * (1 - s) + brow * s**2
    sides = [(radius * float(w), height * float(t)) for w, t in zip(swell, s, strict=True)]
    e = 0.06
    last = sides[-1][0]
    profile = [
        (0.0, 0.0),
        (sides[0][0] - e, 0.0),
        *sides,
        (last - e, height),
        (last * 0.4, height + shoulder),
    ]
    return radius, height, depth, section, profile


def _scaled(profile: list[Point], wall: float, base: float, level: float) -> list[Point]:
    """The inside of a flacon: walls of `wall`, a glass base of `base`, filled up to the share `level`."""
    top = profile[-1][1]
    low, high = base, base + (top * 0.96 - base) * level
    ys = np.linspace(low, high, 20)
    outline = np.array(profile)
    order = np.argsort(outline[:, 1], kind="stable")
    radii = np.interp(ys, outline[order, 1], outline[order, 0])
    inner = [(max(float(r) - wall, 0.02), float(y)) for r, y in zip(radii, ys, strict=True)]
    return [(0.0, low), *inner, (0.0, high)]


def _flacon(draw: Draw, section: str, depth: float, profile: list[Point]) -> tuple[Material, list[Part]]:
    """Glass over juice, glass over an opaque coat, or lacquer."""
    kind = draw.weighted({"clear": 6, "lacquer": 2.4, "tinted": 1.2})
    outer = lathe([*profile, (0.0, profile[-1][1])], section, depth=depth, crease=40)
    if kind == "lacquer":
        body = package(draw)
        return body, [Part(outer, body)]
    radius = max(r for r, _ in profile)
    wall, base = draw.uniform(0.06, 0.14) * radius, draw.uniform(0.08, 0.26)
    tint = np.array(draw.choice(*JUICES)) if draw.chance(0.7) else hue(draw, (0.4, 0.8), (0.55, 0.85))
    if kind == "tinted":
        tint = hue(draw, (0.3, 0.8), (0.2, 0.5))
    juice = plain(np.clip(tint + draw.rng.normal(0, 0.03, 3), 0.02, 0.98), 0.06, "juice", coat=1.0)
    if draw.chance(0.5) and kind == "clear":
        juice = replace(clear(draw, tuple(np.clip(tint, 0.3, 0.97))), name="juice")
    shell = clear(draw)
    inside = lathe(_scaled(profile, wall, base, draw.uniform(0.8, 1.0)), section, depth=depth, crease=40)
    slab = lathe(
        _scaled(profile, wall * 0.35, 0.02, 0.03), section, depth=depth, crease=40
    )  # light caught by the base
    glint = plain(np.array([0.82, 0.85, 0.86]) * draw.uniform(0.85, 1.1), 0.05, "glass base", coat=1.0)
    return replace(shell, name="clear glass"), [Part(outer, shell), Part(inside, juice), Part(slab, glint)]


def _front_label(
    draw: Draw, radius: float, height: float, depth: float, section: str, profile: list[Point]
) -> list[Part]:
    """A paper or metal plaque on the front of flat flacons; a printed band around round ones."""
    if not draw.chance(0.75):
        return []
    ground = (
        np.array([0.96, 0.95, 0.92])
        if draw.chance(0.6)
        else (np.full(3, 0.05) if draw.chance(0.5) else metal(draw).colour)
    )
    paper = plain(ground, 0.4, "label").painted(picture(draw, ground, lines=draw.integer(1, 3)))
    outline = np.array(profile)
    y = height * draw.uniform(0.28, 0.45)
    tall = height * draw.uniform(0.16, 0.34)
    order = np.argsort(outline[:, 1], kind="stable")
    here = float(np.interp(y + tall / 2, outline[order, 1], outline[order, 0]))
    if section in ("square", "sharp", "soft"):
        plaque = box(here * draw.uniform(0.6, 1.2), tall, 0.02, 0.004)
        return [Part(plaque.moved(y=y, z=here * depth + 0.004), paper)]
    edge = [
        (float(np.interp(v, outline[order, 1], outline[order, 0])) * 1.012, float(v))
        for v in np.linspace(y, y + tall, 6)
    ]
    return [Part(lathe(edge, section, depth=depth, crease=180), paper)]


def _cap(draw: Draw, neck: float, collar: Material) -> list[Part]:
    """A cube, ball, cylinder, dome, tall prism or cut stopper on y = 0."""
    material = draw.choice(
        collar, package(draw), metal(draw), plain(np.full(3, 0.03), 0.06, "black lacquer", coat=1.0)
    )
    wide = neck * draw.uniform(1.1, 2.0)
    tall = draw.uniform(0.4, 0.85)
    kind = draw.weighted({"cylinder": 3, "cube": 2.5, "ball": 1.3, "dome": 1, "stopper": 1, "bow": 0.5})
    if kind == "cylinder":
        return [Part(cylinder(wide, tall), printed(draw, material, often=0.2))]
    if kind == "cube":
        return [Part(cylinder(wide, min(tall, 2.2 * wide), draw.choice("square", "sharp")), material)]
    if kind == "ball":
        return [Part(ball(wide), material)]
    if kind == "dome":
        s = np.linspace(0, np.pi / 2, 10)
        curve = [(wide * float(np.cos(a)) + 1e-3, 0.1 + tall * float(np.sin(a))) for a in s]
        return [Part(lathe([(0, 0), (wide, 0), *curve]), material)]
    if kind == "stopper":
        shape = [
            (0, 0),
            (neck, 0),
            (wide * 1.2, tall * 0.45),
            (wide * 1.25, tall * 0.6),
            (wide * 0.7, tall),
            (0, tall),
        ]
        return [Part(lathe(shape, draw.choice("hex", "round", "soft"), crease=20), material)]
    loops = [_loop(side * 0.3).moved(y=0.3) for side in (-1, 1)]
    return [
        Part(cylinder(wide * 0.9, 0.3), collar),
        Part(joined([*loops, ball(0.09).moved(y=0.22)]), material),
    ]


def _loop(reach: float) -> Mesh:
    """One loop of a bow."""
    a = np.linspace(0, 2 * np.pi, 40)
    return rod(np.stack([reach * (1 - np.cos(a)), 0.18 * np.sin(a) * np.sin(a / 2), 0 * a], 1), 0.045)


def _atomizer(draw: Draw) -> Product:
    """A slim travel spray, or a vintage flacon with a bulb on a hose."""
    body = package(draw)
    if draw.chance(0.5):
        parts = [
            Part(cylinder(0.26, 1.6), printed(draw, body, vertical=True)),
            Part(cylinder(0.265, 0.1, "round", 0.02).moved(y=1.6), metal(draw)),
            Part(cylinder(0.26, 0.7).moved(y=1.7), body if draw.chance(0.6) else metal(draw)),
        ]
        return Product("perfume", placed(parts), (), None, "atomizer", body, "closed")
    glass, parts = _flacon(
        draw, "round", 1.0, [(0, 0), (0.5, 0), (0.75, 0.35), (0.7, 0.7), (0.4, 1.0), (0.2, 1.1)]
    )
    trim = metal(draw)
    s = np.linspace(0, 1, 20)
    side = draw.sign()
    hose = rod(
        np.stack([side * (0.15 + 0.85 * s), 1.3 - 0.25 * np.sin(np.pi * s) - 0.2 * s, 0.3 * s], 1), 0.035
    )
    bulb = ball(0.26, 0.9).moved(x=side * 1.2, y=0.85, z=0.32)
    parts += [
        Part(cylinder(0.2, 0.3).moved(y=1.08), trim),
        Part(joined([hose, bulb]), plain(hue(draw), 0.7, "fabric")),
    ]
    parts.append(Part(ring(0.22, 0.03).turned("x", 90).moved(y=1.12), trim))
    return Product("perfume", placed(parts), (), None, "atomizer", glass, "closed", tiltable=False)
