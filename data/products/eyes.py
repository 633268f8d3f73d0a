"""Products for lashes, lids' edges and brows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.label import relief
from data.material import cosmetic
from data.product import Part, Product, placed
from data.products.brushes import lying_brush
from data.products.cases import applicator, case, with_lid
from data.products.creams import pot
from data.products.duo_pens import duo
from data.products.liner_scenes import pen_scene
from data.products.liners import STROKE_FINISHES, dip_tube, drawn_lines, liner_shade, pen, pencils
from data.products.mascara_lines import bestseller
from data.products.mascaras import mascara as common_mascara
from data.products.swatches import related, shade, swatch
from data.products.wands import beside, pencil_parts

__all__ = ["brow", "eyeliner", "mascara", "pencil_parts"]


def brow_compact(draw: Draw) -> Product:
    """Two or three brow powders side by side with a mini brush."""
    shell = case(draw)
    shell = type(shell)(shell.section, 1.0, min(shell.depth, 0.75), shell.height, shell.pan, shell.outside)
    layout = draw.weighted({"open, lid up": 4, "lid missing": 1.5, "closed": 1})
    count, main = draw.integer(2, 3), draw.choice("matte", "matte", "satin")
    first = shade(draw, "brow product")
    shades = [first] + [related(draw, first) for _ in range(count - 1)]
    tray = shell.tray()
    edges = np.linspace(-1, 1, count + 1)
    for left, right, colour in zip(edges[:-1], edges[1:], shades, strict=True):
        tray.append(Part(shell.strip(left + 0.03, right - 0.03), cosmetic(draw, colour, main, relief(draw))))
    parts = with_lid(draw, shell, tray, layout)
    closed = layout == "closed"
    if not closed and draw.chance(0.6):
        parts += beside(draw, parts, applicator(draw))
    return Product(
        "brow product",
        placed(parts),
        () if closed else tuple(shades),
        None if closed else main,
        "compact",
        shell.outside,
        layout,
        "flat",
        tiltable=False,
    )


def gel_pot(draw: Draw, product_type: str, finishes: dict[str, float]) -> Product:
    """A pot of gel or pomade, open mostly with its brush before it."""
    product = pot(draw, product_type, finishes)
    if product.shades and draw.chance(0.6):
        return replace(product, parts=placed([*product.parts, *lying_brush(draw)]))
    return product


def mascara(draw: Draw) -> Product:
    """A mascara of any line, or one of the bestsellers' looks."""
    return bestseller(draw) if draw.chance(0.38) else common_mascara(draw)


def eyeliner(draw: Draw) -> Product:
    """An eyeliner as pencil, pen of one or two tips, dip bottle, pot or its lines."""
    kind = draw.weighted({"pencil": 3.2, "pen": 4.2, "duo": 1.2, "liquid": 2, "pot": 0.8, "lines": 1.2, "scene": 4.6})
    if kind == "pencil":
        return pencils(draw, "eyeliner")
    if kind == "pen":
        return pen(draw, "eyeliner")
    if kind == "scene":
        return pen_scene(draw)
    if kind == "duo":
        return duo(draw, "eyeliner", liner_shade(draw, "eyeliner"), draw.weighted(STROKE_FINISHES))
    if kind == "liquid":
        return dip_tube(draw, "eyeliner", "bottle")
    return gel_pot(draw, "eyeliner", STROKE_FINISHES) if kind == "pot" else drawn_lines(draw, "eyeliner")


def brow(draw: Draw) -> Product:
    """A brow pencil, pen, gel, pomade, powder or its strokes."""
    kind = draw.weighted({"pencil": 4.5, "pen": 1, "gel": 2.6, "pot": 1.2, "compact": 1.6, "smear": 0.7, "lines": 0.8})
    if kind == "pencil":
        return pencils(draw, "brow product", spooled=draw.chance(0.7))
    if kind == "pen":
        return pen(draw, "brow product")
    if kind == "gel":
        return dip_tube(draw, "brow product", "tube")
    if kind == "pot":
        return gel_pot(draw, "brow product", {"matte": 1, "satin": 2})
    if kind == "compact":
        return brow_compact(draw)
    if kind == "smear":
        return swatch(draw, "brow product", {"smear": 1, "crushed powder": 1}, {"matte": 2, "satin": 1})
    return drawn_lines(draw, "brow product")
