"""Graphics that shops lay over a photo: headlines, bullet lists, insets, shade names, badges, stickers, borders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from beauty_vlm.measurement.regions import MATERIAL
from data.adverts import ON_CHEEKS, ON_EYES, ON_LIPS, callouts, icons, panels, wearing
from data.badges import badge, border, measure, sticker
from data.draw import Draw
from data.graphics import Layers
from data.headlines import bullets, headline, logo, shade_name, watermark
from data.insets import chips, collage, inset, strip

OFTEN = 0.22  # of all pictures carry graphics
ADVERT = 0.45  # of these carry more than one kind of them


def decorated(
    draw: Draw, picture: np.ndarray, regions: np.ndarray, shades: Sequence[np.ndarray], product_type: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """The photo with one to three kinds of graphics laid over it, or as it was; masks follow. Shape stays (H, W)."""
    if not draw.chance(OFTEN):
        return picture, regions
    one, worn = len(shades) == 1, product_type in (*ON_LIPS, *ON_EYES, *ON_CHEEKS)
    kinds: dict[str, float] = {"headline": 2.5, "bullets": 1.6, "badge": 1.3, "sticker": 1, "watermark": 1} | {
        "border": 0.8, "measure": 0.5, "strip": 0.7, "logo": 1, "panels": 1.5, "callouts": 1, "icons": 1.3,
        "wearing": 2.2 * worn,
    }  # fmt: skip
    if one:
        kinds |= {"chip": 2.5, "shade name": 2, "collage": 1.2}
    if (regions == MATERIAL).any():
        kinds |= {"inset": 1.6}
    makers: dict[str, Callable[[Draw, Layers, Sequence[np.ndarray]], Layers]] = {
        "headline": headline, "bullets": bullets, "badge": badge, "sticker": sticker, "watermark": watermark,
        "border": border, "measure": measure, "strip": strip, "logo": logo, "chip": chips,
        "shade name": shade_name, "collage": collage, "inset": inset,
        "panels": lambda d, both, _: panels(d, both), "callouts": lambda d, both, _: callouts(d, both),
        "icons": lambda d, both, _: icons(d, both),
        "wearing": lambda d, both, colours: wearing(d, both, colours, product_type),
    }  # fmt: skip
    kind = draw.weighted(kinds)
    layers = makers[kind](draw, (picture, regions), shades)
    if not draw.chance(ADVERT):
        return logo(draw, layers, shades) if kind in ("inset", "strip", "measure") and draw.chance(0.4) else layers
    # Pages of shops: what takes room first, then what is laid over, none upon the headline.
    extras = ["badge", "sticker", "logo", "border", "callouts", "icons"]
    if kind in ("wearing", "panels", "strip", "callouts", "inset", "measure", "icons") or draw.chance(0.3):
        layers, extras = headline(draw, layers, shades), ["border"]
    elif worn and draw.chance(0.6):
        layers = wearing(draw, layers, shades, product_type)
    if draw.chance(0.5):
        layers = makers[draw.choice(*extras)](draw, layers, shades)
    return layers
