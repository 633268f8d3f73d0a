"""What shops show that is no product: headers with portraits, empty rooms, sheets of stamps, devices."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.label import font, invented_name
from data.material import prop
from data.mesh import box, cylinder, joined, lathe, sheet
from data.product import Part, placed, turned
from data.products.paints import Parts, paint, polished
from data.products.pictures import SIDE, board
from data.products.shapes import ball, grey, hue, ring, rod
from data.products.skin import tone

Colour = tuple[int, ...]


def _bytes(colour: np.ndarray) -> Colour:
    return tuple(int(255 * v) for v in np.clip(colour, 0, 1))


def _figure(draw: Draw, pen: ImageDraw.ImageDraw, x: float, foot: float, size: float) -> None:
    """A painted head and shoulders of height `size` above `foot`."""
    skin = tone(draw)
    hair, dress = (
        _bytes(np.array((0.16, 0.1, 0.07)) * draw.uniform(0.3, 3.5)),
        _bytes(hue(draw, (0.1, 0.7), (0.2, 0.9))),
    )
    head, wide = foot - 0.66 * size, 0.19 * size
    if draw.chance(0.6):  # long hair behind the shoulders
        pen.ellipse([x - 1.5 * wide, head - 1.6 * wide, x + 1.5 * wide, foot], fill=hair)
    pen.ellipse([x - 0.48 * size, foot - 0.3 * size, x + 0.48 * size, foot + 0.4 * size], fill=dress)
    pen.rectangle([x - 0.5 * wide, head, x + 0.5 * wide, foot - 0.22 * size], fill=_bytes(0.9 * skin))
    pen.ellipse([x - 1.15 * wide, head - 1.6 * wide, x + 1.15 * wide, head + 0.6 * wide], fill=hair)
    pen.ellipse([x - wide, head - 1.25 * wide, x + wide, head + 1.3 * wide], fill=_bytes(skin))
    for side in (-1, 1):
        eye = x + 0.42 * side * wide
        pen.ellipse([eye - 0.18 * wide, head - 0.1 * wide, eye + 0.18 * wide, head + 0.06 * wide], fill=(40, 30, 28))
        pen.line([eye - 0.25 * wide, head - 0.4 * wide, eye + 0.25 * wide, head - 0.42 * wide], fill=hair, width=2)
    lips = _bytes(skin * [0.88, 0.6, 0.6])
    pen.ellipse([x - 0.3 * wide, head + 0.7 * wide, x + 0.3 * wide, head + 0.9 * wide], fill=lips)


def header(draw: Draw) -> Parts:
    """The head of a shop's page: its name, a menu, and a banner with a headline, a button and people or none."""
    pale = draw.chance(0.8)
    image = Image.new("RGB", (SIDE, int(SIDE * draw.uniform(0.4, 0.75))), _bytes(grey(draw, 0.95, 1.0)))
    pen, height = ImageDraw.Draw(image), image.height
    bar = int(height * draw.uniform(0.12, 0.24))
    pen.text(
        (12, bar / 2), invented_name(draw).upper(), fill=(20, 20, 20), font=font(draw, int(0.5 * bar)), anchor="lm"
    )
    for k in range(draw.integer(2, 5)):
        pen.text(
            (SIDE - 20 - 58 * k, bar / 2), invented_name(draw), fill=(70, 70, 70), font=font(draw, 11), anchor="rm"
        )
    ground = hue(draw, (0.1, 0.6), (0.75, 0.93) if pale else (0.15, 0.6))
    pen.rectangle([0, bar, SIDE, height], fill=_bytes(ground))
    left = draw.chance(0.5)
    if draw.chance(0.7):
        people, tall = draw.integer(1, 3), height - bar
        for k in range(people):
            x = SIDE * ((0.72 if left else 0.28) + 0.17 * (k - (people - 1) / 2))
            _figure(draw, pen, x, height, tall * draw.uniform(0.8, 1.0))
    ink = (25, 25, 25) if pale else (250, 250, 250)
    at, y = SIDE * (0.25 if left else 0.75), bar + 0.3 * (height - bar)
    pen.text((at, y), invented_name(draw), fill=ink, font=font(draw, int(0.14 * height)), anchor="mm")
    pen.text((at, y + 0.16 * height), invented_name(draw), fill=ink, font=font(draw, int(0.06 * height)), anchor="mm")
    if draw.chance(0.6):
        pen.rounded_rectangle([at - 45, y + 0.27 * height, at + 45, y + 0.27 * height + 24], radius=draw.choice(2, 12),
                              fill=_bytes(hue(draw, (0.3, 0.8), (0.3, 0.6))))  # fmt: skip
    return board(draw, np.array(image))


def room(draw: Draw) -> Parts:
    """An empty room: wall, floor, the light of a window on them, a door, a shelf or a plant."""
    height = int(SIDE * draw.uniform(0.6, 1.2))
    wall = hue(draw, (0.05, 0.4), (0.6, 0.95)) if draw.chance(0.6) else grey(draw, 0.75, 0.97)
    floor = np.array(draw.choice((0.6, 0.45, 0.32), (0.8, 0.76, 0.7), (0.4, 0.4, 0.42))) * draw.uniform(0.8, 1.2)
    edge = int(height * draw.uniform(0.6, 0.82))
    y, x = np.mgrid[0:height, 0:SIDE] / SIDE
    light = 1 - draw.uniform(0.05, 0.3) * np.abs(x - draw.uniform(0, 1))
    picture = np.where((np.arange(height) < edge)[:, None, None], wall, floor) * light[..., None]
    if draw.chance(0.5):  # panes of sun, aslant
        slant = x + draw.uniform(-0.6, 0.6) * y
        start = draw.uniform(0.1, 0.5)
        sun = (slant > start) & (slant < start + 0.35) & ((slant - start) % 0.12 > 0.015) & (y > 0.15) & (y < 0.7)
        picture = picture * (1 + 0.22 * sun[..., None])
    image = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for kind in draw.rng.choice(["door", "shelf", "frame", "plant", "none"], 2, replace=False):
        at, dark = draw.uniform(0.05, 0.75) * SIDE, _bytes(wall * draw.uniform(0.45, 0.9))
        if kind == "door":
            pen.rectangle([at, edge * 0.2, at + 0.22 * SIDE, edge], fill=dark)
            pen.ellipse([at + 8, edge * 0.62, at + 16, edge * 0.62 + 8], fill=(205, 180, 120))
        elif kind == "shelf":
            for k in range(3):
                pen.rectangle([at, edge * (0.3 + 0.2 * k), at + 0.3 * SIDE, edge * (0.3 + 0.2 * k) + 8], fill=dark)
        elif kind == "frame":
            pen.rectangle([at, 0.15 * edge, at + 90, 0.45 * edge], outline=dark, width=6)
        elif kind == "plant":
            for a in np.linspace(-1.1, 1.1, 9):
                tip = (at + 80 * np.sin(a), edge - 110 * np.cos(a) * draw.uniform(0.7, 1.1))
                pen.line([(at, edge - 20), tip], fill=(60, 110, 70), width=9)
            pen.rectangle([at - 20, edge - 24, at + 20, edge + 14], fill=dark)
    return board(draw, np.array(image))


def stamps(draw: Draw) -> Parts:
    """Rows of small black figures in a thin frame, as sellers show the motifs of stamping plates and stickers."""
    image = Image.new("RGB", (SIDE, int(SIDE * draw.uniform(0.4, 0.8))), (255, 255, 255))
    pen, height = ImageDraw.Draw(image), image.height
    pen.rounded_rectangle([6, 6, SIDE - 7, height - 7], radius=draw.choice(2, 24), outline=(30, 30, 30), width=2)
    rows = draw.integer(3, 5)
    tall = (height - 36) / rows
    columns = int((SIDE - 36) / tall)
    for k in range(rows * columns):
        x, y = 18 + (k % columns + 0.5) * (SIDE - 36) / columns, 18 + (k // columns + 0.5) * tall
        size = 0.42 * tall
        if draw.chance(0.2):
            word = invented_name(draw)[:5].upper()
            pen.text((x, y), word, fill=(15, 15, 15), font=font(draw, max(8, int(0.6 * size))), anchor="mm")
            continue
        # A figure that is the same left and right: heads, hearts, leaves, creatures.
        reach = size * np.clip(draw.rng.uniform(0.35, 1.0, 8) + 0.1, 0, 1)
        angle = np.linspace(0, np.pi, 8)
        half = [(float(r * np.sin(a)), float(-r * np.cos(a))) for r, a in zip(reach, angle, strict=True)]
        outline = [(x + a, y + b) for a, b in half] + [(x - a, y + b) for a, b in reversed(half)]
        pen.polygon(outline, fill=(15, 15, 15) if draw.chance(0.6) else None, outline=(15, 15, 15))
        for side in (-1, 1):
            dot = [x + 0.2 * side * size - 2, y - 0.1 * size - 2, x + 0.2 * side * size + 2, y - 0.1 * size + 2]
            pen.ellipse(dot, fill=(245, 245, 245), outline=(15, 15, 15))
    return board(draw, np.array(image))


def headset(draw: Draw) -> Parts:
    """A helmet or visor of lamps: two bands over the head, a dark shield before the face, a knob on top."""
    a = np.linspace(0.0, np.pi, 40)
    y = np.linspace(0.0, draw.uniform(0.45, 0.8), 6)
    shield = np.stack(np.broadcast_arrays(0.9 * np.cos(a)[:, None], y[None], 0.9 * np.sin(a)[:, None]), 2)
    bands = [ring(0.88, 0.1, 0, 180).moved(y=0.6), ring(0.86, 0.08, 0, 180).turned("y", 90).moved(y=0.6)]
    back = [ring(0.88, 0.07, 180, 360).turned("x", 90).moved(y=0.55)]
    shell = paint(draw, (0.1, 0.35))
    trim = rod(np.stack([0.92 * np.cos(a), 0 * a + float(y[-1]), 0.92 * np.sin(a)], 1), 0.05)
    parts = [
        Part(joined([*bands, *back, ball(0.14).moved(y=1.42)]), shell), Part(trim, polished(draw)),
        Part(sheet(shield), shell if draw.chance(0.4) else prop(grey(draw, 0.02, 0.08), 0.1)),
    ]  # fmt: skip
    return turned(parts, "y", draw.uniform(-50, 50))


def massager(draw: Draw) -> Parts:
    """An electric handle for the face: two balls on a fork, a tilted plate of metal, or a row of teeth."""
    shell = paint(draw, (0.1, 0.45))
    grip = lathe([(0, 0), (0.16, 0.02), (0.2, 0.5), (0.15, 1.1), (0.16, 1.5), (0.1, 1.62)], crease=80)
    kind = draw.choice("balls", "plate", "teeth")
    if kind == "balls":
        arms = [rod([(0, 1.5, 0), (0.22 * s, 1.75, 0), (0.36 * s, 1.95, 0)], 0.06) for s in (-1, 1)]
        heads = [ball(0.24).moved(0.42 * s, 1.85) for s in (-1, 1)]
        return [Part(joined([grip, *arms]), shell), Part(joined(heads), polished(draw))]
    if kind == "teeth":
        pins = [
            cylinder(0.035, 0.3, bevel=0.01).moved(-0.3 + 0.1 * j, 1.75, z) for j in range(7) for z in (-0.08, 0.08)
        ]
        return [
            Part(joined([grip, box(0.8, 0.2, 0.34, 0.05).moved(y=1.58)]), shell),
            Part(joined(pins), polished(draw)),
        ]
    disc, face = cylinder(0.34, 0.16, bevel=0.05), cylinder(0.27, 0.02, bevel=0.008).moved(y=0.16)
    tilt = draw.uniform(50, 85)
    head = [Part(joined([grip, disc.turned("x", tilt).moved(y=1.7)]), shell)]
    button = cylinder(0.06, 0.03, bevel=0.01).turned("x", 90).moved(y=0.8, z=0.17)
    head.append(Part(joined([face.turned("x", tilt).moved(y=1.7), button]), polished(draw)))
    return list(placed(head))
