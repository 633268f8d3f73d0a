"""False eyelashes in trays, boxes and alone: rows of pairs, as shops show them from above."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import picture
from data.material import prop
from data.mesh import Mesh, box, joined, sheet
from data.product import Part
from data.products.paints import Parts, paint
from data.products.shapes import grey, hue


def strip(draw: Draw, style: tuple[float, float, float, int], mirror: int) -> Mesh:
    """One strip 2 wide about the origin, lying; `style` is hair length, outward lean, cat-eye pull, hair count."""
    long, lean, pull, count = style
    x = np.linspace(-1, 1, 24)
    sag = 0.34

    def base(at: float) -> np.ndarray:
        return np.array([at, 0.0, -sag * (at * at - 0.5)])

    pieces = [_blade(np.stack([x, 0.05 + 0 * x, -sag * (x * x - 0.5)], 1), np.full(24, 0.03))]
    for k in range(count):
        at = 2 * (k + draw.uniform(-0.3, 0.3)) / (count - 1) - 1
        at = float(np.clip(at, -1, 1))
        reach = long * (0.62 + 0.38 * np.cos(1.3 * (at - pull))) * (1.0 if k % 3 else 0.72) * draw.uniform(0.85, 1.08)
        s = np.linspace(0, 1, 7)
        angle = lean * at + 0.25 * pull + draw.normal(0.1) + 0.5 * (at + 0.3 * pull) * s
        step = np.stack([np.sin(angle), 0 * s, -np.cos(angle)], 1) * reach / 6
        path = base(at) + np.concatenate([np.zeros((1, 3)), np.cumsum(step[:-1], 0)])
        path[:, 1] = 0.05 + 0.12 * s * (1 - 0.4 * s) + 0.004 * (k % 5)
        pieces.append(_blade(path, 0.021 * (1 - s) ** 0.6 + 0.0015))
    mesh = joined(pieces)
    return Mesh(mesh.vertices * [mirror, 1, 1], mesh.faces[:, ::mirror], mesh.normals * [mirror, 1, 1], mesh.uv)


def _blade(path: np.ndarray, half: np.ndarray) -> Mesh:
    """A flat two-sided band along `path` (n, 3), `half` (n,) wide to either side."""
    along = np.gradient(path[:, [0, 2]], axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    side = np.stack([-along[:, 1], 0 * half, along[:, 0]], 1) * half[:, None]
    return sheet(np.stack([path - side, path + side], 1))


def lashes(draw: Draw) -> Parts:
    """A tray of one to six rows of pairs, open box, card or bare strips; sometimes one more strip beside it."""
    rows = draw.weighted({1: 1.5, 2: 0.8, 3: 1.5, 4: 1.2, 5: 3, 6: 0.6, 7: 0.8})
    holder = draw.weighted({"tray": 4, "card": 1.5, "box": 2, "none": 1})
    style = (draw.uniform(0.55, 1.1), draw.uniform(0.2, 0.8), draw.uniform(-0.2, 0.7), draw.integer(34, 60))
    pitch = 0.85 + 0.6 * style[0]
    flip = draw.chance(0.4)
    strips = []
    for row in range(rows):
        for s in (-1, 1):
            z = pitch * (row - (rows - 1) / 2) + 0.3 * style[0]
            one = strip(draw, style, s)
            strips.append((one.turned("y", 180) if flip else one).moved(x=s * 1.22, z=z))
    hair = prop(np.array(draw.choice((0.02, 0.02, 0.02), (0.02, 0.02, 0.02), (0.16, 0.09, 0.06))), 0.55)
    wide, deep = 5.2, pitch * rows + 0.5
    parts: Parts = []
    tray_colour = (
        grey(draw, 0.93, 0.99)
        if draw.chance(0.7)
        else draw.choice(grey(draw, 0.03, 0.08), hue(draw, (0.2, 0.6), (0.6, 0.9)))
    )
    if holder in ("tray", "box"):
        rim = 0.22
        bars = [box(wide + 0.5, 0.3, 0.25, 0.05).moved(z=s * (deep / 2 + 0.1)) for s in (-1, 1)]
        bars += [box(0.25, 0.3, deep + 0.4, 0.05).moved(x=s * (wide / 2 + 0.1)) for s in (-1, 1)]
        surface = prop(tray_colour, 0.25 if draw.chance(0.6) else 0.7)
        pale = tray_colour.mean() > 0.4 or draw.chance(0.1)
        floor = prop(np.clip(tray_colour * 0.985, 0, 1) if pale else grey(draw), 0.5)
        parts = [Part(joined(bars).moved(y=-rim), surface), Part(box(wide, 0.03, deep, 0.005).moved(y=-0.01), floor)]
    elif holder == "card":
        card = box(wide, 0.03, deep + 1.2, 0.005).moved(y=-0.01, z=-0.5).planar(wide, deep + 1.2)
        surface = prop(tray_colour, 0.6)
        parts = [Part(card, surface.painted(_heading(draw, surface.colour)))]
    parts.append(Part(joined(strips), hair))
    if holder == "box" and draw.chance(0.6):
        lid = box(wide + 0.5, 0.12, deep + 0.5, 0.03).planar(wide + 0.5, deep + 0.5)
        cover = paint(draw)
        parts.append(Part(lid.moved(x=draw.sign() * (wide + 1), y=-0.2), cover.painted(picture(draw, cover.colour))))
    if draw.chance(0.25):
        spare = strip(draw, style, 1).turned("y", draw.uniform(0, 360)).moved(draw.normal(1), 0, deep / 2 + 1.2)
        parts.append(Part(spare, hair))
    scale = min(2.2 / wide, 4.5 / (deep + 2.0))
    return [Part(Mesh(p.mesh.vertices * scale, p.mesh.faces, p.mesh.normals, p.mesh.uv), p.material) for p in parts]


def _heading(draw: Draw, colour: np.ndarray) -> np.ndarray:
    """A card whose print stands in its upper part."""
    label = picture(draw, colour)
    image = np.empty_like(label)
    image[:] = (np.clip(colour, 0, 1) * 255).astype(np.uint8)
    deep = len(label) // 6
    image[:deep] = label[2 * deep : 3 * deep]
    return image
