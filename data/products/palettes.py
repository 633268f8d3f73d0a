"""Palettes of 2 to 40 pans: eyeshadow, quads, and face palettes of blush, bronzer and highlighter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from data.draw import Draw
from data.label import font, ink, invented_name
from data.material import PASTELS, STRONG, Material, clear, cosmetic, glass, metal, noise, package, plain, plastic
from data.mesh import Mesh, box, joined, lathe, plate
from data.product import Part, Product, View, moved, placed, turned
from data.products.cases import applicator, lid_print, lying_brush, mirror
from data.products.embossing import powder, pressed, relief
from data.products.palette_boxes import palette_box
from data.products.swatches import FINISH_WEIGHTS, crushed, related, shade
from data.products.vessels import carton
from data.products.wands import beside

TONES = 7  # distinct powder materials; every further pan shares one, which keeps scenes light to render
GRIDS = {
    (2, 1): 0.4, (3, 1): 0.7, (4, 1): 1.2, (5, 1): 0.6, (6, 1): 0.4, (2, 2): 1, (3, 2): 1.2, (4, 2): 1.4, (5, 2): 1.5,
    (6, 2): 1.5, (7, 2): 1.2, (2, 3): 0.6, (2, 4): 0.4, (3, 3): 1.6, (4, 3): 2, (5, 3): 1.2, (6, 3): 1, (4, 4): 0.8,
    (5, 4): 0.6, (6, 4): 0.5, (7, 5): 0.4, (8, 5): 0.3,
}  # fmt: skip
THICKNESS = 0.16
BOXED = 0.08  # of the eyeshadow palettes lie in their closed box
PRINT = 448  # texels along the longer side of a printed tray
EMBOSSED_PANS = 12  # with more pans a relief would be too fine to see
PAN_ROWS = 20  # vertices along a pan


@dataclass(frozen=True)
class Well:
    """The place of a pan: centre and size on the tray, in x and z."""

    x: float
    z: float
    width: float
    depth: float


@dataclass(frozen=True)
class Style:
    """How a palette is drawn: the pans' outline, whether they have rims, names below them, and their own print."""

    section: str
    rims: bool
    names: bool
    embossed: bool


def grid(draw: Draw, columns: int = 0, rows: int = 0, gap: float | None = None) -> list[Well]:
    """Columns and rows of equal pans, now and then with one row of another height."""
    if not columns:
        columns, rows = draw.weighted(GRIDS)
    width = draw.uniform(0.4, 0.5)
    depths = np.full(rows, width * draw.choice(1.0, 1.0, draw.uniform(0.7, 1.7)))
    if rows > 1 and draw.chance(0.15):
        depths[draw.integer(0, rows - 1)] *= draw.uniform(1.2, 1.8)
    gap = draw.choice(draw.uniform(0.02, 0.05), draw.uniform(0.06, 0.16)) if gap is None else gap
    z = np.cumsum(depths + gap) - depths / 2
    z -= (z[0] - depths[0] / 2 + z[-1] + depths[-1] / 2) / 2
    return [
        Well((i - (columns - 1) / 2) * (width + gap), float(z[j]), width, float(depths[j]))
        for j in range(rows)
        for i in range(columns)
    ]


def mosaic(draw: Draw, cuts: int = 0) -> list[Well]:
    """A tray cut `cuts` times, or two to nine times, into unequal pans."""
    wells = [Well(0, 0, draw.uniform(1.8, 2.8), draw.uniform(1.0, 1.8))]
    gap = draw.uniform(0.04, 0.1)
    for _ in range(cuts or draw.integer(2, 9)):
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


def pan(well: Well, section: str, height: np.ndarray | None, rims: bool) -> tuple[Mesh, list[Mesh]]:
    """The powder's surface and the metal rim around it, standing a little proud of the tray as loose pans do."""
    w, d = well.width / 2, well.depth / 2
    if section == "round":
        w = d = min(w, d)
    face = pressed(
        w * 0.955, d * 0.955, section, 0.012, height, strength=0.012, rows=PAN_ROWS + 14 * (height is not None)
    )
    at = (well.x, THICKNESS, well.z)
    if not rims:
        return face.moved(*at), []
    rim = lathe([(w, 0), (w, 0.016), (w * 0.965, 0.016), (w * 0.96, 0.004)], section, depth=d / w, segments=40)
    return face.moved(*at), [rim.moved(*at)]


def tones(draw: Draw, product_type: str, count: int) -> tuple[list[np.ndarray], list[str]]:
    """Colours and finishes of the pans: one family, neutrals with an accent, or a bright mix."""
    if product_type != "eyeshadow palette":
        shades = [shade(draw, product_type) for _ in range(count)]
        pair = {"blush": "bronzer or highlighter", "bronzer or highlighter": "blush"}
        if product_type in pair and count > 2 and draw.chance(0.5):  # the lesser part of the pans holds its companion
            for k in range(draw.integer(1, (count - 1) // 2)):
                shades[-1 - k] = shade(draw, pair[product_type])
        weights = FINISH_WEIGHTS.get(product_type, {"satin": 3.0, "matte": 2.0})  # creams else
        return shades, [draw.weighted(weights) for _ in shades]
    base = shade(draw, "eyeshadow")
    family = draw.weighted({"family": 3, "neutral": 3, "mix": 2.5})
    shades = []
    for _ in range(count):
        if family == "family" and draw.chance(0.85):
            shades.append(related(draw, base))
        elif family == "neutral" and draw.chance(0.85):
            tone = shade(draw, draw.choice("bronzer or highlighter", "bronzer or highlighter", "foundation", "blush"))
            shades.append(np.clip(tone * draw.choice(1.0, draw.uniform(0.3, 1.0)), 0.02, 1))
        else:
            shades.append(shade(draw, "eyeshadow"))
    if draw.chance(0.35):
        shades.sort(key=lambda s: -float(s.sum()))
    only = draw.choice(None, None, None, None, "matte", "shimmer")
    return shades, [only or draw.weighted(FINISH_WEIGHTS["eyeshadow"]) for _ in shades]


def printed_tray(draw: Draw, ground: Material, wells: Sequence[Well], width: float, depth: float) -> np.ndarray:
    """The tray's face with the shades' names under their pans, and a brand's name where there is room."""
    scale = PRINT / max(width, depth)
    size = (max(int(width * scale), 8), max(int(depth * scale), 8))
    image = Image.new("RGB", size, tuple(int(255 * c + 0.5) for c in ground.colour))
    pen = ImageDraw.Draw(image)
    r, g, b = (int(255 * c + 0.5) for c in np.clip(ink(draw, ground.colour), 0, 1))
    face = font(draw, max(8, int(0.055 * scale)))
    for well in wells:
        x, z = (well.x + width / 2) * scale, (well.z + well.depth / 2 + 0.045 + depth / 2) * scale
        pen.text((x, z), invented_name(draw), fill=(r, g, b), font=face, anchor="mm")
    return np.array(image)


def artwork(draw: Draw, ground: Material, width: float, depth: float) -> Material:
    """A cardboard lid's picture: marble, blooms, geometry, a gradient, or a name alone."""
    kind = draw.weighted({"name": 5, "marble": 1.3, "blooms": 1, "geometry": 1, "gradient": 0.8})
    if kind == "name":
        return lid_print(draw, ground, depth / width)
    high, wide = max(int(PRINT * min(depth / width, 2)), 24), PRINT
    tones_ = [np.array(c) for c in (*PASTELS.values(), *STRONG.values())]
    first, second = draw.choice(ground.colour, *tones_), draw.choice(np.ones(3), *tones_)
    side = max(high, wide)
    if kind == "marble":
        cloud = noise(draw.rng, side, draw.integer(40, 110)) + 0.4 * noise(draw.rng, side, 18)
        share = np.clip(1.5 * np.abs(np.sin(cloud * draw.uniform(5, 12))) - 0.3, 0, 1)
    elif kind == "gradient":
        share = np.linspace(0, 1, side)[None] * np.ones((side, 1))
    else:
        image = Image.new("L", (side, side), 0)
        pen = ImageDraw.Draw(image)
        for _ in range(draw.integer(5, 22)):
            x, y, s = draw.uniform(0, side), draw.uniform(0, side), draw.uniform(0.04, 0.22) * side
            tone = draw.integer(90, 255)
            if kind == "geometry":
                turn = draw.uniform(0, 2 * np.pi)
                angles = turn + np.arange(draw.integer(3, 4)) * 2.1
                pen.polygon([(x + s * np.cos(a), y + s * np.sin(a)) for a in angles], fill=tone)
            else:
                for a in np.linspace(0, 2 * np.pi, draw.integer(5, 8), endpoint=False):
                    cx, cy = x + 0.5 * s * np.cos(a), y + 0.5 * s * np.sin(a)
                    pen.ellipse([cx - s * 0.45, cy - s * 0.45, cx + s * 0.45, cy + s * 0.45], fill=tone)
        share = np.array(image) / 255.0
    share = share[:high, :wide, None]
    picture = Image.fromarray(((first * (1 - share) + second * share).clip(0, 1) * 255).astype(np.uint8))
    if draw.chance(0.8):
        r, g, b = (int(255 * c) for c in np.clip(ink(draw, np.array(picture).mean((0, 1)) / 255), 0, 1))
        face = font(draw, max(12, int(draw.uniform(0.1, 0.3) * min(high, wide))))
        at = (wide / 2, high * draw.uniform(0.35, 0.65))
        ImageDraw.Draw(picture).text(at, invented_name(draw), fill=(r, g, b), font=face, anchor="mm")
    return ground.painted(np.array(picture))


def tray(draw: Draw, wells: Sequence[Well], outside: Material, width: float, depth: float, names: bool) -> list[Part]:
    """The lower half: case, and its face in the same or another colour, with the shades' names."""
    parts = [Part(box(width, THICKNESS - 0.012, depth, 0.03), outside)]
    face = outside if draw.chance(0.5) else plastic(draw, np.full(3, draw.choice(0.04, 0.1, 0.94)), "inner")
    if outside.clear:
        face = plastic(draw, np.full(3, draw.choice(0.05, 0.95)), "inner")
    if names:
        face = face.painted(printed_tray(draw, face, wells, width * 0.97, depth * 0.96))
    parts.append(Part(box(width * 0.98, 0.012, depth * 0.97, 0.003).moved(y=THICKNESS - 0.012), face))
    top = plate(width * 0.485, THICKNESS + 0.0015, "sharp", depth * 0.96 / (width * 0.97), 0.0)
    return [*parts, Part(top, face)]


def pans(
    draw: Draw, product_type: str, wells: Sequence[Well], style: Style
) -> tuple[list[Part], list[np.ndarray], str]:
    """All pans as few parts, the shades of their materials, and the finish of most of the surface."""
    count = min(len(wells), TONES)
    shades, finishes = tones(draw, product_type, count)
    groups: list[list[Well]] = [[] for _ in shades]
    for k, well in enumerate(wells):
        groups[k if k < count else draw.integer(0, count - 1)].append(well)
    parts, rims = [], []
    shared = relief(draw) if style.embossed and draw.chance(0.6) else None
    for colour, main, group in zip(shades, finishes, groups, strict=True):
        height = (relief(draw) if shared is None else shared) if style.embossed else None
        surfaces = [pan(w, style.section, height, style.rims) for w in group]
        rims += [rim for _, ring in surfaces for rim in ring]
        material = powder(draw, colour, main, height)
        parts.append(Part(joined([face for face, _ in surfaces]), material))
    if rims:
        tone = draw.choice(metal(draw, "silver"), plain((0.05,) * 3, 0.4, "black rim"), metal(draw))
        parts.append(Part(joined(rims), tone))
    area = {
        f: sum(w.width * w.depth for g, k in zip(groups, finishes, strict=True) if k == f for w in g) for f in finishes
    }
    return parts, shades, max(area, key=lambda f: area[f])


def lid(draw: Draw, outside: Material, width: float, depth: float) -> list[Part]:
    """The lid closed over y = 0: its printed top, and a mirror or a plain sheet inside."""
    high = THICKNESS * draw.uniform(0.4, 0.7)
    if outside.clear:
        return [Part(box(width, high, depth, 0.02), glass() if draw.chance(0.7) else outside)]
    top = plate(width * 0.475, high + 0.002, "sharp", depth * 0.95 / (width * 0.95), 0.0)
    parts = [Part(box(width, high, depth, 0.03), outside), Part(top, artwork(draw, outside, width, depth))]
    if draw.chance(0.75):
        share = draw.choice(0.92, 0.92, draw.uniform(0.55, 0.8))
        across = width * draw.choice(0.46, 0.46, draw.uniform(0.3, 0.44))
        pane = plate(across, -0.003, draw.choice("sharp", "sharp", "square"), depth * share / (2 * across), 0.0)
        parts.append(Part(pane, mirror(draw)))
    return parts


def outer(draw: Draw) -> Material:
    """Palettes are black, white, nude or printed cardboard, metal, or have a clear lid."""
    kind = draw.weighted({"any": 4, "black": 2, "nude": 2})
    if kind == "black":
        return plastic(draw, np.full(3, draw.uniform(0.02, 0.06)), "black")
    if kind == "nude":
        return plastic(draw, np.array(draw.choice((0.85, 0.68, 0.6), (0.9, 0.8, 0.72), (0.75, 0.58, 0.48))), "nude")
    return package(draw)


def assembled(draw: Draw, product_type: str, wells: Sequence[Well], form: str = "palette") -> Product:
    """A palette around its wells: open with its lid up, half open or flat, without a lid, or closed."""
    names = draw.chance(0.3)
    style = Style(
        draw.weighted({"square": 2.5, "sharp": 4, "soft": 0.8, "round": 2.5}),
        draw.chance(0.6),
        names,
        len(wells) <= EMBOSSED_PANS and draw.chance(0.55),
    )
    margin = draw.uniform(0.12, 0.36) + 0.12 * names
    width = 2 * max(abs(w.x) + w.width / 2 for w in wells) + margin
    depth = 2 * max(abs(w.z) + w.depth / 2 for w in wells) + margin * draw.uniform(0.8, 1.4)
    slot = draw.chance(0.12) and product_type == "eyeshadow palette" and len(wells) >= 4
    if slot:  # room for a brush in front of the pans
        wells = [Well(w.x, w.z - 0.16, w.width, w.depth) for w in wells]
        depth += 0.36
    outside = outer(draw)
    layout = draw.weighted({"open, lid up": 5, "half open": 1.5, "open flat": 2, "lid off": 3, "closed": 1.3})
    cover = lid(draw, clear(draw) if draw.chance(0.12) else outside, width, depth)
    see_through = cover[0].material.clear
    if layout == "closed" and not see_through:
        body = [Part(box(width, THICKNESS, depth, 0.03), outside), *moved(cover, y=THICKNESS + 0.012)]
        view: View = draw.choice("flat", "flat", "overhead")
        return Product(product_type, placed(body), (), None, form, outside, layout, view, tiltable=False)
    powders, shades, main = pans(draw, product_type, wells, style)
    parts = [*tray(draw, wells, outside, width, depth, names), *powders]
    if slot:
        tool = applicator(draw)
        middle = np.mean([(p.mesh.low + p.mesh.high) / 2 for p in tool], 0)
        parts += moved(tool, -middle[0], THICKNESS, depth / 2 - 0.2 - middle[2])
    angles = {"open, lid up": (90, 118), "half open": (58, 82), "open flat": (174, 179)}
    if layout in angles:
        hinge = (0.0, THICKNESS, -depth / 2)
        parts += turned(moved(cover, y=THICKNESS + 0.02), "x", -draw.uniform(*angles[layout]), hinge)
    elif layout == "closed":
        parts, layout = [*parts, *moved(cover, y=THICKNESS + 0.04)], "closed under a clear lid"
    elif draw.chance(0.2):  # the lid or the carton beside the tray, its print up
        own = draw.chance(0.5)
        sleeve = list(placed(turned([carton(draw, outside, width, depth, 0.2)], "x", -90)))
        parts += moved(list(placed(cover if own else sleeve)), 0, 0, depth * draw.uniform(1.05, 1.2))
        layout = "lid beside" if own else "with its box"
    company = "none" if slot else draw.weighted({"none": 8, "brush": 0.8, "dust": 0.6})
    if company == "brush":
        tool = lying_brush(draw, draw.choice("shader", "blending")) if len(shades) < TONES else applicator(draw)
        parts += beside(draw, parts, tool)
    elif company == "dust":
        dust = crushed(draw, 0.3).moved(draw.uniform(-0.5, 0.5) * width, 0, depth * 0.5 + 0.4)
        parts.append(Part(dust, cosmetic(draw, shades[0], main)))
    views: dict[View, float] = {"flat": 2, "overhead": 0.8} if layout == "open, lid up" else {"flat": 1, "overhead": 2}
    return Product(
        product_type, placed(parts), tuple(shades), main, form, outside, layout, draw.weighted(views), tiltable=False
    )


def palette(draw: Draw) -> Product:
    """An eyeshadow palette of any size."""
    if draw.chance(BOXED):
        return palette_box(draw)
    return assembled(draw, "eyeshadow palette", mosaic(draw) if draw.chance(0.24) else grid(draw))


def quad(draw: Draw, product_type: str) -> Product:
    """Two to five shadows in a small case."""
    columns, rows = draw.choice((2, 2), (2, 2), (2, 1), (3, 1), (4, 1), (1, 3))
    return assembled(draw, product_type, grid(draw, columns, rows, draw.uniform(0.02, 0.06)), "compact")


def contour(draw: Draw, product_type: str) -> Product:
    """A face palette of two to eight wide pans."""
    if draw.chance(0.3):
        return assembled(draw, product_type, mosaic(draw, draw.integer(1, 5)))
    columns, rows = draw.choice((2, 1), (3, 1), (3, 1), (2, 2), (4, 1), (3, 2), (6, 1), (4, 2), (2, 3))
    return assembled(draw, product_type, grid(draw, columns, rows, draw.uniform(0.03, 0.12)))
