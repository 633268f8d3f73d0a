"""Print on skin-care packages: little of it, small, crisp and sans-serif, with thin lines and blocks of colour."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from data.draw import Draw
from data.label import fonts, ink, invented_name
from data.material import PASTELS, STRONG, Material

WIDE, TALL = 768, 512  # texels round the package and up it; its front is about a third of the width
BLOCK = 240  # texels across the print block before it is scaled to the package
WORDS = (
    "hydrating", "daily care", "soft", "face", "pure", "light", "rich", "calming", "fresh", "vitamin", "n° 1", "n° 7",
    "gentle", "all skin", "day", "night", "repair", "balance", "glow", "aqua", "barrier", "5%", "10%", "2% + 4%",
)  # fmt: skip
VOLUMES = ("30 ml", "50 ml", "100 ml", "15 ml", "200 ml", "40 g", "1.0 oz", "1.7 oz")
FACTORS = ("50", "50+", "30", "30+", "20")

Colour = tuple[int, int, int]


@lru_cache(maxsize=1)
def _sans() -> tuple[str, ...]:
    """Upright sans-serif fonts of this machine, or all fonts when none is called so."""
    usable = [f for f in fonts() if "sans" in (n := Path(f).name.lower()) and not ("mono" in n or "oblique" in n)]
    return tuple(f for f in usable if "italic" not in Path(f).name.lower()) or fonts()


def sans(draw: Draw, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    choices = _sans() if draw.chance(0.85) else fonts()
    return ImageFont.truetype(draw.choice(*choices), max(size, 7)) if choices else ImageFont.load_default(max(size, 7))


def care_print(draw: Draw, surface: Material, radius: float, height: float) -> Material:
    """The surface with a care brand's print on the front of a lathe mesh of that radius and height."""
    if surface.clear:
        return surface
    ground = surface.colour
    image = Image.fromarray(surface.texture).resize((WIDE, TALL), Image.Resampling.BILINEAR)
    _bands(draw, image, ground)
    _paste(draw, image, _block(draw, ground, radius, height), radius, height)
    return surface.painted(np.array(image))


def sun_print(draw: Draw, surface: Material, radius: float, height: float, accents: list[np.ndarray]) -> Material:
    """The surface with blocks of sun colours and the protection factor in large numerals."""
    ground = surface.colour
    image = Image.new("RGB", (WIDE, TALL), _rgb(ground))
    pen = ImageDraw.Draw(image)
    accent = draw.choice(*accents)
    kind = draw.weighted({"none": 2, "foot": 2, "head": 1.5, "stripe": 1.2, "wave": 1.2})
    top = {"foot": draw.uniform(0.62, 0.8), "head": 0.0, "stripe": draw.uniform(0.55, 0.75)}.get(kind, 0.6) * TALL
    tall = {"foot": TALL, "head": draw.uniform(0.2, 0.45) * TALL, "stripe": draw.uniform(0.02, 0.08) * TALL}.get(kind)
    if tall is not None:
        pen.rectangle([0, top, WIDE, top + tall], fill=_rgb(accent))
    elif kind == "wave":
        x = np.arange(0, WIDE + 8, 8)
        crest = top + 0.06 * TALL * np.sin(x / WIDE * 2 * np.pi * draw.integer(3, 6) + draw.uniform(0, 6))
        pen.polygon([(0, TALL), *zip(x.tolist(), crest.tolist(), strict=True), (WIDE, TALL)], fill=_rgb(accent))
    block = _canvas(ground, radius, height, transparent=True)
    mark = ImageDraw.Draw(block)
    dark = _rgb(np.full(3, 0.12)) if ground.mean() > 0.55 else _rgb(np.full(3, 0.97))
    w, h = block.size
    _line(mark, w / 2, 0.08 * h, invented_name(draw).upper(), sans(draw, int(0.14 * w)), dark, spread=0.1)
    _line(mark, w / 2, 0.08 * h + 0.22 * w, draw.choice(*WORDS), sans(draw, int(0.07 * w)), dark)
    y, size = draw.uniform(0.36, 0.55) * h, int(draw.uniform(0.3, 0.5) * w)
    number = dark if draw.chance(0.5) else _rgb(accent)
    if draw.chance(0.3):
        r = 0.62 * size
        mark.ellipse([w / 2 - r, y - 0.12 * size, w / 2 + r, y - 0.12 * size + 2 * r], fill=_rgb(accent))
        number = _rgb(ground)
    _line(mark, w / 2, y, draw.choice(*FACTORS), sans(draw, size), number)
    _line(mark, w / 2, 0.93 * h, draw.choice(*VOLUMES), sans(draw, int(0.06 * w)), dark)
    _paste(draw, image, block, radius, height)
    return surface.painted(np.array(image))


def _bands(draw: Draw, image: Image.Image, ground: np.ndarray) -> None:
    """One block of colour round the package, or a pair of thin lines; mostly nothing."""
    kind = draw.weighted({"none": 6, "foot": 0.9, "head": 0.6, "stripe": 0.8, "lines": 0.7})
    if kind == "none":
        return
    pen = ImageDraw.Draw(image)
    tone = draw.choice(*(PASTELS if draw.chance(0.6) else STRONG).values())
    colour = _rgb(np.array(tone)) if kind != "lines" else _rgb(ink(draw, ground))
    if kind == "foot":
        pen.rectangle([0, draw.uniform(0.7, 0.88) * TALL, WIDE, TALL], fill=colour)
    elif kind == "head":
        pen.rectangle([0, 0, WIDE, draw.uniform(0.08, 0.3) * TALL], fill=colour)
    elif kind == "stripe":
        top = draw.uniform(0.15, 0.8) * TALL
        pen.rectangle([0, top, WIDE, top + draw.uniform(0.02, 0.12) * TALL], fill=colour)
    else:
        for y in (draw.uniform(0.05, 0.15), draw.uniform(0.8, 0.93)):
            pen.rectangle([0, y * TALL, WIDE, y * TALL + 3], fill=colour)


def _canvas(ground: np.ndarray, radius: float, height: float, *, transparent: bool = False) -> Image.Image:
    """A print block with square texels, 1.25 radii wide and 0.8 of the height tall."""
    tall = int(np.clip(BLOCK * 0.8 * height / (1.25 * radius), 60, 1400))
    return Image.new("RGBA", (BLOCK, tall), (*_rgb(ground), 0 if transparent else 255))


def _paste(draw: Draw, image: Image.Image, block: Image.Image, radius: float, height: float) -> None:
    """The block scaled to the package and laid on its front."""
    size = (int(WIDE * 1.25 / (2 * np.pi)), int(TALL * 0.8))
    small = block.resize(size, Image.Resampling.LANCZOS)
    image.paste(small, ((WIDE - size[0]) // 2, (TALL - size[1]) // 2), small)


def _block(draw: Draw, ground: np.ndarray, radius: float, height: float) -> Image.Image:
    block = _canvas(ground, radius, height, transparent=True)
    pen = ImageDraw.Draw(block)
    w, h = block.size
    colour = _rgb(ink(draw, ground))
    slim = h > 1.5 * w
    kind = draw.weighted(
        {"centred": 5, "left": 3 if h > 0.8 * w else 0.3, "logo": 1.5, "framed": 1, "panel": 1, "vertical": 1.5 * slim}
    )
    if kind == "vertical":
        name = invented_name(draw).upper()
        strip = Image.new("RGBA", (h, w), (0, 0, 0, 0))
        face = sans(draw, int(draw.uniform(0.25, 0.6) * w))
        _line(ImageDraw.Draw(strip), h * draw.uniform(0.4, 0.6), 0.3 * w, name, face, colour, spread=0.05)
        return strip.rotate(draw.choice(90, 270), expand=True)
    if kind == "logo":
        y = draw.uniform(0.25, 0.55) * h
        if draw.chance(0.4):
            y = _emblem(draw, pen, w, y, colour)
        _line(pen, w / 2, y, _name(draw), sans(draw, _fit(draw, w, h, 0.13, 0.24)), colour, spread=0.12)
        return block
    if kind == "panel":
        tone = np.array(draw.choice(*(PASTELS if draw.chance(0.5) else STRONG).values()))
        top = draw.uniform(0.1, 0.35) * h
        pen.rectangle([0, top, w, min(h, top + draw.uniform(0.5, 1.0) * w)], fill=_rgb(tone))
        colour = _rgb(ink(draw, tone))
        _stack(draw, pen, w, h, top + 0.08 * w, colour, left=draw.chance(0.4))
        return block
    if kind == "framed":
        pen.rectangle([2, 0.03 * h, w - 3, 0.97 * h], outline=colour, width=3)
    y = draw.uniform(0.08, 0.3) * h
    if kind != "left" and draw.chance(0.35):
        y = _emblem(draw, pen, w, y, colour)
    _stack(draw, pen, w, h, y, colour, left=kind == "left")
    return block


def _stack(draw: Draw, pen: ImageDraw.ImageDraw, w: int, h: int, y: float, colour: Colour, *, left: bool) -> None:
    """A name, a thin line, a few words, small print too fine to read, and the volume at the foot."""
    x = 0.06 * w if left else w / 2
    size = _fit(draw, w, h, 0.1, 0.22)
    y = _line(pen, x, y, _name(draw), sans(draw, size), colour, left=left, spread=draw.choice(0.0, 0.08, 0.2))
    y += 0.4 * size
    if draw.chance(0.45):
        half = draw.uniform(0.1, 0.4) * w
        pen.rectangle([x if left else x - half, y, x + half, y + 2], fill=colour)
        y += 0.4 * size
    if draw.chance(0.2):  # a large numeral
        y = _line(pen, x, y, str(draw.integer(1, 99)), sans(draw, 2 * size), colour, left=left) + 0.4 * size
    for _ in range(draw.integer(1, 3)):
        if y > 0.72 * h:
            break
        y = _line(pen, x, y, draw.choice(*WORDS), sans(draw, int(size * draw.uniform(0.4, 0.62))), colour, left=left)
        y += 0.3 * size
    for _ in range(draw.integer(0, 4)):
        if y > 0.8 * h:
            break
        half = draw.uniform(0.15, 0.4) * w
        fine = (*colour, 130)
        pen.rectangle([x, y, x + 2 * half, y + 2] if left else [x - half, y, x + half, y + 2], fill=fine)
        y += 8
    if draw.chance(0.7):
        _line(pen, x, 0.9 * h, draw.choice(*VOLUMES), sans(draw, int(min(0.06 * w, 0.07 * h))), colour, left=left)


def _fit(draw: Draw, w: int, h: int, low: float, high: float) -> int:
    """A type size in texels that suits the block's width and height."""
    return int(min(draw.uniform(low, high) * w, 0.2 * h))


def _name(draw: Draw) -> str:
    name = invented_name(draw)
    return name.upper() if draw.chance(0.6) else name


def _emblem(draw: Draw, pen: ImageDraw.ImageDraw, w: int, y: float, colour: Colour) -> float:
    """A small mark above the name; returns where to go on."""
    r = draw.uniform(0.05, 0.11) * w
    kind = draw.choice("ring", "dot", "letter", "leaf", "bars")
    box = [w / 2 - r, y, w / 2 + r, y + 2 * r]
    if kind == "ring":
        pen.ellipse(box, outline=colour, width=3)
    elif kind == "dot":
        pen.ellipse(box, fill=colour)
    elif kind == "letter":
        pen.ellipse(box, outline=colour, width=2)
        _line(pen, w / 2, y + 0.45 * r, invented_name(draw)[0].upper(), sans(draw, int(1.3 * r)), colour)
    elif kind == "leaf":
        pen.polygon([(w / 2, y), (w / 2 + 0.6 * r, y + r), (w / 2, y + 2 * r), (w / 2 - 0.6 * r, y + r)], fill=colour)
    else:
        for k in (-1, 0, 1):
            pen.rectangle([w / 2 + 0.6 * k * r - 2, y, w / 2 + 0.6 * k * r + 2, y + 2 * r], fill=colour)
    return y + 2.8 * r


def _line(
    pen: ImageDraw.ImageDraw,
    x: float,
    y: float,
    text: str,
    face: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    colour: Colour,
    *,
    left: bool = False,
    spread: float = 0.0,
) -> float:
    """One line of print, centred at x or starting there, letters `spread` of their height apart; returns its foot."""
    wide = pen.im.size[0]
    room = 0.96 * (wide - x if left else 2 * min(x, wide - x))
    _, top, _, bottom = pen.textbbox((0, 0), text, font=face)
    gap = spread * (bottom - top)
    length = sum(pen.textlength(c, font=face) + gap for c in text) - gap
    if length > room and isinstance(face, ImageFont.FreeTypeFont) and face.size > 6:
        return _line(pen, x, y, text, face.font_variant(size=max(6, int(face.size * room / length))), colour, left=left)
    start = x if left else x - length / 2
    for letter in text:
        pen.text((start, y - top), letter, fill=colour, font=face)
        start += pen.textlength(letter, font=face) + gap
    return y + bottom - top


def _rgb(colour: np.ndarray) -> Colour:
    r, g, b = (int(v * 255 + 0.5) for v in np.clip(colour, 0, 1))
    return r, g, b
