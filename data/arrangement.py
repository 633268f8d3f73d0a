"""Several of one product in one picture: a row, an arc, a fan, a pile, a flat lay, mostly in sister shades."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from beauty_vlm.regions import MATERIAL
from data.draw import Draw
from data.material import Material
from data.mesh import joined
from data.product import Part, Product, View, placed, turned
from data.products.swatches import shade

MOST_TRIANGLES = 150_000  # of the whole group
MOST_PARTS = 56
WHERE = {"row": "in a row", "arc": "in an arc", "fan": "fanned out", "pile": "in a pile", "flat lay": "in a flat lay",
         "leaning": "leaning on each other", "staggered": "in a group"}  # fmt: skip


def can_group(product: Product) -> bool:
    """Whether the product is one upright thing that shops also show several of."""
    return (
        product.view == "upright"
        and product.tiltable
        and product.count == 1
        and product.package is not None
        and product.product_type not in ("other", "makeup set", "brush or tool")
        and 1 <= len(product.parts) <= MOST_PARTS // 2
        and sum(len(p.mesh.faces) for p in product.parts) * 2 <= MOST_TRIANGLES
    )


def group(draw: Draw, product: Product) -> Product:
    """2 to 7 copies of a single upright product; the first and its shade stay the main ones."""
    faces = sum(len(p.mesh.faces) for p in product.parts)
    most = max(2, min(7, MOST_PARTS // len(product.parts), MOST_TRIANGLES // max(faces, 1)))
    count = min(most, draw.weighted({2: 2, 3: 3, 4: 2, 5: 1.5, 6: 0.7, 7: 0.3}))
    low = np.min([p.mesh.low for p in product.parts], axis=0)
    high = np.max([p.mesh.high for p in product.parts], axis=0)
    width, height = high[0] - low[0], high[1] - low[1]
    centre = (low + high) / 2
    base = [p.moved(-centre[0], -low[1], -centre[2]) for p in product.parts]
    kinds = {"row": 3.5, "arc": 1, "staggered": 1.5, "fan": 1.2, "pile": 0.5, "flat lay": 2.5, "leaning": 0.4}
    if width > 0.7 * height:
        kinds = {"row": 3, "arc": 1, "staggered": 2}
    kind = draw.weighted(kinds)
    shades = [*product.shades[:1]]
    copies: list[list[Part]] = []
    sisters = bool(product.shades) and draw.chance(0.75)
    spin, gap = draw.uniform(0, 360), width * draw.uniform(1.08, 1.6)
    for k, slot in enumerate(_slots(count)):
        copy = base
        if k and sisters:
            colour = shade(draw, product.product_type)
            copy = [recoloured(p, product.shades[0], colour) for p in base]
            shades.append(colour)
        copies.append(_put(draw, kind, copy, slot, count, gap, (width, height), spin))
    parts: list[Part] = []
    for same in zip(*copies, strict=True):  # one mesh of all that look alike: a kernel depends on the number of parts
        if all(p.material is same[0].material for p in same):
            parts.append(Part(joined([p.mesh for p in same]), same[0].material))
        else:
            parts += same
    view: View = "overhead" if kind in ("fan", "flat lay", "pile") else "upright"
    if not sisters:
        shades = list(product.shades)
    layout = f"{product.layout}, {WHERE[kind]}" if product.layout else WHERE[kind]
    return replace(
        product, parts=placed(parts), shades=tuple(shades), layout=layout, view=view, count=count, tiltable=False
    )


def recoloured(part: Part, old: np.ndarray, new: np.ndarray) -> Part:
    """The part with its own colour changed as the shade changed from `old` to `new` (sRGB); packages stay."""
    material = part.material
    if material.region != MATERIAL or material.clear:
        return part
    texture = material.texture.astype(float) / 255
    # What keeps to the old shade moves with it; print and glitter of other colours stay as they are.
    near = np.exp(-((np.linalg.norm(texture - old, axis=2) / 0.35) ** 2))[..., None]
    moved = np.clip(texture * (new / np.maximum(old, 0.02)), 0, 1)
    dark = np.asarray(old).max() < 0.12
    moved = np.clip(texture - old + new, 0, 1) if dark else moved
    painted = np.where(near > 0.4, moved, texture * (1 - near) + moved * near)
    changed: Material = replace(material, texture=(painted * 255 + 0.5).astype(np.uint8))
    return replace(part, material=changed)


def _slots(count: int) -> list[float]:
    """Places -1 to 1 across the picture, the middle one first: it is the nearest to the camera."""
    line = np.linspace(-1, 1, count)
    return sorted((float(x) for x in line), key=abs)


def _put(
    draw: Draw, kind: str, copy: list[Part], slot: float, count: int, gap: float, size: tuple[float, float], spin: float
) -> list[Part]:
    width, height = size
    across = slot * (count - 1) / 2
    if kind in ("row", "arc", "staggered"):
        back = {
            "row": 0.0,
            "arc": -0.5 * gap * across**2 / max(count - 1, 1),
            "staggered": -0.6 * gap * (abs(across) % 2),
        }
        yaw = 14 * slot if kind == "arc" else 0.0
        spaced = gap * (0.8 if kind == "staggered" else 1.0)
        return [p.moved(across * spaced, 0, back[kind]) for p in turned(copy, "y", yaw)]
    if kind == "leaning":
        return [p.moved(across * gap * 1.1) for p in placed(turned(copy, "z", -18.0 if slot else 0.0))]
    down = list(placed(turned(copy, "x", -90)))
    if kind == "fan":
        angle = -across * draw.uniform(14, 20)
        return turned([p.moved(z=-0.3 * height) for p in down], "y", angle, (0, 0, 0.9 * height))
    if kind == "pile":
        layer = 0.95 * width * abs(across)
        return [
            p.moved(draw.normal(0.2 * width), layer, 0) for p in turned(down, "y", spin + across * 50 + draw.normal(8))
        ]
    if draw.chance(0.25):
        down = turned(down, "y", 180)
    aligned = turned([p.moved(across * gap * 1.1, 0, draw.normal(0.06) * height) for p in down], "y", draw.normal(3))
    return turned(aligned, "y", (spin % 90) - 45)
