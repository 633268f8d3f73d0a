"""Simple solids that several products share: balls, rings, rods along a path."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

import numpy as np

from data.draw import Draw
from data.mesh import Mesh, grid_faces, lathe, smooth_normals


def hue(
    draw: Draw, saturation: tuple[float, float] = (0.2, 0.8), lightness: tuple[float, float] = (0.2, 0.8)
) -> np.ndarray:
    """Any hue, sRGB (3,)."""
    return np.array(colorsys.hls_to_rgb(draw.uniform(0, 1), draw.uniform(*lightness), draw.uniform(*saturation)))


def grey(draw: Draw, low: float = 0.9, high: float = 0.98) -> np.ndarray:
    """A grey between two lightnesses, sRGB (3,)."""
    return np.full(3, draw.uniform(low, high))


def ball(radius: float, squash: float = 1.0, dent: float = 0.0) -> Mesh:
    """A sphere that stands on y = 0; `squash` scales its height, `dent` sinks its poles as in an apple."""
    angle = np.linspace(0, np.pi, 25)
    r = radius * np.sin(angle) * (1 + 0.1 * dent)
    y = radius * squash * (1 - np.cos(angle)) + 0.5 * radius * dent * np.cos(angle) * np.exp(-6 * np.sin(angle) ** 2)
    mesh = lathe([(max(a, 1e-3), b) for a, b in zip(r, y, strict=True)], crease=180)
    return mesh.moved(y=-mesh.low[1])


def bead(radius: float) -> Mesh:
    """A ball of few triangles about the origin's y = `radius`, for things that come by the dozen."""
    angle = np.linspace(0, np.pi, 9)
    profile = [(max(radius * float(np.sin(a)), 1e-3), radius * float(1 - np.cos(a))) for a in angle]
    return lathe(profile, segments=12, crease=180)


def rod(path: np.ndarray | Sequence[Sequence[float]], radius: float | np.ndarray, sides: int = 12) -> Mesh:
    """A round rod along a path (n, 3) not along z throughout; `radius` may be given per point."""
    centre = np.asarray(path, float)
    along = np.gradient(centre, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    side = np.cross(along, [0.0, 0.0, 1.0])
    short = np.linalg.norm(side, axis=1) < 0.1
    side[short] = np.cross(along[short], [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    other = np.cross(side, along)
    turn = np.linspace(0, 2 * np.pi, sides + 1)[None, :, None]
    reach = np.broadcast_to(np.asarray(radius, float), (len(centre),))[:, None, None]
    points = centre[:, None] + reach * (np.cos(turn) * side[:, None] + np.sin(turn) * other[:, None])
    vertices = points.reshape(-1, 3)
    faces = grid_faces(len(centre), sides + 1)
    u, v = np.meshgrid(np.linspace(0, 1, sides + 1), np.linspace(0, 1, len(centre)))
    return Mesh(vertices, faces, smooth_normals(vertices, faces), np.stack([u, v], 2).reshape(-1, 2))


def ring(radius: float, thickness: float, start: float = 0.0, end: float = 360.0) -> Mesh:
    """A ring or an arc of one, lying in the x-y plane about the origin; degrees."""
    a = np.radians(np.linspace(start, end, 49))
    return rod(np.stack([radius * np.cos(a), radius * np.sin(a), 0 * a], 1), thickness)
