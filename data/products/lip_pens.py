"""Glosses without a wand: squeeze tubes, click pens with a brush tip, and rollerballs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import cosmetic, metal, package, plain
from data.mesh import cylinder, lathe
from data.product import Part, Product, moved, placed, turned
from data.products.lip_tubes import labelled, lip_tube
from data.products.vessels import tube_parts
from data.products.wands import brush_head


def squeeze_tube(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A soft clear tube in the gloss's own colour: on its cap, or with its slanted tip up and the cap off."""
    fill = cosmetic(draw, colour, finish)
    body = labelled(draw, replace(fill, coat=max(fill.coat, 0.4)), often=0.95)
    radius = draw.uniform(0.3, 0.42)
    cap = package(draw)
    parts = tube_parts(draw, body, cap, radius * draw.uniform(4.2, 6.0), radius)
    if draw.chance(0.65):
        return Product("lip gloss", placed(parts), (colour,), finish, "squeeze tube", body, "closed")
    cap_part, soft = parts[0], parts[1:]
    foot = min(p.mesh.low[1] for p in soft)
    soft = turned(moved(soft, y=-foot), "z", 180)
    soft = moved(soft, y=-min(p.mesh.low[1] for p in soft))
    top = max(p.mesh.high[1] for p in soft)
    nozzle = lathe(
        [(radius * 0.8, -0.02), (radius * 0.5, 0.1), (radius * 0.42, radius * 0.95), (0, radius * 0.97)], crease=50
    )
    lift = np.zeros_like(nozzle.vertices)
    lift[:, 1] = np.clip(nozzle.vertices[:, 1] / radius, 0, 1) ** 3 * nozzle.vertices[:, 0] * 0.7
    tip = Part(nozzle.bent(lift).moved(y=top), plain(np.full(3, 0.93) * 0.7 + colour * 0.3, 0.2, "tip"))
    beside = cap_part.moved(x=draw.sign() * radius * draw.uniform(2.8, 3.8))
    parts = [*soft, tip, beside]
    return Product("lip gloss", placed(parts), (colour,), finish, "squeeze tube", body, "cap off", tiltable=False)


def click_pen(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A twist pen with a window on its fluid and a brush or soft tip, its cap standing beside."""
    fill = cosmetic(draw, colour, finish)
    radius, height = draw.uniform(0.14, 0.19), draw.uniform(2.0, 2.8)
    case = metal(draw) if draw.chance(0.6) else package(draw)
    low, top = height * draw.uniform(0.28, 0.45), height * draw.uniform(0.86, 1.0)
    throat = lathe([(radius * 0.95, 0), (radius * 0.6, 0.3), (radius * 0.5, 0.34)]).moved(y=top)
    head = radius * draw.uniform(2.6, 4.0)
    parts = [
        Part(cylinder(radius, low, "round", 0.02), printed(draw, case, vertical=True, often=0.5)),
        Part(lathe([(radius * 0.97, low), (radius * 0.97, top)]), labelled(draw, fill)),
        Part(throat, plain(np.full(3, 0.92) * 0.75 + colour * 0.25, 0.15, "clear plastic", coat=0.6)),
        Part(brush_head(draw, head, radius * 0.5).turned("z", 180).moved(y=top + 0.33), fill),
    ]
    if draw.chance(0.6):
        parts.append(Part(cylinder(radius * 1.02, 0.08, bevel=0.01).moved(y=low), metal(draw)))
    cap = Part(cylinder(radius * 1.04, draw.uniform(1.0, 1.3), "round", 0.03), case)
    beside = draw.chance(0.75)
    if beside:
        parts.append(cap.moved(x=draw.sign() * radius * draw.uniform(2.8, 4.5)))
    words = "tip out, cap beside" if beside else "tip out"
    return Product("lip gloss", placed(parts), (colour,), finish, "pen", case, words, tiltable=not beside)


def rollerball(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A clear vial with a steel ball in its mouth, the cap beside or on."""
    tube = replace(lip_tube(draw, colour, "doe-foot", {"clear": 1}), section="round", waist=0.0, lucent=True)
    fill = cosmetic(draw, colour, finish)
    if draw.chance(0.3):
        return Product(
            "lip gloss", placed(tube.closed(draw, fill)), (colour,), finish, "rollerball", tube.glass, "closed"
        )
    r = tube.radius
    seat = lathe([(r * 0.92, 0), (r * 0.92, 0.12), (r * 0.72, 0.16), (r * 0.72, 0.34), (r * 0.6, 0.36)])
    t = np.linspace(-0.4, np.pi / 2, 16)
    ball = lathe([(max(r * 0.62 * float(np.cos(a)), 1e-4), r * 0.62 * float(np.sin(a))) for a in t], crease=180)
    parts = [
        *tube.barrel(draw, fill),
        Part(seat.moved(y=tube.height), draw.choice(metal(draw, "silver"), plain((0.95,) * 3, 0.2, "white plastic"))),
        Part(ball.moved(y=tube.height + 0.36), metal(draw, "silver")),
        *moved(tube.cap(), x=draw.sign() * r * draw.uniform(2.3, 3.4)),
    ]
    return Product(
        "lip gloss", placed(parts), (colour,), finish, "rollerball", tube.glass, "open, cap beside", tiltable=False
    )
