"""Different products of one type together, as makers and shops show them: no set, however much they differ.

They stand, lie and come in boxes as the members of makeup sets do, so that nothing but their types tells them apart.
"""

from __future__ import annotations

from dataclasses import replace

from data.draw import Draw
from data.material import Material, package
from data.product import Product, placed
from data.products.grouping import merged
from data.products.setmembers import CARE, kindred, one_line
from data.products.sets import STANDING, arranged
from data.products.vessels import care_package

# The makers of `MEMBERS`, those most whose groups on photos the tagger called sets.
OFTEN = {
    "lipstick": 3.0, "lip_gloss": 2.2, "mascara": 2.2, "foundation": 2.2, "cream": 1.2, "blush": 1.5,
    "nail_polish": 1.5, "eyeliner": 1.2, "lip_liner": 0.9, "concealer": 1.0, "serum": 0.9, "cleanser": 0.9,
    "bronzer": 0.9, "powder": 0.8, "brow": 0.6, "palette": 0.6, "sunscreen": 0.6, "perfume": 0.5, "brush_or_tool": 0.6,
}  # fmt: skip
ALIKE = 0.6  # are of one form; of care all: jar, tube and bottle beside one another are a set to the eye
ONE_LINE = 0.5  # in packages of one surface; the rest are of as many brands
WHERE = {
    "grouped": "in a group", "laid out flat": "in a flat lay", "fanned out": "fanned out",
    "before its box": "in a group", "in a gift box": "in a box", "in a tray": "in a tray",
}  # fmt: skip


def assortment(draw: Draw) -> Product:
    """2 to 6 products of one type, each of a make, state and shade of its own."""
    kind = draw.weighted(
        {"grouped": 4, "laid out flat": 4, "fanned out": 0.8, "before its box": 0.8, "in a gift box": 0.6,
         "in a tray": 0.3}
    )  # fmt: skip
    members: list[Product] = []
    while len(members) < 2:  # few draws of some makers suit a group
        name = draw.weighted(OFTEN)
        count = draw.weighted({2: 3, 3: 3, 4: 2, 5: 1.2, 6: 0.8})
        members = kindred(draw, name, count, kind in STANDING, name in CARE or draw.chance(ALIKE))
    care = name in CARE
    if draw.chance(ONE_LINE):
        members = one_line(draw, members, care)
    surface = care_package(draw) if care else package(draw)
    parts, view = arranged(draw, kind, members, surface)
    first = next((m for m in members if m.shades), members[0])
    return Product(
        first.product_type, placed(merged(parts)), tuple(s for m in members for s in m.shades), first.finish,
        first.form, _common(members), f"different ones, {WHERE[kind]}", view, len(members), False,
    )  # fmt: skip


def _common(members: list[Product]) -> Material | None:
    """The package of the first, named by what is true of all: colour and material, the material, or nothing."""
    own = members[0].package
    names = [m.package.name if m.package else "" for m in members]
    if own is None or len(set(names)) == 1:
        return own
    kinds = {name.split()[-1] if name else "" for name in names}
    return replace(own, name=kinds.pop() if len(kinds) == 1 else "")
