"""Pictures of print alone: pages of small text with a specimen, sheets of icons and logos, tables."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.label import TAGLINES, font, invented_name
from data.products.paints import Parts
from data.products.pictures import SIDE, board
from data.products.shapes import grey, hue

Ink = tuple[int, ...]


def _sheet(draw: Draw) -> tuple[Image.Image, ImageDraw.ImageDraw, Ink]:
    """White or pale paper, now and then dark, with its pen and ink."""
    kind = draw.weighted({"white": 5, "pale": 3, "dark": 1})
    tones = {"white": np.ones(3), "pale": hue(draw, (0.2, 0.7), (0.86, 0.95)), "dark": grey(draw, 0.03, 0.25)}
    ground = tuple(int(255 * v) for v in tones[kind])
    image = Image.new("RGB", (SIDE, int(SIDE * draw.uniform(0.55, 1.2))), ground)
    ink = (245, 245, 245) if kind == "dark" else tuple(draw.integer(10, 70) for _ in range(3))
    return image, ImageDraw.Draw(image), ink


def _words(draw: Draw, count: int) -> str:
    return " ".join(invented_name(draw).lower() for _ in range(count))


def page(draw: Draw) -> Parts:
    """A heading and paragraphs of small print, with rules, a table or tick marks beside them."""
    image, pen, ink = _sheet(draw)
    accent = tuple(int(255 * v) for v in hue(draw, (0.3, 0.8), (0.3, 0.6)))
    head, small = font(draw, draw.integer(20, 44)), font(draw, draw.integer(9, 14))
    left = draw.choice(0.06, 0.06, 0.5) * SIDE
    y = 0.05 * image.height
    pen.text((left, y), invented_name(draw) if draw.chance(0.5) else draw.choice(*TAGLINES), fill=accent, font=head)
    y += 60
    kind = draw.choice("text", "ticks", "table")
    while y < image.height - 20:
        if draw.chance(0.12):
            pen.line([left, y + 4, left + 0.4 * SIDE, y + 4], fill=accent, width=2)
        elif kind == "ticks":
            pen.ellipse([left, y, left + 9, y + 9], fill=accent)
            pen.text((left + 16, y - 2), _words(draw, draw.integer(1, 3)), fill=ink, font=small)
        elif kind == "table":
            pen.rectangle([left, y - 3, left + 0.42 * SIDE, y + 15], outline=ink)
            pen.text((left + 5, y - 2), _words(draw, 1), fill=ink, font=small)
            pen.text(
                (left + 0.22 * SIDE, y - 2),
                f"{draw.integer(1, 99)} {draw.choice('%', 'h', 'ml')}",
                fill=ink,
                font=small,
            )
        else:
            pen.text((left, y), _words(draw, draw.integer(3, 6)), fill=ink, font=small)
        y += 18 if draw.chance(0.85) else 34
    return board(draw, np.array(image))


def icons(draw: Draw) -> Parts:
    """Rows of small signs and logos, some with words below them, as makers of stamps and stickers show."""
    image, pen, ink = _sheet(draw)
    columns, rows = draw.integer(2, 7), draw.integer(1, 5)
    step, tall = SIDE / columns, image.height / rows
    size = 0.3 * min(step, tall)
    small = font(draw, max(9, int(0.35 * size)))
    plain_ink = draw.chance(0.6)
    for k in range(columns * rows):
        x, y = (k % columns + 0.5) * step, (k // columns + 0.45) * tall
        tone = ink if plain_ink else tuple(int(255 * v) for v in hue(draw, (0.3, 0.9), (0.3, 0.7)))
        kind = draw.choice("ring", "disc", "star", "name", "square", "drop", "bars")
        around = [x - size, y - size, x + size, y + size]
        if kind in ("ring", "disc"):
            pen.ellipse(around, outline=tone, width=3, fill=tone if kind == "disc" else None)
        elif kind == "square":
            pen.rounded_rectangle(around, radius=int(0.3 * size), outline=tone, width=3)
        elif kind == "bars":
            for j in range(4):
                pen.rectangle(
                    [
                        x - size + 0.5 * size * j,
                        y + size - size * draw.uniform(0.4, 2),
                        x - 0.6 * size + 0.5 * size * j,
                        y + size,
                    ],
                    fill=tone,
                )
        elif kind == "name":
            pen.text((x, y), invented_name(draw)[:6], fill=tone, font=font(draw, max(10, int(0.8 * size))), anchor="mm")
        else:
            points = draw.integer(5, 8)
            turn = np.linspace(0, 2 * np.pi, 2 * points, endpoint=False) - np.pi / 2
            reach = (
                np.where(np.arange(2 * points) % 2, 0.45, 1.0) if kind == "star" else 0.7 + 0.3 * np.abs(np.sin(turn))
            )
            pen.polygon(
                [(x + size * r * np.cos(a), y + size * r * np.sin(a)) for a, r in zip(turn, reach, strict=True)],
                fill=tone,
            )
        if draw.chance(0.4):
            pen.text((x, y + 1.5 * size), _words(draw, 1), fill=ink, font=small, anchor="mm")
    return board(draw, np.array(image))
