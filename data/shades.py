"""Where rendered products get their colour from: a density of albedo in CIELAB per product type.

The densities of make-up are Gaussian mixtures fitted to published shades (`data.fit_shades`); those of
skin care are set by hand, since nobody publishes shades of creams.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from beauty_vlm.colour import Array, in_gamut
from beauty_vlm.report import Lab

DENSITIES = Path(__file__).with_name("shade_densities.json")

# The kind of published shades that stands for each product type. Types of several kinds take one at random.
KINDS: dict[str, tuple[str, ...]] = {
    "lipstick": ("lipstick",),
    "lip gloss": ("lipstick",),
    "lip liner": ("lip liner",),
    "foundation": ("foundation",),
    "concealer": ("foundation",),
    "powder": ("foundation",),
    "blush": ("blush",),
    "bronzer or highlighter": ("bronzer", "highlighter"),
    "eyeshadow": ("eyeshadow", "vivid eyeshadow"),
    "eyeshadow palette": ("eyeshadow", "vivid eyeshadow"),
    "mascara": ("mascara",),
    "eyeliner": ("eyeliner",),
    "brow product": ("eyebrow",),
    "nail polish": ("nail polish",),
    "perfume": ("perfume",),
    "skincare cream": ("cream",),
    "serum": ("serum",),
    "cleanser": ("cleanser",),
    "sunscreen": ("cream",),
    "brush or tool": ("tool",),
    "makeup set": ("lipstick", "eyeshadow", "blush", "foundation", "nail polish"),
    "other": ("anything",),
}

# Draws outside sRGB are thrown away and drawn again; so many failures in a row mean a wrong density.
MAX_DRAWS = 1000


@dataclass(frozen=True)
class Density:
    """A Gaussian mixture in CIELAB: weights (K,), means (K, 3), covariances (K, 3, 3), cut to sRGB."""

    weights: Array
    means: Array
    covariances: Array

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Density:
        """The mixture of one entry of shade_densities.json."""
        return cls(*(np.array(record[key]) for key in ("weights", "means", "covariances")))

    def to_dict(self) -> dict[str, Any]:
        """The lists of one entry of shade_densities.json."""
        return {key: getattr(self, key).tolist() for key in ("weights", "means", "covariances")}

    def draw(self, rng: np.random.Generator) -> Array:
        """One colour (3,) that sRGB can show. Raises ValueError when none is found in MAX_DRAWS."""
        for _ in range(MAX_DRAWS):
            part = rng.choice(len(self.weights), p=self.weights / self.weights.sum())
            lab = rng.multivariate_normal(self.means[part], self.covariances[part])
            if in_gamut(lab):
                return lab
        raise ValueError("this density lies outside sRGB")

    def sample(self, rng: np.random.Generator, count: int) -> Array:
        """`count` colours (N, 3)."""
        return np.array([self.draw(rng) for _ in range(count)])


def sample_shade(product_type: str, rng: np.random.Generator) -> Lab:
    """An albedo of this product type in CIELAB, always inside sRGB. Raises ValueError for an unknown type."""
    kinds = KINDS.get(product_type)
    if kinds is None:
        raise ValueError(f"{product_type!r} is not a product type")
    lightness, a, b = densities()[kinds[int(rng.integers(len(kinds)))]].draw(rng)
    return float(lightness), float(a), float(b)


@lru_cache(maxsize=1)
def densities() -> dict[str, Density]:
    """The fitted densities of shade_densities.json and those set by hand."""
    fitted = json.loads(DENSITIES.read_text(encoding="utf-8"))
    return {kind: Density.from_dict(record) for kind, record in fitted.items()} | HAND_MADE


def _blobs(*parts: tuple[float, tuple[float, float, float], tuple[float, float, float]]) -> Density:
    """A mixture of axis-aligned Gaussians, each given as weight, mean and standard deviations."""
    weights, means, deviations = zip(*parts, strict=True)
    covariances = [np.diag(np.square(part)) for part in deviations]
    return Density(np.array(weights), np.array(means), np.array(covariances))


HAND_MADE = {
    # Champagne, pearl and rose-gold highlighters; the published lists hold bronzers only.
    "highlighter": _blobs((0.6, (84, 5, 17), (5, 3, 6)), (0.4, (80, 13, 13), (6, 4, 4))),
    # Published eyeshadows are mostly neutrals; palettes also sell on saturated pans of every hue.
    "vivid eyeshadow": _blobs((1.0, (52, 0, 0), (18, 32, 32))),
    # Emulsions scatter white; botanicals and clays tint a few beige, pink, green or blue.
    "cream": _blobs(
        (0.7, (95, 0, 3), (2, 0.8, 2)),
        (0.12, (89, 3, 13), (3, 2, 4)),
        (0.08, (88, 9, 5), (3, 3, 2)),
        (0.06, (87, -9, 8), (4, 3, 4)),
        (0.04, (87, -5, -9), (4, 2, 3)),
    ),
    # Clear to milky liquids: water-white, yellow to amber oils, some pink or blue.
    "serum": _blobs(
        (0.45, (93, 0, 4), (3, 1, 3)),
        (0.35, (78, 8, 42), (8, 5, 12)),
        (0.12, (84, 13, 6), (5, 5, 4)),
        (0.08, (80, -8, -12), (6, 4, 6)),
    ),
    # White creams and foams, and clear gels dyed in light green, blue, pink or orange.
    "cleanser": _blobs(
        (0.45, (95, 0, 3), (2, 1, 2)),
        (0.15, (84, -18, 12), (5, 6, 6)),
        (0.15, (82, -8, -15), (6, 4, 6)),
        (0.15, (82, 17, 5), (6, 6, 5)),
        (0.10, (80, 14, 40), (5, 5, 9)),
    ),
    # Pale juices: straw to amber, rose, and the greens and blues of fresh scents.
    "perfume": _blobs(
        (0.55, (83, 5, 30), (7, 5, 11)),
        (0.25, (83, 16, 7), (6, 6, 5)),
        (0.12, (84, -10, 9), (5, 5, 6)),
        (0.08, (80, -8, -15), (6, 4, 7)),
    ),
    # Bristles black, brown, white or dyed pink; sponges pink or bright.
    "tool": _blobs(
        (0.35, (18, 1, 2), (6, 1, 2)),
        (0.25, (40, 12, 18), (10, 4, 5)),
        (0.2, (88, 1, 6), (5, 2, 4)),
        (0.2, (62, 40, 5), (10, 12, 10)),
    ),
    # Things that are no cosmetics have no colour of their own.
    "anything": _blobs((1.0, (55, 2, 6), (24, 24, 24))),
}
