"""Left hands and forearms of MakeHuman's body (`data.anatomy`), posed, shaped and smoothed.

Lengths are centimetres until a caller scales the meshes. The wrist lies at the origin, fingers to +y and the back of
the hand to +z, so its thumb is at +x.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.optimize import least_squares

from data.anatomy import cages
from data.draw import Draw
from data.mesh import Mesh
from data.smoothing import meshed, smoothed

Pose = Mapping[str, tuple[float, float, float]]  # bone -> degrees of flexion, spread to the thumb's side, twist
DIGITS = (1, 2, 3, 4, 5)  # from the thumb to the little finger


@dataclass(frozen=True)
class Anchor:
    """Where a nail sits: `root` on the skin at its cuticle, `along` to the tip, `out` of the skin; lengths in cm."""

    root: np.ndarray
    along: np.ndarray
    out: np.ndarray
    length: float
    width: float


@dataclass(frozen=True)
class Hand:
    """`mesh` in cm, u from palm (0) to back (1), v from elbow (0) to fingertips (1); pads are their soft sides."""

    mesh: Mesh
    nails: tuple[Anchor, ...]  # thumb to little finger
    pads: np.ndarray  # (5, 3)


@lru_cache(maxsize=1)
def _frames() -> np.ndarray:
    """Axes (B, 3, 3) of each bone at rest, as rows: flexion, along the bone, out of the back."""
    data = cages()
    names, along = data["hand_bones"], data["hand_tails"] - data["hand_heads"]
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    out = np.tile([0.0, 0.0, 1.0], (len(names), 1))
    thumb = [k for k, name in enumerate(names) if name.startswith("finger1")]
    bend = np.cross(along[thumb[1]], along[thumb[2]])
    out[thumb] = -np.cross(bend, along[thumb])  # the thumb bends across the palm, not towards it
    out -= (out * along).sum(1, keepdims=True) * along
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    return np.stack([np.cross(out, along), along, out], 1)


def _about(axis: np.ndarray, degrees: float) -> np.ndarray:
    a = np.radians(degrees)
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(a) * cross + (1 - np.cos(a)) * cross @ cross


def _skeleton(pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """Rotations (B, 3, 3) and shifts (B, 3) that carry points at rest along with each bone."""
    data, frames = cages(), _frames()
    count = len(frames)
    rotations, shifts = np.zeros((count, 3, 3)), np.zeros((count, 3))
    for k, name in enumerate(data["hand_bones"]):
        parent = int(data["hand_parents"][k])
        above = rotations[parent] if parent >= 0 else np.eye(3)
        base = shifts[parent] if parent >= 0 else np.zeros(3)
        head = data["hand_heads"][k]
        turn = np.eye(3)
        if name in pose:
            flexion, spread, twist = pose[name]
            bend, along, out = frames[k]
            turn = _about(out, -spread) @ _about(bend, flexion) @ _about(along, twist)
        rotations[k] = above @ turn
        shifts[k] = above @ head + base - rotations[k] @ head
    return rotations, shifts


@lru_cache(maxsize=1)
def _nail_beds() -> tuple[tuple[int, Anchor, np.ndarray], ...]:
    """For each digit its last bone, its nail's anchor and its pad (3,), all at rest."""
    data, frames = cages(), _frames()
    names = list(data["hand_bones"])
    beds = []
    for digit in DIGITS:
        bone = names.index(f"finger{digit}-3")
        bend, along, out = frames[bone]
        points = data["hand_vertices"][data["hand_weights"][:, bone] > 0.8] - data["hand_heads"][bone]
        u, t, n = points @ along, points @ bend, points @ out
        length = u.max()
        middle = (u > 0.45 * length) & (u < 0.8 * length)
        across = np.ptp(t[middle])
        t0 = t[middle].mean()
        # The bed's slope: the back of the tip falls off towards its end.
        strip = (np.abs(t - t0) < 0.25 * across) & (n > np.median(n))
        near, far = (n[strip & (np.abs(u - f * length) < 0.12 * length)].max() for f in (0.45, 0.85))
        slope = (far - near) / (0.4 * length)
        direction = along + slope * out
        direction /= np.linalg.norm(direction)
        normal = np.cross(direction, bend)
        root = data["hand_heads"][bone] + 0.4 * length * along + t0 * bend + (near - 0.05 * slope * length) * out
        pad = data["hand_heads"][bone] + 0.6 * length * along + t0 * bend + n[middle].min() * out
        beds.append((bone, Anchor(root, direction, normal, 0.6 * length, 0.86 * across), pad))
    return tuple(beds)


def _fingers(
    curl: Mapping[int, tuple[float, float, float]], together: float, thumb: tuple[tuple[float, float, float], ...]
) -> dict[str, tuple[float, float, float]]:
    """A pose of flexions for digits 2 to 5; `together` in [0, 1] closes the gaps between them."""
    closing = {2: -9.0, 3: 0.0, 4: 8.0, 5: 16.0}
    pose = {
        f"finger{d}-{k}": (bend, closing[d] * together if k == 1 else 0.0, 0.0)
        for d, bends in curl.items()
        for k, bend in enumerate(bends, 1)
    }
    return pose | {f"finger1-{k}": bends for k, bends in enumerate(thumb, 1)}


# Degrees (flexion, spread, twist) from rest, where fingers are a little bent and fanned out.
RESTING_THUMB = ((0.0, 0.0, 0.0), (5.0, 0.0, 0.0), (0.0, 0.0, 0.0))
POSES: dict[str, dict[str, tuple[float, float, float]]] = {
    "flat": _fingers(dict.fromkeys((2, 3, 4, 5), (-8, -12, -8)), 0.7, RESTING_THUMB),
    "relaxed": _fingers({2: (10, 8, 4), 3: (14, 12, 6), 4: (18, 14, 8), 5: (20, 14, 8)}, 0.8, RESTING_THUMB),
    "display": _fingers(  # a loose fist: the nails in a row, seen from the palm's side
        {2: (42, 76, 20), 3: (46, 78, 20), 4: (49, 77, 20), 5: (52, 74, 18)}, 1.0,
        ((4, -6, 0), (15, 0, 0), (12, 0, 0)),
    ),
    "cupped": _fingers(  # the same with room for a bottle on the palm
        {2: (14, 88, 34), 3: (17, 90, 34), 4: (20, 90, 34), 5: (24, 86, 32)}, 1.0,
        ((-2, 6, 0), (8, 0, 0), (8, 0, 0)),
    ),
    "bent": _fingers(  # seen from the back: knuckles high, the nails below them
        {2: (32, 48, 18), 3: (34, 50, 18), 4: (36, 48, 18), 5: (38, 44, 16)}, 1.0,
        ((5, -6, 0), (15, 0, 0), (10, 0, 0))
    ),
    "open": _fingers({2: (2, 5, 2), 3: (4, 8, 4), 4: (8, 10, 6), 5: (10, 10, 6)}, 0.5,
        ((-4, 8, 0), (4, 0, 0), (0, 0, 0))),
    "pointing": _fingers(
        {2: (0, -4, -4), 3: (70, 85, 40), 4: (74, 85, 40), 5: (76, 82, 38)}, 0.6, ((12, -16, 0), (30, 0, 0), (35, 0, 0))
    ),
    "fist": _fingers(
        {2: (70, 90, 45), 3: (74, 90, 45), 4: (78, 88, 45), 5: (80, 84, 45)}, 1.0,
        ((12, -18, 0), (30, 0, 0), (35, 0, 0))
    ),
}  # fmt: skip

STAGES = {"lowerarm01": (0.0, 0.15), "lowerarm02": (0.15, 0.3), "wrist": (0.3, 0.38), "metacarpal": (0.38, 0.6)}
PHALANGES = {"finger1": (0.38, 0.6, 0.8, 1.0), "finger": (0.6, 0.74, 0.87, 1.0)}


@lru_cache(maxsize=1)
def _hand_uv() -> np.ndarray:
    """(V, 2): u by how far the skin at rest faces back, v along the arm and each finger."""
    data, frames = cages(), _frames()
    points, weights = data["hand_vertices"], data["hand_weights"]
    stage = np.zeros_like(weights)
    for k, name in enumerate(data["hand_bones"]):
        if name.startswith("finger"):
            joint = int(name[-1])
            ends = PHALANGES["finger1" if name.startswith("finger1") else "finger"]
            low, high = ends[joint - 1], ends[joint]
        else:
            low, high = STAGES["metacarpal" if name.startswith("meta") else str(name)]
        long = np.linalg.norm(data["hand_tails"][k] - data["hand_heads"][k])
        share = np.clip((points - data["hand_heads"][k]) @ frames[k, 1] / long, 0, 1)
        stage[:, k] = low + (high - low) * share
    mesh = meshed(points, data["hand_faces"].astype(int), points[:, :2])
    out = weights @ frames[:, 2]
    facing = (mesh.normals * out).sum(1)
    return np.stack([0.5 + 0.48 * np.clip(facing, -1, 1), (weights * stage).sum(1) * 0.98 + 0.01], 1)


def holding(width: float, fingers: tuple[int, ...], slim: float) -> Pose:
    """The pose of a hand as `slim` as that, whose thumb and `fingers` press a thing `width` cm thick between them."""
    # Fine fingers have their pads nearer to their bones; flesh gives way a little.
    return pinch(round(5 * (width - 0.15 - 0.75 * slim)) / 5, fingers)


@lru_cache(maxsize=64)
def pinch(width: float, fingers: tuple[int, ...]) -> Pose:
    """The pose in which the pads of the thumb and of `fingers` of a plain hand are `width` cm apart, face to face."""
    beds = _nail_beds()
    start = np.array([45.0, 25.0, 12.0, 10.0, 10.0, 10.0, 25.0, 15.0])  # finger bends; thumb's root, then its bends

    def pose(x: np.ndarray) -> dict[str, tuple[float, float, float]]:
        free = {d: (x[0] + 4 * (d - 2), x[1], x[2]) for d in fingers}
        rest = {d: (x[0] + 18, 38.0 + x[1], 20.0) for d in (2, 3, 4, 5) if d not in fingers}
        thumb = ((x[3], -x[4], x[5]), (x[6], 0.0, 0.0), (x[7], 0.0, 0.0))
        return _fingers(free | rest, 1.0, thumb)

    def miss(x: np.ndarray) -> np.ndarray:
        rotations, shifts = _skeleton(pose(x))
        pads = {d: rotations[beds[d - 1][0]] @ beds[d - 1][2] + shifts[beds[d - 1][0]] for d in (1, *fingers)}
        outs = {d: rotations[beds[d - 1][0]] @ _frames()[beds[d - 1][0]][2] for d in (1, *fingers)}
        middle = np.mean([pads[d] for d in fingers], 0)
        facing = np.mean([outs[d] for d in fingers], 0)
        facing /= np.linalg.norm(facing)
        gap = middle + facing * -width - pads[1]
        return np.concatenate([1.2 * gap, 1.0 * (outs[1] + facing), 0.012 * (x - start)])

    return pose(least_squares(miss, start, max_nfev=60).x)


def hand(
    draw: Draw,
    pose: str | Pose,
    *,
    jitter: float = 4.0,
    levels: int = 1,
    slim: float | None = None,
) -> Hand:
    """A hand in one of `POSES` or any pose, joints off by `jitter` degrees, fingers longer and finer by `slim`."""
    data = cages()
    angles = dict(POSES[pose] if isinstance(pose, str) else pose)
    for name, (flexion, spread, twist) in angles.items():
        angles[name] = (flexion + draw.normal(jitter), spread + draw.normal(jitter / 4), twist)
    rotations, shifts = _skeleton(angles)
    amount = draw.uniform(0.1, 0.9) if slim is None else slim
    rest = data["hand_vertices"] + amount * np.tensordot([0.7, 0.8], data["hand_shapes"], 1)
    moved = np.einsum("vb,bij,vj->vi", data["hand_weights"], rotations, rest) + data["hand_weights"] @ shifts
    moved[:, 1] += 1.6 * np.minimum(rest[:, 1] + 13, 0)  # an elbow that stays out of the picture
    faces = data["hand_faces"].astype(int)
    vertices, quads, uv = smoothed(moved, faces, _hand_uv(), levels)
    mesh = meshed(vertices, quads, uv)
    nails, pads = [], []
    for bone, bed, pad in _nail_beds():
        turn = rotations[bone]
        # Longer, finer fingers carry nails and pads along: the nearest vertices' own shifts say how far.
        shift, pad_shift = (
            (rest - data["hand_vertices"])[np.argmin(((data["hand_vertices"] - at) ** 2).sum(1))]
            for at in (bed.root, pad)
        )
        nails.append(
            replace(bed, root=turn @ (bed.root + shift) + shifts[bone], along=turn @ bed.along, out=turn @ bed.out)
        )
        pads.append(turn @ (pad + pad_shift) + shifts[bone])
    return Hand(mesh, tuple(nails), np.stack(pads))
