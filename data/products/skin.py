"""Skin and what it wears: painted hands, lips in close-up, and forearms with swatches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.interpolate import LinearNDInterpolator
from scipy.ndimage import gaussian_filter

from data import hands
from data.draw import Draw
from data.hands import Anchor, Pose
from data.material import Material, prop
from data.mesh import Mesh, cut, joined, sheet
from data.product import Part
from data.products.swatches import shade
from data.smoothing import carried

SIDE = 160  # of skin textures
CENTIMETRE = 0.37  # in the scene's unit, in which a bullet of 2.7 cm is 1 tall
BLOOD = np.array([0.05, -0.05, -0.045])  # what more blood under the skin adds to a light skin's sRGB


def tone(draw: Draw) -> np.ndarray:
    """The sRGB (3,) of skin, from the colours that foundations are sold in."""
    return shade(draw, "foundation")


def flushed(colour: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """`colour` (..., 3) with more blood in it, `amount` (...) about 0 to 1; dark skin shows less of it."""
    light = np.clip(colour.mean(-1, keepdims=True) * 1.3, 0.25, 1)
    return colour + amount[..., None] * BLOOD * light


def mottled(draw: Draw, picture: np.ndarray) -> np.ndarray:
    """A skin picture (H, W, 3) in [0, 1] with uneven blood and pigment, as a uint8 texture."""
    side = picture.shape[0]
    drift = [gaussian_filter(draw.rng.standard_normal((side, side)), s) * s for s in (3, 12)]
    picture = flushed(picture, 0.35 * drift[1]) * (1 + 0.012 * drift[0] + 0.008 * drift[1])[..., None]
    picture = picture * (1 + 0.012 * draw.rng.standard_normal((side, side, 1)))
    return (np.clip(picture, 0.02, 0.98) * 255 + 0.5).astype(np.uint8)


def skin(draw: Draw, colour: np.ndarray | None = None) -> Material:
    """Skin of any tone, a little uneven."""
    base = np.broadcast_to(tone(draw) if colour is None else colour, (SIDE, SIDE, 3))
    return replace(
        prop((0.5, 0.5, 0.5), draw.uniform(0.42, 0.6), "skin"),
        texture=mottled(draw, base),
        specular=draw.uniform(0.25, 0.4),
    )


def hand_skin(draw: Draw, colour: np.ndarray) -> Material:
    """Skin for `data.hands.hand`: rosy knuckles and fingertips, a palm lighter than a dark back."""
    v, u = np.meshgrid(np.linspace(1, 0, SIDE), np.linspace(1, 0, SIDE), indexing="ij")
    back = np.clip((u - 0.35) / 0.3, 0, 1)
    knuckles = sum(np.exp(-(((v - at) / wide) ** 2)) for at, wide in ((0.6, 0.03), (0.74, 0.022), (0.87, 0.018)))
    tips = np.clip((v - 0.88) / 0.12, 0, 1)
    palm = (1 - back) * np.clip((v - 0.33) / 0.08, 0, 1)
    base = np.broadcast_to(colour, (SIDE, SIDE, 3)).copy()
    pale = np.array([0.86, 0.66, 0.56])
    base += palm[..., None] * (pale - base) * np.clip(0.85 - colour.mean(), 0, 0.5)
    flush = 0.9 * knuckles * back + 0.8 * tips + 0.35 * palm
    creases = 1 - 0.05 * back * np.clip(knuckles, 0, 1) * (np.sin(v * 500) > 0.2)
    picture = flushed(base, flush * draw.uniform(0.6, 1.2)) * creases[..., None]
    rough = draw.uniform(0.42, 0.58)
    return replace(
        prop((0.5, 0.5, 0.5), rough, "skin"), texture=mottled(draw, picture), specular=draw.uniform(0.25, 0.4)
    )


def all_carried(parts: list[Part], matrix: np.ndarray, shift: np.ndarray | None = None) -> list[Part]:
    """All parts after x -> matrix @ x + shift."""
    return [replace(p, mesh=carried(p.mesh, matrix, shift)) for p in parts]


# --- nails


def nail_kind(draw: Draw) -> str:
    return draw.weighted({"round": 2, "almond": 3, "square": 1.5, "squoval": 2.5, "coffin": 1.2, "stiletto": 0.5})


def nail_plate(anchor: Anchor, beyond: float, kind: str, lift: float = 0.02) -> Mesh:
    """A lacquered nail on its bed, `beyond` cm longer than the bed; uv runs across and along it."""
    rows, columns = 40, 21
    long, wide = 0.93 * anchor.length + beyond, anchor.width
    s = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rows))
    p = s * long
    cuticle = _rounded(p / (0.42 * wide), 2.0)
    corner = {"round": 0.5, "almond": 0.5, "square": 0.1, "squoval": 0.28, "coffin": 0.1, "stiletto": 0.3}[kind]
    narrow = {"round": 0.95, "almond": 0.62, "square": 0.97, "squoval": 0.95, "coffin": 0.55, "stiletto": 0.25}[kind]
    free = np.clip((p - 0.55 * anchor.length) / (long - 0.55 * anchor.length), 0, 1)
    bow = {"almond": 1.7, "stiletto": 1.2, "coffin": 1.2}.get(kind, 2.0)
    sides = 1 - (1 - narrow) * free**bow
    tip = _rounded((long - p) / max(corner * wide * (1.7 if kind in ("almond", "round") else 1.0), 1e-3), 2.0)
    half = 0.5 * wide * cuticle * sides * (tip if kind != "square" else np.maximum(tip, 0.9 * (s < 1)))
    radius = 0.62 * wide
    t = np.linspace(-1, 1, columns)
    angle = np.clip(half[:, None] * t[None] / radius, -1.15, 1.15)
    across = radius * np.sin(angle)
    # Side walls dip less than a full arc would, the plate bows along its length, and its cuticle edge meets the skin.
    dome = radius * (np.cos(angle) - 1) * 0.85
    arch = 0.05 * long * (1 - (2 * s - 0.9) ** 2) - 0.05 * (1 - np.clip(p / 0.18, 0, 1)) ** 2
    points = np.stack([across, dome + arch[:, None] + lift + 0.03, np.broadcast_to(p[:, None], across.shape)], 2)
    frame = np.stack([np.cross(anchor.out, anchor.along), anchor.out, anchor.along], 1)
    return carried(sheet(points), frame, anchor.root)


def _rounded(x: np.ndarray, exponent: float) -> np.ndarray:
    """A quarter of a superellipse: 0 at x = 0, 1 from x = 1 on."""
    return np.asarray(np.clip(1 - (1 - np.clip(x, 0, 1)) ** exponent, 0, 1) ** (1 / exponent))


def bare_nail(draw: Draw, colour: np.ndarray) -> Material:
    """An unpainted nail: rosy and a little glossy."""
    return replace(prop(np.clip(flushed(colour * 1.05, np.array(0.6)), 0, 1), 0.28, "skin"), specular=0.45)


def hand_parts(
    draw: Draw,
    pose: str | Pose,
    colour: np.ndarray,
    lacquers: list[Material] | None = None,
    *,
    kind: str = "round",
    beyond: float = 0.15,
    jitter: float = 4.0,
    slim: float | None = None,
    seen: Callable[[Anchor], bool] = lambda anchor: True,
) -> tuple[list[Part], hands.Hand]:
    """A left hand of skin tone `colour`, in cm in its own frame, with nails of `lacquers` (thumb to little finger).

    Only nails that are `seen` get a plate: pictures are framed on what is painted.
    """
    posed = hands.hand(draw, pose, jitter=jitter, slim=slim)
    parts = [Part(posed.mesh, hand_skin(draw, colour))]
    paints = lacquers or [bare_nail(draw, colour)]
    plates: dict[int, list[Mesh]] = {}
    for k, anchor in enumerate(posed.nails):
        shorter = 0.85 if k in (0, 4) else 1.0
        if not seen(anchor):
            continue
        plates.setdefault(k % len(paints), []).append(nail_plate(anchor, beyond * shorter, kind))
    parts += [Part(joined(meshes), paints[k]) for k, meshes in plates.items()]
    return parts, posed


# --- lips and arms


def lips_parts(draw: Draw, product: Material) -> list[Part]:
    """Made-up lips on a face that lies on its back, seen from above (y is the outward direction)."""
    from data.products import face  # which builds on this module

    def zone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.clip(face.lips(x, y) / 0.06 + 0.5, 0, 1)

    weights = face.expression(draw, 0.0, draw.choice(0.0, 0.0, draw.uniform(0.2, 1.0)))
    made_up = [face.Makeup(zone, product)]
    parts, _ = face.face(draw, tone(draw), face.hair_material(draw), weights, made_up, (0.0, -6.2), (2.9, 1.8))
    lay = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]]) * CENTIMETRE
    return all_carried(parts, lay)


def swatch_shape(draw: Draw, kind: str, long: float, wide: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A smear's grids along it and across it in cm, (R, C), and its thickness there: "stripe", "finger" or "dab"."""
    rows, columns = 36, 17
    s, t = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    corner = {"stripe": draw.uniform(6, 12), "finger": draw.uniform(2.5, 4), "dab": 2.0}[kind]
    outline = np.clip(1 - np.abs(s) ** corner, 0, 1) ** (1 / corner)
    fade = draw.uniform(0.0, 0.35) if kind != "dab" else 0.0
    outline *= 1 - fade * np.clip(s, 0, 1) ** 2
    k = np.linspace(0, 2 * np.pi, rows)[:, None]
    wander = 0.04 * np.sin(k * draw.uniform(0.4, 1.2) + draw.uniform(0, 6)) + 0.015 * np.sin(3 * k + draw.uniform(0, 6))
    ragged = 0.06 * (kind != "dab") * gaussian_filter(draw.rng.standard_normal((1, columns)), (0, 0.8))
    along = 0.5 * long * s * (1 + ragged * (np.abs(s) > 0.8))
    across = 0.5 * wide * (t * outline + wander)
    ridges = 1 + 0.12 * gaussian_filter(draw.rng.standard_normal((1, columns)), (0, 1.2))
    thick = np.clip(1 - t**6, 0, 1) * np.clip(1 - s**8, 0, 1) * ridges
    return along, across, thick


def laid_on(surface: Mesh, x: np.ndarray, y: np.ndarray, thick: np.ndarray) -> Mesh:
    """A sheet (R, C) over points x, y on the +z side of `surface`, `thick` cm above it."""
    low, high = np.array([x.min(), y.min()]) - 2.5, np.array([x.max(), y.max()]) + 2.5
    here = ((surface.vertices[:, :2] > low) & (surface.vertices[:, :2] < high)).all(1) & (surface.normals[:, 2] > 0.05)
    points = surface.vertices[here]
    z = LinearNDInterpolator(points[:, :2], points[:, 2])(x, y)
    on = np.isfinite(z)
    grid = sheet(np.stack([x, np.nan_to_num(z) + thick, -y], 2))
    grid = carried(grid, np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]]))
    return cut(grid, on.reshape(-1)[grid.faces].all(1))


def worn_arm(
    draw: Draw, colour: np.ndarray, swatches: list[Material], kind: str, pose: str = "flat"
) -> tuple[Part, list[Mesh]]:
    """A forearm in cm whose inner side faces +z, the hand to +y, and a swatch mesh for each material.

    Swatches lie one after the other along the arm, across it ("stripe") or along it ("finger"), or in two rows of dabs.
    """
    posed = hands.hand(draw, pose, jitter=5)
    arm = posed.mesh
    if draw.chance(0.85):  # mostly the inner side
        arm = arm.turned("y", 180 + draw.uniform(-12, 12))
    count = len(swatches)
    first, last = -3.0 - draw.uniform(0, 2), -17.0 + draw.uniform(0, 2)
    rows = 2 if kind == "dab" and count > 4 else 1
    steps = -(-count // rows)
    gap = min(abs(last - first) / max(steps, 1), draw.uniform(1.5, 2.6))
    middle = (first + last) / 2 if steps > 4 else draw.uniform(-11, -6)
    long = {"stripe": draw.uniform(2.6, 3.8), "finger": gap * 0.82, "dab": gap * 0.8}[kind]
    wide = {"stripe": gap * draw.uniform(0.55, 0.82), "finger": draw.uniform(1.2, 1.8), "dab": gap * 0.75}[kind]
    height = draw.uniform(0.015, 0.05)
    meshes = []
    for k in range(count):
        row, step = k % rows, k // rows
        along, across, thick = swatch_shape(draw, kind, long * draw.uniform(0.9, 1.1), wide)
        a = np.radians(draw.normal(3) + (0 if kind == "stripe" else 90))
        x = np.cos(a) * along - np.sin(a) * across + (row - (rows - 1) / 2) * 2.4 + draw.normal(0.08)
        y = np.sin(a) * along + np.cos(a) * across + middle + ((steps - 1) / 2 - step) * gap
        near = (np.abs(arm.vertices[:, 1] - y.mean()) < 2.5) & (arm.normals[:, 2] > 0.5)
        room = 0.9 * float(np.ptp(arm.vertices[near, 0])) / max(float(np.ptp(x)), 1e-6)  # never over the arm's edge
        x = arm.vertices[near, 0].mean() + x * min(room, 1.0)
        meshes.append(laid_on(arm, x, y, 0.012 + height * thick))
    return Part(arm, hand_skin(draw, colour)), meshes
