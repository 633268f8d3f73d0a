"""The closed cartons and sleeves of eyeshadow palettes."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.finish import noise
from data.material import PASTELS, Material, package, plain
from data.mesh import lathe, plate
from data.product import Part, Product, View, placed
from data.products.cases import lid_print
from data.products.shop_compacts import spun


def marbled(draw: Draw) -> Material:
    """Card printed with clouds of two or three pale colours, as the boxes of palettes are."""
    names = [draw.choice(*PASTELS) for _ in range(3)]
    first, second, third = (np.array(PASTELS[n]) for n in names)
    clouds = [noise(draw.rng, 96, c)[:96, :96, None] for c in (18, 30)]
    shares = [np.clip(0.5 + draw.uniform(1, 4) * (c - 0.5), 0, 1) for c in clouds]
    picture = first * (1 - shares[0]) + second * shares[0]
    picture = picture * (1 - 0.6 * shares[1]) + third * 0.6 * shares[1]
    card = plain(first, draw.uniform(0.25, 0.6), f"{names[0]} cardboard")
    return card.painted((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


def palette_box(draw: Draw) -> Product:
    """The closed carton or sleeve of an eyeshadow palette, flat on the table, clouds and a name on its face."""
    card = marbled(draw) if draw.chance(0.6) else package(draw)
    depth, h = draw.weighted({0.4: 2, 0.55: 2, 0.75: 1, 1.0: 1}) * draw.uniform(0.9, 1.1), draw.uniform(0.08, 0.2)
    body = lathe([(0, 0), (0.995, 0), (1, 0.01), (1, h - 0.01), (0.995, h)], "sharp", depth=depth)
    top = plate(0.995, h, "sharp", depth, 0.0)
    parts = spun(draw, [Part(body, card), Part(top, lid_print(draw, card, depth))])
    view: View = draw.choice("flat", "overhead")
    return Product(
        "eyeshadow palette", placed(parts), (), None, "box", card, "closed in its box", view, tiltable=False
    )  # fmt: skip
