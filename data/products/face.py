"""A made-up face: skin, eyes, lashes, brows, lips, and zones of make-up drawn on the plain face's front."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline, LinearNDInterpolator, PchipInterpolator
from scipy.ndimage import gaussian_filter

from beauty_vlm.measurement.regions import BACKGROUND
from data import heads
from data.draw import Draw
from data.heads import Head
from data.material import Material, prop
from data.mesh import Mesh, grid_faces, joined, lathe, smooth_normals
from data.product import Part
from data.products.skin import flushed, mottled
from data.smoothing import carried, split

Zone = Callable[[np.ndarray, np.ndarray], np.ndarray]  # x, y in cm on the plain face -> cover of make-up in [0, 1]
SIDE = 448  # of the face's textures
MIDDLE, HALF = (0.0, -2.0), 8.2  # of the square of the plain face's front that they show, cm
EDGE = 0.5  # cover from which a zone counts as made up
EYE_RADIUS = 1.58
# The lips' outlines on the plain face, half widths from the middle (cm).
LIP_X = (0.0, 0.45, 1.0, 1.6, 2.0, 2.25)
LIP_TOP = (-5.46, -5.32, -5.44, -5.74, -6.02, -6.2)
LIP_BOTTOM = (-7.1, -7.1, -7.04, -6.82, -6.52, -6.2)
BROW_X = (1.1, 2.1, 3.3, 4.3, 5.3)
BROW_Y = (1.75, 2.15, 2.5, 2.5, 1.95)
IRISES = ((0.30, 0.18, 0.10), (0.22, 0.12, 0.07), (0.38, 0.27, 0.15), (0.36, 0.48, 0.58), (0.36, 0.42, 0.28))
HAIRS = ((0.05, 0.04, 0.035), (0.13, 0.08, 0.06), (0.24, 0.15, 0.09), (0.4, 0.28, 0.17))


@dataclass(frozen=True)
class Makeup:
    """One product on the face: where it covers the skin, and its surface (whose texture's mean is its colour)."""

    zone: Zone
    material: Material
    strength: float = 1.0


def expression(draw: Draw, closed: float = 0.0, parted: float = 0.0) -> dict[str, float]:
    """Weights of a random woman's face; eyes `closed` and lips `parted` in [0, 1]."""
    race = draw.weighted({"": 4, "african": 3, "asian": 3})
    weights = {
        "mouth-lowerlip-volume-incr": draw.uniform(0.2, 0.9), "mouth-upperlip-volume-incr": draw.uniform(0.2, 0.9),
        "head-oval": draw.uniform(0, 0.6), "nose-volume-decr": draw.uniform(0, 0.5),
        "cheek-bones-incr": draw.uniform(0, 0.6), "eye-corner2-up": draw.uniform(0, 0.6),
        "eye-scale-incr": draw.uniform(0, 0.3), "mouthSmile": draw.uniform(0, 0.3), "eyeBlink": closed,
        "jawOpen": 0.25 * parted, "mouthUpperUp": 0.2 * parted,
    }  # fmt: skip
    if race:
        weights[race] = draw.uniform(0.4, 0.9)
    return weights


def lips(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distance inside the lips' outline, cm, negative outside."""
    side = np.clip(np.abs(x), 0, LIP_X[-1])
    top, bottom = PchipInterpolator(LIP_X, LIP_TOP)(side), PchipInterpolator(LIP_X, LIP_BOTTOM)(side)
    return np.where(np.abs(x) <= LIP_X[-1], np.minimum(top - y, y - bottom), -1.0)


def lash_line(x: np.ndarray) -> np.ndarray:
    """Height y of the upper lashes' roots of the plain face's left eye at x, cm."""
    points = heads.rest_head()[heads.lids()[0]]
    order = np.argsort(points[:, 0])
    return np.interp(x, points[order, 0], points[order, 1])


def _uv(rest: np.ndarray) -> np.ndarray:
    """Texture coordinates (V, 2) of points of the plain face, on a square of its front."""
    u = 0.5 - (rest[:, 0] - MIDDLE[0]) / (2 * HALF)
    v = 0.5 + (rest[:, 1] - MIDDLE[1]) / (2 * HALF)
    return np.clip(np.stack([u, v], 1), 0.004, 0.996)


def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Where the texture's texels lie on the plain face: x and y (SIDE, SIDE), cm."""
    line = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    x, y = np.meshgrid(MIDDLE[0] + HALF * line, MIDDLE[1] - HALF * line)
    return x, y


def face(
    draw: Draw,
    colour: np.ndarray,
    hair: Material,
    weights: dict[str, float],
    makeup: list[Makeup],
    middle: tuple[float, float],
    fine: tuple[float, float],
) -> tuple[list[Part], Head]:
    """The head with its make-up as parts in cm: first one for each of `makeup`, then skin, mouth, hair and eyeballs.

    The mesh is finer within `fine` cm (x, y) of `middle`.
    """
    shape = heads.head(weights, middle, fine)
    x, y = _grid()
    picture = np.broadcast_to(colour, (SIDE, SIDE, 3)).copy()
    side = np.abs(x)
    rosy = 0.5 * np.exp(-(((side - 4.8) / 2.2) ** 2) - ((y + 3.4) / 1.8) ** 2)
    rosy += 0.4 * np.exp(-((x / 1.4) ** 2) - ((y + 3.2) / 1.0) ** 2)
    rosy += 0.4 * np.exp(-(((side - 2.9) / 1.6) ** 2) - ((y - 0.6) / 0.6) ** 2)
    picture = flushed(picture, rosy)
    bare = np.clip(lips(x, y) / 0.12 + 0.5, 0, 1)[..., None]
    picture = picture * (1 - 0.75 * bare) + 0.75 * bare * (flushed(colour, np.array(1.8)) * [0.92, 0.8, 0.82])
    under = 0.3 * gaussian_filter(brow_zone(0.6)(x, y), 2)[..., None]  # a brow's roots darken the skin
    picture = picture * (1 - under) + hair.colour * under
    # The texture's rim goes on over the rest of the head: plain skin.
    rim = np.clip((HALF - np.maximum(np.abs(x - MIDDLE[0]), np.abs(y - MIDDLE[1]))) / 0.6, 0, 1)[..., None]
    picture = mottled(draw, picture * rim + colour * (1 - rim)) / 255.0
    rough = draw.uniform(0.38, 0.55)
    mesh = replace(shape.mesh, uv=_uv(shape.rest))
    parts: list[Part] = []
    remaining, rest_of = mesh, shape.rest
    for item in makeup:
        cover = gaussian_filter(np.clip(item.zone(x, y), 0, 1) * item.strength, 0.6)[..., None]
        paint = _resized(item.material.texture) / 255.0
        picture = picture * (1 - cover) + paint * cover
    texture = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    for item in makeup:
        front = np.clip((rest_of[:, 2] + 1.0) * 5, -1, 0)  # nothing on the back of the head
        field = item.zone(rest_of[:, 0], rest_of[:, 1]) - EDGE + front
        tagged = replace(remaining, uv=np.concatenate([remaining.uv, rest_of], 1))
        inside, outside = split(tagged, field)
        parts.append(Part(replace(inside, uv=inside.uv[:, :2]), replace(item.material, texture=texture)))
        rest_of = outside.uv[:, 2:]
        remaining = replace(outside, uv=outside.uv[:, :2])
    skin = replace(prop((0.5,) * 3, rough, "skin"), texture=texture, specular=draw.uniform(0.3, 0.45))
    # What lies behind the lips is the mouth; what lies below the neck's end or beyond the shoulders goes.
    inner = np.minimum(2.35 - 0.2 * rest_of[:, 0] ** 2 - rest_of[:, 2], lips(rest_of[:, 0], rest_of[:, 1]) - 0.15)
    inner = np.clip(np.where(rest_of[:, 2] > -4, inner, -1), -1, 1)
    remaining = replace(remaining, uv=np.concatenate([remaining.uv, inner[:, None]], 1))
    remaining, _ = split(remaining, np.minimum(rest_of[:, 1] + 24, 17 - np.abs(rest_of[:, 0])))
    inner = remaining.uv[:, 2]
    remaining = replace(remaining, uv=remaining.uv[:, :2])
    mouth, outer = split(remaining, inner)
    parts += [Part(outer, skin), Part(_combed(shape, draw.uniform(0.4, 0.9)), hair)]
    if len(mouth.faces):
        parts.append(Part(mouth, prop((0.25, 0.07, 0.07), 0.4, "mouth")))
    parts.append(eyeballs(draw, weights))
    return parts, shape


def _combed(shape: Head, thick: float) -> Mesh:
    """Hair combed back tightly, `thick` cm over the scalp."""
    x, y, z = shape.rest.T
    front = y - 6.6 + 0.075 * x**2 + np.clip(z - 2, 0, None)
    behind = np.minimum(-6.4 - z, y + 5.5)
    field = np.maximum(front, behind)
    swollen = shape.mesh.vertices + shape.mesh.normals * (thick * np.clip(field + 0.15, 0, 1.5) ** 0.6)[:, None]
    uv = np.stack([np.clip(0.5 - x / 20, 0, 1), np.clip(0.5 + z / 40, 0, 1)], 1)
    mesh = replace(shape.mesh, vertices=swollen, normals=smooth_normals(swollen, shape.mesh.faces), uv=uv)
    return split(mesh, field)[0]


def _resized(texture: np.ndarray) -> np.ndarray:
    rows = (np.arange(SIDE) * texture.shape[0]) // SIDE
    columns = (np.arange(SIDE) * texture.shape[1]) // SIDE
    return texture[rows][:, columns].astype(float)


def eyeballs(draw: Draw, weights: dict[str, float]) -> Part:
    """Both eyeballs, wet, with irises of one colour."""
    line = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    x, y = np.meshgrid(line * EYE_RADIUS, -line * EYE_RADIUS)
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    white = np.array([0.88, 0.85, 0.83]) - 0.06 * np.clip(r / EYE_RADIUS, 0, 1)[..., None] * [0.3, 1.0, 1.0]
    fibres = gaussian_filter(draw.rng.standard_normal((1, 180)), (0, 0.7), mode="wrap")[0]
    ray = np.interp(angle, np.linspace(-np.pi, np.pi, 180), fibres)
    iris = (
        np.array(draw.choice(*IRISES)) * (1 + 0.25 * ray + 0.35 * np.clip(1 - np.abs(r - 0.33) / 0.15, 0, 1))[..., None]
    )
    iris = iris * (1 - 0.65 * np.clip((r - 0.46) / 0.12, 0, 1))[..., None]
    iris = iris * np.clip((r - draw.uniform(0.17, 0.24)) / 0.03, 0.03, 1)[..., None]
    blend = np.clip((0.6 - r) / 0.05, 0, 1)[..., None]
    picture = np.clip(white * (1 - blend) + iris * blend, 0, 1)
    arc = np.linspace(0, np.pi, 30)
    ball = lathe([(EYE_RADIUS * np.sin(a), -EYE_RADIUS * np.cos(a)) for a in arc], crease=180, segments=40)
    ball = ball.turned("x", 90)
    uv = np.stack([0.5 - ball.vertices[:, 0] / (2 * EYE_RADIUS), 0.5 + ball.vertices[:, 1] / (2 * EYE_RADIUS)], 1)
    # A gaze a little inwards brings both irises to the middle of their lids.
    centre = heads.eye_centre(weights)
    left = replace(ball, uv=uv).turned("y", -4).moved(*centre)
    right = replace(ball, uv=uv).turned("y", 4).moved(-centre[0], centre[1], centre[2])
    wet = replace(prop((0.5,) * 3, 0.08, "eye"), texture=(picture * 255 + 0.5).astype(np.uint8), coat=1.0, specular=0.5)
    return Part(joined([left, right]), wet)


# --- hairs


def _hairs(paths: np.ndarray, half: np.ndarray) -> Mesh:
    """Ribbons along `paths` (N, n, 3), of half widths (N, n), flat to the camera (+z)."""
    count, steps = half.shape
    along = np.gradient(paths, axis=1)
    side = np.stack([-along[..., 1], along[..., 0], np.zeros((count, steps))], 2)
    side /= np.linalg.norm(side, axis=2, keepdims=True) + 1e-9
    points = np.stack([paths - side * half[..., None], paths + side * half[..., None]], 2).reshape(-1, 3)
    faces = (grid_faces(steps, 2)[None] + 2 * steps * np.arange(count)[:, None, None]).reshape(-1, 3)
    # Rounded: the normals lean to the sides of each ribbon.
    normals = np.stack([-side, side], 2).reshape(-1, 3) * 0.6 + [0, 0, 1.0]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Mesh(points, faces, normals, np.full((len(points), 2), 0.5))


def lashes(draw: Draw, shape: Head, closed: float, length: float, thick: float, lower: bool = True) -> Mesh:
    """Upper and lower lashes of the left eye; `length` of the longest and `thick`ness of one in cm."""
    paths, halves = [], []
    upper, under = heads.lids()
    rows = [(upper, draw.integer(55, 85), 1.0)] + ([(under, draw.integer(30, 45), -1.0)] if lower else [])
    s = np.linspace(0, 1, 8)
    for lid, count, up in rows:
        curve = CubicSpline(np.linspace(0, 1, len(lid)), shape.cage[lid])
        clump = draw.uniform(0.0, 0.5)
        for k in range(count):
            t = (k + draw.uniform(-0.3, 0.3)) / count * 0.92 + 0.06
            t = min(max(t, 0.0), 1.0)
            root = curve(t) + np.array([0, 0, 0.02])
            fan = 1.6 * (t - 0.42) + clump * 0.3 * np.sin(k * 1.3) + draw.normal(0.07)
            long = length * (0.45 + 0.55 * np.sin(np.pi * (0.12 + 0.72 * t))) * draw.uniform(0.75, 1.1)
            long *= 1.0 if up > 0 else 0.42
            rise = up if up < 0 else up * (1 - 1.7 * closed)
            path = root + long * (
                s[:, None] * np.array([0.55 * fan, 0.12 * rise, 0.55])
                + (s**2)[:, None] * np.array([0.35 * fan, 0.75 * rise, -0.12])
            )
            paths.append(path)
            halves.append(0.5 * thick * (1 - 0.85 * s**1.5))
    return _hairs(np.stack(paths), np.stack(halves))


def _brow_height(x: np.ndarray) -> np.ndarray:
    """A brow's full height at x on the plain face, as a share of its highest; 0 beyond its ends."""
    t = (x - BROW_X[0]) / (BROW_X[-1] - BROW_X[0])
    body = 0.55 + 0.45 * np.sin(np.pi * np.clip(0.2 + 0.85 * t, 0, 1))
    return np.where((t < 0) | (t > 1), 0.0, body * np.clip((1 - t) / 0.5, 0.1, 1))


def brow_zone(high: float) -> Zone:
    """Both brows, `high` cm where they are highest, soft at their inner ends."""
    middle = PchipInterpolator(BROW_X, BROW_Y)

    def zone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        side = np.clip(np.abs(x), BROW_X[0], BROW_X[-1])
        inside = 0.5 * high * _brow_height(np.abs(x)) - np.abs(y - middle(side))
        soft = 0.1 + 0.3 * np.clip(1.9 - np.abs(x), 0, 1)
        return np.clip(inside / soft + 0.5, 0, 1) * (np.abs(x) < BROW_X[-1]) * (np.abs(x) > BROW_X[0])

    return zone


def brow(draw: Draw, shape: Head, fill: float, high: float) -> Mesh:
    """The left brow's hairs on the skin, `high` cm where it is highest; `fill` in [0, 1] makes it dense."""
    used = np.zeros(len(shape.rest), bool)
    used[shape.mesh.faces] = True
    near = used & (np.abs(shape.rest[:, 0] - 3.2) < 3.5) & (np.abs(shape.rest[:, 1] - 2.2) < 1.8)
    near &= shape.rest[:, 2] > -1
    surface = LinearNDInterpolator(shape.rest[near, :2], shape.mesh.vertices[near])
    middle = PchipInterpolator(BROW_X, BROW_Y)
    count, steps = int(220 + 260 * fill), 7
    t = draw.rng.uniform(0, 1, count) ** 0.9
    x = BROW_X[0] + t * (BROW_X[-1] - BROW_X[0])
    across = draw.rng.uniform(-0.5, 0.35, count)
    y = middle(x) + across * high * _brow_height(x)
    # Hairs rise at the inner end, lie along the brow further out, and from above and below meet at its middle.
    angle = np.arctan(middle(x, 1)) + np.radians(60 * (1 - t) ** 1.7 - 30 * across + draw.rng.normal(0, 5, count))
    long = draw.rng.uniform(0.35, 0.7, count) * (1 - 0.35 * t)
    bent = angle[:, None] - 0.3 * np.linspace(0, 1, steps)
    path = np.stack([np.cos(bent), np.sin(bent)], 2).cumsum(1) * (long / steps)[:, None, None]
    points = surface(path + np.stack([x, y], 1)[:, None])
    points = points[np.isfinite(points).all((1, 2))] + np.array([0, 0, 0.02])
    half = draw.uniform(0.011, 0.016) * (1 - 0.85 * np.linspace(0, 1, steps) ** 1.5)
    return _hairs(points, np.broadcast_to(half, points.shape[:2]))


def mirrored(mesh: Mesh) -> Mesh:
    """The same on the other side of the face."""
    return carried(mesh, np.diag([-1.0, 1.0, 1.0]))


def hair_material(draw: Draw) -> Material:
    """Hair of a natural colour; the texture's columns are its strands."""
    base = np.array(draw.choice(*HAIRS))
    strands = gaussian_filter(draw.rng.standard_normal((1, 224)), (0, 0.6))
    texture = np.clip(base * (1 + 0.35 * strands[..., None]), 0, 1) * np.ones((8, 1, 1))
    return replace(prop((0.5,) * 3, 0.42, "hair"), texture=(texture * 255 + 0.5).astype(np.uint8), region=BACKGROUND)
