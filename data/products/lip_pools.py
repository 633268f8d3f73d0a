"""Shapes in which lip colour is shown alone: a falling drop, a lens, a disc that a spatula crossed, a folded sheet.

All lie on y = 0 about the origin, about 2 `radius` long; lengths in scene units.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from data.draw import Draw
from data.film import lip, polar
from data.mesh import Mesh, sheet

POOLS = ("falling drop", "lens", "wiped disc", "folded sheet")


def falling_drop(draw: Draw, radius: float) -> Mesh:
    """A drop that hangs from a thread: a round belly, domed, drawn out into a thin tail along -x."""
    rows, columns = 120, 41
    s = np.linspace(0, 1, rows)  # from the thread's end to the belly's foot
    belly = draw.uniform(0.24, 0.36)
    middle = 1 - belly
    thread, power = draw.uniform(0.01, 0.04), draw.uniform(2.0, 4.5)
    neck = thread + (belly - thread) * np.clip(s / middle, 0, 1) ** power
    round_end = belly * np.sqrt(np.clip(1 - ((s - middle) / belly) ** 2, 0, 1))
    half = gaussian_filter1d(np.where(s < middle, neck, round_end), 1.0, mode="nearest")
    half[-1] = 0.0
    half = 2 * radius * half
    t = np.sin(0.5 * np.pi * np.linspace(-1, 1, columns))
    bow = draw.normal(0.06) * radius * (1 - s) ** 2
    rise = draw.uniform(0.35, 0.6) * half[:, None] * np.sqrt(np.clip(1 - t[None] ** 2, 0, 1))
    x = np.broadcast_to((2 * s[:, None] - 1) * radius, rise.shape)
    z = bow[:, None] + half[:, None] * t[None]
    return sheet(np.stack([x, rise + 0.002, z], 2)).planar(2 * radius, 2 * radius)


def lens(draw: Draw, radius: float) -> Mesh:
    """A smooth oval with a low rim, as a finger or a broad applicator leaves it in one press."""
    r = np.sin(0.5 * np.pi * np.linspace(0, 1, 56))
    a = np.linspace(0, 2 * np.pi, 129)
    power, narrow = draw.uniform(2.0, 2.8), draw.uniform(0.36, 0.75)
    outline = radius * (np.abs(np.cos(a)) ** power + np.abs(np.sin(a) / narrow) ** power) ** (-1 / power)
    outline *= 1 + draw.uniform(0.0, 0.02) * np.cos(3 * a + draw.uniform(0, 6.3))
    rim = draw.uniform(0.0, 0.5) * np.exp(-(((r - 0.9) / 0.06) ** 2))
    tilt = 1 + draw.uniform(-0.4, 0.4) * r[:, None] * np.cos(a)[None]
    return polar(r, outline, radius * draw.uniform(0.03, 0.1) * (lip(1 - r, 0.12) + rim)[:, None] * tilt)


def wiped_disc(draw: Draw, radius: float) -> Mesh:
    """A round pat of cream with the step where the spatula left it, or with the rings of a turn; often torn."""
    r = np.concatenate([np.linspace(0, 0.93, 76), np.linspace(0.945, 1, 8)])
    a = np.linspace(0, 2 * np.pi, 161)
    outline = np.ones_like(a)
    if draw.chance(0.55):  # bristles of cream where the last wipe ended
        where = np.exp(-(((a - np.pi) / draw.uniform(0.3, 0.5)) ** 2))
        outline = outline + where * (draw.uniform(0.0, 0.1) + 0.05 * draw.rng.standard_normal(len(a)))
        outline[-1] = outline[0]
    x, z = r[:, None] * np.cos(a)[None], r[:, None] * np.sin(a)[None]
    relief = np.zeros_like(x)
    if draw.chance(0.65):
        edge = x * np.cos(1.0) + z * np.sin(1.0) - draw.uniform(-0.1, 0.4) - draw.uniform(-0.6, 0.6) * (z - x) ** 2
        relief += draw.uniform(0.02, 0.05) * (np.tanh(edge / 0.03) + 0.8 * np.exp(-((edge / 0.05) ** 2)))
    else:
        turns = draw.uniform(4, 9)
        groove = np.sin(2 * np.pi * (turns * r[:, None] + a[None] / (2 * np.pi) + 0.15 * np.cos(2 * a[None] + 1)))
        relief += draw.uniform(0.004, 0.012) * groove * np.clip(r / 0.1, 0, 1)[:, None]
    flat = lip(1 - r, 0.06)[:, None] * (draw.uniform(0.03, 0.06) + relief - relief.min())
    return polar(r, radius * outline, radius * flat)


def folded_sheet(draw: Draw, radius: float) -> Mesh:
    """A thin layer that a spatula pushed together: wide at one end, gathered in folds to a point at the other."""
    rows, columns = 90, 90
    s, t = np.linspace(0, 1, rows)[:, None], np.linspace(-1, 1, columns)[None]
    half = (1 - s) ** draw.uniform(0.7, 1.2) * draw.uniform(0.65, 0.95) + 0.03
    arch = draw.uniform(0.0, 0.4) * (1 - t**2) * (1 - s)  # the wide end bulges, with its corners drawn out
    folds = np.zeros((rows, columns))
    for _ in range(draw.integer(3, 6)):
        at, wide = draw.uniform(-0.95, 0.95), draw.uniform(0.05, 0.14)
        run = at * (1 - 0.4 * s) + draw.uniform(-0.25, 0.25) * s
        folds += draw.uniform(0.4, 1.0) * np.exp(-(((t - run) / wide) ** 2)) * np.clip(s / 0.3 + 0.15, 0, 1)
    fringe = 0.02 * gaussian_filter1d(draw.rng.standard_normal(columns), 1.2)[None]
    edge = lip(np.minimum(1 - np.abs(t), 0.999), 0.08) * lip(s, 0.04) * lip(1 - s, 0.1)
    x = radius * (2 * s - 1 - arch + fringe * (1 - s))
    z = radius * (half * t + draw.normal(0.08) * s**2)
    rise = radius * edge * (draw.uniform(0.02, 0.05) + draw.uniform(0.05, 0.1) * folds)
    points = np.stack(np.broadcast_arrays(x, rise + 0.002, z), 2)
    return sheet(points).planar(2.4 * radius, 2.4 * radius)


def pool_of(draw: Draw, kind: str, radius: float) -> Mesh:
    """The shape of POOLS called `kind`."""
    makers = {"falling drop": falling_drop, "lens": lens, "wiped disc": wiped_disc, "folded sheet": folded_sheet}
    return makers[kind](draw, radius)
