"""Vials of gloss with much clear plastic round little fluid, long caps, and tubes sprayed dark towards the shoulder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import PASTELS, metal, plain, plastic
from data.products.lip_tubes import WALLS, LipTube, lip_tube
from data.products.wands import Tip


def thick_vial(draw: Draw, colour: np.ndarray, tip: Tip, walls: Mapping[str, float] = WALLS) -> LipTube:
    """A slim round or square vial for a fluid of sRGB `colour`, its cap up to longer than itself.

    `walls` weighs the kinds of wall of which only the clear one is made here.

    Raises:
        ValueError: `walls` has no clear kind.
    """
    if not walls.get("clear"):
        raise ValueError("a thick vial is clear: walls must weigh 'clear'")
    tube = lip_tube(draw, colour, tip, {"clear": 1.0})
    chubby = draw.chance(0.25)  # for oils: short and wide, the cap in a pastel
    radius = draw.uniform(0.32, 0.42) if chubby else draw.uniform(0.2, 0.29)
    height = 2 * radius * (draw.uniform(1.7, 2.6) if chubby else draw.uniform(2.8, 4.6))
    kind = draw.weighted({"black": 4, "grey": 0.8, "white": 0.8, "metal": 1.2, "pastel": 1.5, "shade": 1.5})
    if kind == "metal":
        cap = metal(draw)
    elif kind in ("shade", "pastel"):
        tone = colour * draw.uniform(0.6, 1.1) if kind == "shade" else np.array(PASTELS[draw.choice(*PASTELS)])
        cap = plastic(draw, np.clip(tone, 0.02, 0.97), "shade-coloured" if kind == "shade" else "pastel")
    else:
        value = {"black": draw.uniform(0.01, 0.04), "grey": draw.uniform(0.3, 0.6), "white": draw.uniform(0.9, 0.97)}
        cap = plastic(draw, np.full(3, value[kind]), kind)
    sprayed = kind in ("black", "shade") and draw.chance(0.3)
    # Where no light is lost a thick wall looks nearly white, and only tinted by the fluid behind it.
    pale = np.clip(np.full(3, draw.uniform(0.88, 0.96)) * 0.85 + 0.15 * colour, 0, 1)
    return replace(
        tube,
        section=draw.weighted({"round": 4, "square": 3, "sharp": 1.2, "soft": 1}),
        radius=radius,
        height=height,
        wall=radius * draw.uniform(0.22, 0.42),
        floor=height * draw.uniform(0.07, 0.2),
        waist=0.0,
        bevel=radius * draw.uniform(0.04, 0.25),
        cap_radius=radius * draw.uniform(0.97, 1.03),
        cap_height=height * (draw.uniform(0.5, 0.8) if draw.chance(0.5) else draw.uniform(0.8, 1.2)),
        kind="clear",
        outside=plain(pale, draw.uniform(0.05, 0.2), "clear plastic", coat=1.0),
        cap_material=cap,
        cap_front=printed(draw, cap, vertical=True, often=0.25),
        trim=metal(draw) if draw.chance(0.15) else None,
        fades=sprayed,
        sleeve=(draw.uniform(0.15, 0.45), 0.995) if sprayed else None,
    )
