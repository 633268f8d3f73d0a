"""Graphics that shops lay over a photo: headlines, bullet lists, insets, shade names, badges, stickers, borders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL
from data.adverts import BULLETS, ON_CHEEKS, ON_EYES, ON_LIPS, callouts, icons, panels, wearing
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
from data.label import TAGLINES
from data.material import METALS, PASTELS, STRONG
from data.typeface import fitted, foreign_name, invented_name, letters, line, typeface

OFTEN = 0.22  # of all pictures carry graphics
ADVERT = 0.45  # of these carry more than one kind of them
HEADLINES = (
    "MATTE, NOT DRY", "COLOR THAT STAYS", "NEW FORMULA", "As it is", "Smooth skin", "Even tone", "UP AND CURLED",
    "One stroke", "24H wear", "All day light", "Best seller", "3 in 1", "Waterproof", "Feels like nothing",
    "PRODUCT REAL SHOT", "Lasting color", "New arrival", "Multiple uses", "Hide pores", "Top 10", "Soft focus",
)  # fmt: skip
STICKERS = ("NEW", "-20%", "SALE", "2+1", "HOT", "36H", "TOP", "100%", "-50%", "24H")
TONES = ("nude", "rose", "berry", "natural", "warm", "soft", "deep", "cool", "velvet", "bare")


def decorated(
    draw: Draw, picture: np.ndarray, regions: np.ndarray, shades: Sequence[np.ndarray], product_type: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """The photo with one to three kinds of graphics laid over it, or as it was; masks follow. Shape stays (H, W)."""
    if not draw.chance(OFTEN):
        return picture, regions
    one, worn = len(shades) == 1, product_type in (*ON_LIPS, *ON_EYES, *ON_CHEEKS)
    kinds: dict[str, float] = {"headline": 2.5, "bullets": 1.6, "badge": 1.3, "sticker": 1, "watermark": 1} | {
        "border": 0.8, "measure": 0.5, "strip": 0.7, "logo": 1, "panels": 1.5, "callouts": 1, "icons": 1.3,
        "wearing": 2.2 * worn,
    }  # fmt: skip
    if one:
        kinds |= {"chip": 2.5, "shade name": 2, "collage": 1.2}
    if (regions == MATERIAL).any():
        kinds |= {"inset": 1.6}
    makers: dict[str, Callable[[Draw, Layers, Sequence[np.ndarray]], Layers]] = {
        "headline": _headline, "bullets": _bullets, "badge": _badge, "sticker": _sticker, "watermark": _watermark,
        "border": _border, "measure": _measure, "strip": _strip, "logo": _logo, "chip": _chips,
        "shade name": _shade_name, "collage": _collage, "inset": _inset,
        "panels": lambda d, both, _: panels(d, both), "callouts": lambda d, both, _: callouts(d, both),
        "icons": lambda d, both, _: icons(d, both),
        "wearing": lambda d, both, colours: wearing(d, both, colours, product_type),
    }  # fmt: skip
    kind = draw.weighted(kinds)
    layers = makers[kind](draw, (picture, regions), shades)
    if not draw.chance(ADVERT):
        return _logo(draw, layers, shades) if kind in ("inset", "strip", "measure") and draw.chance(0.4) else layers
    # Pages of shops: what takes room first, then what is laid over, none upon the headline.
    extras = ["badge", "sticker", "logo", "border", "callouts", "icons"]
    if kind in ("wearing", "panels", "strip", "callouts", "inset", "measure", "icons") or draw.chance(0.3):
        layers, extras = _headline(draw, layers, shades), ["border"]
    elif worn and draw.chance(0.6):
        layers = wearing(draw, layers, shades, product_type)
    if draw.chance(0.5):
        layers = makers[draw.choice(*extras)](draw, layers, shades)
    return layers


def _title(draw: Draw) -> str:
    title = draw.choice(*HEADLINES) if draw.chance(0.6) else f"{invented_name(draw)} {draw.choice(*TONES)}"
    return draw.choice(title, title.upper())


def _headline(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _bullets(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _chips(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _inset(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _shade_name(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _badge(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _sticker(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _watermark(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _border(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
    colour = draw.choice((0.05, 0.05, 0.05), (0.98, 0.98, 0.98), METALS["gold"], (0.93, 0.72, 0.75))
    pen = Pen(layers, np.array(colour))
    inset = draw.choice(0, 0, int(0.04 * pen.height))
    box = [inset, inset, pen.width - 1 - inset, pen.height - 1 - inset]
    pen.draw.rectangle(box, outline=255, width=draw.integer(1, 2 if inset else 8))
    return pen.done()


def _measure(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _strip(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _collage(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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


def _logo(draw: Draw, layers: Layers, shades: Sequence[np.ndarray]) -> Layers:
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
