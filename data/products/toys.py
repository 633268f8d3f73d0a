"""Toys, sport, animals, music, vehicles and abstract solids."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data.draw import Draw
from data.material import prop
from data.mesh import Mesh, box, cylinder, joined, lathe
from data.product import Part, moved, placed, turned
from data.products.paints import Parts, mottled, paint, polished, wood
from data.products.shapes import ball, grey, ring, rod


def balls(draw: Draw) -> Parts:
    """A football of plain colour, marbles or pearls."""
    r = draw.choice(0.8, 0.3, 0.12)
    same = paint(draw)
    count = {0.8: 1, 0.3: 5, 0.12: 20}[r]
    spread = 0.0 if count == 1 else 1.0
    return [
        Part(
            ball(r).moved(draw.uniform(-1, 1) * spread, 0, draw.uniform(-1, 1) * spread),
            same if r < 0.2 else paint(draw),
        )
        for _ in range(count)
    ]


def blocks(draw: Draw) -> Parts:
    """Toy bricks stacked with a wobble."""
    parts, y = [], 0.0
    for _ in range(draw.integer(2, 5)):
        h = draw.uniform(0.3, 0.6)
        brick = box(draw.uniform(0.5, 1.0), h, draw.uniform(0.4, 0.7), 0.03).turned("y", draw.normal(15))
        parts.append(Part(brick.moved(x=draw.normal(0.06), y=y), paint(draw)))
        y += h
    return parts


def pile(draw: Draw) -> Parts:
    """Abstract solids thrown together."""
    solids: list[Callable[[], Mesh]] = [
        lambda: ball(draw.uniform(0.2, 0.5)),
        lambda: box(draw.uniform(0.3, 0.9), draw.uniform(0.3, 1.2), draw.uniform(0.3, 0.9)),
        lambda: cylinder(draw.uniform(0.2, 0.5), draw.uniform(0.2, 1.4)),
        lambda: lathe(
            [(0, 0), (draw.uniform(0.3, 0.6), 0), (0.001, draw.uniform(0.6, 1.3))],
            draw.choice("round", "hex", "square"),
        ),
        lambda: ring(0.45, 0.14).moved(y=0.59),
    ]
    count = draw.integer(2, 6)
    return [
        Part(
            draw.choice(*solids)().turned("y", draw.uniform(0, 90)).moved(x=(k - count / 2) * 0.8, z=draw.normal(0.4)),
            paint(draw),
        )
        for k in range(count)
    ]


def toy_car(draw: Draw) -> Parts:
    """A small car, van or lorry."""
    colour, long = paint(draw, (0.05, 0.3)), draw.uniform(1.8, 2.5)
    cabin = long * draw.uniform(0.4, 0.7)
    body = box(long, 0.42, 0.95, 0.1).moved(y=0.2)
    roof = lathe([(1.0, 0), (0.92, 0.2), (0.8, 0.42), (0, 0.44)], "square", width=cabin / 2, depth=0.42).moved(
        x=-0.1, y=0.6
    )
    panes = box(cabin * 0.8, 0.22, 0.83, 0.02).moved(x=-0.1, y=0.68)
    wheels = [
        cylinder(0.24, 0.2, bevel=0.04).turned("x", 90).moved(s * long * 0.3, 0.24, t * 0.42 - 0.1)
        for s in (-1, 1)
        for t in (-1, 1)
    ]
    lamps = [ball(0.09).moved(long / 2 - 0.05, 0.34, s * 0.3) for s in (-1, 1)]
    parts = [
        Part(joined([body, roof]), colour), Part(panes, prop((0.1, 0.12, 0.15), 0.05)),
        Part(joined(wheels), prop((0.03, 0.03, 0.03), 0.7)), Part(joined(lamps), prop((0.95, 0.93, 0.8), 0.1)),
    ]  # fmt: skip
    return turned(parts, "y", draw.uniform(-60, 60))


def teddy(draw: Draw) -> Parts:
    """A sitting soft bear, rabbit or cat."""
    base = np.array(
        draw.choice((0.62, 0.42, 0.24), (0.85, 0.75, 0.62), (0.93, 0.92, 0.9), (0.45, 0.42, 0.4), (0.9, 0.7, 0.75))
    )
    fur = mottled(draw, base, base * 0.85, 4, 0.98)
    meshes = [ball(0.62, 1.15), ball(0.46).moved(y=1.2)]
    meshes += [ball(0.24, 1.6).turned("z", s * 35).moved(s * 0.62, 0.55, 0.1) for s in (-1, 1)]
    meshes += [ball(0.26).moved(s * 0.45, 0.0, 0.5) for s in (-1, 1)]
    kind = draw.choice("bear", "rabbit", "cat")
    for s in (-1, 1):
        ear = {
            "bear": ball(0.17), "rabbit": ball(0.14, 3.2), "cat": lathe([(0.18, 0), (0.001, 0.36)], depth=0.5),
        }[kind]  # fmt: skip
        meshes.append(ear.moved(s * 0.32 if kind != "rabbit" else s * 0.2, 1.85, 0))
    snout = ball(0.2, 0.8).moved(y=1.42, z=0.4)
    eyes = [ball(0.055).moved(s * 0.17, 1.72, 0.4) for s in (-1, 1)]
    dark = joined([*eyes, ball(0.07).moved(y=1.55, z=0.57)])
    parts = [
        Part(joined(meshes), fur),
        Part(snout, prop(np.clip(base * 1.15, 0, 1), 0.98)),
        Part(dark, prop((0.02, 0.02, 0.02), 0.1)),
    ]
    return turned(parts, "y", draw.uniform(-40, 40))


def animal(draw: Draw) -> Parts:
    """A four-legged figure with a tail, or a bird."""
    base = np.array(
        draw.choice((0.55, 0.38, 0.22), (0.9, 0.88, 0.85), (0.15, 0.13, 0.12), (0.8, 0.6, 0.35), (0.95, 0.8, 0.2))
    )
    coat = mottled(draw, base, base * 0.7, 18, 0.85)
    if draw.chance(0.35):  # a bird or a bath duck
        body = [
            ball(0.6, 0.75),
            ball(0.33).moved(x=0.4, y=0.65),
            lathe([(0.25, 0), (0.01, 0.5)]).turned("z", 60).moved(-0.45, 0.5),
        ]
        beak = lathe([(0.11, 0), (0.01, 0.26)], depth=0.6).turned("z", -90).moved(0.7, 0.95)
        eyes = [ball(0.05).moved(0.52, 1.05, s * 0.25) for s in (-1, 1)]
        parts = [
            Part(joined(body), coat),
            Part(beak, prop((0.93, 0.45, 0.08), 0.3)),
            Part(joined(eyes), prop((0.02, 0.02, 0.02))),
        ]
        return turned(parts, "y", draw.uniform(-60, 60))
    long, tall = draw.uniform(0.9, 1.4), draw.uniform(0.4, 1.1)
    trunk = (
        lathe([(0, 0), (0.3, 0.1), (0.36, 0.4 * long), (0.32, long), (0, 1.1 * long)], crease=180)
        .turned("z", -90)
        .moved(-long / 2, tall + 0.25)
    )
    legs = [
        rod([(s * long * 0.38, 0, t * 0.2), (s * long * 0.36, tall + 0.1, t * 0.18)], 0.1, 8)
        for s in (-1, 1)
        for t in (-1, 1)
    ]
    head = [ball(0.28, 0.95).moved(long / 2 + 0.25, tall + 0.45), ball(0.16).moved(long / 2 + 0.48, tall + 0.5)]
    ears = [
        lathe([(0.1, 0), (0.001, draw.uniform(0.2, 0.4))], depth=0.5).moved(long / 2 + 0.18, tall + 0.92, s * 0.14)
        for s in (-1, 1)
    ]
    tail = rod(
        [(-long / 2, tall + 0.4, 0), (-long / 2 - 0.3, tall + 0.6, 0), (-long / 2 - 0.4, tall + 1.0, 0.05)], 0.06, 8
    )
    return turned([Part(joined([trunk, *legs, *head, *ears, tail]), coat)], "y", draw.uniform(-60, 60))


def dumbbell(draw: Draw) -> Parts:
    """One dumb-bell or two."""
    surface, grip = paint(draw), polished(draw)
    parts: Parts = []
    section = draw.choice("hex", "round")
    for k in range(draw.integer(1, 2)):
        ends = [cylinder(0.42, 0.5, section, 0.06).turned("z", 90).moved(x=s * 0.75 + 0.25, y=0.4) for s in (-1, 1)]
        bar = cylinder(0.11, 1.2).turned("z", 90).moved(x=0.6, y=0.4)
        parts += moved(turned([Part(joined(ends), surface), Part(bar, grip)], "y", draw.normal(15)), z=1.2 * k)
    return list(placed(parts))


def racket(draw: Draw) -> Parts:
    """A racket with strings or a table-tennis bat, and a ball."""
    if draw.chance(0.5):
        hoop = ring(0.75, 0.05)
        hoop = Mesh(hoop.vertices * [0.85, 1.1, 1], hoop.faces, hoop.normals, hoop.uv).moved(y=2.4)
        lines = [cylinder(0.008, 1.3, bevel=0.001).moved(x=0.12 * k, y=1.75) for k in range(-4, 5)]
        lines += [
            cylinder(0.008, 1.1, bevel=0.001).turned("z", 90).moved(x=0.55, y=2.4 + 0.14 * k) for k in range(-4, 5)
        ]
        parts = [
            Part(joined([hoop, rod([(0, 0, 0), (0, 1.6, 0)], 0.07)]), paint(draw)),
            Part(joined(lines), prop(grey(draw))),
        ]
        thing = Part(ball(0.2).moved(1.2, 0.2), prop((0.8, 0.9, 0.2), 0.9))
    else:
        disc = cylinder(0.75, 0.1, bevel=0.02).turned("x", 90).moved(y=1.5)
        parts = [
            Part(disc, prop(draw.choice((0.7, 0.08, 0.08), (0.05, 0.05, 0.05)), 0.7)),
            Part(box(0.24, 0.95, 0.14, 0.04), wood(draw)),
        ]
        thing = Part(ball(0.15).moved(1.1, 0.1), prop(grey(draw)))
    return [*placed(turned(parts, "x", -90)), *placed([thing])]


def guitar(draw: Draw) -> Parts:
    """A guitar standing."""
    body = lathe([(0, 0), (1.0, 0.0), (1.0, 0.3), (0, 0.3)], segments=96, crease=60)
    a = np.arctan2(body.vertices[:, 2], body.vertices[:, 0])
    k = 0.78 + 0.2 * np.cos(2 * a + np.pi) + 0.07 * np.sin(a)
    shift = np.zeros_like(body.vertices)
    shift[:, [0, 2]] = body.vertices[:, [0, 2]] * (k - 1)[:, None]
    front = body.bent(shift).turned("x", 90).moved(y=1.0, z=-0.15)
    neck = box(0.2, 1.9, 0.1, 0.02).moved(y=1.7, z=0.18)
    head = box(0.3, 0.45, 0.08, 0.02).moved(y=3.55, z=0.15)
    hole = cylinder(0.24, 0.02, bevel=0.005).turned("x", 90).moved(y=1.15, z=0.15)
    strings = [cylinder(0.008, 2.7, bevel=0.001).moved(0.03 * k - 0.075, 0.75, 0.25) for k in range(6)]
    parts = [
        Part(front, wood(draw) if draw.chance(0.7) else paint(draw)),
        Part(joined([neck, head]), prop((0.2, 0.12, 0.08))),
        Part(hole, prop((0.03, 0.03, 0.03))),
        Part(joined(strings), polished(draw)),
    ]
    return turned(parts, "y", draw.uniform(-25, 25))


def dice_and_cards(draw: Draw) -> Parts:
    """Playing cards fanned, with dice."""
    parts: Parts = []
    for k in range(draw.integer(2, 6)):
        tone = prop(grey(draw), 0.4)
        face = tone.painted(np.full((120, 84, 3), 245, np.uint8))
        ink = np.array(draw.choice((190, 20, 30), (15, 15, 15)), np.uint8)
        texture = face.texture.copy()
        for _ in range(draw.integer(1, 6)):
            y, x = draw.integer(15, 95), draw.integer(12, 62)
            texture[y : y + 12, x : x + 10] = ink
        card = (
            box(0.84, 0.012, 1.2, 0.003)
            .planar(0.84, 1.2)
            .turned("y", 14 * k - 30)
            .moved(x=-0.25 * k + 0.5, y=0.014 * k)
        )
        parts.append(Part(card, tone.painted(texture)))
    for k in range(draw.integer(0, 3)):
        parts.append(
            Part(box(0.3, 0.3, 0.3, 0.05).turned("y", draw.uniform(0, 90)).moved(1.2, 0, 0.4 * k), paint(draw))
        )
    return parts


def bicycle(draw: Draw) -> Parts:
    """A bicycle from the side."""
    wheels = [ring(0.75, 0.045).moved(x=s * 1.15, y=0.8) for s in (-1, 1)]
    spokes = [
        rod([(s * 1.15, 0.8, 0), (s * 1.15 + 0.73 * np.cos(a), 0.8 + 0.73 * np.sin(a), 0)], 0.008, 5)
        for s in (-1, 1)
        for a in np.linspace(0, 5.8, 12)
    ]
    lines = [
        [(-1.15, 0.8, 0), (-0.5, 1.75, 0)],
        [(-1.15, 0.8, 0), (-0.2, 0.75, 0)],
        [(-0.2, 0.75, 0), (-0.55, 1.95, 0)],
        [(-0.5, 1.75, 0), (0.75, 1.75, 0)],
        [(-0.2, 0.75, 0), (0.78, 1.6, 0)],
        [(1.15, 0.8, 0), (0.72, 2.0, 0)],
    ]
    bars = [rod(p, 0.045, 8) for p in lines]
    black = joined(
        [
            *wheels,
            box(0.4, 0.1, 0.18, 0.04).moved(-0.57, 1.95),
            cylinder(0.04, 0.7).turned("x", 90).moved(0.72, 2.0, -0.35),
        ]
    )
    return turned(
        [
            Part(black, prop((0.04, 0.04, 0.04), 0.6)),
            Part(joined(bars), paint(draw)),
            Part(joined(spokes), polished(draw)),
        ],
        "y",
        draw.uniform(-30, 30),
    )
