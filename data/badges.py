"""Marks that shops lay over a photo: awards, stickers, borders, measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.graphics import (
    Layers,
    Pen,
    border_colour,
    free_corner,
    lettering,
    readable,
    with_room,
)
from data.material import METALS
from data.typeface import fitted, invented_name, line, typeface

STICKERS = ("NEW", "-20%", "SALE", "2+1", "HOT", "36H", "TOP", "100%", "-50%", "24H")


def badge(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """A round award with rings, a word in the middle and a ribbon."""
    side = int(draw.uniform(0.16, 0.26) * min(layers[1].shape))
    at = free_corner(draw, layers, side)
    if at is None:
        return layers
    fills = ((0.8, 0.08, 0.12), METALS["gold"], (0.05, 0.05, 0.06), (0.98, 0.98, 0.98), (0.9, 0.5, 0.6))
    fill = np.array(draw.choice(*fills))
    pen = Pen(layers, fill)
    top, left = at
    if draw.chance(0.3):
        turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        reach = 0.5 * side * np.where(np.arange(48) % 2, 1.0, 0.88)
        x, y = left + side / 2 + reach * np.cos(turn), top + side / 2 + reach * np.sin(turn)
        pen.draw.polygon(list(zip(x.tolist(), y.tolist(), strict=True)), fill=255)
    else:
        pen.draw.ellipse([left, top, left + side, top + side], fill=255)
    over = Pen(pen.done(), readable(draw, fill))
    inner = 0.08 * side
    over.draw.ellipse([left + inner, top + inner, left + side - inner, top + side - inner], outline=255, width=1)
    word = invented_name(draw)
    face = fitted(over.draw, word, typeface(draw, int(0.3 * side), *lettering(draw)), 0.74 * side)
    foot = top + 0.3 * side
    foot += line(over.draw, (left + side / 2, foot), word, face, 255) + 0.08 * side
    for text in ("BEST OF BEAUTY", draw.choice("WINNER", "2023", "AWARD", "2021")):
        small = fitted(over.draw, text, typeface(draw, max(6, int(0.11 * side)), "sans", "bold"), 0.7 * side)
        foot += line(over.draw, (left + side / 2, foot), text, small, 240) + 0.05 * side
    return over.done()


def sticker(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """A price or novelty sticker: a disc, a pill or a corner ribbon with one short word."""
    side = int(draw.uniform(0.13, 0.22) * min(layers[1].shape))
    at = free_corner(draw, layers, side)
    if at is None:
        return layers
    fills = ((0.88, 0.1, 0.14), (0.05, 0.05, 0.06), (0.95, 0.75, 0.1), (0.9, 0.3, 0.5), (0.2, 0.55, 0.4))
    fill = np.array(draw.choice(*fills))
    pen = Pen(layers, fill)
    (top, left), pill = at, draw.chance(0.5)
    high = int(side * (0.45 if pill else 1))
    box = [left, top, left + side, top + high]
    if pill:
        pen.draw.rounded_rectangle(box, draw.choice(2, high // 2), fill=255)
    else:
        pen.draw.ellipse(box, fill=255)
    over = Pen(pen.done(), np.full(3, 0.98))
    text = draw.choice(*STICKERS)
    face = fitted(over.draw, text, typeface(draw, int(0.36 * side), "sans", "bold"), 0.8 * side)
    over.draw.text((left + side / 2, top + high / 2), text, fill=255, font=face, anchor="mm")
    return over.done()


def border(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    colour = draw.choice((0.05, 0.05, 0.05), (0.98, 0.98, 0.98), METALS["gold"], (0.93, 0.72, 0.75))
    pen = Pen(layers, np.array(colour))
    inset = draw.choice(0, 0, int(0.04 * pen.height))
    box = [inset, inset, pen.width - 1 - inset, pen.height - 1 - inset]
    pen.draw.rectangle(box, outline=255, width=draw.integer(1, 2 if inset else 8))
    return pen.done()


def measure(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """The product's height and width as thin lines with numbers beside it."""
    ground = border_colour(layers[0])
    layers = with_room(draw, layers, "left", 0.2, ground)
    rows, columns = (np.flatnonzero((layers[1] != BACKGROUND).any(axis)) for axis in (1, 0))
    if not len(rows):
        return layers
    pen = Pen(layers, readable(draw, ground))
    x, y = max(4, columns[0] - 0.05 * pen.width), min(pen.height - 12, rows[-1] + 0.03 * pen.height)
    face = typeface(draw, int(0.045 * pen.height), "sans", "regular")
    for a, b in (((x, rows[0]), (x, rows[-1])), ((columns[0], y), (columns[-1], y))):
        pen.draw.line([a, b], fill=255, width=1)
        tick = (3, 0) if a[0] == b[0] else (0, 3)
        for end in (a, b):
            pen.draw.line([(end[0] - tick[0], end[1] - tick[1]), (end[0] + tick[0], end[1] + tick[1])], fill=255)
    length = draw.uniform(4, 16) / max(int(np.ptp(rows)), int(np.ptp(columns)), 1)
    tall, wide = (f"{length * np.ptp(ends):.1f}CM" for ends in (rows, columns))
    line(
        pen.draw, (x - 4, (rows[0] + rows[-1]) / 2), tall, fitted(pen.draw, tall, face, max(x - 6, 12)), 255, align="r"
    )
    line(pen.draw, ((columns[0] + columns[-1]) / 2, y + 3), wide, face, 255)
    return pen.done()
