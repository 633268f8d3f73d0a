"""More of what is no product: glass of a laboratory, boxes of vials, devices in a row, bowls and cups held in hands."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.film import blob
from data.glassware import clear_glass, vessel
from data.material import prop
from data.mesh import box, cylinder, joined, lathe, plate
from data.product import Part, moved, placed, turned
from data.products.care import cream_colour
from data.products.careware import derma_pen, derma_roller, syringe
from data.products.household import candle, mug
from data.products.paints import Parts, glass, labelled, paint, polished
from data.products.shapes import grey, hue


def laboratory_glass(draw: Draw) -> Parts:
    """Two to six vessels of glass, some with coloured fluid."""
    meshes, fluids, x = [], [], 0.0
    for _ in range(draw.integer(2, 5)):
        mesh = vessel(draw, draw.uniform(0.7, 1.3))
        half = float(np.abs(mesh.vertices[:, 0]).max())
        x += half
        at = (x, draw.normal(0.35))
        meshes.append(mesh.moved(at[0], 0, at[1]))
        x += half + draw.uniform(0.02, 0.2)
        if draw.chance(0.25):
            fluids.append(cylinder(0.07, 0.2, bevel=0.02).moved(at[0], 0.03, at[1]))
    parts = [Part(joined(meshes), clear_glass(draw))]
    return [*parts, Part(joined(fluids), prop(hue(draw, (0.3, 0.9), (0.4, 0.7)), 0.1))] if fluids else parts


def vial_box(draw: Draw) -> Parts:
    """An open box of four to ten vials that lie or stand in it, its printed lid behind."""
    columns, rows = draw.choice((5, 1), (4, 1), (6, 1), (5, 2), (4, 2), (8, 1))
    amber = draw.chance(0.55)
    wall = prop((0.5, 0.23, 0.07), 0.06) if amber else glass(draw)
    body = lathe([(0, 0), (0.2, 0), (0.22, 0.04), (0.22, 0.62), (0.12, 0.74), (0.12, 0.84)], crease=50)
    crimp, inner = cylinder(0.15, 0.16, bevel=0.02).moved(y=0.8), cylinder(0.18, 0.5).moved(y=0.03)
    wrap = lathe([(0.224, 0), (0.224, 0.34)]).moved(y=0.14)
    card = paint(draw)
    lying = draw.chance(0.5)
    pieces: list[Parts] = [[], [], [], []]
    for k in range(columns * rows):
        x, z = (k % columns - (columns - 1) / 2) * 0.5, (k // columns - (rows - 1) / 2) * (1.05 if lying else 0.5)
        for group, mesh in zip(pieces, (body, crimp, wrap, inner), strict=True):
            turned_ = mesh.turned("x", -90).moved(y=0.34, z=0.5) if lying else mesh.moved(y=0.12)
            group.append(Part(turned_.moved(x, 0, z), card))
    label = labelled(draw, prop(grey(draw)))
    fluid = prop(np.array(draw.choice((0.95, 0.94, 0.9), (0.93, 0.8, 0.5), (0.8, 0.9, 0.95))), 0.2)
    surfaces = [wall, polished(draw), label, *([] if amber else [fluid])]
    parts = [Part(joined([p.mesh for p in g]), m) for g, m in zip(pieces, surfaces, strict=False)]
    wide, deep = columns * 0.5 + 0.2, rows * (1.05 if lying else 0.5) + 0.25
    parts.append(Part(box(wide, 0.32 if lying else 0.4, deep, 0.02).moved(y=-0.2 if lying else -0.28), card))
    if draw.chance(0.7):
        front = labelled(draw, card)
        lid = Part(box(wide, draw.uniform(1.0, 1.9), 0.4, 0.02), front)
        parts.append(lid.turned("y", draw.normal(10)).moved(draw.normal(0.3), 0, -0.5 * deep - 0.5))
    return list(placed(parts))


def device_row(draw: Draw) -> Parts:
    """Three to seven handles of devices side by side: razors, rollers, pens for the skin, spatulas."""
    shell = paint(draw, (0.1, 0.4))
    parts: Parts = []
    count = draw.integer(3, 7)
    for k in range(count):
        kind = draw.weighted({"razor": 3, "roller": 1.5, "pen": 1.5, "spatula": 1, "syringe": 0.4})
        if kind == "razor":
            stem = lathe([(0, 0), (0.1, 0.02), (0.13, 0.5), (0.08, 1.2), (0.07, 1.5)], crease=80)
            head = box(0.7, 0.16, 0.14, 0.03).moved(y=1.45)
            blades = joined([box(0.62, 0.012, 0.16, 0.003).moved(y=1.49 + 0.04 * j) for j in range(3)])
            one = [Part(joined([stem, head]), shell), Part(blades, polished(draw))]
        elif kind == "spatula":
            one = [Part(cylinder(0.13, 1.9, "soft", 0.05, 0.35), shell)]
        else:
            one = {"roller": derma_roller, "pen": derma_pen, "syringe": syringe}[kind](draw)
        parts += moved(placed(one), x=(k - (count - 1) / 2) * 0.85)
    return parts if draw.chance(0.4) else list(placed(turned(parts, "x", -90)))


def cup(draw: Draw) -> Parts:
    """A small cup or bowl of cream, powder or tea."""
    r, h = draw.uniform(0.6, 0.85), draw.uniform(0.5, 0.8)
    belly = draw.uniform(0.75, 0.95)
    shape = [(0, 0), (0.4 * r, 0), (0.4 * r, 0.06), (belly * r, 0.45 * h), (r, h), (0.95 * r, h), (0.9 * r, 0.7 * h)]
    glaze = paint(draw) if draw.chance(0.6) else prop(grey(draw, 0.85), 0.3)
    parts = [Part(lathe([*shape, (0, 0.7 * h)], crease=60), glaze)]
    if draw.chance(0.7):
        filling = blob(draw.rng, 0.8 * r, 0.12 * h, 0.04) if draw.chance(0.5) else plate(0.9 * r, 0.0)
        tone = cream_colour(draw) if draw.chance(0.6) else hue(draw, (0.2, 0.7), (0.3, 0.8))
        parts.append(Part(filling.moved(y=0.74 * h), prop(tone, 0.4)))
    return parts


def held_thing(draw: Draw) -> Parts:
    """A cup, a mug or a candle, without the hand that holds it."""
    things = {cup: 4.0, mug: 1.0, candle: 1.0}
    return draw.weighted(things)(draw)
