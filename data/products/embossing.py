"""Pressed powder: its embossed relief as geometry, and marbled or patched colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates

from data.draw import Draw
from data.label import font, invented_name
from data.material import Material, cosmetic, noise
from data.mesh import Mesh, sheet

SIDE = 192  # texels of a relief; about one a pixel for a pan that fills a picture
ROWS = 100  # vertices along a pan: embossed letters stay crisp
SMOOTH_ROWS = 36  # enough for the outline of a pan without relief
EXPONENTS = {"round": 2.0, "soft": 4.0, "square": 8.0, "sharp": 28.0}
KINDS = {
    "smooth": 4.0, "linen": 1.6, "letters": 1.6, "name": 1.6, "rays": 1.0, "waves": 0.7, "quilt": 0.8, "flower": 0.8,
    "stripes": 0.7, "braid": 0.5, "drips": 0.3, "dots": 0.4, "frame": 0.6,
}  # fmt: skip


def relief(draw: Draw) -> np.ndarray:
    """An embossed pattern (SIDE, SIDE) in [0, 1], 1 for the untouched surface and 0 for what is pressed in."""
    kind = draw.weighted(KINDS)
    y, x = 2 * np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1) - 1
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    if kind == "smooth":
        return np.ones((SIDE, SIDE))
    if kind == "linen":
        k = draw.uniform(50, 80)
        return 0.75 + 0.25 * np.maximum(np.sin(k * x), np.sin(k * y) if draw.chance(0.6) else -1)
    if kind in ("letters", "name"):
        return _lettered(draw, kind, x, y)
    if kind == "frame":
        inset = draw.uniform(0.72, 0.86)
        edge = np.abs((np.abs(x) ** 8 + np.abs(y) ** 8) ** (1 / 8) if draw.chance(0.5) else radius) - inset
        return 1 - np.exp(-((edge / 0.02) ** 2)) * 1.0
    if kind == "rays":
        rays = np.abs(np.sin(angle * draw.integer(7, 20))) ** draw.uniform(0.35, 0.8)
        core = draw.uniform(0.12, 0.34)
        return np.where(radius < core, 1.0, np.where(radius < core + 0.03, 0.1, rays))
    patterns: dict[str, Callable[[], np.ndarray]] = {
        "waves": lambda: (
            0.5 + 0.5 * np.sin(draw.uniform(9, 26) * (y + draw.uniform(0.1, 0.3) * np.sin(3 * x + radius)))
        ),
        "quilt": lambda: _quilt(x, y, draw.uniform(4, 11)),
        "flower": lambda: _petals(draw, radius, angle),
        "stripes": lambda: (
            (np.sin(draw.uniform(14, 44) * (x * np.cos(t := draw.uniform(0, 3)) + y * np.sin(t))) > 0) * 1.0
        ),
        "braid": lambda: 0.5 + 0.5 * np.sin(
            24 * y + 4 * np.abs(((x * draw.uniform(3, 5)) % 2) - 1) * draw.uniform(2, 4)
        ),
        "drips": lambda: (y < -0.35 + 0.5 * noise(draw.rng, SIDE, 20)[:1] * draw.uniform(1, 2)) * 0.7 + 0.3,
        "dots": lambda: (
            np.hypot((x * (k := draw.uniform(4, 9))) % 1 - 0.5, (y * k) % 1 - 0.5) > draw.uniform(0.15, 0.35)
        ) * 1.0,
    }  # fmt: skip
    return gaussian_filter(np.clip(patterns[kind](), 0, 1), 0.8)


def _quilt(x: np.ndarray, y: np.ndarray, k: float) -> np.ndarray:
    """Cushions between two families of diagonal lines."""
    return (np.abs(np.sin((x + y) * k)) * np.abs(np.sin((x - y) * k))) ** 0.4


def _petals(draw: Draw, radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Two or three rings of petals about a button."""
    count, height = draw.integer(5, 9), np.ones_like(radius)
    for ring, reach in enumerate((0.92, 0.62, 0.34)):
        edge = reach * (0.72 + 0.28 * np.abs(np.cos((angle + ring * np.pi / count / 2) * count / 2)) ** 0.7)
        height *= 1 - 0.9 * np.exp(-(((radius - edge) / 0.028) ** 2))
    return height


def _lettered(draw: Draw, kind: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """One to three large letters, or a name, sometimes within a border or over fine stripes."""
    image = Image.new("L", (SIDE, SIDE), 0)
    pen = ImageDraw.Draw(image)
    word = invented_name(draw)
    text = word[: draw.integer(1, 2)].upper() if kind == "letters" else word
    share = draw.uniform(0.35, 0.7) if kind == "letters" else draw.uniform(0.12, 0.24)
    face = font(draw, int(share * SIDE))
    if kind == "letters" and draw.chance(0.5):
        pen.text((SIDE / 2, SIDE / 2), text, fill=0, font=face, anchor="mm", stroke_width=3, stroke_fill=255)
        pen.text((SIDE / 2, SIDE / 2), text, fill=0, font=face, anchor="mm")
    else:
        pen.text((SIDE / 2, SIDE / 2), text, fill=255, font=face, anchor="mm")
    mark = gaussian_filter(np.array(image) / 255.0, 0.6)
    if draw.chance(0.25):
        ground = 0.8 + 0.2 * np.sin(draw.uniform(40, 70) * (x + y * draw.choice(0.0, 1.0, -1.0)))
        return np.asarray(ground * (1 - mark))
    return 1 - mark


def pressed(
    half_width: float,
    half_depth: float,
    section: str,
    y: float,
    height: np.ndarray | None = None,
    *,
    strength: float = 0.03,
    dome: float = 0.0,
    rows: int = ROWS,
) -> Mesh:
    """A pan's powder from above, `height` (N, N) in [0, 1] pressed `strength` deep into it; its edge is rounded."""
    if height is None or height.min() > 1 - 1e-6:
        rows, height = min(rows, SMOOTH_ROWS), None
    a, b = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, rows))
    e = EXPONENTS[section]
    reach = np.maximum(np.abs(a), np.abs(b))
    norm = (np.abs(a) ** e + np.abs(b) ** e) ** (1 / e) + 1e-9
    px, pz = a * reach / norm, b * reach / norm
    rise = 1 - px**2 - pz**2 if section == "round" else (1 - px**2) * (1 - pz**2)
    level = y + dome * rise - 0.02 * np.clip((reach - 0.94) / 0.06, 0, 1) ** 2
    if height is not None:
        side = height.shape[0] - 1
        where = [(pz + 1) / 2 * side, (px + 1) / 2 * side]
        level = level - strength * (1 - map_coordinates(height, where, order=1, mode="nearest"))
    points = np.stack([px * half_width, level, pz * half_depth], 2)
    return sheet(points).planar(2 * half_width, 2 * half_depth)


def powder(draw: Draw, colour: np.ndarray, finish: str, height: np.ndarray | None = None) -> Material:
    """Pressed powder: what is embossed lies a little in its own shade."""
    return cosmetic(draw, colour, finish, None if height is None else 0.45 * (1 - height))


def blended(draw: Draw, material: Material, first: np.ndarray, second: np.ndarray) -> Material:
    """The powder with part of its surface in a second colour: veins, swirls, an ombre or round patches."""
    side = material.texture.shape[0]
    y, x = 2 * np.mgrid[0:side, 0:side] / (side - 1) - 1
    kind = draw.weighted({"veins": 3, "swirl": 1.5, "ombre": 1.2, "patches": 1})
    if kind == "ombre":
        share = np.clip(0.5 + draw.uniform(0.6, 4) * (x + draw.uniform(-0.2, 0.4)), 0, 1)
    elif kind == "patches":
        centres = draw.rng.uniform(-0.8, 0.8, (draw.integer(4, 8), 2))
        nearest = np.min([np.hypot(x - cx, y - cy) for cx, cy in centres], 0)
        share = (nearest < draw.uniform(0.2, 0.3)) * 1.0
    else:
        warp = sum(noise(draw.rng, side, c)[:side, :side] * c / 30 for c in (16, 34, 60))
        turn = np.arctan2(y, x) if kind == "swirl" else 0.0
        phase = draw.uniform(3, 6) * (x * draw.uniform(-1, 1) + y) + draw.uniform(3, 6) * warp + turn
        share = np.clip(0.5 + draw.uniform(1.5, 4) * (np.sin(phase) - draw.uniform(0.1, 0.5)), 0, 1)
    ratio = (second + 0.02) / (first + 0.02)
    texture = material.texture * (1 + gaussian_filter(share, 0.7)[..., None] * (ratio - 1))
    return material.painted(np.clip(texture, 0, 255).astype(np.uint8))
