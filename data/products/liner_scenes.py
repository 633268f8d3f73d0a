"""Eyeliner pens as campaigns show them: three to six of a line stood up on coloured paper, one at its line."""

from __future__ import annotations

from dataclasses import replace

from data.draw import Draw
from data.material import cosmetic, metal
from data.product import Part, Product, moved, placed, turned
from data.products.liners import STROKE_FINISHES, barrel_surface, liner_shade, pen_of
from data.products.mascara_lines import shining
from data.products.placing import Parts, flat_lay, middled, spun
from data.products.strokes import drawn_line

SETTINGS = {"paper": 5.0, "sun": 3.0, "sweep": 1.0, "still": 1.0}


def pen_scene(draw: Draw) -> Product:
    """Standing pens with their tips up or their caps on, a cap beside them, one more lying before them or none."""
    outside = shining(draw)
    trim = metal(draw, draw.choice("rose gold", "rose gold", "gold", "silver"))
    lid = outside if draw.chance(0.6) else trim if draw.chance(0.5) else shining(draw)
    one = replace(pen_of(draw), outside=barrel_surface(draw, outside), lid=lid, trim=trim)
    colour, main = liner_shade(draw, "eyeliner"), draw.weighted(STROKE_FINISHES)
    product = cosmetic(draw, colour, main)
    count = draw.weighted({2: 1.5, 3: 3, 4: 2, 5: 0.8})
    opened = draw.integer(0, count - 1)
    parts: Parts = []
    gap = draw.uniform(0.38, 0.75)
    for k in range(count):
        item = one.opened(product) if k == opened or draw.chance(0.55) else one.closed()
        parts += moved(placed(item), x=k * gap, z=draw.uniform(-0.5, 0.5))
    front = draw.uniform(0.9, 1.4)
    if draw.chance(0.65):  # its tip to one side, at the line that it drew
        side = draw.sign()
        parts += moved(flat_lay([spun(one.opened(product), side * draw.uniform(60, 100), gap * count / 2)]), z=front)
        count += 1
        if draw.chance(0.5):
            line = drawn_line(
                draw, draw.uniform(0.8, 1.6), draw.uniform(0.03, 0.09), draw.choice("wave", "wing", "bow")
            )
            parts.append(Part(line.moved(gap * count / 2 - side * draw.uniform(1.6, 2.2), 0, front + 0.3), product))
    if draw.chance(0.45):
        cap = placed(turned(one.lid_parts(), "z", 90)) if draw.chance(0.4) else placed(one.lid_parts())
        parts += moved(cap, x=draw.sign() * 0.5 - gap, z=draw.uniform(0.2, 0.8))
    return Product(
        "eyeliner", middled(parts), (colour,), main, "pen", outside, "in a row", "upright", count, False,
        setting=draw.weighted(SETTINGS),
    )  # fmt: skip
