"""Closed slim lipsticks as campaigns show them: on plain coloured paper, among wires, cords, ribbons and thin arcs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.ground import PAPERS
from data.label import printed
from data.material import METALS, STRONG, Material, metal, package, plain, plastic, prop
from data.mesh import Mesh, Point, cut, cylinder, joined, lathe, sheet
from data.product import Part, Product, View, moved, placed, turned
from data.products.lip_boxes import merged
from data.products.lip_plain import RADIUS, plain_case, through_cord
from data.products.shapes import ring, rod


def _outside(draw: Draw, colour: np.ndarray) -> Material:
    """The cap's surface: black and gold above all."""
    kind = draw.weighted({"black": 4, "gold": 2, "silver": 1, "white": 0.8, "strong": 1, "shade": 0.7, "any": 0.8})
    if kind == "black":
        return plain(np.full(3, draw.uniform(0.01, 0.04)), draw.uniform(0.05, 0.4), "black lacquer", coat=1.0)
    if kind in ("gold", "silver"):
        return metal(draw, draw.choice("gold", "gold", "champagne", "rose gold") if kind == "gold" else "silver")
    if kind == "white":
        return plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white")
    if kind == "strong":
        name = draw.choice(*STRONG)
        return plastic(draw, np.clip(np.array(STRONG[name]) + draw.rng.normal(0, 0.03, 3), 0.02, 0.97), name)
    if kind == "shade":
        return plastic(draw, np.clip(colour * draw.uniform(0.75, 1.05), 0.02, 0.97), "shade-coloured")
    return package(draw)


def slim_case(draw: Draw, colour: np.ndarray) -> tuple[list[Part], Material]:
    """A closed case on y = 0, four to six times as tall as wide, with its foot of another metal; and its surface."""
    r, height = RADIUS, 2 * RADIUS * draw.uniform(3.7, 6.2)
    section = draw.weighted({"round": 6, "square": 2, "sharp": 0.8, "soft": 0.8, "hex": 0.3})
    outside = _outside(draw, colour)
    foot = height * draw.weighted({draw.uniform(0.08, 0.16): 3, draw.uniform(0.16, 0.32): 2})
    shiny = {"gold": 5.0, "silver": 2.0, "rose gold": 1.5, "gunmetal": 0.5, "champagne": 1.0}
    trim = metal(draw, draw.weighted({k: w for k, w in shiny.items() if k in METALS}))
    if outside.metallic and draw.chance(0.5):  # a metal cap stands on a black foot, or on its own metal
        trim = draw.choice(outside, plain(np.full(3, 0.03), 0.2, "black plastic"))
    narrow = draw.weighted({1.0: 4, draw.uniform(0.88, 0.96): 2, 1.04: 1})
    parts = [Part(cylinder(r * narrow, foot, section, 0.02), trim)]
    grooves = draw.weighted({0: 3, 1: 3, 2: 2, 4: 0.7})
    rings = [
        cylinder(r * narrow * 1.03, foot * draw.uniform(0.06, 0.14), section, 0.008).moved(y=foot * k / (grooves + 0.6))
        for k in range(grooves)
    ]
    if rings:
        parts.append(Part(joined(rings), trim if draw.chance(0.7) else outside))
    tall = height - foot - 0.015
    b = draw.uniform(0.015, 0.05) if draw.chance(0.8) else 0.8 * r
    angle = np.linspace(0, np.pi / 2, 7)
    profile: list[Point] = [(r * 0.92, 0), (r, 0.01)]
    profile += [(r - b + b * float(np.cos(a)), tall - b + b * float(np.sin(a))) for a in angle]
    shell = lathe([*profile, (0, tall)], section, crease=40).moved(y=foot + 0.015)
    parts.append(Part(shell, printed(draw, outside, vertical=draw.chance(0.5), often=draw.choice(0.2, 0.85))))
    seam = draw.weighted({"none": 4, "foot": 3, "shoulder": 1.5, "middle": 0.7, "top": 1})
    at = {"foot": foot + 0.02, "shoulder": height * 0.86, "middle": height * draw.uniform(0.4, 0.6)}
    if seam in at:
        band = cylinder(r * 1.015, height * draw.uniform(0.008, 0.03), section, 0.006)
        parts.append(Part(band.moved(y=at[seam]), trim))
    elif seam == "top":
        parts.append(Part(cylinder(0.8 * r, 0.02, section, 0.006).moved(y=height - 0.002), trim))
    return merged(parts), outside


def closed_case(draw: Draw, colour: np.ndarray, plain_share: float = 0.6) -> Product:
    """One to three closed cases, from above or standing, mostly on coloured paper; `plain_share` bear no print."""
    bare = draw.chance(plain_share)
    one, outside = plain_case(draw, colour) if bare else slim_case(draw, colour)
    height = float(max(p.mesh.high[1] for p in one))
    if draw.chance(0.3):  # as any other product
        return Product("lipstick", placed(one), (), None, "bullet case", outside, "closed")
    count = draw.weighted({1: 6, 2: 1.2, 3: 0.8})
    lying = draw.chance(0.7)
    parts: list[Part] = []
    lean = draw.normal(2) if draw.chance(0.8 if bare else 0.6) else draw.uniform(-70, 70)
    gap = RADIUS * draw.uniform(2.2, 4.5)
    for k in range(count):
        x = (k - (count - 1) / 2) * gap
        if lying:
            tilt = lean + (draw.normal(8) if count > 1 else 0.0)
            down = turned([p.moved(y=-0.5 * height) for p in one], "x", -90)
            parts += placed(moved(turned(down, "y", tilt), x=x, z=draw.normal(0.15) * (count - 1)))
        else:
            parts += moved(turned(one, "y", draw.normal(6)), x=x, z=draw.normal(0.1) * (count - 1))
    parts = list(placed(merged(parts)))
    if draw.chance(0.6):
        parts += _threads(draw, height, lying, through=count == 1 and draw.chance(0.6 if bare else 0.2))
    words = "closed" if count == 1 else "closed, side by side"
    view: View = "overhead" if lying else "upright"
    setting = "paper" if draw.chance(0.85) else ""
    return Product(
        "lipstick", tuple(parts), (), None, "bullet case", outside, words, view, count, tiltable=False, setting=setting
    )


def _threads(draw: Draw, size: float, lying: bool, *, through: bool = False) -> list[Part]:
    """Wires, thin arcs, a cord or a ribbon under or behind a product `size` long; they may leave the picture.

    `through`: a cord that comes out at the product's head and foot instead.
    """
    kind = "through" if through else draw.weighted({"wire": 2.5, "arcs": 2.5, "cord": 1.2, "ribbon": 1})
    thick = size * draw.uniform(0.002, 0.006)
    meshes: list[Mesh] = []
    if kind == "through":
        meshes.append(through_cord(draw, size))
    elif kind == "wire":
        for _ in range(draw.choice(1, 1, 2)):
            bow, slope = draw.normal(0.15) * size, draw.choice(90.0, draw.uniform(0, 180))
            x = np.linspace(-2.5, 2.5, 40) * size
            path = np.stack([x, bow * np.cos(x / size * draw.uniform(0.5, 1.6)), 0 * x], 1)
            meshes.append(
                rod(path, thick, 8).turned("z", slope).moved(draw.normal(0.1) * size, draw.normal(0.1) * size)
            )
    elif kind == "arcs":
        middle = draw.rng.normal(0, 0.6, 2) * size
        for k in range(draw.integer(1, 4)):
            arc = ring(size * (draw.uniform(0.5, 0.9) + 0.12 * k), thick)
            meshes.append(arc.moved(float(middle[0]) + draw.normal(0.05) * size, float(middle[1])))
    else:
        s = np.linspace(0, 1, 90)
        turn = np.cumsum(np.sin(2 * np.pi * draw.uniform(0.6, 2.2) * s + draw.uniform(0, 6))) * draw.uniform(0.03, 0.12)
        path = np.cumsum(np.stack([np.cos(turn), np.sin(turn), 0 * s], 1), 0) * size * 3.2 / 90
        path -= path.mean(0)
        if kind == "cord":
            meshes.append(rod(path, 2.5 * thick, 8))
        else:
            along = np.gradient(path, axis=0)
            side = np.stack([-along[:, 1], along[:, 0], 0 * s], 1)
            side *= size * draw.uniform(0.02, 0.06) / np.linalg.norm(side, axis=1, keepdims=True)
            meshes.append(sheet(np.stack([path - side, path + side], 1)))
    mesh = joined(meshes)
    if lying:
        mesh = mesh.turned("x", -90)
        mesh = mesh.moved(y=0.003 - float(mesh.low[1]))
    else:
        mesh = mesh.moved(y=0.5 * size, z=-RADIUS * draw.uniform(1.2, 2.5))
        above = mesh.vertices[mesh.faces][..., 1].min(1) > 0.0  # what hangs below the table would lift the product
        if not above.any():
            return []
        mesh = cut(mesh, above)
    surface = replace(metal(draw), region=BACKGROUND)
    if kind == "through":
        surface = prop(np.array(draw.choice(*PAPERS)[1]), draw.uniform(0.3, 0.7))
    elif kind in ("cord", "ribbon") or draw.chance(0.25):
        tone = draw.choice((0.03, 0.03, 0.03), (0.96, 0.94, 0.9), tuple(STRONG[draw.choice(*STRONG)]))
        surface = prop(np.array(tone), draw.uniform(0.3, 0.7))
    return [Part(mesh, surface)]
