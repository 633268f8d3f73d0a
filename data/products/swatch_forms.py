"""Which forms a product's texture takes as a swatch, by product type and finish, and their meshes."""

from __future__ import annotations

from data import crumble, pool, stroke
from data.draw import Draw
from data.mesh import Mesh
from data.products.lip_pools import POOLS, pool_of

# Forms of each kind of swatch. A kind names what a maker asks for; texture and type decide how it comes.
CREAM_FORMS = {
    "stroke": 4.0,
    "comma": 3.0,
    "layered": 1.0,
    "swipe": 0.8,
    "wave": 0.5,
    "swirl": 0.25,
    "tile": 0.8,
    "smudge": 0.6,
}
LIQUID_FORMS = {"stroke": 1.6, "comma": 5.0, "layered": 0.7, "swipe": 1.2, "wave": 0.6, "drop": 0.8}
DRY_FORMS = {"powder streak": 1.0}
POOL_FORMS = {"drop": 3.0, "tile": 1.6, "swipe": 0.5}
LINE_FORMS = {"drawn line": 1.0}
LIP_FORMS = {"falling drop": 1.6, "lens": 1.5, "wiped disc": 1.5, "folded sheet": 1.0}
CREAM_LIP_FORMS = LIP_FORMS | {"falling drop": 0.0}  # what is stiff does not fall in drops
CRUSHED_FORMS = {"powder streak": 2.2, "heap": 2.2, "broken pan": 1.0, "half-crushed pan": 0.9}
FORMS = {*CREAM_FORMS, *LIQUID_FORMS, *CRUSHED_FORMS, *LINE_FORMS, *LIP_FORMS, "bristle stroke"}

POWDERY = {"blush": 0.4, "bronzer or highlighter": 0.5, "powder": 0.9, "eyeshadow": 0.8, "eyeshadow palette": 0.85}
LIQUIDS = {"lip gloss", "nail polish", "foundation", "concealer", "serum", "sunscreen"}
LINERS = {"lip liner", "eyeliner"}
WET = {"glossy", "sheer"}  # finishes that no powder has


def form_of(draw: Draw, product_type: str, kind: str, finish_name: str) -> str:
    """The form that a kind of swatch takes in a product of that type and finish."""
    if kind == "crushed powder":
        return draw.weighted(CRUSHED_FORMS)
    if kind == "poured disc":
        return draw.weighted(POOL_FORMS)
    if kind == "lip pool":
        return draw.weighted(LIP_FORMS if finish_name in WET else CREAM_LIP_FORMS)
    if kind == "line":
        return "drawn line"
    if kind != "smear":
        if kind not in FORMS:
            raise ValueError(f"{kind!r} is not a kind of swatch")
        return kind
    if product_type == "mascara":
        return draw.weighted({"bristle stroke": 4, "stroke": 1, "comma": 0.6})
    if product_type in LINERS:
        return "drawn line"
    if product_type == "brow product" and draw.chance(0.6):
        return draw.choice("drawn line", "powder streak")
    if finish_name not in WET and draw.chance(POWDERY.get(product_type, 0.0)):
        return draw.weighted(DRY_FORMS)
    liquid = product_type in LIQUIDS or finish_name in WET
    return draw.weighted(LIQUID_FORMS if liquid else CREAM_FORMS)


def sample(draw: Draw, form: str, length: float, finish_name: str = "satin", *, detail: float = 1.0) -> Mesh:
    """One swatch of a form of FORMS about `length` long or wide, lying along x about the origin."""
    if form == "stroke":
        return stroke.dragged(draw, length, length * draw.uniform(0.22, 0.58), detail=detail)
    if form == "comma":
        return stroke.comma(draw, length, length * draw.uniform(0.24, 0.48), detail=detail)
    if form == "layered":
        return stroke.layered(draw, length, length * draw.uniform(0.22, 0.34), detail=detail)
    if form == "swipe":
        return stroke.swipe(draw, length * 0.36, detail=detail)
    if form == "wave":
        return stroke.wave(draw, length, length * draw.uniform(0.12, 0.24))
    if form == "smudge":
        return stroke.smudge(draw, length, length * draw.uniform(0.3, 0.55))
    if form in POOLS:
        return pool_of(draw, form, length * 0.5)
    if form == "swirl":
        return pool.swirl(draw, length * 0.45)
    if form == "tile":
        return pool.tile(draw, length * 0.5, smooth=finish_name in WET)
    if form == "drop":
        return pool.drop(draw, length * 0.5)
    if form == "bristle stroke":
        return stroke.bristled(draw, length, length * draw.uniform(0.22, 0.45), detail=detail)
    if form == "drawn line":
        grain = draw.uniform(0.2, 0.8) if finish_name == "matte" and draw.chance(0.6) else 0.0
        return stroke.scribble(draw, length, length * draw.uniform(0.02, 0.07), grain=grain)
    if form == "powder streak":
        return crumble.streak(draw, length, length * draw.uniform(0.26, 0.52), detail=detail)
    makers = {"heap": crumble.heap, "broken pan": crumble.broken, "half-crushed pan": crumble.bitten}
    return makers[form](draw, length * 0.5)
