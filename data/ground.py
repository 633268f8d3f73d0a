"""What products stand on: studio sweeps that curve up into the wall, and tables of stone, wood, cloth, paper, water."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.material import PASTELS, STRONG, Material, plain, prop
from data.mesh import Mesh, box, sheet

SIDE = 384  # texels of a texture, which repeats without a seam every REPEAT units
REPEAT = 7.0
PEACHES = ((0.97, 0.72, 0.55), (0.98, 0.80, 0.70), (0.95, 0.68, 0.66), (0.96, 0.82, 0.80), (0.93, 0.62, 0.42))
# Coloured paper as studios buy it for lips and cheeks: warm above all.
PAPERS = (("red", (0.78, 0.09, 0.12)), ("red", (0.86, 0.16, 0.14)), ("coral", (0.93, 0.40, 0.32)),
          ("coral", (0.90, 0.46, 0.44)), ("berry", (0.66, 0.12, 0.30)), ("burgundy", (0.37, 0.07, 0.12)),
          ("brown", (0.47, 0.24, 0.17)), ("brown", (0.62, 0.36, 0.26)), ("orange", (0.97, 0.58, 0.33)),
          ("orange", (0.95, 0.47, 0.18)), ("peach", (0.97, 0.72, 0.55)), ("peach", (0.97, 0.80, 0.69)),
          ("pink", (0.95, 0.66, 0.72)), ("pink", (0.89, 0.30, 0.50)), ("pink", (0.93, 0.78, 0.79)),
          ("beige", (0.87, 0.77, 0.66)), ("lilac", (0.78, 0.69, 0.89)), ("purple", (0.45, 0.24, 0.60)),
          ("blue", (0.62, 0.78, 0.90)), ("blue", (0.25, 0.50, 0.82)), ("teal", (0.10, 0.55, 0.60)),
          ("green", (0.68, 0.83, 0.68)), ("green", (0.16, 0.42, 0.28)), ("yellow", (0.97, 0.86, 0.48)),
          ("grey", (0.80, 0.79, 0.78)), ("black", (0.05, 0.05, 0.055)))  # fmt: skip
SURFACES = {"marble": 1.6, "wooden": 1.1, "cloth": 1.2, "stone": 1.3, "terrazzo": 0.5, "paper": 0.6, "tiled": 0.5,
            "water": 0.5, "acrylic": 0.6, "plaster": 1.2}  # fmt: skip


def sweep(draw: Draw, kind: str) -> Material:
    """Studio paper: "white", "grey", "pastel", "peach" or "strong"."""
    if kind == "white":
        return prop(np.full(3, draw.uniform(0.9, 0.97)) + draw.rng.normal(0, 0.006, 3), name="white")
    if kind == "grey":
        return prop(np.full(3, draw.uniform(0.55, 0.86)) + draw.rng.normal(0, 0.012, 3), name="grey")
    if kind == "peach":
        colour = np.clip(np.array(draw.choice(*PEACHES)) + draw.rng.normal(0, 0.03, 3), 0.1, 0.98)
        return prop(colour, name="pink" if colour[1] - colour[2] < 0.05 else "peach")
    colours = STRONG if kind == "strong" else PASTELS
    name = draw.choice(*colours)
    return prop(np.clip(np.array(colours[name]) + draw.rng.normal(0, 0.04, 3), 0.03, 0.98), name=name)


def paper(draw: Draw) -> Material:
    """Plain coloured paper, saturated or pale."""
    name, colour = draw.choice(*PAPERS)
    tone = np.clip(np.array(colour) * draw.uniform(0.9, 1.06) + draw.rng.normal(0, 0.025, 3), 0.02, 0.98)
    return prop(tone, draw.uniform(0.55, 0.9), name)


def second_paper(draw: Draw, flat: bool, low: np.ndarray, high: np.ndarray, first: Material) -> tuple[Mesh, Material]:
    """A sheet of another colour: under half of the picture seen from above (`flat`), or as the wall behind a product.

    `low` and `high` (3,) bound the product.
    """
    size = float(max(high - low))
    other = paper(draw)
    if draw.chance(0.4):  # a lighter or darker tone of the first
        gain = draw.uniform(0.6, 0.85) if first.colour.mean() > 0.45 else draw.uniform(1.2, 1.6)
        other = prop(np.clip(first.colour * gain, 0.02, 0.97), 0.7, first.name)
    middle = (low + high) / 2
    if flat:
        sheet_ = box(16 * size, 0.004, 16 * size, 0.001).moved(x=8 * size + draw.uniform(-0.4, 0.4) * size, y=-0.0015)
        turn = draw.choice(0.0, 90.0, 180.0, 270.0, draw.uniform(0, 360))
        return sheet_.turned("y", turn).moved(x=float(middle[0]), z=float(middle[2])), other
    wall = box(24 * size, 12 * size, 0.02, 0.004)
    return wall.moved(y=-0.01, z=float(low[2]) - size * draw.uniform(0.12, 0.7)), other


def surface(draw: Draw, kind: str | None = None) -> Material:
    """A table with a grain of its own; `kind` is one of SURFACES."""
    kind = kind or draw.weighted(SURFACES)
    palette = PASTELS if draw.chance(0.75) else STRONG
    name = draw.choice(*palette)
    colour = np.clip(np.array(palette[name]) + draw.rng.normal(0, 0.05, 3), 0.03, 0.98)
    if kind == "acrylic":
        return plain(colour, 0.05, name, coat=0.6, region=BACKGROUND)
    if kind == "cloth" and draw.chance(0.4):
        name, colour = "grey", np.full(3, draw.uniform(0.2, 0.9))
    texture, rough, title = {
        "marble": lambda: (_marble(draw), draw.uniform(0.08, 0.4), "marble"),
        "wooden": lambda: (_wood(draw), 0.5, "wooden"),
        "cloth": lambda: (_cloth(draw, colour), 0.9, f"{name} cloth"),
        "stone": lambda: (_stone(draw, draw.uniform(0.25, 0.75), 0.3), 0.8, "stone"),
        "plaster": lambda: (_stone(draw, draw.uniform(0.72, 0.95), 0.1), 0.8, "plaster"),
        "terrazzo": lambda: (_terrazzo(draw), 0.3, "terrazzo"),
        "paper": lambda: (_paper(draw, colour), 0.8, f"{name} paper"),
        "tiled": lambda: (_tiles(draw, colour), 0.15, "tiled"),
        "water": lambda: (_water(draw, colour), 0.06, "water"),
    }[kind]()
    return Material((np.clip(texture, 0, 1) * 255).astype(np.uint8), rough, specular=0.4, name=title, region=BACKGROUND)


def table(extent: float) -> Mesh:
    """A flat table (2 extent)^2 at y = 0."""
    grid = np.array([[[-1, 0, -1], [1, 0, -1]], [[-1, 0, 1], [1, 0, 1]]]) * extent
    return _tiled(sheet(grid.astype(float)))


def cove(extent: float, back: float, radius: float) -> Mesh:
    """A table that curves with `radius` into a wall which stands `back` behind the origin; no horizon shows."""
    bend = np.linspace(0, np.pi / 2, 14)
    depth = np.concatenate([[extent], -back + radius - radius * np.sin(bend), [-back]])
    height = np.concatenate([[0.0], radius - radius * np.cos(bend), [max(extent, radius + 1)]])
    grid = np.zeros((len(depth), 2, 3))
    grid[:, 0, 0], grid[:, 1, 0] = -extent, extent
    grid[..., 1], grid[..., 2] = height[:, None], depth[:, None]
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(depth), np.diff(height)))])
    mesh = sheet(grid[::-1])
    along = np.repeat(length[::-1], 2)
    return Mesh(mesh.vertices, mesh.faces, mesh.normals, np.stack([mesh.vertices[:, 0], along], 1) / REPEAT)


def _tiled(mesh: Mesh) -> Mesh:
    return Mesh(mesh.vertices, mesh.faces, mesh.normals, mesh.vertices[:, [0, 2]] / REPEAT)


def clouds(draw: Draw, cell: float | tuple[float, float]) -> np.ndarray:
    """Smooth noise (SIDE, SIDE) in [0, 1] that repeats at its edges, with features of about `cell` texels."""
    field = gaussian_filter(draw.rng.random((SIDE, SIDE)), np.asarray(cell) / 2.5, mode="wrap", truncate=2.5)
    low, high = np.quantile(field, (0.01, 0.99))
    return np.clip((field - low) / (high - low), 0, 1)


def _marble(draw: Draw) -> np.ndarray:
    paths = np.abs(clouds(draw, 90) - 0.5 + 0.25 * (clouds(draw, 24) - 0.5) + 0.06 * (clouds(draw, 6) - 0.5))
    fine = np.abs(clouds(draw, 50) - 0.5 + 0.2 * (clouds(draw, 12) - 0.5))
    vein = np.exp(-((paths / draw.uniform(0.01, 0.04)) ** 2)) + 0.3 * np.exp(-((fine / 0.008) ** 2))
    vein = np.clip(vein * clouds(draw, 60), 0, 1)[..., None]
    light, dark = np.full(3, draw.uniform(0.88, 0.95)), np.array([0.6, 0.59, 0.58]) * draw.uniform(0.6, 1.1)
    if draw.chance(0.15):
        light, dark = np.full(3, 0.08), np.array([0.75, 0.72, 0.66])
    return (light * (1 - 0.7 * vein) + dark * 0.7 * vein) * (1 - 0.12 * clouds(draw, 60)[..., None])


def _wood(draw: Draw) -> np.ndarray:
    boards = draw.integer(3, 7)
    board = np.arange(SIDE) * boards // SIDE
    shift = draw.rng.integers(0, SIDE, boards)
    grain = 0.6 * clouds(draw, (3, 90)) + 0.4 * clouds(draw, (12, 160))
    grain = np.stack([np.roll(grain[row], shift[board[row]]) for row in range(SIDE)])
    base = np.array(draw.choice((0.72, 0.53, 0.35), (0.45, 0.29, 0.18), (0.85, 0.74, 0.6), (0.86, 0.84, 0.8)))
    tone = (draw.rng.normal(1, 0.06, boards))[board][:, None]
    gap = np.where(np.diff(board, append=board[0])[:, None] != 0, 0.45, 1.0)
    return base * (0.72 + 0.42 * grain * tone * gap)[..., None] * gap[..., None]


def _cloth(draw: Draw, colour: np.ndarray) -> np.ndarray:
    folds = clouds(draw, (draw.uniform(30, 60), draw.uniform(60, 160)))
    shade = 0.5 + 0.5 * np.sin(folds * draw.uniform(6, 20))
    weave = 0.5 + 0.25 * (draw.rng.random((SIDE, 1)) + draw.rng.random((1, SIDE)))
    return colour * (0.72 + draw.uniform(0.1, 0.4) * shade)[..., None] * (0.85 + 0.15 * weave[..., None])


def _stone(draw: Draw, value: float, depth: float) -> np.ndarray:
    mix = 0.5 * clouds(draw, 50) + 0.3 * clouds(draw, 10) + 0.2 * clouds(draw, 2)
    tint = 1 + draw.rng.normal(0, 0.015, 3)
    return np.asarray(value * tint * (1 + depth * (mix[..., None] - 0.5) * 2))


def _terrazzo(draw: Draw) -> np.ndarray:
    texture = np.full((SIDE, SIDE, 3), draw.uniform(0.85, 0.95))
    colours = [np.array(draw.choice(*PASTELS.values())) * draw.uniform(0.5, 1.0) for _ in range(4)]
    for colour in colours:
        chips = clouds(draw, draw.uniform(7, 14)) > draw.uniform(0.82, 0.9)
        texture[chips] = colour
    return texture


def _paper(draw: Draw, colour: np.ndarray) -> np.ndarray:
    if draw.chance(0.5):  # two sheets, one laid over the other
        other = np.clip(colour * draw.uniform(0.75, 1.2), 0, 1)
        edge = (np.arange(SIDE) > SIDE * draw.uniform(0.35, 0.65))[None, :, None]
        return np.broadcast_to(np.where(edge, colour, other), (SIDE, SIDE, 3)) * 1.0
    return colour * (0.96 + 0.06 * clouds(draw, 4))[..., None]


def _tiles(draw: Draw, colour: np.ndarray) -> np.ndarray:
    count = draw.integer(3, 8)
    position = np.arange(SIDE) * count % SIDE / SIDE
    joint = (position < 0.05)[:, None] | (position < 0.05)[None]
    colour = np.full(3, draw.uniform(0.8, 0.95)) if draw.chance(0.6) else colour
    return np.where(joint[..., None], colour * 0.72, colour * (0.96 + 0.05 * clouds(draw, 80))[..., None])


def _water(draw: Draw, colour: np.ndarray) -> np.ndarray:
    wave = np.abs(clouds(draw, 40) - 0.5 + 0.3 * (clouds(draw, 15) - 0.5))
    bright = np.exp(-((wave / 0.04) ** 2))[..., None]
    return colour * (0.8 + 0.12 * clouds(draw, 60)[..., None]) * (1 - 0.7 * bright) + 0.7 * bright
