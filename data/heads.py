"""Heads of MakeHuman's body (`data.anatomy`), shaped and smoothed; each looks to +z from between its eyes.

Lengths are centimetres until a caller scales the meshes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from data.anatomy import cages
from data.mesh import Mesh
from data.smoothing import meshed, subdivision


def head_points(weights: Mapping[str, float]) -> np.ndarray:
    """The head's cage (V, 3) in cm with shapes such as "eyeBlink" or "jawOpen" added by weight."""
    data = cages()
    names = list(data["head_names"])
    points = data["head_vertices"].copy()
    for name, weight in weights.items():
        points += weight * data["head_shapes"][names.index(name)]
    return points


@dataclass(frozen=True)
class Head:
    """`mesh` in cm; `rest` (V, 3) says where each vertex lies on the plain face, so that make-up can be drawn on that.

    `cage` (C, 3) are the positions of the coarse mesh's own vertices after smoothing, for `data` by index.
    """

    mesh: Mesh
    rest: np.ndarray
    cage: np.ndarray


def head(weights: Mapping[str, float], middle: tuple[float, float], fine: tuple[float, float]) -> Head:
    """The skin of a head with shapes by weight, finer on its front within `fine` cm (x, y) of `middle`."""
    data = cages()
    faces = data["head_faces"].astype(int)
    faces = faces[(data["head_eye"][faces] == 0).all(1)]
    both = np.concatenate([head_points(weights), data["head_vertices"]], 1)
    matrix, quads = subdivision(faces.astype(np.int64).tobytes(), len(both))
    once = matrix @ both
    rest = once[:, 3:]
    away = np.maximum(np.abs(rest[:, 0] - middle[0]) - fine[0], np.abs(rest[:, 1] - middle[1]) - fine[1])
    inner = (away[quads].max(1) < 0) & (rest[quads][..., 2].min(1) > -4)
    # Subdivided with a margin, since a mesh's rim shrinks.
    margin = (away[quads].max(1) < 1.5) & (rest[quads][..., 2].min(1) > -5.5)
    finer, fine_quads = subdivision(quads[margin].astype(np.int64).tobytes(), len(once))
    twice = finer @ once
    kept = np.repeat(inner[margin], 4)
    points = np.concatenate([once, twice])
    all_quads = np.concatenate([quads[~inner], fine_quads[kept] + len(once)])
    # Vertices of the coarse part along the border take the fine part's positions: no cracks.
    shared = np.unique(quads[inner])
    points[shared] = twice[shared]
    mesh = meshed(points[:, :3], all_quads, points[:, 3:5])
    normals = mesh.normals.copy()
    both_sides = np.intersect1d(shared, np.unique(quads[~inner]))
    sums = normals[both_sides] + normals[both_sides + len(once)]
    normals[both_sides] = normals[both_sides + len(once)] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return Head(replace(mesh, normals=normals), points[:, 3:], points[: len(both), :3])


def eye_centre(weights: Mapping[str, float]) -> np.ndarray:
    """The middle (3,) of the left eyeball of a head with these shapes, cm."""
    return head_points(weights)[cages()["head_eye"] == 1].mean(0)


def lids() -> tuple[np.ndarray, np.ndarray]:
    """Vertices of a head's cage along the left eye's upper and lower lid, from the inner to the outer corner."""
    return cages()["head_upper_lid"], cages()["head_lower_lid"]


def rest_head() -> np.ndarray:
    """The plain head's cage (C, 3) in cm."""
    return cages()["head_vertices"]
