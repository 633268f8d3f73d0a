"""Primers in slim tubes under long caps of metal, and bottles in twos and threes over pools of tinted cream."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.film import blob
from data.material import cosmetic, metal, plain
from data.mesh import box, cylinder, lathe
from data.product import Part, Product, View, moved, placed, turned
from data.products.care import body_of, closure_of, cream_colour, packaged
from data.products.careprint import care_print
from data.products.grouping import merged
from data.products.mascara_lines import lettered, shining
from data.products.primers import banded
from data.products.shapes import hue
from data.products.vessels import care_package, jar_parts, lid_parts
from data.products.walls import hood

TINTS = ((0.70, 0.90, 0.80), (0.80, 0.76, 0.93), (0.95, 0.82, 0.76), (0.96, 0.80, 0.84), (0.97, 0.93, 0.80))


def slim_tube(draw: Draw, product_type: str) -> Product:
    """A narrow tube in tall print that stands on a long cap of metal, or on a dark one under a clear hood."""
    radius, height = draw.uniform(0.2, 0.3), draw.uniform(1.5, 2.2)
    skin = shining(draw)
    body = lettered(draw, skin)
    cap_tall, wide = height * draw.uniform(0.24, 0.42), draw.uniform(1.15, 1.4)

    def squeeze(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return 1 + (wide - 1) * s, np.maximum(1 - s**1.3, 0.04)

    profile = [(0.5 * radius, 0.0), (0.96 * radius, 0.0), *((radius, height * t) for t in np.linspace(0.04, 1, 20))]
    seam = box(2 * radius * wide, draw.uniform(0.08, 0.14), 0.05, 0.01)
    parts = [
        Part(lathe(profile, taper=squeeze, crease=60).moved(y=cap_tall), body),
        Part(seam.moved(y=cap_tall + height - 0.02), skin),
    ]
    if draw.chance(0.3):
        dark = plain(np.full(3, draw.uniform(0.02, 0.07)), 0.2, "black plastic")
        core = cylinder(0.62 * radius, 0.8 * cap_tall, bevel=0.03).moved(y=0.2 * cap_tall)
        parts += [Part(core, dark), hood(0.98 * radius, cap_tall)]
    else:
        shine = metal(draw, draw.weighted({"rose gold": 4, "gold": 2, "silver": 2, "gunmetal": 0.5}))
        cap = cylinder(radius * draw.uniform(0.8, 0.98), cap_tall, bevel=0.025)
        parts.append(Part(cap, shine if draw.chance(0.75) else closure_of(draw, skin)))
    return packaged(draw, product_type, parts, "tube", skin, smear_chance=0.25)


def bottles_of_a_line(draw: Draw) -> Product:
    """Two or three banded pump bottles: laid over pools of their cream, or standing in a row."""
    count = draw.weighted({1: 1, 2: 2, 3: 3})
    parts, _, body, radius = banded(draw, "capped")
    height = float(max(p.mesh.high[1] for p in parts))
    if draw.chance(0.5):
        row = []
        for k in range(count):
            row += moved(parts, x=2.4 * k * radius, z=-draw.uniform(0, 1.2) * radius)
        words = "standing in a row" if count > 1 else "closed"
        return Product("skincare cream", placed(merged(row)), (), None, "pump bottle", body, words, "upright", count,
                       False)  # fmt: skip
    first, finish = draw.integer(0, len(TINTS) - 1), draw.choice("glossy", "satin")
    shades, laid = [], []
    pitch = 0.62 * height
    for k in range(count):
        tint = np.clip(np.array(TINTS[(first + k) % len(TINTS)]) + draw.rng.normal(0, 0.02, 3), 0, 1)
        tone = tint if draw.chance(0.7) else cream_colour(draw)
        shades.append(tone)
        x, z = (k - (count - 1) / 2) * pitch, draw.normal(0.12 * height)
        pool = blob(draw.rng, height * draw.uniform(0.36, 0.52), 0.03, 0.12)
        laid.append(Part(pool.moved(x + draw.normal(0.1), 0, z + draw.normal(0.2)), cosmetic(draw, tone, finish)))
        flat = placed(turned(turned(parts, "x", -90), "y", draw.choice(0.0, 0.0, 90.0) + draw.normal(15)))
        middle = sum(p.mesh.low + p.mesh.high for p in flat) / (2 * len(flat))
        laid += moved(flat, x - float(middle[0]), 0.035, z - float(middle[2]))
    view: View = "overhead"
    return Product("skincare cream", placed(laid), tuple(shades), finish, "pump bottle", body,
                   "lying on smears of cream", view, count, False)  # fmt: skip


def kit(draw: Draw) -> Product:
    """One to four small jars before the large carton that they come in."""
    radius, height = draw.uniform(0.3, 0.42), draw.uniform(0.28, 0.5)
    body = body_of(draw, radius, height)
    lid = closure_of(draw, body)
    jar = [*jar_parts(draw, body, radius, height, None), *moved(lid_parts(draw, lid, 1.01 * radius), y=height - 0.012)]
    count = draw.integer(1, 4)
    parts = []
    for k in range(count):
        parts += moved(jar, x=(k - (count - 1) / 2) * 2.3 * radius, z=draw.uniform(0.9, 1.3))
    wide, tall = draw.uniform(1.2, 2.2), draw.uniform(1.3, 2.2)
    ground = care_package(draw) if draw.chance(0.6) else plain(hue(draw, (0.2, 0.7), (0.2, 0.8)), 0.5, "carton")
    face = care_print(draw, ground, wide / 2, tall)
    folding = Part(box(wide, tall, draw.uniform(0.5, 0.9), 0.012), face)
    parts.append(folding.turned("y", draw.uniform(-20, 20)).moved(x=draw.normal(0.4)))
    return Product("skincare cream", placed(merged(parts)), (), None, "jar", body, "with its carton", "upright",
                   count, False)  # fmt: skip
