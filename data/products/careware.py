"""What shops sell beside make-up and is none of the product types: devices, cartons, hair and body care."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import prop
from data.mesh import box, cylinder, joined, lathe, sheet
from data.product import Part, moved, placed, turned
from data.products.paints import Parts, glass, labelled, paint, polished
from data.products.shapes import ball, grey, hue, ring, rod

AMBER = (0.55, 0.25, 0.08)


def derma_pen(draw: Draw) -> Parts:
    """A thick electric pen with rings, a button and a clear needle tip."""
    body = paint(draw, (0.15, 0.4))
    long, r = draw.uniform(2.2, 2.8), draw.uniform(0.15, 0.2)
    shell = [(0, 0), (r * 0.8, 0), (r * 0.95, 0.1), (r, long * 0.4), (r * 0.8, long * 0.55), (r * 0.95, long * 0.65),
             (r * 0.9, long), (r * 0.5, long + 0.2)]  # fmt: skip
    rings = [cylinder(r * 1.02, 0.04, bevel=0.01).moved(y=long * s) for s in (0.36, 0.66, 0.72)]
    button = cylinder(0.05, 0.03, bevel=0.01).turned("x", 90).moved(y=long * 0.5, z=r * 0.86)
    tip = lathe([(r * 0.5, 0), (r * 0.45, 0.3), (r * 0.3, 0.34), (0, 0.34)]).moved(y=long + 0.2)
    return [
        Part(lathe(shell, crease=60), body), Part(joined([*rings, button]), polished(draw)),
        Part(tip, glass(draw) if draw.chance(0.5) else prop(grey(draw))),
    ]  # fmt: skip


def derma_roller(draw: Draw) -> Parts:
    """A handle with a small drum of needles."""
    handle = lathe([(0, 0), (0.1, 0.02), (0.16, 0.5), (0.1, 1.3), (0.08, 1.7)], crease=90)
    fork = ring(0.3, 0.05, 0, 180).turned("z", 180).moved(y=2.0)
    drum = lathe([(0, -0.26), (0.2, -0.26), (0.2, 0.26), (0, 0.26)]).turned("z", 90).moved(y=2.05)
    points = [
        lathe([(0.012, 0), (0, 0.08)], segments=5).moved(y=0.2).turned("x", 30 * k).moved(x=-0.22 + 0.055 * j, y=2.05)
        for k in range(12) for j in range(9)
    ]  # fmt: skip
    return [Part(joined([handle, fork]), paint(draw)), Part(joined([drum, *points]), polished(draw))]


def light_mask(draw: Draw) -> Parts:
    """A white face mask of plastic with eye holes, or a bent panel on two feet."""
    if draw.chance(0.4):
        a = np.linspace(0.02, np.pi - 0.02, 40)
        z = np.linspace(-0.7, 0.7, 8)
        shape = np.stack(np.broadcast_arrays(1.2 * np.cos(a)[:, None], np.sin(a)[:, None] ** 0.45 * 1.1, z[None]), 2)
        inner = shape * [0.94, 0.94, 1]
        glow = draw.choice((0.9, 0.15, 0.2), (0.3, 0.3, 0.9), (0.95, 0.95, 0.95))
        return turned(
            [Part(sheet(shape), prop(grey(draw), 0.2)), Part(sheet(inner), prop(glow))], "y", draw.uniform(-35, 35)
        )
    u, v = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 50))
    edge = np.sqrt(np.clip(1 - 0.35 * v**2 - 0.12 * (v < 0) * v**2, 0.1, 1))
    nose = 0.28 * np.exp(-((u / 0.22) ** 2) - ((v + 0.1) / 0.35) ** 2)
    points = np.stack([0.85 * u * edge, 1.15 * v, 0.6 * (1 - u**2) * edge + nose], 2)
    face = sheet(points.reshape(50, 40, 3))
    holes = [
        lathe([(0.24, 0), (0.2, 0.02), (0.001, 0.02)], depth=0.6, crease=180).turned("x", 90).moved(s * 0.36, 0.3, 0.58)
        for s in (-1, 1)
    ]
    mouth = lathe([(0.24, 0), (0.001, 0.02)], depth=0.3).turned("x", 90).moved(0, -0.55, 0.62)
    return list(placed([Part(face, prop(grey(draw), 0.15)), Part(joined([*holes, mouth]), prop((0.06, 0.05, 0.06)))]))


def syringe(draw: Draw) -> Parts:
    """A syringe of coloured or clear fluid, lying."""
    fluid = prop(np.array(draw.choice((0.95, 0.95, 0.9), (0.9, 0.7, 0.3), (0.7, 0.85, 0.95))), 0.1)
    tube = lathe([(0.2, 0), (0.2, 1.6), (0.05, 1.75), (0.05, 1.9)])
    flange = box(0.8, 0.05, 0.24, 0.02)
    plunger = joined([cylinder(0.06, 0.8).moved(y=-0.8), cylinder(0.26, 0.06).moved(y=-0.86)])
    needle = cylinder(0.015, 0.7, bevel=0.001).moved(y=1.9)
    parts = [
        Part(tube, glass(draw)), Part(cylinder(0.17, 1.1).moved(y=0.55), fluid), Part(needle, polished(draw)),
        Part(joined([flange, plunger]), prop(grey(draw))),
    ]  # fmt: skip
    return list(placed(turned(turned(parts, "z", 90), "y", draw.uniform(-60, 60))))


def ampoules(draw: Draw) -> Parts:
    """Two to eight small vials of glass with crimped caps, in a row, now and then before their box."""
    count = draw.integer(2, 8)
    amber, cap = draw.chance(0.5), polished(draw)
    wall = prop(AMBER, 0.05) if amber else glass(draw)
    fluid = prop(np.array(draw.choice((0.95, 0.94, 0.9), (0.93, 0.8, 0.5), (0.8, 0.9, 0.95))), 0.2)
    body = lathe([(0, 0), (0.2, 0), (0.22, 0.04), (0.22, 0.62), (0.12, 0.74), (0.12, 0.82)], crease=50)
    parts: Parts = []
    at = [(0.52 * (k - (count - 1) / 2), draw.normal(0.06)) for k in range(count)]
    parts.append(Part(joined([body.moved(x, 0, z) for x, z in at]), wall))
    parts.append(Part(joined([cylinder(0.15, 0.14, bevel=0.02).moved(x, 0.8, z) for x, z in at]), cap))
    if not amber:
        parts.append(Part(joined([cylinder(0.19, 0.5).moved(x, 0.02, z) for x, z in at]), fluid))
    wrap = lathe([(0.224, 0), (0.224, 0.36)]).moved(y=0.14)
    parts.append(Part(joined([wrap.moved(x, 0, z) for x, z in at]), labelled(draw, prop(grey(draw)))))
    if draw.chance(0.4):
        parts.append(Part(box(2.2, 1.6, 0.5, 0.02).moved(z=-0.9), labelled(draw, paint(draw))))
    return parts


def gift_carton(draw: Draw) -> Parts:
    """A flat or upright printed carton, whose contents do not show."""
    w, h, d = draw.uniform(0.8, 2.2), draw.uniform(0.6, 2.2), draw.uniform(0.4, 0.9)
    return turned([Part(box(w, h, d, 0.012), labelled(draw, paint(draw)))], "y", draw.uniform(-40, 40))


def pump_bottle(draw: Draw) -> Parts:
    """A big bottle of shampoo, hand soap or hair tonic with a pump, a spray head or a flip top."""
    amber = draw.chance(0.4)
    surface = prop(np.array((0.2, 0.08, 0.03)) if amber else paint(draw).colour, 0.12)
    r, h = draw.uniform(0.42, 0.55), draw.uniform(1.5, 2.1)
    section, depth = draw.choice(("round", 1.0), ("soft", 0.6), ("square", 1.0))
    shoulder = [
        (0, 0),
        (r * 0.94, 0),
        (r, 0.06),
        (r, h - 0.3),
        (r * 0.85, h - 0.1),
        (r * 0.36, h),
        (r * 0.36, h + 0.12),
    ]
    dark = prop(grey(draw, 0.03, 0.06) if draw.chance(0.6) else grey(draw), 0.25)
    head = draw.choice("pump", "spray", "flip")
    if head == "pump":
        pieces = [
            cylinder(r * 0.42, 0.26).moved(y=h + 0.08), cylinder(0.05, 0.34).moved(y=h + 0.3),
            box(0.22, 0.14, 0.22, 0.04).moved(y=h + 0.6),
            rod([(0, h + 0.68, 0), (0.35, h + 0.68, 0.0), (0.5, h + 0.6, 0.0)], 0.055),
        ]  # fmt: skip
    elif head == "spray":
        pieces = [cylinder(r * 0.42, 0.3).moved(y=h + 0.05), box(0.5, 0.24, 0.24, 0.05).moved(x=0.1, y=h + 0.35),
                  rod([(0.3, h + 0.35, 0), (0.34, h + 0.1, 0), (0.26, h - 0.1, 0)], 0.04)]  # fmt: skip
    else:
        pieces = [cylinder(r * 0.6, 0.42).moved(y=h + 0.02)]
    body = labelled(draw, surface) if draw.chance(0.85) else surface
    parts = [Part(lathe(shoulder, section, depth=depth, crease=50), body), Part(joined(pieces), dark)]
    return turned(parts, "y", draw.uniform(-50, 20))


def toothpaste(draw: Draw) -> Parts:
    """A tube of toothpaste lying, with a brush, or the brushes alone."""
    parts: Parts = []
    if draw.chance(0.7):
        tube = lathe([(0.3, 0), (0.32, 0.3), (0.32, 1.8), (0.24, 1.95), (0.14, 2.0), (0.14, 2.02)], crease=60,
                     taper=lambda f: (1.15 - 0.15 * f, 0.05 + 0.95 * np.clip(f, 0, 1) ** 0.7))  # fmt: skip
        cap = cylinder(0.18, 0.3).moved(y=2.0)
        lying = placed(
            turned([Part(tube, labelled(draw, paint(draw), vertical=True)), Part(cap, paint(draw))], "x", -90)
        )
        parts += moved(turned(lying, "y", draw.uniform(50, 130)), z=-0.4)
    for k in range(draw.integer(1, 3)):
        handle = rod([(-1.5, 0.08, 0), (0, 0.1, 0), (0.8, 0.12, 0), (1.3, 0.12, 0)], np.array([0.1, 0.08, 0.06, 0.09]))
        tufts = [
            cylinder(0.035, 0.2, bevel=0.01).moved(0.9 + 0.1 * i, 0.12, 0.07 * j) for i in range(5) for j in (-1, 0, 1)
        ]
        one = [Part(handle, paint(draw)), Part(joined(tufts), prop(grey(draw)))]
        parts += moved(turned(one, "y", draw.normal(20)), z=0.5 * k + 0.3)
    return parts


def deodorant(draw: Draw) -> Parts:
    """A roll-on, a stick or a spray can of deodorant."""
    body, cap = labelled(draw, paint(draw)), paint(draw)
    kind = draw.choice("can", "stick", "roll-on")
    if kind == "can":
        shell = lathe([(0, 0), (0.36, 0), (0.38, 0.04), (0.38, 2.0), (0.3, 2.15), (0.28, 2.15)], crease=50)
        return [Part(shell, body), Part(cylinder(0.3, 0.45, bevel=0.06).moved(y=2.14), cap)]
    if kind == "stick":
        shell = lathe([(0, 0), (0.45, 0), (0.5, 0.1), (0.5, 1.2)], "soft", depth=0.55)
        return [Part(shell, body), Part(cylinder(0.5, 0.6, "soft", 0.1, 0.55).moved(y=1.2), cap)]
    shell = lathe([(0, 0), (0.34, 0), (0.36, 0.05), (0.28, 0.7), (0.36, 1.1), (0.3, 1.2)], crease=60)
    return [Part(shell, body), Part(ball(0.36).moved(y=1.0), cap)]


def soap(draw: Draw) -> Parts:
    """Bars of soap, stacked or side by side."""
    parts: Parts = []
    for k in range(draw.integer(1, 4)):
        bar = cylinder(0.55, 0.34, draw.choice("soft", "square", "round"), 0.1, 0.65)
        parts.append(
            Part(
                bar.turned("y", draw.normal(20)).moved(x=draw.normal(0.1), y=0.34 * k),
                prop(hue(draw, (0.1, 0.5), (0.6, 0.93)), 0.5),
            )
        )
    return parts


def cotton(draw: Draw) -> Parts:
    """Cotton pads in a pile, or cotton swabs strewn."""
    if draw.chance(0.5):
        pads = [
            cylinder(0.6, 0.1, "round", 0.045).moved(x=draw.normal(0.06), y=0.1 * k, z=draw.normal(0.06))
            for k in range(draw.integer(2, 9))
        ]
        return [Part(joined(pads), prop(grey(draw, 0.95), 0.95))]
    sticks, buds = [], []
    for _ in range(draw.integer(3, 14)):
        turn, x, z = draw.normal(25), draw.normal(0.2), draw.normal(0.5)
        sticks.append(rod([(-0.9, 0.06, 0), (0.9, 0.06, 0)], 0.03, 8).turned("y", turn).moved(x, 0, z))
        for s in (-1, 1):
            bud = lathe([(0, -0.2), (0.07, -0.12), (0.07, 0.1), (0, 0.18)], segments=16, crease=180).turned("z", 90)
            buds.append(bud.moved(x=0.9 * s, y=0.06).turned("y", turn).moved(x, 0, z))
    shaft = prop(hue(draw, (0.2, 0.6), (0.5, 0.9)) if draw.chance(0.4) else grey(draw), 0.5)
    return [Part(joined(sticks), shaft), Part(joined(buds), prop(grey(draw, 0.95), 0.95))]


def dryer(draw: Draw) -> Parts:
    """A hair dryer standing on its grip."""
    barrel = lathe(
        [(0, 0), (0.28, 0), (0.42, 0.25), (0.42, 0.7), (0.3, 1.2), (0.3, 1.5), (0.25, 1.5), (0.2, 1.2)], crease=50
    )
    colour = paint(draw)
    trim = lathe([(0.31, 1.2), (0.31, 1.3)])
    parts = [
        Part(barrel.turned("z", 90).moved(x=0.5, y=1.3), colour),
        Part(trim.turned("z", 90).moved(x=0.5, y=1.3), polished(draw)),
        Part(cylinder(0.18, 1.1, "soft", 0.05).turned("z", draw.uniform(-12, 0)), colour),
    ]
    return turned(parts, "y", draw.uniform(-30, 30))


def straightener(draw: Draw) -> Parts:
    """Hair tongs, opened a little, or a curling wand, lying or standing."""
    colour = paint(draw, (0.15, 0.4))
    if draw.chance(0.4):
        wand = [
            Part(lathe([(0, 0), (0.14, 0.02), (0.17, 0.6), (0.13, 1.2)], crease=90), colour),
            Part(lathe([(0.12, 1.2), (0.13, 1.3), (0.13, 2.6), (0.09, 2.8), (0, 2.8)]), polished(draw)),
        ]
        return list(placed(turned(wand, "z", draw.uniform(0, 90))))
    parts: Parts = []
    open_by = draw.uniform(3, 12)
    for s in (-1, 1):
        arm = box(0.18, 2.8, 0.3, 0.06).moved(x=s * 0.1)
        pad = box(0.03, 1.1, 0.26, 0.01).moved(x=s * 0.0, y=1.6)
        parts += turned([Part(arm, colour), Part(pad, polished(draw))], "z", -s * open_by / 2)
    return turned(list(placed(parts)), "y", draw.uniform(-30, 30))


def razor(draw: Draw) -> Parts:
    """A razor with a broad head, lying."""
    handle = rod([(0, 0.1, 1.4), (0, 0.14, 0.4), (0.0, 0.1, -0.4), (0, 0.18, -0.9)], np.array([0.09, 0.12, 0.08, 0.06]))
    head = box(0.9, 0.16, 0.36, 0.04).moved(y=0.12, z=-1.0)
    blades = joined([box(0.8, 0.01, 0.03, 0.002).moved(y=0.285, z=-1.1 + 0.08 * k) for k in range(3)])
    parts = [Part(handle, paint(draw)), Part(head, prop(grey(draw, 0.03, 0.3))), Part(blades, polished(draw))]
    return turned(parts, "y", draw.uniform(0, 360))
