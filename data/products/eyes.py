"""Products for lashes, lids' edges and brows."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed, relief
from data.material import Material, cosmetic, metal, package, plain
from data.mesh import cylinder, lathe
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.cases import applicator, case, with_lid
from data.products.creams import pot
from data.products.swatches import FINISH_WEIGHTS, finish, line, related, shade, smear, swatch
from data.products.wands import Tip, WandTube, beside, pencil_parts, tip_mesh

__all__ = ["brow", "eyeliner", "mascara", "pencil_parts"]

STROKE_FINISHES = {"matte": 2.0, "satin": 2.0, "glossy": 1.0}


def mascara(draw: Draw) -> Product:
    """A mascara closed, with its wand out, as a wand alone, in a group, or as a smear."""
    layout = draw.weighted({"closed": 2.2, "wand out": 5, "wand alone": 0.8, "group": 1.4, "swatch": 0.7})
    if layout == "swatch":
        return swatch(draw, "mascara", {"smear": 1}, STROKE_FINISHES)
    colour, main = shade(draw, "mascara"), finish(draw, "mascara")
    outside = package(draw)
    cap = outside if draw.chance(0.6) else package(draw)
    count = draw.integer(2, 4) if layout == "group" else 1
    radius, height, high = draw.uniform(0.22, 0.34), draw.uniform(1.4, 2.0), draw.uniform(1.0, 1.7)
    bulge = draw.choice(0.0, draw.uniform(-0.15, 0.3))
    section = draw.weighted({"round": 6, "soft": 1, "square": 0.7})
    parts: list[Part] = []
    opened = False
    for k in range(count):
        other = outside if k == 0 or draw.chance(0.5) else package(draw)
        tube = WandTube(
            cosmetic(draw, colour, main),
            printed(draw, other, vertical=True, often=0.9),
            printed(draw, cap, vertical=True, often=0.3),
            "mascara",
            radius,
            height,
            high,
            section,
            bulge,
        )
        out = layout in ("wand out", "wand alone") or (count > 1 and k == count - 1 and draw.chance(0.4))
        one = tube.parts(draw, layout if layout == "wand alone" else "wand out" if out else "closed")
        parts += moved(one, (k - (count - 1) / 2) * radius * 2.9)
        opened = opened or out
    smeared = opened and layout != "wand alone" and draw.chance(0.2)
    if smeared:
        stroke = smear(draw, 1.3).moved(draw.uniform(-0.5, 0.8), 0, draw.uniform(0.9, 1.4))
        parts.append(Part(stroke, cosmetic(draw, colour, main)))
    where = "wand out, with a smear" if smeared else "closed" if layout == "group" and not opened else layout
    return Product(
        "mascara",
        placed(parts),
        (colour,) if opened else (),
        main if opened else None,
        "tube",
        outside,
        "wand out" if where == "group" else where,
        count=count,
    )


def strokes(draw: Draw, material: Material, count: int, thin: bool) -> list[Part]:
    """Lines drawn with a pencil or a pen, lying on the table about the middle."""
    width = draw.uniform(0.03, 0.08) if thin else draw.uniform(0.08, 0.2)
    return [
        Part(
            line(draw, draw.uniform(1.0, 2.2), width).turned("y", draw.uniform(-25, 25)).moved(z=0.35 * k),
            material,
        )
        for k in range(count)
    ]


def with_strokes(draw: Draw, upright: list[Part], material: Material, thin: bool) -> list[Part]:
    """Slim things laid flat with lines drawn beside them."""
    flat = laid(upright, draw, 0.0, 0.0)
    drawn = strokes(draw, material, draw.integer(1, 3), thin)
    return flat + moved(drawn, draw.uniform(-0.6, 0.6), 0, draw.choice(-1, 1) * draw.uniform(0.6, 1.0))


def pencils(draw: Draw, product_type: str, spoolie: bool = False) -> Product:
    """One to five pencils upright, or one flat beside its strokes; brow pencils may end in a spoolie."""
    layout = draw.weighted(
        {"cap off": 4, "with drawn strokes": 3, "in a row": 1.5, "cap beside": 1.5, "closed": 0.9}
    )
    count = draw.integer(2, 5) if layout == "in a row" else 1
    body, main = package(draw), finish(draw, product_type)
    if layout == "closed":
        return closed_pen(draw, product_type, body, "pencil")
    shades = [shade(draw, product_type) for _ in range(count)]
    coloured = draw.chance(0.3)
    parts: list[Part] = []
    for k, colour in enumerate(shades):
        outside = plain(colour, 0.25, "shade-coloured lacquer", coat=0.6) if coloured else body
        body = outside if k == 0 else body
        one = pencil_parts(draw, cosmetic(draw, colour, main), outside)
        if spoolie:
            one = [*one, *spoolie_end(draw)]
        lean = draw.uniform(-6, 6)
        parts += moved(placed(turned(one, "z", lean)), (k - (count - 1) / 2) * draw.uniform(0.4, 0.55))
    if layout == "with drawn strokes":
        parts = with_strokes(draw, parts, cosmetic(draw, shades[0], main), thin=draw.chance(0.5))
    elif layout == "cap beside":
        cap = cylinder(0.13, draw.uniform(0.7, 1.2), bevel=0.04)
        parts += beside(draw, parts, [Part(cap, body)], draw.uniform(0.1, 0.3))
    view: View = "overhead" if layout == "with drawn strokes" else "upright"
    return Product(
        product_type,
        placed(parts),
        tuple(shades),
        main,
        "pencil",
        body,
        layout,
        view,
        count,
        layout == "cap off",
    )


def spoolie_end(draw: Draw) -> list[Part]:
    """A small brow brush below y = 0, where a pencil ends."""
    head = tip_mesh(draw, "spoolie", draw.uniform(0.5, 0.75), draw.uniform(0.12, 0.17)).moved(y=-0.15)
    stem = cylinder(0.04, 0.2, bevel=0.01).moved(y=-0.18)
    return [
        Part(head, plain((0.05,) * 3, 0.6, "black bristles")),
        Part(stem, plain((0.06,) * 3, 0.3, "black stem")),
    ]


def closed_pen(draw: Draw, product_type: str, body: Material, form: str) -> Product:
    """A capped pencil or pen that shows nothing of its product."""
    radius, length = draw.uniform(0.09, 0.16), draw.uniform(2.0, 2.8)
    cap = body if draw.chance(0.6) else package(draw)
    parts = [
        Part(cylinder(radius, length, bevel=0.03), printed(draw, body, vertical=True, often=0.9)),
        Part(cylinder(radius * 1.03, 0.06, bevel=0.01).moved(y=length - 0.02), metal(draw)),
        Part(cylinder(radius, draw.uniform(1.0, 1.6), bevel=0.03).moved(y=length + 0.03), cap),
    ]
    return Product(product_type, placed(parts), form=form, package=body, layout="closed")


def pen(draw: Draw, product_type: str) -> Product:
    """A felt or brush pen with its cap off."""
    radius, length = draw.uniform(0.1, 0.16), draw.uniform(2.2, 3.0)
    body, colour, main = package(draw), shade(draw, product_type), draw.weighted(STROKE_FINISHES)
    if draw.chance(0.15):
        return closed_pen(draw, product_type, body, "pen")
    material = cosmetic(draw, colour, main)
    nib, long = radius * draw.uniform(0.25, 0.4), draw.uniform(0.3, 0.6)
    cone = [(radius * 0.8, length), (radius * 0.7, length + 0.25), (nib * 1.3, length + 0.5)]
    tip = [(nib, 0), (nib * draw.uniform(0.5, 1.1), long * 0.6), (nib * 0.15, long * 0.97), (0, long)]
    parts = [
        Part(cylinder(radius, length, bevel=0.03), printed(draw, body, vertical=True, often=0.9)),
        Part(lathe(cone), draw.choice(plain((0.06,) * 3, 0.3, "black plastic"), metal(draw), body)),
        Part(lathe(tip, crease=90).moved(y=length + 0.5), material),
    ]
    layout = draw.weighted({"cap off": 2, "cap beside": 2, "with drawn strokes": 3})
    if layout == "cap beside":
        cap = [Part(cylinder(radius * 1.02, draw.uniform(1.0, 1.5), bevel=0.04), body)]
        parts += beside(draw, parts, cap) if draw.chance(0.6) else laid(cap, draw, 0.0, 0.6)
    elif layout == "with drawn strokes":
        parts = with_strokes(draw, parts, material, thin=True)
    view: View = "overhead" if layout == "with drawn strokes" else "upright"
    return Product(
        product_type, placed(parts), (colour,), main, "pen", body, layout, view, tiltable=layout == "cap off"
    )


def small_tube(draw: Draw, product_type: str, tip: Tip, form: str) -> Product:
    """A small wand bottle: dip eyeliner with a fine brush, or brow gel with a little spoolie."""
    outside, cap = package(draw), package(draw)
    cap = outside if draw.chance(0.4) else cap
    see_through = tip == "spoolie" and draw.chance(0.3)
    colour, main = shade(draw, product_type), draw.weighted(STROKE_FINISHES)
    product = cosmetic(draw, colour, main)
    tube = WandTube(
        product,
        printed(draw, outside, vertical=True, often=0.9),
        cap,
        tip,
        draw.uniform(0.17, 0.28),
        draw.uniform(0.9, 1.5),
        draw.uniform(0.9, 1.7),
        draw.weighted({"round": 4, "soft": 1, "square": 1}),
        see_through=see_through,
    )
    layout = draw.weighted({"closed": 1, "wand out": 3})
    parts = tube.parts(draw, layout)
    if layout == "wand out" and draw.chance(0.35):
        drawn = strokes(draw, product, draw.integer(1, 2), tip == "brush")
        parts += moved(drawn, 0, 0, draw.uniform(0.7, 1.0))
    shown = see_through or layout == "wand out"
    return Product(
        product_type,
        placed(parts),
        (colour,) if shown else (),
        main if shown else None,
        form,
        tube.outside if not see_through else parts[0].material,
        layout,
    )


def drawn_lines(draw: Draw, product_type: str) -> Product:
    """Only lines, drawn in one to four shades."""
    shades = [shade(draw, product_type) for _ in range(draw.integer(1, 4))]
    main, thin = draw.weighted(FINISH_WEIGHTS[product_type]), draw.chance(0.4)
    parts: list[Part] = []
    for k, colour in enumerate(shades):
        parts += moved(strokes(draw, cosmetic(draw, colour, main), draw.integer(1, 2), thin), 0, 0, 0.7 * k)
    return Product(
        product_type,
        placed(parts),
        tuple(shades),
        main,
        "swatch",
        None,
        "drawn strokes",
        "overhead",
        len(shades),
        tiltable=False,
    )


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


def eyeliner(draw: Draw) -> Product:
    kind = draw.weighted({"pencil": 4, "pen": 3.5, "liquid": 2, "pot": 1, "lines": 1.5})
    if kind == "pencil":
        return pencils(draw, "eyeliner")
    if kind == "pen":
        return pen(draw, "eyeliner")
    if kind == "liquid":
        return small_tube(draw, "eyeliner", "brush", "bottle")
    return pot(draw, "eyeliner", STROKE_FINISHES) if kind == "pot" else drawn_lines(draw, "eyeliner")


def brow(draw: Draw) -> Product:
    kind = draw.weighted(
        {"pencil": 4, "pen": 1.2, "gel": 2.5, "pot": 1.5, "compact": 2, "smear": 1, "lines": 0.8}
    )
    if kind == "pencil":
        return pencils(draw, "brow product", spoolie=draw.chance(0.7))
    if kind == "pen":
        return pen(draw, "brow product")
    if kind == "gel":
        return small_tube(draw, "brow product", "spoolie", "tube")
    if kind == "pot":
        return pot(draw, "brow product", {"matte": 1, "satin": 2})
    if kind == "compact":
        return brow_compact(draw)
    if kind == "smear":
        return swatch(draw, "brow product", {"smear": 2, "crushed powder": 1}, {"matte": 2, "satin": 1})
    return drawn_lines(draw, "brow product")
