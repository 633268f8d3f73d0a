"""Print without a ground, as on glass: letters that are thin shapes of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.finish import rainbow
from data.label import font, invented_name
from data.material import METALS, Material, plain
from data.mesh import Mesh

ROWS = 34  # texels of a line's height; runs of inked texels become rectangles


def lettering(draw: Draw, width: float, lines: int = 1) -> Mesh:
    """An invented name over `lines - 1` lines of small print, `width` wide, centred in the x-y plane, facing +z."""
    image = Image.new("L", (ROWS * 14, int(ROWS * (1.3 + 0.9 * (lines - 1)))), 0)
    pen = ImageDraw.Draw(image)
    middle, y = image.width / 2, 0.65 * ROWS
    for line in range(lines):
        face = font(draw, int(ROWS * (1.0 if line == 0 else 0.42)))
        pen.text((middle, y), invented_name(draw), fill=255, font=face, anchor="mm")
        y += 0.9 * ROWS
    left, top, right, bottom = image.getbbox() or (0, 0, 1, 1)
    inked = np.pad(np.asarray(image)[top:bottom, left:right] > 110, ((0, 0), (1, 1)))
    edges = np.diff(inked.astype(np.int8), axis=1)
    row, start = np.nonzero(edges == 1)
    end = np.nonzero(edges == -1)[1]  # in the same row-major order: every run that starts also ends
    scale = width / max(right - left, 1)
    x0, x1 = (start - (right - left) / 2) * scale, (end - (right - left) / 2) * scale
    y1 = ((bottom - top) / 2 - row) * scale
    flat = np.zeros(len(row))
    corners = [(x0, y1 - scale), (x1, y1 - scale), (x1, y1), (x0, y1)]
    vertices = np.stack([np.stack([x, y, flat], 1) for x, y in corners], 1).reshape(-1, 3)
    first = 4 * np.arange(len(row))[:, None]
    faces = np.concatenate([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])])
    normals = np.broadcast_to([0.0, 0.0, 1.0], vertices.shape).copy()
    along = 0.5 + vertices[:, :2] / max(width, 1e-6)  # texture runs once over the print's width
    return Mesh(vertices, faces, normals, np.clip(along, 0, 1))


def on_front(print_: Mesh, reach: Callable[[np.ndarray], np.ndarray], depth: float, rounded: bool) -> Mesh:
    """The print laid on the front of a lathe whose half width at height y is `reach(y)`."""
    x, y = print_.vertices[:, 0], print_.vertices[:, 1]
    r = reach(y) + 0.006
    angle = np.clip(x / r, -1.3, 1.3) if rounded else 0 * x
    across = r * np.sin(angle) if rounded else x
    front = r * np.cos(angle) * depth
    normals = np.stack([np.sin(angle), 0 * angle, np.cos(angle)], 1)
    return replace(print_, vertices=np.stack([across, y, front + 0.004], 1), normals=normals)


def ink(draw: Draw, ground: np.ndarray) -> Material:
    """White, black, metal or holographic foil that stands out from what lies behind it."""
    kind = draw.weighted({"plain": 3.5, "silver": 1.2, "gold": 1.2, "holographic": 0.7})
    if kind == "holographic":
        ramp = rainbow(np.linspace(0, draw.uniform(0.8, 2.5), 64) + draw.uniform(0, 1))
        foil = np.broadcast_to(0.3 + 0.7 * ramp, (64, 64, 3))
        return Material((foil * 255).astype(np.uint8), 0.25, 0.6, name="print")
    if kind != "plain":
        return plain(np.array(METALS[kind]), 0.2, "print", metallic=0.8)
    return plain(np.full(3, 0.04 if ground.mean() > 0.55 else 0.95), 0.4, "print")
