"""Lipsticks, glosses and lip liners, open and closed, with their swatches."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import cosmetic
from data.product import Product, placed
from data.products.bullets import bullet
from data.products.duo_pens import duo
from data.products.lip_bullets import open_bullet
from data.products.lip_closed import closed_case
from data.products.lip_crayons import crayon
from data.products.lip_liners import drawn, pencil
from data.products.lip_lineups import lineup
from data.products.lip_pens import click_pen, rollerball, squeeze_tube
from data.products.lip_tubes import LAYOUTS, tube_with_wand
from data.products.lip_vials import thick_vial
from data.products.skin import lips_parts
from data.products.swatches import shade, swatch
from data.products.wands import Tip

LIPSTICK_FINISHES = {"matte": 3.0, "satin": 4.0, "glossy": 1.2, "shimmer": 0.8, "metallic": 0.3, "sheer": 0.5}
GLOSS_FINISHES = {"glossy": 5.0, "shimmer": 1.6, "sheer": 1.5, "glitter": 0.7, "matte": 0.4}
LIQUID_WALLS = {"clear": 5.5, "frosted": 3.8, "opaque": 0.7}
GLOSS_LAYOUTS = LAYOUTS | {"row": 1.3, "wand up": 4.6, "wand down": 1.0, "flat lay": 1.2}
CLEAR = np.array([0.96, 0.91, 0.89])  # a gloss without pigment, as it looks in its tube


def lipstick(draw: Draw) -> Product:
    """A bullet, several of a line, a closed case, a liquid, a crayon or click stick, its swatch alone, or worn."""
    kind = draw.weighted(
        {
            "bullet": 6.0, "open": 3.2, "lineup": 2.6, "liquid": 3.7, "case": 3.2, "crayon": 1.2, "swatch": 1.1,
            "lips": 0.3,
        }
    )  # fmt: skip
    if kind == "open":
        return open_bullet(draw)
    if kind == "swatch":
        return swatch(draw, "lipstick", {"smear": 4, "poured disc": 1, "lip pool": 2}, LIPSTICK_FINISHES)
    finish = draw.weighted(LIPSTICK_FINISHES)
    colour = shade(draw, "lipstick")
    if kind == "case":
        return closed_case(draw, colour)
    if kind == "bullet":
        return bullet(draw, colour, finish)
    if kind == "lineup":
        return lineup(draw, colour, finish)
    if kind == "liquid":
        finish = draw.weighted({"matte": 5, "satin": 3, "glossy": 0.8, "metallic": 0.4})
        return tube_with_wand(draw, "lipstick", colour, finish, "doe-foot", walls=LIQUID_WALLS)
    if kind == "crayon":
        return crayon(draw, "lipstick", colour, draw.choice("satin", "matte"))
    return _worn(draw, "lipstick", colour, finish)


def lip_gloss(draw: Draw) -> Product:
    """A tube with a wand, a squeeze tube, a click pen, a rollerball, its swatch alone, or worn."""
    kind = draw.weighted({"tube": 6.2, "squeeze": 1.0, "pen": 0.6, "ball": 0.3, "swatch": 1.5, "lips": 0.3})
    if kind == "swatch":
        return swatch(draw, "lip gloss", {"smear": 3.5, "poured disc": 1.5, "lip pool": 2.6}, GLOSS_FINISHES)
    finish = draw.weighted(GLOSS_FINISHES)
    colour = shade(draw, "lip gloss")
    # A gloss holds little pigment: what light goes through is paler than what covers, and some is clear.
    if finish == "sheer" and draw.chance(0.5):
        colour = CLEAR + (colour - CLEAR) * draw.uniform(0.1, 0.5)
    elif finish != "matte" and draw.chance(0.55):
        colour = CLEAR + (colour - CLEAR) * draw.uniform(0.4, 0.85)
    if kind == "tube":
        tip: Tip = "brush" if draw.chance(0.08) else "doe-foot"
        make = thick_vial if draw.chance(0.45) else None
        return tube_with_wand(draw, "lip gloss", colour, finish, tip, layouts=GLOSS_LAYOUTS, make=make)
    if kind == "squeeze":
        return squeeze_tube(draw, colour, finish)
    if kind == "pen":
        return click_pen(draw, colour, finish)
    return rollerball(draw, colour, finish) if kind == "ball" else _worn(draw, "lip gloss", colour, "glossy")


def lip_liner(draw: Draw) -> Product:
    """Pencils, alone or several, with or without drawn lines, a chubby stick, or the lines alone."""
    finish = draw.weighted({"matte": 4, "satin": 2})
    colour = shade(draw, "lip liner")
    kind = draw.weighted({"pencil": 6.5, "duo": 0.9, "crayon": 0.8, "lines": 1.3})
    if kind == "crayon":
        return crayon(draw, "lip liner", colour, finish)
    if kind == "duo":
        return duo(draw, "lip liner", colour, finish)
    return drawn(draw, colour, finish) if kind == "lines" else pencil(draw, colour, finish)


def _worn(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A mouth in close-up: two lips in the shade on a ground of skin."""
    parts = lips_parts(draw, cosmetic(draw, colour, finish))
    return Product(product_type, placed(parts), (colour,), finish, "", None, "worn on lips", "overhead", 1, False)
