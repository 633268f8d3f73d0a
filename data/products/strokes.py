"""What eye products leave: smooth drawn lines, and streaks with the tracks of a brush's bristles."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.mesh import Mesh, joined, sheet


def ribbon(path: np.ndarray, half: np.ndarray, height: float, lift: float = 0.004) -> Mesh:
    """A flat band along `path` (n, 2) in x and z, of half widths (n,), domed to `height`, `lift` above the table."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    side = np.stack([-along[:, 1], along[:, 0]], 1)
    t = np.linspace(-1, 1, 5)
    flat = path[:, None] + side[:, None] * (t[None, :, None] * half[:, None, None])
    rise = height * (1 - t**4)[None] * np.minimum(1, half / (half.max() + 1e-9))[:, None]
    return sheet(np.stack([flat[..., 0], lift + rise, flat[..., 1]], 2))


def line_path(draw: Draw, kind: str, length: float, points: int = 90) -> np.ndarray:
    """A drawn line's middle (n, 2), about the origin: "straight", "bow", "wing", "wave" or "coil"."""
    s = np.linspace(0, 1, points)
    x, z = (s - 0.5) * length, np.zeros(points)
    up = draw.sign()
    if kind == "bow":
        z = up * draw.uniform(0.08, 0.3) * length * (1 - (2 * s - 1) ** 2)
    elif kind == "wing":  # along the lashes, then a flick upward
        z = -0.16 * length * np.sin(np.pi * 0.9 * s) - 0.25 * length * np.clip(s - 0.72, 0, 1) ** 1.5 * 4
    elif kind == "wave":
        fade = 1 - draw.uniform(0.0, 0.8) * s
        z = draw.uniform(0.06, 0.16) * length * np.sin(2 * np.pi * draw.integer(2, 6) * s) * fade
    elif kind == "coil":
        turns, r = draw.integer(2, 5), draw.uniform(0.07, 0.13) * length
        a = 2 * np.pi * turns * s
        x, z = x + r * np.sin(a), up * r * np.cos(a)
    path = np.stack([x, z], 1)
    return np.asarray(path - path.mean(0))


def drawn_line(draw: Draw, length: float, width: float, kind: str | None = None) -> Mesh:
    """One stroke of a pen or pencil: smooth edges, a soft start and a thin end."""
    kind = kind or draw.weighted({"straight": 3, "bow": 2, "wing": 2, "wave": 2, "coil": 0.8})
    path = line_path(draw, kind, length)
    s = np.linspace(0, 1, len(path))
    start, end = draw.uniform(0.02, 0.1), draw.uniform(0.08, 0.5)
    press = np.sqrt(np.clip(s / start, 0.02, 1)) * np.clip((1 - s) / end, 0.03, 1) ** draw.uniform(0.5, 0.9)
    breath = 1 + 0.12 * np.sin(s * draw.uniform(4, 12) + draw.uniform(0, 6))
    return ribbon(path, 0.5 * width * press * breath, 0.008)


def streak(draw: Draw, length: float, width: float) -> Mesh:
    """A wide dark stroke as a mascara brush leaves it: parallel tracks with dry gaps and ragged ends.

    One pass, a bent one, or two or three back and forth; about the origin, along x.
    """
    passes = draw.weighted({1: 5, 2: 1.2, 3: 0.8})
    bend = draw.sign() * draw.uniform(0.0, 1.6) if passes == 1 else draw.normal(0.25)
    sway = draw.normal(0.08)
    strands = draw.integer(26, 46) if passes == 1 else 20
    wide = width if passes == 1 else width * 0.6
    meshes = []
    for number in range(passes):
        heading = (number % 2) * np.pi + draw.normal(0.1)
        for k in range(strands):
            t = np.clip(2 * (k + draw.uniform(-0.4, 0.4)) / (strands - 1) - 1, -1, 1)
            s0 = 0.05 * t * t + abs(draw.normal(0.035))
            s1 = 1 - abs(draw.normal(0.14)) - 0.06 * t * t
            s = np.linspace(s0, max(s1, s0 + 0.2), 30)
            fan = 1 + 0.25 * (s - 0.3)  # the tracks spread towards the end
            angle = heading + bend * (s - 0.5) + sway * np.sin(6 * s)
            # The middle line by its closed form, so that all tracks stay parallel.
            fine = np.linspace(0, 1, 120)
            course = heading + bend * (fine - 0.5) + sway * np.sin(6 * fine)
            x, z = (np.cumsum(f(course)) * length / 120 for f in (np.cos, np.sin))
            mid = np.stack([np.interp(s, fine, x - x.mean()), np.interp(s, fine, z - z.mean())], 1)
            side = np.stack([-np.sin(angle), np.cos(angle)], 1)
            path = mid + side * (0.5 * wide * t * fan)[:, None]
            taper = np.clip((s - s[0]) / 0.04, 0.15, 1) * np.clip((s[-1] - s) / draw.uniform(0.06, 0.3), 0.05, 1)
            half = wide / strands * draw.uniform(0.45, 1.25) * taper
            track = ribbon(path, half, draw.uniform(0.008, 0.035), 0.004 + 0.002 * (k % 3) + 0.006 * number)
            meshes.append(track.moved(z=(number - (passes - 1) / 2) * wide * 0.75))
    return joined(meshes)


def lash_strokes(draw: Draw, length: float) -> Mesh:
    """A fan of thin, bowed, tapering strokes like drawn lashes or brow hairs, about the origin."""
    count = draw.integer(9, 22)
    lean = draw.uniform(0.1, 0.9)
    hairs = []
    for k in range(count):
        at = 2 * k / (count - 1) - 1
        s = np.linspace(0, 1, 14)
        long = 0.4 * length * draw.uniform(0.7, 1.1)
        angle = lean * at + draw.normal(0.06) + 0.5 * at * s
        path = np.stack([0.5 * length * at + long * s * np.sin(angle), -long * s * np.cos(angle)], 1)
        half = 0.012 * length * (1 - s) ** 0.7 + 0.001
        hairs.append(ribbon(path, half, 0.006, 0.004 + 0.001 * (k % 4)))
    return joined(hairs)
