"""Make-up worn on a face: lips, eyes and cheeks in close-up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.material import cosmetic, flat
from data.mesh import joined
from data.product import Part, Product, placed
from data.products import face
from data.products.face import Zone
from data.products.skin import CENTIMETRE, all_carried, tone
from data.products.swatches import FINISH_WEIGHTS, LIQUID_FINISHES, shade

Parts = list[Part]
LIP_FINISHES = {"lipstick": {"matte": 3, "satin": 3, "glossy": 2, "metallic": 0.4, "shimmer": 0.6},
                "lip gloss": {"glossy": 5, "sheer": 2, "shimmer": 1.5, "glitter": 0.4},
                "lip liner": {"matte": 4, "satin": 1.5}}  # fmt: skip


def lips_worn(draw: Draw) -> Product:
    """Made-up lips in close-up, closed or a little open; a liner covers the whole lips or their edge alone."""
    product_type = draw.weighted({"lipstick": 5, "lip gloss": 3, "lip liner": 1})
    main, colour = draw.weighted(LIP_FINISHES[product_type]), shade(draw, product_type)
    rim = product_type == "lip liner" and draw.chance(0.6)
    wide = draw.uniform(0.14, 0.26)

    def zone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        inside = face.lips(x, y)
        return np.clip((np.minimum(inside, wide - inside) if rim else inside) / 0.06 + 0.5, 0, 1)

    material = cosmetic(draw, colour, main)
    weights = face.expression(draw, 0.0, draw.choice(0.0, 0.0, draw.uniform(0.2, 1.0)))
    strength = draw.uniform(0.6, 0.85) if main == "sheer" else 1.0
    parts, _ = face.face(
        draw,
        tone(draw),
        face.hair_material(draw),
        weights,
        [face.Makeup(zone, material, strength)],
        (0.0, -6.2),
        (2.9, 1.8),
    )
    parts = _yawed(parts, draw.uniform(-32, 32))
    return Product(product_type, placed(parts), (colour,), main, "swatch", None, "worn on lips", tiltable=False)


def _yawed(parts: Parts, degrees: float) -> Parts:
    """Turned to the side and brought to the scene's unit."""
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    return all_carried(parts, turn * CENTIMETRE)


def _liner(draw: Draw) -> Zone:
    """A line along the upper lashes that thickens outwards, mostly with a wing."""
    inner, outer = draw.uniform(0.06, 0.14), draw.uniform(0.2, 0.4)
    wing, rise = draw.choice(0.0, draw.uniform(0.4, 1.3), draw.uniform(0.4, 1.3)), draw.uniform(0.5, 0.9)

    def zone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        x = np.abs(x)
        share = np.clip((x - 1.6) / 2.5, 0, 1)
        above = y - face.lash_line(x)
        band = np.minimum(above + 0.06, inner + (outer - inner) * share - above)
        band = np.minimum(band, np.minimum(x - 1.6, 4.14 - x) + 0.02)
        t = (x - 3.9) / max(wing, 1e-3)
        middle = -0.02 + (x - 3.9) * rise
        tail = np.where((t > 0) & (t < 1), outer * 0.75 * (1 - t) - np.abs(y - middle - outer * 0.4), -1.0)
        return np.clip(np.maximum(band, tail) / 0.05 + 0.5, 0, 1)

    return zone


def _shadow(draw: Draw) -> Zone:
    """Eyeshadow from the lashes to the fold or beyond, soft at its edge."""
    high, out = draw.uniform(0.7, 1.4), draw.uniform(0.2, 0.9)

    def zone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        x = np.abs(x)
        above = (y - face.lash_line(x)) / (high * (0.55 + 0.45 * np.clip((x - 1.6) / 2.0, 0, 1)))
        across = (x - 2.95) / (1.5 + out)
        r = np.sqrt(np.clip(above, 0, None) ** 2 + across**4)
        return np.clip((1.25 - r) / 0.55, 0, 1) * np.clip(above * 10 + 1, 0, 1)

    return zone


EYE_TYPES = {"mascara": 4, "eyeliner": 3, "eyeshadow": 2.5, "brow product": 2}


def eye_worn(draw: Draw) -> Product:
    """One or both eyes in close-up: lashes with mascara, a liner's wing, a shadowed lid, or a filled brow."""
    product_type = draw.weighted(EYE_TYPES)
    main, colour = draw.weighted(FINISH_WEIGHTS[product_type]), shade(draw, product_type)
    material = cosmetic(draw, colour, main)
    closed = draw.weighted({0.0: 4, 0.92: 3 if product_type in ("eyeshadow", "eyeliner") else 1})
    both = draw.chance(0.35)
    weights = face.expression(draw, closed)
    hairs = face.hair_material(draw)
    makeup = []
    if product_type == "eyeliner":
        makeup = [face.Makeup(_liner(draw), material)]
    elif product_type == "eyeshadow":
        makeup = [face.Makeup(_shadow(draw), material, draw.uniform(0.75, 1.0))]
    elif product_type == "brow product":
        makeup = [face.Makeup(face.brow_zone(draw.uniform(0.5, 0.75)), material, draw.uniform(0.4, 0.85))]
    middle, fine = ((0.0, 0.4), (4.7, 1.2)) if both else ((3.0, 0.8), (2.6, 2.6))
    if not both:  # only this eye is made up
        makeup = [replace(m, zone=_one_side(m.zone)) for m in makeup]
    parts, shape = face.face(draw, tone(draw), hairs, weights, makeup, middle, fine)
    made = product_type == "mascara"
    thick = draw.uniform(0.035, 0.06) if made else draw.uniform(0.018, 0.03)
    lash = face.lashes(draw, shape, closed, draw.uniform(0.85, 1.25) if made else draw.uniform(0.55, 0.85), thick)
    brow = face.brow(
        draw, shape, draw.uniform(0.6, 1.0) if product_type == "brow product" else 0.25, draw.uniform(0.5, 0.8)
    )
    dark = replace(hairs, texture=flat((0.06, 0.045, 0.04)))
    for mesh, surface in (
        (lash, material if made else dark),
        (brow, material if product_type == "brow product" else hairs),
    ):
        other = face.mirrored(mesh)
        if both:
            parts.append(Part(joined([mesh, other]), surface))
        else:
            parts += [Part(mesh, surface), Part(other, hairs)]
    parts = _yawed(parts, draw.uniform(-20, 20) - (0 if both else 12))
    if draw.chance(0.5):
        parts = all_carried(parts, np.diag([-1.0, 1.0, 1.0]))
    layout = {"mascara": "worn on lashes", "eyeliner": "worn on an eye", "eyeshadow": "worn on an eyelid"}
    return Product(
        product_type, placed(parts), (colour,), main, "swatch", None, layout.get(product_type, "worn on a brow"),
        tiltable=False,
    )  # fmt: skip


def _one_side(zone: Zone) -> Zone:
    return lambda x, y: np.where(x > 0, zone(x, y), 0.0)


FACE_TYPES = {"blush": 4, "bronzer or highlighter": 2.5, "foundation": 1.0, "lipstick": 2}


def face_worn(draw: Draw) -> Product:
    """A face with blush, bronzer or highlighter on its cheeks, foundation dabbed on it, or lipstick."""
    product_type = draw.weighted(FACE_TYPES)
    finishes = LIP_FINISHES.get(product_type) or FINISH_WEIGHTS.get(product_type) or LIQUID_FINISHES
    main, colour = draw.weighted(finishes), shade(draw, product_type)
    complexion = tone(draw)
    on_cheeks = product_type in ("blush", "bronzer or highlighter")
    if on_cheeks and main in ("metallic", "glitter"):  # on skin such powders are sheer
        main = "shimmer"
    for _ in range(8):  # a photo shows make-up that can be seen
        if np.abs(colour - complexion).max() > (0.06 if product_type == "foundation" else 0.16):
            break
        colour, complexion = shade(draw, product_type), tone(draw)
    material = cosmetic(draw, colour, main)
    if on_cheeks:
        material = replace(material, metallic=min(material.metallic, 0.25), roughness=max(material.roughness, 0.3))
    x0, y0, tilt = draw.uniform(4.2, 5.2), draw.uniform(-3.6, -2.4), draw.uniform(0.3, 0.8)
    long, high = draw.uniform(1.5, 2.3), draw.uniform(0.8, 1.2)
    dabs = [(draw.uniform(3.0, 6.0), draw.uniform(-5.0, -1.8)) for _ in range(draw.integer(2, 4))]
    dots = draw.chance(0.6)

    def cheeks(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        dx, dy = np.abs(x) - x0, y - y0
        along, across = dx * np.cos(tilt) + dy * np.sin(tilt), dy * np.cos(tilt) - dx * np.sin(tilt)
        return np.exp(-((along / long) ** 2) - (across / high) ** 2)

    def dabbed(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        near = np.min([np.hypot(np.abs(x) - a, y - b) for a, b in dabs], 0) if dots else np.abs(np.abs(x) - 4.4) * 0.45
        inside = near if dots else np.maximum(near, np.abs(y + 3.4) * 0.4)
        return np.clip((0.42 - inside) / 0.08 + 0.5, 0, 1)

    def lips(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.clip(face.lips(x, y) / 0.06 + 0.5, 0, 1)

    zone, strength = {"foundation": (dabbed, 1.0), "lipstick": (lips, 1.0)}.get(
        product_type, (cheeks, draw.uniform(0.6, 0.9))
    )
    closed = draw.choice(0.0, 0.0, 0.0, 0.92)
    hairs = face.hair_material(draw)
    parts, shape = face.face(
        draw, complexion, hairs, face.expression(draw, closed, draw.choice(0.0, 0.4)),
        [face.Makeup(zone, material, strength)], (0.0, -6.2), (2.7, 1.4),
    )  # fmt: skip
    lash = face.lashes(draw, shape, closed, draw.uniform(0.6, 1.0), 0.03)
    brow = face.brow(draw, shape, 0.4, draw.uniform(0.5, 0.8))
    dark = replace(hairs, texture=flat((0.06, 0.045, 0.04)))
    parts += [Part(joined([lash, face.mirrored(lash)]), dark), Part(joined([brow, face.mirrored(brow)]), hairs)]
    parts = _yawed(parts, draw.uniform(-40, 40))
    where = {"foundation": "worn on a face", "lipstick": "worn on lips"}.get(product_type, "worn on cheeks")
    return Product(product_type, placed(parts), (colour,), main, "swatch", None, where, tiltable=False)
