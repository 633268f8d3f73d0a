"""Slim click sticks and jumbo crayons of lip colour, open, capped, and with their carton."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import cosmetic, metal, package, plain
from data.mesh import capsule_profile, cylinder, lathe
from data.product import Part, Product, laid, placed
from data.products.lip_cases import bullet_mesh, milky
from data.products.vessels import carton


def crayon(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A slim twist-up or click stick, or a jumbo crayon, in a body that often has the shade's colour."""
    stick = cosmetic(draw, colour, finish)
    tone = draw.weighted({"shade": 5, "any": 4})
    body = plain(colour, draw.uniform(0.15, 0.45), "shade-coloured plastic") if tone == "shade" else package(draw)
    r, h = draw.uniform(0.17, 0.25), draw.uniform(2.4, 3.2)
    jumbo = draw.chance(0.5)
    shaft = Part(cylinder(r, h, "round", 0.03), printed(draw, body, vertical=True))
    collar = metal(draw) if draw.chance(0.45) else body
    if jumbo:  # tapers to a rounded point
        neck = lathe([(r * 0.97, 0), (r * 0.72, 0.34), (r * 0.66, 0.36)]).moved(y=h)
        t = np.linspace(0, np.pi / 2, 14)
        out = draw.uniform(0.4, 0.62)
        point = [(max(r * 0.64 * float(np.cos(a)) ** 0.75, 1e-4), out * float(np.sin(a))) for a in t]
        tip = lathe([(r * 0.64, -0.1), *point], crease=180).moved(y=h + 0.34)
    else:
        neck = lathe([(r * 0.86, 0), (r * 0.86, 0.3), (r * 0.74, 0.3)]).moved(y=h)
        tip = bullet_mesh(draw, r * 0.73, draw.uniform(0.45, 0.75)).turned("y", 90 + draw.uniform(-90, 90))
        tip = tip.moved(y=h + 0.3)
    parts = [shaft, Part(neck, collar), Part(tip, stick)]
    if draw.chance(0.5):  # in the shade's colour, which tells it while the cap is on
        foot = lathe(capsule_profile(r * 1.02, draw.uniform(0.2, 0.7), 0.03))
        own = tone == "any" and draw.chance(0.5)
        parts.append(Part(foot, plain(colour, 0.25, "shade-coloured plastic", coat=0.4) if own else collar))
    long = h * draw.uniform(0.65, 0.95) if not jumbo and draw.chance(0.35) else draw.uniform(1.0, 1.5)
    cap = Part(cylinder(r * 1.04, long, "round", 0.05), draw.choice(body, body, body, milky(draw)))
    if draw.chance(0.1):
        closed = [p for p in parts if p.material is not stick]
        parts = [*closed, cap.moved(y=h + 0.01)]
        return Product(product_type, placed(parts), (), None, "crayon", body, "closed")
    if draw.chance(0.15):
        tall = (h + 1.0) * draw.uniform(0.98, 1.08)
        box_ = carton(draw, draw.choice(body, package(draw)), r * 2.6, tall, r * 2.6)
        parts.append(box_.turned("y", draw.uniform(-35, 35)).moved(draw.sign() * r * draw.uniform(3.0, 3.8), 0, -0.15))
        parts.append(cap.moved(x=-np.sign(parts[-1].mesh.low[0] + r) * r * draw.uniform(2.3, 3.0)))
        words = "cap off, carton beside"
        return Product(product_type, placed(parts), (colour,), finish, "crayon", body, words, tiltable=False)
    words = "tip out"
    if draw.chance(0.5):
        words = "cap off"
        place = draw.sign() * r * draw.uniform(2.6, 4)
        parts += [cap.moved(x=place)] if draw.chance(0.7) else laid([cap], draw, place * 2.2, r * 2)
    return Product(product_type, placed(parts), (colour,), finish, "crayon", body, words, tiltable=words == "tip out")
