"""Pieces of advertising pages: several panels of one photo, lines with short texts, make-up worn in small pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL
from data.draw import Draw
from data.graphics import Layers, Pen, border_colour, readable, with_room
from data.material import PASTELS
from data.typeface import fitted, line, typeface

BULLETS = ("long lasting", "light texture", "easy to blend", "not sticky", "high pigment", "moisturizing", "vegan",
           "smooth finish", "water resistant", "for all skin", "24 hours", "no fragrance")  # fmt: skip
SKINS = ((0.95, 0.80, 0.71), (0.89, 0.71, 0.60), (0.78, 0.57, 0.45), (0.55, 0.37, 0.27), (0.38, 0.25, 0.19))
ON_LIPS = ("lipstick", "lip gloss", "lip liner")
ON_EYES = ("mascara", "eyeliner", "brow product", "eyeshadow", "eyeshadow palette")
ON_CHEEKS = ("blush", "bronzer or highlighter", "foundation", "concealer", "powder", "skincare cream", "serum")
MARKS = ("24H", "36H", "+", "100%", "3D", "5D", "2in1", "NEW", "No", "HD")  # of round icons
TONES = ((0.88, 0.1, 0.14), (0.05, 0.05, 0.06), (0.93, 0.45, 0.6), (0.98, 0.98, 0.98), (0.2, 0.4, 0.8))
FINE = 4  # texels of a drawing for each of its pixels


def panels(draw: Draw, layers: Layers) -> Layers:
    """The photo whole beside, over or among one to three cuts of it, as shops put views of a product together."""
    picture, regions = layers
    h, w = regions.shape
    rows, columns = (np.flatnonzero((regions != BACKGROUND).any(axis)) for axis in (1, 0))
    if len(rows) < 0.2 * h or len(columns) < 8:
        return layers
    count, gap = draw.integer(1, 3), draw.choice(0, 2, 4)
    below = draw.chance(0.4)
    share = draw.uniform(0.3, 0.5)
    canvas, masks = with_room(draw, layers, "bottom" if below else draw.choice("right", "left"), share, np.ones(3))
    free = np.flatnonzero((canvas == 1).all(2).all(1 if below else 0))  # the strip that with_room left
    first = int((h if below else w) * (1 - share)) + gap
    side = slice(first, h if below else w)
    if not below and len(free) and free[0] == 0:
        side = slice(0, w - first)
    edges = np.linspace(0, w if below else h, count + 1).astype(int)
    for k in range(count):
        along = slice(int(edges[k]) + (gap if k else 0), int(edges[k + 1]))
        box = (side, along) if below else (along, side)
        high, wide = masks[box].shape
        if min(high, wide) < 8:
            continue
        zoom = draw.uniform(0.35, 0.9)
        cut_h = int(min(h, max(8, zoom * len(rows))))
        cut_w = int(min(w, max(8, cut_h * wide / high)))
        cut_h = int(min(h, max(8, cut_w * high / wide)))
        y = int(np.clip(draw.uniform(rows[0], rows[-1]) - cut_h / 2, 0, h - cut_h))
        x = int(np.clip(draw.uniform(columns[0], columns[-1]) - cut_w / 2, 0, w - cut_w))
        cut = (slice(y, y + cut_h), slice(x, x + cut_w))
        tile = Image.fromarray((np.clip(picture[cut], 0, 1) * 255 + 0.5).astype(np.uint8))
        canvas[box] = np.asarray(tile.resize((wide, high), Image.Resampling.BICUBIC)) / 255.0
        masks[box] = np.asarray(Image.fromarray(regions[cut]).resize((wide, high), Image.Resampling.NEAREST))
    return canvas, masks


def callouts(draw: Draw, layers: Layers) -> Layers:
    """Thin lines or arrows from the product to short texts left and right of it."""
    regions = layers[1]
    h, w = regions.shape
    rows, columns = (np.flatnonzero((regions != BACKGROUND).any(axis)) for axis in (1, 0))
    if len(columns) < 8 or len(columns) > 0.62 * w:
        return layers
    pen = Pen(layers, readable(draw, border_colour(layers[0])))
    face = typeface(draw, int(h * draw.uniform(0.032, 0.05)), "sans", draw.choice("regular", "bold"))
    texts = draw.rng.permutation(BULLETS).tolist()
    arrow = draw.chance(0.4)
    for k in range(draw.integer(2, 4)):
        left = k % 2 == 0
        y = rows[0] + (0.15 + 0.7 * (k // 2 + draw.uniform(0.2, 0.8)) / 2) * len(rows)
        own = np.flatnonzero(regions[int(min(y, h - 1))] != BACKGROUND)
        if not len(own):
            continue
        edge = float(own[0] if left else own[-1])
        room = 0.96 * (edge if left else w - edge) - 0.06 * w
        if room < 0.12 * w:
            continue
        end, tip = (edge - 0.05 * w, edge + 0.02 * w) if left else (edge + 0.05 * w, edge - 0.02 * w)
        pen.draw.line([(end, y), (tip, y)], fill=255, width=1)
        r = 0.008 * h
        if arrow:
            back = -2 * r if left else 2 * r
            pen.draw.line([(tip + back, y - 2 * r), (tip, y), (tip + back, y + 2 * r)], fill=255, width=1)
        else:
            pen.draw.ellipse([tip - r, y - r, tip + r, y + r], fill=255)
        at = (end - 0.01 * w if left else end + 0.01 * w, y - 0.02 * h)
        line(pen.draw, at, texts[k], fitted(pen.draw, texts[k], face, room), 255, align="r" if left else "l")
    return pen.done()


def icons(draw: Draw, layers: Layers) -> Layers:
    """Two to four round marks in a column at a side or in a row at the foot, each with a word or two under it."""
    regions = layers[1]
    h, w = regions.shape
    below = draw.chance(0.35)
    count, side = draw.integer(2, 4), int(draw.uniform(0.1, 0.15) * min(h, w))
    ground = border_colour(layers[0])
    if draw.chance(0.6):
        layers = with_room(draw, layers, "bottom" if below else "right", draw.uniform(0.2, 0.26), ground)
    filled = draw.chance(0.6)
    fill = np.array(draw.choice(*TONES))
    pen, words = Pen(layers, fill if filled else readable(draw, ground)), Pen(layers, readable(draw, ground))
    inner = Pen(layers, readable(draw, fill if filled else ground))
    first = draw.uniform(0.08, 0.25) * (w if below else h)
    step = (0.94 * (w if below else h) - first) / count
    texts = draw.rng.permutation(BULLETS).tolist()
    for k in range(count):
        x, y = (first + k * step + side / 2, 0.87 * h) if below else (0.89 * w, first + k * step + side / 2)
        ring = [x - side / 2, y - side / 2, x + side / 2, y + side / 2]
        pen.draw.ellipse(ring, fill=255 if filled else None, outline=255, width=max(1, side // 16))
        mark = draw.choice(*MARKS)
        face = fitted(inner.draw, mark, typeface(draw, int(0.42 * side), "sans", "bold"), 0.78 * side)
        inner.draw.text((x, y), mark, fill=255, font=face, anchor="mm")
        small = fitted(words.draw, texts[k], typeface(draw, max(6, int(0.3 * side)), "sans", "regular"), 1.5 * side)
        line(words.draw, (x, min(y + 0.58 * side, h - 0.3 * side)), texts[k], small, 255)
    for over in (words, inner):
        layers = pen.done()
        over.layers = layers
        pen = over
    return pen.done()


def wearing(draw: Draw, layers: Layers, shades: Sequence[np.ndarray], product_type: str) -> Layers:
    """A column or row of small pictures of the make-up worn: lips, eyes or cheeks, each in a shade of the product."""
    kind = "lips" if product_type in ON_LIPS else "eye" if product_type in ON_EYES else "cheek"
    below = draw.chance(0.35)
    share = draw.uniform(0.26, 0.42)
    ground = border_colour(layers[0]) if draw.chance(0.6) else np.array(draw.choice(*PASTELS.values()))
    picture, regions = with_room(draw, layers, "bottom" if below else "right", share, ground)
    picture, regions = picture.copy(), regions.copy()
    h, w = regions.shape
    long, across = (w, share * h) if below else (h, share * w)
    count = draw.integer(1, 4)
    side = int(min(0.92 * across, 0.96 * long / count))
    high = int(side * (draw.uniform(0.6, 0.8) if kind != "cheek" else 1.0)) if not below else side
    if side < 16:
        return layers
    for k in range(count):
        middle = (k + 0.5) * long / count
        top = int(h - share * h / 2 - high / 2) if below else int(np.clip(middle - high / 2, 0, h - high))
        left = int(np.clip(middle - side / 2, 0, w - side)) if below else int(w - share * w / 2 - side / 2)
        top, left = min(max(top, 0), h - high), min(max(left, 0), w - side)
        # Mascara, liner and brow products leave no colour on the lid that could be measured.
        coloured = kind != "eye" or product_type.startswith("eyeshadow")
        colour = np.asarray(shades[k % len(shades)]) if shades and coloured else None
        tile, worn = small_picture(draw, kind, side, colour)
        cut = slice((side - high) // 2, (side - high) // 2 + high)
        box = (slice(top, top + high), slice(left, left + side))
        picture[box] = tile[cut]
        regions[box] = np.where(worn[cut], MATERIAL, BACKGROUND) if colour is not None else BACKGROUND
    return picture, regions


def small_picture(draw: Draw, kind: str, side: int, colour: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """ "lips", an "eye" or a "cheek" wearing the sRGB `colour` (none: bare): (side, side, 3) in [0, 1] and a mask."""
    skins = SKINS[:3] if kind == "cheek" else SKINS
    skin = np.array(draw.choice(*skins)) * draw.uniform(0.94, 1.04)
    n = FINE * side
    y, x = np.mgrid[-1 : 1 : n * 1j, -1 : 1 : n * 1j]
    light = 1 + 0.08 * x * draw.sign() - 0.1 * (x**2 + y**2) * draw.uniform(0.3, 1.2)
    picture = skin * light[..., None] * np.array([1.0, 1.0, 1.0])
    if kind == "lips":
        mask = _lips(draw, x, y)
        lip = colour if colour is not None else skin * [0.92, 0.7, 0.7]
        gloss = draw.uniform(0.05, 0.5) * np.exp(-(((y - 0.2) / 0.06) ** 2) - (x / 0.3) ** 2)
        shade = 1 - 0.35 * np.exp(-((y / 0.035) ** 2)) + 0.1 * np.cos(40 * x) * 0.3
        paint = np.clip(lip * shade[..., None] + gloss[..., None], 0, 1)
    elif kind == "eye":
        return _eye(draw, picture, x, y, skin, side, colour)
    else:
        centre = draw.uniform(-0.3, 0.3), draw.uniform(-0.2, 0.2)
        mask = 0.45 * np.exp(-(((x - centre[0]) / 0.55) ** 2) - ((y - centre[1]) / 0.4) ** 2)
        paint = np.broadcast_to(colour if colour is not None else skin * [1.0, 0.9, 0.88], picture.shape)
        grain = gaussian_filter(draw.rng.standard_normal((n, n)), 3) * 0.06
        picture = picture * (1 + grain[..., None])
    soft = gaussian_filter(mask, 0.01 * n)[..., None]
    picture = picture * (1 - soft) + paint * soft
    worn = (mask > 0.5) & (colour is not None)  # a cheek's veil is thinner: its skin shows, not the product
    return _small(picture, side), np.asarray(worn[FINE // 2 :: FINE, FINE // 2 :: FINE])


def _lips(draw: Draw, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 within the outline of closed lips, 0 outside; `y` grows downwards."""
    wide, full = draw.uniform(0.7, 0.9), draw.uniform(0.24, 0.36)
    t = np.clip(np.abs(x) / wide, 0, 1)
    top = -full * (1 - t**1.6) * (0.82 + 0.18 * np.cos(2.2 * np.pi * np.clip(t - 0.22, -0.22, 0.45)))
    low = 1.15 * full * (1 - t**2.2)
    return np.asarray(((y > top) & (y < low) & (t < 1)).astype(float))


def _eye(
    draw: Draw,
    picture: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    skin: np.ndarray,
    side: int,
    colour: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """An open eye with lid, lashes and brow; the colour lies on the lid."""
    t = np.clip(np.abs(x) / 0.72, 0, 1)
    upper, lower = 0.1 - 0.36 * (1 - t**2), 0.1 + 0.2 * (1 - t**2)
    inside = (y > upper) & (y < lower) & (t < 1)
    r = np.hypot(x, y - 0.08)
    iris = np.array(draw.choice((0.3, 0.18, 0.1), (0.16, 0.1, 0.07), (0.4, 0.5, 0.58)))
    ball = np.where((r < 0.25)[..., None], iris, np.array([0.93, 0.91, 0.9]))
    ball = np.where((r < 0.1)[..., None], 0.03, ball)
    ball = np.where((np.hypot(x + 0.07, y) < 0.045)[..., None], 0.98, ball)
    lid = np.exp(-((np.clip(upper - y, 0, None) / 0.18) ** 2)) * (y < upper) * (t < 1)
    if colour is not None:
        cover = gaussian_filter(0.85 * lid, 4)[..., None]
        picture = picture * (1 - cover) + colour * cover
    picture = np.where(inside[..., None], ball, picture)
    n = len(x)
    image = Image.new("L", (n, n), 0)
    pen = ImageDraw.Draw(image)

    def spot(a: float, b: float) -> tuple[float, float]:
        return ((a + 1) / 2 * n, (b + 1) / 2 * n)

    for a in np.linspace(-0.68, 0.7, draw.integer(24, 40)):
        foot = 0.1 - 0.36 * (1 - (a / 0.72) ** 2)
        long = draw.uniform(0.13, 0.24)
        pen.line([spot(a, foot), spot(a + 0.25 * a + 0.03, foot - 0.7 * long), spot(a + 0.4 * a + 0.05, foot - long)],
                 fill=235, width=max(2, n // 110))  # fmt: skip
    curve = np.linspace(-0.72, 0.72, 40)
    rim = [spot(float(a), 0.1 - 0.36 * (1 - (float(a) / 0.72) ** 2)) for a in curve]
    pen.line(rim, fill=240, width=int(n * draw.uniform(0.012, 0.03)))
    for _ in range(180):  # a brow of fine hairs
        a = draw.uniform(-0.8, 0.85)
        b = -0.62 - 0.14 * np.cos(1.6 * (a - 0.25)) + draw.normal(0.035)
        pen.line([spot(a, b), spot(a + 0.1, b - 0.05 + 0.06 * a)], fill=190, width=max(1, n // 160))
    ink = np.asarray(image)[..., None] / 255.0
    picture = picture * (1 - ink) + 0.07 * ink
    worn = (lid > 0.5) & (ink[..., 0] < 0.3) & (colour is not None)
    return _small(picture, side), np.asarray(worn[FINE // 2 :: FINE, FINE // 2 :: FINE])


def _small(picture: np.ndarray, side: int) -> np.ndarray:
    image = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    return np.asarray(image.resize((side, side), Image.Resampling.BOX)) / 255.0
