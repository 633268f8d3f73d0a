"""Makeup sets: several products of other makers together, on a tray, in a pouch or before their box."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np

from data.draw import Draw
from data.material import Material, package
from data.mesh import box, lathe
from data.product import Maker, Part, Product, moved, placed, turned
from data.products.vessels import care_package, carton

# Maker -> (module, usual height of the standing product in a set, weight).
# Heights keep the sizes plausible side by side.
MEMBERS = {
    "lipstick": ("lips", 1.7, 3.0), "lip_gloss": ("lips", 2.0, 2.0), "mascara": ("eyes", 2.3, 2.5),
    "eyeliner": ("eyes", 2.4, 1.2), "blush": ("compacts", 1.0, 1.5), "powder": ("compacts", 1.1, 1.2),
    "palette": ("palettes", 1.2, 1.2), "foundation": ("complexion", 2.2, 1.5),
    "concealer": ("complexion", 1.9, 1.2), "nail_polish": ("nails", 1.5, 1.2),
    "cream": ("skincare", 1.1, 1.2),
    "serum": ("skincare", 2.0, 1.0), "perfume": ("perfume", 2.0, 0.5), "brush_or_tool": ("tools", 2.6, 0.8),
}  # fmt: skip
MOST_WIDE = 2.4  # a member broader than this (a row of tubes, a swatch) would crowd out the others
TRIES = 4
# Swatches, and small tools that would be blown up to the height of a brush.
UNFIT = {"", "sponge", "puff", "tweezers", "comb", "spatula", "face roller"}


def makeup_set(draw: Draw) -> Product:
    """3 to 7 products: a mixed kit, or a line of skin care."""
    skincare = draw.chance(0.2)
    names = {k: v[2] for k, v in MEMBERS.items() if not skincare or k in ("cream", "serum")}
    count = draw.weighted({3: 3, 4: 3, 5: 2, 6: 1, 7: 0.6})
    members = [_member(draw, draw.weighted(names)) for _ in range(count)]
    parts = _arranged(draw, members)
    setting = draw.weighted({"grouped": 5, "before its box": 2, "on a tray": 1.5, "with a pouch": 1})
    surface = package(draw)
    high = np.max([p.mesh.high for p in parts], 0)
    low = np.min([p.mesh.low for p in parts], 0)
    width = float(high[0] - low[0])
    if setting == "before its box":
        behind = carton(
            draw, surface, width * draw.uniform(0.5, 1.0), float(high[1]) * draw.uniform(0.9, 1.25), 0.6
        )
        parts.append(behind.moved(z=float(low[2]) - 0.5))
    elif setting == "on a tray":
        deep = float(high[2] - low[2]) + 0.5
        tray = box(width + 0.5, 0.14, deep, 0.04).moved(y=-0.14, z=float(high[2] + low[2]) / 2)
        parts.append(Part(tray, surface))
    elif setting == "with a pouch":
        parts.append(_pouch(care_package(draw), width * 0.6).moved(z=float(low[2]) - 0.5))
    seen = [s for m in members for s in m.shades]
    finish = next((m.finish for m in members if m.finish), None) if seen else None
    return Product(
        "makeup set", placed(parts), tuple(seen), finish, "set", surface, setting, count=count, tiltable=False
    )


def _member(draw: Draw, name: str) -> Product:
    """One product at the size it has beside the others; spread-out layouts are drawn again."""
    module, height, _ = MEMBERS[name]
    maker: Maker = getattr(import_module(f"data.products.{module}"), name)
    product = maker(draw)
    for _ in range(TRIES):
        size = _size(product)
        slim = size[0] < MOST_WIDE * max(size[1], 0.6)
        if slim and product.view != "overhead" and product.form not in UNFIT:
            break
        product = maker(draw)
    size = _size(product)
    scale = height * draw.uniform(0.85, 1.15) / max(float(size[1]), 0.55 * float(size[0]), 1e-3)
    return replace(product, parts=tuple(_scaled(p, scale) for p in product.parts))


def _size(product: Product) -> np.ndarray:
    return np.max([p.mesh.high for p in product.parts], 0) - np.min([p.mesh.low for p in product.parts], 0)


def _scaled(part: Part, factor: float) -> Part:
    return replace(part, mesh=replace(part.mesh, vertices=part.mesh.vertices * factor))


def _arranged(draw: Draw, members: list[Product]) -> list[Part]:
    """Side by side in a row, or in two rows with the tall ones behind."""
    two_rows = len(members) > 3 and draw.chance(0.55)
    order = sorted(members, key=lambda m: -float(_size(m)[1]))
    back = len(order) // 2 if two_rows else 0
    rows = (
        [order[:back], order[back:]]
        if two_rows
        else [[members[k] for k in draw.rng.permutation(len(members))]]
    )
    parts: list[Part] = []
    z = 0.0
    for row in rows:
        line, deep = _row(draw, row)
        parts += moved(line, z=z + deep / 2)
        z += deep + 0.1
    return moved(parts, z=-z / 2)


def _row(draw: Draw, members: list[Product]) -> tuple[list[Part], float]:
    """Members from left to right with small gaps, centred; and the row's depth."""
    x, parts, deep = 0.0, [], 0.0
    for member in members:
        pose = turned(member.parts, "y", draw.normal(8))
        low = np.min([p.mesh.low for p in pose], 0)
        high = np.max([p.mesh.high for p in pose], 0)
        parts += moved(pose, x - low[0], -low[1], -(low[2] + high[2]) / 2)
        x += float(high[0] - low[0]) + draw.uniform(0.08, 0.3)
        deep = max(deep, float(high[2] - low[2]))
    return moved(parts, x=-x / 2), deep


def _pouch(fabric: Material, width: float) -> Part:
    """A soft bag: round at the foot, pinched flat along its zip."""

    def pinch(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return 1 - 0.12 * s, np.maximum(1 - s**1.5, 0.05)

    half = max(width / 2, 0.9)
    profile = [(0, 0), (0.9, 0.0), (1, 0.15), *((1.0, y) for y in np.linspace(0.3, 1.5, 10)), (0, 1.52)]
    return Part(lathe(profile, "soft", width=half, depth=0.45, taper=pinch, crease=180), fabric)
