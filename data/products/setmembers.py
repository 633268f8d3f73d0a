"""The members of makeup sets: products of other makers at their sizes beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND, PACKAGING
from data.draw import Draw
from data.material import package
from data.product import Maker, Part, Product, placed
from data.products.careprint import care_print
from data.products.grouping import merged
from data.products.vessels import care_package

# Maker -> (module, usual height of the standing product in a set, weight).
# Heights keep the sizes plausible side by side.
MEMBERS = {
    "lipstick": ("lips", 1.7, 3.0), "lip_gloss": ("lips", 2.0, 2.0), "mascara": ("eyes", 2.3, 2.5),
    "eyeliner": ("eyes", 2.4, 1.2), "lip_liner": ("lips", 2.4, 0.6), "brow": ("eyes", 2.2, 0.8),
    "blush": ("compacts", 1.0, 1.5), "powder": ("compacts", 1.1, 1.2), "bronzer": ("compacts", 1.1, 1.0),
    "palette": ("palettes", 1.4, 2.0), "foundation": ("complexion", 2.2, 1.5), "concealer": ("complexion", 1.9, 1.2),
    "nail_polish": ("nails", 1.5, 1.2),
    "cream": ("skincare", 1.2, 1.2), "serum": ("skincare", 2.0, 1.0), "cleanser": ("skincare", 2.6, 0.3),
    "sunscreen": ("skincare", 2.5, 0.3), "perfume": ("perfume", 2.0, 0.5), "brush_or_tool": ("tools", 2.6, 1.0),
}  # fmt: skip
CARE = {"cream": 3.0, "serum": 3.0, "cleanser": 2.0, "sunscreen": 1.0}
# What is broader (a row of tubes) would crowd out the others: standing, as a share of its height; lying, in units.
MOST_WIDE, MOST_LONG = 2.0, 4.2
TRIES = 4
MOST_PARTS, MOST_FACES = 14, 27_000  # of one member: what has more is drawn again
PARTS, FACES = 46, 60_000  # of all members, so that a set stays quick to render
# Swatches, and tools that would be blown up to the height of a brush.
UNFIT = ("swatch", "bar", "sponge", "puff", "tweezers", "comb", "spatula", "roller", "curler", "scissors", "sharpener")
# What a member's layout may not say: a set's members share the table and bring no smears, boxes or hands of their own.
ALONE = ("swatch", "smear", "stroke", "drop", "carton", "box", "hand", "lying", "worn", "sachet", "spill")
LYING = 0.55  # how much of a lying thing's length counts as the height by which it is scaled


def set_members(draw: Draw, standing: bool) -> list[Product]:
    """The set's products, at least two types among them, within the budget of parts.

    `standing` ones stand upright or may be stood on edge; else they may be laid on their backs.
    """
    count = draw.weighted({3: 3, 4: 3, 5: 2.5, 6: 1.5, 7: 0.7, 8: 0.4})
    care = draw.chance(0.22)
    weights = dict(CARE) if care else {k: v[2] for k, v in MEMBERS.items()}
    twins = draw.choice("lipstick", "lip_gloss", "nail_polish", "brush_or_tool") if draw.chance(0.15) else None
    members: list[Product] = []
    types: set[str] = set()
    for _ in range(3 * count):
        if len(members) >= count:
            break
        name = twins if twins and len(members) < min(3, count - 1) else draw.weighted(weights)
        member = _member(draw, name, standing)
        if member is None:  # not worth more tries
            weights = {k: w for k, w in weights.items() if k != name} or dict(CARE)
            twins = None if twins == name else twins
            continue
        if len(types) > 1 and not _affordable(member, members):
            continue
        if member.product_type in types and name != twins and draw.chance(0.85):
            continue
        members.append(member)
        types.add(member.product_type)
    while len(types) < 2:
        extra = _member(draw, draw.choice("lipstick", "mascara", "cream", "serum"), standing)
        if extra is not None and extra.product_type not in types:
            members.append(extra)
            types.add(extra.product_type)
    return one_line(draw, members, care) if draw.chance(0.6 if care else 0.35) else members


def kindred(draw: Draw, name: str, count: int, standing: bool, alike: bool) -> list[Product]:
    """At most `count` products of one maker of `MEMBERS`, each drawn by itself, within the budget of parts; `alike` are
    those of one form.
    """
    members: list[Product] = []
    for _ in range(TRIES * count):
        member = _member(draw, name, standing)
        if member is None or (alike and members and member.form != members[0].form):
            continue
        if members and not _affordable(member, members):
            continue
        members.append(member)
        if len(members) == count:
            break
    return members


def _affordable(member: Product, members: Sequence[Product]) -> bool:
    """Whether one more member leaves all within the budget of parts and faces."""
    parts = [part for product in (*members, member) for part in product.parts]
    return len(parts) <= PARTS and _faces(parts) <= FACES


def _faces(parts: Sequence[Part]) -> int:
    return sum(len(part.mesh.faces) for part in parts)


def one_line(draw: Draw, members: list[Product], care: bool) -> list[Product]:
    """The members in packages of one surface, as a brand's line has them; a care line's print is alike throughout."""
    surface = care_package(draw) if care else package(draw)
    brand = draw.integer(0, 1 << 30)
    result: list[Product] = []
    for member in members:
        parts: list[Part] = []
        for part in member.parts:
            own = part.material is member.package and not part.material.clear and part.material.region == PACKAGING
            if own and care:
                size = size_of([part])
                parts.append(
                    replace(part, material=care_print(Draw(brand), surface, float(size[0]) / 2, float(size[1])))
                )
            else:
                parts.append(replace(part, material=surface) if own else part)
        result.append(replace(member, parts=tuple(parts)))
    return result


def _member(draw: Draw, name: str, standing: bool) -> Product | None:
    """One product at the size it has beside the others, its parts joined; None if no draw suits a set."""
    module, height, _ = MEMBERS[name]
    maker: Maker = getattr(import_module(f"data.products.{module}"), name)
    for _ in range(TRIES):
        product = maker(draw)
        if product.count > 1 or not product.form or (standing and product.view == "overhead"):
            continue
        if any(w in product.form for w in UNFIT) or any(w in product.layout for w in ALONE):
            continue
        parts = merged(product.parts)
        size = size_of(parts)
        if len(parts) > MOST_PARTS or _faces(parts) > MOST_FACES:
            continue
        if any(p.material.region == BACKGROUND for p in parts):
            continue
        if product.view == "upright":
            fits, length = size[0] < MOST_WIDE * max(size[1], 0.6), max(float(size[1]), LYING * float(size[0]))
        else:
            long = float(max(size[0], size[2]))
            fits, length = long < MOST_LONG, long if name == "brush_or_tool" else max(LYING * long, float(size[1]))
        if fits:
            if name == "brush_or_tool" and size[0] > 0.5 * size[1]:  # a kabuki is no longer than a lipstick
                length = length * 1.7
            scale = height * draw.uniform(0.88, 1.12) / length
            return replace(product, parts=placed(scaled(p, scale) for p in parts))
    return None


def size_of(parts: Sequence[Part]) -> np.ndarray:
    """Width, height and depth of the parts together, (3,)."""
    return np.max([p.mesh.high for p in parts], 0) - np.min([p.mesh.low for p in parts], 0)


def scaled(part: Part, factor: float) -> Part:
    """The part made larger about the origin."""
    return replace(part, mesh=replace(part.mesh, vertices=part.mesh.vertices * factor))
