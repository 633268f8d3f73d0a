"""A quiet set built for one product: podiums and stones under it, walls, discs and balls behind, shadows of leaves."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import Material, prop
from data.mesh import Mesh, box, cylinder, joined
from data.product import Part
from data.props import arch, ball, leaf, pebble

TONES = {"same": 4.0, "white": 2.0, "lighter": 1.5, "darker": 1.5}  # of the things, held against the ground


def still_life(draw: Draw, low: np.ndarray, high: np.ndarray, ground: Material) -> tuple[list[Part], float]:
    """Things about a product whose bounds (3,) are given, and how high it has to be lifted onto them."""
    span, height, depth = (float(v) for v in high - low)
    size = max(height, 0.7 * span, 0.7 * depth)
    colour = _tone(draw, ground.colour)
    stuff = prop(colour, draw.uniform(0.4, 0.9))
    foot = draw.weighted({"none": 3, "podium": 4, "steps": 2, "slab": 1.2, "stone": 1})
    meshes, lift = _foot(draw, foot, span, depth, size)
    middle = (low[0] + high[0]) / 2, (low[2] + high[2]) / 2
    parts = [Part(joined(meshes).moved(middle[0], 0, middle[1]), stuff)] if meshes else []
    behind = draw.weighted({"none": 4, "disc": 1.5, "arch": 1.5, "panels": 2})
    if behind in ("disc", "arch"):
        parts.append(arch(draw, 1.2 * span, height + lift, prop(_tone(draw, ground.colour), 0.8)))
    elif behind == "panels":
        parts.append(Part(_panels(draw, span, size, float(low[2])), prop(_tone(draw, ground.colour), 0.8)))
    beside = draw.weighted({"none": 3, "balls": 1.5, "stones": 1.5, "blocks": 1.5, "leaves": 1.2})
    if beside != "none":
        parts.append(_beside(draw, beside, span, size, colour))
    return parts, lift


def _tone(draw: Draw, ground: np.ndarray) -> np.ndarray:
    kind = draw.weighted(TONES)
    if kind == "white":
        return np.full(3, draw.uniform(0.85, 0.97))
    gain = {"same": 1.0, "lighter": draw.uniform(1.1, 1.3), "darker": draw.uniform(0.6, 0.85)}[kind]
    return np.clip(ground * gain, 0.03, 0.97)


def _foot(draw: Draw, kind: str, span: float, depth: float, size: float) -> tuple[list[Mesh], float]:
    """What carries the product, at the origin, and its height."""
    wide, deep = 0.5 * span, 0.5 * depth
    if kind == "none":
        return [], 0.0
    if kind == "stone":
        tall, reach = size * draw.uniform(0.15, 0.35), float(np.hypot(wide, deep)) * draw.uniform(1.15, 1.6)
        stone = pebble(draw, 1.0, 0.6)
        wanted = np.array([reach * 1.2, tall, reach * 1.2]) / (0.5 * np.array([*np.ptp(stone.vertices, axis=0)]))
        points = stone.vertices * wanted * [1, 0.5, 1]
        flattened = np.minimum(points[:, 1], 0.88 * tall)  # a flat top to stand on
        points[:, 1] = flattened
        return [Mesh(points, stone.faces, stone.normals, stone.uv)], 0.88 * tall
    tall = size * (draw.uniform(0.04, 0.1) if kind == "slab" else draw.uniform(0.12, 0.5))
    spread = draw.uniform(1.15, 1.9)
    if draw.chance(0.6):
        main = cylinder(float(np.hypot(wide, deep)) * spread, tall, "round", 0.02)
    else:
        main = box(span * spread, tall, max(depth, 0.6 * span) * spread, 0.015)
    meshes = [main]
    if kind == "steps":
        for _ in range(draw.integer(1, 2)):
            other = size * draw.uniform(0.2, 0.4)
            high = tall * draw.uniform(0.4, 2.2)
            block = cylinder(other, high, "round", 0.02) if draw.chance(0.6) else box(1.6 * other, high, other, 0.015)
            side = draw.sign() * (abs(main.high[0]) + other * draw.uniform(0.5, 1.3))
            meshes.append(block.moved(side, 0, -size * draw.uniform(0.1, 0.6)))
    return meshes, tall


def _panels(draw: Draw, span: float, size: float, back: float) -> Mesh:
    """One to three upright boards behind the product, that overlap."""
    boards = []
    for k in range(draw.integer(1, 3)):
        board = box(size * draw.uniform(0.8, 2.2), size * draw.uniform(0.7, 2.2), 0.05 * size, 0.01)
        place = draw.normal(0.7 * size + 0.4 * span)
        boards.append(board.moved(place, 0, back - size * (0.25 + 0.2 * k) - draw.uniform(0, 0.2)))
    return joined(boards)


def _beside(draw: Draw, kind: str, span: float, size: float, colour: np.ndarray) -> Part:
    """Some balls, stones, blocks or leaves left and right of the product, none before it."""
    meshes = []
    for _ in range(draw.integer(1, 4)):
        reach = size * draw.uniform(0.08, 0.3)
        if kind == "balls":
            mesh = ball(reach)
        elif kind == "stones":
            mesh = pebble(draw, reach, draw.uniform(0.4, 0.8))
        elif kind == "blocks":
            mesh = box(2 * reach, size * draw.uniform(0.1, 0.6), 2 * reach, 0.015)
        else:
            mesh = leaf(draw, size * draw.uniform(0.5, 1.0), draw.uniform(0.25, 0.45), draw.uniform(-0.2, 0.3))
        x = draw.sign() * (0.6 * span + reach + size * draw.uniform(0.1, 0.9))
        meshes.append(mesh.turned("y", draw.uniform(0, 360)).moved(x, 0, size * draw.uniform(-0.9, 0.3)))
    if kind == "stones":
        colour = np.full(3, draw.uniform(0.2, 0.85)) + draw.rng.normal(0, 0.02, 3)
    elif kind == "leaves":
        colour = np.array(draw.choice((0.22, 0.42, 0.18), (0.45, 0.55, 0.36), (0.8, 0.72, 0.55))) * draw.uniform(
            0.7, 1.2
        )
    return Part(joined(meshes), prop(colour, draw.uniform(0.35, 0.8)))


def shading(
    draw: Draw, sun: np.ndarray, subject: np.ndarray, origin: np.ndarray, target: np.ndarray, fov: float
) -> Part | None:
    """Leaves, slats or a window's frame between the `sun` (the direction (3,) of its light) and the subject (N, 3).

    They stay out of the picture of the camera at `origin`, which looks at `target` with `fov` degrees. None if all of
    them would be in it.
    """
    low, high = subject.min(0), subject.max(0)
    middle, size = (low + high) / 2, float(max(high - low))
    centre = middle - sun * size * draw.uniform(3.0, 5.0)
    meshes = []
    kind = draw.weighted({"leaves": 5, "palm": 2, "blind": 2, "window": 2.5})
    if kind == "window":  # the sun comes through its panes alone
        wide, tall, bar = size * draw.uniform(0.7, 1.3), size * draw.uniform(0.9, 1.6), size * draw.uniform(0.06, 0.16)
        for side in (-1, 1):
            low = tall if side > 0 else -tall - 2.4 * size
            meshes.append(box(5 * size, 2.4 * size, 0.01 * size, 0.001).moved(y=low))
            meshes.append(box(2.4 * size, 2 * tall, 0.01 * size, 0.001).moved(x=side * (wide + 1.2 * size), y=-tall))
        meshes.append(box(bar, 2 * tall, 0.01 * size, 0.001).moved(y=-tall))
        meshes += [box(2 * wide, bar, 0.01 * size, 0.001).moved(y=tall * draw.uniform(-0.3, 0.4))]
    elif kind == "palm":  # long narrow fingers that spread from one stalk
        branch = draw.uniform(0, 360)
        for k in range(draw.integer(11, 17)):
            one = leaf(draw, size * draw.uniform(1.6, 2.4), draw.uniform(0.06, 0.11), 0.05).moved(x=size)
            meshes.append(one.turned("y", 14 * (k - 7) + draw.normal(2)).turned("x", 90).turned("z", branch))
    elif kind == "leaves":
        branch = draw.uniform(0, 360)
        for k in range(draw.integer(9, 16)):
            one = leaf(draw, size * draw.uniform(0.6, 1.1), draw.uniform(0.12, 0.35), 0.1)
            side = 1 if k % 2 else -1
            one = one.turned("y", side * draw.uniform(30, 65)).moved(0.22 * size * (k - 6), 0, side * 0.25 * size)
            meshes.append(one.turned("x", 90).turned("z", branch))
    else:
        pitch = size * draw.uniform(0.3, 0.5)
        for k in range(-5, 6):
            meshes.append(box(7 * size, 0.5 * pitch, 0.01 * size, 0.001).moved(y=k * pitch))
    yaw = float(np.degrees(np.arctan2(-sun[0], -sun[2])))
    shift = draw.rng.normal(0, 0.35, 2) * size
    meshes = [m.turned("y", yaw).moved(centre[0] + shift[0], centre[1] + shift[1], centre[2]) for m in meshes]
    forward = (target - origin) / np.linalg.norm(target - origin)
    cosine = float(np.cos(np.radians(min(0.75 * fov + 1, 80))))  # the picture's corner lies further out than its side
    kept = []
    for mesh in meshes:
        to = mesh.vertices - origin
        if float((to @ forward / np.linalg.norm(to, axis=1)).max()) < cosine:
            kept.append(mesh)
    return Part(joined(kept), prop((0.3, 0.4, 0.25), 0.6)) if kept else None
