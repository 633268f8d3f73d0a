"""Surfaces of things that are no cosmetics: all of them count as background."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.label import picture
from data.material import Material, clear, metal, noise, prop
from data.product import Part
from data.products.shapes import grey, hue

Parts = list[Part]
WOODS = ((0.72, 0.53, 0.35), (0.45, 0.29, 0.18), (0.85, 0.74, 0.6), (0.58, 0.38, 0.22))


def scenery(material: Material) -> Material:
    """Marked as background, whatever it is made of."""
    return replace(material, region=BACKGROUND)


def paint(draw: Draw, roughness: tuple[float, float] = (0.1, 0.8)) -> Material:
    """White, black, any colour."""
    kind = draw.weighted({"white": 2, "black": 1.2, "colour": 4})
    colour = {
        "white": grey(draw),
        "black": grey(draw, 0.02, 0.1),
        "colour": hue(draw, (0.15, 0.8), (0.2, 0.85)),
    }[kind]
    return prop(colour, draw.uniform(*roughness))


def polished(draw: Draw) -> Material:
    """Gold, silver, steel."""
    return scenery(metal(draw))


def glass(draw: Draw, tint: tuple[float, float, float] = (0.98, 0.98, 0.98)) -> Material:
    """Clear glass of the scenery."""
    return scenery(clear(draw, tint))


def labelled(draw: Draw, surface: Material, *, vertical: bool = False) -> Material:
    """With invented print on its front."""
    return surface.painted(picture(draw, surface.colour, vertical=vertical))


def wood(draw: Draw) -> Material:
    """Boards with a grain along the texture's width."""
    y = np.linspace(0, 1, 160)[:, None]
    rings = 0.5 + 0.5 * np.sin(y * draw.uniform(30, 80) + 5 * noise(draw.rng, 160, 40))
    base = np.array(draw.choice(*WOODS)) * draw.uniform(0.85, 1.1)
    return prop(base, 0.5).painted((np.clip(base * (0.82 + 0.26 * rings[..., None]), 0, 1) * 255).astype(np.uint8))


def mottled(draw: Draw, first: np.ndarray, second: np.ndarray, cell: int, roughness: float) -> Material:
    """Two colours, sRGB (3,), in smooth patches of about `cell` texels of 160."""
    mix = np.clip(3 * noise(draw.rng, 160, cell) - 1, 0, 1)[..., None]
    return prop(first, roughness).painted((np.clip(first * (1 - mix) + second * mix, 0, 1) * 255).astype(np.uint8))


def leather(draw: Draw) -> Material:
    """Black, tan, red or pastel hide with a fine grain."""
    base = np.array(draw.choice((0.05, 0.05, 0.05), (0.62, 0.40, 0.22), (0.30, 0.18, 0.11), (0.60, 0.08, 0.10),
                                (0.88, 0.80, 0.70), (0.90, 0.68, 0.70)))  # fmt: skip
    return mottled(draw, base, base * 0.88, 4, draw.uniform(0.3, 0.55))


def cloth(draw: Draw) -> Material:
    """Plain, striped or checked fabric."""
    base = paint(draw).colour
    y, x = np.mgrid[0:160, 0:160] / 160
    second, k = hue(draw, (0.1, 0.8), (0.1, 0.9)), draw.integer(4, 16)
    kind = draw.weighted({"plain": 5, "stripes": 1.5, "checks": 1})
    marks = {
        "plain": 0 * x,
        "stripes": np.floor(y * k) % 2,
        "checks": 0.5 * (np.floor(y * k) % 2 + np.floor(x * k) % 2),
    }
    mix = marks[kind][..., None]
    weave = 1 - 0.12 * draw.rng.random((160, 160, 1))
    return prop(base, 0.95).painted((np.clip((base * (1 - mix) + second * mix) * weave, 0, 1) * 255).astype(np.uint8))
