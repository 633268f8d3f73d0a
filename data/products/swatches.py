"""Shades and finishes by product type, and the product's texture, alone (`swatch`) or with its package (`beside`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from beauty_vlm.colour import lab_to_srgb
from beauty_vlm.measurement.regions import BACKGROUND
from data import crumble, mesh, stroke
from data.draw import Draw
from data.material import Material, cosmetic
from data.mesh import Mesh
from data.product import Part, Product, placed
from data.products.lip_pools import POOLS
from data.products.swatch_forms import CRUSHED_FORMS, LINERS, LIQUIDS, POWDERY, WET, form_of, sample
from data.shades import sample_shade

# Rough shares of finishes in shops; sheer and glossy mostly come as liquids.
FINISH_WEIGHTS: dict[str, dict[str, float]] = {
    "blush": {"matte": 4, "satin": 3, "shimmer": 3, "glossy": 0.7, "metallic": 0.5, "sheer": 0.4},
    "bronzer or highlighter": {"matte": 3, "satin": 1.5, "shimmer": 4, "metallic": 2.5, "glitter": 0.7},
    "powder": {"matte": 6, "satin": 2, "shimmer": 0.6},
    "eyeshadow": {"matte": 3, "satin": 1.5, "shimmer": 3.5, "metallic": 3, "glitter": 2},
    "mascara": {"satin": 2, "matte": 2, "glossy": 1.5},
    "eyeliner": {"matte": 4, "satin": 2, "glossy": 1.5, "shimmer": 1, "metallic": 0.6, "glitter": 0.3},
    "brow product": {"matte": 5, "satin": 2},
    "nail polish": {"glossy": 6, "glitter": 1.5, "shimmer": 2, "metallic": 1.5, "matte": 1, "sheer": 1},
}
LIQUID_FINISHES = {"glossy": 3.0, "satin": 2.0, "matte": 1.0, "sheer": 1.0, "shimmer": 1.0}


def shade(draw: Draw, product_type: str) -> np.ndarray:
    """A plausible colour of that type of product, sRGB (3,) in [0, 1]."""
    return np.asarray(lab_to_srgb(sample_shade(product_type, draw.rng)), float)


def finish(draw: Draw, product_type: str) -> str:
    return draw.weighted(FINISH_WEIGHTS[product_type])


def related(draw: Draw, colour: np.ndarray) -> np.ndarray:
    """A lighter or darker sister of a shade, as in duos and trios."""
    return np.clip(colour * draw.uniform(0.72, 1.22) + draw.rng.normal(0, 0.012, 3), 0.03, 0.97)


WITHOUT = {"brush or tool", "perfume", "makeup set", "other"}
# Words of layouts that show the product's texture, or leave no room for it.
SHOWN = (
    "swatch", "smear", "lines", "powder", "disc", "skin", "arm", "lips", "worn", "spread", "streak", "stroke", "drop",
)  # fmt: skip
LAYOUTS = {
    "drop": "shown as a poured swatch",
    "heap": "shown as a swatch of crushed powder",
    "broken pan": "shown as a swatch of broken powder",
    "half-crushed pan": "shown as a swatch of crushed powder",
    "drawn line": "shown as a swatch of drawn lines",
}
ROWS = {1: 9.0, 2: 0.7, 3: 0.8, 4: 0.5, 5: 0.3, 6: 0.3, 8: 0.2, 12: 0.1}  # how many lie side by side
FADING = {
    "stroke": 0.3,
    "comma": 0.2,
    "swipe": 0.75,
    "layered": 0.2,
    "smudge": 1.0,
}  # how often a form thins out towards its end


def smear(draw: Draw, length: float | None = None) -> Mesh:
    """A stroke as a spatula, a finger or an applicator leaves it."""
    size = length or draw.uniform(1.6, 2.6)
    kind = draw.weighted({"comma": 4, "stroke": 3, "layered": 0.7})
    if kind == "comma":
        return stroke.comma(draw, size, size * draw.uniform(0.22, 0.45))
    if kind == "stroke":
        return stroke.dragged(draw, size, size * draw.uniform(0.2, 0.42))
    return stroke.layered(draw, size, size * draw.uniform(0.2, 0.32))


def line(draw: Draw, length: float, width: float) -> Mesh:
    """A thin drawn line of a pencil or a pen."""
    return stroke.scribble(draw, length, width, draw.choice("line", "line", "line", "wave"))


def crushed(draw: Draw, spread: float) -> Mesh:
    """Crushed powder: a mound with chunks and dust, or a streak of it."""
    if draw.chance(0.25):
        return crumble.streak(draw, 1.6 * spread, spread * draw.uniform(0.5, 0.8))
    return crumble.heap(draw, spread)


def _surface(draw: Draw, colour: np.ndarray, finish_name: str, form: str) -> Material:
    """The material of a swatch, which thins out towards the end of some strokes."""
    material = cosmetic(draw, colour, finish_name)
    often = 0.8 if finish_name == "sheer" and form in FADING else FADING.get(form, 0.0)
    if not draw.chance(often):
        return material
    where = "all" if form == "smudge" else "middle" if form in ("stroke", "comma") and draw.chance(0.25) else "end"
    return stroke.thinned(draw, material, draw.uniform(0.4, 0.7), where)


def swatch(draw: Draw, product_type: str, kinds: Mapping[str, float], finishes: Mapping[str, float]) -> Product:
    """Shades with no package, mostly one; `kinds` weighs "smear", "poured disc", "lip pool", "crushed powder",
    "line" or FORMS.
    """
    kind = draw.weighted(kinds)
    main_finish = draw.weighted(finishes)
    return alone(draw, product_type, shade(draw, product_type), main_finish, kind)


def alone(draw: Draw, product_type: str, colour: np.ndarray, main_finish: str, kind: str = "smear") -> Product:
    """The texture of a product of one shade (sRGB), now and then in a row with others, and nothing else.

    Raises:
        ValueError: `kind` names neither a kind of swatch nor a form of FORMS.
    """
    form = form_of(draw, product_type, kind, main_finish)
    if form in CRUSHED_FORMS and main_finish in WET:
        main_finish = draw.choice("satin", "shimmer")
    lone = form in ("drop", "swirl", "broken pan", "half-crushed pan", "layered", "wave", "tile", *POOLS)
    count = 1 if lone else draw.weighted(ROWS)
    if form == "heap" or product_type == "mascara":
        count = min(count, 2)
    if form == "drop" and draw.chance(0.12):
        count = draw.integer(2, 4)
    shades = _neighbours(draw, product_type, colour, count)
    parts = _row(draw, shades, main_finish, form) if count > 1 else _single(draw, colour, main_finish, form)
    layout = "shown as a row of swatches" if count > 2 else LAYOUTS.get(form, "swatch")
    return Product(
        product_type, placed(parts), tuple(shades), main_finish, "swatch", None, layout, "overhead", count, False
    )


def _neighbours(draw: Draw, product_type: str, colour: np.ndarray, count: int) -> list[np.ndarray]:
    """The shade first, then others of the type: any, its sisters, or a range from light to dark."""
    plan = draw.choice("any", "sisters", "range")
    if plan == "sisters":
        return [colour, *(related(draw, colour) for _ in range(count - 1))]
    others = [shade(draw, product_type) for _ in range(count - 1)]
    return [colour, *(sorted(others, key=lambda c: -float(c.sum())) if plan == "range" else others)]


def _single(draw: Draw, colour: np.ndarray, main_finish: str, form: str) -> list[Part]:
    material = _surface(draw, colour, main_finish, form)
    turn = draw.choice(0.0, 90.0, -45.0, 45.0) + draw.normal(12)
    if form == "tile":
        turn = draw.choice(0.0, 90.0, 180.0, 270.0)
    if form == "drawn line":
        lines = [sample(draw, form, 2.0, main_finish)]
        if draw.chance(0.3):
            lines = [stroke.scribble(draw, 2.0, draw.uniform(0.05, 0.2), "line") for _ in range(draw.integer(2, 4))]
            lines = [one.moved(draw.normal(0.1), 0, 0.4 * k) for k, one in enumerate(lines)]
        return [Part(mesh.joined(lines).turned("y", turn), material)]
    return [Part(sample(draw, form, 2.0, main_finish).turned("y", turn), material)]


def _row(draw: Draw, shades: list[np.ndarray], main_finish: str, form: str) -> list[Part]:
    """Swatches side by side with even gaps, all of one form."""
    count = len(shades)
    turn = draw.choice(0.0, 90.0, 90.0, 90.0, 65.0, 115.0)
    detail = float(np.clip(1.5 / count, 0.3, 1)) ** 0.6  # many swatches are made of coarser meshes
    gap = draw.uniform(0.05, 0.3)
    movement = draw.integer(0, 2**31 - 1)
    parts: list[Part] = []
    reach = 0.0
    for colour in shades:
        again = Draw(movement) if form in ("comma", "swipe", "tile") else draw  # drawn with the same movement
        one = sample(again, form, 2.0, main_finish, detail=detail).turned("y", draw.normal(2))
        low, high = one.low[2], one.high[2]
        parts.append(Part(one.moved(z=reach - low), _surface(draw, colour, main_finish, form)))
        reach += high - low + gap
    return [p.moved(z=-reach / 2).turned("y", turn) for p in parts]


def beside(draw: Draw, product: Product, *, cutout: bool = True) -> Product:
    """The product with a swatch of its main shade behind, beside, before or under it; a closed one gets a shade.

    `cutout`: it may stand upright behind or next to the product, as in shops' composites on a plain background.
    Products that have no swatch (tools, perfume, sets) or show one already come back as they are.
    """
    if product.product_type in WITHOUT or product.contains or any(w in product.layout for w in SHOWN):
        return product
    body = [p for p in product.parts if p.material.region != BACKGROUND]
    if not body or len(body) < len(product.parts):  # in a hand or on skin: there is no room
        return product
    colour = product.shades[0] if product.shades else shade(draw, product.product_type)
    usual = LIQUID_FINISHES if product.product_type in LIQUIDS else {"satin": 2.0, "matte": 1.0}
    main_finish = product.finish or draw.weighted(FINISH_WEIGHTS.get(product.product_type, usual))
    form = _form_beside(draw, product, main_finish)
    low = np.min([p.mesh.low for p in body], 0)
    high = np.max([p.mesh.high for p in body], 0)
    material = _surface(draw, colour, main_finish, form)
    parts = list(product.parts)
    if product.view == "upright":
        place = draw.weighted({"behind": 4, "standing": 4, "lying": 1.6})
        if place == "behind" and high[0] - low[0] > 0.6 * (high[1] - low[1]):  # it would hide the swatch
            place = "standing"
        if form == "heap" or not cutout:
            place = "lying"
    else:
        place = draw.weighted({"lying": 4, "under": 1.3})
        if form not in ("stroke", "comma", "swipe", "layered", "drop", "powder streak", "bristle stroke"):
            place = "lying"
    if place == "under":
        length = float(np.hypot(*(high - low)[[0, 2]])) * draw.uniform(0.95, 1.25)
        one = _sized(sample(draw, form, 2.0, main_finish), length)
        one = one.bent(one.vertices * [0, -0.65, 0]).turned("y", draw.uniform(0, 360))  # pressed flat
        middle = (low + high) / 2 + (high - low) * draw.rng.uniform(-0.25, 0.25, 3)
        parts = [p.moved(y=float(one.high[1]) - low[1]) for p in parts]
        parts.append(Part(one.moved(middle[0], 0, middle[2]), material))
    elif place == "lying":
        parts.append(Part(_lying(draw, sample(draw, form, 2.0, main_finish), low, high, product.view), material))
    else:
        board = _board(draw, sample(draw, form, 2.0, main_finish), low, high, behind=place == "behind")
        parts.append(Part(board, material))
    words = {"drawn line": "with drawn lines", "heap": "with crushed powder"}
    ending = words.get(form, "with a swatch")
    layout = ending if product.layout in ("", "alone", "single", "pencil") else f"{product.layout}, {ending}"
    return replace(
        product,
        parts=placed(parts),
        shades=product.shades or (colour,),
        finish=main_finish,
        layout=layout,
        tiltable=False,
    )


def _form_beside(draw: Draw, product: Product, main_finish: str) -> str:
    """The form that a product's swatch takes: cakes crumble, sticks and liquids smear, pencils draw."""
    kind = product.product_type
    if kind in LINERS or (kind == "brow product" and product.form in ("pencil", "pen")):
        return "drawn line"
    if kind == "mascara" or (kind == "brow product" and "gel" in product.form):
        return draw.weighted({"bristle stroke": 5, "stroke": 1})
    cream = ("stick", "bottle", "tube", "dropper", "pot", "wand", "cushion", "crayon", "jar", "vial")
    wet = main_finish in WET or any(word in product.form for word in cream)
    if kind in POWDERY and not wet:
        return draw.weighted({"powder streak": 3, "heap": 2})
    if kind in LIQUIDS or main_finish in WET or kind in ("cleanser", "skincare cream"):
        return draw.weighted({"comma": 4, "stroke": 1.5, "swipe": 1, "layered": 0.7, "drop": 1})
    return draw.weighted({"stroke": 4, "comma": 2.5, "layered": 1.2, "swipe": 0.6})


def _sized(one: Mesh, length: float) -> Mesh:
    """Scaled as a whole so that its longer side measures `length`."""
    extent = one.high - one.low
    return replace(one, vertices=one.vertices * (length / float(max(extent[0], extent[2]))))


def _lying(draw: Draw, one: Mesh, low: np.ndarray, high: np.ndarray, view: str) -> Mesh:
    """On the table, before the product or at its side."""
    span = high - low
    length = float(np.clip(draw.uniform(0.45, 0.85) * max(span[0], span[2], 0.6 * span[1]), 0.7, 2.6))
    one = _sized(one, length).turned("y", draw.uniform(0, 360))
    half = (one.high - one.low) / 2
    one = one.moved(*-(one.low + half) * [1, 0, 1])
    gap = draw.uniform(0.04, 0.25)
    middle = (low + high) / 2
    if draw.chance(0.65):
        x = middle[0] + draw.sign() * (span[0] / 2 + half[0] + gap)
        return one.moved(x, 0, high[2] - half[2] * draw.uniform(0.2, 1.2) if view == "upright" else middle[2])
    return one.moved(middle[0] + draw.uniform(-0.4, 0.4) * span[0], 0, high[2] + half[2] + gap)


def _board(draw: Draw, one: Mesh, low: np.ndarray, high: np.ndarray, *, behind: bool) -> Mesh:
    """Upright as a cut-out that faces the camera, as shops lay a smear behind or next to a packshot."""
    span, middle = high - low, (low + high) / 2
    share = draw.uniform(0.7, 1.05) if behind else draw.uniform(0.4, 0.75)
    length = float(np.clip(share * max(span[1], span[0]), 0.6, 3.6))
    lean = draw.sign() * draw.uniform(15, 60) if behind else draw.choice(90.0, 90.0, 45.0, -45.0, 0.0) + draw.normal(10)
    one = _sized(one, length).turned("y", lean + draw.choice(0.0, 180.0)).turned("x", 90)
    half = (one.high - one.low) / 2
    one = one.moved(*-(one.low + half))
    lift = max(0.0, float(span[1] - 2 * half[1]))
    y = low[1] + half[1] + draw.uniform(0.1, 0.7) * lift
    if behind:
        x = middle[0] + draw.uniform(-0.35, 0.35) * half[0]
        return one.moved(x, y, low[2] - half[2] - 0.06)
    side = draw.sign() * (span[0] / 2 + half[0] + draw.uniform(0.08, 0.35))
    return one.moved(middle[0] + side, y, middle[2])
