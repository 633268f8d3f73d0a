"""Things for nails that are no polish: stamping plates, stickers, oil, lamps, press-on nails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.label import font, invented_name
from data.material import prop
from data.mesh import Mesh, box, cylinder, joined, lathe, plate, sheet
from data.product import Part
from data.products.paints import Parts, glass, paint, polished, scenery
from data.products.shapes import bead, grey, hue

PLATE = 448  # texels along a stamping plate


def motifs(draw: Draw, width: int, height: int, ground: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """A picture (height, width, 3) uint8 of small motifs in rows: words, hearts, stars, flowers, rings, tiles."""
    tone, line = (tuple(int(255 * v) for v in np.clip(c, 0, 1)) for c in (ground, ink))
    image = Image.new("RGB", (width, height), tone)
    pen = ImageDraw.Draw(image)
    rows = draw.integer(3, 6)
    cell = height / rows
    pen.rounded_rectangle([3, 3, width - 4, height - 4], radius=int(height * 0.08), outline=line, width=2)
    for row in range(rows):
        x = 0.3 * cell
        while x < width - cell:
            wide = cell * draw.choice(0.9, 0.9, 0.9, 1.8)
            cx, cy, r = x + wide / 2, (row + 0.5) * cell, 0.33 * cell
            kind = draw.weighted(
                {"word": 1.5, "star": 1, "heart": 1, "flower": 1.2, "ring": 0.8, "tile": 0.8, "face": 0.8}
            )
            a = np.linspace(0, 2 * np.pi, 60)
            if kind == "word":
                pen.text((cx, cy), invented_name(draw)[:6], fill=line, font=font(draw, int(0.34 * cell)), anchor="mm")
            elif kind in ("star", "heart", "flower"):
                k = draw.integer(4, 8)
                radius = {
                    "star": r * (0.7 + 0.3 * np.sign(np.cos(5 * a))), "heart": r * (0.75 + 0.25 * np.abs(np.sin(a))),
                    "flower": r * (0.72 + 0.28 * np.cos(k * a)),
                }[kind]  # fmt: skip
                outline = list(zip(cx + radius * np.cos(a), cy + radius * np.sin(a), strict=True))
                if draw.chance(0.6):
                    pen.polygon(outline, fill=line)
                else:
                    pen.line(outline, fill=line, width=2)
            elif kind == "ring":
                pen.ellipse([cx - r, cy - r, cx + r, cy + r], outline=line, width=draw.integer(1, 4))
                pen.line([cx - r, cy, cx + r, cy], fill=line, width=2)
            elif kind == "tile":
                pen.rectangle([cx - r, cy - r, cx + r, cy + r], outline=line, width=2)
                for k in range(4):
                    pen.line([cx - r + k * r / 2, cy - r, cx - r, cy - r + k * r / 2], fill=line, width=2)
                    pen.line([cx + r - k * r / 2, cy + r, cx + r, cy + r - k * r / 2], fill=line, width=2)
            else:
                pen.ellipse([cx - r, cy - r, cx + r, cy + r], fill=line)
                for s in (-1, 1):
                    pen.ellipse([cx + s * r * 0.4 - 2, cy - 3, cx + s * r * 0.4 + 2, cy + 2], fill=tone)
                pen.arc([cx - r / 2, cy - r / 4, cx + r / 2, cy + r / 2], 20, 160, fill=tone, width=2)
            x += wide
    return np.array(image)


def stamping_plate(draw: Draw) -> Parts:
    """A flat plate or stencil of nail motifs, oblong, square or round: white, steel or black."""
    ground = draw.choice(grey(draw, 0.95, 1.0), grey(draw, 0.95, 1.0), grey(draw, 0.6, 0.8), np.full(3, 0.07))
    ink = np.full(3, 0.05 if ground.mean() > 0.3 else 0.92)
    shape = draw.choice("oblong", "oblong", "square", "round")
    wide, deep = {"oblong": (2.4, draw.uniform(1.0, 1.3)), "square": (1.8, 1.8), "round": (1.8, 1.8)}[shape]
    texture = motifs(draw, PLATE, int(PLATE * deep / wide), ground, ink)
    if shape == "round":
        top = plate(0.9, 0.045, dome=0.0)
        return [Part(cylinder(0.93, 0.04, bevel=0.01), polished(draw)), Part(top, prop(ground, 0.3).painted(texture))]
    surface = prop(ground, draw.uniform(0.15, 0.5)).painted(texture)
    return [Part(box(wide, 0.04, deep, 0.01).planar(wide, deep), surface)]


def stencils(draw: Draw) -> Parts:
    """A sheet of nail stickers: strips of colour or motifs on white film."""
    texture = motifs(draw, 300, 420, grey(draw, 0.93, 1.0), hue(draw, (0.3, 0.9), (0.2, 0.6)))
    return [Part(box(1.3, 0.012, 1.9, 0.003).planar(1.3, 1.9), prop((0.95, 0.95, 0.95), 0.4).painted(texture))]


def cuticle_oil(draw: Draw) -> Parts:
    """A small clear bottle of yellow oil with a black brush or dropper cap, and dried flowers near it."""
    tint = np.array(draw.choice((0.93, 0.72, 0.08), (0.95, 0.82, 0.3), (0.85, 0.5, 0.1)))
    section = draw.choice("square", "soft", "round")
    wall = cylinder(0.42, 0.95, section, 0.08)
    fluid = cylinder(0.37, draw.uniform(0.6, 0.82), section, 0.05).moved(y=0.06)
    dark = prop(grey(draw, 0.02, 0.05), 0.2)
    if draw.chance(0.6):
        cap = joined(
            [cylinder(0.16, 0.1).moved(y=0.93), lathe([(0.22, 0), (0.22, 0.1), (0.17, 1.0), (0, 1.0)]).moved(y=1.0)]
        )
    else:
        cap = joined(
            [cylinder(0.24, 0.3).moved(y=0.93), lathe([(0.15, 0), (0.17, 0.3), (0.08, 0.5), (0, 0.52)]).moved(y=1.2)]
        )
    seeds = [
        bead(draw.uniform(0.03, 0.07)).moved(draw.uniform(-1.4, -0.6), draw.uniform(0, 0.3), draw.normal(0.4))
        for _ in range(30)
    ]
    parts = [Part(wall, glass(draw)), Part(fluid, prop(tint, 0.1)), Part(cap, dark)]
    if draw.chance(0.6):
        parts.append(Part(joined(seeds), prop((0.85, 0.66, 0.4), 0.9)))
    return parts


def nail_lamp(draw: Draw) -> Parts:
    """An arch over an opening with violet light inside."""
    a, depth = np.linspace(0.0, np.pi, 30), np.linspace(-0.8, 0.8, 12)

    def arch(w: float, h: float) -> Mesh:
        shape = np.broadcast_arrays(w * np.cos(a)[:, None], h * np.sin(a)[:, None] ** 0.6, depth[None])
        return sheet(np.stack(shape, 2))

    glow = prop(np.array(draw.choice((0.45, 0.35, 0.85), (0.2, 0.15, 0.3), (0.6, 0.7, 0.95))))
    shell = prop(grey(draw), 0.25) if draw.chance(0.6) else paint(draw)
    return [
        Part(arch(1.1, 0.8), shell), Part(arch(0.95, 0.66), glow),
        Part(box(1.9, 0.6, 0.04, 0.01).moved(z=-0.75), glow), Part(box(2.1, 0.04, 1.6, 0.01), prop(grey(draw, 0.7))),
    ]  # fmt: skip


def false_nails(draw: Draw) -> Parts:
    """Rows of press-on nails in a tray or on a card."""
    rows, columns = draw.integer(2, 4), draw.integer(5, 6)
    colour = hue(draw, (0.1, 0.8), (0.3, 0.9))
    nails = []
    for i in range(rows):
        for j in range(columns):
            size = 0.13 + 0.04 * ((j * 7) % 5) / 4
            u, v = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1.4, 14))
            tip = np.sqrt(np.clip(1 - np.clip((v - 0.4) / 1.02, 0, 1) ** 2 * 0.9, 0.02, 1))
            points = np.stack([size * u * tip, 0.05 + 0.06 * (1 - u**2), -0.24 * v], 2)
            nails.append(sheet(points).moved(0.42 * (j - (columns - 1) / 2), 0, 0.8 * (i - (rows - 1) / 2)))
    card = box(0.45 * columns + 0.3, 0.03, 0.85 * rows + 0.2, 0.01)
    surface = replace(prop(colour, 0.12), coat=0.8)
    return [
        Part(card, prop(grey(draw) if draw.chance(0.7) else grey(draw, 0.03, 0.1))),
        Part(joined(nails), scenery(surface)),
    ]
