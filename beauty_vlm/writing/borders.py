"""How sure a colour's word is, given how far off the measured colour may be.

The true colour is taken to lie about the measured one as a Gaussian that is round in CIEDE2000; a word's probability is
the share of it that the word may name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from beauty_vlm.colour import Array, ciede2000, labs_to_hex
from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import Lab, Swatch
from beauty_vlm.vocabulary import families, look_up, name_colour, shade_terms

NODES = 32  # colours that stand for the Gaussian: a share is then known to within .03
# An uncertainty is the error that 68% stay below; of a round Gaussian in three dimensions that is 1.872 standard
# deviations of each (the chi distribution's quantile).
WITHIN = 1.872
# Roberts' generalised golden ratio for three dimensions, the real root of x^4 = x + 1: its powers' multiples fill a
# cube evenly.
RATIO = 1.2207440846057596
STEP = 1.0  # CIELAB units in which the local scale of CIEDE2000 is taken


def probability(true: Callable[[Swatch], bool], swatch: Swatch) -> float:
    """The probability 0..1 that something is true of the colour that was measured as `swatch`."""
    if not swatch.uncertainty:
        return float(true(swatch))
    return float(np.mean([true(one) for one in _around(swatch.lab, swatch.uncertainty)]))


def names(swatch: Swatch) -> list[str]:
    """The words for a swatch, the most telling first: its name, the bare term, the family."""
    term = name_colour(swatch.lab).term
    family = next(shade.family for shade in shade_terms() if shade.name == term)
    return list(dict.fromkeys([swatch.name, term, *([family] if family in families() else [])]))


@lru_cache(maxsize=1024)
def mention_of(name: str) -> Mention:
    """What a colour's name claims, as a text's reader takes it."""
    return next(mention for mention in mentions.find(f"in {name}") if mention.kind == "colour")


@lru_cache(maxsize=32)
def _around(lab: Lab, uncertainty: float) -> tuple[Swatch, ...]:
    """The colours that stand for what may have been measured as one."""
    middle = np.asarray(lab)
    hue = np.arctan2(middle[2], middle[1])
    axes = np.array([[1, 0, 0], [0, np.cos(hue), np.sin(hue)], [0, -np.sin(hue), np.cos(hue)]])
    scale = STEP / ciede2000(middle, middle + STEP * axes)
    colours = middle + (uncertainty / WITHIN) * (_nodes() * scale) @ axes
    colours[:, 0] = np.clip(colours[:, 0], 0.0, 100.0)
    look_up(colours)
    return tuple(_swatch(colour, code) for colour, code in zip(colours, labs_to_hex(colours), strict=True))


def _swatch(colour: Array, code: str) -> Swatch:
    lightness, a, b = (float(value) for value in colour)
    name = name_colour((lightness, a, b))
    return Swatch(name.phrase, code, (lightness, a, b), 1.0, name.undertone, name.depth)


@lru_cache(maxsize=1)
def _nodes() -> Array:
    """A standard Gaussian in three dimensions by NODES points, (NODES, 3)."""
    powers = RATIO ** -np.arange(1.0, 4.0)
    return np.asarray(ndtri((0.5 + np.arange(1, NODES + 1)[:, None] * powers) % 1.0), dtype=np.float64)
