"""A hand that holds a product: between thumb and fingers, from the side or from below, or on its palm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data import hands, smoothing
from data.draw import Draw
from data.product import Part, Product
from data.products.skin import bare_nail, hand_parts, nail_kind, tone
from data.products.swatches import shade

Parts = list[Part]
WIDEST = 4.5  # cm that thumb and fingers can hold between them
MIRROR = np.diag([-1.0, 1.0, 1.0])


def holdable(product: Product) -> bool:
    """Whether it is one upright thing: nothing beside it, no smear at its foot."""
    if product.view != "upright" or not product.tiltable or product.count != 1:
        return False
    boxes = [(p.mesh.low, p.mesh.high) for p in product.parts]
    low, high = max(boxes, key=lambda box: float(np.prod(box[1] - box[0] + 0.01)))
    middle, reach = (low + high) / 2, 0.5 * (high - low) + 0.02
    return all((np.abs((a + b) / 2 - middle)[[0, 2]] < 0.6 * reach[[0, 2]]).all() for a, b in boxes)


def held(draw: Draw, parts: Parts) -> Parts:
    """An upright product standing on y = 0 and the hand that holds it; the product stays where it is.

    The hand's skin and bare nails are BACKGROUND; nails painted in another colour too, since they are not the product.
    """
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    wide, tall, deep = (float(v) for v in high - low)
    # Centimetres in the scene's unit: what people hold up is 5 to 13 cm tall and fits between their fingers.
    unit = max(tall / draw.uniform(6.5, 12.0), min(wide, deep) / (WIDEST * 0.9))
    unit = max(unit, max(wide, tall) / 16.0)
    # Fingers from the side would hide too much of what is short.
    grip = "below" if tall < 6.0 * unit else draw.weighted({"below": 3.0, "side": 3.0})
    across = wide if grip == "below" and wide / unit < WIDEST else deep
    slim = draw.uniform(0.3, 0.9)
    pose = hands.holding(float(np.clip(across / unit, 0.4, WIDEST)), (2, 3), slim)
    colour = tone(draw)
    paints = [bare_nail(draw, colour)]
    if draw.chance(0.45):
        paints = [replace(bare_nail(draw, shade(draw, "nail polish")), name="nail")]
    kind = nail_kind(draw)
    beyond = draw.uniform(0.05, 0.25) if kind in ("round", "squoval") else draw.uniform(0.2, 0.8)
    hand, posed = hand_parts(draw, pose, colour, paints, kind=kind, beyond=beyond, jitter=0.7, slim=slim)
    fingers, thumb = posed.pads[1:3].mean(0), posed.pads[0]
    axis = (fingers - thumb) / np.linalg.norm(fingers - thumb)
    along = np.mean([n.along for n in posed.nails[1:3]], 0)
    along -= (along @ axis) * axis
    along /= np.linalg.norm(along)
    target = _grip_frame(draw, grip, across == wide)
    turn = target.T @ np.stack([axis, along, np.cross(axis, along)])
    middle = turn @ ((fingers + thumb) / 2)
    # The pads meet the lower half, where nothing is hidden that tells what the product is.
    at = np.array([(low[0] + high[0]) / 2, low[1] + tall * draw.uniform(0.12, 0.3), (low[2] + high[2]) / 2])
    mirrored = MIRROR if draw.chance(0.5) else np.eye(3)
    matrix = mirrored @ turn * unit
    shift = at - mirrored @ middle * unit
    return [*parts, *(replace(p, mesh=smoothing.carried(p.mesh, matrix, shift)) for p in hand)]


def _grip_frame(draw: Draw, grip: str, over_width: bool) -> np.ndarray:
    """Rows (3, 3): where the axis from thumb to fingers, the fingers and the third axis point in the scene."""
    if grip == "below":  # thumb on one side, fingers on the other, or thumb in front and fingers behind
        lean = np.radians(draw.uniform(-25, 25))
        along = np.array([np.sin(lean), np.cos(lean), 0.0])
        axis = np.array([np.cos(lean), -np.sin(lean), 0.0]) if over_width else np.array([0.0, 0.0, -1.0])
        if over_width:
            tip = np.radians(draw.uniform(-12, 35))  # the arm comes from behind a little, never from the camera
            along = np.array([along[0] * np.cos(tip), along[1] * np.cos(tip), np.sin(tip)])
    else:  # fingers from the side, thumb in front or behind
        a = np.radians(draw.uniform(-20, 35))
        along = np.array([-np.cos(a), np.sin(a), 0.0])
        axis = np.array([0.0, 0.0, draw.choice(-1.0, 1.0)])
    along = along - (along @ axis) * axis
    along /= np.linalg.norm(along)
    return np.stack([axis, along, np.cross(axis, along)])
