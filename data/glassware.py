"""Laboratory glass about a product: flasks, beakers, dishes, tubes and balls of solid glass, on a quiet bench."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.material import Material, glass, prop
from data.mesh import Mesh, joined, lathe, sheet
from data.product import Part

WALL = 0.012  # of a vessel's size
Profile = list[tuple[float, float]]


def clear_glass(draw: Draw) -> Material:
    """Clear glass of a prop, faintly green or blue at most."""
    tint = np.array([1.0, 1.0, 1.0]) - draw.uniform(0, 0.015) * np.array([1.0, 0.2, 0.4])
    return replace(glass(tuple(float(v) for v in tint)), region=BACKGROUND)


def glass_bench(draw: Draw, span: float, height: float) -> list[Part]:
    """Glass behind and beside a product of `span` x `height`, none before it; now and then a coil of tube."""
    material = clear_glass(draw)
    meshes: list[Mesh] = []
    size = max(height, 0.6 * span)
    right, left = 0.5 * span + 0.1 * size, -0.5 * span - 0.1 * size
    for k in range(draw.integer(2, 5)):
        mesh = vessel(draw, size * draw.uniform(0.8, 1.35))
        half, gap = float(np.abs(mesh.vertices[:, 0]).max()), size * draw.uniform(0.05, 0.35)
        back = -size * draw.uniform(-0.25, 0.9)
        if k % 2:
            meshes.append(mesh.moved(right + half + gap, 0, back))
            right += 2 * half + gap
        else:
            meshes.append(mesh.moved(left - half - gap, 0, back))
            left -= 2 * half + gap
    parts = [Part(joined(meshes), material)]
    if draw.chance(0.2):
        parts.append(_coil(draw, 0.35 * size).moved(right * draw.uniform(0.7, 1.0), 0, 0.35 * size))
    return parts


def vessel(draw: Draw, size: float) -> Mesh:
    """One closed body of glass about `size` tall, standing on y = 0."""
    kind = draw.weighted(
        {"flask": 2, "beaker": 2, "dish": 1.2, "tube": 1, "round flask": 1.2, "ball": 2.5, "funnel": 0.5}
    )
    r, h = size * draw.uniform(0.26, 0.4), size * draw.uniform(0.75, 1.15)
    if kind == "ball":
        radius, angle = size * draw.uniform(0.14, 0.42), np.linspace(-np.pi / 2, np.pi / 2, 28)
        ball = [(radius * float(np.cos(a)), radius * (1 + float(np.sin(a)))) for a in angle]
        return lathe(ball, crease=180, segments=48)
    round_ = [(r * float(np.sin(a)), r * (1 - float(np.cos(a)))) for a in np.linspace(0.15, 2.8, 16)]
    outer: Profile = {
        "flask": [(0.95 * r, 0), (1.1 * r, 0.05 * h), (1.05 * r, 0.13 * h), (0.34 * r, 0.64 * h), (0.32 * r, 0.96 * h),
                  (0.44 * r, h)],
        "beaker": [(0.95 * r, 0), (r, 0.05 * h), (r, 0.78 * h), (1.1 * r, 0.82 * h)],
        "dish": [(1.5 * r, 0), (1.5 * r, 0.22 * r)],
        "tube": [(0.34 * r, 0), (0.34 * r, h), (0.42 * r, h)],
        "round flask": [*round_, (0.3 * r, h + 0.8 * r), (0.38 * r, h + 0.8 * r)],
        "funnel": [(0.14 * r, 0), (0.14 * r, 0.4 * h), (r, 0.8 * h)],
    }[kind]  # fmt: skip
    mesh = lathe(_walled(outer, WALL * size), segments=40, crease=50)
    if kind == "dish" and draw.chance(0.4):
        mesh = mesh.turned("z", 80)
        mesh = mesh.moved(y=-mesh.low[1])
    return mesh


def _walled(outer: Profile, wall: float) -> Profile:
    """The closed outline of a vessel with a foot, from its middle below up the outside and down the inside."""
    inner = [(max(x - wall, 0.02 * wall), max(y, 1.5 * wall)) for x, y in reversed(outer)]
    return [(0.0, outer[0][1]), *outer, *inner, (0.0, inner[-1][1])]


def _coil(draw: Draw, radius: float) -> Part:
    """A dark rubber hose wound up on the table."""
    turns, thick = draw.integer(2, 4), 0.05 * radius
    t = np.linspace(0, 2 * np.pi * turns, 40 * turns)
    reach = radius * (1 - 0.08 * np.sin(2.3 * t) * draw.uniform(0.5, 1.5))
    middle = np.stack([reach * np.cos(t), thick * (1 + 1.4 * t / (2 * np.pi)), 0.8 * reach * np.sin(t)], 1)
    ring = np.linspace(0, 2 * np.pi, 9)
    out = np.stack([np.cos(t), 0 * t, np.sin(t)], 1)
    points = middle[:, None] + thick * (
        np.cos(ring)[None, :, None] * out[:, None] + np.sin(ring)[None, :, None] * np.array([0.0, 1.0, 0.0])
    )
    return Part(sheet(points), prop(np.full(3, draw.choice(0.04, 0.12, 0.9)), 0.4))
