"""Angular grains of crushed powder, one by one or thrown about the origin."""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull

from data.mesh import Mesh


def grains(rng: np.random.Generator, places: np.ndarray, sizes: np.ndarray) -> Mesh:
    """Angular crumbs with flat faces at `places` (N, 3) with radii (N,); each shows a patch of its texture."""
    g = (1 + 5**0.5) / 2
    ball = np.array([[s * 1, t * g, 0] for s in (-1, 1) for t in (-1, 1)]) / np.hypot(1, g)
    ball = np.concatenate([ball, np.roll(ball, 1, 1), np.roll(ball, 2, 1)])
    faces = ConvexHull(ball).simplices
    corner = ball[faces]
    inward = (np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]) * corner[:, 0]).sum(1) < 0
    faces[inward] = faces[inward][:, ::-1]
    count = len(places)
    turn = np.linalg.qr(rng.normal(size=(count, 3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))[:, None, None]
    points = ball * rng.uniform(0.7, 1.25, (count, len(ball), 1)) * rng.uniform(0.65, 1.3, (count, 1, 3))
    points = points @ turn * sizes[:, None, None] + places[:, None]
    points = points[:, faces]  # (N, F, 3, 3): each face with its own corners
    normals = np.cross(points[:, :, 1] - points[:, :, 0], points[:, :, 2] - points[:, :, 0])
    normals = np.repeat((normals / (np.linalg.norm(normals, axis=2, keepdims=True) + 1e-12))[:, :, None], 3, 2)
    local = (points - places[:, None, None])[..., [0, 2]].reshape(-1, 2)
    uv = np.clip(np.repeat(rng.random((count, 2)), faces.size, 0) + 0.4 * local, 0, 1)
    total = count * faces.size
    return Mesh(points.reshape(-1, 3), np.arange(total).reshape(-1, 3), normals.reshape(-1, 3), uv)


def crumbs(rng: np.random.Generator, spread: float, size: float, count: int) -> Mesh:
    """Crushed powder: grains of many sizes, thrown about the middle."""
    distance, angle = spread * np.abs(rng.normal(0, 0.5, count)), rng.uniform(0, 2 * np.pi, count)
    sizes = size * rng.lognormal(0, 0.6, count)
    places = np.stack([distance * np.cos(angle), 0.6 * sizes, distance * np.sin(angle)], 1)
    return grains(rng, places, sizes)
