"""Pictures without a product: banners of text, blocks of colour, patterns, scenes of hills and sky."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.label import font, invented_name
from data.material import noise, prop
from data.mesh import box
from data.product import Part
from data.products.paints import Parts
from data.products.shapes import grey, hue

SIDE = 448  # texels of the longer side


def board(draw: Draw, texture: np.ndarray) -> Parts:
    """A thin board lying on y = 0 with the texture (h, w, 3) upright when seen from above."""
    height, width = texture.shape[:2]
    w, d = 2.4 * width / max(width, height), 2.4 * height / max(width, height)
    return [Part(box(w, 0.02, d, 0.004).planar(w, d), prop(grey(draw), 0.6).painted(texture))]


def _canvas(draw: Draw) -> np.ndarray:
    """A ground of one colour or a gradient of two."""
    height = int(SIDE * draw.uniform(0.5, 1.0))
    first = hue(draw, (0.1, 0.9), (0.2, 0.95)) if draw.chance(0.6) else grey(draw, 0.03, 1.0)
    second = hue(draw, (0.1, 0.8), (0.3, 0.95)) if draw.chance(0.4) else first
    t = np.linspace(0, 1, height)[:, None, None] if draw.chance(0.5) else np.linspace(0, 1, SIDE)[None, :, None]
    return np.broadcast_to(first * (1 - t) + second * t, (height, SIDE, 3)).copy()


def banner(draw: Draw) -> Parts:
    """Headlines, small print and a button on a plain ground."""
    ground = _canvas(draw)
    image = Image.fromarray((ground * 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    ink = tuple(int(255 * v) for v in (np.full(3, 0.05) if ground.mean() > 0.5 else np.full(3, 0.97)))
    left, y = draw.choice(0.08, 0.5) * SIDE, 0.12 * image.height
    for line in range(draw.integer(2, 6)):
        size = int(image.height * draw.uniform(0.05, 0.2) * (1 if line == 0 else 0.5))
        words = " ".join(invented_name(draw) for _ in range(draw.integer(1, 3)))
        pen.text((left, y), words, fill=ink, font=font(draw, max(9, size)), anchor="lm" if left < 100 else "mm")
        y += size * 1.6 + 6
    if draw.chance(0.5):
        shade = tuple(int(255 * v) for v in hue(draw, (0.4, 0.9), (0.3, 0.7)))
        pen.rounded_rectangle([left - 60, y, left + 80, y + 34], radius=draw.choice(2, 16), fill=shade)
    return board(draw, np.array(image))


def colour_block(draw: Draw) -> Parts:
    """Fields of flat colour: stripes, halves, circles, tiles."""
    picture = _canvas(draw)
    h, w = picture.shape[:2]
    y, x = np.mgrid[0:h, 0:w] / w
    for _ in range(draw.integer(0, 5)):
        colour = hue(draw, (0.1, 0.9), (0.2, 0.95))
        kind = draw.choice("disc", "stripe", "rectangle", "half")
        cx, cy, r = draw.uniform(0, 1), draw.uniform(0, h / w), draw.uniform(0.05, 0.3)
        inside = {
            "disc": np.hypot(x - cx, y - cy) < r, "stripe": np.abs((x - cx) + (y - cy) * draw.uniform(-2, 2)) < r / 3,
            "rectangle": (np.abs(x - cx) < r) & (np.abs(y - cy) < r * draw.uniform(0.4, 1.5)),
            "half": x * draw.uniform(-1, 1) + y > cy,
        }[kind]  # fmt: skip
        picture = np.where(inside[..., None], colour, picture)
    return board(draw, (np.clip(picture, 0, 1) * 255).astype(np.uint8))


def pattern(draw: Draw) -> Parts:
    """Dots, checks, waves, leaves of paint, marbled noise."""
    picture = _canvas(draw)
    h, w = picture.shape[:2]
    y, x = np.mgrid[0:h, 0:w] / w
    k = draw.uniform(20, 90)
    marks = {
        "dots": (np.sin(k * x) * np.sin(k * y)) > 0.5, "checks": (np.sin(k * x) * np.sin(k * y)) > 0,
        "waves": np.sin(k * y + 3 * np.sin(k * x / 3)) > 0, "marble": noise(draw.rng, max(h, w), 40)[:h, :w] > 0.55,
    }[draw.choice("dots", "checks", "waves", "marble")]  # fmt: skip
    picture = np.where(marks[..., None], hue(draw, (0.1, 0.8), (0.1, 0.9)), picture)
    return board(draw, (np.clip(picture, 0, 1) * 255).astype(np.uint8))


def landscape(draw: Draw) -> Parts:
    """Sky, hills one behind the other, and a sun or a moon."""
    h, w = int(SIDE * draw.uniform(0.6, 0.9)), SIDE
    y, x = np.mgrid[0:h, 0:w] / w
    top, low = hue(draw, (0.3, 0.8), (0.4, 0.8)), hue(draw, (0.3, 0.7), (0.7, 0.95))
    t = (y / y.max())[..., None]
    picture = top * (1 - t) + low * t
    disc = np.hypot(x - draw.uniform(0.2, 0.8), y - draw.uniform(0.1, 0.25)) < draw.uniform(0.03, 0.09)
    picture = np.where(disc[..., None], np.array([0.98, 0.93, 0.8]), picture)
    green = hue(draw, (0.2, 0.6), (0.2, 0.5))
    for k in range(draw.integer(2, 5)):
        ridge = (
            0.28
            + 0.1 * k
            + 0.05 * np.sin(x * draw.uniform(4, 14) + draw.uniform(0, 6))
            + 0.02 * np.sin(x * 40 * draw.uniform(0.5, 1))
        )
        picture = np.where((y > ridge)[..., None], green * (1 - 0.15 * k), picture)
    grain = 1 + 0.06 * (draw.rng.random((h, w, 1)) - 0.5)
    return board(draw, (np.clip(picture * grain, 0, 1) * 255).astype(np.uint8))


def gift_card(draw: Draw) -> Parts:
    """One to four cards of plastic or paper with print, lying."""
    parts: Parts = []
    for k in range(draw.integer(1, 4)):
        ground = hue(draw, (0.2, 0.8), (0.2, 0.9)) if draw.chance(0.7) else grey(draw, 0.03, 0.97)
        image = Image.new("RGB", (320, 200), tuple(int(255 * v) for v in ground))
        pen = ImageDraw.Draw(image)
        ink = (20, 20, 20) if ground.mean() > 0.5 else (245, 245, 245)
        pen.text((24, 40), invented_name(draw), fill=ink, font=font(draw, 34))
        pen.text(
            (24, 160),
            f"{draw.integer(10, 99)} {draw.integer(1000, 9999)} {draw.integer(1000, 9999)}",
            fill=ink,
            font=font(draw, 16),
        )
        pen.rectangle([240, 30, 284, 62], fill=(205, 175, 105))
        card = box(1.6, 0.02, 1.0, 0.006).planar(1.6, 1.0).turned("y", draw.normal(14))
        parts.append(Part(card.moved(draw.normal(0.2), 0.022 * k, 0.5 * k), prop(ground, 0.2).painted(np.array(image))))
    return parts
