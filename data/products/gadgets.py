"""Electronics: phones, computers, cameras, sound, watches."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import picture
from data.material import prop
from data.mesh import Mesh, box, cylinder, joined, lathe
from data.product import Part, moved, placed, turned
from data.products.paints import Parts, glass, labelled, leather, paint, polished
from data.products.shapes import ball, grey, hue, ring, rod


def screen(draw: Draw, width: float, depth: float, thickness: float = 0.012) -> Part:
    """A lit or dark display lying on y = 0, its picture upright from above."""
    ground = hue(draw, (0.2, 0.7), (0.1, 0.7)) if draw.chance(0.7) else np.full(3, 0.02)
    face = picture(draw, ground)
    if draw.chance(0.5):  # rows of tiles
        y, x = np.mgrid[0 : face.shape[0], 0 : face.shape[1]] / face.shape[0]
        tiles = (x % 0.25 > 0.05) & (y % 0.25 > 0.05)
        face = np.where(tiles[..., None], face, (face * 0.4 + 140).astype(np.uint8)).astype(np.uint8)
    return Part(box(width, thickness, depth, 0.003).planar(width, depth), prop(grey(draw), 0.05).painted(face))


def phone(draw: Draw) -> Parts:
    """A phone from the front or the back, with one to three lenses, standing or lying."""
    shell = box(0.8, 0.09, 1.65, 0.04)
    if draw.chance(0.5):
        parts = [Part(shell, paint(draw)), screen(draw, 0.75, 1.58).moved(y=0.085)]
    else:
        lenses = [
            cylinder(0.09, 0.04, bevel=0.01).moved(-0.22 + 0.22 * (k % 2), 0.1, -0.6 + 0.2 * k)
            for k in range(draw.integer(1, 3))
        ]
        bump = box(0.5, 0.03, 0.55, 0.02).moved(-0.12, 0.08, -0.48)
        body = paint(draw, (0.1, 0.3))
        parts = [Part(shell, body), Part(bump, body), Part(joined(lenses), prop((0.02, 0.02, 0.03), 0.05))]
    return turned(turned(parts, "x", draw.uniform(70, 90)), "y", draw.uniform(-30, 30)) if draw.chance(0.6) else parts


def tablet(draw: Draw) -> Parts:
    """A tablet or a reader, standing or lying."""
    w, d = draw.choice((1.5, 2.1), (2.1, 1.5))
    parts = [Part(box(w, 0.07, d, 0.03), paint(draw)), screen(draw, w - 0.16, d - 0.2).moved(y=0.07)]
    return turned(parts, "x", draw.uniform(60, 88)) if draw.chance(0.6) else parts


def laptop(draw: Draw) -> Parts:
    """An opened laptop."""
    body = polished(draw) if draw.chance(0.5) else paint(draw)
    keys = [
        box(0.12, 0.015, 0.11, 0.004).moved(-0.98 + 0.15 * i, 0.1, -0.5 + 0.14 * j) for i in range(14) for j in range(5)
    ]
    pad = box(0.7, 0.006, 0.4, 0.002).moved(y=0.1, z=0.45)
    lid = turned(
        [Part(box(2.3, 0.06, 1.5, 0.02), body), screen(draw, 2.15, 1.35).moved(y=0.06)], "x", draw.uniform(60, 85)
    )
    lid = moved(lid, y=0.05 - float(min(p.mesh.low[1] for p in lid)), z=-0.9)
    return turned(
        [Part(box(2.3, 0.1, 1.5, 0.03), body),
         Part(joined(keys), prop(grey(draw, 0.03, 0.1), 0.5)), Part(pad, body), *lid],
        "y", draw.uniform(-35, 35),
    )  # fmt: skip


def monitor(draw: Draw) -> Parts:
    """A television or a monitor on its foot."""
    face = turned(
        [Part(box(2.8, 0.09, 1.65, 0.02), prop(grey(draw, 0.02, 0.08), 0.3)), screen(draw, 2.7, 1.55).moved(y=0.09)],
        "x",
        90,
    )
    foot = joined([box(0.9, 0.04, 0.5, 0.01), box(0.14, 0.6, 0.08, 0.01)])
    return [*moved(face, y=1.2), Part(foot, polished(draw))]


def keyboard(draw: Draw) -> Parts:
    """A keyboard with a mouse or without."""
    keys = [
        box(0.14, 0.07, 0.14, 0.02).moved(-1.25 + 0.17 * i, 0.1, -0.3 + 0.17 * j) for i in range(15) for j in range(4)
    ]
    bar = box(0.9, 0.07, 0.14, 0.02).moved(y=0.1, z=0.38)
    caps = paint(draw)
    parts = [Part(box(2.75, 0.12, 0.95, 0.03), paint(draw)), Part(joined([*keys, bar]), caps)]
    return parts + moved(mouse(draw), x=1.9) if draw.chance(0.5) else parts


def mouse(draw: Draw) -> Parts:
    """A computer mouse."""
    shell = lathe(
        [(0, 0), (0.95, 0), (1.0, 0.12), (0.85, 0.34), (0.5, 0.46), (0, 0.5)],
        "soft",
        width=0.36,
        depth=0.62,
        crease=120,
    )
    wheel = cylinder(0.1, 0.06, bevel=0.01).turned("z", 90).moved(x=0.03, y=0.4, z=-0.3)
    return turned([Part(shell, paint(draw)), Part(wheel, prop((0.05, 0.05, 0.05)))], "y", draw.uniform(-60, 60))


def camera(draw: Draw) -> Parts:
    """A camera with its lens to the front."""
    body = paint(draw) if draw.chance(0.3) else prop(grey(draw, 0.03, 0.07), 0.5)
    lens = [(0.5, 0), (0.5, 0.3), (0.45, 0.32), (0.45, 0.75), (0.38, 0.78), (0.34, 0.7)]
    rings = [lathe([(0.51, 0.1), (0.51, 0.2)]), lathe([(0.46, 0.5), (0.46, 0.55)])]
    barrel = [Part(lathe(lens, crease=40), body), Part(joined(rings), polished(draw)),
              Part(lathe([(0.34, 0.66), (0.2, 0.72), (0, 0.74)]), prop((0.03, 0.03, 0.07), 0.03))]  # fmt: skip
    top = joined(
        [
            box(0.6, 0.26, 0.5, 0.05).moved(y=1.15),
            cylinder(0.14, 0.12).moved(x=0.7, y=1.18),
            cylinder(0.1, 0.1).moved(x=-0.7, y=1.18),
        ]
    )
    shell = [Part(box(2.0, 1.2, 0.6, 0.08), body), Part(top, polished(draw) if draw.chance(0.4) else body)]
    return turned([*shell, *moved(turned(barrel, "x", 90), y=0.58, z=0.3)], "y", draw.uniform(-40, 40))


def headphones(draw: Draw) -> Parts:
    """A head band with two cups, or ear buds beside their case."""
    if draw.chance(0.35):
        case = cylinder(0.55, 0.34, "soft", 0.14, 0.7)
        buds = [
            joined([ball(0.17).moved(y=0.4), rod([(0, 0.5, 0), (0, 0.2, 0.04), (0, 0, 0.05)], 0.06)]).moved(
                x=0.9 + 0.5 * k
            )
            for k in (0, 1)
        ]
        surface = paint(draw, (0.05, 0.4))
        return [Part(case, surface), Part(joined(buds), surface)]
    band = ring(0.85, 0.07, 0, 180).moved(y=0.6)
    cups = [cylinder(0.38, 0.26, "round", 0.08).turned("z", 90).moved(x=s * 0.85 + 0.13, y=0.5) for s in (-1, 1)]
    return turned([Part(band, paint(draw)), Part(joined(cups), paint(draw))], "y", draw.uniform(-40, 40))


def speaker(draw: Draw) -> Parts:
    """A loudspeaker: a box with two cones, or a round one of cloth."""
    if draw.chance(0.4):
        return [
            Part(cylinder(0.6, draw.uniform(0.8, 1.6), bevel=0.12), paint(draw)),
            Part(lathe([(0.61, 0.1), (0.61, 0.16)]), polished(draw)),
        ]
    shell = box(1.0, 1.8, 0.8, 0.04)
    cones = [
        lathe([(r, 0), (r * 0.9, 0.05), (r * 0.3, -0.1), (0, -0.02)]).turned("x", 90).moved(y=y, z=0.4)
        for r, y in ((0.4, 0.55), (0.22, 1.3))
    ]
    return turned(
        [Part(shell, paint(draw)), Part(joined(cones), prop((0.05, 0.05, 0.05), 0.6))], "y", draw.uniform(-35, 35)
    )


def watch(draw: Draw) -> Parts:
    """A wrist watch lying or standing as a loop."""
    strap = leather(draw) if draw.chance(0.6) else polished(draw)
    a = np.linspace(0, 2 * np.pi, 60)
    loop = rod(np.stack([0 * a, 0.75 + 0.75 * np.sin(a), 0.62 * np.cos(a)], 1), 0.05, 8)
    loop = Mesh(loop.vertices * [5.0, 1, 1], loop.faces, loop.normals, loop.uv)
    case = [Part(cylinder(0.48, 0.14, draw.choice("round", "round", "soft"), 0.04), polished(draw))]
    dial = cylinder(0.4, 0.01, bevel=0.002).moved(y=0.14)
    marks = [box(0.03, 0.012, 0.09, 0.002).moved(y=0.15, z=-0.33).turned("y", 30 * k) for k in range(12)]
    hands = [box(0.03, 0.012, n, 0.002).moved(y=0.155, z=-n / 2).turned("y", draw.uniform(0, 360)) for n in (0.2, 0.32)]
    ground = grey(draw) if draw.chance(0.5) else grey(draw, 0.03, 0.2)
    ink = np.full(3, 0.05 if ground.mean() > 0.5 else 0.9)
    case += [Part(dial, prop(ground, 0.2)), Part(joined([*marks, *hands]), prop(ink))]
    parts = [Part(loop, strap), *moved(turned(case, "x", 90), y=0.75, z=0.6)]
    return turned(list(placed(parts)), "y", draw.uniform(-40, 40))


def controller(draw: Draw) -> Parts:
    """A game controller with two sticks and buttons."""
    body = joined(
        [ball(0.45, 0.6).moved(x=s * 0.75, z=0.15) for s in (-1, 1)] + [box(1.5, 0.4, 0.7, 0.15).moved(y=0.06)]
    )
    sticks = [cylinder(0.15, 0.2, bevel=0.04).moved(x=s * 0.35, y=0.42, z=0.2) for s in (-1, 1)]
    dots = [
        cylinder(0.07, 0.06, bevel=0.02).moved(0.75 + 0.16 * np.cos(a), 0.52, 0.02 + 0.16 * np.sin(a))
        for a in (0, 1.57, 3.14, 4.71)
    ]
    return [
        Part(body, paint(draw)),
        Part(joined(sticks), prop((0.04, 0.04, 0.04), 0.6)),
        Part(joined(dots), paint(draw)),
    ]


def bulb(draw: Draw) -> Parts:
    """Light bulbs or batteries."""
    parts: Parts = []
    kind = draw.chance(0.5)
    for k in range(draw.integer(1, 3)):
        if kind:
            dome = lathe([(0.2, 0.5), (0.24, 0.7), (0.45, 1.1), (0.42, 1.4), (0.2, 1.62), (0, 1.66)], crease=180)
            foot = lathe(
                [(0, 0), (0.12, 0.04), *((0.2 - 0.02 * (j % 2), 0.08 + 0.05 * j) for j in range(9))], crease=180
            )
            one = [Part(dome, prop(grey(draw), 0.1) if draw.chance(0.6) else glass(draw)), Part(foot, polished(draw))]
        else:
            one = [
                Part(cylinder(0.22, 1.4), labelled(draw, paint(draw), vertical=True)),
                Part(cylinder(0.08, 0.06).moved(y=1.4), polished(draw)),
            ]
        parts += moved(one, x=1.0 * k, z=draw.normal(0.1))
    return parts
