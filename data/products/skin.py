"""Skin that wears the product: lips in close-up and a forearm with stripes of swatches."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import Material, prop
from data.mesh import cut, lathe, sheet, smear
from data.product import Part
from data.products.swatches import shade

GRID = 160  # rows and columns of a skin sheet; fine enough for the lips' outline at 224 px


def skin(draw: Draw) -> Material:
    """Skin of any tone, from the colours that foundations are sold in."""
    return prop(shade(draw, "foundation"), draw.uniform(0.4, 0.6), "skin")


def lips_parts(draw: Draw, product: Material) -> list[Part]:
    """Upper and lower lip as a height field over a patch of skin, seen from above (y is the outward direction)."""
    # Rows crowd towards the mouth; the skin goes on beyond any picture's edge.
    line = np.linspace(-1, 1, GRID)
    x, z = np.meshgrid(1.1 * line + 4 * line**7, 0.9 * line + 4 * line**7)
    bow, full = draw.uniform(0.05, 0.14), draw.uniform(0.32, 0.48)
    edge = np.clip(1 - x**2, 0, None)
    upper = full * 0.75 * edge**0.8 - bow * np.exp(-((x / 0.16) ** 2)) + 0.06 * np.abs(x) * edge
    lower = full * edge**0.6
    parting = 0.03 * np.cos(x * 3.2)
    top, bottom = parting - z, z - parting  # z grows towards the viewer's bottom
    inside = np.where(top > 0, top / (upper + 1e-6), bottom / (lower + 1e-6))
    on = (inside < 1) & (np.abs(x) < 1)
    bulge = np.sqrt(np.clip(1 - (2 * inside - 1) ** 2, 0, 1)) * 0.22 * edge
    creases = 0.012 * np.sin(x * 70 + 3 * np.sin(z * 9)) * on
    ground = 0.10 * np.exp(-(x**2 + z**2))
    height = ground + np.where(on, bulge + creases, 0.0)
    face = sheet(np.stack([x * 1.8, ground * 0 + height, z * 1.8], 2))
    keep = on.reshape(-1)[face.faces].all(1)
    return [Part(cut(face, ~keep), skin(draw)), Part(cut(face, keep), product)]


def arm_parts(draw: Draw, swatches: list[Material]) -> list[Part]:
    """A forearm lying across the picture with one stripe for each material, seen from above."""
    length, radius = 6.0, draw.uniform(0.75, 1.0)
    arm = lathe([(radius * 0.85, 0), (radius, length * 0.5), (radius * 1.1, length)], "round", crease=180)
    parts = [Part(arm.turned("z", 90).moved(x=length / 2, y=radius), skin(draw))]
    for k, material in enumerate(swatches):
        stripe = smear(draw.rng, radius * 1.3, draw.uniform(0.25, 0.4), 0.015, draw.uniform(-0.2, 0.2), 0.1)
        stripe = stripe.turned("y", 90).moved(x=(k - (len(swatches) - 1) / 2) * 0.62)
        lift = np.zeros_like(stripe.vertices)
        lift[:, 1] = radius + np.sqrt(np.clip(radius**2 * 0.9 - stripe.vertices[:, 2] ** 2, 0, None)) + 0.03
        parts.append(Part(stripe.bent(lift), material))
    return parts
