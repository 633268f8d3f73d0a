"""Shades and finishes by product type, and the product alone: smears, poured discs, crushed powder."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from beauty_vlm.colour import lab_to_srgb
from data import mesh
from data.draw import Draw
from data.material import Material, cosmetic
from data.mesh import Mesh
from data.product import Part, Product, placed
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


def smear(draw: Draw, length: float | None = None) -> Mesh:
    """A stroke as a spatula or a finger leaves it."""
    size = length or draw.uniform(1.6, 2.6)
    curl = draw.sign() * draw.uniform(0, 1.6)
    return mesh.smear(draw.rng, size, size * draw.uniform(0.2, 0.5), draw.uniform(0.03, 0.1), curl)


def line(draw: Draw, length: float, width: float) -> Mesh:
    """A thin drawn line of a pencil or a pen."""
    return mesh.smear(draw.rng, length, width, 0.012, draw.sign() * draw.uniform(0.2, 2.6), 0.18)


def crushed(draw: Draw, spread: float) -> Mesh:
    """A heap of crushed powder: a lumpy bed with fine dust and coarse crumbs on and about it."""
    thick = spread * draw.uniform(0.05, 0.12)
    bed = mesh.blob(draw.rng, spread * draw.uniform(0.3, 0.55), thick, 0.22)
    grain = np.zeros_like(bed.vertices)
    grain[:, 1] = draw.rng.uniform(-0.45, 0.45, len(grain)) * np.clip(bed.vertices[:, 1], 0, thick)
    dust = mesh.crumbs(draw.rng, spread * 0.75, spread * 0.018, draw.integer(200, 320))
    lumps = mesh.crumbs(draw.rng, spread, spread * draw.uniform(0.04, 0.08), draw.integer(25, 80))
    return mesh.joined([bed.bent(grain), dust, lumps])


def loose_pan(draw: Draw, material: Material, rim: Material) -> list[Part]:
    """A powder pan out of its case, sometimes with crumbs beside it."""
    section = draw.choice("round", "round", "square", "soft")
    depth = 1.0 if section == "round" else draw.uniform(0.6, 1.0)
    cup = mesh.lathe([(0.96, 0), (1.0, 0.02), (1.0, 0.13), (0.95, 0.13), (0.95, 0.1)], section, depth=depth)
    parts = [Part(cup, rim), Part(mesh.plate(0.95, 0.105, section, depth, draw.uniform(0, 0.04)), material)]
    if draw.chance(0.3):
        parts.append(Part(crushed(draw, 0.5).moved(draw.sign() * 1.3, 0, draw.uniform(0.2, 0.9)), material))
    return parts


def swatch(
    draw: Draw, product_type: str, kinds: Mapping[str, float], finishes: Mapping[str, float]
) -> Product:
    """One to four shades with no package; `kinds` weighs "smear", "poured disc" and "crushed powder"."""
    kind = draw.weighted(kinds)
    main_finish = draw.weighted(finishes)
    count = 1 if kind == "poured disc" else draw.weighted({1: 6, 2: 1, 3: 1.2, 4: 0.6})
    shades = [shade(draw, product_type) for _ in range(count)]
    turn = draw.uniform(0, 360) if count == 1 else draw.uniform(55, 125)
    parts = []
    for k, colour in enumerate(shades):
        material = cosmetic(draw, colour, main_finish)
        if kind == "smear":
            form = smear(draw, 2.0 if count > 1 else None)
        elif kind == "poured disc":
            form = mesh.blob(draw.rng, 1.0, draw.uniform(0.03, 0.12), draw.choice(0.005, 0.02, 0.1))
        else:
            form = crushed(draw, 1.0)
        gap = 1.0 if kind == "smear" else 1.7
        parts.append(Part(form.turned("y", turn).moved((k - (count - 1) / 2) * gap), material))
    return Product(
        product_type,
        placed(parts),
        tuple(shades),
        main_finish,
        "swatch",
        None,
        "swatch" if kind == "smear" else kind,
        "overhead",
        count,
        tiltable=False,
    )
