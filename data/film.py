"""Thin layers of cream, liquid and powder, lying on y = 0 about the origin: bands along a path, rounds, their edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.interpolate import CubicSpline

from data.mesh import Mesh, sheet

PATH_POINTS = 256  # of a stroke's centre line
LIFT = 0.004  # of a film above the table


def wander(rng: np.random.Generator, count: int, knots: int) -> np.ndarray:
    """Smooth noise (count,) of about unit size along a line."""
    knots = max(knots, 4)
    return np.asarray(CubicSpline(np.linspace(0, 1, knots), rng.normal(size=knots))(np.linspace(0, 1, count)))


def curve(length: float, curl: float, sway: float = 0.0, waves: float = 1.0) -> np.ndarray:
    """A path (PATH_POINTS, 2) in x and z about the origin: `curl` and `sway` are how far it turns, in radians."""
    s = np.linspace(0, 1, PATH_POINTS)
    heading = curl * (s - 0.5) + sway * np.sin(2 * np.pi * waves * s)
    path = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1), 0) * length / PATH_POINTS
    return np.asarray(path - (path.min(0) + path.max(0)) / 2)


def ribbon(path: np.ndarray, along: np.ndarray, across: np.ndarray, rise: np.ndarray) -> Mesh:
    """A sheet along a path (M, 2) of even steps on the table.

    `along` (rows, columns) are fractions of the path, `across` and `rise` the offsets to its side and upwards.
    Texture lies in the stroke's own frame, v along it and u across it in one scale, so that flakes stay round.
    """
    steps = np.diff(path, axis=0)
    length = float(np.linalg.norm(steps, axis=1).sum())
    heading = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    s = np.linspace(0, 1, len(path))
    angle = np.interp(along, (s[1:] + s[:-1]) / 2, heading)
    points = np.stack(
        [
            np.interp(along, s, path[:, 0]) - np.sin(angle) * across,
            rise + LIFT,
            np.interp(along, s, path[:, 1]) + np.cos(angle) * across,
        ],
        2,
    )
    span = max(length, float(np.ptp(across)))
    uv = np.stack([0.5 + across / span, 0.5 + (along - 0.5) * length / span], 2)
    return replace(sheet(points), uv=np.clip(uv.reshape(-1, 2), 0, 1))


def polar(radii: np.ndarray, outline: np.ndarray, rise: np.ndarray) -> Mesh:
    """A sheet over an outline (columns,) of radii at even angles; `radii` (rows,) run from 0 to 1."""
    rows, columns = len(radii), len(outline)
    a = np.linspace(0, 2 * np.pi, columns)[None]
    reach = np.maximum(radii, 1e-4)[:, None] * outline[None]
    points = np.stack([reach * np.cos(a), np.broadcast_to(rise, reach.shape) + LIFT, reach * np.sin(a)], 2)
    face = sheet(points)
    normals = face.normals.reshape(rows, columns, 3).copy()
    seam = normals[:, 0] + normals[:, -1]
    normals[:, 0] = normals[:, -1] = seam / (np.linalg.norm(seam, axis=1, keepdims=True) + 1e-12)
    normals[0] = normals[1].mean(0) / (np.linalg.norm(normals[1].mean(0)) + 1e-12)
    span = 2 * float(outline.max())
    return replace(face, normals=normals.reshape(-1, 3)).planar(span, span)


def lip(distance: np.ndarray, radius: np.ndarray | float) -> np.ndarray:
    """Height in [0, 1] of a round edge, at a distance from the outline."""
    return np.asarray(np.sqrt(1 - (1 - np.clip(distance / radius, 0, 1)) ** 2))


def smear(
    rng: np.random.Generator,
    length: float,
    width: float,
    thickness: float,
    curl: float = 0.4,
    ragged: float = 0.12,
) -> Mesh:
    """A stroke of cream, gloss or polish on the table: a full round start, smooth sides and a thin, torn end."""
    rows, columns = 112, 40
    t = np.sin(0.5 * np.pi * np.linspace(-1, 1, columns))[None]  # closer at the sides, where the edge is round
    curl = float(np.clip(curl, -1.6 * length / width, 1.6 * length / width))  # tighter ones would fold over
    fringe = ragged * rng.uniform(0.3, 1.6) * wander(rng, columns, int(rng.integers(9, 26))).clip(-1.5, 1.5)
    reach = 0.94 + 0.06 * np.tanh(fringe)[None] - 0.5 * np.abs(fringe)[None].clip(0, 0.5)
    s = np.linspace(0, 1, rows)[:, None] ** 1.25 * reach
    head = lip(s, rng.uniform(0.5, 1.1) * width / length)
    taper = rng.uniform(0.25, 1.0) if rng.random() < 0.5 else rng.uniform(0.0, 0.12)
    sides = (
        1 + 0.25 * ragged * wander(rng, rows, 6)[:, None] * np.sign(t) + 0.1 * ragged * wander(rng, rows, 5)[:, None]
    )
    half = 0.5 * width * head * np.clip(1 - s, 0.02, 1) ** taper * sides
    edge = np.maximum(half, 1e-4) * rng.uniform(0.35, 1.0)
    rise = (
        lip((1 - np.abs(t)) * half, edge)
        * (1 - rng.uniform(0.3, 0.75) * s)
        * np.clip((1.0 - s / reach) / 0.3, 0, 1) ** 0.5
    )
    grooves = rng.choice([0.02, 0.07, 0.15]) * wander(rng, columns, columns // 2)[None] * lip(s, 0.3)
    ridge = rng.uniform(0, 0.5) * np.exp(-(((1 - np.abs(t)) / 0.12) ** 2)) * head
    rise = thickness * rise * (1 + grooves + ridge)
    return ribbon(curve(length, curl, rng.normal(0, 0.12)), s, t * half, np.clip(rise, 0, None))


def blob(rng: np.random.Generator, radius: float, thickness: float, wobble: float = 0.15) -> Mesh:
    """A dollop or a poured disc, smooth and round-edged; `wobble` bends its outline."""
    r = np.sin(0.5 * np.pi * np.linspace(0, 1, 32))
    a = np.linspace(0, 2 * np.pi, 97)
    edge = 1 + wobble * sum(rng.normal() / k**1.3 * np.cos(k * a + rng.uniform(0, 6)) for k in range(2, 6)) / 1.5
    soft = rng.uniform(0.15, 0.9)  # how far in the round edge goes: a flat pool or a dome
    swirl = 1 + 0.4 * wobble * np.sin(3 * r[:, None] * np.pi + a * rng.integers(0, 2) + rng.uniform(0, 6))
    return polar(r, radius * np.maximum(edge, 0.3), thickness * lip(1 - r, soft)[:, None] * swirl)
