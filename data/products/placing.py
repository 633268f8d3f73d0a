"""How slim things are put together in the picture plane and then laid on the table for a view from above."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.mesh import joined
from data.product import Part, moved, placed, turned

Parts = list[Part]


def centre(parts: Sequence[Part]) -> np.ndarray:
    """The middle (3,) of the box round the parts."""
    return np.asarray((np.min([p.mesh.low for p in parts], 0) + np.max([p.mesh.high for p in parts], 0)) / 2)


def spun(parts: Sequence[Part], degrees: float, x: float = 0.0, y: float = 0.0) -> Parts:
    """Turned in the picture plane about its own middle, which comes to (x, y)."""
    middle = centre(parts)
    at = (float(middle[0]), float(middle[1]), float(middle[2]))
    return moved(turned(parts, "z", degrees, at), x - at[0], y - at[1], -at[2])


def flat_lay(items: Sequence[Sequence[Part]]) -> Parts:
    """Each item, arranged upright, laid on its back on y = 0: up becomes away from the camera, fronts look up."""
    return [p for item in items for p in placed(turned(item, "x", -90))]


def resting_on(upper: Sequence[Part], lower: Sequence[Part]) -> Parts:
    """`upper` raised until it lies on the highest point of `lower`; both already laid on the table."""
    return moved(upper, y=float(max(p.mesh.high[1] for p in lower)))


def middled(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Let down on the table with the middle of its floor plan at the origin; parts of one surface become one."""
    surfaces: dict[int, list[Part]] = {}
    for part in parts:
        surfaces.setdefault(id(part.material), []).append(part)
    fewer = [Part(joined([p.mesh for p in same]), same[0].material) for same in surfaces.values()]
    at = centre(fewer)
    return placed(moved(fewer, -float(at[0]), 0, -float(at[2])))
