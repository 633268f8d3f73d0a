"""Lip liners: sharpened pencils and twist-ups, alone, capped, crossed, in rows, and the lines that they draw."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import Material, cosmetic, metal, package, plain
from data.mesh import capsule_profile, cylinder, joined, lathe
from data.product import Part, Product, View, moved, placed, turned
from data.products.lip_cases import milky
from data.products.placing import flat_lay, middled, resting_on, spun
from data.products.swatches import shade
from data.products.wands import pencil_parts
from data.stroke import scribble

LAYOUTS = {
    "alone": 3.2, "cap beside": 2.0, "squiggle": 2.6, "crossed": 0.5, "tips": 0.6, "row": 0.9, "capped": 0.4,
}  # fmt: skip


def pencil(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A lip pencil in one of the layouts of shops."""
    layout = draw.weighted(LAYOUTS)
    if layout == "row":
        return _row(draw, colour, finish)
    core = cosmetic(draw, colour, finish)
    body = outside(draw, colour)
    # Mini and chubby pencils are common, and their tips are large enough to tell the shade.
    one = pencil_parts(draw, core, body, length=draw.uniform(2.0, 3.2) if draw.chance(0.4) else None)
    view: View = "upright"
    words, count, tiltable = "pencil", 1, False
    if layout == "alone":
        tiltable, parts = True, one
        if draw.chance(0.35):  # a diagonal is as common as an upright
            parts, view, tiltable = flat_lay([turned(one, "z", draw.uniform(-55, 55))]), "overhead", False
    elif layout == "capped":
        closed = [Part(cylinder(0.11, 2.7, bevel=0.02), one[0].material)]
        closed += moved(cap_parts(draw, body, 0.115, upright=True), y=2.72)
        return Product("lip liner", placed(closed), (), None, "pencil", body, "closed")
    elif layout == "cap beside":
        lid = cap_parts(draw, body, one[0].mesh.high[0] * 1.05, upright=draw.chance(0.6))
        place = draw.sign() * draw.uniform(0.3, 0.6)
        if draw.chance(0.5):
            parts = [*one, *moved(placed(lid), x=place)]
        else:
            slope = draw.uniform(-50, 50)
            spot = spun(lid, draw.choice(0.0, draw.uniform(-30, 30)), place, draw.uniform(-1.2, 1.2))
            parts, view = flat_lay([turned([*spun(one, 0), *spot], "z", slope)]), "overhead"
        words = "cap off"
    elif layout == "squiggle":
        parts, view, words = _with_line(draw, one, core), "overhead", "lying, with drawn lines"
    elif layout == "crossed":
        other_core = cosmetic(draw, colour, finish)
        other = pencil_parts(draw, other_core, body)
        lower = flat_lay([spun(one, draw.uniform(12, 45))])
        upper = flat_lay([spun(other, -draw.uniform(12, 45))])
        parts, view, words, count = [*lower, *resting_on(upper, lower)], "overhead", "crossed", 2
    else:
        parts, words = _tips(draw, core, body), "tip close-up"
        count, tiltable = 2, False
    return Product(
        "lip liner", middled(parts), (colour,), finish, "pencil", body, words, view, count, tiltable=tiltable
    )


def outside(draw: Draw, colour: np.ndarray) -> Material:
    """A pencil's lacquer: in the shade's colour as often as in the brand's."""
    if draw.chance(0.45):
        return plain(np.clip(colour * draw.uniform(0.7, 1.0), 0, 1), draw.uniform(0.15, 0.4), "shade-coloured lacquer")
    return package(draw)


def cap_parts(draw: Draw, body: Material, radius: float, *, upright: bool) -> list[Part]:
    """A pencil's cap on y = 0, open end down if `upright`; now and then clear, or with a metal ring."""
    height = draw.uniform(0.6, 1.15)
    kind = draw.weighted({"body": 5, "metal": 1.2, "clear": 1.5})
    surface = {"body": body, "metal": metal(draw), "clear": milky(draw)}[kind]
    lid = [Part(lathe(capsule_profile(radius, height, 0.03)), surface)]
    if draw.chance(0.3):
        lid.append(Part(cylinder(radius * 1.02, 0.07, bevel=0.01), metal(draw)))
    return lid if upright else list(placed(turned(lid, "z", 180)))


def _with_line(draw: Draw, one: list[Part], core: Material) -> list[Part]:
    """The pencil on its back and a line that its tip has just drawn, or a patch of lines beside it."""
    slope = draw.uniform(-40, 40)
    lying = flat_lay([spun(one, slope)])
    kind = draw.choice("wave", "zigzag", "zigzag", "hatch", "loops", "line")
    length = draw.uniform(1.1, 2.4)
    width = length * (draw.uniform(0.05, 0.09) if kind == "hatch" else draw.uniform(0.025, 0.06))
    line = scribble(draw, length, width, kind, grain=draw.choice(0.0, draw.uniform(0.3, 0.9)))
    tip = next(p.mesh for p in lying if p.material is core)
    point = tip.vertices[int(np.argmin(tip.vertices[:, 2]))]
    side = draw.sign()
    if draw.chance(0.6):  # hangs from the tip beside the shaft, as in shops' pictures
        start = line.vertices[int(np.argmin(line.vertices[:, 0]))]
        line = line.moved(x=-float(start[0]), z=-float(start[2])).turned("y", slope - 90 + side * draw.uniform(28, 80))
        line = line.moved(x=float(point[0]), z=float(point[2]))
    else:
        line = line.turned("y", slope + draw.choice(90.0, 0.0) + draw.uniform(-30, 30))
        reach = float(np.ptp(line.vertices[:, 0])) / 2 + draw.uniform(0.25, 0.5)
        lean = np.radians(slope)
        line = line.moved(x=side * reach * float(np.cos(lean)), z=-side * reach * float(np.sin(lean)))
    return [*lying, Part(line, core)]


def _tips(draw: Draw, core: Material, body: Material) -> list[Part]:
    """Two points in close-up, or a point beside the dipped end of another."""
    first = pencil_parts(draw, core, body, length=draw.uniform(1.0, 1.5), sharpened=True)[:3]
    second = pencil_parts(draw, core, body, length=draw.uniform(0.9, 1.4), sharpened=draw.chance(0.6))[:3]
    if draw.chance(0.4):
        radius = float(first[0].mesh.high[0])
        end = plain(core.colour, 0.3, "shade-coloured end", coat=0.5)
        second = [
            Part(cylinder(radius, 0.7, bevel=0.01), body),
            Part(cylinder(radius * 1.005, 0.3, bevel=0.03).moved(y=0.7), end),
        ]
    gap = draw.uniform(0.26, 0.42)
    pair = [*first, *moved(placed(turned(second, "z", draw.normal(8))), x=draw.sign() * gap)]
    return turned(pair, "z", draw.uniform(-40, 40) if draw.chance(0.4) else 0.0)


def _row(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """2 to 6 pencils of one line in their shades: standing side by side, lying in parallel, or fanned out."""
    count = draw.weighted({2: 3, 3: 3, 4: 2, 5: 1, 6: 1})
    shades = [colour, *(shade(draw, "lip liner") for _ in range(count - 1))]
    own = draw.chance(0.5)
    body = package(draw)
    pose = draw.weighted({"standing": 3, "lying": 2, "fan": 1.2})
    length, gap = draw.uniform(3.5, 4.5), draw.uniform(0.28, 0.5)
    parts: list[Part] = []
    for k, tone in enumerate(shades):
        skin = plain(tone, 0.3, "shade-coloured lacquer", coat=0.5) if own else body
        one = pencil_parts(draw, cosmetic(draw, tone, finish), skin, length=length, sharpened=True)
        place = k - (count - 1) / 2
        if pose == "fan":
            parts += flat_lay([turned(one, "z", -place * draw.uniform(7, 12))])
        elif pose == "lying":
            parts += flat_lay([moved(one, x=place * gap, y=draw.normal(0.08))])
        else:
            parts += moved(one, x=place * gap)
    words = {"standing": "several in a row", "lying": "several lying side by side", "fan": "several fanned out"}[pose]
    case = plain(colour, 0.3, "shade-coloured lacquer") if own else body
    return Product(
        "lip liner", middled(parts), tuple(shades), finish, "pencil", case, words,
        "upright" if pose == "standing" else "overhead", count, False,
    )  # fmt: skip


def drawn(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """Lines alone, as a pencil leaves them on paper."""
    core = cosmetic(draw, colour, finish)
    count = draw.weighted({1: 6, 2: 1.2, 3: 1})
    kind = draw.choice("line", "line", "wave") if count > 1 else None
    lines = [
        scribble(draw, 2.0, 2.0 * draw.uniform(0.03, 0.08), kind, grain=draw.choice(0.0, draw.uniform(0.3, 1.0)))
        .turned("y", draw.normal(6))
        .moved(z=0.45 * (k - (count - 1) / 2))
        for k in range(count)
    ]
    mesh = joined(lines).turned("y", draw.uniform(-60, 60))
    return Product(
        "lip liner", placed([Part(mesh, core)]), (colour,), finish, "", None, "drawn lines", "overhead", tiltable=False
    )
