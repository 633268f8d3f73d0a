"""Boxed sets of lip products: many pieces joined by their material, and the open box that they lie in."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import package, plain
from data.mesh import box, joined
from data.product import Part


def merged(parts: list[Part]) -> list[Part]:
    """Parts of one material joined into one, which keeps a group's scene small."""
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(id(part.material), []).append(part)
    return [Part(joined([p.mesh for p in group]), group[0].material) for group in groups.values()]


def tray(draw: Draw, parts: list[Part], radius: float) -> Part:
    """The open box of a boxed set round lying tubes, which sink into its floor by half."""
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    rim = radius * draw.uniform(0.3, 1.0)
    card = box(float(high[0] - low[0]) + 2 * rim, radius * 1.1, float(high[2] - low[2]) + 2 * rim, 0.02)
    surface = draw.choice(package(draw), plain(np.full(3, draw.uniform(0.85, 0.96)), 0.5, "white card"))
    return Part(card.moved(float(low[0] + high[0]) / 2, 0, float(low[2] + high[2]) / 2), surface)
