"""Quad cages made smooth by Catmull-Clark subdivision, and meshes carried, mirrored and cut along a line."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix, vstack

from data.mesh import Mesh, smooth_normals


def carried(mesh: Mesh, matrix: np.ndarray, shift: np.ndarray | None = None) -> Mesh:
    """The mesh after x -> matrix @ x + shift; `matrix` (3, 3) turns, mirrors or scales evenly."""
    vertices = mesh.vertices @ matrix.T + (0 if shift is None else shift)
    size = np.cbrt(abs(np.linalg.det(matrix)))
    faces = mesh.faces[:, ::-1] if np.linalg.det(matrix) < 0 else mesh.faces
    return replace(mesh, vertices=vertices, normals=mesh.normals @ matrix.T / size, faces=faces)


def meshed(vertices: np.ndarray, quads: np.ndarray, uv: np.ndarray) -> Mesh:
    """Triangles with smooth normals from quads (F, 4), whose corners may coincide."""
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    faces = faces[(faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])]
    return Mesh(vertices, faces, smooth_normals(vertices, faces), uv)


def smoothed(
    vertices: np.ndarray, quads: np.ndarray, uv: np.ndarray, levels: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Catmull-Clark subdivision of quads (F, 4) with uv (V, 2) that goes along smoothly."""
    both = np.concatenate([vertices, uv], 1)
    for _ in range(levels):
        matrix, quads = subdivision(quads.tobytes(), len(both))
        both = matrix @ both
    return both[:, :3], quads, both[:, 3:]


@lru_cache(maxsize=24)
def subdivision(raw: bytes, count: int) -> tuple[csr_matrix, np.ndarray]:
    """The matrix (V', V) that makes a finer mesh's vertices from a coarse one's, and the finer quads."""
    quads = np.frombuffer(raw, dtype=np.int64).reshape(-1, 4)
    faces = len(quads)
    edges = np.sort(np.stack([quads, np.roll(quads, -1, 1)], 2).reshape(-1, 2), 1)
    unique, which, shared = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    edge_of = which.reshape(faces, 4)
    ones = np.ones
    middle = csr_matrix((ones(faces * 4) / 4, (np.repeat(np.arange(faces), 4), quads.ravel())), (faces, count))
    ends = csr_matrix(
        (ones(len(unique) * 2), (np.repeat(np.arange(len(unique)), 2), unique.ravel())), (len(unique), count)
    )
    touching = csr_matrix((ones(faces * 4), (which, np.repeat(np.arange(faces), 4))), (len(unique), faces))
    inner = (shared == 2).astype(float)
    scaled = csr_matrix((inner / 4, (range(len(unique)), range(len(unique)))))
    rim = csr_matrix(((1 - inner) / 2 + inner / 4, (range(len(unique)), range(len(unique)))))
    edge_points = rim @ ends + scaled @ touching @ middle
    # Old vertices: Catmull and Clark's rule inside, the cubic B-spline's along a rim.
    around = csr_matrix((ones(faces * 4), (quads.ravel(), np.repeat(np.arange(faces), 4))), (count, faces))
    valence = np.maximum(np.asarray(around.sum(1)).ravel(), 1)
    spokes = csr_matrix(
        (ones(len(unique) * 2), (unique.ravel(), np.repeat(np.arange(len(unique)), 2))), (count, len(unique))
    )
    on_rim = np.zeros(count, bool)
    on_rim[unique[shared != 2].ravel()] = True
    spoke_count = np.maximum(np.asarray(spokes.sum(1)).ravel(), 1)

    def diagonal(values: np.ndarray) -> csr_matrix:
        return csr_matrix((values, (np.arange(len(values)), np.arange(len(values)))))

    smooth = (
        diagonal(1 / valence**2) @ around @ middle
        + diagonal(1 / (valence * spoke_count)) @ spokes @ ends
        + diagonal((valence - 3) / valence)
    )
    rim_edges = diagonal((shared != 2).astype(float))
    border = diagonal(np.full(count, 0.5)) + diagonal(np.full(count, 0.125)) @ spokes @ rim_edges @ ends
    lone = np.asarray(border.sum(1)).ravel()
    border = diagonal(1 / np.maximum(lone, 1e-9)) @ border
    old = diagonal(on_rim.astype(float)) @ border + diagonal(1.0 - on_rim) @ smooth
    e = count + edge_of
    c = np.arange(faces) + count + len(unique)
    finer = np.stack([np.stack([quads[:, k], e[:, k], c, e[:, k - 1]], 1) for k in range(4)], 1).reshape(-1, 4)
    return csr_matrix(vstack([old, edge_points, middle])), finer


def split(mesh: Mesh, field: np.ndarray) -> tuple[Mesh, Mesh]:
    """The mesh where `field` (V,) is positive and where not, cut smoothly along the line where it is zero."""
    positive = field > 0
    inside = positive[mesh.faces].sum(1)
    mixed = mesh.faces[(inside == 1) | (inside == 2)]
    signs = positive[mixed]
    lone_is_in = signs.sum(1) == 1
    lone = np.where(lone_is_in, signs.argmax(1), (~signs).argmax(1))
    turn = (lone[:, None] + np.arange(3)) % 3
    v0, v1, v2 = np.take_along_axis(mixed, turn, 1).T
    data = np.concatenate([mesh.vertices, mesh.normals, mesh.uv], 1)

    def crossing(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        t = (field[a] / (field[a] - field[b] + 1e-12))[:, None]
        return data[a] * (1 - t) + data[b] * t

    n, m = len(data), len(mixed)
    data = np.concatenate([data, crossing(v0, v1), crossing(v0, v2)])
    a, b = n + np.arange(m), n + m + np.arange(m)
    tips = np.stack([v0, a, b], 1)
    rests = np.concatenate([np.stack([a, v1, v2], 1), np.stack([a, v2, b], 1)])
    twice = np.concatenate([lone_is_in, lone_is_in])
    results = []
    for side, number in ((True, 3), (False, 0)):
        faces = np.concatenate([mesh.faces[inside == number], tips[lone_is_in == side], rests[twice != side]])
        used, compact = np.unique(faces, return_inverse=True)
        part = data[used]
        unit = part[:, 3:6] / (np.linalg.norm(part[:, 3:6], axis=1, keepdims=True) + 1e-12)
        results.append(Mesh(part[:, :3], compact.reshape(faces.shape), unit, part[:, 6:]))
    return results[0], results[1]
