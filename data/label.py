"""Printed packages: invented names in varied typefaces, never a real brand."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.material import METALS, Material
from data.typeface import Face, fitted, foreign_name, invented_name, letters, line, typeface
from data.typeface import font as font
from data.typeface import fonts as fonts

WORDS = (
    "hydra", "soft", "velvet", "long wear", "mini", "12 ml", "30 ml", "3.5 g", "no. 04", "no. 17", "colour", "care",
    "daily", "pure", "intense", "light", "SPF 30", "matte", "nude", "rose", "gloss", "new", "formula", "eau", "volume",
)  # fmt: skip
TAGLINES = (
    "soft matte colour", "velvet touch", "long wear formula", "nude essentials", "with rose extract", "daily care",
    "all day colour", "creamy and light", "weightless finish", "high pigment", "vegan formula",
)  # fmt: skip
SIDE = 640  # texels; the front of a bottle is a fifth of the width and some 100 px wide in a 224 px render


def ink(draw: Draw, ground: np.ndarray) -> np.ndarray:
    """A print colour that stands out from the ground, sRGB (3,)."""
    if draw.chance(0.6):
        return np.full(3, 0.06 if ground.mean() > 0.5 else 0.95)
    if draw.chance(0.5):
        return np.array(METALS[draw.choice("gold", "silver", "rose gold")])
    return np.clip(ground + (0.5 if ground.mean() < 0.5 else -0.5) * draw.rng.uniform(0.3, 1.0, 3), 0, 1)


def printed(draw: Draw, surface: Material, *, vertical: bool = False, often: float = 0.8) -> Material:
    """The surface with a name, small print and now and then a band on its front; or as it was."""
    if surface.clear or not draw.chance(often):
        return surface
    return surface.painted(picture(draw, surface.colour, vertical=vertical))


def picture(draw: Draw, ground: np.ndarray, *, vertical: bool = False, lines: int | None = None) -> np.ndarray:
    """A label (SIDE, SIDE, 3) uint8 whose print lies in the middle, that is on the front of a lathe mesh."""
    image = Image.new("RGB", (SIDE, SIDE), _bytes(ground))
    pen = ImageDraw.Draw(image)
    if draw.chance(0.12):
        top = int(draw.uniform(0.15, 0.7) * SIDE)
        band = _bytes(draw.rng.uniform(0.1, 0.95, 3))
        pen.rectangle([0, top, SIDE, top + int(draw.uniform(0.03, 0.3) * SIDE)], fill=band)
    # A lathe's texture wraps all round: the visible front is about a fifth of it.
    size = (int(SIDE * 0.8), SIDE // 6) if vertical else (SIDE // 5, int(SIDE * 0.85))
    block = Image.new("L", size, 0)
    if vertical:
        _print_along(draw, block, lines or draw.integer(1, 2))
        block = block.rotate(draw.choice(90, 90, 270), expand=True)
    else:
        _print_down(draw, block, lines or draw.integer(1, 4))
    image.paste(_bytes(ink(draw, ground)), ((SIDE - block.width) // 2, (SIDE - block.height) // 2), block)
    return np.array(image)


def _print_along(draw: Draw, block: Image.Image, lines: int) -> None:
    """A name along a slim package, at one end or across most of it, with a smaller line beside it."""
    pen, (width, height) = ImageDraw.Draw(block), block.size
    spread = draw.uniform(0.05, 0.3) if draw.chance(0.4) else 0.0
    name = invented_name(draw).upper() if spread else invented_name(draw)
    face = font(draw, int(height * draw.uniform(0.35, 0.85)))
    face = fitted(pen, name, face, width * draw.uniform(0.35, 0.95), spread)
    tall = getattr(face, "size", 10)
    x = draw.choice(width * 0.02, width / 2, width / 2)
    align = "l" if x < width / 4 else "m"
    y = height / 2 - 0.35 * tall - (0.18 * height if lines > 1 else 0)
    line(pen, (x, y), name, face, 255, align=align, spread=spread)
    if lines > 1:
        small = fitted(pen, tagline := draw.choice(*TAGLINES), font(draw, int(0.22 * height)), 0.8 * width)
        line(pen, (x, y + 0.95 * tall), tagline, small, 255, align=align)


def _print_down(draw: Draw, block: Image.Image, lines: int) -> None:
    """A brand's front: a name or monogram, a few small lines, a thin frame, the contents at the foot."""
    pen, (width, height) = ImageDraw.Draw(block), block.size
    kind = draw.weighted({"logo": 5, "monogram": 1.3, "frame": 1, "badge": 0.8, "left": 1.5})
    align = "l" if kind == "left" else "m"
    x = 0.08 * width if align == "l" else width / 2
    y = height * draw.uniform(0.08, 0.42)
    spread = draw.uniform(0.05, 0.3) if draw.chance(0.4) else 0.0
    name = invented_name(draw).upper() if spread else invented_name(draw)
    if kind == "frame":
        pen.rectangle(
            [1, y - 0.18 * width, width - 2, min(height - 2, y + draw.uniform(0.6, 2.5) * width)], outline=255, width=2
        )
    elif kind == "badge":
        r = width * draw.uniform(0.14, 0.24)
        pen.ellipse([x - r, y, x + r, y + 2 * r], outline=255, width=2)
        initial = typeface(draw, int(1.1 * r), "serif", "regular")
        pen.text((x, y + r), name[:1].upper(), fill=255, font=initial, anchor="mm")
        y += 2.5 * r
    elif kind == "monogram":
        initials = name[: draw.integer(1, 2)].upper()
        face = fitted(pen, initials, font(draw, int(width * draw.uniform(0.6, 1.0))), 0.9 * width)
        y += line(pen, (x, y), initials, face, 255) + 0.14 * width
    face = font(draw, int(width * draw.uniform(0.18, 0.42)))
    if draw.chance(0.06) and (other := letters(draw, int(width * draw.uniform(0.18, 0.42)), "bold")) is not None:
        name, face = foreign_name(draw), other
    face = fitted(pen, name, face, 0.92 * width, spread)
    y += line(pen, (x, y), name, face, 255, align=align, spread=spread) + draw.uniform(0.08, 0.2) * width
    if lines > 1 and draw.chance(0.35):
        reach = width * draw.uniform(0.1, 0.3)
        left = x if align == "l" else x - reach
        pen.rectangle([left, y, left + 2 * reach, y + 1], fill=255)
        y += 0.1 * width
    for k in range(lines - 1):
        text = draw.choice(*TAGLINES) if k == 0 else draw.choice(*WORDS)
        text = text.upper() if draw.chance(0.5) else text
        small = typeface(draw, int(width * draw.uniform(0.09, 0.15)), "sans", "regular")
        for part in _wrapped(pen, text, small, 0.92 * width):
            y += line(pen, (x, y), part, small, 230, align=align) * 1.7 + 2
    if draw.chance(0.5):
        contents = draw.choice("30 ml  1.0 fl oz", "3.5 g", "50 ml", "NET WT 4 g", "100 ml / 3.4 oz", "5 ml", "7.5 g")
        small = fitted(pen, contents, typeface(draw, int(width * 0.09), "sans", "light"), 0.9 * width)
        line(pen, (x, height * draw.uniform(0.88, 0.95)), contents, small, 220, align=align)


def _wrapped(pen: ImageDraw.ImageDraw, text: str, face: Face, width: float) -> list[str]:
    """The text in lines no wider than `width`, three at most."""
    rows: list[str] = []
    for word in text.split():
        if rows and pen.textlength(f"{rows[-1]} {word}", font=face) <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows[:3]


def relief(draw: Draw, side: int = 200) -> np.ndarray:
    """An embossed pattern in [0, 1], (side, side): lines, sunburst, rings, a name, dots or none."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    kind = draw.weighted({"none": 3, "name": 2, "lines": 1.5, "sunburst": 1.2, "rings": 0.8, "quilt": 0.8})
    if kind == "name":
        image = Image.new("L", (side, side), 0)
        face = font(draw, int(draw.uniform(0.12, 0.3) * side))
        ImageDraw.Draw(image).text((side / 2, side / 2), invented_name(draw), fill=255, font=face, anchor="mm")
        return np.array(image) / 255.0
    if kind == "lines":
        return (np.sin(x * draw.uniform(20, 90) + y * draw.uniform(-50, 50)) > 0) * 1.0
    if kind == "sunburst":
        return (np.sin(angle * draw.integer(6, 22)) > 0) * (radius > 0.06) * 1.0
    if kind == "rings":
        return 0.5 + 0.5 * np.sin(radius * draw.uniform(30, 110))
    if kind == "quilt":
        k = draw.uniform(15, 45)
        return (np.maximum(np.abs(np.sin((x + y) * k)), np.abs(np.sin((x - y) * k))) > 0.97) * 1.0
    return np.zeros((side, side))


def _bytes(colour: np.ndarray) -> tuple[int, int, int]:
    r, g, b = (int(v * 255 + 0.5) for v in np.clip(colour, 0, 1))
    return r, g, b
