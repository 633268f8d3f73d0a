"""Strokes of creams, liquids and pencils, as spatulas, fingers and tips leave them on a white ground.

Lengths are in scene units; every form lies on y = 0 about the origin, and the strokes run along x.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import zoom
from skimage.transform import resize

from data.draw import Draw
from data.film import PATH_POINTS, curve, lip, ribbon, wander
from data.material import Material
from data.mesh import Mesh, cut, joined

LEAST_OPACITY = 0.28  # of a film's thin end: thinner, and nobody would call it the product's colour


def _sides(columns: int) -> np.ndarray:
    """(1, columns) from -1 to 1, closer at the sides, where the edge is round."""
    return np.sin(0.5 * np.pi * np.linspace(-1, 1, columns))[None]


def _fringe(draw: Draw, columns: int, depth: float) -> np.ndarray:
    """(1, columns) of how much of the path each streak covers: an end cut straight, slanted or torn into points."""
    t = np.linspace(-1, 1, columns)
    coarse = np.tanh(wander(draw.rng, columns, draw.integer(4, 9)))
    fine = np.tanh(wander(draw.rng, columns, draw.integer(18, 40))) * np.abs(np.tanh(wander(draw.rng, columns, 7)))
    slant = draw.normal(0.5) * t + draw.uniform(-0.3, 0.8) * t**2
    x = 0.5 + 0.17 * coarse + 0.3 * slant + draw.uniform(0.05, 0.45) * fine
    return np.asarray(1 - depth * (x - x.min()).clip(0, 1.5))[None]


def _grooves(draw: Draw, shape: tuple[int, int], knots: int) -> np.ndarray:
    """(rows, columns) of fine drag lines along a stroke, which slowly come and go."""
    rows, columns = shape
    line = wander(draw.rng, columns, knots)[None]
    gain = 0.7 + 0.3 * wander(draw.rng, rows, 5)[:, None]
    return np.asarray((line * gain).clip(-2, 2))


def dragged(draw: Draw, length: float, width: float, depth: float | None = None, *, detail: float = 1.0) -> Mesh:
    """A stroke of bullet or spatula: straight sides, one crisp start, raised edges, drag lines and a torn, thin end."""
    rows, columns = int(128 * detail), int(56 * detail)
    t = _sides(columns)
    thick = width * draw.uniform(0.05, 0.13)
    begin = (draw.uniform(0.0, 0.25) * np.abs(t) ** draw.uniform(2, 5) + 0.03 * wander(draw.rng, columns, 4)[None]) * (
        width / length
    )
    begin -= begin.min()
    reach = _fringe(draw, columns, draw.uniform(0.03, 0.32) if depth is None else depth)
    r = np.linspace(0, 1, rows)[:, None] ** 1.2
    s = begin + r * (reach - begin)
    swell = 1 + draw.uniform(-0.18, 0.18) * (s - 0.5) + 0.03 * wander(draw.rng, rows, 6)[:, None]
    ragged = 1 + draw.choice(0.0, 0.01, 0.03) * np.where(
        t < 0, *(wander(draw.rng, rows, 24)[:, None] for _ in range(2))
    )
    half = 0.5 * width * swell * ragged
    border = np.minimum((1 - np.abs(t)) * half, (s - begin) * length)
    flow = 1 - draw.uniform(0.3, 0.7) * s / reach
    flow = flow + draw.uniform(0, 0.9) * np.exp(-(((s - 0.06) / 0.07) ** 2))  # the heap where the tool was put down
    sides = np.exp(-((border / (0.09 * width)) ** 2))
    left, right = draw.uniform(0, 1.2), draw.uniform(0, 2.4)
    rise = flow + sides * np.where(t < 0, left, right) * (0.8 + 0.5 * wander(draw.rng, rows, 12)[:, None]).clip(0, 2)
    if draw.chance(0.25):  # folds where the cream gathered
        for k in range(draw.integer(2, 4)):
            at = 0.05 + 0.06 * k + draw.uniform(0.0, 0.12) * t * draw.sign() - draw.uniform(0, 0.06) * t**2
            rise = rise + draw.uniform(0.6, 1.6) * np.exp(-(((s - at) / 0.022) ** 2))
    rise = rise + draw.choice(0.05, 0.14, 0.22) * _grooves(draw, (rows, columns), draw.integer(10, 30))
    if draw.chance(0.35):  # a step where the tool paused
        at = draw.uniform(0.25, 0.7) + 0.1 * t * draw.uniform(-1, 1) + 0.05 * t**2
        rise = rise + draw.uniform(0.3, 0.8) / (1 + np.exp((s - at) / 0.008))
    end = np.clip((1 - r) / draw.uniform(0.1, 0.4), 0, 1) ** 0.6
    rise = thick * np.clip(rise, 0.15, None) * lip(border, 1.3 * thick) * end
    bend = draw.normal(0.18) if draw.chance(0.7) else draw.normal(0.6)
    return ribbon(curve(length, bend), s, t * half, rise)


def comma(draw: Draw, length: float, width: float, *, detail: float = 1.0) -> Mesh:
    """A wet smear of gloss or liquid: a full round head that runs out into a thin, often curved and split tail."""
    rows, columns = int(136 * detail), int(56 * detail)
    t = _sides(columns)
    depth = draw.uniform(0.0, 0.08) if draw.chance(0.6) else draw.uniform(0.1, 0.4)
    reach = _fringe(draw, columns, depth)
    r = np.linspace(0, 1, rows)[:, None] ** 1.3
    s = r * reach
    head = lip(s, draw.uniform(0.55, 1.0) * width / length)
    waist = 1 - draw.uniform(0, 0.25) * np.exp(-(((s - draw.uniform(0.45, 0.7)) / 0.18) ** 2))
    half = 0.5 * width * head * np.clip(1 - s, 0.01, 1) ** draw.uniform(0.3, 1.0) * waist
    uneven = [0.05 * wander(draw.rng, rows, 5)[:, None] for _ in range(2)]
    half = half * (1 + 0.5 * (uneven[0] + uneven[1] + (uneven[0] - uneven[1]) * np.tanh(3 * t)))
    border = (1 - np.abs(t)) * half
    thick = width * draw.uniform(0.07, 0.2)
    domed = lip(border, np.maximum(half * draw.uniform(0.35, 1), 1e-4))
    hollow = draw.uniform(0, 0.65) * np.exp(-(((t - draw.normal(0.2)) / 0.45) ** 2)) * lip(s, 0.35)
    rim = draw.uniform(0, 0.5) * np.exp(-(((t - draw.sign() * 0.75) / 0.16) ** 2)) * head
    fold = draw.uniform(-0.3, 0.3) * np.tanh((t - draw.normal(0.3) - draw.uniform(-0.8, 0.8) * (s - 0.4)) / 0.07)
    rise = 1 - hollow + rim + fold * np.clip(s / 0.2, 0, 1) * draw.choice(0.0, 1.0)
    rise = rise + draw.choice(0.0, 0.03, 0.08) * _grooves(draw, (rows, columns), draw.integer(6, 18)) * lip(s, 0.3)
    rise = (
        thick
        * domed
        * np.clip(rise, 0.1, None)
        * (1 - draw.uniform(0.3, 0.8) * s)
        * np.clip((1 - r) / 0.3, 0, 1) ** 0.5
    )
    curl = draw.sign() * (draw.uniform(0, 0.5) if draw.chance(0.4) else draw.uniform(0.5, 1.9))
    curl = float(np.clip(curl, -1.6 * length / width, 1.6 * length / width))
    sway = draw.uniform(-0.9, 0.9) * min(1.0, 0.2 * length / width) if draw.chance(0.25) else 0.0
    return ribbon(curve(length, curl, sway), s, t * half, rise)


def layered(draw: Draw, length: float, width: float, *, detail: float = 1.0) -> Mesh:
    """Two or three strokes over each other: a smear that the tool went through more than once."""
    count = draw.choice(2, 2, 3)
    shape, zigzag = draw.choice(dragged, comma), draw.chance(0.5)
    strokes = []
    for k in range(count):
        one = shape(draw, length * draw.uniform(0.75, 1.0), width * draw.uniform(0.8, 1.1), detail=0.8 * detail)
        turn = draw.normal(9) + (180.0 if zigzag and k % 2 else 0.0)
        shift = (k - (count - 1) / 2) * width * draw.uniform(0.35, 0.65)
        strokes.append(one.turned("y", turn).moved(draw.normal(0.08) * length, 0.045 * width * k, shift))
    return joined(strokes)


def swipe(draw: Draw, radius: float, *, detail: float = 1.0) -> Mesh:
    """A round drop drawn out to one side by a finger, where it thins into streaks."""
    rows, columns = int(120 * detail), int(64 * detail)
    t = _sides(columns)
    length = radius * draw.uniform(2.3, 3.4)
    head = 2 * radius / length
    reach = _fringe(draw, columns, draw.uniform(0.15, 0.45)) * (1 - 0.15 * t**2)
    s = np.linspace(0, 1, rows)[:, None] * reach
    # A half circle, then sides that close slowly: x is how far beyond the widest place.
    x = np.clip((s - head / 2) / (1 - head / 2), 0, 1)
    half = radius * lip(s, head / 2) * (1 - draw.uniform(0.1, 0.55) * x**1.3)
    border = (1 - np.abs(t)) * half
    thick = radius * draw.uniform(0.06, 0.16)
    streaks = 0.25 * _grooves(draw, (rows, columns), 24) * x
    rise = thick * lip(border, radius * draw.uniform(0.2, 0.7)) * np.clip(1 - 0.9 * x + streaks, 0.04, None)
    return ribbon(curve(length, draw.normal(0.2)), s, t * half, rise)


def wave(draw: Draw, length: float, width: float) -> Mesh:
    """An S or a wave of cream drawn in one go."""
    rows, columns = 190, 40
    t = _sides(columns)
    reach = _fringe(draw, columns, draw.uniform(0.0, 0.08))
    r = np.linspace(0, 1, rows)[:, None]
    s = r * reach
    path = curve(length * 1.35, draw.normal(0.3), draw.sign() * draw.uniform(0.8, 1.35), draw.choice(1.0, 1.0, 1.5))
    half = 0.5 * width * lip(s, 0.45 * width / length) * (1 - draw.uniform(0.2, 0.7) * s) + 1e-4
    border = (1 - np.abs(t)) * half
    rise = lip(border, half * draw.uniform(0.4, 1)) * (1 + 0.12 * _grooves(draw, (rows, columns), draw.integer(5, 16)))
    return ribbon(path, s, t * half, width * draw.uniform(0.08, 0.22) * rise * np.clip((1 - r) / 0.1, 0, 1) ** 0.5)


def bristled(draw: Draw, length: float, width: float, *, detail: float = 1.0) -> Mesh:
    """A stroke of a lash brush: many fine parallel lines that part towards the ends."""
    rows, columns = 8 * int(12 * detail), 3 * int(50 * detail)
    t = np.linspace(-1, 1, columns)[None]
    lines = wander(draw.rng, columns, 64)[None] + 0.5 * wander(draw.rng, columns, 16)[None]
    begin = draw.uniform(0.05, 0.3) * np.abs(wander(draw.rng, columns, 34))[None].clip(0, 1.2)
    reach = _fringe(draw, columns, draw.uniform(0.3, 0.6))
    r = np.linspace(0, 1, rows)[:, None]
    s = begin + r * (reach - begin)
    half = 0.5 * width * (draw.uniform(0.6, 0.9) + draw.uniform(0.0, 0.5) * s)
    thick = width * draw.uniform(0.03, 0.06)
    body = lines + draw.uniform(0.2, 0.9) - draw.uniform(0.8, 1.8) * (2 * np.abs(s - 0.45)) ** 2 - 0.5 * np.abs(t) ** 4
    body = body + 0.25 * zoom(draw.rng.normal(size=(8, columns // 3)), (rows / 8, 3), order=1)[:rows, :columns]
    rise = thick * np.clip(0.5 + 0.5 * body, 0.1, 1.6) * np.clip(np.minimum(r, 1 - r) / 0.1, 0.05, 1) ** 0.5
    mesh = ribbon(curve(length, draw.sign() * draw.uniform(0.1, 1.2)), s, t * half, rise)
    keep = body.ravel()[mesh.faces].mean(1) > -0.35
    return cut(mesh, keep) if keep.sum() > 200 else mesh


def scribble(draw: Draw, length: float, width: float, kind: str | None = None, *, grain: float = 0.0) -> Mesh:
    """A drawn line of a pencil or a pen: straight, a wave, loops, or a zigzag; `grain` breaks it up as paper does."""
    kind = kind or draw.weighted({"line": 1.2, "wave": 1.6, "loops": 1, "zigzag": 2.2, "hatch": 1})
    u = np.linspace(0, 1, 1600)
    n = draw.integer(2, 5)
    if kind == "line":
        path = curve(length, draw.normal(0.5), draw.normal(0.2))
    else:
        high = length * {"wave": draw.uniform(0.08, 0.25), "zigzag": draw.uniform(0.18, 0.4)}.get(kind, 0.14)
        grow = np.interp(u, np.linspace(0, 1, 4), draw.rng.uniform(0.55, 1.2, 4))
        if kind == "loops":
            turn = 2 * np.pi * n * u
            x, z = length * (u - 0.5) + 1.2 * high * grow * np.sin(turn), high * 1.6 * grow * np.cos(turn)
        elif kind == "wave":
            x, z = length * (u - 0.5), high * grow * np.sin(2 * np.pi * u * draw.uniform(1, 2.5))
        else:
            lean = draw.uniform(-0.5, 0.5)
            if kind == "hatch":  # tight to and fro, as shops fill a patch
                n, high = draw.integer(6, 11), length * draw.uniform(0.25, 0.4)
            z = high * grow * np.arcsin(0.985 * np.sin(2 * np.pi * n * u)) * 2 / np.pi
            x = length * (0.8 if kind == "zigzag" else 0.65) * (u - 0.5) + lean * z
        path = _even(np.stack([x, z], 1))
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    total = float(steps.sum())
    rows, columns = int(np.clip(total / width * 5, 90, 900)), 11
    t = _sides(columns)
    s = np.linspace(0, 1, rows)[:, None] + np.zeros_like(t)
    press = np.interp(s[:, 0], np.linspace(0, 1, 7), draw.rng.uniform(0.65, 1.1, 7))[:, None]
    ends = np.sqrt(
        np.clip(np.minimum(s / (0.4 * width / total), (1 - s) / (draw.uniform(0.5, 6) * width / total)), 0.02, 1)
    )
    half = 0.5 * width * press * ends * (1 + (0.05 + 0.5 * grain) * draw.rng.normal(0, 0.5, (rows, 1)).clip(-1, 1))
    rise = (
        width
        * draw.uniform(0.06, 0.16)
        * np.sqrt(1 - t**2 + 1e-4)
        * (1 + 0.3 * grain * draw.rng.normal(size=(rows, columns)))
    )
    mesh = ribbon(path, s, t * half, np.clip(rise, 0, None) + 1e-4 * width)
    if grain <= 0:
        return mesh
    holes = zoom(draw.rng.random((max(rows // 3, 4), columns)), (3.2, 1), order=1)[:rows] - grain * (
        0.25 + 0.4 * np.abs(t)
    )
    return cut(mesh, holes.ravel()[mesh.faces].mean(1) > 0.02)


def _even(path: np.ndarray) -> np.ndarray:
    """A path (M, 2) in even steps."""
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    even = np.linspace(0, s[-1], 4 * PATH_POINTS)
    return np.stack([np.interp(even, s, path[:, k]) for k in range(2)], 1)


def smudge(draw: Draw, length: float, width: float) -> Mesh:
    """A thin film rubbed out by a finger: an oval with a soft, streaky outline."""
    rows, columns = 96, 48
    t = _sides(columns)
    ends = [_fringe(draw, columns, draw.uniform(0.05, 0.3)) for _ in range(2)]
    s = (1 - ends[0]) + np.linspace(0, 1, rows)[:, None] * (ends[1] + ends[0] - 1)
    oval = (1 - np.abs(2 * s - 1) ** draw.uniform(2.2, 4)).clip(0.02, 1) ** 0.5
    half = 0.5 * width * oval * (1 + 0.04 * wander(draw.rng, rows, 9)[:, None])
    rise = 1 + draw.uniform(0.1, 0.4) * _grooves(draw, (rows, columns), 26)
    rise = 0.012 * width * rise.clip(0.2, None) * lip((1 - np.abs(t)) * half, 0.03 * width)
    return ribbon(curve(length, draw.normal(0.35)), s, t * half, rise)


def thinned(
    draw: Draw, material: Material, begin: float = 0.45, where: str = "end", least: float = LEAST_OPACITY
) -> Material:
    """A stroke's material that lets the white ground through in streaks: towards its "end", in the "middle", or "all".

    Mixing towards white stands in for a translucent film; `begin` is where along the stroke an end sets in.
    """
    side = max(material.texture.shape[0], 160)
    base = resize(material.texture, (side, side), order=0, preserve_range=True, anti_aliasing=False)
    v = np.linspace(0, 1, side)[:, None]
    streaks = 0.12 * wander(draw.rng, side, side // 5)[None] + 0.1 * wander(draw.rng, side, 12)[None]
    if where == "end":
        x = (v - begin + streaks) / (1 - begin)
    elif where == "middle":
        u = v.T - 0.5 - draw.normal(0.04)
        hollow = np.exp(-((u / draw.uniform(0.05, 0.12)) ** 2)) * np.sin(np.pi * v) ** 0.7
        x = (draw.uniform(0.6, 1.0) + 2 * streaks) * hollow
    else:
        x = 0.1 + 1.3 * streaks + 0.6 * np.abs(2 * v - 1) ** 3 + 2 * (v.T - 0.5) ** 2
    x = np.clip(x, 0, 1)
    opacity = (1 - (1 - least) * x * x * (3 - 2 * x))[::-1, ::-1, None]  # stored from the end, as renderers read it
    return replace(material, texture=(base * opacity + 250 * (1 - opacity) + 0.5).astype(np.uint8))
