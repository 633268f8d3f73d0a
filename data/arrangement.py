"""Several of one product in one picture: a row, an arc, a fan, a pile, a flat lay, mostly in sister shades."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from beauty_vlm.measurement.regions import MATERIAL, PACKAGING
from data.draw import Draw
from data.ground import PEACHES
from data.label import printed
from data.material import Material, package, plastic
from data.mesh import joined
from data.product import Part, Product, View, placed, turned
from data.products.swatches import shade

MOST_TRIANGLES = 150_000  # of the whole group
MOST_PARTS = 56
TWO_LINES = 0.3  # of the groups of closed packages
WHERE = {
    "row": "in a row", "arc": "in an arc", "fan": "fanned out", "pile": "in a pile", "flat lay": "in a flat lay",
    "leaning": "leaning on each other", "staggered": "in a group", "wheel": "fanned out", "scattered": "in a flat lay",
    "heads and tails": "in a row", "pair": "side by side", "steps": "in a group",
}  # fmt: skip
STANDING = {"row": 3.5, "arc": 1.0, "staggered": 1.8, "steps": 0.8}
LYING = {"fan": 1.9, "flat lay": 2.2, "wheel": 1.7, "heads and tails": 1.0, "scattered": 1.7, "pair": 1.2, "pile": 0.6}
ONE_PIECE = {"leaning": 0.2}  # only of what has nothing beside it
FROM_ABOVE = {"row": 2.0, "flat lay": 1.5, "scattered": 2.5}  # of what is shown lying: palettes, compacts, pans


def can_group(product: Product) -> bool:
    """Whether the product is one thing in its package that shops also show several of."""
    return (
        product.count == 1
        and product.package is not None
        and not product.setting
        and product.product_type not in ("other", "makeup set", "brush or tool")
        and not any(p.material.name == "skin" for p in product.parts)
        and 1 <= len(product.parts) <= MOST_PARTS // 2
        and sum(len(p.mesh.faces) for p in product.parts) * 2 <= MOST_TRIANGLES
    )


def group(draw: Draw, product: Product) -> Product:
    """2 to 9 copies of a single product; the first and its shade stay the main ones."""
    faces = sum(len(p.mesh.faces) for p in product.parts)
    most = max(2, min(9, MOST_PARTS // len(product.parts), MOST_TRIANGLES // max(faces, 1)))
    count = min(most, draw.weighted({2: 2, 3: 3, 4: 2, 5: 1.5, 6: 1.0, 7: 0.7, 8: 0.5, 9: 0.4}))
    low = np.min([p.mesh.low for p in product.parts], axis=0)
    high = np.max([p.mesh.high for p in product.parts], axis=0)
    width, height, depth = (float(v) for v in high - low)
    centre = (low + high) / 2
    base = [p.moved(-centre[0], -low[1], -centre[2]) for p in product.parts]
    kinds = _kinds(product, width, height, count)
    kind = draw.weighted(kinds)
    flat = product.view != "upright"
    shades = [*product.shades[:1]]
    copies: list[list[Part]] = []
    sisters = bool(product.shades) and draw.chance(0.7)
    # Closed packages often come in two colours of one line, which then take turns.
    second = _second_line(draw, product, base) if not product.shades and draw.chance(TWO_LINES) else base
    package_ = _common(product.package, second, base)
    spin, gap = draw.uniform(0, 360), width * draw.uniform(1.05, 1.5)
    for k, slot in enumerate(_slots(count)):
        copy = second if k % 2 else base
        if k and sisters:
            colour = shade(draw, product.product_type)
            copy = [recoloured(p, product.shades[0], colour) for p in base]
            shades.append(colour)
        if flat:
            copies.append(_put_flat(draw, kind, copy, k, slot, count, (width, depth), spin))
        else:
            copies.append(_put(draw, kind, copy, slot, count, gap, (width, height), spin))
    parts: list[Part] = []
    for same in zip(*copies, strict=True):  # one mesh of all that look alike: a kernel depends on the number of parts
        if all(p.material is same[0].material for p in same):
            parts.append(Part(joined([p.mesh for p in same]), same[0].material))
        else:
            parts += same
    view: View = product.view if flat or kind not in LYING else "overhead"
    if not sisters:
        shades = list(product.shades)
    layout = f"{product.layout}, {WHERE[kind]}" if product.layout else WHERE[kind]
    return replace(
        product,
        parts=placed(parts),
        shades=tuple(shades),
        layout=layout,
        view=view,
        count=count,
        tiltable=False,
        package=package_,
    )


def _common(own: Material | None, second: list[Part], base: list[Part]) -> Material | None:
    """What can be said of the package of all when the copies' packages differ: the material that they share."""
    if own is None or second is base:
        return own
    names = {p.material.name.split()[-1] for p in second if p.material.name and p.material.region == PACKAGING}
    kind = own.name.split()[-1] if own.name else ""
    return replace(own, name=kind if names <= {kind} else "")


def _second_line(draw: Draw, product: Product, base: list[Part]) -> list[Part]:
    """The same product in a package of another colour; its closures stay."""
    own = product.package
    assert own is not None
    if own.clear or own.region != PACKAGING:
        return base
    pink, black = np.array(draw.choice(*PEACHES)), np.full(3, draw.uniform(0.02, 0.06))
    skin = own.colour.mean() > 0.4
    other = plastic(draw, black if skin and draw.chance(0.6) else pink, "black" if skin else "pink")
    other = other if draw.chance(0.7) else package(draw)
    printed_ = printed(draw, other, vertical=draw.chance(0.6), often=0.9)
    changed = []
    for part in base:
        m = part.material
        if m.name != own.name or m.region != PACKAGING:
            changed.append(part)
        else:  # what carries no print stays without
            changed.append(replace(part, material=printed_ if m.texture.shape[0] > 8 else other))
    return changed


def _kinds(product: Product, width: float, height: float, count: int) -> dict[str, float]:
    """The arrangements that suit a product of this size and pose, weighted."""
    if product.view != "upright":
        return FROM_ABOVE
    if not product.tiltable or width > 0.7 * height:  # something stands beside it, or it is no long thing
        return STANDING
    lying = {k: w for k, w in LYING.items() if count == 2 or k != "pair"}
    if count == 2:
        lying = {"pair": 2.5, "flat lay": 1.5, "heads and tails": 0.7}
    return STANDING | lying | ONE_PIECE


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
    """The copy of an upright product at its place in the arrangement."""
    width, height = size
    across = slot * (count - 1) / 2
    number = round(across + (count - 1) / 2)  # from the left
    if kind in STANDING:
        back = {
            "row": 0.0,
            "arc": -0.5 * gap * across**2 / max(count - 1, 1),
            "staggered": -0.6 * gap * (abs(across) % 2),
            "steps": -0.9 * gap * number,
        }
        yaw = 14 * slot if kind == "arc" else 0.0
        spaced = gap * {"staggered": 0.8, "steps": 0.75}.get(kind, 1.0)
        return [p.moved(across * spaced, 0, back[kind]) for p in turned(copy, "y", yaw)]
    if kind == "leaning":
        return [p.moved(across * gap * 1.1) for p in placed(turned(copy, "z", -18.0 if slot else 0.0))]
    down = list(placed(turned(copy, "x", -90)))  # on its back: its top at z = -height
    centred = [p.moved(z=0.5 * height) for p in down]
    if kind == "fan":
        angle = -across * draw.uniform(14, 20)
        return turned([p.moved(z=-0.3 * height) for p in down], "y", angle, (0, 0, 0.9 * height))
    if kind == "wheel":
        hub = max(0.2 * height, 0.6 * width * count / np.pi)
        head = 180.0 if spin > 180 else 0.0
        out = turned(centred, "y", head)
        return turned([p.moved(z=-hub - 0.5 * height) for p in out], "y", spin + 360 * number / count)
    if kind == "pair":
        way = 1 if spin > 120 else -1
        crossed = turned(centred, "y", -slot * way * (8 + spin / 20))
        return turned([p.moved(slot * 0.62 * width, 0, slot * 0.1 * height) for p in crossed], "y", (spin % 40) - 20)
    if kind == "scattered":
        columns = int(np.ceil(np.sqrt(count * 1.5)))
        pitch = max(1.15 * width + 0.35 * height, 0.75 * height)
        x = (number % columns - (columns - 1) / 2) * pitch + draw.normal(0.07 * height)
        z = (number // columns - (-(-count // columns) - 1) / 2) * 1.15 * height + draw.normal(0.05 * height)
        return [p.moved(x, 0, z) for p in turned(centred, "y", (spin % 60) - 30 + draw.uniform(-45, 45))]
    if kind == "pile":
        layer = 0.95 * width * abs(across)
        return [
            p.moved(draw.normal(0.2 * width), layer, 0) for p in turned(down, "y", spin + across * 50 + draw.normal(8))
        ]
    turn = 180.0 if kind == "heads and tails" and number % 2 else 0.0
    slide = draw.normal(0.06) * height + (0.12 * height if turn else 0.0)
    aligned = turned([p.moved(across * gap * 1.1, 0, slide) for p in turned(centred, "y", turn)], "y", draw.normal(3))
    return turned(aligned, "y", (spin % 100) - 50)


def _put_flat(
    draw: Draw, kind: str, copy: list[Part], k: int, slot: float, count: int, size: tuple[float, float], spin: float
) -> list[Part]:
    """The copy of a product that lies on the table, at its place in a row or spread over the table; `k` counts them."""
    width, depth = size
    if kind == "row" and count <= 3:
        return [p.moved(slot * (count - 1) / 2 * width * 1.12) for p in copy]
    columns = 2 if count <= 4 else 3
    rows = -(-count // columns)
    loose = 1.35 if kind == "scattered" else 1.1
    x, z = (k % columns - (columns - 1) / 2) * loose * width, (k // columns - (rows - 1) / 2) * loose * depth
    if kind != "scattered":
        return [p.moved(x, 0, z) for p in copy]
    own = turned(copy, "y", draw.uniform(-25, 25))
    return [p.moved(x + draw.normal(0.05 * width), 0, z + draw.normal(0.05 * depth)) for p in own]
