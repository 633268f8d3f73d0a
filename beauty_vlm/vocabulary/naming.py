"""Words for a measured colour: the shade term, its undertone and its depth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from beauty_vlm.colour import Array, ciede2000
from beauty_vlm.report import Lab
from beauty_vlm.vocabulary.terms import ShadeTerm, shade_terms

# A colour below this chroma C*ab reads as grey, white or black, and a grey has no undertone.
NEUTRAL_CHROMA = 5.0

# Colour cosmetics: hue angles h_ab in degrees. Blue-based pinks and reds (raspberry, berry, fuchsia) lie
# below 18, orange-based ones (coral, brick, scarlet) above 32, and a true red or rose between them.
COOL_RED_BELOW = 18.0
WARM_RED_FROM = 32.0
# From red over orange and yellow to yellow-green is warm; a green without yellow or blue in it is neither;
# from blue-green over blue and purple back to pink is cool.
WARM_UP_TO = 120.0
COOL_FROM = 150.0

# Complexion shades: hue is judged against that of a neutral shade of the same depth, since deep skin is
# redder than fair skin. Published foundations called neutral have median hues of 51.5, 56, 62, 65 and 69
# degrees around L* 35, 52, 68, 80 and 90: the line below. Those called cool lie 1-5 degrees under it
# and those called warm 1-4 over it in the median, so half of that on either side is neutral.
SKIN_NEUTRAL_HUE = 62.0
SKIN_NEUTRAL_LIGHTNESS = 67.5
SKIN_HUE_PER_LIGHTNESS = 0.32
SKIN_COOL_BELOW = 2.0
SKIN_WARM_ABOVE = 2.0

# Lower bounds of L* for very light, light, medium, deep. Skin: midway between the median L* of published
# foundations called fair (83), light (79), medium (72), tan (66) and deep (49). Colour: a true red
# (L* 42) is medium, a berry or brick (33-36) deep, a baby pink (83) light.
SKIN_DEPTHS = (85.0, 75.0, 57.0, 33.0)
COLOUR_DEPTHS = (85.0, 68.0, 40.0, 22.0)
DEPTHS = ("very light", "light", "medium", "deep", "very deep")

# How far (CIEDE2000) a colour may lie outside a word's region and still be called by it. Light in the room
# moves a photographed colour by about this much, and two viewers' words for one colour differ by it.
COLOUR_TOLERANCE = 5.0
# An everyday word such as "green" covers a whole family of terms: the family's width is tolerance enough.
FAMILY_TOLERANCE = 1.0


# How near to a word's border its nearest colour is sought, as a part of the way there.
NEAR = 0.05


@dataclass(frozen=True, slots=True)
class ColourName:
    """The words for a colour. `undertone` is warm, neutral or cool; `depth` one of DEPTHS.

    `phrase` is how one would say it, such as "deep berry", "light warm beige" or "black".
    """

    term: str
    undertone: str
    depth: str
    phrase: str


def name_colour(lab: ArrayLike) -> ColourName:
    """The words for one CIELAB colour (3,); raises ValueError for another shape or one that is not finite."""
    colour = _one_colour(lab)
    distances = _to_anchors(colour)
    term = shade_terms()[_anchors()[1][distances.each.index(distances.nearest)]]
    undertone, depth = _undertone(colour, term.undertone), _depth(colour, term.depth)
    return ColourName(term.name, undertone, depth, _phrase(term, undertone, depth))


def look_up(labs: ArrayLike) -> None:
    """Compute what naming CIELAB colours (N, 3) takes, of all at once: much quicker than one by one, nothing else."""
    anchors, owners = _anchors()
    colours = np.asarray(labs, dtype=np.float64)
    each = ciede2000(colours[:, None], anchors)
    terms = np.minimum.reduceat(each, np.searchsorted(owners, np.arange(len(shade_terms()))), axis=1)
    rows = zip(each.tolist(), terms.tolist(), each.min(axis=1).tolist(), strict=True)
    if len(_looked_up) > KEPT:
        _looked_up.clear()
    _looked_up.update(
        (_lab(colour), _Distances(tuple(row), tuple(by_term), nearest))
        for colour, (row, by_term, nearest) in zip(colours, rows, strict=True)
    )


def term_distance(lab: ArrayLike, term: str) -> float:
    """CIEDE2000 from one colour (3,) to the nearest anchor of a term; ValueError for an unknown term."""
    return _to_anchors(_one_colour(lab)).terms[_index(term)]


def colour_margin(lab: ArrayLike, term: str) -> float:
    """How far outside a term's region one colour (3,) lies: 0 inside, else the CIEDE2000 to the term's
    nearest anchor less that to the nearest anchor of all. Raises ValueError for an unknown term.
    """
    distances = _to_anchors(_one_colour(lab))
    return distances.terms[_index(term)] - distances.nearest


def may_name(term: str, lab: ArrayLike, uncertainty: float = 0.0) -> bool:
    """Whether a shade term, or an everyday word for a family of them, may be said of one colour (3,).

    `uncertainty` is how far off the colour may be, in CIEDE2000: it may lie that much farther outside the
    word's region. Raises ValueError for an unknown word.
    """
    return _outside(_one_colour(lab), term) <= _tolerance(term) + uncertainty


def nearest_named(term: str, lab: ArrayLike) -> Lab:
    """The nearest colour that a word may name, sought from one colour (3,) straight towards the word's
    nearest anchor; the colour itself where the word may name it. Raises ValueError for an unknown word.
    """
    start = _one_colour(lab)
    tolerance = _tolerance(term)
    if _outside(start, term) <= tolerance:
        return _lab(start)
    members = _members(term)
    own = [number for number, owner in enumerate(_anchors()[1]) if owner in members]
    distances = _to_anchors(start).each
    step = _anchors()[0][min(own, key=distances.__getitem__)] - start
    part = brentq(lambda part: _outside(start + part * step, term) - tolerance, 0.0, 1.0, xtol=NEAR, rtol=NEAR)
    while part < 1.0 and _outside(start + part * step, term) > tolerance:  # the root may lie this side of the border
        part = min(part + NEAR, 1.0)
    return _lab(start + part * step)


def _tolerance(word: str) -> float:
    return FAMILY_TOLERANCE if word in families() else COLOUR_TOLERANCE


def _outside(colour: Array, word: str) -> float:
    """How far outside of what a word covers a colour lies, as `colour_margin`."""
    distances = _to_anchors(colour)
    return min(distances.terms[index] for index in _members(word)) - distances.nearest


@lru_cache(maxsize=1)
def families() -> frozenset[str]:
    """Everyday colour words that stand for a whole family of shade terms, such as "red"."""
    return frozenset(term.family for term in shade_terms()) - {"neutral", "metal"}


def _phrase(term: ShadeTerm, undertone: str, depth: str) -> str:
    """Medium and neutral go without saying."""
    words = [depth] if "depth" in term.modifiers and depth != "medium" else []
    if "undertone" in term.modifiers and undertone != "neutral":
        words.append(undertone)
    return " ".join([*words, term.name])


def _undertone(colour: Array, bands: str) -> str:
    lightness, a, b = colour
    if np.hypot(a, b) < NEUTRAL_CHROMA:
        return "neutral"
    hue = float(np.degrees(np.arctan2(b, a)) % 360.0)
    if bands == "skin":
        middle = SKIN_NEUTRAL_HUE + SKIN_HUE_PER_LIGHTNESS * (lightness - SKIN_NEUTRAL_LIGHTNESS)
        difference = (hue - middle + 180.0) % 360.0 - 180.0
        if difference > SKIN_WARM_ABOVE:
            return "warm"
        return "cool" if difference < -SKIN_COOL_BELOW else "neutral"
    if WARM_RED_FROM <= hue < WARM_UP_TO:
        return "warm"
    return "cool" if hue < COOL_RED_BELOW or hue >= COOL_FROM else "neutral"


def _depth(colour: Array, bands: str) -> str:
    bounds = SKIN_DEPTHS if bands == "skin" else COLOUR_DEPTHS
    for word, bound in zip(DEPTHS, bounds, strict=False):
        if colour[0] >= bound:
            return word
    return DEPTHS[-1]


@cache
def _index(name: str) -> int:
    """The term's place among all."""
    for index, term in enumerate(shade_terms()):
        if term.name == name:
            return index
    raise ValueError(f"{name!r} is not a shade term of shades.yaml")


@cache
def _members(word: str) -> tuple[int, ...]:
    """The places of the terms that a word stands for: a family's, or itself."""
    if word not in families():
        return (_index(word),)
    return tuple(index for index, term in enumerate(shade_terms()) if word in (term.family, term.name))


@dataclass(frozen=True, slots=True)
class _Distances:
    """CIEDE2000 from one colour to each anchor, to the nearest anchor of each term, and to the nearest of all."""

    each: tuple[float, ...]
    terms: tuple[float, ...]
    nearest: float


# A caption's words are all held against the same few swatches.
KEPT = 2048
_looked_up: dict[Lab, _Distances] = {}


def _to_anchors(colour: Array) -> _Distances:
    key = _lab(colour)
    while (found := _looked_up.get(key)) is None:  # more than once where another thread empties it
        look_up(colour[None])
    return found


def _lab(colour: Array) -> Lab:
    lightness, a, b = (float(value) for value in colour)
    return lightness, a, b


@lru_cache(maxsize=1)
def _anchors() -> tuple[Array, tuple[int, ...]]:
    """All anchors (N, 3) and the index of the term that each belongs to."""
    rows = [(anchor, index) for index, term in enumerate(shade_terms()) for anchor in term.anchors]
    return np.array([anchor for anchor, _ in rows]), tuple(index for _, index in rows)


def _one_colour(lab: ArrayLike) -> Array:
    colour = np.asarray(lab, dtype=np.float64)
    if colour.shape != (3,) or not np.isfinite(colour).all():
        raise ValueError(f"one finite CIELAB colour of shape (3,) is wanted, not {lab!r}")
    return colour
