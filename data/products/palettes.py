"""Eyeshadow palettes of 2 to 40 pans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.draw import Draw
from data.label import picture, relief
from data.material import Material, cosmetic, metal, package, plain
from data.mesh import Mesh, box, joined, lathe, plate
from data.product import Part, Product, moved, placed, turned
from data.products.cases import applicator, mirror
from data.products.swatches import FINISH_WEIGHTS, crushed, related, shade
from data.products.wands import beside

TONES = 9  # distinct powder materials; every further pan shares one, which keeps scenes light to render
GRIDS = (
    (2, 1),
    (3, 1),
    (4, 1),
    (2, 2),
    (3, 2),
    (4, 2),
    (5, 2),
    (6, 2),
    (7, 2),
    (3, 3),
    (4, 3),
    (5, 3),
    (6, 3),
    (4, 4),
    (5, 4),
    (6, 4),
    (7, 5),
    (8, 5),
)
THICKNESS = 0.16


@dataclass(frozen=True)
class Well:
    """The place of a pan: centre and size on the tray, in x and z."""

    x: float
    z: float
    width: float
    depth: float


def grid(draw: Draw) -> list[Well]:
    """Columns and rows of equal pans, now and then with one row of another height."""
    columns, rows = draw.choice(*GRIDS)
    width = draw.uniform(0.4, 0.5)
    depths = np.full(rows, width * draw.choice(1.0, 1.0, draw.uniform(0.7, 1.7)))
    if rows > 1 and draw.chance(0.2):
        depths[draw.integer(0, rows - 1)] *= draw.uniform(1.2, 1.8)
    gap = draw.uniform(0.05, 0.16)
    z = np.cumsum(depths + gap) - depths / 2
    z -= (z[0] - depths[0] / 2 + z[-1] + depths[-1] / 2) / 2
    return [
        Well((i - (columns - 1) / 2) * (width + gap), float(z[j]), width, float(depths[j]))
        for j in range(rows)
        for i in range(columns)
    ]


def mosaic(draw: Draw) -> list[Well]:
    """A tray cut again and again into unequal pans."""
    wells = [Well(0, 0, draw.uniform(1.8, 2.8), draw.uniform(1.0, 1.8))]
    gap = draw.uniform(0.04, 0.1)
    for _ in range(draw.integer(2, 9)):
        largest = max(wells, key=lambda w: w.width * w.depth)
        wells.remove(largest)
        share = draw.choice(0.5, 0.5, draw.uniform(0.33, 0.67))
        w, d = largest.width, largest.depth
        if w > d * draw.uniform(0.8, 1.2):
            a, b = (w - gap) * share, (w - gap) * (1 - share)
            wells += [
                Well(largest.x - (w - a) / 2, largest.z, a, d),
                Well(largest.x + (w - b) / 2, largest.z, b, d),
            ]
        else:
            a, b = (d - gap) * share, (d - gap) * (1 - share)
            wells += [
                Well(largest.x, largest.z - (d - a) / 2, w, a),
                Well(largest.x, largest.z + (d - b) / 2, w, b),
            ]
    return wells


def pan(well: Well, section: str) -> tuple[Mesh, Mesh]:
    """The powder's surface and the metal rim around it, standing proud of the tray as loose pans do."""
    r, d = well.width / 2, well.depth / well.width
    if section == "round":
        r, d = min(well.width, well.depth) / 2, 1.0
    rim = lathe([(r, 0), (r, 0.02), (r * 0.94, 0.02), (r * 0.94, 0.006)], section, depth=d, segments=32)
    face = plate(r * 0.94, 0.01, section, d)
    return face.moved(well.x, THICKNESS, well.z), rim.moved(well.x, THICKNESS, well.z)


def tones(draw: Draw, count: int) -> tuple[list[np.ndarray], list[str]]:
    """Colours and finishes of the pans: one family, or a bright mix."""
    base = shade(draw, "eyeshadow")
    family = draw.chance(0.55)
    shades = [
        related(draw, base) if family and draw.chance(0.8) else shade(draw, "eyeshadow") for _ in range(count)
    ]
    only = draw.choice(None, None, None, "matte", "shimmer")
    return shades, [only or draw.weighted(FINISH_WEIGHTS["eyeshadow"]) for _ in shades]


def tray(draw: Draw, wells: Sequence[Well], outside: Material, width: float, depth: float) -> list[Part]:
    """The lower half: case, an insert of another colour now and then."""
    parts = [Part(box(width, THICKNESS - 0.004, depth, 0.03), outside)]
    if draw.chance(0.4):
        insert = plain(np.full(3, draw.choice(0.04, 0.1, 0.94)), draw.uniform(0.2, 0.6), "insert")
        parts.append(Part(box(width * 0.96, 0.01, depth * 0.94, 0.003).moved(y=THICKNESS - 0.008), insert))
    return parts


def pans(draw: Draw, wells: Sequence[Well]) -> tuple[list[Part], list[np.ndarray], str]:
    """All pans as few parts, the shades of their materials, and the finish of most of the surface."""
    section = draw.weighted({"square": 3, "sharp": 2, "soft": 1, "round": 2.5})
    count = min(len(wells), TONES)
    shades, finishes = tones(draw, count)
    groups: list[list[Well]] = [[] for _ in shades]
    for k, well in enumerate(wells):
        groups[k if k < count else draw.integer(0, count - 1)].append(well)
    parts, rims = [], []
    emboss = draw.chance(0.5)
    for colour, main, group in zip(shades, finishes, groups, strict=True):
        surfaces = [pan(w, section) for w in group]
        rims += [rim for _, rim in surfaces]
        material = cosmetic(draw, colour, main, relief(draw) if emboss and len(wells) < 13 else None)
        parts.append(Part(joined([face for face, _ in surfaces]), material))
    parts.append(Part(joined(rims), draw.choice(metal(draw, "silver"), plain((0.05,) * 3, 0.4, "black rim"))))
    area = {
        f: sum(w.width * w.depth for g, k in zip(groups, finishes, strict=True) if k == f for w in g)
        for f in finishes
    }
    return parts, shades, max(area, key=lambda f: area[f])


def lid(draw: Draw, outside: Material, width: float, depth: float) -> list[Part]:
    """The lid on its back, with a mirror or a printed inside."""
    inside = mirror(draw) if draw.chance(0.75) else outside.painted(horizontal(draw, outside))
    glass = plate(width * 0.46, THICKNESS * 0.6 + 0.004, "sharp", depth * 0.9 / (width * 0.92), 0.0)
    return [Part(box(width, THICKNESS * 0.6, depth, 0.03), outside), Part(glass, inside)]


def horizontal(draw: Draw, ground: Material) -> np.ndarray:
    """A printed picture with lines along its width, for lids seen from above."""
    return np.rot90(picture(draw, ground.colour, vertical=True, lines=draw.integer(1, 2)), -1).copy()


def closed(draw: Draw, outside: Material, width: float, depth: float) -> list[Part]:
    top = plate(width * 0.47, THICKNESS * 1.7 + 0.002, "sharp", depth * 0.92 / (width * 0.94), 0.0)
    print_ = outside.painted(horizontal(draw, outside)) if draw.chance(0.85) else outside
    seam = plain((0.04,) * 3, 0.5, "seam")
    return [
        Part(box(width, THICKNESS * 0.85, depth, 0.03), outside),
        Part(box(width * 0.99, 0.06, depth * 0.99, 0.01).moved(y=THICKNESS * 0.82), seam),
        Part(box(width, THICKNESS * 0.8, depth, 0.03).moved(y=THICKNESS * 0.9), outside),
        Part(top, print_),
    ]


def palette(draw: Draw) -> Product:
    """An eyeshadow palette: open with its lid up, flat or off, or closed."""
    wells = mosaic(draw) if draw.chance(0.22) else grid(draw)
    margin = draw.uniform(0.12, 0.4)
    width = 2 * max(abs(w.x) + w.width / 2 for w in wells) + margin
    depth = 2 * max(abs(w.z) + w.depth / 2 for w in wells) + margin * draw.uniform(0.8, 1.6)
    outside = package(draw)
    layout = draw.weighted({"open, lid up": 5, "open flat": 1, "lid off": 2.5, "closed": 1.5})
    if layout == "closed":
        parts = closed(draw, outside, width, depth)
        return Product(
            "eyeshadow palette", placed(parts), (), None, "palette", outside, layout, "flat", tiltable=False
        )
    powder, shades, main = pans(draw, wells)
    parts = [*tray(draw, wells, outside, width, depth), *powder]
    if layout != "lid off":
        angle = draw.uniform(55, 105) if layout == "open, lid up" else draw.uniform(2, 8)
        back = moved(lid(draw, outside, width, depth), y=THICKNESS * 0.4, z=-depth)
        parts += turned(back, "x", angle, (0, THICKNESS, -depth / 2))
    if draw.chance(0.15):
        parts += (
            beside(draw, parts, applicator(draw))
            if draw.chance(0.5)
            else moved(applicator(draw), z=depth * 0.75)
        )
    if draw.chance(0.12):
        dust = crushed(draw, 0.3).moved(draw.uniform(-0.5, 0.5) * width, 0, depth * 0.5 + 0.4)
        parts.append(Part(dust, powder[0].material))
    return Product(
        "eyeshadow palette",
        placed(parts),
        tuple(shades),
        main,
        "palette",
        outside,
        layout,
        "flat",
        tiltable=False,
    )
