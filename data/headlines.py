"""Words that shops set over a photo: headlines, bullet lists, shade names, watermarks, names of shops."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND
from data.adverts import BULLETS
from data.draw import Draw
from data.graphics import (
    Layers,
    Pen,
    border_colour,
    lettering,
    readable,
    with_room,
)
from data.label import TAGLINES
from data.material import PASTELS, STRONG
from data.typeface import fitted, foreign_name, invented_name, letters, line, typeface

HEADLINES = (
    "MATTE, NOT DRY", "COLOR THAT STAYS", "NEW FORMULA", "As it is", "Smooth skin", "Even tone", "UP AND CURLED",
    "One stroke", "24H wear", "All day light", "Best seller", "3 in 1", "Waterproof", "Feels like nothing",
    "PRODUCT REAL SHOT", "Lasting color", "New arrival", "Multiple uses", "Hide pores", "Top 10", "Soft focus",
)  # fmt: skip
TONES = ("nude", "rose", "berry", "natural", "warm", "soft", "deep", "cool", "velvet", "bare")


def _title(draw: Draw) -> str:
    title = draw.choice(*HEADLINES) if draw.chance(0.6) else f"{invented_name(draw)} {draw.choice(*TONES)}"
    return draw.choice(title, title.upper())


def headline(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """One to three lines above or below the product, the first one large."""
    ground = border_colour(layers[0])
    side = draw.choice("top", "top", "bottom")
    share = draw.uniform(0.16, 0.3)
    if draw.chance(0.75):
        layers = with_room(draw, layers, side, share, ground)
    pen = Pen(layers, readable(draw, ground))
    w, h = pen.width, pen.height
    align = draw.choice("m", "m", "l")
    x, y = (w / 2 if align == "m" else 0.06 * w), (0.03 if side == "top" else 1 - share + 0.03) * h
    style, weight = lettering(draw)
    text, spread = _title(draw), draw.choice(0.0, 0.0, 0.12)
    face = typeface(draw, int(h * draw.uniform(0.07, 0.13)), style, weight)
    if draw.chance(0.1) and (other := letters(draw, int(h * 0.09), weight)) is not None:
        text, face = foreign_name(draw), other
    face = fitted(pen.draw, text, face, 0.92 * w, spread)
    y += line(pen.draw, (x, y), text, face, 255, align=align, spread=spread) + 0.035 * h
    small = typeface(draw, int(h * draw.uniform(0.035, 0.05)), "sans", "regular")
    for tagline in draw.rng.permutation(TAGLINES)[: draw.integer(0, 2)].tolist():
        y += line(pen.draw, (x, y), tagline, fitted(pen.draw, tagline, small, 0.9 * w), 235, align=align) + 0.025 * h
    return pen.done()


def bullets(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """A panel beside the product with a title and a list behind dots, ticks or icons."""
    ground = border_colour(layers[0])
    side = draw.choice("left", "right")
    share = draw.uniform(0.34, 0.46)
    layers = with_room(draw, layers, side, share, ground)
    picture, regions = layers
    w, h = regions.shape[1], regions.shape[0]
    left = 0 if side == "left" else int(w * (1 - share))
    if draw.chance(0.5):
        ground = np.array(draw.choice(*(PASTELS if draw.chance(0.6) else STRONG).values()))
        picture, regions = picture.copy(), regions.copy()
        picture[:, left : left + int(w * share)] = ground
        regions[:, left : left + int(w * share)] = BACKGROUND
    pen = Pen((picture, regions), readable(draw, ground))
    room, x = 0.86 * share * w, left + 0.07 * share * w
    title, (style, weight) = _title(draw), lettering(draw)
    face = fitted(pen.draw, title, typeface(draw, int(0.09 * h), style, weight), room)
    y = draw.uniform(0.1, 0.3) * h
    y += line(pen.draw, (x, y), title, face, 255, align="l") + 0.07 * h
    mark = draw.choice("dot", "ring", "tick", "icon")
    small = typeface(draw, int(h * draw.uniform(0.04, 0.055)), "sans", "regular")
    r = 0.014 * h if mark in ("dot", "tick") else 0.035 * h
    for text in draw.rng.permutation(BULLETS)[: draw.integer(2, 5)].tolist():
        middle = y + 0.018 * h
        if mark == "tick":
            pen.draw.line([(x, middle), (x + r, middle + r), (x + 3 * r, middle - r)], fill=255, width=2)
        else:
            pen.draw.ellipse([x, middle - r, x + 2 * r, middle + r], outline=255, width=1 if mark != "dot" else int(r))
        if mark == "icon":
            pen.draw.arc([x + 0.5 * r, middle - 0.5 * r, x + 1.5 * r, middle + 0.5 * r], 0, 270, fill=255, width=1)
        line(pen.draw, (x + 3.6 * r, y), text, fitted(pen.draw, text, small, room - 3.6 * r), 255, align="l")
        y += max(2.6 * r, 0.08 * h)
    return pen.done()


def shade_name(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """The shade's name in small spread capitals under the product, or in a corner."""
    ground = border_colour(layers[0])
    if corner := draw.chance(0.3):
        pen = Pen(layers, readable(draw, ground))
    else:
        pen = Pen(with_room(draw, layers, "bottom", draw.uniform(0.1, 0.2), ground), readable(draw, ground))
    w, h = pen.width, pen.height
    x, y, align = (0.04 * w, 0.04 * h, "l") if corner else (w / 2, 0.88 * h, "m")
    name = f"{draw.choice(*TONES)} {invented_name(draw)}".upper()
    spread = draw.choice(0.0, 0.1, 0.2)
    face = fitted(pen.draw, name, typeface(draw, int(h * draw.uniform(0.04, 0.065)), *lettering(draw)), 0.9 * w, spread)
    y += line(pen.draw, (x, y), name, face, 255, align=align, spread=spread) + 0.02 * h
    if draw.chance(0.5):
        line(
            pen.draw, (x, y), draw.choice(*TAGLINES), typeface(draw, int(0.035 * h), "sans", "light"), 220, align=align
        )
    return pen.done()


def watermark(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """A faint name across the picture, once or repeated."""
    pen = Pen(layers, np.full(3, draw.choice(0.35, 0.98)), draw.uniform(0.12, 0.4))
    text = invented_name(draw)
    many = draw.chance(0.35)
    face = typeface(draw, int(pen.height * (0.05 if many else draw.uniform(0.07, 0.15))), *lettering(draw))
    spots = [(0.5, 0.5)] if not many else [(x, y) for x in (0.2, 0.5, 0.8) for y in (0.15, 0.4, 0.65, 0.9)]
    for x, y in spots:
        pen.draw.text((x * pen.width, y * pen.height), text, fill=255, font=face, anchor="mm")
    if draw.chance(0.6):
        pen.image = pen.image.rotate(draw.uniform(-40, 40))
    return pen.done()


def logo(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """A shop's name at the top left or in the middle above."""
    ground = border_colour(layers[0])
    pen = Pen(layers, readable(draw, ground))
    left = draw.chance(0.6)
    name, spread = invented_name(draw).upper(), draw.choice(0.0, 0.1)
    face = typeface(draw, int(pen.height * draw.uniform(0.05, 0.09)), *lettering(draw))
    face = fitted(pen.draw, name, face, 0.4 * pen.width, spread)
    at = (0.03 * pen.width if left else pen.width / 2, 0.03 * pen.height)
    line(pen.draw, at, name, face, 255, align="l" if left else "m", spread=spread)
    return pen.done()
