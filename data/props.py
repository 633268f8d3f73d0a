"""What stylists put round a product: flowers, leaves, fabric, stones, podiums, glass, fruit, hearts, cartons."""

from __future__ import annotations

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.glassware import clear_glass, vessel
from data.label import printed
from data.material import PASTELS, STRONG, Material, package, prop
from data.mesh import Mesh, box, cylinder, joined, lathe, sheet, smooth_normals
from data.product import Part

KINDS = {"podiums": 1.6, "stones": 1.2, "petals": 1.2, "flowers": 1.5, "leaves": 1.2, "blocks": 0.8, "glassware": 1.0,
         "balls": 0.6, "beans": 0.6, "fruit": 0.8, "hearts": 0.5, "ribbon": 0.5, "ice": 0.4, "drops": 0.5,
         "carton": 1.3, "arch": 0.6, "fabric": 0.8}  # fmt: skip
PETALS = ((0.95, 0.72, 0.76), (0.97, 0.94, 0.9), (0.8, 0.2, 0.32), (0.96, 0.82, 0.6), (0.8, 0.7, 0.9))
LAID = ("petals", "flowers", "leaves", "beans", "ribbon", "fruit", "stones", "fabric", "drops", "hearts", "ice")


def company(draw: Draw, span: float, height: float, flat: bool, kind: str | None = None) -> list[Part]:
    """Things of one kind beside and behind a product of `span` x `height`; `flat` for pictures from above."""
    kind = kind or draw.weighted({k: w for k, w in KINDS.items() if k in LAID or not flat})
    size = 0.5 * height + 0.5 * min(span, height)
    colour = _colour(draw)
    surface = prop(colour, draw.uniform(0.3, 0.9))
    reach = 0.5 * max(span, 0.3 * height)
    if kind == "glassware":
        places = _places(draw, draw.integer(2, 5), reach, 0.4 * size, flat)
        return [Part(joined([vessel(draw, size).moved(*at) for at in places]), clear_glass(draw))]
    if kind == "carton":
        tall = height * draw.uniform(0.95, 1.15)
        carton = box(max(0.5, min(span, 0.6 * tall)), tall, draw.uniform(0.4, 0.7), 0.008).turned("y", draw.normal(12))
        shift = draw.sign() * (span / 2 + 0.6 * min(span, tall))
        return [Part(carton.moved(shift, 0, -draw.uniform(0.3, 0.8)), printed(draw, package(draw), often=1))]
    if kind == "arch":
        return [arch(draw, span, height, surface)]
    if kind == "fabric":
        return [_fabric(draw, span, height, colour)]
    if kind == "hearts" and not flat:
        heart = _heart(size * draw.uniform(0.4, 0.8), 0.1 * size)
        meshes = [
            heart.moved(x, y + size * draw.uniform(0.1, 0.6), min(z, -0.8 * size))
            for x, y, z in _places(draw, draw.integer(1, 3), reach, 0.6 * size, flat)
        ]
        red = (0.85, 0.1, 0.18) if draw.chance(0.4) else (0.96, 0.66, 0.72)
        return [Part(joined(meshes), prop(np.array(red), 0.6))]
    counts = {"podiums": (1, 3), "petals": (5, 14), "flowers": (1, 4), "leaves": (2, 6), "beans": (30, 70)} | {
        "drops": (6, 20)
    }
    low, high = counts.get(kind, (2, 5))
    spread = {"podiums": 0.5, "beans": 0.15, "petals": 0.2, "drops": 0.1}.get(kind, 0.35) * size
    meshes = []
    for x, y, z in _places(draw, draw.integer(low, high), reach, spread, flat):
        meshes.append(_piece(draw, kind, size).turned("y", draw.uniform(0, 360)).moved(x, y, z))
    parts = [Part(joined(meshes), _skin_of(draw, kind, surface))]
    if kind == "flowers":
        centres = [(m.low + m.high) / 2 for m in meshes]
        hearts = [pebble(draw, 0.05 * size, 0.6).moved(c[0], 0.06 * size, c[2]) for c in centres]
        parts.append(Part(joined(hearts), prop((0.9, 0.72, 0.3))))
    return parts


def _places(draw: Draw, count: int, reach: float, size: float, flat: bool) -> list[tuple[float, float, float]]:
    """Spots on the table beside and behind what fills +-`reach`, seldom in front of it."""
    places = []
    for _ in range(count):
        x = draw.sign() * (reach + size + abs(draw.normal(0.8 * reach + 0.5 * size)))
        z = draw.normal(1.2 * (reach + size)) if flat else -abs(draw.normal(1.0 * (reach + size)))
        if not flat and draw.chance(0.25):
            z = 0.4 * (reach + size)
        places.append((x, 0.0, z))
    return places


def _colour(draw: Draw) -> np.ndarray:
    if draw.chance(0.35):
        return np.full(3, draw.uniform(0.7, 0.97))
    return np.array(draw.choice(*(PASTELS if draw.chance(0.8) else STRONG).values()))


def _skin_of(draw: Draw, kind: str, surface: Material) -> Material:
    """The material that a thing of this kind is made of."""
    if kind in ("petals", "flowers"):
        return prop(np.array(draw.choice(*PETALS)) * draw.uniform(0.85, 1.0), 0.7)
    if kind == "leaves":
        colour = np.array(draw.choice((0.22, 0.42, 0.18), (0.45, 0.55, 0.36), (0.75, 0.62, 0.42)))
        return prop(colour * draw.uniform(0.7, 1.2), 0.4)
    if kind == "beans":
        return prop(np.array([0.2, 0.11, 0.06]) * draw.uniform(0.7, 1.3), 0.35)
    if kind == "fruit":
        return prop(draw.choice((0.98, 0.62, 0.13), (0.97, 0.85, 0.25), (0.72, 0.85, 0.3), (0.95, 0.4, 0.33)), 0.35)
    if kind == "stones":
        return prop(np.full(3, draw.uniform(0.2, 0.85)) + draw.rng.normal(0, 0.02, 3), 0.8)
    if kind in ("ice", "drops"):
        return Material(np.full((2, 2, 3), 235, np.uint8), clear=True, region=BACKGROUND)
    return surface


def _piece(draw: Draw, kind: str, size: float) -> Mesh:
    """One thing of the kind, standing or lying on y = 0 at the origin."""
    if kind == "podiums":
        section = draw.choice("round", "round", "square")
        return cylinder(size * draw.uniform(0.25, 0.55), size * draw.uniform(0.15, 0.9), section, 0.02)
    if kind == "stones":
        return pebble(draw, size * draw.uniform(0.1, 0.35), draw.uniform(0.4, 0.8))
    if kind == "petals":
        return leaf(draw, size * draw.uniform(0.12, 0.25), draw.uniform(0.55, 0.8), draw.uniform(0.15, 0.5))
    if kind == "flowers":
        count, radius = draw.integer(5, 8), size * draw.uniform(0.16, 0.35)
        rings = [(radius, 18.0)] + ([(0.65 * radius, 40.0)] if draw.chance(0.7) else [])
        petals = []
        for reach, lift in rings:
            for k in range(count):
                petal = leaf(draw, reach, draw.uniform(0.6, 0.8), 0.3).moved(x=0.55 * reach)
                petals.append(petal.turned("z", lift).turned("y", 360 * k / count + lift + draw.normal(4)))
        flower = joined(petals)
        return flower.moved(y=-flower.low[1] + 0.01)
    if kind == "leaves":
        return leaf(draw, size * draw.uniform(0.3, 0.6), draw.uniform(0.28, 0.45), draw.uniform(-0.2, 0.3))
    if kind == "beans":
        return pebble(draw, size * draw.uniform(0.03, 0.045), 0.6)
    if kind == "fruit":
        radius = size * draw.uniform(0.18, 0.32)
        disc = cylinder(radius, 0.12 * radius, "round", 0.02 * radius)
        return disc if draw.chance(0.6) else disc.turned("x", 80).moved(y=radius)
    if kind == "balls":
        return ball(size * draw.uniform(0.08, 0.3))
    if kind == "hearts":
        flat = _heart(size * draw.uniform(0.15, 0.3), 0.05 * size).turned("x", -90)
        return flat.moved(y=-flat.low[1])
    if kind == "ribbon":
        return _ribbon(draw, size * draw.uniform(0.9, 1.6), size * draw.uniform(0.06, 0.14))
    if kind == "ice":
        side = size * draw.uniform(0.15, 0.3)
        return box(side, side * draw.uniform(0.8, 1.0), side, 0.1 * side)
    if kind == "drops":
        return pebble(draw, size * draw.uniform(0.02, 0.07), draw.uniform(0.35, 0.5))
    width = size * draw.uniform(0.2, 0.6)
    return box(width, size * draw.uniform(0.1, 0.7), width, 0.015)


def ball(radius: float) -> Mesh:
    """A ball that lies on y = 0."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 18)
    mesh = lathe([(radius * np.cos(a), radius * (1 + np.sin(a))) for a in angle], crease=180, segments=32)
    return mesh


def pebble(draw: Draw, radius: float, flat: float) -> Mesh:
    """A smooth stone: a ball, flattened and bent out of round."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 9)
    ball = lathe([(np.cos(a), np.sin(a)) for a in angle], crease=180, segments=18)
    scale = radius * np.array([draw.uniform(0.8, 1.3), flat, draw.uniform(0.8, 1.3)])
    bent = ball.vertices * (1 + 0.12 * np.sin(ball.vertices @ draw.rng.normal(0, 1.6, 3) + draw.uniform(0, 6)))[:, None]
    vertices = bent * scale
    vertices[:, 1] -= vertices[:, 1].min()
    return Mesh(vertices, ball.faces, smooth_normals(vertices, ball.faces), ball.uv)


def leaf(draw: Draw, length: float, width: float, cup: float) -> Mesh:
    """A petal or leaf that lies along x: pointed ends, cupped across, its tip lifted."""
    s, t = np.meshgrid(np.linspace(0, 1, 14), np.linspace(-1, 1, 9), indexing="ij")
    half = 0.5 * width * np.sin(np.pi * s ** draw.uniform(0.6, 1.1)) ** draw.uniform(0.6, 0.9)
    lift = cup * (t**2 * half + 0.35 * (s - 0.3) ** 2) + 0.02 * np.sin(9 * s + 3 * t)
    points = length * np.stack([s - 0.5, lift + 0.03, t * half], 2)
    return sheet(points)


def _heart(size: float, thick: float) -> Mesh:
    """A paper heart that stands upright and faces the camera."""
    t = np.linspace(0, 2 * np.pi, 60)
    outline = np.stack([16 * np.sin(t) ** 3, 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)], 1)
    rings = np.array([[0.0, 1.0], [0.6, 1.0], [0.93, 0.9], [1.0, 0.5], [1.0, 0.0]])
    points = np.zeros((len(rings), len(t), 3))
    points[..., :2] = rings[:, 0, None, None] * outline[None] * size / 32
    points[..., 2] = rings[:, 1, None] * thick
    flat = sheet(points)
    outward = flat.normals * np.sign((flat.normals[:, 2:3]).mean() + 1e-9)
    return Mesh(flat.vertices, flat.faces, outward, flat.uv)


def _ribbon(draw: Draw, length: float, width: float) -> Mesh:
    """A satin ribbon that waves over the table on its edge."""
    s = np.linspace(0, 1, 60)
    waves, phase = draw.uniform(1, 3), draw.uniform(0, 6)
    points = np.zeros((60, 2, 3))
    points[..., 0] = (s - 0.5)[:, None] * length
    points[..., 2] = (0.15 * length * np.sin(2 * np.pi * waves * s + phase))[:, None] + [-0.35 * width, 0.35 * width]
    points[:, 1, 1] = width * (0.3 + 0.3 * np.sin(2 * np.pi * waves * 0.7 * s))
    points[..., 1] += 0.01
    return sheet(points)


def _fabric(draw: Draw, span: float, height: float, colour: np.ndarray) -> Part:
    """Satin thrown down behind or beside the product, in folds."""
    wide = max(span, height) * draw.uniform(1.5, 3)
    x, z = np.meshgrid(np.linspace(-0.5, 0.5, 70), np.linspace(-0.5, 0.5, 40))
    angle, rise = draw.uniform(-0.6, 0.6), 0.06 * height
    phase = draw.uniform(8, 18) * (x * np.cos(angle) + z * np.sin(angle)) + 2 * np.sin(5 * z + draw.uniform(0, 6))
    y = rise * (1 + np.sin(phase + 1.5 * np.sin(7 * x + draw.uniform(0, 6)))) * draw.uniform(0.6, 1.2)
    edge = np.clip((0.5 - np.maximum(np.abs(x), np.abs(z))) * 12, 0, 1)
    points = np.stack([x * wide, y * edge + 0.01, z * 0.6 * wide], 2)
    shift = draw.sign() * (span / 2 + 0.4 * wide)
    back = -0.5 * (span / 2 + 0.6 * wide) * draw.uniform(0.6, 1.2)
    cloth = sheet(points).turned("y", draw.normal(15)).moved(shift, 0, back)
    return Part(cloth, prop(colour, draw.uniform(0.25, 0.6)))


def arch(draw: Draw, span: float, height: float, surface: Material) -> Part:
    """A round-headed arch, a ring or a disc that stands behind the product."""
    radius = max(span, height) * draw.uniform(0.55, 0.9)
    back = -max(0.5 * span, 0.6) - 0.4 * radius
    kind = draw.choice("arch", "ring", "disc")
    if kind == "disc":
        disc = cylinder(radius, 0.1, "round", 0.02).turned("x", 90)
        return Part(disc.moved(draw.normal(0.3 * radius), -disc.low[1], back), surface)
    turn = np.linspace(0, np.pi if kind == "arch" else 2 * np.pi, 40)
    path = np.stack([np.cos(turn), np.sin(turn)], 1) * radius
    if kind == "arch":
        leg = 0.5 * height
        path = np.concatenate([[[radius, -leg]], path, [[-radius, -leg]]])
    thick = radius * (draw.uniform(0.02, 0.04) if kind == "ring" else draw.uniform(0.12, 0.3))
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    outward = path / np.linalg.norm(path, axis=1, keepdims=True)
    points = np.zeros((len(path), 5, 3))
    points[..., :2] = path[:, None] + outward[:, None] * thick * square[None, :, :1]
    points[..., 2] = thick * square[None, :, 1]
    flat = [sheet(points[:, k : k + 2]) for k in range(4)]
    mesh = joined(flat)
    return Part(mesh.moved(draw.normal(0.2 * radius), -mesh.low[1], back), surface)
