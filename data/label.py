"""Printed packages: invented names in varied typefaces, never a real brand."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from data.draw import Draw
from data.material import METALS, Material

# Syllables whose pairs and triples spell no cosmetics brand that we know of; checked by eye on 500 names.
SYLLABLES = [
    "vo",
    "zu",
    "qua",
    "tri",
    "plo",
    "wen",
    "dra",
    "kel",
    "orv",
    "ulm",
    "bry",
    "sto",
    "fen",
    "gri",
    "hax",
    "jul",
    "kno",
    "wix",
    "yor",
    "zem",
    "tav",
    "bul",
    "nox",
    "pry",
]
WORDS = [
    "hydra",
    "soft",
    "velvet",
    "long",
    "wear",
    "mini",
    "12",
    "ml",
    "30",
    "ml",
    "3.5",
    "g",
    "no.",
    "04",
    "no.",
    "17",
    "colour",
    "care",
    "daily",
    "pure",
    "intense",
    "light",
    "SPF",
    "30",
    "matte",
    "nude",
    "rose",
    "gloss",
    "new",
    "formula",
    "eau",
    "volume",
    "curl",
]
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
SIDE = 384  # texels; a label on a bottle is some 100 px wide in a 224 px render


@lru_cache(maxsize=1)
def fonts() -> tuple[str, ...]:
    """Font files of this machine, in a fixed order; Pillow's own when there are none."""
    found = {f for d in FONT_FOLDERS if Path(d).is_dir() for f in Path(d).rglob("*.[to]tf")}
    usable = [
        str(f)
        for f in found
        if not any(s in f.name.lower() for s in ("symbol", "dingbat", "emoji", "math", "d050000l"))
    ]
    return tuple(sorted(usable, key=lambda f: Path(f).name))


def font(draw: Draw, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    choices = fonts()
    return ImageFont.truetype(draw.choice(*choices), size) if choices else ImageFont.load_default(size)


def invented_name(draw: Draw) -> str:
    word = "".join(draw.choice(*SYLLABLES) for _ in range(draw.integer(1, 3)))
    return draw.choice(word.upper(), word.capitalize(), word)


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


def picture(
    draw: Draw, ground: np.ndarray, *, vertical: bool = False, lines: int | None = None
) -> np.ndarray:
    """A label (SIDE, SIDE, 3) uint8 whose print lies in the middle, that is on the front of a lathe mesh."""
    image = Image.new("RGB", (SIDE, SIDE), _bytes(ground))
    pen = ImageDraw.Draw(image)
    if draw.chance(0.2):
        top = int(draw.uniform(0.15, 0.7) * SIDE)
        band = _bytes(draw.rng.uniform(0.1, 0.95, 3))
        pen.rectangle([0, top, SIDE, top + int(draw.uniform(0.03, 0.3) * SIDE)], fill=band)
    # A lathe's texture wraps all round: the visible front is about a fifth of it.
    size = (int(SIDE * 0.8), SIDE // 6) if vertical else (SIDE // 5, int(SIDE * 0.85))
    block = Image.new("L", size, 0)
    _print_lines(draw, block, lines or draw.integer(1, 4), vertical)
    if vertical:
        block = block.rotate(draw.choice(90, 90, 270), expand=True)
    image.paste(_bytes(ink(draw, ground)), ((SIDE - block.width) // 2, (SIDE - block.height) // 2), block)
    return np.array(image)


def _print_lines(draw: Draw, block: Image.Image, lines: int, vertical: bool) -> None:
    pen = ImageDraw.Draw(block)
    width, height = block.size
    y = 0.0 if vertical else height * draw.uniform(0.05, 0.35)
    for line in range(lines):
        big = height * 0.8 / lines if vertical else width * draw.uniform(0.18, 0.5)
        face = font(draw, max(8, int(big * (1.0 if line == 0 else 0.5))))
        text = invented_name(draw) if line == 0 else draw.choice(*WORDS)
        left, top, right, bottom = pen.textbbox((0, 0), text, font=face)
        x = width * draw.uniform(0, 0.4) if vertical else (width - (right - left)) / 2
        pen.text((x - left, y - top), text, fill=255, font=face)
        y += (bottom - top) * draw.uniform(1.3, 2.2) + 2
    for _ in range(draw.integer(0, 5)):  # small print, too fine to read
        if y > height - 6:
            break
        pen.rectangle([width * 0.2, y, width * draw.uniform(0.55, 0.8), y + 1], fill=170)
        y += 5


def relief(draw: Draw, side: int = 200) -> np.ndarray:
    """An embossed pattern in [0, 1], (side, side): lines, sunburst, rings, a name, dots or none."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    kind = draw.weighted({"none": 3, "name": 2, "lines": 1.5, "sunburst": 1.2, "rings": 0.8, "quilt": 0.8})
    if kind == "name":
        image = Image.new("L", (side, side), 0)
        face = font(draw, int(draw.uniform(0.12, 0.3) * side))
        ImageDraw.Draw(image).text(
            (side / 2, side / 2), invented_name(draw), fill=255, font=face, anchor="mm"
        )
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
