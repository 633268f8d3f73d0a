"""Triangle meshes and packages' solids; y points up, +z at the camera, and a lipstick's bullet is about 1 tall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

Point = tuple[float, float]
Taper = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]

CREASE_DEGREES = 35.0  # a profile that bends more than this keeps a hard edge in its shading


@dataclass(frozen=True)
class Mesh:
    """`vertices` (V, 3), `faces` (F, 3) int, `normals` (V, 3) unit, `uv` (V, 2) with (.5, .5) at the front's middle."""

    vertices: np.ndarray
    faces: np.ndarray
    normals: np.ndarray
    uv: np.ndarray

    @property
    def low(self) -> np.ndarray:
        return self.vertices.min(0)

    @property
    def high(self) -> np.ndarray:
        return self.vertices.max(0)

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
        return replace(self, vertices=self.vertices + np.array([x, y, z]))

    def turned(self, axis: str, degrees: float, about: tuple[float, float, float] = (0, 0, 0)) -> Mesh:
        """Rotated about an axis ("x", "y" or "z") through a point."""
        a = np.radians(degrees)
        c, s = np.cos(a), np.sin(a)
        matrix = np.array(
            {
                "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
                "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
                "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
            }[axis]
        )
        pivot = np.array(about, float)
        return replace(self, vertices=(self.vertices - pivot) @ matrix.T + pivot, normals=self.normals @ matrix.T)

    def bent(self, shift: np.ndarray) -> Mesh:
        """Vertices moved by `shift` (V, 3), normals made anew."""
        vertices = self.vertices + shift
        return replace(self, vertices=vertices, normals=smooth_normals(vertices, self.faces))

    def planar(self, width: float, depth: float) -> Mesh:
        """Texture laid on from above over width x depth (for pans and lids)."""
        u = 0.5 - self.vertices[:, 0] / width  # as on a lathe, u grows towards -x
        v = 0.5 - self.vertices[:, 2] / depth
        return replace(self, uv=np.stack([u, v], 1))


def smooth_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Area-weighted vertex normals."""
    corner = vertices[faces]
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, faces[:, k], face)
    return normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12)


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """One mesh of several (they then share one material)."""
    offsets = np.cumsum([0] + [len(m.vertices) for m in meshes[:-1]])
    return Mesh(
        np.concatenate([m.vertices for m in meshes]),
        np.concatenate([m.faces + o for m, o in zip(meshes, offsets, strict=True)]),
        np.concatenate([m.normals for m in meshes]),
        np.concatenate([m.uv for m in meshes]),
    )


def cross_section(kind: str, segments: int) -> np.ndarray:
    """A closed unit outline (segments + 1, 2), starting at the back so that u = .5 faces +z.

    "round", "hex", and the superellipses "soft" (exponent 4), "square" (8), "sharp" (28).
    """
    t = np.linspace(0, 2 * np.pi, segments + 1) + 1.5 * np.pi
    c, s = np.cos(t), np.sin(t)
    if kind == "round":
        k = np.ones_like(t)
    elif kind == "hex":
        k = np.cos(np.pi / 6) / np.cos((t % (np.pi / 3)) - np.pi / 6)
    else:
        e = {"soft": 4.0, "square": 8.0, "sharp": 28.0}[kind]
        k = (np.abs(c) ** e + np.abs(s) ** e) ** (-1 / e)
    return np.stack([c * k, s * k], 1)


def lathe(
    profile: Sequence[Point],
    section: str = "round",
    *,
    segments: int = 48,
    width: float = 1.0,
    depth: float = 1.0,
    taper: Taper | None = None,
    crease: float = CREASE_DEGREES,
) -> Mesh:
    """A profile of (radius, y) points swept along a cross-section, scaled by width in x and depth in z.

    `taper` maps height fractions (m,) to factors in x and z (a squeezed tube). Profile points that bend by more
    than `crease` degrees are doubled, which keeps their edge hard.
    """
    points = [np.array(p, float) for p in profile]
    doubled = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        a, b = here - before, after - here
        doubled.append(here)
        if abs(np.degrees(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b))) > crease:
            doubled.append(here)
    doubled.append(points[-1])
    p = np.stack(doubled)
    m = len(p)
    outline = cross_section(section, segments) * [width, depth]
    fraction = (p[:, 1] - p[:, 1].min()) / (np.ptp(p[:, 1]) + 1e-9)
    fx, fz = taper(fraction) if taper else (np.ones(m), np.ones(m))
    shape = (segments + 1, m)
    vertices = np.stack(
        [outline[:, :1] * p[:, 0] * fx, np.broadcast_to(p[:, 1], shape), outline[:, 1:] * p[:, 0] * fz], 2
    )
    uv = np.stack(np.broadcast_arrays(np.linspace(0, 1, segments + 1)[:, None], fraction[None]), 2)
    faces = grid_faces(segments + 1, m)
    flat = vertices.reshape(-1, 3)
    corner = flat[faces]
    area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    faces = faces[area > 1e-12]
    normals = smooth_normals(flat, faces).reshape(*shape, 3)
    seam = normals[0] + normals[-1]
    normals[0] = normals[-1] = seam / (np.linalg.norm(seam, axis=1, keepdims=True) + 1e-12)
    return Mesh(flat, faces, normals.reshape(-1, 3), uv.reshape(-1, 2))


def grid_faces(rows: int, columns: int) -> np.ndarray:
    """Two triangles for each cell of a (rows, columns) vertex grid."""
    i, k = np.arange(rows - 1)[:, None], np.arange(columns - 1)[None]
    a = i * columns + k
    b, c, d = a + 1, a + columns + 1, a + columns
    return np.concatenate([np.stack([a, b, c], 2).reshape(-1, 3), np.stack([a, c, d], 2).reshape(-1, 3)])


def capsule_profile(radius: float, height: float, bevel: float = 0.05) -> list[Point]:
    """A cylinder with rounded edges; bevels matter more than polygons."""
    b = min(bevel, radius * 0.45, height * 0.45)
    return [
        (0, 0), (radius - b, 0), (radius - 0.3 * b, 0.3 * b), (radius, b), (radius, height - b),
        (radius - 0.3 * b, height - 0.3 * b), (radius - b, height), (0, height),
    ]  # fmt: skip


def cylinder(radius: float, height: float, section: str = "round", bevel: float = 0.05, depth: float = 1.0) -> Mesh:
    """A bevelled cylinder or prism that stands on y = 0."""
    return lathe(capsule_profile(radius, height, bevel), section, depth=depth)


def box(width: float, height: float, depth: float, bevel: float = 0.04) -> Mesh:
    """An upright box on y = 0, centred in x and z."""
    e = min(bevel, width / 4, depth / 4, height / 4) / (0.5 * min(width, depth))
    profile = [(0, 0), (1 - e, 0), (1, bevel), (1, height - bevel), (1 - e, height), (0, height)]
    return lathe(profile, "sharp", segments=64, width=width / 2, depth=depth / 2)


def plate(radius: float, y: float, section: str = "round", depth: float = 1.0, dome: float = 0.005) -> Mesh:
    """A flat or slightly domed face seen from above: a pan's powder, a mirror, a swatch disc."""
    rings = [(radius * r, y + dome * (1 - r * r)) for r in (1.0, 0.97, 0.8, 0.6, 0.4, 0.2, 0.001)]
    face = lathe(rings, section, depth=depth, crease=180).planar(2 * radius, 2 * radius * depth)
    up = face.normals * np.sign(face.normals[:, 1:2] + 1e-9)
    return replace(face, normals=up)


def cut(mesh: Mesh, keep: np.ndarray) -> Mesh:
    """The faces chosen by `keep` (F,) bool, with their own vertices alone."""
    faces = mesh.faces[keep]
    used, compact = np.unique(faces, return_inverse=True)
    return Mesh(mesh.vertices[used], compact.reshape(faces.shape), mesh.normals[used], mesh.uv[used])


def sheet(points: np.ndarray) -> Mesh:
    """A mesh over a (rows, columns, 3) grid of points: smears, fabric, lips."""
    rows, columns = points.shape[:2]
    vertices = points.reshape(-1, 3)
    faces = grid_faces(rows, columns)
    normals = smooth_normals(vertices, faces)
    if normals[:, 1].mean() < 0:
        faces, normals = faces[:, ::-1], -normals
    u, v = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    return Mesh(vertices, faces, normals, np.stack([u, v], 2).reshape(-1, 2))
