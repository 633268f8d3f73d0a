"""Pools, dollops and cut shapes of creams and liquids, lying on y = 0 about the origin; lengths in scene units."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

from data.draw import Draw
from data.film import lip, polar
from data.mesh import Mesh


def drop(draw: Draw, radius: float) -> Mesh:
    """A smooth pool with a crisp round edge, or a teardrop that ran down to it."""
    r = np.sin(0.5 * np.pi * np.linspace(0, 1, 48))
    a = np.linspace(0, 2 * np.pi, 129)
    outline = np.ones_like(a)
    if draw.chance(0.4):
        outline += draw.uniform(0.02, 0.08) * sum(
            draw.normal(1) / k * np.cos(k * a + draw.uniform(0, 6.3)) for k in (2, 2, 3)
        )
    elif draw.chance(0.25):
        outline = outlines("teardrop", a)
    soft = draw.uniform(0.06, 0.3) if draw.chance(0.7) else draw.uniform(0.3, 1.0)
    profile = lip(1 - r, soft) + draw.choice(0.0, 0.15) * np.exp(-(((r - 0.93) / 0.05) ** 2))
    if draw.chance(0.25):  # faint rings of the pour
        profile = profile + 0.04 * np.sin(r * draw.uniform(10, 22)) * np.exp(-(((r - 0.35) / 0.25) ** 2))
    return polar(r, radius * outline, radius * draw.uniform(0.04, 0.16) * profile[:, None])


def outlines(shape: str, a: np.ndarray) -> np.ndarray:
    """Radii at angles `a` of a shape that shops cut textures to; the largest is about 1."""
    if shape in ("triangle", "square", "hexagon"):
        n = {"triangle": 3, "square": 4, "hexagon": 6}[shape]
        sector = 2 * np.pi / n
        result = np.cos(np.pi / n) / np.cos((a + np.pi / 2) % sector - sector / 2)
        return np.asarray(np.minimum(result, 0.97))
    if shape == "rounded square":
        return np.asarray((np.abs(np.cos(a)) ** 7 + np.abs(np.sin(a)) ** 7) ** (-1 / 7) * 0.9)
    if shape == "oval":
        return np.asarray(1 / np.hypot(np.cos(a) / 1.0, np.sin(a) / 0.62))
    if shape == "oblong":  # a tall tile
        return np.asarray((np.abs(np.cos(a) / 1.0) ** 16 + np.abs(np.sin(a) / 0.5) ** 16) ** (-1 / 16))
    if shape in ("teardrop", "heart"):
        u = np.linspace(0, 2 * np.pi, 721)
        if shape == "teardrop":
            x, y = np.cos(u), 0.92 * np.sin(u) * np.sin(u / 2) ** 1.5
        else:
            x, y = (
                0.78 * (13 * np.cos(u) - 5 * np.cos(2 * u) - 2 * np.cos(3 * u) - np.cos(4 * u)) / 13,
                0.98 * np.sin(u) ** 3,
            )
            x = x + 0.12
        angle = np.unwrap(np.arctan2(y, x)) % (2 * np.pi)
        order = np.argsort(angle)
        return np.interp(a % (2 * np.pi), angle[order], np.hypot(x, y)[order], period=2 * np.pi)
    return np.ones_like(a)


def tile(draw: Draw, radius: float, *, smooth: bool = False) -> Mesh:
    """The texture cut to a clean flat shape, smooth or with the grooves and steps of a spatula across it."""
    shape = draw.weighted(
        {
            "circle": 6, "rounded square": 1, "square": 0.7, "oblong": 0.8, "teardrop": 1.4, "triangle": 0.6,
            "oval": 0.6, "heart": 0.3, "hexagon": 0.15,
        }
    )  # fmt: skip
    r = np.concatenate([np.linspace(0, 0.93, 72), np.linspace(0.945, 1, 8)])
    a = np.linspace(0, 2 * np.pi, 145)
    outline = radius * outlines(shape, a)
    x, z = r[:, None] * outline * np.cos(a), r[:, None] * outline * np.sin(a)
    turn = draw.uniform(0, 2 * np.pi)
    u, v = (x * np.cos(turn) + z * np.sin(turn)) / radius, (z * np.cos(turn) - x * np.sin(turn)) / radius
    relief = np.zeros_like(x)
    look = draw.weighted({"plain": 9 if smooth else 3, "grooves": 1.6, "crescent": 1.8, "folds": 1.2})
    if look in ("grooves", "folds"):
        lines = CubicSpline(np.linspace(-1.6, 1.6, 40), draw.rng.normal(size=40))
        sway = draw.uniform(-0.25, 0.25) * u**2
        relief += draw.uniform(0.002, 0.009) * lines(np.clip(v + sway, -1.6, 1.6)) * (look == "grooves")
    if look in ("crescent", "folds"):
        for _ in range(1 if look == "crescent" else draw.integer(2, 4)):
            edge = u - draw.uniform(-0.5, 0.5) - draw.uniform(-0.7, 0.7) * v**2
            relief += draw.uniform(0.012, 0.05) * (np.tanh(edge / 0.03) + 0.7 * np.exp(-((edge / 0.06) ** 2)))
    thick = draw.uniform(0.03, 0.06)
    flat = lip(1 - r, 0.05)[:, None] * (thick + relief - relief.min())
    return polar(r, outline, radius * flat)


def swirl(draw: Draw, radius: float) -> Mesh:
    """A dollop of cream with soft-serve folds that wind up to a peak."""
    r = np.sin(0.5 * np.pi * np.linspace(0, 1, 88))
    a = np.linspace(0, 2 * np.pi, 145)
    turns, way = draw.uniform(1.3, 2.6), draw.sign()
    phase = (r[:, None] * turns + way * a[None] / (2 * np.pi) + draw.uniform(0, 1)) % 1.0
    fold = 1 - np.abs(2 * phase - 1) ** draw.uniform(1.4, 2.6)
    dome = lip(1 - r, draw.uniform(0.5, 1.0))[:, None]
    peak = draw.uniform(0, 0.5) * np.exp(-((r / 0.16) ** 2))[:, None]
    outline = radius * (1 + 0.06 * np.cos(a + draw.uniform(0, 6.3)) + 0.03 * np.cos(2 * a + draw.uniform(0, 6.3)))
    inner = np.clip(r / 0.1, 0, 1)[:, None]
    return polar(r, outline, radius * draw.uniform(0.2, 0.4) * (dome * (0.72 + 0.28 * fold * inner) + peak))
