"""Make-up where it is worn: painted nails and arms with swatches here, lips, eyes and faces in `faces`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data import hands
from data.draw import Draw
from data.hands import Hand
from data.material import Material, cosmetic, prop
from data.mesh import Mesh, joined
from data.product import Part, Product, placed
from data.products import nail_bottle, nails
from data.products.faces import eye_worn as eye_worn
from data.products.faces import face_worn as face_worn
from data.products.faces import lips_worn as lips_worn
from data.products.lettering import lettering
from data.products.skin import CENTIMETRE, all_carried, hand_parts, nail_kind, tone, worn_arm
from data.products.swatches import FINISH_WEIGHTS, LIQUID_FINISHES, shade

Parts = list[Part]


def facing(out: np.ndarray, along: np.ndarray, degrees: float) -> np.ndarray:
    """The rotation (3, 3) that brings `out` to +z (the camera) and `along` to `degrees` from +x in the picture."""
    out = out / np.linalg.norm(out)
    along = along - (along @ out) * out
    along /= np.linalg.norm(along)
    a = np.radians(degrees)
    target = np.stack([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1.0]])
    return np.asarray(target.T @ np.stack([along, np.cross(out, along), out]))


MIRROR = np.diag([-1.0, 1.0, 1.0])


def lacquer(draw: Draw, colour: np.ndarray, main: str, magnetic: bool) -> Material:
    """Polish on nails; a clear top coat shines over all but matte ones."""
    paint = cosmetic(draw, colour, main, effect="cat eye" if magnetic else "")
    return paint if main == "matte" else replace(paint, coat=max(paint.coat, draw.uniform(0.7, 1.0)))


def polish_bottle(draw: Draw, colour: np.ndarray, main: str) -> Parts:
    """A closed bottle in cm, upright on y = 0, its glass the first part."""
    shape, fluid = nail_bottle.bottle(draw), nails.lacquer(draw, colour, main, nails.ROUND_ABOUT)
    cap = Part(nail_bottle.cap_mesh(draw, shape.neck).moved(y=shape.top - 0.015), nail_bottle.cap_material(draw))
    parts = [*nail_bottle.filled(draw, shape, fluid, draw.chance(0.75)), cap]
    return all_carried(parts, np.eye(3) * draw.uniform(2.6, 3.2))


def _box(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    return np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)


def _spun(parts: Parts, degrees: float, height: float) -> Parts:
    """Turned in the picture plane about the point `height` up its axis, which comes to the origin."""
    a = np.radians(degrees)
    matrix = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return all_carried(all_carried(parts, np.eye(3), np.array([0, -height, 0])), matrix)


def painted_nails(draw: Draw) -> Product:
    """A hand in close-up, its nails to the camera, mostly with the bottle of the same polish in its fingers."""
    main = draw.weighted({"glossy": 4, "shimmer": 3.5, "glitter": 2, "metallic": 2, "matte": 0.6, "sheer": 0.8})
    magnetic = main in ("shimmer", "metallic") and draw.chance(0.4)
    shades = [shade(draw, "nail polish")]
    if draw.chance(0.12):
        shades.append(shade(draw, "nail polish"))
    paints = [lacquer(draw, c, main, magnetic) for c in shades]
    kind = nail_kind(draw)
    beyond = draw.uniform(0.05, 0.35) if kind in ("round", "squoval") else draw.uniform(0.35, 1.3)
    layout = draw.weighted({"over": 4, "palm": 2.6, "pinch": 1.3, "back": 2.2})
    colour = tone(draw)
    bottle = polish_bottle(draw, shades[0], main)
    right = draw.chance(0.5)
    if right:  # the picture is mirrored in the end, and print must read
        bottle = all_carried(bottle, MIRROR)
    low, high = _box(bottle)
    thick, wide, tall = float(high[2] - low[2]), float(high[0] - low[0]), float(high[1])
    bottled = layout in ("over", "pinch") or draw.chance(0.55 if layout == "palm" else 0.25)
    slim = draw.uniform(0.2, 0.9)
    if layout == "over":
        pose = hands.holding(min(thick, 3.4), (2, 3, 4, 5), slim)
    elif layout == "pinch":
        pose = hands.holding(min(wide, 4.0), (2, 3), slim)
    else:
        fist = "cupped" if bottled else "display"
        pose = hands.POSES[fist if layout == "palm" else draw.choice("relaxed", "flat", "relaxed", "bent")]
    front = hands.hand(draw, pose, jitter=0, levels=0, slim=slim).nails
    out = np.mean([n.out for n in front[1:]], 0)
    parts, hand = hand_parts(
        draw, pose, colour, paints, kind=kind, beyond=beyond, jitter=2.5, slim=slim,
        seen=lambda nail: layout == "pinch" or bool(nail.out @ out > -0.1),
    )  # fmt: skip
    along = np.mean([n.along for n in hand.nails[1:]], 0)
    if layout == "pinch":
        matrix, parts = _pinched(draw, parts, hand, bottle, tall)
    else:
        heading = {
            "over": draw.choice(draw.uniform(150, 200), draw.uniform(200, 250)),
            "palm": draw.uniform(170, 280),
            "back": draw.uniform(60, 130),
        }[layout]
        matrix = facing(out, along, heading)
        tips = np.stack([n.root + n.along * n.length for n in hand.nails[1:]]) @ matrix.T
        parts = all_carried(parts, matrix)
        if bottled:
            parts += _under_nails(draw, bottle, tips, hand.pads[1:] @ matrix.T, heading, wide, tall, layout)
    if right:
        parts = all_carried(parts, MIRROR)
    parts = all_carried(parts, np.eye(3) * CENTIMETRE)
    return Product(
        "nail polish",
        placed(parts),
        tuple(shades),
        main,
        "bottle" if bottled else "swatch",
        bottle[0].material if bottled else None,
        "worn on nails, with the bottle" if bottled else "worn on nails",
        tiltable=False,
    )


def _under_nails(
    draw: Draw, bottle: Parts, tips: np.ndarray, pads: np.ndarray, heading: float, wide: float, tall: float, layout: str
) -> Parts:
    """The bottle behind the fingertips (4, 3) in the picture, its edge under them, its cap past the thumb."""
    a = np.radians(heading)
    ahead = np.array([np.cos(a), np.sin(a), 0])
    # The bottle's axis runs along the row of nails, cap up; it leans with them.
    row = tips[0] - tips[3]
    row[2] = 0
    row = row / np.linalg.norm(row)
    if row[1] < 0:
        row = -row
    lean = float(np.degrees(np.arctan2(-row[0], row[1]))) * draw.uniform(0.5, 1.0) + draw.normal(8)
    body = _spun(bottle, float(np.clip(lean, -70, 70)), tall * draw.uniform(0.2, 0.35))
    high = _box(body)[1]
    gap = 0.5 * wide + draw.uniform(-0.6, 0.25)
    place = tips.mean(0) + ahead * gap
    place[2] = pads[:, 2].min() - high[2] * 0.95
    return all_carried(body, np.eye(3), place)


def _pinched(draw: Draw, parts: Parts, hand: Hand, bottle: Parts, tall: float) -> tuple[np.ndarray, Parts]:
    """The bottle upright between thumb and two fingers, its front free."""
    fingers = hand.pads[1:3].mean(0)
    axis = fingers - hand.pads[0]
    along = np.mean([n.along for n in hand.nails[1:3]], 0)
    matrix = facing(np.cross(axis, along), axis, 0.0)
    middle = matrix @ ((fingers + hand.pads[0]) / 2)
    held = all_carried(bottle, np.eye(3), middle - [0, tall * draw.uniform(0.25, 0.5), 0])
    return matrix, [*all_carried(parts, matrix), *held]


ARM_TYPES = {"lipstick": 3.5, "lip gloss": 3.5, "foundation": 2.5, "concealer": 1.5, "blush": 1.5, "eyeshadow": 2}


def _labels(draw: Draw, rows: list[list[Mesh]], apart: float) -> Part:
    """The shades' names in small print beside the first arm's swatches, in cm, for arms `apart` from one another."""
    names = []
    for row in rows:
        middle = (row[0].low + row[0].high) / 2
        name = lettering(draw, draw.uniform(1.3, 2.2))
        names.append(name.moved(float(middle[0]) + 0.5 * apart, float(middle[1]), float(middle[2])))
    return Part(joined(names), prop(np.full(3, draw.uniform(0.02, 0.2)), 0.7, "print"))


def arm_swatches(draw: Draw) -> Product:
    """One to three forearms of different skin tones, side by side, with the same row of swatches on each."""
    product_type = draw.weighted(ARM_TYPES)
    weights = FINISH_WEIGHTS.get(product_type) or LIQUID_FINISHES
    main = "glossy" if product_type == "lip gloss" and draw.chance(0.8) else draw.weighted(weights)
    chart = product_type in ("lipstick", "lip gloss") and draw.chance(0.55)  # a whole line on upright arms, labelled
    counts = {3: 2, 4: 2, 5: 2, 6: 2, 8: 1, 10: 1, 12: 0.6}
    count = draw.integer(6, 10) if chart else draw.weighted(counts)
    shades = [shade(draw, product_type) for _ in range(count)]
    if product_type in ("foundation", "concealer"):
        shades.sort(key=lambda c: -float(c.sum()))
    materials = [cosmetic(draw, c, main) for c in shades]
    arms = draw.weighted({2: 2.0, 3: 4.0} if chart else {1: 5, 2: 2.5, 3: 2})
    tones = sorted((tone(draw) for _ in range(arms)), key=lambda c: -float(c.sum()))
    kind = "stripe" if chart else draw.weighted({"stripe": 4, "finger": 1.2, "dab": 1.2})
    pose = draw.choice("fist", "relaxed", "flat") if chart else draw.choice("flat", "relaxed", "fist", "display")
    skins: Parts = []
    rows: list[list[Mesh]] = [[] for _ in shades]
    for k in range(arms):
        arm, meshes = worn_arm(draw, tones[k], materials, kind, pose)
        apart = draw.uniform(8.5, 9.5) + (1.2 if chart else 0.0)
        x, y = (k - (arms - 1) / 2) * apart, draw.normal(0.6)
        skins.append(arm.moved(x, y))
        for row, one in zip(rows, meshes, strict=True):
            row.append(one.moved(x, y))
    parts = [*skins, *(Part(joined(row), m) for row, m in zip(rows, materials, strict=True))]
    if chart and draw.chance(0.75):
        parts.append(_labels(draw, rows, apart))
    heading = draw.normal(3) if chart else draw.choice(0.0, 90.0, -90.0, draw.uniform(-60, 60))
    a = np.radians(heading)
    picture = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1.0]])
    lay = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]]) @ picture * CENTIMETRE
    layout = "swatches on an arm" if arms == 1 else "swatches on arms of different skin tones"
    return Product(
        product_type, placed(all_carried(parts, lay)), tuple(shades), main, "swatch", None, layout, "overhead", count,
        tiltable=False,
    )  # fmt: skip
