"""Pictures that shops set into a photo: textures of the shade, magnified pieces, skin before and after, collages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL
from data.draw import Draw
from data.graphics import (
    Layers,
    Pen,
    border_colour,
    free_corner,
    lettering,
    outline,
    readable,
    set_in,
    texture,
    with_room,
)
from data.headlines import TONES
from data.material import PASTELS
from data.typeface import fitted, invented_name, line, typeface


def chips(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """A disc, square or stroke of the product's texture, as shops add to show a shade; now and then its name."""
    side = int(draw.uniform(0.14, 0.28) * min(layers[1].shape))
    at = free_corner(draw, layers, side)
    if at is None:
        return layers
    mask = outline(draw, side)
    tile = texture(draw, side, np.asarray(shades[0]))
    layers = set_in(layers, at, mask, tile, np.full(mask.shape, MATERIAL, np.uint8))
    if draw.chance(0.5):
        pen = Pen(layers, readable(draw, border_colour(layers[0])))
        name = f"#{draw.integer(1, 40):02d} {draw.choice(*TONES)}"
        small = fitted(pen.draw, name, typeface(draw, max(7, side // 5), "sans", "regular"), 1.6 * side)
        line(pen.draw, (at[1] + side / 2, min(at[0] + side * 1.06, pen.height - side // 5)), name, small, 255)
        layers = pen.done()
    return layers


def inset(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """A magnified piece of the photo itself in a ring, with its masks."""
    picture, regions = layers
    side = int(draw.uniform(0.24, 0.4) * min(regions.shape))
    at = free_corner(draw, layers, side)
    if at is None:
        return layers
    rows, columns = np.nonzero(regions == MATERIAL)
    k = draw.integer(0, len(rows) - 1)
    piece = max(8, int(side / draw.uniform(1.8, 3)))
    y = int(np.clip(rows[k] - piece // 2, 0, regions.shape[0] - piece))
    x = int(np.clip(columns[k] - piece // 2, 0, regions.shape[1] - piece))
    cut = (slice(y, y + piece), slice(x, x + piece))
    small = Image.fromarray((np.clip(picture[cut], 0, 1) * 255 + 0.5).astype(np.uint8))
    tile = np.asarray(small.resize((side, side), Image.Resampling.BICUBIC)) / 255.0
    masks = np.asarray(Image.fromarray(regions[cut]).resize((side, side), Image.Resampling.NEAREST))
    round_ = draw.chance(0.7)
    image = Image.new("L", (side, side), 0 if round_ else 255)
    if round_:
        ImageDraw.Draw(image).ellipse([0, 0, side - 1, side - 1], fill=255)
    layers = set_in(layers, at, np.asarray(image) / 255.0, tile, masks)
    pen = Pen(layers, np.full(3, draw.choice(0.85, 1.0, 0.6)))
    ring = [at[1], at[0], at[1] + side - 1, at[0] + side - 1]
    (pen.draw.ellipse if round_ else pen.draw.rectangle)(ring, outline=255, width=draw.integer(1, 3))
    return pen.done()


def strip(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """Before and after: two or three patches of skin in a column beside the product, or in a row under it."""
    below = draw.chance(0.5)
    picture, regions = with_room(draw, layers, "bottom" if below else "right", 0.34, border_colour(layers[0]))
    picture = picture.copy()
    h, w = regions.shape
    count, skin = draw.integer(2, 3), np.array(draw.choice((0.87, 0.68, 0.57), (0.94, 0.79, 0.7), (0.55, 0.37, 0.27)))
    side = int(min(0.3 * (h if below else w), 0.9 * (w if below else h) / count))
    for k in range(count):
        gap = ((w if below else h) - count * side) // (count + 1)
        along = gap + k * (side + gap)
        top, left = (h - side - int(0.02 * h), along) if below else (along, w - side - int(0.02 * w))
        tile = texture(draw, side, skin * (1.0 if k else 0.93))
        tile += (0.04 if k else 0.12) * (gaussian_filter(draw.rng.random((side, side)), 1.5) - 0.5)[..., None]
        picture[top : top + side, left : left + side] = np.clip(tile, 0, 1)
        regions[top : top + side, left : left + side] = BACKGROUND
    pen = Pen((picture, regions), np.full(3, draw.choice(0.1, 0.98)))
    face = typeface(draw, int(0.04 * h), "sans", "bold")
    for k, text in enumerate(("Before", "After", "7 days")[:count]):
        gap = ((w if below else h) - count * side) // (count + 1)
        middle = gap + k * (side + gap) + side / 2
        at = (middle, h - 0.1 * side - int(0.06 * h)) if below else (w - side / 2 - int(0.02 * w), middle + 0.3 * side)
        line(pen.draw, at, text, face, 255)
    return pen.done()


def collage(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    """The photo beside or above two or three tiles: the product's texture, plain colours, a name on its colour."""
    below = draw.chance(0.4)
    share = draw.uniform(0.3, 0.42)
    picture, regions = with_room(draw, layers, "bottom" if below else "right", share, np.ones(3))
    h, w = regions.shape
    count, gap = draw.integer(2, 3), draw.choice(0, 2, 4)
    first = int((h if below else w) * (1 - share)) + gap
    edges = np.linspace(0, w if below else h, count + 1).astype(int)
    shown = draw.integer(0, count - 1)
    tone = np.array(draw.choice(*PASTELS.values()))
    for k in range(count):
        along = slice(int(edges[k]) + (gap if k else 0), int(edges[k + 1]))
        box = (slice(first, h), along) if below else (along, slice(first, w))
        high, wide = regions[box].shape
        if k == shown:
            tile = texture(draw, max(high, wide), np.asarray(shades[0]))[:high, :wide]
        else:
            tile = np.broadcast_to(tone if draw.chance(0.5) else border_colour(layers[0]), (high, wide, 3))
        picture[box] = tile
        regions[box] = MATERIAL if k == shown else BACKGROUND
        if k != shown and draw.chance(0.6):
            pen = Pen((picture, regions), readable(draw, np.asarray(tile[0, 0])))
            name = draw.choice(invented_name(draw).upper(), *TONES)
            face = fitted(pen.draw, name, typeface(draw, int(0.07 * h), *lettering(draw)), 0.85 * wide)
            middle = (box[1].start + wide / 2, box[0].start + 0.45 * high)
            line(pen.draw, middle, name, face, 255)
            picture, regions = pen.done()
    return picture, regions
