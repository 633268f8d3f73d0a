"""Dense brush heads of mascaras and brow gels: twisted wire, moulded plastic, combs; hanging from y = 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data.draw import Draw
from data.mesh import Mesh, joined, lathe
from data.products.wands import needles

Outline = Callable[[np.ndarray], np.ndarray]
OUTLINES: dict[str, Outline] = {  # radius over the way from the stem (0) to the end (1)
    "cone": lambda s: np.clip(1.1 - 0.75 * s, 0.25, 1) * np.clip(0.5 + 4 * s, 0, 1),
    "barrel": lambda s: np.sqrt(np.clip(1 - (2 * s - 1) ** 4, 0.08, 1)),
    "hourglass": lambda s: (1 - 0.42 * np.sin(np.pi * s)) * np.clip(0.45 + 5 * np.minimum(s, 1.02 - s), 0, 1),
    "straight": lambda s: np.clip(0.4 + 8 * np.minimum(s, 1.03 - s), 0, 1),
    "flame": lambda s: 0.25 + 0.9 * np.sin(np.pi * np.clip(s, 0, 1) ** 0.7),
}


def spoolie(draw: Draw, length: float, radius: float) -> Mesh:
    """A head of `length` and greatest `radius`: some 1500 hairs on a twisted wire, or rows of moulded teeth."""
    outline = OUTLINES[draw.weighted({"cone": 2.2, "barrel": 1.5, "hourglass": 1.5, "straight": 2, "flame": 1.2})]
    kind = draw.weighted({"wire": 5, "moulded": 2.5, "comb": 0.5})
    if kind == "wire":
        count = draw.integer(1300, 2000)
        s = (np.arange(count) + 0.5) / count
        angle = 2 * np.pi * draw.integer(10, 19) * s + np.pi * (np.arange(count) % 2)
        angle = angle + draw.rng.normal(0, 0.3, count)
        rise, thick = draw.rng.normal(0, 0.1, count), 0.055
        reach = outline(s) * draw.rng.uniform(0.88, 1.04, count)
    else:
        row, rows = (draw.integer(3, 4), 26) if kind == "comb" else (draw.integer(10, 16), draw.integer(15, 26))
        k = np.arange(row * rows)
        s = (k // row + 0.5) / rows
        spread = (
            0.35 * (k % row - (row - 1) / 2) if kind == "comb" else 2 * np.pi * ((k % row) + 0.5 * (k // row % 2)) / row
        )
        angle, rise, thick = spread, np.zeros(len(k)), 0.1
        reach = outline(s)
    count = len(s)
    direction = np.stack([np.cos(angle), rise, np.sin(angle)], 1)
    base = np.stack([np.zeros(count), -s * length, np.zeros(count)], 1)
    hairs = needles(base, direction, radius * reach, radius * thick)
    # Product sits between the hairs: a core that fills half of the head and swells here and there.
    way = np.linspace(0.01, 0.99, 24)
    wet = draw.uniform(0.25, 0.6) if kind == "wire" else draw.uniform(0.3, 0.45)
    core_radius = radius * outline(way) * wet * (1 + 0.15 * draw.rng.normal(size=24))
    profile = [
        (0.0, -length),
        *((float(r), float(-length * w)) for r, w in zip(core_radius[::-1], way[::-1], strict=True)),
    ]
    core = lathe([*profile, (0.2 * radius, 0.0)], segments=20, crease=180)
    whole = joined([hairs, core])
    bow = draw.choice(0.0, 0.0, draw.uniform(0.06, 0.16) * length)
    along = np.clip(-whole.vertices[:, 1] / length, 0, 1)
    return whole.bent(np.stack([bow * np.sin(np.pi * along), 0 * along, 0 * along], 1))
