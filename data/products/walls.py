"""Clear walls about a fluid or a powder: solid glass, or a thin sheet whose edges show."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import Material, clear, glass, plain
from data.mesh import Mesh, cut, lathe
from data.product import Part
from data.products.nail_bottle import under_glass

BACK = 0.12  # of the half depth: a thin wall's far side, up to its silhouette, is drawn as a pale shell


def enclosed(draw: Draw, outer: Mesh, inner: Mesh, fluid: Material) -> list[Part]:
    """A closed `outer` wall about a closed `inner` body of `fluid`; the first part is the wall."""
    if draw.chance(0.6):
        return [Part(outer, glass()), Part(inner, under_glass(fluid))]
    return [Part(outer, clear(draw)), shell(draw, outer), Part(inner, fluid)]


def shell(draw: Draw, outer: Mesh) -> Part:
    """The far half and foot of a thin wall, pale: a clear edge alone would be ragged in a cut-out."""
    centre = outer.vertices[outer.faces].mean(1)
    foot = outer.low[1] + 0.03 * (outer.high[1] - outer.low[1])
    behind = (centre[:, 2] < BACK * float(outer.high[2])) | (centre[:, 1] < foot)
    middle = (outer.low + outer.high) / 2
    shift = (middle - outer.vertices) * [0.012, 0.012, 0.012]
    return Part(cut(outer.bent(shift), behind), plain(np.full(3, draw.uniform(0.8, 0.95)), 0.15, "clear plastic"))


def hood(radius: float, height: float, section: str = "round") -> Part:
    """A clear cap, mouth down on y = 0: solid walls that bend the light at their edges."""
    wall, b = 0.12 * radius, 0.03
    outside = [
        (radius, 0),
        (radius, height - b),
        (radius - 0.3 * b, height - 0.3 * b),
        (radius - b, height),
        (0, height),
    ]
    inside = [(0, height - 1.4 * wall), (radius - wall, height - 1.4 * wall), (radius - wall, 0), (radius, 0)]
    return Part(lathe([*outside, *inside], section), glass())
